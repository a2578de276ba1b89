"""Which runs make a night: those of a slot and what ran since the slot before it.

Where nothing is scheduled, a night is what ran in a day up to the latest crawl: four hours of
lateness make no difference, so that a crawl that somebody starts every morning is a night each.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from sqlite3 import Row

from storage.connection import Connection
from storage.night_records import Night
from storage.seen_lately import FINDING
from storage.slots import Slot, SlotStore
from storage.times import decode_optional, decode_time, encode_time

LATELY = timedelta(days=28)
"""How far back nights are told and compared."""
STALE = timedelta(hours=36)
"""So long after its end a slot is the latest night."""
_DAY = timedelta(days=1)
_LATE = timedelta(hours=4)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ENDED = frozenset({"done", "failed"})
_RUNS = """
SELECT id, kind, slot_id, started_at, ended_at FROM runs WHERE started_at >= ? AND started_at <= ?
ORDER BY started_at, id
"""
_BEFORE = """
SELECT max(started_at) FROM runs
WHERE started_at < ? AND kind IN (SELECT value FROM json_each('["crawl", "demo", "nightly"]'))
"""


def of_slot(db: Connection, slot_id: int, now: datetime) -> list[Night]:
    """The night of a slot and those of its schedule before it, the latest first.

    A slot that was interrupted told nobody anything: what it did belongs to the next one. Raises
    KeyError where there is no such slot.
    """
    store = SlotStore(db)
    slot = store.get(slot_id)
    earliest = slot.due_at - LATELY - _DAY
    before = [
        one
        for one in store.history(slot.schedule, earliest).values()
        if one.due_at < slot.due_at and one.status in _ENDED
    ]
    slots = [*sorted(before, key=lambda one: one.started_at), slot]
    until = slot.ended_at or now
    runs = db.all(_RUNS, (encode_time(earliest), encode_time(max(until, slot.started_at))))
    mine = _by_slot(slots, runs)
    nights = [_of_slot(one, mine[one.id], now) for one in slots]
    return _chained(db, nights)


def of_last_day(db: Connection, now: datetime) -> list[Night]:
    """The night of whatever ran in the last 24 hours, and the days before, the latest first."""
    runs = db.all(_RUNS, (encode_time(now - LATELY - _DAY), encode_time(now)))
    looks = [decode_time(row["started_at"]) for row in runs if row["kind"] in FINDING]
    last = max(looks, default=now)
    if last < now - _DAY:
        last = now
    mine: defaultdict[int, list[Row]] = defaultdict(list)
    for row in runs:
        mine[max((last + _LATE - decode_time(row["started_at"])) // _DAY, 0)].append(row)
    tonight = _of_day(mine.pop(0, []), now)
    if _last_look(runs) is None or last == now:
        tonight = replace(tonight, at=now, until=now, day=now.date())
    nights = [_of_day(rows, now) for _, rows in sorted(mine.items(), reverse=True)]
    return _chained(db, [*nights, tonight])


def slot_told(
    db: Connection, schedules: Collection[str], now: datetime, day: date | None = None
) -> Slot | None:
    """The slot of these schedules whose night is told: that of a day, or else the latest one.

    The latest one counts while its night is not long over: afterwards nothing that is scheduled
    tells what was done last.
    """
    since = now - STALE if day is None else datetime.combine(day, time(), UTC) - _DAY
    found = [
        slot
        for name in schedules
        for slot in SlotStore(db).history(name, since - LATELY).values()
        if slot.status != "running" and (day is None or day_of(slot) == day)
    ]
    if day is None:
        # One further ahead is of a clock that was, and would be the latest night for years.
        lately = [slot for slot in found if slot.started_at <= now + _DAY]
        found = [slot for slot in lately if (slot.ended_at or slot.started_at) >= since]
    return max(found, key=lambda slot: slot.started_at, default=None)


def day_of(slot: Slot) -> date:
    """The day in a slot's name; of one without, the day (UTC) on which it was due."""
    found = _DATE.search(slot.slot)
    return date.fromisoformat(found[0]) if found else slot.due_at.date()


def _by_slot(slots: Sequence[Slot], runs: Sequence[Row]) -> defaultdict[int, list[Row]]:
    """The runs of each slot, by its id; what belongs to none of them goes to the next one."""
    known, starts = {one.id for one in slots}, [one.started_at for one in slots]
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in runs:
        place = bisect_left(starts, decode_time(row["started_at"]))
        if row["slot_id"] in known:
            found[row["slot_id"]].append(row)
        elif place < len(slots):
            found[slots[place].id].append(row)
    return found


def _of_slot(slot: Slot, runs: Sequence[Row], now: datetime) -> Night:
    own = [row for row in runs if row["slot_id"] == slot.id]
    at = _last_look(own) or slot.started_at
    ids = tuple(sorted(row["id"] for row in runs))
    return Night(day_of(slot), at, at, at, slot.ended_at or now, ids, slot)


def _of_day(runs: Sequence[Row], now: datetime) -> Night:
    starts = [decode_time(row["started_at"]) for row in runs]
    at = _last_look(runs) or max(starts, default=now)
    until = max((decode_optional(row["ended_at"]) or now for row in runs), default=now)
    return Night(at.date(), at, at, at, until, tuple(sorted(row["id"] for row in runs)))


def _last_look(runs: Sequence[Row]) -> datetime | None:
    looks = [decode_time(row["started_at"]) for row in runs if row["kind"] in FINDING]
    return max(looks, default=None)


def _chained(db: Connection, nights: Sequence[Night]) -> list[Night]:
    """The nights, the latest first, each since the one before it."""
    oldest = nights[0]
    before = db.value(_BEFORE, (encode_time(min(oldest.at, _began(db, oldest))),))
    # Longer ago than what is told here, it is not the night before.
    known = decode_time(before) if before else oldest.at - _DAY
    since = max(known, oldest.at - LATELY)
    chained = [replace(oldest, since=since, told_to=since, first=before is None)]
    chained += [
        replace(one, since=earlier.at, told_to=earlier.until) for earlier, one in pairwise(nights)
    ]
    return chained[::-1]


def _began(db: Connection, night: Night) -> datetime:
    """When the first run of a night was started."""
    if not night.runs:
        return night.at
    return decode_time(db.value("SELECT started_at FROM runs WHERE id = ?", (night.runs[0],)))
