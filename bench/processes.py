"""Running a program and learning what it cost, with every process that it left behind."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU (user and system, all processes) and on the clock, and the exit code."""

    cpu: float
    wall: float
    code: int


def adopt_orphans() -> None:
    """Become the parent of our children's orphans, so that their CPU is counted too."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def cost_of(command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and its orphans' end; needs `adopt_orphans` before."""
    before, started = _children_cpu(), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, errors = process.communicate()
    wall = time.perf_counter() - started
    _wait_for_orphans()
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{command[:4]} failed: {errors.decode('utf-8', 'replace')[-2000:]}")
    return Cost(_children_cpu() - before, wall, process.returncode)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_orphans() -> None:
    """Reap what was adopted; a server that we started ourselves is not waited for."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.05)
