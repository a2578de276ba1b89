"""Spans of time in whole minutes since 1970, half open: pure arithmetic on sorted, apart spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]
Spans = tuple[Span, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def minute_after(moment: datetime) -> int:
    """The first minute that begins at the moment or later."""
    return -((_EPOCH - moment) // _MINUTE)


def minute_of(moment: datetime) -> int:
    """The minute in which the moment lies."""
    return (moment - _EPOCH) // _MINUTE


def moment_of(minute: int) -> datetime:
    """When a minute begins, aware and in UTC."""
    return _EPOCH + minute * _MINUTE


def joined(spans: Iterable[Span]) -> Spans:
    """The same minutes as spans that are sorted and do not touch.

    >>> joined([(5, 9), (1, 3), (3, 4), (7, 7)])
    ((1, 4), (5, 9))
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def without(spans: Spans, taken: Spans) -> Spans:
    """The minutes of `spans` that are not in `taken`.

    >>> without(((1, 10),), ((2, 3), (8, 12)))
    ((1, 2), (3, 8))
    """
    if not taken:
        return spans
    left: list[Span] = []
    first = 0
    for start, end in spans:
        while first < len(taken) and taken[first][1] <= start:
            first += 1
        at, begin = first, start
        while at < len(taken) and taken[at][0] < end:
            if begin < taken[at][0]:
                left.append((begin, taken[at][0]))
            begin = taken[at][1]
            at += 1
        if begin < end:
            left.append((begin, end))
    return tuple(left)


def common(spans: Spans, others: Spans) -> Spans:
    """The minutes that are in both."""
    if not spans or not others:
        return ()
    return without(spans, without(spans, others))


def length(spans: Spans) -> int:
    """How many minutes."""
    return sum(end - start for start, end in spans)


def by_part(spans: Spans, starts: Sequence[int]) -> dict[int, int]:
    """Minutes in each part of time that has any, by its number.

    Part n reaches from starts[n] to starts[n + 1]; what lies outside of all parts is not counted.

    >>> by_part(((5, 25),), (0, 10, 20, 30))
    {0: 5, 1: 10, 2: 5}
    """
    minutes: dict[int, int] = {}
    for start, end in spans:
        part = max(bisect_right(starts, start) - 1, 0)
        while part < len(starts) - 1 and starts[part] < end:
            inside = min(end, starts[part + 1]) - max(start, starts[part])
            if inside > 0:
                minutes[part] = minutes.get(part, 0) + inside
            part += 1
    return minutes
