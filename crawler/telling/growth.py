"""How fast a workspace grows, and when its disk will be full: told from sizes of past nights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

LEAST_NIGHTS = 3
"""Nights with a known size, below which nothing is foretold."""
NIGHTS = 14
"""Nights of which the median tells what one night brings."""
TREND_NIGHTS = 35
"""Nights that the trend is told from: what each week brought, with what its tidying gave back."""
LEAST_FOR_TREND = 28
"""Nights below which the trend is that of single nights: one odd day is in every week of few."""
FARTHEST = timedelta(days=5 * 365)
_DAY = 86_400.0
_WEEK = timedelta(days=7)

Sized = tuple[datetime, int]
Outlook = Literal["unknown", "full", "on", "beyond"]


@dataclass(frozen=True, slots=True)
class Growth:
    """How fast a workspace grows; figures are None where too few nights are known.

    outlook: unknown · full (the reserve is reached now) · on (at `full_on`, if it goes on so) ·
    beyond (not within five years, or it does not grow).
    """

    nights: int
    per_night: int | None  # bytes; the median of the last nights
    per_day: int | None  # bytes; the trend, with what tidying gives back
    outlook: Outlook
    full_on: date | None = None


def growth(sizes: Sequence[Sized], room: int, now: datetime) -> Growth:
    """The growth that sizes (when, bytes of everything) tell; `room` is free above the reserve.

    One night with a thousand old articles, or a backup more, moves neither figure: both are
    medians, of what the last nights brought, and of what the weeks did that ended in each.
    """
    nights = _last_of_each_day(sizes)
    if len(nights) < LEAST_NIGHTS:
        return Growth(len(nights), None, None, "full" if room <= 0 else "unknown")
    brought = median(_slope(*pair) for pair in pairwise(nights[-NIGHTS - 1 :]))
    weeks = list(_weeks(nights[-TREND_NIGHTS:])) if len(nights) >= LEAST_FOR_TREND else []
    trend = median(_slope(*pair) for pair in weeks) if weeks else brought
    outlook, full_on = _outlook(trend, room, now)
    return Growth(len(nights), round(brought), round(trend), outlook, full_on)


def _last_of_each_day(sizes: Sequence[Sized]) -> list[Sized]:
    return list({at.date(): (at, size) for at, size in sorted(sizes)}.values())


def _weeks(nights: Sequence[Sized]) -> Iterator[tuple[Sized, Sized]]:
    """Each night with the last one that lies a week or more before it."""
    for after in nights:
        day = after[0].date() - _WEEK
        earlier = [one for one in nights if one[0].date() <= day]
        if earlier:
            yield earlier[-1], after


def _slope(before: Sized, after: Sized) -> float:
    """Bytes a day; two nights lie a day apart, unless one between them was missed."""
    days = max(round((after[0] - before[0]).total_seconds() / _DAY), 1)
    return (after[1] - before[1]) / days


def _outlook(trend: float, room: int, now: datetime) -> tuple[Outlook, date | None]:
    if room <= 0:
        return "full", None
    if trend * (FARTHEST.total_seconds() / _DAY) < room:
        return "beyond", None
    return "on", (now + timedelta(days=room / trend)).date()
