"""What is started and when: the last slot, once, and again only where that helps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slotrows import history, row

from schedules.cron import Moment
from schedules.pauses import Pause
from schedules.plan import (
    MOST_MISSED,
    Due,
    coming,
    decide,
    due_at,
    last_due,
    missed,
    next_due,
    next_look,
    now_slot,
    starts_at,
)
from schedules.records import Schedule
from storage.slots import MOST_ATTEMPTS, Slot

NIGHTLY = Schedule(name="nightly", zone="Asia/Baghdad", at="04:30", everything=True, retries=2)
OFTEN = Schedule(name="often", zone="UTC", every=timedelta(minutes=30), everything=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # half past four in Baghdad
TONIGHT = Due("2026-03-02", DUE)


def tonight(status: str, **changes: object) -> dict[str, Slot]:
    return history(row("2026-03-02", DUE, status, **changes))


def test_a_night_is_started_when_it_is_due_and_not_before() -> None:
    before = history(row("2026-03-01", DUE - DAY))

    assert decide(NIGHTLY, before, DUE - timedelta(seconds=1)) is None
    assert next_look(NIGHTLY, before, DUE - timedelta(seconds=1)) == DUE
    assert decide(NIGHTLY, before, DUE) == TONIGHT


def test_a_missed_night_is_made_up_for_only_while_it_is_young() -> None:
    assert decide(NIGHTLY, {}, DUE + 18 * HOUR) == TONIGHT
    assert decide(NIGHTLY, {}, DUE + 18 * HOUR + timedelta(seconds=1)) is None


def test_a_night_that_is_done_is_not_started_again() -> None:
    done = tonight("done", ended_at=DUE + HOUR)

    assert decide(NIGHTLY, done, DUE + HOUR) is None
    assert next_look(NIGHTLY, done, DUE + HOUR) == DUE + DAY


def test_after_nine_dark_days_one_night_is_made_up_for_and_eight_are_counted() -> None:
    before = history(row("2026-03-02", DUE))

    due = decide(NIGHTLY, before, DUE + 9 * DAY + HOUR)

    assert due == Due("2026-03-11", DUE + 9 * DAY, missed=8)


def test_nothing_is_missed_before_the_first_night_that_was_tried() -> None:
    tried = history(row("2026-03-01", DUE - DAY, "failed"))

    assert decide(NIGHTLY, {}, DUE) == TONIGHT
    assert missed(NIGHTLY, tried, DUE) == 0
    assert missed(NIGHTLY, tried, DUE + 2 * DAY) == 2


def test_a_night_that_was_tried_was_not_missed() -> None:
    before = history(row("2026-03-02", DUE), row("2026-03-04", DUE + 2 * DAY, "failed"))

    assert missed(NIGHTLY, before, DUE + 4 * DAY) == 2


def test_a_run_that_a_person_asked_for_is_no_night() -> None:
    asked = now_slot(DUE + DAY + HOUR)
    rows = history(row("2026-03-02", DUE), row(asked.slot, asked.due_at))

    assert asked.slot == "now 2026-03-03T02:30:00Z"
    assert due_at(NIGHTLY, asked.slot) == asked.due_at
    assert decide(NIGHTLY, rows, DUE + DAY + HOUR) == Due("2026-03-03", DUE + DAY)
    assert missed(NIGHTLY, rows, DUE + 2 * DAY) == 1


def test_more_than_a_thousand_missed_slots_are_not_counted() -> None:
    before = history(row("2026-03-02T01:30Z", DUE))

    assert missed(OFTEN, before, DUE + 30 * DAY) == MOST_MISSED


@pytest.mark.parametrize("slot", ["2026-03-01", "now 2026-03-02T01:00:00Z", "2026-03-02T14:00"])
def test_nothing_is_started_while_anything_of_the_same_schedule_runs(slot: str) -> None:
    running = history(row(slot, DUE - HOUR, "running"))

    assert decide(NIGHTLY, running, DUE + HOUR) is None


def test_a_night_that_was_cut_off_goes_on_at_once() -> None:
    cut_off = tonight("interrupted", ended_at=DUE + 3 * HOUR)

    assert decide(NIGHTLY, cut_off, DUE + 3 * HOUR) == TONIGHT


def test_a_night_that_is_cut_off_again_and_again_waits_longer_each_time() -> None:
    fifth = tonight("interrupted", attempts=5, ended_at=DUE)

    assert decide(NIGHTLY, fifth, DUE + timedelta(seconds=119)) is None
    assert next_look(NIGHTLY, fifth, DUE + timedelta(seconds=119)) == DUE + timedelta(minutes=2)
    assert decide(NIGHTLY, fifth, DUE + timedelta(minutes=2)) == TONIGHT


def test_a_night_is_begun_twelve_times_at_most() -> None:
    last = tonight("interrupted", attempts=MOST_ATTEMPTS, ended_at=DUE)

    assert decide(NIGHTLY, last, DUE + HOUR) is None
    assert next_look(NIGHTLY, last, DUE + HOUR) == DUE + DAY


def test_a_night_that_was_cut_off_is_too_old_a_day_later_however_late_that_was_found() -> None:
    found_late = tonight("interrupted", ended_at=DUE + 20 * HOUR)

    assert decide(NIGHTLY, found_late, DUE + 20 * HOUR) is None


def test_a_night_that_failed_is_tried_again_after_a_while_and_so_often_as_the_file_says() -> None:
    failed = tonight("failed", ended_at=DUE + HOUR)
    again = DUE + HOUR + NIGHTLY.retry_after
    once_more = tonight("failed", attempts=2, failures=2, ended_at=DUE + HOUR)
    given_up = tonight("failed", attempts=3, failures=3, ended_at=DUE + HOUR)

    assert decide(NIGHTLY, failed, again - timedelta(seconds=1)) is None
    assert next_look(NIGHTLY, failed, again - timedelta(seconds=1)) == again
    assert decide(NIGHTLY, failed, again) == TONIGHT
    assert decide(NIGHTLY, once_more, again) == TONIGHT
    assert decide(NIGHTLY, given_up, again) is None


def test_power_cuts_do_not_use_up_the_retries_of_failures() -> None:
    failed = tonight("failed", attempts=6, failures=1, ended_at=DUE)

    assert decide(NIGHTLY, failed, DUE + HOUR) == TONIGHT


def test_a_schedule_that_makes_up_for_nothing_still_starts_and_tries_again() -> None:
    strict = NIGHTLY.model_copy(update={"catch_up_hours": 0.0})
    failed = tonight("failed", ended_at=DUE + 6 * HOUR)

    assert decide(strict, {}, DUE + timedelta(minutes=4)) == TONIGHT
    assert decide(strict, {}, DUE + timedelta(minutes=6)) is None
    assert decide(strict, failed, DUE + 6 * HOUR + strict.retry_after) == TONIGHT


def test_a_clock_that_was_set_back_does_not_make_a_retry_wait_for_a_day() -> None:
    ended_tomorrow = tonight("failed", ended_at=DUE + DAY)

    assert decide(NIGHTLY, ended_tomorrow, DUE + HOUR) == TONIGHT


def test_a_night_that_ran_by_a_clock_a_day_ahead_is_not_run_again_when_it_comes() -> None:
    ahead = history(*(row(f"2026-03-0{1 + n}", DUE + (n - 1) * DAY) for n in range(3)))

    assert decide(NIGHTLY, ahead, DUE + HOUR) is None


def test_only_the_newest_of_several_slots_a_day_is_made_up_for() -> None:
    before = history(row("2026-03-02T01:00Z", DUE - HOUR / 2))

    due = decide(OFTEN, before, DUE + 5 * HOUR)

    assert due == Due("2026-03-02T06:30Z", DUE + 5 * HOUR, missed=10)


def test_a_schedule_that_is_switched_off_starts_nothing_and_has_nothing_coming() -> None:
    off = NIGHTLY.model_copy(update={"enabled": False})

    assert decide(off, {}, DUE) is None
    assert next_look(off, {}, DUE) is None
    assert coming(off, DUE) is None


def test_a_paused_schedule_starts_nothing_until_the_pause_is_over() -> None:
    until = DUE + 2 * DAY + HOUR
    pause = Pause(since=DUE - DAY, until=until)

    told = coming(NIGHTLY, DUE, pause)

    assert decide(NIGHTLY, {}, DUE, pause) is None
    assert next_look(NIGHTLY, {}, DUE, pause) == until
    assert decide(NIGHTLY, {}, until, pause) == Due("2026-03-04", DUE + 2 * DAY)
    assert told is not None
    assert (told.slot, told.paused, told.paused_until) == ("2026-03-05", True, until)


def test_a_pause_without_an_end_lasts_until_somebody_resumes_it() -> None:
    pause = Pause(since=DUE - DAY)
    told = coming(NIGHTLY, DUE, pause)

    assert next_look(NIGHTLY, {}, DUE, pause) is None
    assert decide(NIGHTLY, {}, DUE + 300 * DAY, pause) is None
    assert told is not None
    assert (told.paused, told.paused_until) == (True, None)


def test_what_comes_next_says_when_it_was_due_last() -> None:
    told = coming(NIGHTLY, DUE + 3 * HOUR)

    assert told is not None
    assert (told.schedule, told.slot, told.at) == ("nightly", "2026-03-03", DUE + DAY)
    assert (told.last_due, told.paused) == (DUE, False)


def test_a_slot_that_may_be_on_its_way_does_not_hide_one_that_should_have_begun() -> None:
    told = coming(NIGHTLY, DUE + HOUR)

    assert told is not None
    assert told.last_due == DUE - DAY


def test_jitter_is_the_same_for_the_same_slot_and_nothing_starts_before_it() -> None:
    jittery = NIGHTLY.model_copy(update={"jitter": timedelta(minutes=40)})
    start = starts_at(jittery, Moment("2026-03-02", DUE))
    others = {starts_at(jittery, next_due(jittery, DUE + n * DAY)) - n * DAY for n in range(20)}

    told = coming(jittery, DUE)

    assert DUE < start < DUE + timedelta(minutes=40)
    assert len(others) > 15
    assert told is not None and told.at == start
    assert decide(jittery, history(row("2026-03-01", DUE - DAY)), start - HOUR / 3600) is None
    assert decide(jittery, {}, start) == TONIGHT


def test_a_slot_that_waits_for_its_jitter_does_not_hide_a_missed_one_before_it() -> None:
    jittery = OFTEN.model_copy(update={"jitter": timedelta(minutes=10)})
    before, waits = DUE - HOUR / 2, datetime(2026, 3, 2, 1, 30, 1, tzinfo=UTC)

    assert starts_at(jittery, Moment("2026-03-02T01:30Z", DUE)) > waits
    assert decide(jittery, {}, waits) == Due("2026-03-02T01:00Z", before)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_jitter_never_makes_slots_overtake_each_other(now: datetime) -> None:
    wild = OFTEN.model_copy(update={"jitter": 12 * HOUR})
    first, second = last_due(wild, now), next_due(wild, now)

    assert first.at <= starts_at(wild, first) <= second.at <= starts_at(wild, second)


@pytest.mark.parametrize("slot", ["2026-13-01", "tonight", "2026-03-02T04:30", "", "now then"])
def test_a_slot_that_the_schedule_has_not_is_refused(slot: str) -> None:
    with pytest.raises(ValueError):
        due_at(NIGHTLY, slot)


def test_a_schedule_that_says_no_time_has_none() -> None:
    with pytest.raises(ValueError, match="neither at, cron nor every"):
        last_due(Schedule(name="n", zone="UTC"), DUE)
