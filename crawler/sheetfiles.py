"""Spreadsheets as people save them: the rows of cells of CSV and Excel files.

Nothing in a file is believed: it has limits of size, nothing outside of it is fetched, and what a
spreadsheet would work out or has turned into something else (a formula, a date) is told, cell
by cell, and never taken for text.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.formulas import neutralise, restore

if TYPE_CHECKING:  # half a second to import, and CSV files need none of it
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 20_000_000
MAX_UNPACKED = 100_000_000
"""Bytes of an Excel file once it is unpacked: a few kilobytes can hold gigabytes."""
MAX_ROWS = 50_000
MAX_COLUMNS = 200

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what an .xlsx with a password looks like
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # how Excel files write characters that XML has not
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_AS_TEXT = "set the cell's format to Text and type it again"


class SheetUnreadable(Exception):
    """A file that cannot be read as a spreadsheet; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell. `wrong` says why it cannot be taken as it is, "" if it can.

    A cell of the kind `boolean` was typed TRUE or FALSE (or VRAI, or صواب) and is so in the file.
    """

    text: str = ""
    wrong: str = ""
    boolean: bool = False


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, the first of the file first, empty ones too; `name` is for places."""

    name: str
    rows: list[list[Cell]]


def place_of(sheet: str, row: int, column: int) -> str:
    """The name of a cell, counted from 0, as a spreadsheet shows it.

    >>> place_of("actors", 6, 27)
    'actors!AB7'
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{sheet}!{letters}{row + 1}"


def read_sheet(path: Path, title: str) -> Sheet:
    """The rows of a CSV file, or of the sheet `title` of an Excel file. Raises SheetUnreadable.

    Where no sheet has the title, it is the first one with anything in it.
    """
    raw = _bytes_of(path)
    if raw.startswith(b"PK"):
        return _excel(raw, title)
    if raw.startswith(_OLD_EXCEL):
        raise SheetUnreadable(
            f"{path.name} is an old Excel file, or has a password; save it as .xlsx without one"
        )
    if path.suffix.lower() == ".xlsx":
        raise SheetUnreadable(f"{path.name} is no Excel file, whatever its name says")
    return Sheet(path.name, _limited(path.name, _csv_rows(path.name, _decoded(path.name, raw))))


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SheetUnreadable(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as wrong:
        raise SheetUnreadable(f"{path} cannot be read: {wrong.strerror}") from None


def _decoded(name: str, raw: bytes) -> str:
    """The text of a CSV file: UTF-8, or the UTF-16 that Excel calls Unicode text."""
    code = "utf-8-sig"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        code = "utf-16"
    elif b"\0" in raw[:2]:  # the first letter is plain, so its other byte is zero
        code = "utf-16-be" if raw[:1] == b"\0" else "utf-16-le"
    try:
        text = raw.decode(code)
    except UnicodeDecodeError:
        raise SheetUnreadable(
            f"{name} is not UTF-8 text (perhaps Windows-1256 or Windows-1252, which lose letters); "
            'save it from Excel as "CSV UTF-8", or better as .xlsx'
        ) from None
    if "\0" in text:
        raise SheetUnreadable(f"{name} holds NUL characters: it is no CSV file")
    return text.removeprefix("\ufeff")


def _csv_rows(name: str, text: str) -> Iterator[list[Cell]]:
    said = _SEPARATOR_LINE.match(text)  # Excel's own way to name the separator
    if said:
        text = text[said.end() :]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=said[1] if said else _separator(text), strict=True
    )
    try:
        for cells in reader:
            yield [_from_csv(cell) for cell in cells]
    except csv.Error as wrong:
        raise SheetUnreadable(
            f"{name} is no sound CSV file: line {reader.line_num}: {wrong}"
        ) from None


def _separator(text: str) -> str:
    """Comma, semicolon or tab: the one that cuts the first line with text into most cells."""
    first = next((line for line in text.splitlines() if line.strip(",;\t ")), "")
    return max(",;\t", key=first.count)


def _from_csv(cell: str) -> Cell:
    if cell.lstrip()[:1] in ("=", "＝"):
        return Cell(cell, _formula(cell))
    return Cell(restored(cell))


def restored(cell: str) -> str:
    """The text that `neutralise` made this cell of; any other cell as it stands.

    >>> restored("'=1+1"), restored("''Ali'"), restored("'Ali'")
    ('=1+1', "'Ali'", "'Ali'")
    """
    plain = restore(cell)
    return plain if neutralise(plain) == cell else cell


def _formula(cell: str) -> str:
    return f"holds a formula ({cell[:40]}); for a text that begins so, put an apostrophe before it"


def _limited(name: str, rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """The rows in a list; raises SheetUnreadable where there are more than anybody typed."""
    found = list(islice(rows, MAX_ROWS + 1))
    if len(found) > MAX_ROWS:
        raise SheetUnreadable(f"{name} has more than {MAX_ROWS:,} rows")
    if any(_used(row) > MAX_COLUMNS for row in found):
        raise SheetUnreadable(f"{name} has more than {MAX_COLUMNS} columns")
    return found


def _used(row: Sequence[Cell]) -> int:
    """How many cells of a row there are up to the last that holds anything."""
    return next((number for number in range(len(row), 0, -1) if row[number - 1].text), 0)


def _excel(raw: bytes, title: str) -> Sheet:
    _refuse_bomb(raw)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        chosen = _chosen(book, title)
        rows = list(islice(_excel_rows(chosen), MAX_ROWS + 1))
    except Exception as wrong:
        # openpyxl has no error of its own for a damaged file: anything may come out of it.
        raise SheetUnreadable(
            f"the Excel file cannot be read ({type(wrong).__name__}); open it and save it anew"
        ) from wrong
    return Sheet(chosen.title, _limited(chosen.title, rows))


def _refuse_bomb(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise SheetUnreadable("the Excel file is damaged; open it and save it anew") from None
    if size > MAX_UNPACKED:
        raise SheetUnreadable(f"the Excel file unpacks to more than {MAX_UNPACKED // 1_000_000} MB")


def _chosen(book: Workbook, title: str) -> Worksheet:
    sheets = book.worksheets
    by_title = [sheet for sheet in sheets if sheet.title.strip().lower() == title]
    filled = (sheet for sheet in sheets if any(map(_used, islice(_excel_rows(sheet), 20))))
    return (by_title or [next(filled, sheets[0])])[0]


def _excel_rows(sheet: Any) -> Iterator[list[Cell]]:
    """Rows of cells; what the file says of its own size is not believed."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS + 1):
        cells = [_from_excel(cell) for cell in row]
        yield cells[: _used(cells)]


def _from_excel(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f" or not isinstance(value, str | bool | int | float | date | time):
        return Cell(str(value), _formula(str(getattr(value, "text", value))))
    if cell.data_type == "e":
        return Cell(str(value), f"holds the error {value}; {_AS_TEXT}")
    if isinstance(value, bool):
        return Cell(str(value).upper(), boolean=True)
    if isinstance(value, str):
        return Cell(restored(_ESCAPE.sub(_unescaped, value)))
    if isinstance(value, int | float):
        return Cell(f"{value:.15g}")
    return Cell(str(value), f"was made a date by the spreadsheet ({value}); {_AS_TEXT}")


def _unescaped(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return match[0] if "\ud800" <= char <= "\udfff" else char
