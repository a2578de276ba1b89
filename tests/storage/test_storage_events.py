from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.events import EventStore
from storage.jobs import JobStore

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FEED = "https://sahifa.test/rss"


@pytest.fixture
def events(desk: Desk) -> EventStore:
    desk.run()
    return EventStore(desk.db, clock=desk.clock)


@pytest.fixture
def jobs(desk: Desk) -> JobStore:
    return JobStore(desk.db, clock=desk.clock)


def test_an_event_opened_twice_is_one_event_as_it_began(desk: Desk, events: EventStore) -> None:
    first = events.open("frozen", "ma_sahifa", FEED, {"newest": "2026-11-01"})
    desk.later(days=1)

    second = events.open("frozen", "ma_sahifa", FEED, {"newest": "later"})

    (event,) = events.current(["ma_sahifa"])
    assert first == second == event.id
    assert (event.evidence, event.closed_at) == ({"newest": "2026-11-01"}, None)


def test_a_closed_event_tells_its_end_and_may_open_anew(desk: Desk, events: EventStore) -> None:
    first = events.open("frozen", "ma_sahifa", FEED, {})
    desk.later(days=1)

    closed = events.close("frozen", "ma_sahifa", FEED, {"newest": "اليوم"})
    closed_again = events.close("frozen", "ma_sahifa", FEED)
    second = events.open("frozen", "ma_sahifa", FEED, {})

    assert (closed, closed_again) == (True, False)
    assert second != first
    (ended, current) = events.history()
    assert (ended.closed_at, ended.closing) == (desk.now, {"newest": "اليوم"})
    assert current.closed_at is None


def test_events_of_other_outlets_kinds_and_subjects_are_others(events: EventStore) -> None:
    ids = {
        events.open("frozen", "ma_sahifa", FEED, {}),
        events.open("frozen", "ma_sahifa", "", {}),
        events.open("blocked", "ma_sahifa", FEED, {}),
        events.open("frozen", "bh_marsa", FEED, {}),
    }

    assert len(ids) == 4
    assert len(events.current()) == 4
    assert [event.outlet_id for event in events.current(["bh_marsa"])] == ["bh_marsa"]


def test_a_job_goes_on_where_it_stopped(jobs: JobStore) -> None:
    start = jobs.start("reread", "reader-2")
    jobs.advance("reread", "reader-2", 250)

    assert (start, jobs.start("reread", "reader-2")) == (0, 250)
    assert jobs.start("reread", "reader-3") == 0


def test_a_finished_job_begins_anew(jobs: JobStore) -> None:
    jobs.start("reread", "reader-2")
    jobs.advance("reread", "reader-2", 250)
    jobs.finish("reread", "reader-2")

    assert jobs.start("reread", "reader-2") == 0


def test_a_job_that_never_started_cannot_advance(jobs: JobStore) -> None:
    with pytest.raises(KeyError):
        jobs.advance("reread", "x", 1)
    with pytest.raises(KeyError):
        jobs.finish("reread", "x")
