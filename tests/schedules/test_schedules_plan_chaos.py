"""Whatever power and clocks do, in whatever order: no slot twice, none early, one caught up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slotrows import row

from schedules.plan import decide, next_look
from schedules.records import Schedule
from storage.slots import Slot

KINDS: tuple[dict[str, Any], ...] = (
    {"at": "02:30"},
    {"at": "04:30", "jitter": timedelta(hours=2)},
    {"cron": "30 2,14 * * *"},
    {"every": timedelta(hours=5), "jitter": timedelta(minutes=30)},
)
SCHEDULES = st.builds(
    lambda kind, zone, hours: Schedule(
        name="n", zone=zone, everything=True, retries=1, catch_up_hours=hours, **kind
    ),
    st.sampled_from(KINDS),
    st.sampled_from(["Africa/Casablanca", "Asia/Bahrain"]),
    st.sampled_from([0.0, 4.0, 18.0, 200.0]),
)
HOURS = st.integers(1, 100)
EVENTS = st.one_of(
    st.tuples(st.just("wait"), HOURS),
    st.tuples(st.just("dark"), st.integers(1, 400)),
    st.tuples(st.just("clock"), st.integers(-30, 30)),
    st.tuples(st.just("fails"), st.just(0)),
)
STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC))


class Machine:
    """A schedule on a machine; its runs take an hour, and its rows are those of the database."""

    def __init__(self, schedule: Schedule, now: datetime) -> None:
        self.schedule, self.now = schedule, now
        self.rows: dict[str, Slot] = {}
        self.running: str | None = None
        self.ends = now
        self.fails = False
        self.begun: list[str] = []  # slots that were begun for the first time
        self.done: list[str] = []

    def wait(self, span: timedelta) -> None:
        end = self.now + span
        while self.now < end:
            self.start()
            look = next_look(self.schedule, self.rows, self.now)
            assert look is not None
            if self.running is not None:
                look = self.ends
            self.now = min(end, look)
            if self.running is not None and look <= end:
                self.finish()

    def start(self) -> None:
        due = decide(self.schedule, self.rows, self.now)
        if due is None:
            return
        assert self.running is None, "never two at once"
        assert due.slot not in self.done, "never again what is done"
        assert self.now >= due.due_at, "never early"
        known = self.rows.get(due.slot)
        if known is None:
            self.begun.append(due.slot)
            known = row(due.slot, due.due_at, attempts=0)
        self.rows[due.slot] = replace(
            known, status="running", attempts=known.attempts + 1, started_at=self.now, ended_at=None
        )
        self.running, self.ends = due.slot, self.now + timedelta(hours=1)

    def finish(self, status: str = "") -> None:
        if self.running is not None:
            status = status or ("failed" if self.fails else "done")
            was = self.rows[self.running]
            failures = was.failures + (status == "failed")
            self.rows[self.running] = replace(
                was, status=status, failures=failures, ended_at=self.now
            )
            if status == "done":
                self.done.append(self.running)
            self.running, self.fails = None, False

    def clock(self, span: timedelta) -> None:
        """The clock on the wall is moved; a run takes no longer and no shorter for it."""
        self.now += span
        self.ends += span

    def dark(self, span: timedelta) -> None:
        """The power fails; what ran is found and closed when it is back."""
        self.now += span
        self.finish("interrupted")


@settings(max_examples=150, deadline=None)
@given(SCHEDULES, STARTS, st.lists(EVENTS, max_size=12))
def test_whatever_happens_no_slot_is_done_twice_or_early_or_beside_another(
    schedule: Schedule, start: datetime, events: list[tuple[str, int]]
) -> None:
    machine = Machine(schedule, start)

    for what, hours in events:
        span = timedelta(hours=hours)
        if what == "wait":
            machine.wait(span)
        elif what == "dark":
            machine.dark(span)
        elif what == "fails":
            machine.fails = True
        else:
            machine.clock(span)

    assert len(machine.done) == len(set(machine.done))
    assert all(slot.attempts <= 12 and slot.failures <= 2 for slot in machine.rows.values())


@settings(max_examples=100, deadline=None)
@given(SCHEDULES, STARTS, st.integers(30, 800))
def test_however_long_it_was_dark_one_slot_at_most_is_made_up_for(
    schedule: Schedule, start: datetime, hours: int
) -> None:
    machine = Machine(schedule, start)
    machine.wait(timedelta(hours=30))
    before = len(machine.begun)
    machine.dark(timedelta(hours=hours))
    back = machine.now

    machine.wait(timedelta(minutes=1))
    machine.wait(timedelta(hours=4))
    made_up = [slot for slot in machine.begun[before:] if machine.rows[slot].due_at < back]

    # A slot that was due a moment before, and waits for its jitter, is late and not made up for.
    late = [slot for slot in made_up if machine.rows[slot].started_at > back]
    assert len(made_up) - len(late) <= 1
    assert len(late) <= 1
