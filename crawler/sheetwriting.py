"""Rows of texts as CSV and Excel files that open rightly everywhere, and run nothing."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.sheetfiles import MAX_ROWS
from storage.formulas import BOM, literal, neutralise, row_writer


@dataclass(frozen=True, slots=True)
class Layout:
    """What an Excel file offers besides the rows: the choices of columns, and a second sheet."""

    title: str
    choices: Mapping[str, Sequence[str]]
    widths: Mapping[str, int]
    guide: Sequence[tuple[str, str]]


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """A CSV file that Excel opens rightly, no cell of which runs as a formula."""
    out = io.StringIO(newline="")
    write = row_writer(out)
    for row in rows:
        write(row)
    return BOM + out.getvalue()


def excel_bytes(rows: Sequence[Sequence[str]], layout: Layout) -> bytes:
    """An Excel file with the rows (the first is the header) and a guide, every cell a text."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(layout.title)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text:
                _write(sheet, number, column, text)
    _arrange(sheet, rows, layout)
    guide = book.create_sheet("guide")
    for number, pair in enumerate(layout.guide, start=1):
        for column, text in enumerate(pair, start=1):
            _write(guide, number, column, text)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 18, 110
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def escaped(text: str) -> str:
    """A text as a cell of an Excel file holds it: it runs as nothing, and reads as it is.

    >>> escaped("=1+1"), escaped("_x0041_")
    ("'=1+1", '_x005F_x0041_')
    """
    return literal(neutralise(text))


def _write(sheet: Any, row: int, column: int, text: str) -> None:
    """Write a text as a text: never as the number, date or formula that it may look like."""
    cell = sheet.cell(row, column)
    cell.value = escaped(text)
    cell.data_type = "s"
    cell.number_format = "@"


def _arrange(sheet: Any, rows: Sequence[Sequence[str]], layout: Layout) -> None:
    """Header in view, filters, widths, and a list to choose from where there are few values."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"
    for number, name in enumerate(rows[0], start=1):
        letter = get_column_letter(number)
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[letter].width = layout.widths.get(name, 16)
        sheet.column_dimensions[letter].number_format = "@"  # "20 février" stays what it is
        if name in layout.choices:
            listed = f'"{",".join(layout.choices[name])}"'
            allowed = DataValidation(type="list", formula1=listed, allow_blank=True)
            allowed.showErrorMessage = False  # the import says it better
            sheet.add_data_validation(allowed)
            allowed.add(f"{letter}2:{letter}{MAX_ROWS}")
