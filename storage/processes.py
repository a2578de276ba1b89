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

PROC = Path("/proc")
STATE, GROUP, SESSION, START = 2, 4, 5, 21  # fields 3, 5, 6 and 22 of /proc/PID/stat, proc(5)


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
    return process_of(os.getpid())


def process_of(pid: int) -> Process:
    """The process of a number, such as a child just started; of one that is gone, with no start."""
    return Process(pid, _started(pid) or "")


def is_alive(process: Process) -> bool:
    """Whether this very process still runs; a zombie does not."""
    started = _started(process.pid)
    return started is not None and started == process.started


def _started(pid: int) -> str | None:
    """Boot id and start time in clock ticks, or None for a process that is gone."""
    fields, boot = stat_fields(pid), boot_id()
    if fields is None or boot is None or fields[STATE] in "ZX":
        return None
    return f"{boot}:{fields[START]}"


def stat_fields(pid: int) -> list[str] | None:
    """What /proc/PID/stat says, counted as in proc(5) from 0; None for a process that is gone."""
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The second field is the command in parentheses, and may itself hold spaces and ")".
    return ["", "", *stat.rpartition(")")[2].split()]


def boot_id() -> str | None:
    """What tells this boot of the machine from all others; None where nothing does."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
