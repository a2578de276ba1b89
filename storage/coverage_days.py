"""Coverage by outlet and day: the figures of each day beside how much of it we watched.

The minutes are worked out when somebody asks: of an outlet that nobody visited there is nothing
to count, and its days were not watched all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from storage import coverage
from storage.asked_period import Asked
from storage.connection import Connection
from storage.coverage_records import Completeness, CoverageDay, DayCounts
from storage.spans import by_part, minute_of
from storage.times import local_time
from storage.watching import Sight, WatchedOutlet, day_starts, share, sights

MOST_DAYS = 3_660
"""Days that are told one by one: ten years of them."""


def days(db: Connection, question: Asked) -> Iterator[CoverageDay]:
    """Each day of each outlet, by outlet; what has no known day comes after an outlet's days.

    Raises ValueError for more than ten years of days.
    """
    outlets, first, last = question.outlets, question.first, question.last
    if first is None or last is None:
        return
    if (last - first).days >= MOST_DAYS:
        raise ValueError(f"a table of days holds at most {MOST_DAYS} days")
    counted: dict[tuple[str, date | None], DayCounts] = {
        (row.outlet_id, row.day): row
        for row in coverage.rows(db, [one.outlet_id for one in outlets], first)
    }
    lost = coverage.undated_lost(db, [one.outlet_id for one in outlets])
    for outlet in outlets:
        for told in _of_outlet(outlet, (first, last), question.until, counted):
            yield _with_undated(told, lost.get(outlet.outlet_id), outlet.timezone)


def completeness(part: float | None, whole: bool, lost: int) -> Completeness:
    """How complete a time is: how much of it was seen, whether every way saw it, what is lost."""
    if not part:
        return "unknown"
    return "complete" if whole and not lost else "partial"


def _of_outlet(
    outlet: WatchedOutlet,
    period: tuple[date, date],
    until: datetime,
    counted: dict[tuple[str, date | None], DayCounts],
) -> Iterator[CoverageDay]:
    end = minute_of(until)
    ends = day_starts(*period, outlet.timezone)
    starts = [min(start, end) for start in ends]
    found = sights(outlet, (starts[0], starts[-1]))
    minutes = {sight: by_part(spans, starts) for sight, spans in found.items()}
    for number in range(len(starts) - 1):
        day = date.fromordinal(period[0].toordinal() + number)
        figures = counted.get((outlet.outlet_id, day)) or _nothing(outlet, day)
        kinds = {sight: parts.get(number, 0) for sight, parts in minutes.items()}
        yield _day(outlet, figures, kinds, over=ends[number + 1] <= end)
    if undated := counted.get((outlet.outlet_id, None)):
        yield CoverageDay(undated, outlet.name, outlet.country, outlet.alignment)


def _with_undated(told: CoverageDay, lost: datetime | None, timezone: str) -> CoverageDay:
    """The day, not complete where a page that failed or waits may have been published on it."""
    day = told.counts.day
    if lost is None or day is None or told.completeness != "complete":
        return told
    may_be = day <= local_time(lost, timezone).date()
    return replace(told, completeness="partial") if may_be else told


def _nothing(outlet: WatchedOutlet, day: date) -> DayCounts:
    return DayCounts(outlet.outlet_id, day, 0, 0, 0)


def _day(
    outlet: WatchedOutlet, figures: DayCounts, minutes: dict[Sight, int], *, over: bool
) -> CoverageDay:
    every, part = sum(minutes.values()), share(minutes)
    whole = over and minutes[Sight.WATCHED] == every
    return CoverageDay(
        counts=figures,
        outlet=outlet.name,
        country=outlet.country,
        alignment=outlet.alignment,
        minutes=every,
        watched=minutes[Sight.WATCHED],
        partly=minutes[Sight.PARTLY],
        blind=minutes[Sight.BLIND],
        unwatched=minutes[Sight.UNWATCHED],
        declared=minutes[Sight.DECLARED],
        completeness=completeness(part, whole, figures.failed + figures.waiting),
        share=part,
        over=over,
    )
