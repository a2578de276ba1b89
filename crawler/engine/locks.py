"""One process at a time for work that reads the whole archive and writes on what it read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.private import FILE_MODE
from storage.errors import DatabaseMissing


class AlreadyRunning(Exception):
    """Another process does the same work on the same archive at this moment."""


@contextmanager
def alone(database: Path, work: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of this work on an archive; the kernel frees it with the process.

    Raises DatabaseMissing, and AlreadyRunning where another one holds it and nobody waits.
    """
    if not database.is_file():
        raise DatabaseMissing(database)
    path = database.with_name(f"{database.name}-{work}.lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        _lock(handle, work, wait=wait)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, work: str, *, wait: bool) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise AlreadyRunning(f"another {work} of this archive is under way") from None
