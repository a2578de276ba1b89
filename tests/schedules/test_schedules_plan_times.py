"""Times of a wall's clock, in zones whose clocks jump, and on a fixed grid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clockrules import write_zone, zones_from
from hypothesis import given
from hypothesis import strategies as st

from schedules.cron import cron_line
from schedules.plan import due_at, last_due, next_due
from schedules.records import Schedule

NOWS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
TIMES: tuple[dict[str, Any], ...] = (
    {"at": "00:00"},
    {"at": "02:30"},
    {"at": "23:59"},
    {"cron": "15,30 2 * * *"},
    {"cron": "*/20 * * * *"},
    {"cron": "0 6 1 * *"},
    {"cron": "30 2 29 feb *"},
    {"cron": "0 11 * * fri"},
    {"every": timedelta(hours=7)},
)


def schedule(zone: str = "Africa/Casablanca", **when: Any) -> Schedule:
    return Schedule(name="n", zone=zone, everything=True, **when)


@given(NOWS, st.sampled_from(["Asia/Baghdad", "Africa/Casablanca"]), st.sampled_from(TIMES))
def test_every_instant_lies_between_two_neighbouring_slots(
    now: datetime, zone: str, when: dict[str, Any]
) -> None:
    one = schedule(zone, **when)
    last, following = last_due(one, now), next_due(one, now)

    assert last.at <= now < following.at
    assert next_due(one, last.at) == following
    assert last_due(one, following.at) == following
    assert due_at(one, last.slot) == last.at


def test_each_local_day_is_one_slot_also_where_its_time_comes_twice_or_never() -> None:
    one = schedule(at="02:30")
    days = [date(2026, 2, 10) + timedelta(days=n) for n in range(60)]

    instants = [due_at(one, str(day)) for day in days]

    assert instants == sorted(set(instants))
    assert due_at(one, "2026-02-15") == datetime(2026, 2, 15, 1, 30, tzinfo=UTC)
    assert due_at(one, "2026-03-22") == datetime(2026, 3, 22, 2, tzinfo=UTC)


def test_a_slot_of_a_doubled_hour_is_behind_us_in_its_second_pass() -> None:
    one = schedule(
        cron="15,45 2 * * *"
    )  # 02:45 came first at 01:45 UTC, the clock said 02:00 again
    second_pass = datetime(2026, 2, 15, 2, 20, tzinfo=UTC)

    assert last_due(one, second_pass).slot == "2026-02-15T02:45"
    assert next_due(one, second_pass).slot == "2026-02-16T02:15"


def test_slots_of_an_hour_that_never_comes_are_due_as_the_clocks_jump() -> None:
    one = schedule(cron="15,45 2 * * *")
    jump = datetime(2026, 3, 22, 2, tzinfo=UTC)

    both = [due_at(one, f"2026-03-22T02:{minute}") for minute in (15, 45)]

    assert both == [jump, jump]
    assert last_due(one, jump).slot == "2026-03-22T02:45"


def test_a_day_that_a_place_leaves_out_is_due_as_it_is_left_out(tmp_path: Path) -> None:
    dateline = datetime(2026, 12, 30, 10, tzinfo=UTC)  # midnight after the 29th, at UTC-10
    hours = {name: timedelta(hours=name) for name in (-10, 14)}
    write_zone(tmp_path / "Africa" / "Casablanca", hours[-10], [(dateline, hours[14])])

    with zones_from(tmp_path):
        one = schedule(at="04:30")
        dues = [due_at(one, f"2026-12-{day}") for day in (29, 30, 31)]

    assert dues == [dateline - timedelta(hours=19.5), dateline, dateline + timedelta(hours=4.5)]


def test_slots_of_a_grid_are_named_in_utc_and_do_not_move() -> None:
    one = schedule(every=timedelta(minutes=45))

    found = next_due(one, datetime(2026, 11, 22, 13, 1, tzinfo=UTC))

    assert (found.slot, found.at) == (
        "2026-11-22T13:30Z",
        datetime(2026, 11, 22, 13, 30, tzinfo=UTC),
    )
    with pytest.raises(ValueError, match="near it is"):
        due_at(one, "2026-11-22T13:40Z")
    with pytest.raises(ValueError, match="no time in UTC"):
        due_at(one, "2026-11-22T13:30")
    with pytest.raises(ValueError, match="no local time"):
        due_at(schedule(cron="* * * * *"), "2026-11-22T13:30Z")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 6 * *", "must have five fields (minute, hour, day of the month, month, weekday)"),
        ("0 6 * * 5", 'name the weekdays, such as "mon-fri" or "sat,sun", instead of "5"'),
        ("0 6 * * */2", "counted from Sunday by some programs and from Monday by others"),
        ("0 6 * * sun-thu", 'the week ends with sun: write "sun,mon-thu" instead of "sun-thu"'),
        ("0 6 * * fri-mon", 'write "fri-sun,mon" instead of "fri-mon"'),
        ("0 6 1 * fri", "names a day of the month and a weekday"),
        ("0 6 30 feb *", "is no cron line: there is no such day"),
        ("0 6 */30 feb wed", "is due less than once in five years"),
        ("0 24 * * *", "is no cron line"),
        ("0 6 * * friday", "is no cron line"),
        ("٠ ٦ * * *", "means nothing as minute"),
        ("@daily", "must have five fields"),
        ("0 6 L * *", "is no cron line"),
    ],
)
def test_a_cron_line_that_others_read_differently_is_refused(line: str, words: str) -> None:
    with pytest.raises(ValueError) as wrong:
        cron_line(line)

    assert words in str(wrong.value)


def test_weekdays_of_a_cron_line_are_those_of_the_calendar() -> None:
    one = schedule("Asia/Baghdad", cron="0 11 * * sun,mon-thu")
    days, moment = [], datetime(2026, 11, 22, tzinfo=UTC)  # a Sunday

    for _ in range(6):
        found = next_due(one, moment)
        days.append(date.fromisoformat(found.slot[:10]).strftime("%a"))
        moment = found.at

    assert days == ["Sun", "Mon", "Tue", "Wed", "Thu", "Sun"]
