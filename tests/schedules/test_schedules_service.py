"""The scheduler as a process: one per workspace, each night once, and it ends when asked."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from harness import ROOT, marsad, publish, rows, workspace
from newsroom.hostile import Exchange, HostileNewsroom

from crawler.workspace import Workspace
from schedules.plan import last_due, load_schedule
from schedules.service import LOCK_FILE, scheduler_lock


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def scheduled(place: Workspace, when: timedelta) -> date:
    """Give a workspace a nightly run that is due `when` from now; the last night's date."""
    at = datetime.now(UTC) + when
    folder = place.root / "schedules"
    folder.mkdir()
    text = f'name = "nightly"\nzone = "UTC"\nat = "{at:%H:%M}"\neverything = true\n'
    (folder / "nightly.toml").write_text(text)
    return last_due(load_schedule("nightly", place.root), datetime.now(UTC))


class Scheduler:
    """A `marsad schedule run` under way."""

    def __init__(self, place: Workspace) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crawler.cli.main", "schedule", "run", "-w", str(place.root)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []

    def wait_for(self, words: str) -> str:
        """The first line that holds some words, read as it comes."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"{words!r} never came: {self.said}")

    def stop(self) -> int:
        """Ask it to end; its exit code. It has ten seconds."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@contextmanager
def scheduler(place: Workspace) -> Iterator[Scheduler]:
    running = Scheduler(place)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        assert running.process.stderr is not None
        running.process.stderr.close()


def nights(place: Workspace) -> list[tuple[object, ...]]:
    return rows(place, "SELECT schedule, local_date, status FROM runs ORDER BY id")


def test_a_missed_night_is_made_up_for_exactly_once(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "one.test", [1, 2])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    night = scheduled(place, -timedelta(hours=1))

    with scheduler(place) as first:
        first.wait_for(f"night={night} exit=0")
        planned = first.wait_for(f"night={night + timedelta(days=1)}")
        ended = first.stop()
    with scheduler(place) as second:
        planned_again = second.wait_for("night=")
        second.stop()
    refused = marsad(
        *("crawl", "--all", "--schedule", "nightly", "--night", f"{night}", "-w", str(place.root))
    )
    told = marsad("schedule", "next", "--json", "-w", str(place.root)).data

    assert ended == 0
    assert planned.split("night=")[1] == planned_again.split("night=")[1]
    assert nights(place) == [("nightly", str(night), "done")]
    assert rows(place, "SELECT count(*) FROM articles") == [(2,)]
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr == f"error: nightly of {night}: run 1 is done\n"
    assert (told["last_night"], told["last_night_done"]) == (str(night), True)


def test_a_night_looks_at_older_articles_again_once_its_crawl_is_over(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "one.test", [1, 2])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    marsad("crawl", "--all", "-w", str(place.root))
    night = scheduled(place, -timedelta(minutes=1))
    with (place.root / "schedules" / "nightly.toml").open("a") as file:
        file.write("[recheck]\n")
    with sqlite3.connect(place.database) as database:  # as if they were stored an hour ago
        an_hour_ago = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        sql = "UPDATE articles SET published_at = NULL, first_seen_at = :at, fetched_at = :at"
        database.execute(sql, {"at": an_hour_ago})
    database.close()

    with scheduler(place) as running:
        running.wait_for(f"rechecks of night={night} ended=0")
        running.stop()
    again = marsad(
        *("recheck", "--all", "--schedule", "nightly", "--night", f"{night}"),
        *("-w", str(place.root)),
    )

    assert nights(place)[1:] == [
        ("nightly", str(night), "done"),
        ("nightly recheck", str(night), "done"),
    ]
    assert rows(place, "SELECT outcome FROM outcomes WHERE run_id = 3") == [("unchanged",)] * 2
    assert again.stderr == f"error: nightly recheck of {night}: run 3 is done\n"


def test_a_run_under_way_is_ended_with_the_scheduler_and_made_up_for_by_the_next(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    asked = threading.Event()

    def keep_waiting(exchange: Exchange) -> None:
        asked.set()
        exchange.closing.wait()

    newsroom.put("one.test", "/feed", keep_waiting)
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"], timeout_seconds=3.0)
    night = scheduled(place, -timedelta(hours=1))

    with scheduler(place) as first:
        assert asked.wait(60)
        ended = first.stop()
    publish(newsroom, "one.test", [1])
    with scheduler(place) as second:
        second.wait_for(f"night={night} exit=0")
        second.stop()

    assert ended == 0
    assert nights(place) == [
        ("nightly", str(night), "interrupted"),
        ("nightly", str(night), "done"),
    ]
    assert rows(place, "SELECT count(*) FROM articles") == [(1,)]


def test_a_second_scheduler_says_who_holds_the_workspace_and_ends_with_2(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])
    scheduled(place, timedelta(hours=1))

    with scheduler(place) as first:
        first.wait_for("night=")
        second = marsad("schedule", "run", "-w", str(place.root))
        still_running = first.process.poll() is None

    assert second.code == 2
    assert f"process {first.process.pid} schedules this workspace already" in second.stderr
    assert still_running


def test_the_lock_of_a_killed_scheduler_does_not_count(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])
    scheduled(place, timedelta(hours=1))
    with scheduler(place) as first:
        first.wait_for("night=")
        first.process.kill()
        first.process.wait()

    with scheduler_lock(place.root):
        holder = (place.root / LOCK_FILE).read_text()

    assert holder == str(os.getpid())


def test_a_wrong_schedule_file_is_named_and_nothing_starts(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])
    scheduled(place, timedelta(hours=1))
    (place.root / "schedules" / "nightly.toml").write_text('name = "nightly"\nzone = "Mars"\n')

    ran = marsad("schedule", "run", "-w", str(place.root))

    assert ran.code == 2
    assert "nightly.toml: zone: is no time zone" in ran.stderr
    assert not (place.root / LOCK_FILE).exists()


def test_next_says_when_the_coming_night_is(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])
    scheduled(place, timedelta(hours=1))

    ran = marsad("schedule", "next", "-w", str(place.root))

    assert ran.code == 0
    assert "next run" in ran.stdout
    assert "not done" in ran.stdout
