"""The [recheck] table of a schedule: what it means, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.datafiles import ConfigErrors
from schedules.files import load_schedule
from schedules.records import Schedule, age_of, age_text
from storage.recheck_plan import AGES

HEAD = 'name = "mine"\nzone = "UTC"\nat = "05:00"\neverything = true\n'


def load(root: Path, table: str) -> Schedule:
    (root / "schedules").mkdir(exist_ok=True)
    (root / "schedules" / "mine.toml").write_text(HEAD + table)
    return load_schedule("mine", root)


def test_the_shipped_schedule_looks_again_within_bounds(tmp_path: Path) -> None:
    recheck = load_schedule("recheck", tmp_path).recheck

    assert recheck is not None
    assert recheck.plan().ages == AGES
    assert (recheck.plan().most_per_host, recheck.plan().most_per_run) == (500, 10_000)


def test_a_schedule_without_the_table_looks_at_nothing_again(tmp_path: Path) -> None:
    assert load(tmp_path, "").recheck is None


def test_a_table_may_say_as_much_as_it_likes(tmp_path: Path) -> None:
    recheck = load(tmp_path, '[recheck]\nages = ["2h", "1d"]\nmost_per_run = 7\n').recheck

    assert recheck is not None
    assert recheck.plan().ages == (timedelta(hours=2), timedelta(days=1))
    assert (recheck.plan().most_per_host, recheck.plan().most_per_run) == (500, 7)


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ('ages = ["15x"]', "recheck.ages", '"15x" is no age'),
        ('ages = ["1m"]', "recheck.ages", '"1m" is no age between 5m and 366d'),
        ('ages = ["9999d"]', "recheck.ages", "no age between"),
        ("ages = []", "recheck.ages", "is empty"),
        ('ages = ["1d", "24h"]', "recheck.ages", '"24h" must be more than the age before'),
        ('ages = ["1d", "1h"]', "recheck.ages", '"1h" must be more'),
        ("ages = [15]", "recheck.ages.0", "must be text"),
        ("most_per_host = 0", "recheck.most_per_host", "must be 1 or more"),
        ('most_per_run = "many"', "recheck.most_per_run", "must be a whole number"),
        ("most_per_day = 5", "recheck.most_per_day", "is not a known key"),
    ],
)
def test_a_wrong_table_is_refused_by_file_and_key(
    tmp_path: Path, table: str, key: str, words: str
) -> None:
    with pytest.raises(ConfigErrors) as wrong:
        load(tmp_path, f"[recheck]\n{table}\n")

    said = str(wrong.value.problems[0])
    assert re.search(rf"mine\.toml:\d+: {re.escape(key)}: ", said), said
    assert words in said


@given(st.integers(5, 366 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_ages_are_written_as_they_are_read(age: timedelta) -> None:
    assert age_of(age_text(age)) == age
