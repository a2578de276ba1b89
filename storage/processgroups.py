"""A process group that we started: who is in it, and how it is ended without harm to others.

A task of a schedule leads a group and a session of its own, and whatever it starts is in them. When
the task is killed, what it started may live on: those are found by the group and session, which
keep the leader's number. The kernel gives that number to nobody else as long as one of them lives.
After that it may, even to a process that leads a session, starts others and goes. So, once the
leader is gone, a process counts only where

* its group or session is the leader's number, while no process has that number itself,
* it runs since this boot of the machine, and began after the leader did,
* the environment it began with says that it is of a task of ours (`environment`).

A number alone ends nobody.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from storage.processes import (
    GROUP,
    PROC,
    SESSION,
    START,
    STATE,
    Process,
    boot_id,
    is_alive,
    process_of,
    stat_fields,
)

_VARIABLE = "MARSAD_TASK"
_MARK = f"{_VARIABLE}=".encode()
_LOOK_SECONDS = 0.05
_LOOKS, _EXEC_SECONDS = 10, 0.005
"""While a process becomes another program, for some microseconds its environment reads empty."""
_LEFT_SECONDS = 2.0
_SURELY_SECONDS = 5.0
"""For a process that was killed to be gone; one that waits for a broken disk is not gone then."""


def environment(task: str) -> dict[str, str]:
    """Our own environment with the mark by which the processes of a task are known."""
    return {**os.environ, _VARIABLE: task}


def members(leader: Process) -> list[Process]:
    """The living processes of the group and session that this very process leads, or led."""
    boot, _, ticks = leader.started.rpartition(":")
    if not ticks or boot != boot_id():
        return []  # never seen alive, or before the machine was started anew
    fields = stat_fields(leader.pid)
    if fields is not None and fields[START] != ticks:
        return []  # the number is another's: then none of its group lives
    found = (_member(int(path.name), leader.pid) for path in PROC.glob("[0-9]*"))
    living = [process for process in found if process is not None]
    if fields is not None:
        return living
    return [one for one in living if _began_after(one, int(ticks)) and is_marked(one.pid)]


def end_group(leader: Process, grace_seconds: float) -> bool:
    """Ask a group to end, and make it end after so many seconds; whether it has ended.

    Asked is the leader, which ends those below it in good order. What is there without it, before
    or after, is asked itself and gets two seconds of the time at most.
    """
    give_up_at = time.monotonic() + grace_seconds
    signal_process(leader, signal.SIGTERM)
    _wait_until(lambda: not is_alive(leader), give_up_at)
    for process in members(leader):
        if process != leader:
            signal_process(process, signal.SIGTERM)
    _wait_until(lambda: not members(leader), min(give_up_at, time.monotonic() + _LEFT_SECONDS))
    surely_at = time.monotonic() + _SURELY_SECONDS
    while left := members(leader):  # they may have started others meanwhile
        for process in left:
            signal_process(process, signal.SIGKILL)
        if time.monotonic() > surely_at:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def signal_process(process: Process, number: signal.Signals) -> bool:
    """Send a signal to this very process, never to a later one of its number; whether it lived."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    try:
        if not is_alive(process):
            return False
        signal.pidfd_send_signal(handle, number)
    except (ProcessLookupError, PermissionError):  # gone meanwhile, or another user's by now
        return False
    finally:
        os.close(handle)
    return True


def _wait_until(is_over: Callable[[], bool], give_up_at: float) -> None:
    """Wait until something holds, or until a moment of the clock that nobody sets."""
    while not is_over() and time.monotonic() < give_up_at:
        time.sleep(_LOOK_SECONDS)


def _member(pid: int, leader: int) -> Process | None:
    """A living process of the session or group of this number; else None."""
    fields = stat_fields(pid)
    if fields is None or fields[STATE] in "ZX":
        return None
    if str(leader) not in (fields[GROUP], fields[SESSION]):
        return None
    process = process_of(pid)
    return process if process.started else None


def _began_after(process: Process, ticks: int) -> bool:
    return int(process.started.rpartition(":")[2]) >= ticks


def is_marked(pid: int) -> bool:
    """Whether a process began with the mark; False for those that we may not look at."""
    environ, looks = _environment_of(pid), 1
    while environ == b"" and looks < _LOOKS:  # in the middle of becoming another program
        time.sleep(_EXEC_SECONDS)
        environ, looks = _environment_of(pid), looks + 1
    return any(value.startswith(_MARK) for value in (environ or b"").split(b"\0"))


def _environment_of(pid: int) -> bytes | None:
    try:
        return (PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return None
