"""Three years of a small server: each schedule's day once, whatever power and clocks do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clockrules import write_zone, zones_from
from virtual_years import ClockJump, Killer, PowerCut, Server, slots_of

from schedules.plan import due_at, next_due
from schedules.records import Schedule
from storage.slots import Slot

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
DARK_FROM, DARK_TO = date(2026, 6, 11), date(2026, 6, 19)
"""The days that fell due in the outage of nine days; the last of them is made up for."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    killer = Killer()
    yield killer
    killer.close()


def schedule(name: str, zone: str, **when: Any) -> Schedule:
    return Schedule(name=name, zone=zone, everything=True, retries=2, **when)


def schedules(zone: str) -> list[Schedule]:
    return [
        schedule("nightly", zone, at="04:30", jitter=timedelta(minutes=10)),
        schedule("twice", zone, cron="30 2 * * mon,thu"),
    ]


def early(zone: str) -> Schedule:
    """One in the hour in which clocks are changed."""
    return schedule("early", zone, at="02:30")


STEADILY = schedule("steadily", "UTC", every=DAY, catch_up_hours=11)


def cuts(zone: ZoneInfo, seed: int) -> list[PowerCut]:
    """Twenty short ones, half of them in the middle of a night's run, and one of nine days."""
    dice = random.Random(seed)
    days = dice.sample(range(10, 500), 20)
    found = []
    for number, day in enumerate(days):
        night = datetime.combine(FIRST + day * DAY, datetime.min.time(), zone)
        hours = dice.uniform(4.8, 5) if number % 2 else dice.uniform(0, 24)
        dark = timedelta(hours=dice.uniform(0.01, 8))
        found.append(PowerCut((night + hours * HOUR).astimezone(UTC), dark))
    noon = datetime(2026, 6, 10, 15, tzinfo=zone).astimezone(UTC)
    return [*found, PowerCut(noon, timedelta(days=8, hours=22))]


def jumps(zone: ZoneInfo) -> list[ClockJump]:
    """The clock a day ahead, and a day behind, three times each and for thirty hours."""
    found = []
    for number, wrong_by in enumerate([DAY, -DAY] * 3):
        noon = datetime(2026, 8, 3, 12, tzinfo=zone).astimezone(UTC) + 50 * number * DAY
        found += [ClockJump(noon, wrong_by), ClockJump(noon + 30 * HOUR, timedelta(0))]
    return found


def lived(
    database: Path, zone_name: str, killer: Killer, *more: Schedule
) -> tuple[Server, list[Slot]]:
    zone, seed = ZoneInfo(zone_name), len(zone_name)
    start = datetime(2024, 12, 31, 20, tzinfo=UTC)
    all_of_them = [*schedules(zone_name), *more]
    server = Server(database, all_of_them, killer, start, cuts(zone, seed), jumps(zone))
    server.live_until(datetime(2028, 1, 1, tzinfo=zone).astimezone(UTC))
    return server, slots_of(database)


def all_days() -> list[str]:
    """Each day of the three years but those of the outage that nobody made up for."""
    days = (FIRST + number * DAY for number in range((LAST - FIRST).days + 1))
    return [str(day) for day in days if not DARK_FROM <= day < DARK_TO]


def check(server: Server, slots: list[Slot]) -> None:
    """What must be true of each of these worlds."""
    first = datetime(2025, 1, 2, tzinfo=UTC)
    daily = {"early", "nightly"} & server.by_name.keys()
    days = {name: [s.slot for s in slots if s.schedule == name] for name in daily}
    caught_up = [s for s in slots if s.missed and s.slot == str(DARK_TO)]
    disturbed = [cut.at for cut in server.cuts] + [jump.at for jump in server.jumps]

    assert {slot.status for slot in slots} == {"done"}
    for name, its_days in days.items():
        assert [day for day in its_days if str(FIRST) <= day <= str(LAST)] == all_days(), name
    assert {s.schedule: s.missed for s in caught_up} == dict.fromkeys(daily, 8)
    assert all(slot.started_at >= slot.due_at for slot in slots)
    assert server.killed >= 10
    assert any(slot.attempts > 1 and not slot.failures for slot in slots)
    assert any(slot.failures == 2 for slot in slots)
    for name in server.by_name.keys() - days.keys():
        schedule, done = server.by_name[name], {s.slot for s in slots if s.schedule == name}
        moment = next_due(schedule, first)
        while moment.at < server.true - DAY:
            near = any(-10 * HOUR <= moment.at - at <= 3 * DAY for at in disturbed)
            dark = DARK_FROM <= moment.at.date() <= DARK_TO
            assert moment.slot in done or near or dark, moment
            moment = next_due(schedule, moment.at)


@pytest.mark.parametrize(
    ("zone", "more"),
    [
        ("Africa/Casablanca", [early("Africa/Casablanca")]),
        ("Asia/Baghdad", []),
        ("Asia/Bahrain", []),
    ],
)
def test_three_years_of_a_place_have_each_night_exactly_once(
    tmp_path: Path, killer: Killer, zone: str, more: list[Schedule]
) -> None:
    server, slots = lived(tmp_path / "marsad.db", zone, killer, *more)

    check(server, slots)


def test_three_years_with_a_doubled_and_a_missing_half_past_two_have_each_night_exactly_once(
    tmp_path: Path, killer: Killer
) -> None:
    changes = []
    for year in (2025, 2026, 2027):  # clocks go from 02:00 to 03:00, and from 03:00 to 02:00
        changes.append((datetime(year, 3, 21, 2, tzinfo=UTC), HOUR))
        changes.append((datetime(year, 10, 24, 2, tzinfo=UTC), timedelta(0)))
    write_zone(tmp_path / "zones" / "Asia" / "Baghdad", timedelta(0), changes)

    with zones_from(tmp_path / "zones"):
        both = early("Asia/Baghdad"), STEADILY
        server, slots = lived(tmp_path / "marsad.db", "Asia/Baghdad", killer, *both)

        check(server, slots)
        doubled = ZoneInfo("Asia/Baghdad").utcoffset(datetime(2026, 10, 24, 2, 30))
    due = {slot.slot: slot.due_at for slot in slots if slot.schedule == "early"}
    assert due["2026-03-21"] == datetime(2026, 3, 21, 2, tzinfo=UTC)  # as 02:00 becomes 03:00
    assert due["2026-10-24"] == datetime(2026, 10, 24, 1, 30, tzinfo=UTC)  # the first of two
    assert due["2026-10-25"] == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    assert doubled == HOUR


def test_casablancas_own_doubled_and_missing_half_past_two_are_one_night_each() -> None:
    morocco = early("Africa/Casablanca")

    doubled, missing = due_at(morocco, "2026-02-15"), due_at(morocco, "2026-03-22")

    assert doubled == datetime(2026, 2, 15, 1, 30, tzinfo=UTC)  # the first of two
    assert missing == datetime(2026, 3, 22, 2, tzinfo=UTC)  # as 02:00 becomes 03:00
    after = [next_due(morocco, moment).slot for moment in (doubled, missing)]
    assert after == ["2026-02-16", "2026-03-23"]
