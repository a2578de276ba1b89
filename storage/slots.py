"""Slots: the times at which a schedule's work was due, each taken by one process at a time.

A slot is named by its local day, or by its local time where a schedule has several a day: what
the clocks show twice in autumn is one slot, and what a jump of the clock repeats is the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from storage.connection import Connection
from storage.errors import SlotTaken
from storage.processes import LifeLock, Process, current_process, is_alive, lives
from storage.times import decode_optional, decode_time, encode_time, utc_now

MOST_ATTEMPTS = 12
"""How often a slot is begun at most, however often the power fails in it."""
_TOLD_WITHIN = timedelta(hours=24)
SLOT_ENDS = frozenset({"done", "failed", "interrupted"})
TASK_ENDS = SLOT_ENDS | {"timeout"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One time at which a schedule's work was due, and how it went."""

    id: int
    schedule: str
    slot: str  # "2026-11-22", "2026-11-22T14:00", "2026-11-22T13:15Z" or "now 2026-11-22T13:15:07Z"
    due_at: datetime
    status: str  # running, done, failed, interrupted
    attempts: int
    failures: int
    missed: int  # slots before it that nobody ran
    started_at: datetime  # of the last attempt
    ended_at: datetime | None
    process: Process
    said: str
    told_at: datetime | None = None  # when its report, alerts and messages had been made


@dataclass(frozen=True, slots=True)
class SlotTask:
    """A part of a slot's work, as its last attempt ended."""

    task: str
    status: str  # running, done, failed, interrupted, timeout
    exit_code: int | None
    started_at: datetime
    ended_at: datetime | None
    process: Process  # the leader of its process group
    said: str


@dataclass(frozen=True, slots=True)
class Coming:
    """What a schedule does next, as `schedules` works it out for those below it."""

    schedule: str
    slot: str
    at: datetime
    last_due: datetime | None = None  # when it was due last that should have begun by now
    paused: bool = False
    paused_until: datetime | None = None  # None while paused: until somebody resumes it


