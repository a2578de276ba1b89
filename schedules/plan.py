"""What is to be started and when: decisions without a clock, a database or a process.

A slot is started once it is due, and what came of it stands in its row. Of the slots that nobody
ran only the last one is made up for, so that an outage of a week costs one run, not seven.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schedules.cron import GridTimes, LocalTimes, Moment, Times, cron_line, daily_time
from schedules.pauses import Pause
from schedules.records import Schedule
from storage.slots import MOST_ATTEMPTS, Coming, Slot

REMEMBERED = timedelta(days=35)
"""How far back the slots of a schedule have to be known: further than anything is made up for."""
MOST_MISSED = 1_000
"""More missed slots than that are not counted."""
ON_TIME = timedelta(minutes=5)
"""A start that is late by no more than this is no catching up."""
ON_ITS_WAY = timedelta(hours=2)
"""For so long after it was due nobody is told that a slot was not begun."""
AT_ONCE = 3
"""So often a slot that was interrupted is begun again without waiting."""
BREATH = timedelta(minutes=1)
"""Then it waits, each time so much longer: what ends every attempt the same way has no need to
use them all up within a minute."""
_NOW = "now "


@dataclass(frozen=True, slots=True)
class Due:
    """A slot that is to be started."""

    slot: str
    due_at: datetime
    missed: int = 0
    """How many slots before it nobody ran since the last one that was done."""


def times_of(schedule: Schedule) -> Times:
    """The times of a schedule; raises ValueError for one that says none."""
    zone = ZoneInfo(schedule.zone)
    if schedule.at is not None:
        return LocalTimes(zone, daily_time(schedule.at), by_day=True)
    if schedule.cron is not None:
        return LocalTimes(zone, cron_line(schedule.cron), by_day=False)
    if schedule.every is not None:
        return GridTimes(schedule.every)
    raise ValueError("the schedule says neither at, cron nor every")


def due_at(schedule: Schedule, slot: str) -> datetime:
    """The instant (UTC) at which a slot is due; raises ValueError where there is no such slot."""
    if slot.startswith(_NOW):
        return datetime.fromisoformat(slot.removeprefix(_NOW))
    return times_of(schedule).named(slot).at


def now_slot(now: datetime) -> Due:
    """A slot of its own for work that a person wants at once."""
    return Due(f"{_NOW}{now:%Y-%m-%dT%H:%M:%SZ}", now.replace(microsecond=0))


def last_due(schedule: Schedule, now: datetime) -> Moment:
    """The newest slot that is due at `now`."""
    return times_of(schedule).upto(now)


def next_due(schedule: Schedule, now: datetime) -> Moment:
    """The first slot that is due after `now`."""
    return times_of(schedule).after(now)


def starts_at(schedule: Schedule, moment: Moment) -> datetime:
    """When a slot is started: its jitter later than it is due, the same whoever asks.

    Never more than half of the way to the next slot, so that slots keep their order.
    """
    if not schedule.jitter:
        return moment.at
    digest = hashlib.sha256(f"{schedule.name} {moment.slot}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32
    half = (next_due(schedule, moment.at).at - moment.at) / 2
    later = min(schedule.jitter * share, half)
    return moment.at + timedelta(seconds=int(later.total_seconds()))


def coming(schedule: Schedule, now: datetime, pause: Pause | None = None) -> Coming | None:
    """The next slot of a schedule and when it starts; None for one that is switched off."""
    if not schedule.enabled:
        return None
    paused = pause is not None and pause.holds(now)
    until = pause.until if pause is not None and paused else None
    moment = _next_start(schedule, max(now, until) if until else now)
    return Coming(
        schedule=schedule.name,
        slot=moment.slot,
        at=starts_at(schedule, moment),
        last_due=_last_start(schedule, now - ON_ITS_WAY).at,
        paused=paused,
        paused_until=until,
    )


def _next_start(schedule: Schedule, now: datetime) -> Moment:
    """The first slot that is started after `now`: perhaps one that is due already."""
    last = last_due(schedule, now)
    return last if starts_at(schedule, last) > now else next_due(schedule, now)


def decide(
    schedule: Schedule, history: Mapping[str, Slot], now: datetime, pause: Pause | None = None
) -> Due | None:
    """The slot to start at `now`, or None.

    `history` are the schedule's slots of the last REMEMBERED days by name, with those whose
    process is gone already closed. Nothing is started beside one that is running.
    """
    if _rests(schedule, history, now, pause):
        return None
    moment = _last_start(schedule, now)
    if not _may_start(schedule, moment, history.get(moment.slot), now):
        return None
    return Due(moment.slot, moment.at, missed(schedule, history, moment.at))


def next_look(
    schedule: Schedule, history: Mapping[str, Slot], now: datetime, pause: Pause | None = None
) -> datetime | None:
    """When `decide` may next give something: `now` where it does, None where it never will.

    Beside that it is to be asked whenever a slot has ended or a file has changed.
    """
    if decide(schedule, history, now, pause) is not None:
        return now
    following = coming(schedule, now, pause)
    if following is None or (following.paused and following.paused_until is None):
        return None
    if following.paused_until is not None:
        return following.paused_until
    moment = _last_start(schedule, now)
    again = _ready(schedule, moment, history.get(moment.slot))
    return min(again, following.at) if again is not None and again > now else following.at


def missed(schedule: Schedule, history: Mapping[str, Slot], before: datetime) -> int:
    """How many slots due before a moment nobody ran since one was done; MOST_MISSED at most.

    Where none is remembered as done, since the first that was tried: what was before that was
    before the schedule.
    """
    known = [one for one in history.values() if one.due_at < before and _is_regular(one)]
    done = [one.due_at for one in known if one.status == "done"]
    since = max(done) if done else min((one.due_at for one in known), default=before)
    count = 0
    while count < MOST_MISSED and (one := next_due(schedule, since)).at < before:
        since = one.at
        count += one.slot not in history
    return count


def _rests(
    schedule: Schedule, history: Mapping[str, Slot], now: datetime, pause: Pause | None
) -> bool:
    paused = pause is not None and pause.holds(now)
    running = any(one.status == "running" for one in history.values())
    return paused or running or not schedule.enabled


def _last_start(schedule: Schedule, now: datetime) -> Moment:
    """The newest slot whose start has come."""
    last = last_due(schedule, now)
    if starts_at(schedule, last) <= now:
        return last
    return last_due(schedule, last.at - timedelta(microseconds=1))


def _ready(schedule: Schedule, moment: Moment, slot: Slot | None) -> datetime | None:
    """When a slot may be started, also for another time; None: not any more."""
    start = starts_at(schedule, moment)
    if slot is None:
        return start
    ended = slot.ended_at or slot.started_at
    if slot.attempts >= MOST_ATTEMPTS or slot.status in ("done", "running"):
        return None
    if slot.status == "interrupted":
        return max(start, ended + max(0, slot.attempts - AT_ONCE) * BREATH)
    if slot.failures > schedule.retries:
        return None
    return max(start, ended + schedule.retry_after)


def _may_start(schedule: Schedule, moment: Moment, slot: Slot | None, now: datetime) -> bool:
    """Whether a slot is to be started: now that it is ready, and while it is young enough.

    One that would have to wait for longer than any wait was ended by a clock that ran ahead and
    has been set back since: it does not wait.
    """
    ready = _ready(schedule, moment, slot)
    if ready is None:
        return False
    start = starts_at(schedule, moment)
    planned = ready if slot is not None and slot.status == "failed" else start
    longest = max(schedule.retry_after, MOST_ATTEMPTS * BREATH)
    young = now <= max(start + schedule.catch_up, planned + ON_TIME)
    return young and (ready <= now or ready - now > longest)


def _is_regular(slot: Slot) -> bool:
    return not slot.slot.startswith(_NOW)
