"""Coverage as an Excel workbook: days, outlets that were blind, gaps, and what it all means."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crawler.sheetwriting import escaped
from storage.coverage_words import header
from storage.exporting.cells import plain
from storage.exporting.columns import NAMES, Kind, columns
from storage.exporting.rows import gap_row

if TYPE_CHECKING:  # the database is opened only where it is asked
    from crawler.cli.coverage import Told

_SPELLS = ("kind", "first_day", "last_day", "minutes", "whole_days", "outlets")
_DICTIONARY: tuple[Kind, ...] = ("coverage", "gaps")


def workbook(told: "Told", rows: Sequence[Mapping[str, object]]) -> bytes:
    """The workbook: README first, since nobody should read the figures without it.

    Days and gaps have the columns of `marsad export`, with the meanings of its data dictionary.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    readme = [(line.strip(), "") for line in header(told.summary)]
    _sheet(book, "README", ("about", ""), [*readme, ("", ""), *_meanings()])
    _sheet(book, "days", NAMES["coverage"], _cells("coverage", rows))
    _sheet(book, "spells", _SPELLS, _spells(told))
    _sheet(book, "gaps", NAMES["gaps"], _cells("gaps", map(gap_row, told.gaps)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _meanings() -> Iterable[Sequence[object]]:
    """What each column of days and gaps holds, once where both have it."""
    meant = {one.name: one.en for kind in _DICTIONARY for one in columns(kind)}
    return meant.items()


def _cells(kind: Kind, rows: Iterable[Mapping[str, object]]) -> Iterable[Sequence[object]]:
    return ([plain(row[name]) for name in NAMES[kind]] for row in rows)


def _spells(told: "Told") -> Iterable[Sequence[object]]:
    for one in told.summary.spells:
        whole = "yes" if one.whole else "no"
        yield one.sight.value, one.first, one.last, one.minutes, whole, " ".join(one.outlets)


def _sheet(book: Any, title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A sheet with its header in view and filters; figures are figures, texts only texts."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for number, row in enumerate([names, *rows], start=1):
        for column, value in enumerate(row, start=1):
            _write(sheet.cell(number, column), value)
            if number == 1:
                sheet.cell(number, column).font = Font(bold=True)
    for column in range(1, len(names) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 24 if title == "README" else 16
    if title != "README":
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions


def _write(cell: Any, value: object) -> None:
    """Dates as ISO 8601: a day should sort as it reads."""
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
