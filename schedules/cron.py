"""The times of a schedule: by the clock on a wall, or on a fixed grid.

What a file says by a clock is worked out without any zone, and only then becomes an instant: each
local time is one slot, whether the clocks show it once, twice or never.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_FIELDS = ("minute", "hour", "day of the month", "month", "weekday")
_DAY, _WEEKDAY = 2, 4
_WEEK = "mon tue wed thu fri sat sun".split()
_RANGE = re.compile(r"([a-z]+)-([a-z]+)")
_MEANT = re.compile(r"[0-9A-Za-z*,/-]+")
_START = datetime(2025, 1, 1)
_LONGEST_WAIT = timedelta(days=5 * 366)
_LOOKS_BACK = tuple(timedelta(hours=hours) for hours in (1, 24, 192, 1_500, 9_000, 110_000))
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A slot and the instant (UTC) at which it is due."""

    slot: str
    at: datetime


class Times(Protocol):
    """All the slots of a schedule, in their order."""

    def upto(self, now: datetime) -> Moment:
        """The last slot that is due at `now`."""

    def after(self, moment: datetime) -> Moment:
        """The first slot that is due later than `moment`."""

    def named(self, slot: str) -> Moment:
        """The slot of a name; raises ValueError where the schedule has no such slot."""


class Wall(Protocol):
    """Times of a clock on a wall: naive, and without any zone."""

    def upto(self, wall: datetime) -> datetime:
        """The last one that is not later."""

    def after(self, wall: datetime) -> datetime:
        """The first one that is later."""


@dataclass(frozen=True, slots=True)
class DailyTime:
    """The same time on every day."""

    since_midnight: timedelta

    def upto(self, wall: datetime) -> datetime:
        """The last one that is not later."""
        today = _midnight(wall) + self.since_midnight
        return today if today <= wall else today - timedelta(days=1)

    def after(self, wall: datetime) -> datetime:
        """The first one that is later."""
        return self.upto(wall) + timedelta(days=1)


def daily_time(text: str) -> DailyTime:
    """The time of a text such as "04:30"."""
    hours, _, minutes = text.partition(":")
    return DailyTime(timedelta(hours=int(hours), minutes=int(minutes)))


@dataclass(frozen=True, slots=True)
class CronLine:
    """The times of five cron fields."""

    trigger: CronTrigger

    def upto(self, wall: datetime) -> datetime:
        """The last one that is not later."""
        for back in _LOOKS_BACK:
            found = self._at_or_after(wall - back)
            if found <= wall:
                break
        while (later := self.after(found)) <= wall:
            found = later
        return found

    def after(self, wall: datetime) -> datetime:
        """The first one that is later; raises ValueError where there is none."""
        return self._at_or_after(wall + timedelta(microseconds=1))

    def _at_or_after(self, wall: datetime) -> datetime:
        # In UTC no clock ever jumps, so that this is the arithmetic of a calendar alone.
        found = self.trigger.get_next_fire_time(None, wall.replace(tzinfo=UTC))
        if found is None:
            raise ValueError("there is no such day")
        naive: datetime = found.replace(tzinfo=None)
        return naive


@lru_cache(maxsize=64)
def cron_line(text: str) -> CronLine:
    """The times of a line such as "0 10,14,18 * * mon-fri"; raises ValueError."""
    _refuse_misread(text.split())
    try:
        line = CronLine(CronTrigger.from_crontab(text, timezone=UTC))
        first = line.after(_START)
    except ValueError as wrong:
        raise ValueError(f"is no cron line: {wrong}") from wrong
    if first - _START > _LONGEST_WAIT:
        raise ValueError("is due less than once in five years")
    return line


