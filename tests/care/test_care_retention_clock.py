"""Retention goes by time, and a clock that runs ahead for a night or two takes nothing with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import kept
import pytest
import time_machine

from crawler.care.retention import Retention
from crawler.care.tidying import tidy
from crawler.workspace import Workspace
from storage.times import utc_now

DAY = timedelta(days=1)
RULE = Retention(captures_days=90)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A night a day for eight days, none of which is past its age."""
    made = kept.made(tmp_path / "watch")
    for number in range(8):
        kept.night(made, kept.texts(10 * number, 2), at=utc_now() - (8 - number) * DAY)
    return made


def test_what_a_clock_that_runs_ahead_has_fetched_makes_nothing_old(place: Workspace) -> None:
    with time_machine.travel(utc_now() + 400 * DAY, tick=False):
        kept.night(place, kept.texts(900, 2), at=utc_now())
        kept.night(place, kept.texts(910, 2), at=utc_now() + DAY)

        assert tidy(place, RULE).removed == 0


def test_after_an_outage_of_months_what_is_old_goes_within_days(place: Workspace) -> None:
    removed = []
    for night in range(5):
        with time_machine.travel(utc_now() + (200 + night) * DAY, tick=False):
            kept.night(place, kept.texts(900 + 10 * night, 2), at=utc_now())
            removed.append(tidy(place, RULE).removed)

    assert removed == [0, 0, 0, 16, 0]
