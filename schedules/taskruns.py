"""One task carried out as a child process, and noted in the database with its end."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crawler.private import FILE_MODE, make_folder
from crawler.workspace import Workspace
from schedules.records import Schedule
from schedules.tasks import FINE, Ended, command, ended
from schedules.watching import GRACE_SECONDS, LEFTOVER_SECONDS, Child, Signals
from storage.database import Database
from storage.errors import StorageError
from storage.processes import Process
from storage.processgroups import environment
from storage.runs import RunStore
from storage.slotruns import TaskRun, run_of
from storage.slots import Slot, SlotStore
from storage.times import utc_now

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TaskRunner:
    """Carries out the tasks of a slot that this process has taken."""

    workspace: Workspace
    schedule: Schedule
    slot: Slot
    database: Database
    signals: Signals
    watched: bool  # by a person at a terminal, to whom the tasks speak

    def run(self, task: str) -> Ended:
        """Carry out a task: it ends by itself, with its time limit, or when we are asked to end.

        Where it cannot be noted (the disk is full) it is done all the same.
        """
        errors = None if self.watched else self._errors_file(task)
        end = self._carry_out(task, errors)
        log.info("task ended task=%s status=%s exit=%s", task, end.status, end.exit_code)
        if errors is not None:
            _close(errors, keep=end.exit_code not in FINE)
        return end

    def _carry_out(self, task: str, errors: IO[bytes] | None) -> Ended:
        try:
            child = self._start(task, errors)
        except OSError as wrong:
            log.exception("a task could not be started task=%s", task)
            return Ended(task, "failed", None, f"it could not be started: {wrong.strerror}")
        slots, slot_id = SlotStore(self.database), self.slot.id
        noted(lambda: slots.begin_task(slot_id, task, child.process))
        end = self._watch(task, child)
        noted(lambda: slots.end_task(slot_id, task, end.status, end.exit_code, end.said))
        return end

    def _start(self, task: str, errors: IO[bytes] | None) -> Child:
        """Start a task. What it prints is for people: unwatched, it would stand in a journal,
        with the names of actors."""
        nowhere = None if self.watched else subprocess.DEVNULL
        return Child(
            command(task, self.schedule, self.slot.id, self.workspace.root),
            environment(f"{self.slot.id} {task}"),
            stdout=nowhere,
            stderr=errors or nowhere,
        )

    def _watch(self, task: str, child: Child) -> Ended:
        """Wait for the end of a task, and see to it that nothing of it is left."""
        news = child.watch(self.signals, self.schedule.time_limit.total_seconds())
        child.end(LEFTOVER_SECONDS if news == "ended" else GRACE_SECONDS)
        return ended(task, self.schedule, news, child.exit_code, self._books(child.process))

    def _books(self, process: Process) -> TaskRun | None:
        """How the run of a process went that is gone; its books are closed if it was killed."""
        noted(RunStore(self.database).recover)
        return run_of(self.database, process)

    def _errors_file(self, task: str) -> IO[bytes] | None:
        """Where a task writes what went wrong: why one broke off is found there."""
        stamp = f"{utc_now():%Y%m%dT%H%M%S}-{os.getpid()}"
        path = self.workspace.logs_dir / f"{self.schedule.name}-{task}-{stamp}.log"
        try:
            make_folder(path.parent)
            return open(path, "xb", opener=lambda name, how: os.open(name, how, FILE_MODE))
        except OSError:  # no room for one more file: what the task does matters more
            return None


def noted(write: Callable[[], object]) -> None:
    """Write something down; where that fails it is logged, and the work goes on."""
    try:
        write()
    except StorageError:
        log.exception("not noted")


def _close(errors: IO[bytes], *, keep: bool) -> None:
    """Close the file of a task's errors; one that says nothing of use goes."""
    errors.close()
    path = Path(errors.name)
    if not keep or not path.stat().st_size:
        path.unlink()