class SlotStore:
    """The slots of all schedules."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock
        self._locks: dict[int, LifeLock] = {}

    def take(
        self, schedule: str, slot: str, due_at: datetime, *, missed: int = 0, retries: int = 0
    ) -> Slot:
        """Take a slot for this process; `retries` is how often one that failed may be taken again.

        Raises SlotTaken, with the slot that is in the way, where it is done, failed too often or
        was interrupted too often, or where any slot of the schedule is under way. Slots whose
        process is gone have to be recovered before: they count as running here.
        """
        with self._db.write():
            self._refuse_beside(schedule)
            row = self._db.one(
                "SELECT * FROM slots WHERE schedule = ? AND slot = ?", (schedule, slot)
            )
            if row is None:
                slot_id = self._insert(schedule, slot, due_at, missed)
            else:
                slot_id = self._again(_slot_from(row), retries)
            lock = self._locks.setdefault(slot_id, self._lock_of(slot_id))
            lock.hold()
            return self.get(slot_id)

    def end(self, slot_id: int, status: str, said: str = "") -> None:
        """End a slot as done, failed or interrupted."""
        if status not in SLOT_ENDS:
            raise ValueError(f"a slot ends as one of {', '.join(sorted(SLOT_ENDS))}, not {status}")
        with self._db.write():
            self._db.execute(
                "UPDATE slots SET status = :status, ended_at = :at, said = :said, "
                "failures = failures + (:status = 'failed') WHERE id = :id",
                {"status": status, "at": self._now(), "said": said, "id": slot_id},
            )
            self._locks.pop(slot_id, self._lock_of(slot_id)).remove()

    def recover(self) -> list[tuple[Slot, tuple[SlotTask, ...]]]:
        """Close the slots whose process is gone as interrupted, and their tasks.

        Gives each with the tasks that were under way: their process groups may live on, and are
        the caller's to end.
        """
        with self._db.write():
            dead = [slot for slot in self.running() if not self.lives(slot)]
            return [(slot, self._interrupt(slot)) for slot in dead]

    def running(self) -> list[Slot]:
        """The slots that are under way, or were when their process was killed."""
        rows = self._db.all("SELECT * FROM slots WHERE status = 'running' ORDER BY id")
        return list(map(_slot_from, rows))

    def say(self, slot_id: int, said: str) -> None:
        """Change what is said of a slot, in a line for people."""
        with self._db.write():
            self._db.update("slots", slot_id, {"said": said})

    def told(self, slot_id: int) -> None:
        """Note that all was told of a slot that is closed."""
        with self._db.write():
            self._db.update("slots", slot_id, {"told_at": self._now()})

    def untold(self, schedule: str) -> list[Slot]:
        """Slots of the last 24 hours that ended while nobody lived to tell of them."""
        rows = self._db.all(
            "SELECT * FROM slots WHERE schedule = ? AND status IN ('done', 'failed') "
            "AND told_at IS NULL AND ended_at >= ? ORDER BY id",
            (schedule, encode_time(self._clock() - _TOLD_WITHIN)),
        )
        return [slot for slot in map(_slot_from, rows) if not is_alive(slot.process)]

    def claim_untold(self, schedule: str) -> Slot | None:
        """The first of `untold`, which is this process's to tell from now on; None without one."""
        with self._db.write():
            for slot in self.untold(schedule):
                process = current_process()
                values = {"pid": process.pid, "process": process.started}
                self._db.update("slots", slot.id, values)
                return self.get(slot.id)
        return None

    def lives(self, slot: Slot) -> bool:
        """Whether the process that took a slot still works on it."""
        return slot.status == "running" and lives(slot.process, self._lock_of(slot.id))

    def begin_task(self, slot_id: int, task: str, process: Process) -> None:
        """Note that a part of the work has begun, in a process group led by this process."""
        values = {
            "slot_id": slot_id,
            "task": task,
            "status": "running",
            "exit_code": None,
            "started_at": self._now(),
            "ended_at": None,
            "pid": process.pid,
            "process": process.started,
            "said": "",
        }
        with self._db.write():
            self._db.upsert("slot_tasks", ("slot_id", "task"), values)

    def end_task(
        self, slot_id: int, task: str, status: str, exit_code: int | None, said: str = ""
    ) -> None:
        """Note how a part of the work ended: done, failed, interrupted or timeout."""
        if status not in TASK_ENDS:
            raise ValueError(f"a task ends as one of {', '.join(sorted(TASK_ENDS))}, not {status}")
        with self._db.write():
            self._db.execute(
                "UPDATE slot_tasks SET status = ?, exit_code = ?, said = ?, ended_at = ? "
                "WHERE slot_id = ? AND task = ?",
                (status, exit_code, said, self._now(), slot_id, task),
            )

    def tasks(self, slot_id: int) -> list[SlotTask]:
        """The parts of a slot's work that were begun, in their order."""
        rows = self._db.all(
            "SELECT * FROM slot_tasks WHERE slot_id = ? ORDER BY started_at, task", (slot_id,)
        )
        return list(map(_task_from, rows))

    def get(self, slot_id: int) -> Slot:
        """The slot of a number; raises KeyError."""
        row = self._db.one("SELECT * FROM slots WHERE id = ?", (slot_id,))
        if row is None:
            raise KeyError(slot_id)
        return _slot_from(row)

    def latest(self, schedule: str | None = None, limit: int = 10) -> list[Slot]:
        """The last slots of a schedule (or of all), the newest first."""
        rows = self._db.all(
            "SELECT * FROM slots WHERE :schedule IS NULL OR schedule = :schedule "
            "ORDER BY due_at DESC, id DESC LIMIT :limit",
            {"schedule": schedule, "limit": limit},
        )
        return list(map(_slot_from, rows))

    def history(self, schedule: str, since: datetime) -> dict[str, Slot]:
        """The slots of a schedule that were due since a moment, by name."""
        rows = self._db.all(
            "SELECT * FROM slots WHERE schedule = ? AND due_at >= ? ORDER BY due_at, id",
            (schedule, encode_time(since)),
        )
        return {row["slot"]: _slot_from(row) for row in rows}

    # ------------------------------------------------------------ inside a transaction

    def _refuse_beside(self, schedule: str) -> None:
        row = self._db.one(
            "SELECT * FROM slots WHERE schedule = ? AND status = 'running'", (schedule,)
        )
        if row is not None:
            raise SlotTaken(_slot_from(row))

    def _insert(self, schedule: str, slot: str, due_at: datetime, missed: int) -> int:
        values = {
            "schedule": schedule,
            "slot": slot,
            "due_at": encode_time(due_at),
            "missed": missed,
        }
        return self._db.insert("slots", values | self._begun())

    def _again(self, slot: Slot, retries: int) -> int:
        too_often = slot.attempts >= MOST_ATTEMPTS or slot.failures > retries
        if slot.status == "done" or too_often:
            raise SlotTaken(slot)
        values = {"attempts": slot.attempts + 1, "ended_at": None, "said": "", "told_at": None}
        self._db.update("slots", slot.id, values | self._begun())
        return slot.id

    def _begun(self) -> dict[str, object]:
        process = current_process()
        return {
            "status": "running",
            "started_at": self._now(),
            "pid": process.pid,
            "process": process.started,
        }

    def _interrupt(self, slot: Slot) -> tuple[SlotTask, ...]:
        under_way = tuple(one for one in self.tasks(slot.id) if one.status == "running")
        for one in under_way:
            self.end_task(slot.id, one.task, "interrupted", None, "its process was gone")
        self.end(slot.id, "interrupted", "its process was gone")
        return under_way

    def _lock_of(self, slot_id: int) -> LifeLock:
        return LifeLock(self._db.path, f"slot-{slot_id}")

    def _now(self) -> str:
        return encode_time(self._clock())


def _slot_from(row: Row) -> Slot:
    return Slot(
        id=row["id"],
        schedule=row["schedule"],
        slot=row["slot"],
        due_at=decode_time(row["due_at"]),
        status=row["status"],
        attempts=row["attempts"],
        failures=row["failures"],
        missed=row["missed"],
        started_at=decode_time(row["started_at"]),
        ended_at=decode_optional(row["ended_at"]),
        process=Process(row["pid"], row["process"]),
        said=row["said"],
        told_at=decode_optional(row["told_at"]),
    )


def _task_from(row: Row) -> SlotTask:
    return SlotTask(
        task=row["task"],
        status=row["status"],
        exit_code=row["exit_code"],
        started_at=decode_time(row["started_at"]),
        ended_at=decode_optional(row["ended_at"]),
        process=Process(row["pid"], row["process"]),
        said=row["said"],
    )
