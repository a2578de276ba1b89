"""The lock by which a workspace has one scheduler, and who holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.private import FILE_MODE
from storage.times import encode_time, utc_now

LOCK_FILE = "scheduler.lock"


class SchedulerRunning(Exception):
    """Another scheduler holds this workspace; the text names its process."""


@contextmanager
def scheduler_lock(root: Path) -> Iterator[None]:
    """Hold the workspace's one scheduler lock; raises SchedulerRunning. A dead holder has none."""
    handle = os.open(root / LOCK_FILE, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        _lock(handle)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()} since {encode_time(utc_now())}".encode(), 0)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as wrong:
        holder = os.pread(handle, 60, 0).decode("ascii", "replace")
        message = f"process {holder} schedules this workspace already"
        raise SchedulerRunning(message) from wrong