def _refuse_misread(fields: list[str]) -> None:
    """Raise ValueError for what means something else here than to the `cron` of a machine."""
    if len(fields) != len(_FIELDS):
        raise ValueError(f"must have five fields ({', '.join(_FIELDS)}), but has {len(fields)}")
    for name, field in zip(_FIELDS, fields, strict=True):
        if not _MEANT.fullmatch(field):
            raise ValueError(f'"{field}" means nothing as {name}')
    if re.search("[0-9]", fields[_WEEKDAY]):
        raise ValueError(
            f'name the weekdays, such as "mon-fri" or "sat,sun", instead of "{fields[_WEEKDAY]}": '
            "numbers are counted from Sunday by some programs and from Monday by others"
        )
    if backwards := [days for days in _RANGE.findall(fields[_WEEKDAY]) if _is_backwards(*days)]:
        first, last = backwards[0]
        raise ValueError(
            f'the week ends with sun: write "{_days(first, "sun")},{_days("mon", last)}" '
            f'instead of "{first}-{last}"'
        )
    if "*" not in fields[_DAY] and "*" not in fields[_WEEKDAY]:
        raise ValueError(
            "names a day of the month and a weekday; some programs take either and some both, "
            "so put * for one of them"
        )


def _days(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"


def _is_backwards(first: str, last: str) -> bool:
    known = first in _WEEK and last in _WEEK
    return known and _WEEK.index(first) > _WEEK.index(last)


@dataclass(frozen=True, slots=True)
class LocalTimes:
    """Times of a wall's clock in a zone; a slot is named by its local time, or by its day."""

    zone: ZoneInfo
    wall: Wall
    by_day: bool

    def upto(self, now: datetime) -> Moment:
        """The last slot that is due at `now`."""
        local = now.astimezone(self.zone)
        found = self._moment(self.wall.upto(local.replace(tzinfo=None, fold=0)))
        # In the second pass of an hour that happens twice, all of the first is behind us.
        while local.fold and (later := self._following(found)).at <= now:
            found = later
        return found

    def after(self, moment: datetime) -> Moment:
        """The first slot that is due later than `moment`."""
        return self._following(self.upto(moment))

    def named(self, slot: str) -> Moment:
        """The slot of a name; raises ValueError where the schedule has no such slot."""
        found = self._moment(self.wall.upto(self._wall(slot)))
        if found.slot != slot:
            raise ValueError(f'the schedule has no slot "{slot}"; near it is "{found.slot}"')
        return found

    def _following(self, moment: Moment) -> Moment:
        return self._moment(self.wall.after(self._wall(moment.slot)))

    def _moment(self, wall: datetime) -> Moment:
        name = wall.date().isoformat() if self.by_day else wall.isoformat(timespec="minutes")
        return Moment(name, instant(wall, self.zone))

    def _wall(self, slot: str) -> datetime:
        """The latest local time that a slot of this name may have; raises ValueError."""
        wall = datetime.fromisoformat(slot)
        if wall.tzinfo is not None:
            raise ValueError(f'"{slot}" is no local time')
        return _midnight(wall) + timedelta(days=1) - _MINUTE if self.by_day else wall


@dataclass(frozen=True, slots=True)
class GridTimes:
    """A slot each so much time, counted from the first moment of 1970 in UTC."""

    every: timedelta

    def upto(self, now: datetime) -> Moment:
        """The last slot that is due at `now`."""
        start = datetime(1970, 1, 1, tzinfo=UTC)
        at = start + (now - start) // self.every * self.every
        return Moment(f"{at:%Y-%m-%dT%H:%MZ}", at)

    def after(self, moment: datetime) -> Moment:
        """The first slot that is due later than `moment`."""
        return self.upto(self.upto(moment).at + self.every)

    def named(self, slot: str) -> Moment:
        """The slot of a name; raises ValueError where the schedule has no such slot."""
        moment = datetime.fromisoformat(slot)
        if moment.tzinfo is None:
            raise ValueError(f'"{slot}" is no time in UTC such as "2026-11-22T13:15Z"')
        found = self.upto(moment)
        if found.slot != slot:
            raise ValueError(f'the schedule has no slot "{slot}"; near it is "{found.slot}"')
        return found


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local time.

    A time that happens twice means its first occurrence (PEP 495, fold=0). One that never happens
    is due at the moment at which the clocks jump over it.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _wall_of(first, zone) == wall:
        return first
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_moment(before, first, lambda moment: _wall_of(moment, zone) >= wall)


def _first_moment(low: datetime, high: datetime, passed: Callable[[datetime], bool]) -> datetime:
    """The first whole second after `low` at which something is so that is so at `high`."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if passed(middle) else (middle, high)
    return high


def _wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _midnight(wall: datetime) -> datetime:
    return datetime(wall.year, wall.month, wall.day)
