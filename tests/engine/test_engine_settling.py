"""Stories are settled after runs and alone, from today's fingerprints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from harness import crawl, marsad, publish, rows, workspace
from newsroom.hostile import HostileNewsroom
from stored import Story, fill

from crawler.engine.locks import AlreadyRunning, alone
from crawler.engine.settling import WORK, rebuild_stories, settle_stories
from crawler.reading.fingerprints import VERSION, fingerprint
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.copies import write_fingerprint
from storage.database import Database, open_database

TEXT = (
    "The gardeners of the old quarter say that the well behind the school has been dry since "
    "spring, and they ask the council to send water until the rain comes back to the valley."
)


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "w", WorkspaceSettings(contact="a@marsad.test"))
    fill(made.database, [Story(TEXT), Story(f"{TEXT} No answer came.", outlet="iq_dijla")], [])
    return made


def print_again(db: Database, version: int) -> None:
    with db.write():
        for row in db.all("SELECT article_id, text FROM article_texts"):
            write_fingerprint(
                db, row["article_id"], replace(fingerprint(row["text"]), version=version)
            )


def test_fingerprints_of_an_older_recipe_are_made_new_first(place: Workspace) -> None:
    with open_database(place.database) as db:
        print_again(db, VERSION - 1)

    done = settle_stories(place)

    assert rows(place, "SELECT DISTINCT version FROM fingerprints") == [(VERSION,)]
    assert rows(place, "SELECT story_id FROM articles") == [(2,), (2,)]
    assert done.changed == 1


def test_rebuilding_says_what_it_did(place: Workspace) -> None:
    with open_database(place.database) as db:
        print_again(db, VERSION)
    settle_stories(place)
    told = []

    done = rebuild_stories(place, told.append)

    assert (done.articles, done.stories) == (2, 1)
    assert told == [done]


def test_two_of_one_work_exclude_each_other(place: Workspace) -> None:
    with (
        alone(place.database, WORK),
        pytest.raises(AlreadyRunning, match="another settling"),
        alone(place.database, WORK),
    ):
        pass


def test_a_crawl_leaves_its_articles_in_stories(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    hosts = ("one.test", "two.test")
    place = workspace(tmp_path / "w", newsroom.port, hosts)
    for host in hosts:
        publish(newsroom, host, [1, 2])

    ran = crawl(place)

    assert ran.code == 0, ran.stderr
    assert rows(place, "SELECT articles, outlets FROM stories") == [(2, 2), (2, 2)]
    assert rows(place, "SELECT count(*) FROM articles WHERE NOT settled") == [(0,)]


def test_a_crawl_whose_stories_cannot_be_settled_still_closes_its_books(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    publish(newsroom, "one.test", [1, 2])
    (place.root / f"{place.database.name}-{WORK}.lock").mkdir()

    ran = crawl(place)

    assert ran.code == 3, ran.stderr
    assert rows(place, "SELECT count(*) FROM articles") == [(2,)]
    assert rows(place, "SELECT status FROM runs") == [("done",)]
    assert "IsADirectoryError" in ran.data["stories_failure"]


def test_captures_read_again_are_told_where_stories_cannot_be_settled(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    publish(newsroom, "one.test", [1, 2])
    assert crawl(place).code == 0
    lock = place.root / f"{place.database.name}-{WORK}.lock"
    lock.unlink()
    lock.mkdir()

    ran = marsad("reread", "--json", "--workspace", str(place.root))
    told = marsad("reread", "--workspace", str(place.root))

    assert (ran.code, ran.data["read"], told.code) == (3, 2, 3), ran.stderr
    assert "IsADirectoryError" in ran.data["stories_failure"]
    assert "Stories could not be worked out: IsADirectoryError" in told.stderr
