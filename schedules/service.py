"""The scheduler: starts each schedule's slots when they are due, one process for each.

It remembers nothing. Which slots are done stands in the database, what is due is worked out from
the files (`plan`), and both are looked at anew after each start and end, at each time that is due,
and every few seconds: so a file that was changed, a clock that was set, a night that was slept
through and a run that was killed are seen without a restart.
"""

from __future__ import annotations

import logging
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from signal import SIGTERM

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from crawler.workspace import Workspace
from schedules.filewatch import FileWatch
from schedules.onlyone import scheduler_lock
from schedules.plan import REMEMBERED, decide, next_look
from schedules.planned import handed
from schedules.preparing import prepare
from schedules.records import Schedule
from schedules.recovering import recover
from schedules.systemd import notify
from schedules.tasks import MARSAD
from schedules.watching import AskedToStop, Child, Signals
from schedules.zones import ClockWatch
from storage.database import Database, open_database
from storage.errors import StorageError
from storage.processes import Process, is_alive
from storage.processgroups import end_group, environment, is_marked, signal_process
from storage.slots import SlotStore
from storage.times import utc_now

log = logging.getLogger(__name__)

LOOK_SECONDS = 20.0
"""Between two looks where nothing happens. Not by the clock on the wall, which may be set back."""
AGAIN_SECONDS = 60.0
"""Before the same slot is started again: what ends each start at once does not do it in a loop."""
STOP_SECONDS = 26.0
"""For the runs under way to end by themselves when we are asked to; then they are ended."""
MOST_AT_ONCE = 4
"""Schedules that run side by side; others wait until one of them has ended."""


