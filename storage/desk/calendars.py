"""How completely outlets were watched, day by day: tables for a page and one outlet's year.

The figures are those of `storage.coverage_days`; here each day gets one word, by which it is
drawn and read aloud.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from storage import coverage_days, watch_rows
from storage.asked_period import Asked, asked
from storage.connection import Connection
from storage.coverage_records import CoverageDay
from storage.search import SearchFilters
from storage.watch_rows import RegisteredOutlet

MOST_DAYS = 92
"""Of one table: three months."""
ROWS = 25
"""Outlets of one page of the table."""
HARDLY = 0.5
"""A day of which less than this part was seen says little by what it shows."""

State = Literal[
    "complete", "missing", "partial", "hardly", "blind", "unwatched", "declared", "open"
]
"""complete: watched by every way until its end, and nothing failed or waits · missing: as much
watched, but pages failed or wait, or one that may be of this day · partial: seen for the most
part, or not by every way · hardly: for less than half of it · blind: at no time, though we asked
before and after · unwatched: nobody looked yet, or any more · declared: a person says that we are
blind · open: the day is not over."""
STATES: tuple[State, ...] = (
    "complete", "missing", "partial", "hardly", "blind", "unwatched", "declared", "open",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One outlet's day."""

    day: date
    state: State
    seen: int = 0  # pages that were offered
    stored: int = 0
    failed: int = 0
    waiting: int = 0
    share: float | None = None  # of the day so far that at least one way covered
    over: bool = True

    @property
    def dark(self) -> bool:
        """Whether a low figure of this day says nothing: it is hatched in charts."""
        if self.state == "open":
            return (self.share or 0) < HARDLY
        return self.state in ("hardly", "blind", "unwatched", "declared")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One outlet over the days of a table."""

    outlet_id: str
    outlet: str
    country: str
    cells: tuple[Cell, ...]
    complete: int  # days


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """Outlets by days; `page` of `pages`, counted from 1."""

    days: tuple[date, ...]
    rows: tuple[CalendarRow, ...]
    page: int
    pages: int
    outlets: int
    countries: tuple[str, ...]  # that can be asked for: whose news any outlet brings


@dataclass(frozen=True, slots=True)
class DarkDays:
    """Days in a row of which little or nothing was seen, and why."""

    first: date
    last: date
    state: State


def table(
    db: Connection,
    first: date,
    last: date,
    *,
    country: str = "",
    page: int = 1,
    now: datetime,
) -> CoverageTable:
    """The coverage of the outlets of a country (or all), a page of them, by name.

    Raises ValueError for a period that ends before it begins, or for more than MOST_DAYS days.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ValueError(f"a table has 1 to {MOST_DAYS} days")
    known = watch_rows.registered(db)
    wanted = sorted(_of_country(known, country), key=lambda one: (one.outlet.name, _id(one)))
    pages = max(1, -(-len(wanted) // ROWS))
    page = min(max(page, 1), pages)
    shown = [_id(one) for one in wanted[(page - 1) * ROWS : page * ROWS]]
    days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    return CoverageTable(
        days=days,
        rows=_rows(db, shown, days, now),
        page=page,
        pages=pages,
        outlets=len(wanted),
        countries=tuple(sorted({name for one in known for name in one.covers})),
    )


def year(db: Connection, outlet_id: str, number: int, now: datetime) -> tuple[Cell, ...]:
    """Every day of a year of one outlet; empty where there is no such outlet."""
    every = 366 if calendar.isleap(number) else 365
    days = [date(number, 1, 1) + timedelta(days=n) for n in range(every)]
    rows = _rows(db, [outlet_id], days, now)
    return rows[0].cells if rows else ()


def dark_days(
    db: Connection, outlet_id: str, first: date, last: date, now: datetime
) -> tuple[DarkDays, ...]:
    """When little or nothing was seen of an outlet, from the first day to the last one."""
    question = _asked(db, [outlet_id], first, last, now)
    found: list[DarkDays] = []
    for told in coverage_days.days(db, question):
        cell = cell_of(told)
        if cell is None or not cell.dark:
            continue
        before = found[-1] if found else None
        if before and before.state == cell.state and before.last + timedelta(days=1) == cell.day:
            found[-1] = DarkDays(before.first, cell.day, cell.state)
        else:
            found.append(DarkDays(cell.day, cell.day, cell.state))
    return tuple(found)


def cell_of(told: CoverageDay) -> Cell | None:
    """The day in one word; None for the row of what has no known day."""
    counts = told.counts
    if counts.day is None:
        return None
    return Cell(
        day=counts.day,
        state=_state(told),
        seen=counts.seen,
        stored=counts.stored,
        failed=counts.failed,
        waiting=counts.waiting,
        share=told.share,
        over=told.over,
    )


def _state(told: CoverageDay) -> State:
    if not told.over:
        return "open"
    if told.completeness == "complete":
        return "complete"
    if told.watched == told.minutes:
        return "missing"
    if told.completeness == "partial":
        return "partial" if (told.share or 0) >= HARDLY else "hardly"
    kinds: dict[State, int] = {
        "declared": told.declared,
        "blind": told.blind,
        "unwatched": told.unwatched,
    }
    return max(kinds, key=lambda kind: kinds[kind])


def _rows(
    db: Connection, outlet_ids: Sequence[str], days: Sequence[date], now: datetime
) -> tuple[CalendarRow, ...]:
    """The outlets in the order asked for; those that nobody registered are left out."""
    if not outlet_ids:
        return ()
    question = _asked(db, outlet_ids, days[0], days[-1], now)
    cells: dict[str, dict[date, Cell]] = {one.outlet_id: {} for one in question.outlets}
    for told in coverage_days.days(db, question):
        if cell := cell_of(told):
            cells[told.counts.outlet_id][cell.day] = cell
    outlets = {one.outlet_id: one for one in question.outlets}
    return tuple(
        CalendarRow(
            outlet_id=name,
            outlet=outlets[name].name,
            country=outlets[name].country,
            cells=tuple(cells[name].get(day) or Cell(day, "open", over=False) for day in days),
            complete=sum(one.state == "complete" for one in cells[name].values()),
        )
        for name in outlet_ids
        if name in outlets
    )


def _asked(
    db: Connection, outlet_ids: Sequence[str], first: date, last: date, now: datetime
) -> Asked:
    """Days of the future are not asked; they get no cell."""
    period = SearchFilters(outlet=list(outlet_ids), after=first, before=last + timedelta(days=1))
    return asked(db, "", period, now=now)


def _of_country(known: Sequence[RegisteredOutlet], country: str) -> list[RegisteredOutlet]:
    return [one for one in known if not country or country in one.covers]


def _id(one: RegisteredOutlet) -> str:
    return one.outlet.outlet_id
