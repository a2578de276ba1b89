"""How a workspace fares: what `marsad status` tells and the metrics are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.engine.diskguard import room
from crawler.telling import outlet_states, sizes, verdict
from crawler.telling.alert_words import AHEAD
from crawler.telling.growth import growth
from crawler.telling.status_records import (
    Captures,
    Disk,
    LastBackup,
    LastSlot,
    ScheduleState,
    Status,
)
from crawler.workspace import Workspace
from storage import reindexing
from storage import status as facts
from storage.alerts import TARGET, Alert, AlertStore, wrong_captures
from storage.connection import Connection
from storage.database import open_database
from storage.program import program_version
from storage.slots import Coming, Slot, SlotStore
from storage.times import utc_now
from storage.upkeep import Upkeep, UpkeepRecord

GRACE = timedelta(hours=2)
"""How long after it was due a schedule may still be on its way: a busy start, some jitter."""
SLOTS = 200
"""Of so many last slots of a schedule those of a clock that ran ahead are passed over."""


def status(
    workspace: Workspace,
    coming: Sequence[Coming] = (),
    *,
    zone_warnings: Collection[str] = (),
    wrong_files: Collection[str] = (),
) -> Status:
    """How the workspace fares now; `coming` is what `schedules` says is due next.

    `wrong_files` are the problems of the schedules' files: one that is wrong does not run.
    Nothing is written. Raises DatabaseMissing before the first run, and OlderSchema.
    """
    now = utc_now()
    with open_database(workspace.database, readonly=True) as db:
        known = _known(workspace, db, coming, now)
        beginning = facts.first_run(db)
    known = replace(
        known, zone_warnings=tuple(zone_warnings), wrong_files=tuple(map(str, wrong_files))
    )
    return verdict.judged(known, beginning or now)


def _known(workspace: Workspace, db: Connection, coming: Sequence[Coming], now: datetime) -> Status:
    """Everything but the judgement on it."""
    states = outlet_states.outlet_states(db, now)
    return Status(
        at=now,
        verdict="",
        code=0,
        matters=(),
        schedules=_schedules(db, coming, now),
        running=facts.under_way(db),
        outlets={str(state): count for state, count in outlet_states.counted(states).items()},
        outlets_to_see=tuple(
            sorted(
                (one for one in states if one.state != "well"),
                key=lambda one: outlet_states.STATES.index(one.state),
            )
        ),
        machine=outlet_states.of_ourselves(db),
        waiting=facts.waiting(db),
        articles=facts.articles(db),
        disk=_disk(workspace, db, now),
        captures=_captures(workspace, db),
        backup=_backup(workspace, db),
        care_failed=facts.failed_care(db),
        zone_warnings=(),
        version=program_version(),
        schema=facts.schema(db),
        unbalanced=facts.unbalanced(db),
        unindexed=reindexing.unindexed(db),
        deaf=_deaf(workspace, db),
    )


def _schedules(
    db: Connection, coming: Iterable[Coming], now: datetime
) -> tuple[ScheduleState, ...]:
    """Those that are coming, then those that ran once and are in no file now."""
    store, done = SlotStore(db), facts.schedules(db)
    due = {one.schedule: one for one in coming}
    named = [*due, *(name for name in done if name not in due)]
    return tuple(
        _upcoming(
            store, due.get(name), now, ScheduleState(name, _last(store, name, now), done.get(name))
        )
        for name in named
    )


def _upcoming(
    store: SlotStore, one: Coming | None, now: datetime, known: ScheduleState
) -> ScheduleState:
    """With what is due next, and with what was due and was not started."""
    if one is None:
        return known
    late = one.last_due if one.last_due is not None and one.last_due <= now - GRACE else None
    overdue = late is not None and not one.paused and not _was_begun(store, known.name, late, now)
    return replace(
        known,
        next_at=one.at,
        overdue_since=late if overdue else None,
        paused=one.paused,
        paused_until=one.paused_until,
    )


def _was_begun(store: SlotStore, name: str, late: datetime, now: datetime) -> bool:
    """Whether a slot was taken since a moment; one that is due in days is of another clock."""
    return any(slot.due_at <= now + AHEAD for slot in store.history(name, late).values())


def _last(store: SlotStore, name: str, now: datetime) -> LastSlot | None:
    latest = (slot for slot in store.latest(name, SLOTS) if slot.due_at <= now + AHEAD)
    slot = next(latest, None)
    if slot is None:
        return None
    return LastSlot(
        slot.slot,
        slot.due_at,
        _how(store, slot),
        slot.started_at,
        slot.ended_at,
        slot.missed,
        slot.said,
    )


def _how(store: SlotStore, slot: Slot) -> str:
    return "cut off" if slot.status == "running" and not store.lives(slot) else slot.status


def _disk(workspace: Workspace, db: Connection, now: datetime) -> Disk:
    left = room(workspace)
    foretold = growth(sizes.noted(db), left.free - left.reserve, now)
    return Disk(left, sizes.measured(workspace), foretold)


def _captures(workspace: Workspace, db: Connection) -> Captures:
    files = {path.name for path in workspace.warc_dir.glob("*.warc.gz")}
    times = [at for name, at in facts.verified(db).items() if name in files]
    return Captures(
        files=len(files),
        never=len(files) - len(times),
        wrong=wrong_captures(db),
        oldest=min(times, default=None),
        newest=max(times, default=None),
    )


def _deaf(workspace: Workspace, db: Connection) -> tuple[Alert, ...]:
    """A target that was taken out of marsad.toml is nobody's matter any more."""
    named = {target.name for target in workspace.settings.notify}
    found = AlertStore(db).current()
    return tuple(one for one in found if one.kind == TARGET and one.subject in named)


def _backup(workspace: Workspace, db: Connection) -> LastBackup | None:
    last = Upkeep(db).latest("backup", ok=True)
    if last is None or last.ended_at is None:
        return None
    size = last.figures.get("bytes")
    number = None if size is None else int(size)
    return LastBackup(last.ended_at, number, last.said, _is_whole(workspace, last))


def _is_whole(workspace: Workspace, backup: UpkeepRecord) -> bool:
    """Whether a backup's file lies where it was made; what lies elsewhere is not looked for."""
    if not backup.figures.get("at_home"):
        return True
    path = workspace.backups_dir / backup.said.partition(",")[0]
    return path.is_file() and path.stat().st_size == backup.figures.get("bytes")
