"""One attempt at one slot of a schedule: what `marsad run` does.

The slot is taken in the database, so that nobody else does its work; its tasks run one after
another, each in a session of its own, and are noted with their ends. What an earlier attempt has
done is not done again. A task that fails keeps none of the others: a backup is made also when the
crawl failed. Then all of it is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.workspace import Workspace
from schedules.pauses import read_pauses
from schedules.plan import REMEMBERED, Due, decide
from schedules.records import Schedule
from schedules.recovering import recover
from schedules.taskruns import TaskRunner, noted
from schedules.tasks import Ended, slot_status
from schedules.telling import Telling
from schedules.watching import AskedToStop, Signals
from storage.database import open_database
from storage.slotruns import run_of
from storage.slots import Slot, SlotStore, SlotTask
from storage.times import utc_now

log = logging.getLogger(__name__)

DONE, FAILED, NEEDS_A_PERSON = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt at a slot ended."""

    slot: Slot
    tasks: tuple[Ended, ...]
    problems: tuple[str, ...] = ()  # what could not be told

    @property
    def exit_code(self) -> int:
        """0 done · 1 failed or broken off · 3 done, but something needs a person."""
        if self.slot.status != "done":
            return FAILED
        return NEEDS_A_PERSON if self.problems or self.needs else DONE

    @property
    def needs(self) -> tuple[str, ...]:
        """Which tasks were done and need a person, and where that is told."""
        return tuple(one.need for one in self.tasks if one.needs_a_person)


def carry_out(
    workspace: Workspace, schedule: Schedule, due: Due, *, watched: bool = False
) -> Attempt:
    """Take a slot and do its work; where a person watches, the tasks speak to them.

    SIGTERM and SIGINT end it within half a minute, in good order: the slot is interrupted then,
    and may be taken again. Raises SlotTaken, and StorageError where nothing can be written.
    """
    with Signals() as signals, open_database(workspace.database) as database:
        recover(database)
        slot = SlotStore(database).take(
            schedule.name, due.slot, due.due_at, missed=due.missed, retries=schedule.retries
        )
        said = "slot taken schedule=%s slot=%s attempt=%d"
        log.info(said, slot.schedule, slot.slot, slot.attempts)
        runner = TaskRunner(workspace, schedule, slot, database, signals, watched)
        return Supervisor(runner).run()


class Supervisor:
    """Does the work of a slot that this process has taken."""

    def __init__(self, runner: TaskRunner) -> None:
        """Nothing is started before `run`."""
        self._runner, self._schedule, self._slot = runner, runner.schedule, runner.slot
        self._slots = SlotStore(runner.database)
        self._telling = Telling(runner.workspace, runner.schedule, runner.slot)

    def run(self) -> Attempt:
        """Do the tasks, close the slot, and tell how it went."""
        self._tell(self._telling.begin)
        tasks = tuple(self._tasks())
        status, said = slot_status(tasks)
        self._slots.end(self._slot.id, status, said)
        log.info("slot ended schedule=%s status=%s", self._schedule.name, status)
        if status != "interrupted" and self._tell(lambda: self._telling.end(status)):
            noted(lambda: self._slots.told(self._slot.id))
        problems = tuple(self._telling.problems)
        if problems:
            more = "; ".join(filter(None, (said, *problems)))
            noted(lambda: self._slots.say(self._slot.id, more))
        return Attempt(self._slots.get(self._slot.id), tasks, problems)

    def _tell(self, step: Callable[[], None]) -> bool:
        """Tell something, and whether it came to its end: a signal breaks it off anywhere."""
        try:
            with self._runner.signals.at_once():
                step()
        except AskedToStop:
            log.info("asked to end schedule=%s", self._schedule.name)
            return False
        return True

    def _tasks(self) -> Iterator[Ended]:
        """Do one task after another; after a signal, the rest is not begun."""
        earlier = {one.task: one for one in self._slots.tasks(self._slot.id)}
        for task in self._schedule.tasks:
            before = earlier.get(task)
            if before is not None and self._is_done(before):
                yield Ended(task, "done", before.exit_code)
            elif self._runner.signals.stopped:
                yield Ended(task, "interrupted", None, "it was not begun")
            else:
                yield self._runner.run(task)

    def _is_done(self, before: SlotTask) -> bool:
        """Whether a task was done in an earlier attempt, or its run was, and nobody lived to note
        it."""
        run = run_of(self._runner.database, before.process)
        if before.status == "interrupted" and run is not None and run.status == "done":
            noted(lambda: self._slots.end_task(self._slot.id, before.task, "done", None))
            return True
        return before.status == "done"


def what_is_due(
    workspace: Workspace, schedule: Schedule, clock: Callable[[], datetime] = utc_now
) -> Due | None:
    """The slot that a schedule has to do now, or None; what killed processes left is mended first.

    Raises ConfigErrors where the file of the pauses is wrong.
    """
    now, pause = clock(), read_pauses(workspace.root).get(schedule.name)
    with open_database(workspace.database) as database:
        recover(database)
        history = SlotStore(database).history(schedule.name, now - REMEMBERED)
    return decide(schedule, history, now, pause)