class Service:
    """Runs the schedules of a workspace: all that are switched on, or those that are named."""

    def __init__(
        self,
        workspace: Workspace,
        names: Collection[str] = (),
        *,
        clock: Callable[[], datetime] = utc_now,
        look_seconds: float = LOOK_SECONDS,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        """Nothing is read before `serve`."""
        self._workspace, self._clock = workspace, clock
        self._look_seconds, self._again_seconds = look_seconds, again_seconds
        self._files = FileWatch(workspace.root, names)
        self._signals = Signals()
        self._planner = BackgroundScheduler(timezone=UTC)
        self._runs: dict[str, Child] = {}
        self._begun: dict[tuple[str, str], float] = {}  # by the clock that nobody sets
        self._watch = ClockWatch(clock(), time.monotonic())

    def serve(self) -> None:
        """Run until SIGTERM or SIGINT, and end within half a minute then.

        Raises SchedulerRunning, and ConfigErrors where no schedule can be read.
        """
        with scheduler_lock(self._workspace.root), self._signals:
            try:
                self._begin()
                self._look()
                while self._signals.wait(self._look_seconds) != "stop":
                    self._look()
            except AskedToStop:
                log.info("asked to end before anything was begun")
            notify("STOPPING=1")
            self._finish()

    # ------------------------------------------------------------ beginning and ending

    def _begin(self) -> None:
        self._files.look()
        self._planner.start()
        names = sorted(self._files.schedules)
        notify("READY=1", f"STATUS=schedules: {', '.join(names)}")
        log.info("scheduler started schedules=%s", ",".join(names))
        with self._signals.at_once():
            prepare(self._workspace, lambda *_: notify("WATCHDOG=1"))

    def _finish(self) -> None:
        """End the runs under way, those of a killed scheduler before us too."""
        self._planner.remove_all_jobs()  # one that falls due now would meet a closed executor
        if self._planner.running:
            self._planner.shutdown(wait=False)
        try:
            with open_database(self._workspace.database) as database:
                self._end_runs(database)
        except StorageError:
            log.exception("the runs under way could not be noted")
            _end(self._mine())

    def _end_runs(self, database: Database) -> None:
        slots = SlotStore(database)
        taken = [one.process for one in slots.running() if slots.lives(one)]
        _end({*self._mine(), *(process for process in taken if is_marked(process.pid))})
        recover(database, 0.0)
        log.info("scheduler ended")

    def _mine(self) -> set[Process]:
        return {child.process for child in self._runs.values() if child.exit_code is None}

    # ------------------------------------------------------------ a look

    def _look(self) -> None:
        """See what is due, start it, and plan the next look."""
        notify("WATCHDOG=1")
        self._note_clock()
        self._files.look()
        self._runs = {name: one for name, one in self._runs.items() if one.exit_code is None}
        try:
            with open_database(self._workspace.database) as database:
                recover(database)
                self._plan(dict(self._attend_all(SlotStore(database))))
        except (StorageError, OSError):  # a full disk, a busy database: it may be better soon
            log.exception("nothing could be started")

    def _note_clock(self) -> None:
        """Say where the clock was set, or the machine slept; the next look goes by the new one."""
        wall, monotonic = self._clock(), time.monotonic()
        if moved := self._watch.jump(wall, monotonic):
            log.warning("clock moved seconds=%d", moved.total_seconds())
        self._watch = ClockWatch(wall, monotonic)

    def _attend_all(self, slots: SlotStore) -> Iterator[tuple[str, datetime]]:
        """Start what is due; gives when to look again for each schedule."""
        for name, schedule in self._files.schedules.items():
            if name not in self._runs:
                when = self._attend(schedule, slots)
                if when is not None:
                    yield name, when

    def _attend(self, schedule: Schedule, slots: SlotStore) -> datetime | None:
        now, pause = self._clock(), self._files.pauses.get(schedule.name)
        history = slots.history(schedule.name, now - REMEMBERED)
        if untold := slots.untold(schedule.name):
            self._start(schedule, f"{untold[0].slot} told", ())
            return None
        due = decide(schedule, history, now, pause)
        if due is not None:
            self._start(schedule, due.slot, ("--slot", due.slot), due.missed)
            return None
        return next_look(schedule, history, now, pause)

    def _start(
        self, schedule: Schedule, work: str, words: Collection[str], missed: int = 0
    ) -> None:
        """Start a slot's process, unless it was started a moment ago or too much runs already.

        Without words it tells of what a killed one had not told, and does what is due then.
        """
        key, now = (schedule.name, work), time.monotonic()
        begun = self._begun.get(key)
        if len(self._runs) >= MOST_AT_ONCE or self._signals.stopped:
            return
        if begun is not None and now - begun < self._again_seconds:
            return
        self._begun[key] = now
        self._runs[schedule.name] = child = Child(
            [*MARSAD, "run", schedule.name, *words, "-w", str(self._workspace.root)],
            {**environment(f"schedule {schedule.name}"), **handed(schedule)},
            stdout=subprocess.DEVNULL,
        )
        child.notify(self._signals)
        said = "slot started schedule=%s slot=%s missed=%d pid=%d"
        log.info(said, schedule.name, work, missed, child.process.pid)

    def _plan(self, times: Mapping[str, datetime]) -> None:
        """Have each schedule looked at when its time has come."""
        self._planner.remove_all_jobs()
        ahead = self._clock() - datetime.now(UTC)  # the demo newsroom has a time of its own
        for name, when in times.items():
            self._planner.add_job(
                self._signals.tell,
                DateTrigger(when - ahead),
                args=("look",),
                # One id per time: the last job may not have left the executor yet, and a second
                # one of the same id would then be dropped.
                id=f"{name} {when.isoformat()}",
                misfire_grace_time=None,  # the default drops a job that is a second late
            )


def _end(processes: Collection[Process]) -> None:
    """Ask processes to end, and make them end that have not after a while."""
    for process in processes:
        signal_process(process, SIGTERM)
    give_up_at = time.monotonic() + STOP_SECONDS
    while any(map(is_alive, processes)) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    for process in processes:
        end_group(process, 0.0)
