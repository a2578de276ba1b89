"""What the dates of a list of entries tell of the time that the list shows whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

_PINNED = 2  # old entries that may be kept at the foot …
_FEW = 4  # … of a list that has so many others, …
_FAR = 3  # … so many times as far behind these as they reach among themselves
TOLERANCE = timedelta(hours=6)
"""Entries may stand out of order by so much: desks correct times, and prepare articles ahead."""


def shows_since(dates: Sequence[datetime | None]) -> datetime | None:
    """The time since which a list of entries shows everything that was published.

    That is the date of its oldest entry where all are dated and stand in order of time, from
    either end; old entries pinned to the head or the foot are passed over. None where that cannot
    be said.

    >>> days = [datetime(2026, 3, n) for n in (1, 9, 8, 7)]
    >>> shows_since(days)
    datetime.datetime(2026, 3, 7, 0, 0)
    >>> shows_since([days[1], None, days[3]]) is shows_since([]) is None
    True
    """
    told = [at for at in dates if at is not None]
    if not told or len(told) < len(dates):
        return None
    if told[0] < told[-1] and _falls(told[::-1]):
        told.reverse()
    while len(told) > 1 and told[0] < told[1] - TOLERANCE:
        told = told[1:]
    return min(_without_foot(told)) if _falls(told) else None


def _without_foot(dates: list[datetime]) -> list[datetime]:
    """A list in order of time without entries at its foot that stand there for good, by their age.

    A list of a quiet time may look the same: then it shows more than it is taken for.
    """
    for pinned in range(_PINNED, 0, -1):
        told = dates[:-pinned]
        if len(told) < _FEW:
            continue
        far = max(_FAR * (max(told) - min(told)), timedelta(days=7))
        if min(told) - dates[-pinned] > far:
            return told
    return dates


def _falls(dates: Sequence[datetime]) -> bool:
    newest_behind = dates[-1]
    for at in reversed(dates):
        if newest_behind > at + TOLERANCE:
            return False
        newest_behind = max(newest_behind, at)
    return True
