"""Other clock rules on the machine, and clocks that were moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clockrules import write_zone

from schedules.zones import ClockWatch, differences

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_rules_that_differ_from_a_day_on_are_said_with_both_offsets(tmp_path: Path) -> None:
    stays = [
        (datetime(2026, 2, 15, 2, tzinfo=UTC), 0 * HOUR),
        (datetime(2026, 3, 22, 2, tzinfo=UTC), HOUR),
    ]
    write_zone(tmp_path / "Africa" / "Casablanca", HOUR, stays)  # and does not go back since

    said = differences(["Africa/Casablanca", "Asia/Baghdad"], NOW, tmp_path)

    assert said == (
        "the system's clock rules for Africa/Casablanca differ from ours from 2026-09-20 on: ours "
        "say UTC+0, the system's UTC+1; Marsad uses its own, cron and systemd timers use the "
        "system's",
    )


def test_rules_that_agree_are_no_matter(tmp_path: Path) -> None:
    write_zone(tmp_path / "Asia" / "Baghdad", 3 * HOUR, [])

    assert differences(["Asia/Baghdad"], NOW, tmp_path) == ()


def test_the_difference_that_is_or_comes_is_said_before_one_that_is_over(tmp_path: Path) -> None:
    odd = 3.5 * HOUR
    days = [datetime(year, 5, day, tzinfo=UTC) for year in (2026, 2027, 2028) for day in (1, 9)]
    changes = [(day, (odd, 3 * HOUR)[n % 2]) for n, day in enumerate(days)]
    write_zone(tmp_path / "Asia" / "Baghdad", 3 * HOUR, changes)

    (said,) = differences(["Asia/Baghdad"], NOW, tmp_path)
    (over,) = differences(["Asia/Baghdad"], datetime(2028, 12, 1, tzinfo=UTC), tmp_path)

    assert "from 2027-05-01 to 2027-05-09 and again later: " in said
    assert "ours say UTC+3, the system's UTC+3:30" in said
    assert "from 2028-05-01 to 2028-05-09: " in over


def test_a_machine_without_rules_misleads_nobody_and_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia" / "Bahrain").write_bytes(b"TZif")

    said = differences(["Asia/Baghdad", "Asia/Bahrain"], NOW, tmp_path)

    assert len(said) == 1
    assert said[0].startswith("the system's clock rules for Asia/Bahrain cannot be read (")


@pytest.mark.parametrize(
    ("wall", "monotonic", "jump"),
    [
        (60, 60.0, 0),
        (85, 60.0, 0),  # set right by a little
        (86_460, 60.0, 86_400),
        (-86_340, 60.0, -86_400),
        (28_800, 5.0, 28_795),  # it slept
    ],
)
def test_a_clock_that_was_moved_is_told_from_time_that_passed(
    wall: int, monotonic: float, jump: int
) -> None:
    watch = ClockWatch(NOW, 1000.0)

    moved = watch.jump(NOW + timedelta(seconds=wall), 1000.0 + monotonic)

    assert moved == timedelta(seconds=jump)
