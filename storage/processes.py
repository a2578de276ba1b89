"""Which process a run belongs to, and whether it still lives.

A process number alone is used again after a while; with the moment of its start and the boot of
the machine it never is. Linux tells both under /proc.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_STATE, _START = 2, 21  # fields 3 and 22 of /proc/PID/stat, proc(5)


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine: its number, and boot and start time as one text."""

    pid: int
    started: str


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
