"""What deserves an alert: looked for after each slot, opened once, closed when it is over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from crawler.engine.diskguard import room
from crawler.telling import alert_words as words
from crawler.telling.growth import growth
from crawler.telling.sizes import noted
from crawler.workspace import Workspace
from storage import status, trouble_reports
from storage.alerts import AlertStore, Finding, first_slot_at, stories_failure, wrong_captures
from storage.database import Database, open_database
from storage.reported import TroubleReport
from storage.slots import MOST_ATTEMPTS, Slot, SlotStore
from storage.upkeep import Upkeep, UpkeepRecord

FULL_WITHIN: Final = timedelta(days=14)
OVERDUE_AFTER: Final = timedelta(days=15)
"""Backup and verification are weekly work: twice missed."""
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""A slot that broke off is begun again within a part of a day only."""
FORGOTTEN_AFTER: Final = timedelta(days=35)
"""A schedule without a slot for so long is in use no more."""
SLOTS: Final = 200
"""Of so many last slots it is told how they went."""


def update(workspace: Workspace, now: datetime, zone_warnings: Sequence[str] = ()) -> None:
    """Open alerts for what deserves one now, and close those that are over.

    `zone_warnings` say how this machine's time zones differ from the packaged ones.
    """
    with open_database(workspace.database) as database:
        found = [
            *_troubles(database),
            *_slots(database, now),
            *_disk(workspace, database, now),
            *_care(database, now),
            *_data(database, now),
            *_zones(zone_warnings, now),
        ]
        AlertStore(database, clock=lambda: now).settle(found)


def _troubles(database: Database) -> Iterator[Finding]:
    """Outlets that need a person; several ways with one trouble are one alert."""
    groups: defaultdict[tuple[str, str], list[TroubleReport]] = defaultdict(list)
    for trouble in trouble_reports.listed(database):
        if trouble.needs_a_person:
            groups[trouble.kind, trouble.outlet_id].append(trouble)
    for (kind, outlet_id), troubles in groups.items():
        said, step = words.of_trouble(troubles[0], len(troubles))
        yield Finding(kind, outlet_id, said, step, min(one.since for one in troubles))


def _slots(database: Database, now: datetime) -> Iterator[Finding]:
    """Work that failed, was given up or never began, by schedule."""
    store = SlotStore(database)
    by_schedule: defaultdict[str, list[Slot]] = defaultdict(list)
    for slot in store.latest(limit=SLOTS):
        if _has_a_say(slot) and now - FORGOTTEN_AFTER < slot.due_at < now + words.AHEAD:
            by_schedule[slot.schedule].append(slot)
    for slots in by_schedule.values():
        last = slots[0]
        if last.status in ("failed", "running"):
            said = words.of_failed(last, store.tasks(last.id))
            yield Finding("slot_failed", last.schedule, *said, last.started_at)
        elif last.status == "interrupted" and _is_given_up(last, now):
            said = words.of_broken_off(last)
            yield Finding("slot_broken_off", last.schedule, *said, last.started_at)
        elif last.status == "done":
            yield from _missed(slots)


def _has_a_say(slot: Slot) -> bool:
    """Whether it says how its schedule fares; one that is tried again has failed until it ends."""
    return slot.status != "running" or slot.failures > 0


def _is_given_up(slot: Slot, now: datetime) -> bool:
    return slot.attempts >= MOST_ATTEMPTS or slot.due_at < now - GIVEN_UP_AFTER


def _missed(slots: Sequence[Slot]) -> Iterator[Finding]:
    """What was not done between the last slot, which was, and the one done before it."""
    last, ends, missed = slots[0], Counter[str](), slots[0].missed
    for slot in slots[1:]:
        if slot.status == "done":
            break
        ends["failed" if slot.status == "failed" else "was broken off"] += 1
        missed += slot.missed
    if missed or ends:
        said = words.of_missed(last, missed, ends)
        yield Finding("slots_missed", last.schedule, *said, last.started_at)


def _disk(workspace: Workspace, database: Database, now: datetime) -> Iterator[Finding]:
    left = room(workspace)
    forecast = growth(noted(database), left.free - left.reserve, now)
    free = f"{left.free // 1_000_000} MB are free"
    if forecast.outlook == "full":
        reserve = f"{left.reserve // 1_000_000} MB are kept in reserve"
        said = f"The disk is full: {free} and {reserve}, so nothing is collected"
    elif forecast.full_on and forecast.full_on <= (now + FULL_WITHIN).date():
        said = f"The disk is full on about {forecast.full_on.isoformat()}: {free}"
    else:
        return
    yield Finding("disk", "", said, words.DISK_STEP, now)


def _care(database: Database, now: datetime) -> Iterator[Finding]:
    """Backups and checks that failed or were forgotten."""
    upkeep, first = Upkeep(database), first_slot_at(database)
    for kind, noun, step in (
        ("backup", "backup", words.BACKUP_STEP),
        ("verify", "verification of what was stored", words.VERIFY_STEP),
    ):
        last = upkeep.latest(kind)
        if last is not None and last.ok is False and not _found_wrong(last):
            said = f"The last {noun} failed"
            yield Finding(f"{kind}_failed", "", said, step, last.ended_at or now)
        good = last if last is not None and _found_wrong(last) else upkeep.latest(kind, ok=True)
        since = (good.ended_at if good else None) or first
        if good and since and since > now + words.AHEAD:
            said = _capital(words.of_another_clock(noun, since))
            yield Finding(f"{kind}_overdue", "", said, f"{words.CLOCK} {step}", now)
        elif since is not None and since < now - OVERDUE_AFTER:
            said = f"No {noun} has been made for {(now - since).days} days"
            yield Finding(f"{kind}_overdue", "", said, step, now)


def _found_wrong(record: UpkeepRecord) -> bool:
    """Whether it did its work, and what it found is told by itself."""
    return words.found_wrong(record.figures)


def _capital(said: str) -> str:
    return said[0].upper() + said[1:]


def _data(database: Database, now: datetime) -> Iterator[Finding]:
    """What is stored and not as it should be."""
    checks: Iterable[tuple[str, Callable[[Database], str], str]] = (
        ("captures", _wrong_captures, words.CAPTURES_STEP),
        ("articles", _wrong_database, words.DATABASE_STEP),
        ("books", _unbalanced, words.BOOKS_STEP),
        ("stories", _stories, words.STORIES_STEP),
    )
    for kind, check, step in checks:
        if said := check(database):
            yield Finding(kind, "", said, step, now)


def _wrong_captures(database: Database) -> str:
    wrong = wrong_captures(database)
    return words.of_wrong(wrong, "capture") if wrong else ""


def _wrong_database(database: Database) -> str:
    last = Upkeep(database).latest("verify")
    return words.of_wrong_database(last.figures) if last else ""


def _unbalanced(database: Database) -> str:
    """Of the last run only: an old run's books are what they are."""
    wrong = status.unbalanced(database, newest=1)
    return f"The books of run {wrong[0][0]} do not balance" if wrong else ""


def _stories(database: Database) -> str:
    return "New articles could not be put into stories" if stories_failure(database) else ""


def _zones(warnings: Sequence[str], now: datetime) -> Iterator[Finding]:
    if warnings:
        yield Finding("zones", "", " ".join(warnings), words.ZONES_STEP, now)
