"""Process groups of ours are ended whole, and nobody else is ever touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from storage import processgroups
from storage.processes import Process, current_process, is_alive, process_of
from storage.processgroups import end_group, environment, members, signal_process

TWO = (
    "import subprocess, time; child = subprocess.Popen(['sleep', '60']);"
    "print(child.pid, flush=True); time.sleep(60)"
)


@contextmanager
def group(env: dict[str, str] | None = None) -> Iterator[tuple[Process, Process]]:
    """A leader of a session, and a process that it started."""
    with subprocess.Popen(
        [sys.executable, "-c", TWO],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=env or dict(os.environ),
    ) as child:
        assert child.stdout is not None
        below = process_of(int(child.stdout.readline()))
        try:
            yield process_of(child.pid), below
        finally:
            for process in (process_of(child.pid), below):
                signal_process(process, signal.SIGKILL)


def killed(leader: Process) -> None:
    os.kill(leader.pid, signal.SIGKILL)
    os.waitpid(leader.pid, 0)


def test_a_group_is_ended_with_all_that_its_leader_started() -> None:
    with group() as (leader, below):
        before = members(leader)

        is_over = end_group(leader, 5.0)

        assert set(before) == {leader, below}
        assert is_over
        assert not is_alive(leader)
        assert not is_alive(below)


def test_what_a_killed_leader_left_is_ended_where_it_is_marked_as_ours() -> None:
    with group(environment("7 crawl")) as (leader, below):
        killed(leader)

        is_over = end_group(leader, 5.0)

        assert is_over
        assert not is_alive(below)


def test_a_process_in_the_session_of_a_gone_leader_that_is_not_ours_is_left_alone() -> None:
    with group() as (leader, below):
        killed(leader)

        end_group(leader, 0.0)

        assert is_alive(below)


def test_a_number_that_was_used_again_ends_nobody() -> None:
    with group(environment("7 crawl")) as (leader, below):
        boot, _, ticks = leader.started.rpartition(":")
        earlier = Process(leader.pid, f"{boot}:{int(ticks) - 1}")

        end_group(earlier, 0.0)

        assert members(earlier) == []
        assert is_alive(leader)
        assert is_alive(below)


def test_a_process_of_before_the_machine_was_started_anew_has_no_members() -> None:
    with group(environment("7 crawl")) as (leader, below):
        ticks = leader.started.rpartition(":")[2]

        end_group(replace(leader, started=f"another-boot:{ticks}"), 0.0)
        end_group(replace(leader, started=""), 0.0)

        assert is_alive(leader)
        assert is_alive(below)


def test_what_does_not_listen_is_killed_after_its_grace() -> None:
    deaf = ["sh", "-c", "trap '' TERM; sleep 60 & echo; wait; sleep 60"]
    with subprocess.Popen(deaf, start_new_session=True, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        leader = process_of(child.pid)

        is_over = end_group(leader, 0.2)

        assert is_over
        assert child.wait(5) == -signal.SIGKILL


def test_a_signal_reaches_this_very_process_or_nobody() -> None:
    with group() as (leader, _):
        assert not signal_process(replace(leader, started="another"), signal.SIGKILL)
        assert is_alive(leader)
        assert signal_process(leader, signal.SIGKILL)
    assert not signal_process(leader, signal.SIGKILL)
    assert is_alive(current_process())


def test_a_process_that_is_just_becoming_another_program_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = iter([b"", b"", b"HOME=/\0MARSAD_TASK=7 crawl\0"])
    monkeypatch.setattr(processgroups, "_environment_of", lambda pid: next(told))

    assert processgroups.is_marked(1)
