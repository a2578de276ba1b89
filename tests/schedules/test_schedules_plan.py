"""Nights: which one is due, which one was missed, in zones whose clocks jump."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.datafiles import ConfigErrors
from schedules.plan import Schedule, coming, last_due, load_schedule, missed, next_due

NIGHTLY = Schedule(name="nightly", zone="Asia/Baghdad", at="04:30", everything=True)


def test_the_shipped_schedule_loads(tmp_path: Path) -> None:
    schedule = load_schedule("nightly", tmp_path)

    assert schedule.everything
    assert schedule.instant(date(2026, 3, 2)) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_a_workspace_file_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    file = tmp_path / "schedules" / "nightly.toml"
    file.write_text('name = "nightly"\nzone = "UTC"\nat = "05:00"\ncountry = "ma"\n')

    assert load_schedule("nightly", tmp_path).country == "ma"


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'name = "n"\nzone = "Mars/Olympus"\nat = "04:30"',
        'name = "n"\nzone = "UTC"\nat = "x"',
        'name = "n"\nzone = "UTC"\nat = "04:30"',
    ],
)
def test_a_wrong_schedule_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "mine.toml").write_text(text)

    with pytest.raises(ConfigErrors) as wrong:
        load_schedule("mine", tmp_path)

    assert "mine.toml" in str(wrong.value.problems[0])


def test_a_missed_night_is_made_up_for_once_and_only_while_it_is_young() -> None:
    morning = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

    assert missed(NIGHTLY, morning, set()) == date(2026, 3, 2)
    assert missed(NIGHTLY, morning, {date(2026, 3, 2)}) is None
    assert missed(NIGHTLY, morning + timedelta(hours=17), set()) is None


def test_a_night_that_was_tried_and_failed_is_not_tried_again_before_the_next() -> None:
    morning = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

    fresh = coming(NIGHTLY, morning, set(), None)
    failed = coming(NIGHTLY, morning, set(), date(2026, 3, 2))

    assert fresh == (date(2026, 3, 2), morning)
    assert failed == (date(2026, 3, 3), datetime(2026, 3, 3, 1, 30, tzinfo=UTC))


def test_a_night_that_fell_due_while_another_ran_is_made_up_for() -> None:
    after_a_long_run = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)

    day, when = coming(NIGHTLY, after_a_long_run, {date(2026, 3, 2)}, date(2026, 3, 2))

    assert (day, when) == (date(2026, 3, 3), after_a_long_run)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Asia/Baghdad", "Asia/Bahrain", "Africa/Casablanca"]),
    st.sampled_from(["00:00", "02:30", "04:30", "23:59"]),
)
def test_every_instant_lies_between_two_neighbouring_nights(
    now: datetime, zone: str, at: str
) -> None:
    schedule = Schedule(name="n", zone=zone, at=at)

    assert (
        schedule.instant(last_due(schedule, now)) <= now < schedule.instant(next_due(schedule, now))
    )


def test_casablancas_doubled_and_missing_half_past_two_are_one_night_each() -> None:
    schedule = Schedule(name="n", zone="Africa/Casablanca", at="02:30")
    days = [date(2026, 2, 14) + timedelta(days=n) for n in range(40)]

    instants = [schedule.instant(day) for day in days]

    assert len(set(instants)) == len(days)
    assert instants == sorted(instants)
