"""An upgrade that is killed: the schema before or after, never between, and the rest goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import old_schemas
import pytest

from crawler.care import reindexing
from crawler.care.upgrading import is_due, upgrade
from crawler.engine import rematch
from crawler.workspace import Workspace
from storage import database
from storage.database import open_database
from storage.migrations import NAMES
from storage.outdated import pending
from storage.packed_words import pack

KILLS = 8
ALL_PENDING = tuple(sorted(NAMES - {old_schemas.OLDEST}))


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return old_schemas.study(old_schemas.OLDEST, tmp_path / "study")


def killed_at(step: str, work: Callable[[Callable[[str, int, int], None]], object]) -> None:
    """Do the work in a process that is killed (-9) when it tells of a step."""

    def progress(told: str, _done: int, _total: int) -> None:
        if told == step:
            os.kill(os.getpid(), signal.SIGKILL)

    assert _ended(_forked(lambda: work(progress))) == -signal.SIGKILL


def _forked(work: Callable[[], object]) -> int:
    """The number of a process that does the work and ends."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("name", [old_schemas.OLDEST, "0003_headline_words"])
def test_a_kill_at_any_moment_leaves_the_old_schema_or_the_new(name: str, tmp_path: Path) -> None:
    before = old_schemas.unpack(name, tmp_path / "before.db")
    began = time.monotonic()
    open_database(old_schemas.unpack(name, tmp_path / "whole.db"), upgrade=True).close()
    lasted = time.monotonic() - began
    steps = pending(before)

    for number in range(KILLS):
        path = old_schemas.unpack(name, tmp_path / f"{number}.db")
        child = _forked(lambda path=path: open_database(path, upgrade=True).close())
        time.sleep(lasted * (number + 0.5) / KILLS)
        os.kill(child, signal.SIGKILL)
        _ended(child)

        assert pending(path) in ((), steps)
        assert old_schemas.wrong(path) == []
        if pending(path):
            assert old_schemas.lost(before, path, {}) == {}
        open_database(path, upgrade=True).close()
        assert old_schemas.schema(path) == old_schemas.schema(tmp_path / "whole.db")


def test_killed_before_its_commit_the_schema_is_the_old_one(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old_schemas.unpack(old_schemas.OLDEST, tmp_path / "before.db")
    apply = database.migrations.apply

    def apply_and_die(*arguments: object) -> None:
        apply(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(database.migrations, "apply", apply_and_die)
        assert _ended(_forked(lambda: upgrade(place))) == -signal.SIGKILL

    assert pending(place.database) == ALL_PENDING
    assert old_schemas.lost(before, place.database, {}) == {}
    again = upgrade(place)
    assert again.schema == ALL_PENDING
    assert again.backup is None  # tries that fail would fill the disk, each with its own
    assert len(list(place.backups_dir.glob("*.tar.zst"))) == 1


def test_killed_behind_the_schema_it_is_due_again_and_goes_on(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rematch, "BATCH", 20)

    killed_at("articles matched", lambda progress: upgrade(place, progress=progress))
    assert pending(place.database) == ()
    assert is_due(place)
    report = upgrade(place)

    assert report.rematch is not None
    assert report.rematch.resumed_after > 0
    assert report.backup is None  # that of a moment ago holds the same rows
    assert len(list(place.backups_dir.glob("*.tar.zst"))) == 1
    assert not is_due(place)


def test_words_of_another_folding_are_made_anew(place: Workspace) -> None:
    upgrade(place)
    before = old_schemas.ask(place.database, "SELECT * FROM article_index ORDER BY id")
    _fold_otherwise(place)
    told: list[tuple[str, int, int]] = []

    report = upgrade(place, progress=lambda *step: told.append(step))

    assert report.reindexed == len(before)
    assert ("articles indexed", len(before), len(before)) in told
    assert old_schemas.ask(place.database, "SELECT * FROM article_index ORDER BY id") == before
    assert old_schemas.wrong(place.database) == []


def test_an_archive_without_its_words_is_indexed(place: Workspace) -> None:
    upgrade(place)
    with open_database(place.database) as db, db.write():
        found = db.count("cooperative")
        # As in a backup, which leaves out what can be made again.
        db.execute("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
        db.execute("DELETE FROM article_words")

    report = upgrade(place)

    with open_database(place.database, readonly=True) as db:
        assert db.count("cooperative") == found > 0
    assert report.reindexed == 122
    assert old_schemas.wrong(place.database) == []


def test_indexing_goes_on_behind_a_kill_with_a_sound_index(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(place)
    _fold_otherwise(place)
    monkeypatch.setattr(reindexing, "BATCH", 25)

    killed_at("articles indexed", lambda progress: upgrade(place, progress=progress))

    assert old_schemas.wrong(place.database) == []
    with open_database(place.database, readonly=True) as db:
        half = db.count("cooperative")
    report = upgrade(place)
    with open_database(place.database, readonly=True) as db:
        whole = db.count("cooperative")
    assert 0 <= half < whole
    assert report.reindexed == 122 - 25


def test_a_backup_made_midway_through_the_indexing_is_indexed_from_its_beginning(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(place)
    _fold_otherwise(place)
    monkeypatch.setattr(reindexing, "BATCH", 25)
    killed_at("articles indexed", lambda progress: upgrade(place, progress=progress))
    with open_database(place.database) as db, db.write():
        # As in a backup, which leaves out what can be made again, and knows how far it was made.
        db.execute("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
        db.execute("DELETE FROM article_words")

    assert is_due(place)
    report = upgrade(place)

    assert report.reindexed == 122
    assert not is_due(place)
    assert old_schemas.wrong(place.database) == []


def _fold_otherwise(place: Workspace) -> None:
    """Have the index as another version of folding might have made it, in step with itself."""
    with open_database(place.database) as db, db.write():
        db.execute(
            "UPDATE article_words SET fold_version = 1, packed = ?", (pack(*["otherwise"] * 4),)
        )
        db.execute("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
