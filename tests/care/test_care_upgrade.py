"""A workspace of each released schema, upgraded: nothing lost, and a backup before."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import old_schemas
import pytest
from harness import marsad

from crawler.care.backups import BackupFailed
from crawler.care.restoring import restore
from crawler.care.upgrading import UpgradeRefused, UpgradeReport, is_due, upgrade
from crawler.workspace import Workspace
from storage.database import open_database
from storage.errors import NewerSchema, OlderSchema
from storage.migrations import NAMES
from storage.outdated import pending
from storage.processes import LifeLock
from storage.text import fold
from storage.upkeep import Upkeep

REBUILT = {
    # Open spells of blindness are closed since the fifth step: coverage tells of them.
    "events": {"closed_at", "closing"},
    # The fourth step writes digests as bytes; they are compared on their own.
    "fingerprints": {"exact"},
}
MATCHED_ANEW = {**REBUILT, "fingerprints": {"exact", "version"}, "articles": {"matched_at"}}
# The search's own words are made anew by the third step.
UNTIL_THE_THIRD = {"article_index": {"*"}}
# The program of the second step had these columns and filled none of them.
FILLED_IN = {
    "actors": {"forms_digest", "watched_since"},
    "mentions": {"label", "label_start"},
}
WORDS = ("الانسان", "cooperative", "الصحفيين", "ministère")


@dataclass(frozen=True)
class Upgraded:
    """A fixture, the workspace with it after `upgrade`, and what that told."""

    name: str
    before: Path
    place: Workspace
    report: UpgradeReport


@pytest.fixture(scope="module", params=old_schemas.NAMES)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    folder = tmp_path_factory.mktemp("upgraded")
    place = old_schemas.study(request.param, folder / "study")
    before = old_schemas.unpack(request.param, folder / "before.db")
    return Upgraded(request.param, before, place, upgrade(place))


@pytest.fixture
def oldest(tmp_path: Path) -> Workspace:
    return old_schemas.study(old_schemas.OLDEST, tmp_path / "study")


@pytest.mark.parametrize("name", old_schemas.NAMES)
def test_an_older_database_is_not_opened_and_says_what_to_do(name: str, tmp_path: Path) -> None:
    path = old_schemas.unpack(name, tmp_path / "marsad.db")

    for readonly in (True, False):
        with pytest.raises(OlderSchema, match=r"older Marsad .* `marsad upgrade` makes a backup"):
            open_database(path, readonly=readonly)

    assert pending(path) == tuple(sorted(NAMES))[-len(pending(path)) :]
    assert _digest(path) == hashlib.sha256(old_schemas.content(name)).hexdigest()


def test_every_row_is_there_after_an_upgrade(upgraded: Upgraded) -> None:
    excepted = MATCHED_ANEW | (UNTIL_THE_THIRD if upgraded.name < "0003" else {})
    excepted |= FILLED_IN if upgraded.name == "0002_text_layer" else {}

    assert old_schemas.lost(upgraded.before, upgraded.place.database, excepted) == {}


@pytest.mark.parametrize("name", old_schemas.NAMES)
def test_the_schema_alone_changes_no_value(name: str, tmp_path: Path) -> None:
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    for path in (before, after):
        old_schemas.unpack(name, path)

    open_database(after, upgrade=True).close()

    excepted = REBUILT | (UNTIL_THE_THIRD if name < "0003" else {})
    assert old_schemas.lost(before, after, excepted) == {}
    assert _hex_digests(before) == _hex_digests(after)


def test_an_upgraded_database_has_the_schema_of_a_new_one(
    upgraded: Upgraded, tmp_path: Path
) -> None:
    new = tmp_path / "new.db"
    open_database(new).close()

    assert old_schemas.schema(upgraded.place.database) == old_schemas.schema(new)


def test_nothing_is_wrong_in_an_upgraded_file(upgraded: Upgraded) -> None:
    assert old_schemas.wrong(upgraded.place.database) == []


def test_search_finds_what_the_old_index_held(upgraded: Upgraded) -> None:
    with open_database(upgraded.place.database, readonly=True) as db:
        found = {word: {hit.article_id for hit in db.search(word, limit=500)} for word in WORDS}

    for word in WORDS:
        asked = f"SELECT rowid FROM article_fts WHERE article_fts MATCH 'folded : {fold(word)}'"
        held = {row[0] for row in old_schemas.ask(upgraded.before, asked)}
        assert held
        assert held - _left_out(upgraded.before) <= found[word]


def test_judgements_hold_after_an_upgrade(upgraded: Upgraded) -> None:
    said = {"0001": 0, "0002": 0, "0003": 7}.get(
        upgraded.name[:4], 8
    )  # nobody could judge at first

    with open_database(upgraded.place.database, readonly=True) as db:
        left_out = db.value("SELECT count(*) FROM articles WHERE withdrawn")
        dated = db.value("SELECT count(*) FROM articles WHERE published_day = '2026-01-15'")
        kurmanji = db.value("SELECT count(*) FROM overruled WHERE field = 'language'")
        kept = db.value("SELECT count(*) FROM judgements WHERE who = 'coding desk'")

    assert kept == said
    assert (left_out, dated, kurmanji) == ((1, 1, 1) if said else (0, 0, 0))


def test_a_backup_is_made_first_and_holds_the_old_database(
    upgraded: Upgraded, tmp_path: Path
) -> None:
    backup = upgraded.report.backup
    assert backup is not None

    restored = restore(backup, tmp_path / "restored")

    database = restored.root / "marsad.db"
    assert restored.needs_upgrade
    assert old_schemas.schema(database) == old_schemas.schema(upgraded.before)
    # Since the sixth step a backup leaves out the words of the index; a restore makes them anew.
    excepted = {"article_words": {"*"}} if upgraded.name >= "0006" else {}
    assert old_schemas.lost(upgraded.before, database, excepted) == {}


def test_a_second_upgrade_does_nothing(upgraded: Upgraded) -> None:
    assert not is_due(upgraded.place)
    before = _digest(upgraded.place.database)

    again = upgrade(upgraded.place)

    assert (again.did_anything, again.backup, again.to_do) == (False, None, ())
    assert _digest(upgraded.place.database) == before
    assert len(list(upgraded.place.backups_dir.glob("*"))) == 1


def test_an_upgrade_is_noted_in_words_and_numbers(upgraded: Upgraded) -> None:
    with open_database(upgraded.place.database, readonly=True) as db:
        noted = Upkeep(db).latest("upgrade")

    assert noted is not None
    assert noted.ok
    assert noted.said.startswith(f"{len(upgraded.report.schema)} steps of the schema")
    assert noted.figures["steps"] == len(upgraded.report.schema)


def test_the_command_tells_what_was_done_and_what_is_left(oldest: Workspace) -> None:
    refused = marsad("search", "حقوق", "-w", str(oldest.root))
    ran = marsad("upgrade", "-w", str(oldest.root))
    again = marsad("upgrade", "-w", str(oldest.root), "--json")

    assert (refused.code, ran.code, again.code) == (2, 3, 0)
    assert "`marsad upgrade`" in refused.stderr
    assert "schema: 0006_upkeep" in ran.stdout
    assert "backup: " in ran.stdout
    assert "`marsad reread`" in ran.stderr
    assert (again.data["said"], again.data["to_do"]) == ("nothing to do", [])


def test_a_newer_database_is_refused_and_left_alone(oldest: Workspace) -> None:
    with closing(sqlite3.connect(oldest.database)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('marsad', '0999_of_next_year', '')"
        )
    before = _digest(oldest.database)

    with pytest.raises(NewerSchema, match="0999_of_next_year"):
        upgrade(oldest)

    assert _digest(oldest.database) == before
    assert not list(oldest.backups_dir.glob("*"))


def test_an_upgrade_is_refused_beside_a_run_of_the_old_program(oldest: Workspace) -> None:
    lock = LifeLock(oldest.database, "run-4")  # the fixture's last run was cut off
    lock.hold()

    with pytest.raises(UpgradeRefused, match="run 4 is under way"):
        upgrade(oldest)
    lock.remove()

    assert pending(oldest.database)
    assert not list(oldest.backups_dir.glob("*"))


def test_nothing_changes_where_no_backup_can_be_made(oldest: Workspace) -> None:
    oldest.backups_dir.rmdir()
    oldest.backups_dir.write_text("in the way")

    with pytest.raises(BackupFailed):
        upgrade(oldest)

    assert pending(oldest.database)
    assert upgrade(oldest, backup=False).schema == tuple(sorted(NAMES - {old_schemas.OLDEST}))


def test_a_workspace_without_database_has_nothing_to_upgrade(tmp_path: Path) -> None:
    place = old_schemas.study(old_schemas.OLDEST, tmp_path / "study")
    place.database.unlink()

    assert is_due(place)  # what is shipped is noted once, so that changes can be told
    assert not upgrade(place).did_anything
    assert not is_due(place)
    assert not place.database.exists()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hex_digests(path: Path) -> set[tuple[int, str]]:
    """The digest of each text, in hexadecimal whichever way it is stored."""
    sql = (
        "SELECT article_id, CASE typeof(exact) WHEN 'blob' THEN lower(hex(exact)) "
        "ELSE substr(exact, 1, 32) END FROM fingerprints"
    )
    return {(number, exact) for number, exact in old_schemas.ask(path, sql)}


def _left_out(path: Path) -> set[int]:
    """The articles that a person left out: no search finds them."""
    if "withdrawn" not in old_schemas.tables(path)["articles"]:
        return set()
    return {row[0] for row in old_schemas.ask(path, "SELECT id FROM articles WHERE withdrawn")}
