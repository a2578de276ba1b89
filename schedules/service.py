"""The scheduler: one per workspace, starts each night's run in a process of its own."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from crawler.workspace import Workspace
from schedules.plan import Schedule, coming
from storage.database import open_database
from storage.runs import RunStore

log = logging.getLogger(__name__)

LOCK_FILE = "scheduler.lock"
GRACE_SECONDS = 30
"""Time that a run gets to end by itself when the scheduler is told to stop."""
REPORTED = frozenset({0, 1, 3})
"""Exit codes of a crawl that was carried out, also one of which much could not be read."""


Start = Callable[[Workspace, Schedule, date], "subprocess.Popen[bytes]"]
"""Starts a part of a night's work."""


class SchedulerRunning(Exception):
    """Another scheduler holds this workspace; the text names its process."""


@contextmanager
def scheduler_lock(root: Path) -> Iterator[None]:
    """Hold the workspace's one scheduler lock; raises SchedulerRunning. A dead holder has none."""
    fd = os.open(root / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as wrong:
        holder = os.pread(fd, 40, 0).decode("ascii", "replace").strip()
        os.close(fd)
        raise SchedulerRunning(f"process {holder} schedules this workspace already") from wrong
    os.ftruncate(fd, 0)
    os.pwrite(fd, str(os.getpid()).encode(), 0)
    try:
        yield
    finally:
        os.close(fd)


def nights_done(workspace: Workspace, schedule: Schedule) -> set[date]:
    """Local days whose run of this schedule is done."""
    database = open_database(workspace.database)
    try:
        return RunStore(database).nights(schedule.name)
    finally:
        database.close()


def run_night(workspace: Workspace, schedule: Schedule, day: date) -> subprocess.Popen[bytes]:
    """Start one night's crawl in a process group of its own."""
    return _start(workspace, schedule, day, "crawl")


def run_rechecks(workspace: Workspace, schedule: Schedule, day: date) -> subprocess.Popen[bytes]:
    """Start the looks at stored articles that belong to a night, likewise.

    After the crawl, and as a run of its own: what is new comes first, and neither can spoil the
    other. What a night cannot look at, or is stopped in, is still due the next night.
    """
    return _start(workspace, schedule, day, "recheck")


def _start(
    workspace: Workspace, schedule: Schedule, day: date, what: str
) -> subprocess.Popen[bytes]:
    outlets = [*schedule.outlets]
    outlets += ["--country", schedule.country] if schedule.country else []
    outlets += ["--all"] if schedule.everything else []
    # -P: no module of the folder we happen to stand in.
    command = [sys.executable, "-P", "-m", "crawler.cli.main", what, *outlets]
    command += ["--schedule", schedule.name, "--night", day.isoformat()]
    command += ["--workspace", str(workspace.root)]
    return subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)


class Service:
    """Plans the next night, runs it, and plans the one after it."""

    def __init__(
        self,
        workspace: Workspace,
        schedule: Schedule,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Nothing is planned before `serve`."""
        self._workspace, self._schedule, self._clock = workspace, schedule, clock
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._stop = threading.Event()
        self._news: SimpleQueue[date | None] = SimpleQueue()  # nights that ended; None: stop
        self._starting = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def serve(self) -> None:
        """Run until SIGTERM or SIGINT: a missed night first, then every night when it is due."""
        with scheduler_lock(self._workspace.root):
            signal.signal(signal.SIGTERM, self._asked_to_stop)
            signal.signal(signal.SIGINT, self._asked_to_stop)
            self._scheduler.start()
            self._plan_after(None)
            while isinstance(tried := self._news.get(), date):
                self._plan_after(tried)
            self._end_run()
            self._scheduler.shutdown(wait=True)

    def _asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self._stop.set()
        self._news.put(None)

    def _plan_after(self, tried: date | None) -> None:
        """Plan what comes after a night that was tried; None: after a start."""
        done = nights_done(self._workspace, self._schedule)
        day, when = coming(self._schedule, self._clock(), done, tried)
        log.info("schedule name=%s night=%s at=%s", self._schedule.name, day, when.isoformat())
        self._scheduler.add_job(
            self._night,
            DateTrigger(when),
            args=(day,),
            # One id per night: the last job may not have left the executor yet, and a second one
            # of the same id would then be dropped.
            id=f"{self._schedule.name} {day}",
            misfire_grace_time=None,  # the default drops a job that is a second late
        )

    def _night(self, day: date) -> None:
        """One night; the next is planned by `serve`: a job that plans may block a shutdown."""
        try:
            status = self._run(run_night, day)
            log.info("schedule name=%s night=%s exit=%s", self._schedule.name, day, status)
            if self._schedule.recheck and status in REPORTED:
                status = self._run(run_rechecks, day)
                name = self._schedule.name
                log.info("schedule name=%s rechecks of night=%s ended=%s", name, day, status)
        finally:
            self._news.put(day)

    def _run(self, start: Start, day: date) -> int | None:
        """Run a night's work to its end; None where we were asked to stop before it began."""
        with self._starting:
            if self._stop.is_set():
                return None
            self._running = start(self._workspace, self._schedule, day)
        return self._running.wait()

    def _end_run(self) -> None:
        """Ask the run under way to end, and make it end if it does not."""
        with self._starting:
            run = self._running
        if run is None or run.poll() is not None:
            return
        run.terminate()
        try:
            run.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
