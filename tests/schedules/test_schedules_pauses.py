"""Schedules that rest for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.datafiles import ConfigErrors
from schedules.pauses import Pause, pause, read_pauses, resume

NOW = datetime(2026, 11, 22, 21, 3, 5, tzinfo=UTC)


def test_a_pause_is_read_as_it_was_written(tmp_path: Path) -> None:
    until = NOW + timedelta(days=2)

    pause(tmp_path, "nightly", NOW, until, 'صيانة الخادم "weekend"')
    pause(tmp_path, "weekly", NOW)

    assert read_pauses(tmp_path) == {
        "nightly": Pause(since=NOW, until=until, reason='صيانة الخادم "weekend"'),
        "weekly": Pause(since=NOW),
    }
    assert (tmp_path / "paused.toml").stat().st_mode & 0o777 == 0o600


def test_a_pause_holds_until_its_end_or_until_it_is_taken_back() -> None:
    for_a_day, for_good = Pause(since=NOW, until=NOW + timedelta(days=1)), Pause(since=NOW)

    assert for_a_day.holds(NOW)
    assert not for_a_day.holds(NOW + timedelta(days=1))
    assert for_good.holds(NOW + timedelta(days=4000))


def test_resuming_takes_one_pause_back_and_leaves_the_others(tmp_path: Path) -> None:
    pause(tmp_path, "nightly", NOW)
    pause(tmp_path, "weekly", NOW)

    there, again = resume(tmp_path, "nightly"), resume(tmp_path, "nightly")

    assert (there, again) == (True, False)
    assert set(read_pauses(tmp_path)) == {"weekly"}


def test_without_a_file_nothing_rests(tmp_path: Path) -> None:
    assert read_pauses(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[nightly", "paused.toml:1: is not valid TOML"),
        ("nightly = true", "paused.toml:1: nightly: must be a table such as"),
        ("[nightly]\nsince = 5", "paused.toml:2: nightly.since: must be a time with its zone"),
        ("[nightly]\nsince = 2026-11-22T10:00:00", "must be a time with its zone"),
        ("[nightly]\nuntill = 5", "did you mean until?"),
    ],
)
def test_a_file_that_somebody_broke_is_an_error_that_names_the_line(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "paused.toml").write_text(text)

    with pytest.raises(ConfigErrors) as wrong:
        read_pauses(tmp_path)

    assert words in str(wrong.value)
