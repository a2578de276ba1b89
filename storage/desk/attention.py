"""Attention over time: of all articles of the outlets asked, the share that a question finds.

Above and below the line stands the same: articles of these outlets by their day of publication;
those whose day is not known are counted apart. Per story, each text counts once for each outlet and
day, above and below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from storage import search
from storage.asked_period import days_named
from storage.connection import Connection
from storage.coverage_records import CoverageSummary, Spell
from storage.desk import counted_ahead
from storage.desk.counted_ahead import DayCount
from storage.desk.questions import Question
from storage.watching import Sight

Step = Literal["day", "week", "month"]
DAYS, WEEKS = 31, 27
"""Up to so many days, each is a point; up to so many weeks, each of these; else each month."""
LONGEST = 5 * 366
"""Days that are drawn where a question names none: the last ones."""
_DAY = timedelta(days=1)
_DARK = (Sight.BLIND, Sight.UNWATCHED, Sight.DECLARED)
_WALKED = """
SELECT coalesce(a.published_day, '') AS day, count(*) AS articles,
  {stories} AS stories {source} GROUP BY day
"""
_PER_OUTLET = "count(DISTINCT a.outlet_id || ' ' || a.story_id)"


@dataclass(frozen=True, slots=True)
class Point:
    """A day, or a week or month from its first day on: articles found, and all there are."""

    first: date
    count: int
    total: int

    @property
    def share(self) -> float | None:
        """The part found; None where the outlets have nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Attention:
    """Points without holes; what is not drawn is counted: other days, and no known day.

    `dark` are the days of which at least half of the outlets asked were not seen.
    """

    step: Step
    points: tuple[Point, ...]
    undated: Point | None  # its `first` says nothing
    elsewhere: int
    outlets: int
    dark: tuple[tuple[date, date], ...]


def attention(
    db: Connection, question: Question, coverage: CoverageSummary, today: date
) -> Attention:
    """The attention that a question found; `coverage` is that of the question itself.

    Raises SearchError as a search does.
    """
    value = _stories if question.per == "story" else _articles
    found = _by_day(found_days(db, question, coverage.outlets), value)
    every = _by_day(counted_ahead.of_outlets(db, question, coverage.outlets), value)
    undated = Point(date.min, found.pop("", 0), every.pop("", 0))
    span = _drawn(question, every, today)
    points: list[Point] = []
    step: Step = "month"
    if span is not None:
        step = _step(*span)
        points = list(_points(span, step, found, every))
    drawn = sum(point.count for point in points)
    return Attention(
        step=step,
        points=tuple(points),
        undated=undated if undated.total else None,
        elsewhere=found.total() - drawn,
        outlets=len(coverage.outlets),
        dark=tuple(dark(coverage.spells, len(coverage.outlets))),
    )


def found_days(db: Connection, question: Question, outlets: Iterable[str]) -> list[DayCount]:
    """The days on which a question finds something, counted ahead or walked over."""
    if counted_ahead.is_counted(question):
        return counted_ahead.of_question(db, question, outlets)
    sought = search.sought(db, question.query, question.filters)
    stories = _PER_OUTLET if question.per == "story" else "0"
    sql = _WALKED.format(stories=stories, source=sought.of_articles)
    return [DayCount(*row) for row in db.all(sql, sought.parameters)]


def dark(spells: Sequence[Spell], outlets: int) -> Iterator[tuple[date, date]]:
    """Days in a row on which at least half of the outlets were not seen for most of the day."""
    changes: Counter[date] = Counter()
    for spell in spells:
        if spell.sight in _DARK and _is_most_of_it(spell):
            changes[spell.first] += len(spell.outlets)
            changes[spell.last + _DAY] -= len(spell.outlets)
    since, unseen = None, 0
    for day in sorted(changes):
        unseen += changes[day]
        is_dark = unseen > 0 and 2 * unseen >= outlets
        if is_dark and since is None:
            since = day
        if not is_dark and since is not None:
            yield since, day - _DAY
            since = None


def _is_most_of_it(spell: Spell) -> bool:
    days = (spell.last - spell.first).days + 1
    return spell.whole or 2 * spell.minutes >= days * 1_440


def _articles(one: DayCount) -> int:
    return one.articles


def _stories(one: DayCount) -> int:
    return one.stories


def _by_day(days: Iterable[DayCount], value: Callable[[DayCount], int]) -> Counter[str]:
    return Counter({one.day: value(one) for one in days})


def _drawn(question: Question, every: Counter[str], today: date) -> tuple[date, date] | None:
    """The first and the last day that are drawn: those asked for, or those that there are."""
    first, last = days_named(question.query, question.filters)
    there = [day for day in every if day <= today.isoformat()]
    if not there and (first is None or last is None):
        return None
    last = last or max(date.fromisoformat(max(there)), first or date.min)
    first = first or max(date.fromisoformat(min(there, default=last.isoformat())), _longest(last))
    return max(min(first, last), _longest(last)), last


def _longest(last: date) -> date:
    """The first day of what is drawn at most, the first of a month."""
    return (last - LONGEST * _DAY).replace(day=1) if last.year > 6 else date.min


def _step(first: date, last: date) -> Step:
    days = (last - first).days + 1
    if days <= DAYS:
        return "day"
    return "week" if days <= 7 * WEEKS else "month"


def _points(
    span: tuple[date, date], step: Step, found: Counter[str], every: Counter[str]
) -> Iterator[Point]:
    """The points of a span, in order and without holes."""
    counts: Counter[date] = Counter()
    totals: Counter[date] = Counter()
    first, last = span
    for days, sums in ((found, counts), (every, totals)):
        for day, number in days.items():
            if first.isoformat() <= day <= last.isoformat():
                sums[_begin(date.fromisoformat(day), step)] += number
    at = _begin(first, step)
    while at <= last:
        yield Point(at, counts[at], totals[at])
        at = _next(at, step)


def _begin(day: date, step: Step) -> date:
    """The first day of the week (a Monday) or month that a day lies in."""
    if step == "month":
        return day.replace(day=1)
    return day - day.weekday() * _DAY if step == "week" else day


def _next(day: date, step: Step) -> date:
    if step == "month":
        return (day + 31 * _DAY).replace(day=1)
    return day + (7 if step == "week" else 1) * _DAY
