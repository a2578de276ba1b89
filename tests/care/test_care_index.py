"""Backups leave the search index out, and everything is found again: restored, killed, by hand."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import kept
import old_schemas
import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.care import reindexing, restoring
from crawler.care.backups import back_up
from crawler.care.packing import opened, quiet
from crawler.care.restoring import restore
from crawler.care.upgrading import is_due, upgrade
from crawler.cli.main import app
from crawler.reading.fingerprints import fingerprint
from crawler.workspace import Workspace, find_workspace
from storage.articles import ArticleStore
from storage.database import open_database
from storage.errors import CannotWrite
from storage.jobs import JobStore
from storage.models import Reading

ARTICLES = 40
WORDS = ("words", "mark00003", "MARK00039", "in:headline headline", '"words of 7"', "")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = kept.made(tmp_path / "watch")
    kept.night(made, kept.texts(0, ARTICLES))
    upgrade(made)
    return made


def marsad(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def found(database: Path) -> dict[str, list[int]]:
    with open_database(database, readonly=True) as db:
        return {word: [hit.article_id for hit in db.search(word, limit=100)] for word in WORDS}


def by_hand(archive: Path, root: Path) -> Workspace:
    """A workspace as somebody has it who unpacks an archive with other tools."""
    root.mkdir()
    with opened(archive) as backup:
        backup.unpack(root, quiet)
    return find_workspace(root)


def killed_at(step: str, work: Callable[[Callable[[str, int, int], None]], object]) -> None:
    """Do the work in a process that is killed (-9) when it tells of a step for the second time."""
    told: list[str] = []

    def progress(said: str, _done: int, _total: int) -> None:
        told.append(said)
        if told.count(step) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            work(progress)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


# ---------------------------------------------------------------- what is left out


def test_a_backup_holds_no_search_index_and_is_smaller_by_it(place: Workspace) -> None:
    kept.night(place, [f"{number} " + os.urandom(4000).hex(" ", 3) for number in range(60)])
    made = back_up(place)

    assert made.manifest.index is False
    assert made.manifest.counts["article_words"] == 0
    (database,) = (each for each in made.manifest.members if each.name == "marsad.db")
    assert database.size < 0.6 * place.database.stat().st_size
    with open_database(place.database, readonly=True) as db:
        assert db.unindexed() == 0


def test_a_database_of_an_early_schema_keeps_its_index(tmp_path: Path) -> None:
    place = old_schemas.study(old_schemas.OLDEST, tmp_path / "study")

    made = back_up(place)

    assert made.manifest.index is True
    before, after = place.database, by_hand(made.path, tmp_path / "hand").database
    assert old_schemas.lost(before, after, {}) == {}
    assert old_schemas.ask(after, "SELECT count(*) FROM article_fts_data") > [(10,)]


# ---------------------------------------------------------------- put back


def test_a_restored_workspace_finds_what_the_old_one_found(
    place: Workspace, tmp_path: Path
) -> None:
    before, made = found(place.database), back_up(place)

    result = marsad("restore", made.path, "--to", tmp_path / "new")

    assert f"{ARTICLES} articles indexed anew" in result.stdout
    database = tmp_path / "new" / "marsad.db"
    assert found(database) == before
    assert len(before["words"]) == ARTICLES
    assert old_schemas.wrong(database) == []
    assert not is_due(find_workspace(tmp_path / "new"))


def test_killed_while_it_indexes_a_search_says_so_and_an_upgrade_brings_all_back(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, made = found(place.database), back_up(place)
    monkeypatch.setattr(reindexing, "BATCH", 10)
    root = tmp_path / "new"

    killed_at("articles indexed", lambda progress: restore(made.path, root, progress=progress))

    missed = marsad("search", "mark00039", "-w", root)
    assert "nothing found among the articles that are indexed" in " ".join(missed.stderr.split())
    searched = marsad("search", "words", "--json", "-w", root)
    assert "20 articles are not in the search index yet" in " ".join(searched.stderr.split())
    told = json.loads(searched.stdout)
    assert (told["total"], told["unindexed"]) == (ARTICLES - 20, 20)
    status = json.loads(marsad("status", "--json", "-w", root).stdout)
    assert status["unindexed"] == 20
    assert any("not in the search index" in matter["said"] for matter in status["matters"])
    assert old_schemas.wrong(root / "marsad.db") == []

    again = marsad("upgrade", "-w", root)

    assert "20 articles indexed anew" in again.stdout
    assert not list((root / "backups").glob("*"))  # it would hold nothing of what changes
    assert found(root / "marsad.db") == before
    assert old_schemas.wrong(root / "marsad.db") == []
    after = marsad("search", "words", "--json", "-w", root)
    assert "search index" not in after.stderr
    assert json.loads(after.stdout)["unindexed"] == 0


def test_what_cannot_be_indexed_now_is_told(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(place, captures=True)

    def full(database: Path, *_: object) -> int:
        raise CannotWrite(database, "disk full")

    monkeypatch.setattr(restoring.reindexing, "reindex", full)

    result = marsad("restore", made.path, "--to", tmp_path / "new")

    assert result.exit_code == 3
    assert f"{ARTICLES} articles could not be put into the search" in " ".join(
        result.stderr.split()
    )
    assert is_due(find_workspace(tmp_path / "new"))


# ---------------------------------------------------------------- unpacked by hand


def test_an_archive_unpacked_by_hand_is_indexed_by_the_next_upgrade(
    place: Workspace, tmp_path: Path
) -> None:
    before = found(place.database)
    with open_database(place.database) as db:  # a backup made in the middle of indexing
        JobStore(db).start(reindexing.JOB, reindexing.KEY)
        JobStore(db).advance(reindexing.JOB, reindexing.KEY, 25)
    hand = by_hand(back_up(place).path, tmp_path / "hand")

    searched = marsad("search", "words", "-w", hand.root)
    assert f"{ARTICLES} articles are not in the search index" in " ".join(searched.stderr.split())
    exported = marsad("export", "articles", "--search", "words", "-w", hand.root)
    assert "a search by words may miss them" in " ".join(exported.stderr.split())
    assert is_due(hand)
    report = upgrade(hand)

    assert report.reindexed == ARTICLES
    assert found(hand.database) == before
    assert old_schemas.wrong(hand.database) == []


def test_an_article_read_anew_before_it_is_indexed_is_found_once_by_its_new_words(
    place: Workspace, tmp_path: Path
) -> None:
    hand = by_hand(back_up(place).path, tmp_path / "hand")
    text = "MARK77777 said otherwise"
    with open_database(hand.database) as db:
        url = str(db.value("SELECT url FROM articles WHERE id = 4"))
        reading = Reading(
            *(url, url, None),
            headline="A headline",
            text=text,
            fingerprint=fingerprint(text),
            reader_version="2",
        )
        ArticleStore(db).reread(4, reading)
        assert (db.unindexed(), db.count("mark77777")) == (ARTICLES - 1, 1)

    assert upgrade(hand).reindexed == ARTICLES - 1

    with open_database(hand.database, readonly=True) as db:
        assert [hit.article_id for hit in db.search("mark77777")] == [4]
        assert db.count("mark00003") == 0
        assert db.count("headline") == ARTICLES
    assert old_schemas.wrong(hand.database) == []
