"""Which process a run belongs to, and whether it still lives.

A run, or a schedule's slot, holds a lock on a file beside the database for as long as its process
lives, which also those see who share the disk and not the process numbers (two containers on one
volume). Where that file is gone, the process number tells, with the moment of its start and the
boot of the machine: a number alone is used again after a while. Linux tells both under /proc.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_STATE, _START = 2, 21  # fields 3 and 22 of /proc/PID/stat, proc(5)


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine: its number, and boot and start time as one text."""

    pid: int
    started: str


class LifeLock:
    """The lock that says "this work's process lives"; the kernel frees it with the process."""

    def __init__(self, database: Path, work: str) -> None:
        """`work` is such as "run-12". Nothing is made before `hold`."""
        self._path = database.with_name(f"{database.name}-{work}.lock")
        self._fd: int | None = None

    def hold(self) -> None:
        """Take the lock for the rest of this process's life."""
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def is_held(self) -> bool | None:
        """Whether some process holds it; None where there is no such file."""
        try:
            fd = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    def remove(self) -> None:
        """Free it and take the file away, ours or a dead process's. Harmless twice."""
        with suppress(FileNotFoundError):
            self._path.unlink()
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def lives(process: Process, lock: LifeLock) -> bool:
    """Whether the work that holds (or held) this lock in this process is still under way."""
    held = lock.is_held()
    return is_alive(process) if held is None else held


def current_process() -> Process:
    """The process that we are."""
    pid = os.getpid()
    return Process(pid, _started(pid) or "")


def is_alive(process: Process) -> bool:
    """Whether this very process still runs; a zombie does not."""
    started = _started(process.pid)
    return started is not None and started == process.started


def _started(pid: int) -> str | None:
    """Boot id and start time in clock ticks, or None for a process that is gone."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    # The second field is the command in parentheses, and may itself hold spaces and ")".
    fields = ["", "", *stat.rpartition(")")[2].split()]
    return None if fields[_STATE] in "ZX" else f"{boot}:{fields[_START]}"
