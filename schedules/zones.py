"""Whether this machine's clock rules are those we go by, and whether its clock was moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.times import zone as packaged_zone

SYSTEM = Path("/usr/share/zoneinfo")
"""Where the machine keeps its own copy of the clock rules."""

_BEFORE, _AFTER = timedelta(days=365), timedelta(days=730)
_STEP = timedelta(hours=1)
_DRIFT = timedelta(seconds=30)
"""Clocks that are set right all the time go apart by less."""


@dataclass(frozen=True, slots=True)
class ClockWatch:
    """What the clock on the wall and the one that only ever runs forward said at one moment."""

    wall: datetime
    monotonic: float

    def jump(self, wall: datetime, monotonic: float) -> timedelta:
        """By how much the wall's clock was moved since; 0 below half a minute.

        Forward it moves also where the machine slept: the other one stood still then.
        """
        passed = timedelta(seconds=monotonic - self.monotonic)
        moved = wall - self.wall - passed
        return moved if abs(moved) >= _DRIFT else timedelta(0)


@dataclass(frozen=True, slots=True)
class _Difference:
    """A time (UTC) in which two copies of a zone's rules disagree."""

    since: datetime
    until: datetime | None  # None: to the end of what was looked at
    ours: timedelta
    theirs: timedelta


def differences(zones: Iterable[str], now: datetime, system: Path = SYSTEM) -> tuple[str, ...]:
    """A sentence for each zone whose rules on this machine are others than ours.

    Looked at is the year before `now` and the two after it. A machine without rules of its own
    has none that could mislead anybody.
    """
    names = sorted(set(zones))
    return tuple(said for name in names for said in _said(name, now, system / name))


def _said(name: str, now: datetime, path: Path) -> Iterator[str]:
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            theirs = ZoneInfo.from_file(file)
    except (OSError, ValueError) as wrong:
        yield f"the system's clock rules for {name} cannot be read ({wrong}); Marsad uses its own"
        return
    found = list(_differing(packaged_zone(name), theirs, now - _BEFORE, now + _AFTER))
    open_ones = [one for one in found if one.until is None or one.until > now]
    if one := next(iter(open_ones), found[-1] if found else None):
        yield _sentence(name, one, again=len(open_ones) > 1)


def _differing(
    ours: ZoneInfo, theirs: ZoneInfo, since: datetime, end: datetime
) -> Iterator[_Difference]:
    """The times in which two zones have other offsets, to the hour, in their order."""
    begun: tuple[datetime, timedelta, timedelta] | None = None
    moment = since.replace(minute=0, second=0, microsecond=0)
    while moment < end:
        pair = ours.utcoffset(moment.astimezone(ours)), theirs.utcoffset(moment.astimezone(theirs))
        if begun and pair != begun[1:]:
            yield _Difference(begun[0], moment, begun[1], begun[2])
            begun = None
        if begun is None and pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            begun = moment, pair[0], pair[1]
        moment += _STEP
    if begun:
        yield _Difference(begun[0], None, begun[1], begun[2])


def _sentence(name: str, one: _Difference, *, again: bool) -> str:
    when = f"from {one.since:%Y-%m-%d}" + (f" to {one.until:%Y-%m-%d}" if one.until else " on")
    later = " and again later" if again else ""
    return (
        f"the system's clock rules for {name} differ from ours {when}{later}: ours say "
        f"{_utc(one.ours)}, the system's {_utc(one.theirs)}; Marsad uses its own, cron and "
        "systemd timers use the system's"
    )


def _utc(offset: timedelta) -> str:
    """An offset as people write it, such as UTC+3 or UTC-3:30."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
