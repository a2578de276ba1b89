"""How a page states one moment by its outlet's own clock, beside the same moment in UTC.

A day of publication is counted where the outlet is. Where machines are told an evening's moment as
"2026-03-06T02:18:11Z", the page often says "2026-03-05T21:18:11-05:00" too: that keeps the day.
It is looked for where the outlet's zone is not known: else the day is counted in that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from crawler.reading.voices import Moment
from storage.models import Precision

_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})? ?[+-]\d\d:?\d\d(?!\d)")
_LONGEST = 40  # characters of such a time
_MOST = 200  # places of a month that are looked at
_MONTH, _LENGTH_OF_DAY = len("2026-03-"), len("2026-03-05")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def by_own_clock(moment: Moment, text: str) -> Moment:
    """The moment with what the page's markup, `text`, says of it by the outlet's own clock.

    Only a time stated in UTC is looked for elsewhere; which moment it is never changes.
    """
    if moment.precision is Precision.DAY or moment.wall is None:
        return moment
    if moment.wall != moment.at.replace(tzinfo=None):
        return moment
    for raw in _near(moment.at, text):
        stated = _read(raw)
        if stated and stated.utcoffset() and abs(stated - moment.at) < _MINUTE:
            return replace(moment, raw=raw, wall=stated.replace(tzinfo=None))
    return moment


def _near(at: datetime, text: str) -> Iterator[str]:
    """The times with an offset that the markup holds of the day before, the day and that after."""
    days = list(_days(at))
    for month in sorted({day[:_MONTH] for day in days}):
        for start in islice(_places(text, month), _MOST):
            if text[start : start + _LENGTH_OF_DAY] in days and (
                found := _CLOCK.match(text, start, start + _LONGEST)
            ):
                yield found[0]


def _days(at: datetime) -> Iterator[str]:
    """The day of a moment and those beside it, in ISO 8601."""
    for number in (-1, 0, 1):
        with suppress(OverflowError):
            yield f"{at + number * _DAY:%Y-%m-%d}"


def _places(text: str, part: str) -> Iterator[int]:
    """Where a part stands in a text."""
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + len(part))


def _read(raw: str) -> datetime | None:
    """A time in ISO 8601 with its offset; None if it is none."""
    try:
        at = datetime.fromisoformat(raw.replace(" +", "+").replace(" -", "-"))
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at
