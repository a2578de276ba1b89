"""Coverage of a question in short: whom we asked, when we were not looking, what we hold."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from storage import coverage
from storage.asked_period import Asked, asked
from storage.connection import Connection
from storage.coverage_days import completeness
from storage.coverage_records import CoverageSummary, DeclaredBlind, Items, Spell
from storage.search import SearchFilters
from storage.spans import Spans, minute_of
from storage.times import utc_now
from storage.watching import Sight, WatchedOutlet, day_starts, lengths, share, sights

_DAY = timedelta(days=1)
_TOLD = (Sight.BLIND, Sight.UNWATCHED, Sight.DECLARED, Sight.PARTLY)


@dataclass(frozen=True, slots=True)
class _Run:
    """Days in a row on which one outlet has minutes of one kind."""

    first: date
    last: date
    minutes: int
    whole: bool


@dataclass(slots=True)
class _Sum:
    """What the outlets of a question add up to."""

    minutes: Counter[Sight] = field(default_factory=Counter)
    throughout: list[str] = field(default_factory=list)
    runs: defaultdict[Sight, list[tuple[str, _Run]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, outlet: WatchedOutlet, first: date, last: date, until: datetime) -> None:
        """Add one outlet, from the first day to the last one, up to a moment."""
        starts = day_starts(first, last, outlet.timezone)
        start, end = starts[0], max(min(starts[-1], minute_of(until)), starts[0])
        found = sights(outlet, (start, end))
        minutes = lengths(found)
        self.minutes.update(minutes)
        if minutes[Sight.WATCHED] == end - start > 0:
            self.throughout.append(outlet.outlet_id)
        for sight in _TOLD:
            for run in _runs(found[sight], starts, first):
                self.runs[sight].append((outlet.outlet_id, run))


def summary(
    db: Connection,
    query: str = "",
    filters: SearchFilters | None = None,
    *,
    now: datetime | None = None,
    any_words: bool = False,
) -> CoverageSummary:
    """How well what a question asks was watched. Raises SearchError as a search does."""
    now = now or utc_now()
    return summary_of(db, asked(db, query, filters, now=now, any_words=any_words))


def summary_of(db: Connection, question: Asked) -> CoverageSummary:
    """The same of outlets and days that are known already."""
    ids = tuple(outlet.outlet_id for outlet in question.outlets)
    first, last = question.first, question.last
    total, items = _Sum(), Items()
    if first is not None and last is not None:
        for outlet in question.outlets:
            total.add(outlet, first, last, question.until)
        items = coverage.sums(db, ids, first, last)
    undated, part = coverage.undated(db, ids), share(total.minutes)
    until = _open_until(question)
    whole = until is None and len(total.throughout) == len(ids)
    lost = sum(each.failed + each.waiting for each in (items, undated))
    return CoverageSummary(
        first=first,
        last=last,
        outlets=ids,
        throughout=tuple(total.throughout),
        never_visited=tuple(one.outlet_id for one in question.outlets if not one.visited),
        completeness=completeness(part, whole, lost),
        share=part,
        blind_days=_number_of_days(total, Sight.BLIND),
        unwatched_days=_number_of_days(total, Sight.UNWATCHED),
        partly_days=_number_of_days(total, Sight.PARTLY),
        declared=tuple(_declared(question, first, last)),
        items=items,
        undated=undated,
        spells=tuple(spell for sight in _TOLD for spell in _spells(sight, total.runs[sight])),
        until=until,
    )


def _open_until(question: Asked) -> datetime | None:
    """The moment up to which time counts, where somewhere the last day was not over then."""
    if question.first is None or question.last is None:
        return None
    zones = {outlet.timezone for outlet in question.outlets}
    ends = [day_starts(question.last, question.last, name)[1] for name in zones]
    return question.until if minute_of(question.until) < max(ends, default=0) else None


def _declared(question: Asked, first: date | None, last: date | None) -> Iterator[DeclaredBlind]:
    """The outlets that are declared blind on any of these days."""
    for one in question.outlets:
        if one.blind_since is None or (last is not None and one.blind_since > last):
            continue
        if first is None or one.blind_until is None or one.blind_until >= first:
            yield DeclaredBlind(one.outlet_id, one.blind_since, one.blind_until, one.blind_reason)


def _runs(spans: Spans, starts: Sequence[int], first: date) -> list[_Run]:
    """The days that spans touch, those in a row as one; `starts` are those of the days."""
    runs: list[tuple[int, int, int]] = []
    for start, end in spans:
        begin, stop = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if runs and begin <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], stop, runs[-1][2] + end - start)
        else:
            runs.append((begin, stop, end - start))
    return [
        _Run(
            first + begin * _DAY,
            first + stop * _DAY,
            minutes,
            _every(starts, begin, stop) == minutes,
        )
        for begin, stop, minutes in runs
    ]


def _every(starts: Sequence[int], begin: int, stop: int) -> int:
    """How long these days are."""
    return starts[stop + 1] - starts[begin]


def _spells(sight: Sight, runs: list[tuple[str, _Run]]) -> list[Spell]:
    """Runs of days, those of several outlets on the same days as one."""
    alike: defaultdict[tuple[date, date], list[tuple[str, _Run]]] = defaultdict(list)
    for outlet_id, run in runs:
        alike[run.first, run.last].append((outlet_id, run))
    return [
        Spell(
            sight=sight,
            first=first,
            last=last,
            outlets=tuple(outlet_id for outlet_id, _ in those),
            minutes=max(run.minutes for _, run in those),
            whole=all(run.whole for _, run in those),
        )
        for (first, last), those in sorted(alike.items(), key=lambda pair: pair[0])
    ]


def _number_of_days(total: _Sum, sight: Sight) -> int:
    """Days on which one outlet or more has a minute of the kind."""
    end, number = date.min, 0
    for first, last in sorted((run.first, run.last) for _, run in total.runs[sight]):
        if last > end:
            number += (last - max(first - _DAY, end)).days
            end = last
    return number
