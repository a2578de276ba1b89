"""Schedule files: the shipped ones, what a workspace changes in them, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.datafiles import ConfigErrors
from schedules.files import Schedules, load_schedule, load_schedules, name_problems
from schedules.plan import next_due
from schedules.records import Schedule

MINE = 'name = "mine"\nzone = "UTC"\nat = "05:00"\neverything = true\n'


def load(root: Path, text: str, name: str = "mine", *, shipped: bool = False) -> Schedules:
    (root / "schedules").mkdir(exist_ok=True)
    (root / "schedules" / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_schedules(root, shipped=shipped)


def said(files: Schedules) -> list[str]:
    return [str(problem) for problem in files.problems]


def test_the_shipped_schedules_say_what_they_are_for(tmp_path: Path) -> None:
    files = load_schedules(tmp_path)

    tasks = {name: one.tasks for name, one in files.by_name.items()}
    ages = files.by_name["recheck"].recheck
    retention = files.by_name["weekly"].retention
    assert said(files) == []
    assert tasks == {
        "nightly": ("crawl",),
        "daytime": ("crawl",),
        "recheck": ("recheck",),
        "weekly": ("probe", "verify", "tidy", "backup"),
    }
    assert all(one.everything and one.enabled for one in files.by_name.values())
    assert [name for name, one in files.by_name.items() if one.report] == ["nightly"]
    assert (files.by_name["daytime"].ways, files.by_name["daytime"].only) == (
        ("feed",),
        "overflowing",
    )
    assert ages is not None and len(ages.plan().ages) == 8
    assert retention is not None
    assert (retention.captures_days, retention.captures, retention.backups) == (90, "matching", 3)


def test_the_shipped_times_are_those_that_the_files_name(tmp_path: Path) -> None:
    files, sunday = load_schedules(tmp_path).by_name, datetime(2026, 11, 22, tzinfo=UTC)

    following = {name: next_due(one, sunday) for name, one in files.items()}

    assert {name: found.slot for name, found in following.items()} == {
        "nightly": "2026-11-22",
        "daytime": "2026-11-22T03:00Z",
        "recheck": "2026-11-22T08:00",
        "weekly": "2026-11-27T11:00",  # a Friday
    }
    assert following["nightly"].at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def test_a_workspace_changes_only_what_it_names(tmp_path: Path) -> None:
    text = 'at = "03:15"\n[retention]\nlogs_days = 7\ncaptures_days = 0\n'

    files = load(tmp_path, text, "weekly", shipped=True)

    weekly = files.by_name["weekly"]
    assert said(files) == []
    assert (weekly.at, weekly.cron, weekly.zone) == ("03:15", None, "Asia/Baghdad")
    assert weekly.tasks == ("probe", "verify", "tidy", "backup")
    assert weekly.retention is not None
    assert (weekly.retention.logs_days, weekly.retention.backups) == (7, 3)
    assert weekly.retention.captures_days is None  # 0: kept for ever


@pytest.mark.parametrize(
    ("text", "at", "cron", "every"),
    [
        ('at = "05:00"', "05:00", None, None),
        ('cron = "0 10,14 * * *"', None, "0 10,14 * * *", None),
        ('every = "2h"', None, None, timedelta(hours=2)),
    ],
)
def test_naming_one_kind_of_time_replaces_the_shipped_one(
    tmp_path: Path, text: str, at: str | None, cron: str | None, every: timedelta | None
) -> None:
    nightly = load(tmp_path, text, "nightly", shipped=True).by_name["nightly"]

    assert (nightly.at, nightly.cron, nightly.every) == (at, cron, every)


def test_naming_outlets_replaces_the_shipped_everything(tmp_path: Path) -> None:
    nightly = load(tmp_path, 'country = "ma"', "nightly", shipped=True).by_name["nightly"]

    assert (nightly.country, nightly.everything) == ("ma", False)


def test_a_file_of_the_old_shape_goes_on_working(tmp_path: Path) -> None:
    old = MINE + 'catch_up_hours = 12\n[recheck]\nages = ["1d"]\n'

    files = load(tmp_path, old)

    mine = files.by_name["mine"]
    assert said(files) == []
    assert mine.tasks == ("crawl", "recheck")
    assert (mine.at, mine.catch_up_hours, mine.retries, mine.report) == ("05:00", 12, 0, False)


def test_a_file_that_says_what_to_do_does_nothing_beside_it(tmp_path: Path) -> None:
    mine = load(tmp_path, MINE + 'do = ["crawl", "backup"]\n[recheck]\n').by_name["mine"]

    assert mine.tasks == ("crawl", "backup")


def test_care_alone_needs_no_outlets(tmp_path: Path) -> None:
    files = load(tmp_path, 'name = "mine"\nzone = "UTC"\nevery = "24h"\ndo = ["backup"]\n')

    assert said(files) == []
    assert files.by_name["mine"].tasks == ("backup",)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        ("catchup_hours = 5", 5, "catchup_hours: is not a known key; did you mean catch_up_hours?"),
        ('time_limit = "6 hours"', 5, "time_limit: must be a span of time in quotes"),
        ('retry_after = "2d"', 5, "retry_after: must be between 0s and 24h, but is 2d"),
        ("jitter = 5", 5, "jitter: must be a span of time in quotes"),
        ("retries = 12", 5, "retries: must be 11 or less, but is the number 12"),
        ('do = ["crawl", "backups"]', 5, "do.1: must be one of crawl, recheck, probe"),
        ("do = []", 5, "do: is empty"),
        ('ways = ["feeds"]', 5, "did you mean feed?"),
        ('every = "5m"', 5, "every: must be between 15m and 24h, but is 5m"),
        ('every = "2h"', 5, "every: says when, as at does; keep one of them"),
        ('cron = "0 6 * * 5"', 5, "cron: name the weekdays"),
        ('country = "ma"', 5, "country: says which outlets, and everything = true means all"),
        ("[recheck]\nage = []", 6, "recheck.age: is not a known key; did you mean ages?"),
        ("[retention]\nbackups = -1", 6, "retention.backups: must be 0 or more"),
        ("outlets = 'ma_x'", 5, "outlets: must be a list in square brackets"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_key(
    tmp_path: Path, change: str, line: int, words: str
) -> None:
    files = load(tmp_path, MINE + change + "\n")

    assert any(f"schedules/mine.toml:{line}: " in one and words in one for one in said(files))
    assert files.broken == {"mine"}
    assert files.by_name == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "schedules/mine.toml:1: name: is not valid TOML"),
        (MINE.replace("UTC", "Asia/Bagdad"), 'zone: "Asia/Bagdad" is not a time zone; did you me'),
        (MINE.replace("05:00", "5 Uhr"), 'at: must be a time of day such as "04:30"'),
        (MINE.replace('"05:00"', "05:00:00"), "at: must be text in quotes"),
        (
            MINE.replace('"mine"', '"other"'),
            'name: must be "mine", as the file is called mine.toml',
        ),
        (MINE.replace('at = "05:00"\n', ""), "does not say when: at ="),
        (MINE.replace("everything = true\n", ""), "does not say which outlets"),
        (MINE.replace('zone = "UTC"\n', ""), "zone: is missing"),
        (MINE.replace('name = "mine"\n', ""), "name: is missing"),
    ],
)
def test_what_is_missing_or_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    files = load(tmp_path, text)

    assert any(words in one for one in said(files)), said(files)
    assert files.broken == {"mine"}


def test_everything_that_is_wrong_in_any_file_is_said_at_once(tmp_path: Path) -> None:
    load(tmp_path, 'name = "one"\nzone = "Mars"\nat = "x"\nretires = 1\n', "one")
    files = load(tmp_path, "name = \n", "two")

    assert len([one for one in said(files) if "one.toml" in one]) == 4
    assert len([one for one in said(files) if "two.toml" in one]) == 1


def test_a_wrong_file_hides_no_other_schedule(tmp_path: Path) -> None:
    files = load(tmp_path, "at = 5\n", "weekly", shipped=True)

    assert files.broken == {"weekly"}
    assert set(files.by_name) == {"nightly", "daytime", "recheck"}
    assert load_schedule("nightly", tmp_path).name == "nightly"
    with pytest.raises(ConfigErrors, match="at: must be text in quotes"):
        load_schedule("weekly", tmp_path)


def test_what_an_editor_leaves_beside_a_file_is_no_schedule(tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / ".#mine.toml").symlink_to("somebody@somewhere.1234")

    files = load(tmp_path, MINE)

    assert (said(files), list(files.by_name)) == ([], ["mine"])


def test_a_schedule_that_there_is_not_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="did you mean nightly"):
        load_schedule("nigthly", tmp_path)
    with pytest.raises(ConfigErrors, match="there are daytime, nightly, recheck, weekly"):
        load_schedule("zzz", tmp_path)


def test_names_that_nobody_knows_are_problems_with_their_place(tmp_path: Path) -> None:
    text = MINE.replace("everything = true", 'outlets = ["ma_x", "ma_hesspress"]\ncountry = "fr"')
    files = load(tmp_path, text + 'notify = ["desk", "dask"]\n')

    problems = name_problems(files, {"ma_x", "ma_hespress"}, {"ma"}, {"desk"})

    place, mean = "schedules/mine.toml", "did you mean desk?"
    assert list(map(str, problems)) == [
        f'{place}:4: outlets: there is no outlet "ma_hesspress"; did you mean ma_hespress?',
        f'{place}:5: country: there is no outlet of "fr"',
        f'{place}:6: notify: there is no [[notify]] in marsad.toml named "dask"; {mean}',
    ]


def test_a_schedule_without_a_time_limit_or_retries_has_sensible_ones() -> None:
    plain = Schedule(name="n", zone="UTC", at="05:00", everything=True)

    assert (plain.time_limit, plain.retries) == (timedelta(hours=6), 0)
    assert plain.retry_after == timedelta(minutes=20)
    assert plain.notify is None
