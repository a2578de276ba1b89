"""Which minutes of an outlet we watched, and how well: pure, from what is known of its ways.

A way is covered from `covered_from` to `covered_to` but for its gaps. A minute counts as covered
when the whole of it was. From the first time that an outlet was asked to the last one, it was
watched or we were blind; before and after that, nobody looked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from storage.spans import Span, Spans, common, joined, length, minute_after, minute_of, without
from storage.times import zone


class Sight(StrEnum):
    """How well a minute of an outlet was watched; every minute is one of these."""

    WATCHED = "watched"  # each of its ways that was on covered it
    PARTLY = "partly"  # one of its ways covered it, and another one that was on did not
    BLIND = "blind"  # between the first and the last time it was asked, and no way covered it
    UNWATCHED = "unwatched"  # before the first or after the last time it was asked
    DECLARED = "declared"  # a person declared that we are blind there


@dataclass(frozen=True, slots=True)
class WatchedWay:
    """A feed, sitemap or listing of an outlet, and the time that it covered.

    It is expected to cover from `on_from` to `off_at`, and was asked for the last time at
    `asked_to`, with or without success. `gaps` are those that nobody repaired, as
    `gap` makes spans of them.
    """

    url: str
    covered_from: datetime | None = None
    covered_to: datetime | None = None
    on_from: datetime | None = None
    off_at: datetime | None = None
    asked_to: datetime | None = None
    gaps: Spans = ()


@dataclass(frozen=True, slots=True)
class WatchedOutlet:
    """An outlet as far as watching goes; `blind_since` to `blind_until` are declared days."""

    outlet_id: str
    name: str
    timezone: str
    country: str = ""  # the seat
    alignment: str = ""
    ways: tuple[WatchedWay, ...] = ()
    visited: bool = True  # whether any of its ways was ever visited, well or not
    blind_since: date | None = None
    blind_until: date | None = None  # the last such day; None: until further notice
    blind_reason: str = ""


Sights = Mapping[Sight, Spans]


def covered(way: WatchedWay) -> Spans:
    """The minutes that a way covered, whole ones only."""
    if way.covered_from is None or way.covered_to is None:
        return ()
    span = (minute_after(way.covered_from), minute_of(way.covered_to))
    return without(joined([span]), joined(way.gaps))


def gap(start: int, end: int) -> Span:
    """The minutes that a gap leaves unknown, also in part; from seconds since 1970.

    >>> gap(59, 121), gap(60, 120), gap(70, 70)
    ((0, 3), (1, 2), (0, 0))
    """
    return (start // 60, -(-end // 60)) if start < end else (0, 0)


def sights(outlet: WatchedOutlet, period: Span) -> Sights:
    """How every minute of a period was watched: spans of each kind, which together are all."""
    covers = [covered(way) for way in outlet.ways]
    everything = joined([period])
    declared = common(everything, _declared(outlet, period))
    left = without(everything, declared)
    seen = common(left, joined(span for spans in covers for span in spans))
    pairs = zip(outlet.ways, covers, strict=True)
    missing = joined(span for way, spans in pairs for span in without(_on(way, period), spans))
    unseen = without(left, seen)
    blind = common(unseen, _between_looks(outlet))
    return {
        Sight.WATCHED: without(seen, missing),
        Sight.PARTLY: common(seen, missing),
        Sight.BLIND: blind,
        Sight.UNWATCHED: without(unseen, blind),
        Sight.DECLARED: declared,
    }


def share(minutes: Mapping[Sight, int]) -> float | None:
    """Which part of the time at least one way covered; None of no time at all."""
    every = sum(minutes.values())
    seen = minutes.get(Sight.WATCHED, 0) + minutes.get(Sight.PARTLY, 0)
    return seen / every if every else None


def lengths(found: Sights) -> dict[Sight, int]:
    """Minutes of each kind."""
    return {sight: length(spans) for sight, spans in found.items()}


def period_of(first: date, last: date, timezone: str) -> Span:
    """The minutes from the first day to the last one, in a zone."""
    return _starts_at(first, timezone), _starts_at(last + timedelta(days=1), timezone)


@lru_cache(maxsize=64)
def day_starts(first: date, last: date, timezone: str) -> tuple[int, ...]:
    """The minute in which each day begins, and the one in which the last day has ended."""
    number = (last - first).days + 2
    return tuple(_starts_at(first + timedelta(days=n), timezone) for n in range(number))


@lru_cache(maxsize=4096)
def _starts_at(day: date, timezone: str) -> int:
    """Where there is no midnight, or two of them, the first minute of the day."""
    midnight = datetime.combine(day, time(), tzinfo=zone(timezone))
    return minute_of(midnight.astimezone(UTC))


def _declared(outlet: WatchedOutlet, period: Span) -> Spans:
    if outlet.blind_since is None:
        return ()
    begin = _starts_at(outlet.blind_since, outlet.timezone)
    if outlet.blind_until is None:
        return joined([(begin, period[1])])
    return joined([(begin, _starts_at(outlet.blind_until + timedelta(days=1), outlet.timezone))])


def _on(way: WatchedWay, period: Span) -> Spans:
    """The minutes that a way should have covered."""
    if way.on_from is None:
        return ()
    end = period[1] if way.off_at is None else minute_of(way.off_at)
    return joined([(max(minute_after(way.on_from), period[0]), min(end, period[1]))])


def _between_looks(outlet: WatchedOutlet) -> Spans:
    """From the first time that any way covered or was asked to the last one."""
    ways = outlet.ways
    firsts = [at for way in ways for at in (way.covered_from, way.on_from) if at is not None]
    lasts = [at for way in ways for at in (way.covered_to, way.asked_to) if at is not None]
    if not firsts or not lasts:
        return ()
    return joined([(minute_after(min(firsts)), minute_of(max(lasts)))])
