"""Excel workbooks, written row by row: in bounded memory, and the same bytes for the same rows.

openpyxl stamps the time on each part, so that no two files are the same; so the few parts that a
plain workbook consists of are written here (ECMA-376, part 1, sections 12.3 and 18.3). Texts are
inline strings, which no program takes for a formula, in cells of the format "text".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from storage.exporting.cells import Beside, fits, plain, shown
from storage.exporting.columns import Column
from storage.exporting.packing import member
from storage.exporting.rows import Row
from storage.formulas import literal, neutralise

if TYPE_CHECKING:
    from storage.exporting.writers import About, Sink

MOST_ROWS = 1_048_575
"""Rows of data on one sheet, below its header; the others stand on further sheets."""
_PIECE = 16_000
_TEXT, _QUOTED, _BOLD = 1, 2, 3
"""Formats of cells, as in _STYLES. Quoted: still a text when somebody edits the cell."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
    "</borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" '
    'applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" '
    'applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" '
    'xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_WIDE = frozenset({"headline", "url", "text", "before", "after", "why"})


class XlsxFile:
    """A workbook: the rows, what they are, what their columns mean, and texts beyond a cell."""

    def __init__(
        self,
        sink: Sink,
        title: str,
        columns: Sequence[Column],
        fitting: tuple[Callable[[Row], Row], Beside],
    ) -> None:
        self._zip = ZipFile(sink, mode="w", compression=ZIP_DEFLATED, compresslevel=6)
        self._title, self._columns = title, columns
        self._fitting, self._beside = fitting
        self._titles: list[str] = []
        self._sheet = self._next_sheet()

    def write(self, row: Row) -> None:
        """Write one row; a sheet that is full is followed by another one."""
        if self._sheet.rows > MOST_ROWS:
            self._sheet.end()
            self._sheet = self._next_sheet()
        cells = self._fitting(row)
        self._sheet.row([plain(cells[one.name]) for one in self._columns])

    def finish(self, about: About) -> None:
        """Write the sheets about the rows, and the parts that tie all of them together."""
        self._sheet.end()
        self._add("about", ("what", "said"), _lines(about))
        meanings = ([one.name, one.type, one.unit, one.en, one.fr, one.ar] for one in self._columns)
        self._add("columns", ("column", "type", "unit", "en", "fr", "ar"), meanings)
        if self._beside.number:
            self._add("texts", ("row", "column", "part", "text_as_json"), _pieces(self._beside))
        for name, content in _parts(self._titles).items():
            self._zip.writestr(member(name), content)
        self._zip.close()

    def _next_sheet(self) -> _Sheet:
        number = len(self._titles)
        title = self._title if number == 0 else f"{self._title} {number + 1}"
        widths = [44 if one.name in _WIDE else 16 for one in self._columns]
        return self._open(title, [one.name for one in self._columns], widths)

    def _open(self, title: str, names: Sequence[str], widths: Sequence[int]) -> _Sheet:
        self._titles.append(title)
        info = member(f"xl/worksheets/sheet{len(self._titles)}.xml")
        return _Sheet(self._zip.open(info, "w"), names, widths)

    def _add(self, title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        sheet = self._open(title, names, [30, *[44] * (len(names) - 1)])
        for row in rows:
            sheet.row([shown(one) if isinstance(one, str) and not fits(one) else one
                       for one in row])  # fmt: skip
        sheet.end()


class _Sheet:
    """One sheet; its header stays in view and has filters."""

    def __init__(self, file: Any, names: Sequence[str], widths: Sequence[int]) -> None:
        self._file, self.rows = file, 0
        self._letters = [_letters(number) for number in range(1, len(names) + 1)]
        cols = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(widths, start=1)
        )
        self._put(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            f"</sheetView></sheetViews><cols>{cols}</cols><sheetData>"
        )
        self.row(names, bold=True)

    def row(self, values: Sequence[object], *, bold: bool = False) -> None:
        """Write the next row; what is not known or empty is no cell."""
        self.rows += 1
        cells = [
            _cell(f"{letter}{self.rows}", value, bold=bold)
            for letter, value in zip(self._letters, values, strict=True)
            if value is not None and value != ""
        ]
        self._put(f'<row r="{self.rows}">{"".join(cells)}</row>')

    def end(self) -> None:
        """Write the end of the sheet."""
        self._put(f'</sheetData><autoFilter ref="A1:{self._letters[-1]}{self.rows}"/></worksheet>')
        self._file.close()

    def _put(self, piece: str) -> None:
        self._file.write(piece.encode())


def _cell(place: str, value: object, *, bold: bool = False) -> str:
    if not isinstance(value, str):
        return f'<c r="{place}"><v>{value}</v></c>'
    form = _BOLD if bold else _TEXT if neutralise(value) == value else _QUOTED
    text = literal(value).replace("\r", "_x000D_")
    return (
        f'<c r="{place}" s="{form}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(text)}</t></is></c>"
    )


def _letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _lines(about: About) -> Iterator[Sequence[object]]:
    """What a file is, a line for each piece; lists of texts a line for each text."""
    for name, said in about.items():
        several = said if isinstance(said, list | tuple) else [said]
        for one in several:
            yield (
                name,
                one
                if isinstance(one, str | int | float)
                else json.dumps(one, ensure_ascii=False, sort_keys=True, default=str),
            )


def _pieces(beside: Beside) -> Iterator[Sequence[object]]:
    """The texts that did not fit, in pieces of JSON that do."""
    for line in beside.lines():
        kept = json.loads(line)
        text = json.dumps(kept["text"], ensure_ascii=False)
        text = "".join(one if fits(one) else f"\\u{ord(one):04x}" for one in text)
        for number, start in enumerate(range(0, len(text), _PIECE), start=1):
            yield kept["row"], kept["column"], number, text[start : start + _PIECE]


def _parts(titles: Sequence[str]) -> dict[str, str]:
    """The parts of a workbook that are no sheets."""
    numbers = range(1, len(titles) + 1)
    sheets = "".join(
        f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, title in zip(numbers, titles, strict=True)
    )
    links = "".join(_link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    types = "".join(_content(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers)
    links += _link(f"rId{len(titles) + 1}", "styles", "styles.xml")
    book = _content("/xl/workbook.xml", "sheet.main") + _content("/xl/styles.xml", "styles")
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{book}{types}</Types>',
        "_rels/.rels": _links(_link("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(links),
        "xl/styles.xml": _STYLES,
    }


def _links(links: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _content(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_SHEET_TYPE}.{kind}+xml"/>'
