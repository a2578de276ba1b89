"""Coverage as an Excel workbook: days, outlets that were blind, gaps, and what it all means."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from crawler.sheetwriting import escaped
from storage.coverage_rows import COLUMNS
from storage.coverage_words import header

if TYPE_CHECKING:  # the database is opened only where it is asked
    from crawler.cli.coverage import Told

_SPELLS = ("kind", "first_day", "last_day", "minutes", "whole_days", "outlets")
_GAPS = (
    "outlet_id", "way", "found_by", "from_utc", "to_utc", "noticed_utc", "filled_utc", "filled_from"
)  # fmt: skip
MEANINGS = (
    ("day", "publication day in the outlet's own zone; empty: no day is known of these items"),
    ("completeness", "complete: watched by every way all day, and nothing failed or waits; "
     "unknown: at no time watched; partial: anything between"),
    ("share_seen", "part of the day that at least one way (feed, sitemap, listing) covered"),
    ("minutes", "length of the day so far: 1380 or 1500 where clocks changed; the next five "
     "columns add up to it"),
    ("minutes_watched", "every way that was on covered them"),
    ("minutes_partly", "one way covered them, and another one did not"),
    ("minutes_blind", "between the first and the last good look, and no way covered them"),
    ("minutes_not_watched", "before the first or after the last good look"),
    ("minutes_declared_blind", "a person declared that we are blind there"),
    ("seen", "items that were offered: stored, failed, waiting, or left out by a person"),
    ("failed_by", "why items failed, and how many"),
    ("blind_visits", "visits on that day after which we did not know what was offered"),
)  # fmt: skip


def workbook(told: "Told", rows: Sequence[Mapping[str, object]]) -> bytes:
    """The workbook: README first, since nobody should read the figures without it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    readme = [(line.strip(), "") for line in header(told.summary)]
    _sheet(book, "README", ("about", ""), [*readme, ("", ""), *MEANINGS])
    _sheet(book, "days", COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    _sheet(book, "spells", _SPELLS, _spells(told))
    _sheet(book, "gaps", _GAPS, _gaps(told))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _spells(told: "Told") -> Iterable[Sequence[object]]:
    for one in told.summary.spells:
        whole = "yes" if one.whole else "no"
        yield one.sight.value, one.first, one.last, one.minutes, whole, " ".join(one.outlets)


def _gaps(told: "Told") -> Iterable[Sequence[object]]:
    for one in told.gaps:
        times = (one.from_at, one.to_at, one.noticed_at, one.repaired_at)
        yield one.outlet_id, one.way, one.found_by, *times, one.repaired_by


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
    """Dates as ISO 8601: a spreadsheet knows no zones, and a day should sort as it reads."""
    if isinstance(value, Mapping):
        value = " | ".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, datetime):
        value = value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
