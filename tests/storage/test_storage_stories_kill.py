"""A settling that is killed is finished by the next one, to the same stories."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from storyworlds import OUTLETS, Told, expected, judge, made, open_world, write

from storage import stories
from storage.database import Database, open_database

DRIVER = Path(__file__).with_name("settling_driver.py")
ROOT = DRIVER.parents[2]


def articles(seed: int, numbers: range) -> list[Told]:
    dice = random.Random(seed)
    return [
        Told(
            number,
            dice.randrange(170),
            dice.choice(OUTLETS),
            frozenset(n for p in dice.sample(range(7), 3) for n in range(p * 10, p * 10 + 7)),
        )
        for number in numbers
    ]


def kill_at(path: Path, stage: str, nth: int) -> None:
    with subprocess.Popen(
        [sys.executable, str(DRIVER), str(path), stage, str(nth)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"AT\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """An archive whose first half is settled, and whose second half came in or was changed."""
    with open_world(tmp_path / "marsad.db") as db:
        fill(db, articles(1, range(1, 21)))
        judge(db, "same_story", 1, 2)
        stories.settle(db)
        fill(db, articles(2, range(15, 36)))
        judge(db, "other_story", 3, 4)
    return tmp_path / "marsad.db"


def fill(db: Database, told: list[Told]) -> None:
    for one in told:
        write(db, one)


@pytest.mark.parametrize(
    ("stage", "nth"),
    [("begun", 1), ("marked", 2), ("paired", 1), ("placed", 3), ("committed", 3)],
)
def test_whatever_is_killed_the_next_settling_makes_the_same_stories(
    world: Path, stage: str, nth: int
) -> None:
    told = {one.id: one for one in [*articles(1, range(1, 21)), *articles(2, range(15, 36))]}

    kill_at(world, stage, nth)
    with open_database(world) as db:
        left = db.unsettled()
        stories.settle(db)
        found = made(db)

    assert left > 0
    assert found == expected(told.values(), {(1, 2)}, {(3, 4)})


def test_a_rebuilding_that_is_killed_is_finished_by_settling(world: Path) -> None:
    with open_database(world) as db:
        stories.settle(db)
        before = made(db)
        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(stories, "CHUNK", 5)
            stories.rebuild(db, interrupt)
        halfway = made(db)

        stories.settle(db)

        assert halfway != before
        assert made(db) == before


def test_a_rebuilding_counts_a_story_once_however_many_transactions_it_took(world: Path) -> None:
    with open_database(world) as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories, "CHUNK", 2)

        done = stories.rebuild(db)

        assert done.stories == db.value("SELECT count(*) FROM stories")


def interrupt(done: stories.Settled) -> None:
    if done.articles >= 10:
        raise KeyboardInterrupt
