"""The period that a page is asked for, from two days in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from storage.asked_period import EARLIEST

_DAY = timedelta(days=1)


class WrongPeriod(ValueError):
    """What stands in the address are no two days in order."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last one, both included; `cut`: more of them were asked for."""

    first: date
    last: date
    cut: bool = False

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def earlier(self) -> Period:
        """As many days before it."""
        return Period(self.first - self.days * _DAY, self.first - _DAY)

    @property
    def later(self) -> Period:
        """As many days after it."""
        return Period(self.last + _DAY, self.last + self.days * _DAY)

    @property
    def before(self) -> date:
        """The day after the last one, as searches ask."""
        return self.last + _DAY


def period_of(args: Mapping[str, Any], today: date, usual: int, most: int) -> Period:
    """From the parameters `first` and `last`; else the `usual` number of days up to today.

    Of more than `most` days, the last ones. Raises WrongPeriod.
    """
    last = _day(args.get("last")) or today
    if last < EARLIEST:  # before the first day that there is, no day can be counted back
        raise WrongPeriod(f"– {last}")
    first = _day(args.get("first")) or last - (usual - 1) * _DAY
    if not EARLIEST <= first <= last <= today + 366 * _DAY:
        raise WrongPeriod(f"{first} – {last}")
    earliest = last - (most - 1) * _DAY
    return Period(max(first, earliest), last, cut=first < earliest)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise WrongPeriod(text) from wrong
