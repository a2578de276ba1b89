from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storage.database import Database, open_database
from storage.leases import MAX_WAIT, HostLeases

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

HOST = "sahifa.test"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leases(tmp_path: Path, clock: Clock) -> Iterator[HostLeases]:
    with open_database(tmp_path / "marsad.db") as database:
        yield HostLeases(database, clock=clock)


def test_a_free_host_is_granted_and_a_held_one_is_not(leases: HostLeases) -> None:
    assert leases.acquire(HOST, 1, 30) == 0.0
    assert leases.acquire(HOST, 2, 30) == 30.0
    assert leases.acquire("other.test", 2, 30) == 0.0


def test_the_holder_itself_waits_too(leases: HostLeases) -> None:
    leases.acquire(HOST, 1, 30)

    assert leases.acquire(HOST, 1, 30) > 0


def test_after_a_release_the_pause_is_waited_for(leases: HostLeases, clock: Clock) -> None:
    leases.acquire(HOST, 1, 30)
    leases.release(HOST, 1, 2)

    assert leases.acquire(HOST, 2, 30) == 2.0
    clock.now += 2
    assert leases.acquire(HOST, 2, 30) == 0.0


def test_a_killed_holder_loses_the_host_when_its_time_is_over(
    leases: HostLeases, clock: Clock
) -> None:
    leases.acquire(HOST, 1, 30)
    clock.now += 30

    assert leases.acquire(HOST, 2, 30) == 0.0


def test_a_late_release_frees_nothing_but_its_pause_counts(
    leases: HostLeases, clock: Clock
) -> None:
    leases.acquire(HOST, 1, 30)
    clock.now += 31
    leases.acquire(HOST, 2, 5)

    leases.release(HOST, 1, 60)

    assert leases.acquire(HOST, 3, 30) == 60.0


def test_retry_after_is_obeyed_and_never_shortened(leases: HostLeases, clock: Clock) -> None:
    leases.postpone(HOST, 600)
    leases.postpone(HOST, 5)
    leases.release(HOST, 1, 1)

    assert leases.acquire(HOST, 1, 30) == 600.0


@pytest.mark.parametrize("seconds", [1e9, math.inf, math.nan])
def test_an_absurd_retry_after_is_a_day_at_most(leases: HostLeases, seconds: float) -> None:
    leases.postpone(HOST, seconds)

    assert leases.acquire(HOST, 1, 30) == MAX_WAIT


def test_a_negative_retry_after_is_none(leases: HostLeases) -> None:
    leases.postpone(HOST, -5)

    assert leases.acquire(HOST, 1, 30) == 0.0


def test_a_clock_set_back_by_years_does_not_close_a_host(leases: HostLeases, clock: Clock) -> None:
    leases.postpone(HOST, 600)
    clock.now -= 10 * 365 * 86_400

    assert leases.acquire(HOST, 1, 30) == 0.0
    leases.release(HOST, 1, 2)
    assert leases.acquire(HOST, 1, 30) == 2.0


def test_a_run_that_ends_gives_its_hosts_back_and_keeps_their_pauses(desk: Desk) -> None:
    leases = HostLeases(desk.db, clock=Clock())
    run_id = desk.run()
    leases.acquire(HOST, run_id, 600)
    leases.acquire("slow.test", run_id, 600)
    leases.postpone("slow.test", 50)

    desk.runs.close(run_id, "interrupted")

    assert leases.acquire(HOST, run_id + 1, 30) == 0.0
    assert leases.acquire("slow.test", run_id + 1, 30) == 50.0


def test_who_knows_of_a_longer_pause_keeps_it_whoever_asked_last(
    leases: HostLeases, clock: Clock
) -> None:
    leases.acquire(HOST, 1, 30, 2)
    clock.now += 5
    leases.release(HOST, 1, 2)
    clock.now += 2

    assert leases.acquire(HOST, 2, 30, 10) == 8.0
    assert leases.acquire(HOST, 2, 30, 2) == 0.0


def test_a_killed_holder_is_taken_to_have_asked_until_its_time_was_over(
    leases: HostLeases, clock: Clock
) -> None:
    leases.acquire(HOST, 1, 30)
    clock.now += 31

    assert leases.acquire(HOST, 2, 30, 2) == 1.0


def test_the_pause_after_a_killed_run_counts_from_when_its_books_were_closed(desk: Desk) -> None:
    clock = Clock()
    clock.now = desk.clock().timestamp()
    leases = HostLeases(desk.db, clock=clock)
    run_id = desk.run()
    leases.acquire(HOST, run_id, 600)

    desk.runs.close(run_id, "interrupted")

    assert leases.acquire(HOST, run_id + 1, 30, 2) == 2.0


class PoliteCrawls(RuleBasedStateMachine):
    """Any mix of holders, kills and clock ticks: one at a time, and never before the pause."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = Clock()
        self.databases: list[Database] = [
            open_database(Path(self.folder.name) / "marsad.db") for _ in range(2)
        ]
        self.stores = [HostLeases(db, clock=self.clock) for db in self.databases]
        self.holder: int | None = None
        self.held_until = 0.0
        self.closed_until = 0.0

    @rule(holder=st.integers(0, 3), hold=st.integers(1, 60))
    def acquire(self, holder: int, hold: int) -> None:
        now = self.clock.now
        wait = self.stores[holder % 2].acquire(HOST, holder, hold)

        busy = self.holder is not None and now < self.held_until
        if wait == 0.0:
            assert not busy
            assert now >= self.closed_until
            self.holder, self.held_until = holder, now + hold
        else:
            assert busy or now < self.closed_until

    @rule(holder=st.integers(0, 3), pause=st.integers(0, 30))
    def release(self, holder: int, pause: int) -> None:
        self.stores[holder % 2].release(HOST, holder, pause)
        self.closed_until = max(self.closed_until, self.clock.now + pause)
        if self.holder == holder:
            self.holder = None

    @rule(seconds=st.integers(0, 900))
    def retry_after(self, seconds: int) -> None:
        self.stores[0].postpone(HOST, seconds)
        self.closed_until = max(self.closed_until, self.clock.now + seconds)

    @rule(seconds=st.floats(0.1, 400))
    def tick(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def at_most_one_row(self) -> None:
        assert self.databases[1].value("SELECT count(*) FROM host_leases") <= 1

    def teardown(self) -> None:
        for database in self.databases:
            database.close()
        self.folder.cleanup()


PoliteCrawls.TestCase.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
TestPoliteCrawls = PoliteCrawls.TestCase
