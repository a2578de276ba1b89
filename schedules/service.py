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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from crawler.workspace import Workspace
from schedules.plan import Schedule, missed, next_due
from storage.database import open_database
from storage.runs import RunStore

log = logging.getLogger(__name__)

LOCK_FILE = "scheduler.lock"
GRACE_SECONDS = 30
"""Time that a run gets to end by itself when the scheduler is told to stop."""


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
    what = [*schedule.outlets]
    what += ["--country", schedule.country] if schedule.country else []
    what += ["--all"] if schedule.everything else []
    command = [sys.executable, "-m", "crawler.cli.main", "crawl", *what]
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
        self._running: subprocess.Popen[bytes] | None = None

    def serve(self) -> None:
        """Run until SIGTERM or SIGINT: a missed night first, then every night when it is due."""
        with scheduler_lock(self._workspace.root):
            signal.signal(signal.SIGTERM, self._asked_to_stop)
            signal.signal(signal.SIGINT, self._asked_to_stop)
            self._scheduler.start()
            self._catch_up()
            self._stop.wait()
            self._scheduler.remove_all_jobs()
            self._end_run()
            self._scheduler.shutdown(wait=True)

    def _asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _catch_up(self) -> None:
        now = self._clock()
        day = missed(self._schedule, now, nights_done(self._workspace, self._schedule))
        if day is not None:
            log.info("schedule name=%s night=%s late=true", self._schedule.name, day)
            self._plan(day, now + timedelta(seconds=1))
        else:
            self._plan_next()

    def _plan_next(self) -> None:
        day = next_due(self._schedule, self._clock())
        self._plan(day, self._schedule.instant(day))

    def _plan(self, day: date, when: datetime) -> None:
        log.info("schedule name=%s night=%s at=%s", self._schedule.name, day, when.isoformat())
        self._scheduler.add_job(
            self._night,
            DateTrigger(when),
            args=(day,),
            id=self._schedule.name,
            replace_existing=True,
            misfire_grace_time=None,  # the default drops a job that is a second late
        )

    def _night(self, day: date) -> None:
        self._running = run_night(self._workspace, self._schedule, day)
        status = self._running.wait()
        self._running = None
        log.info("schedule name=%s night=%s exit=%s", self._schedule.name, day, status)
        if not self._stop.is_set():
            self._plan_next()

    def _end_run(self) -> None:
        run = self._running
        if run is None:
            return
        run.terminate()
        try:
            run.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
