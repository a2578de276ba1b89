"""A small server over years in seconds: its clocks, its power, and nobody who looks after it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness import ROOT

from schedules.plan import Due, decide, next_look
from schedules.records import Schedule
from storage.database import open_database
from storage.slots import Slot, SlotStore

REMEMBERED = timedelta(days=12)  # longer than any outage planted here; reading more takes longer
FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class PowerCut:
    """The machine is off from a moment (true time) on, for a while."""

    at: datetime
    dark: timedelta


@dataclass(frozen=True, order=True)
class ClockJump:
    """From a moment (true time) on the wall's clock is wrong by so much."""

    at: datetime
    wrong_by: timedelta


class Killer:
    """Takes slots in processes that are gone straight afterwards."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/schedules/slot_killer.py")],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def take(self, database: Path, now: datetime, order: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        whole = {**order, "database": str(database), "now": now.isoformat()}
        self._process.stdin.write(json.dumps(whole) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "gone\n"

    def close(self) -> None:
        self._process.communicate()


@dataclass
class Server:
    """One workspace's schedules on a machine whose time is `true`, and whose clock may be wrong."""

    database: Path
    schedules: Iterable[Schedule]
    killer: Killer
    true: datetime
    cuts: list[PowerCut] = field(default_factory=list)
    jumps: list[ClockJump] = field(default_factory=list)
    seed: int = 1
    killed: int = 0
    wrong_by: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        self.db = open_database(self.database)
        self.store = SlotStore(self.db, clock=lambda: self.now)
        self.by_name = {one.name: one for one in self.schedules}
        self.under_way: dict[str, tuple[datetime, int]] = {}  # until (true time), slot
        self.looks = dict.fromkeys(self.by_name, self.true)  # when each is asked again (true time)

    @property
    def now(self) -> datetime:
        """What the clock on the wall says."""
        return self.true + self.wrong_by

    def live_until(self, end: datetime) -> None:
        """Let the time pass, with all that is planted in it."""
        planted = [*self.cuts, *self.jumps]
        planted.sort(key=lambda one: one.at)
        while self.true < end:
            following = planted[0].at if planted else FAR
            ends = min((until for until, _ in self.under_way.values()), default=FAR)
            self.true = max(self.true, min(end, following, ends, *self.looks.values()))
            if planted and self.true >= following:
                self._strike(planted.pop(0))
            self._finish()
            for name in [name for name, at in self.looks.items() if at <= self.true]:
                self._look(name)
        while self.under_way:
            self.true = min(until for until, _ in self.under_way.values())
            self._finish()
        self.db.close()

    def _strike(self, what: PowerCut | ClockJump) -> None:
        if isinstance(what, ClockJump):
            self.wrong_by = what.wrong_by
        else:
            self.killed += len(self.under_way)
            self.under_way.clear()
            self.true += what.dark
            dead = self.store.recover()
            assert all(slot.status == "running" for slot, _ in dead)
        self.looks = dict.fromkeys(self.by_name, self.true)

    def _finish(self) -> None:
        """End the runs whose time has come: some fail twice, each other time they are done."""
        for name, (until, slot_id) in list(self.under_way.items()):
            if until <= self.true:
                slot = self.store.get(slot_id)
                fails = slot.failures < self._failures(slot)
                self.store.end(slot_id, "failed" if fails else "done")
                del self.under_way[name]
                self.looks[name] = self.true

    def _failures(self, slot: Slot) -> int:
        return random.Random(f"{self.seed} {slot.schedule} {slot.slot}").choice([0] * 20 + [1, 2])

    def _look(self, name: str) -> None:
        schedule = self.by_name[name]
        history = self.store.history(name, self.now - REMEMBERED)
        due = decide(schedule, history, self.now)
        if due is not None:
            assert name not in self.under_way, "never two at once"
            self._start(schedule, due)
            self.looks[name] = FAR
            return
        at = next_look(schedule, history, self.now)
        assert at is not None and at > self.now, "what is due now is given now"
        self.looks[name] = self.true + (at - self.now)

    def _start(self, schedule: Schedule, due: Due) -> None:
        minutes = random.Random(f"{schedule.name} {due.slot} {self.true}").randint(30, 150)
        until = self.true + timedelta(minutes=minutes)
        order = {
            "schedule": schedule.name,
            "slot": due.slot,
            "due_at": due.due_at,
            "missed": due.missed,
            "retries": schedule.retries,
        }
        if any(self.true < cut.at <= until for cut in self.cuts):  # this one will be killed
            self.killer.take(self.database, self.now, order | {"due_at": due.due_at.isoformat()})
            slot_id = next(one.id for one in self.store.latest(schedule.name) if not one.ended_at)
        else:
            slot_id = self.store.take(**order).id
        self.under_way[schedule.name] = (until, slot_id)


def slots_of(database: Path) -> list[Slot]:
    """All slots of a database, in the order of their times."""
    db = open_database(database)
    try:
        return sorted(SlotStore(db).latest(limit=1_000_000), key=lambda one: (one.due_at, one.id))
    finally:
        db.close()
