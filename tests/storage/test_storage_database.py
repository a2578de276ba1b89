from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.database import open_database
from storage.errors import CannotWrite, DatabaseMissing, NewerSchema, NotOurDatabase, OlderSchema
from storage.migrations import NAMES, migrations

if TYPE_CHECKING:
    from tests.storage.conftest import Desk


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_database_and_its_journals_are_for_the_owner_only(desk: Desk) -> None:
    desk.run()

    files = sorted(desk.path.parent.glob("marsad.db*"))
    names = ["marsad.db", "marsad.db-run-1.lock", "marsad.db-shm", "marsad.db-wal"]
    assert [path.name for path in files] == names
    assert {_mode(path) for path in files} == {0o600}


def test_opening_shuts_the_world_out_of_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    open_database(path).close()
    path.chmod(0o644)

    open_database(path).close()

    assert _mode(path) == 0o640


def test_the_pragmas_are_set(desk: Desk) -> None:
    values = {
        name: desk.db.value(f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "page_size")
    }

    assert values == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "page_size": 8192,
    }


def test_every_migration_is_known_by_name(desk: Desk) -> None:
    assert {step.name for step in migrations.applied(desk.db.tables)} == NAMES
    assert migrations.pending(desk.db.tables) == []


def test_every_table_of_ours_is_strict(desk: Desk) -> None:
    rows = desk.db.all(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND NOT strict AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlite%'"
    )

    assert rows == []


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    with open_database(path) as database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('marsad', '0099_tomorrow', '')"
        )

    with pytest.raises(NewerSchema, match="0099_tomorrow"):
        open_database(path)
    with pytest.raises(NewerSchema):
        open_database(path, readonly=True)


def test_an_older_schema_is_not_migrated_by_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    with open_database(path) as database:
        database.execute("DELETE FROM _sqlite_migrations")

    with pytest.raises(OlderSchema, match="0001_first_night"):
        open_database(path, readonly=True)


def test_an_older_schema_is_migrated_only_where_somebody_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    with open_database(path) as database:
        last = max(NAMES)
        database.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (last,))

    with pytest.raises(OlderSchema, match="marsad upgrade"):
        open_database(path)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE accounts (id)")
    other.close()

    with pytest.raises(NotOurDatabase, match="another program"):
        open_database(path)

    tables = sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("accounts",)]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    path.write_text("نص عادي " * 1000, encoding="utf-8")

    with pytest.raises(NotOurDatabase):
        open_database(path)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        open_database(tmp_path / "marsad.db", readonly=True)

    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(desk: Desk) -> None:
    with (
        open_database(desk.path, readonly=True) as reader,
        pytest.raises(CannotWrite, match="readonly"),
        reader.write(),
    ):
        reader.execute("DELETE FROM runs")


def test_a_full_disk_is_told_and_what_was_begun_is_taken_back(desk: Desk) -> None:
    pages = desk.db.value("PRAGMA page_count")
    desk.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CannotWrite, match="full"), desk.db.write():
        desk.run()
        desk.db.execute("CREATE TABLE filler AS SELECT zeroblob(1000000) AS body")
    assert desk.db.value("SELECT count(*) FROM runs") == 0


def test_a_failed_transaction_leaves_nothing(desk: Desk) -> None:
    run_id = desk.run()

    with pytest.raises(RuntimeError), desk.db.write():
        desk.runs.note(run_id, "requests", 1)
        raise RuntimeError

    assert desk.db.value("SELECT count(*) FROM run_notes") == 0


def test_a_failure_inside_undoes_the_inner_part_only(desk: Desk) -> None:
    run_id = desk.run()

    with desk.db.write():
        desk.runs.note(run_id, "kept", 1)
        with pytest.raises(RuntimeError), desk.db.write():
            desk.runs.note(run_id, "undone", 1)
            raise RuntimeError

    assert [row["key"] for row in desk.db.all("SELECT key FROM run_notes")] == ["kept"]


def _open_and_note(path: Path, start: object, number: int) -> None:
    start.wait()  # type: ignore[attr-defined]  # a multiprocessing barrier
    with open_database(path) as database:
        for value in range(25):
            with database.write():
                count = database.value("SELECT count(*) FROM jobs")
                database.execute(
                    "INSERT INTO jobs VALUES ('race', ?, ?, '', '', NULL)",
                    (f"{number}-{value}", count),
                )


def test_processes_that_open_and_write_at_once_wait_for_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    path, start = tmp_path / "marsad.db", context.Barrier(3)
    writers = [context.Process(target=_open_and_note, args=(path, start, n)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    with open_database(path, readonly=True) as database:
        positions = [row["position"] for row in database.all("SELECT position FROM jobs")]
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert sorted(positions) == list(range(75))


def test_a_plain_sqlite_reads_texts_and_searches_the_index(desk: Desk) -> None:
    desk.store("1", "قالت الجمعيات إن حقوق الإنسان في تحسن")

    plain = sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True)
    found = plain.execute(
        "SELECT a.headline FROM article_fts f JOIN articles a ON a.id = f.rowid "
        "WHERE article_fts MATCH 'folded:الانسان'"
    ).fetchall()
    (state,) = plain.execute("PRAGMA integrity_check").fetchone()

    assert found == [("عنوان الخبر",)]
    assert state == "ok"


def test_the_reader_sees_a_state_before_or_after_a_transaction_never_between(desk: Desk) -> None:
    run_id = desk.run()
    with open_database(desk.path, readonly=True) as reader, desk.db.write():
        desk.runs.note(run_id, "requests", 1)

        seen = reader.value("SELECT count(*) FROM run_notes")

    assert seen == 0
