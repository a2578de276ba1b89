"""The database of one instant as a file of its own, and what such a file holds."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.connection import Connection
from storage.errors import CannotWrite, DatabaseBusy, DatabaseMissing, NotOurDatabase
from storage.migrations import APPLICATION_ID, migrations
from storage.runs import RunStore
from storage.slots import SlotStore
from storage.times import decode_optional
from storage.upkeep import Upkeep

_TABLES = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'article_fts%' ORDER BY name
"""
_ENDS = """
SELECT capture_file AS name, max(capture_offset + capture_length) AS end
FROM fetches WHERE capture_file IS NOT NULL GROUP BY capture_file
"""
_HAS_WORDS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'article_words'"
_EMPTY_INDEX = """
PRAGMA journal_mode = OFF;  -- a copy that nobody has yet: after a kill it is made anew
PRAGMA synchronous = OFF;
BEGIN;
DELETE FROM article_words;
INSERT INTO article_fts (article_fts) VALUES ('delete-all');
COMMIT;
"""
_STEPS = 100_000
"""Of SQLite's machine."""
_MAGIC = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database that is open, or was when the power failed."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database file holds, and what is wrong with it.

    `schema` are the steps that made it, `up_to` is the last look at anything.
    """

    problems: tuple[str, ...]
    schema: tuple[str, ...] = ()
    counts: Mapping[str, int] | None = None
    up_to: datetime | None = None

    @property
    def articles(self) -> int:
        """How many articles it holds."""
        return (self.counts or {}).get("articles", 0)

    @property
    def has_index(self) -> bool:
        """Whether the search index is in it, or its schema too old to have it made anew."""
        return (self.counts or {}).get("article_words", 1) > 0


def take(source: Path, target: Path) -> None:
    """Write the committed state of one instant into a new private file, beside any writer.

    Raises DatabaseMissing, NotOurDatabase (also where it cannot be read to its end), DatabaseBusy,
    CannotWrite.
    """
    if not source.is_file():
        raise DatabaseMissing(source)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    # Not read-only: SQLite 3.40 then cannot copy tables with generated columns (2026-11-22).
    uri = f"{source.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30.0)) as db:
        db.set_progress_handler(lambda: 0, _STEPS)  # signals are heard between two of these
        try:
            db.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise DatabaseBusy(source) from error
            raise CannotWrite(target, str(error)) from error
        except sqlite3.DatabaseError as error:
            raise NotOurDatabase(source, f"it is damaged: {error}") from error


def leave_out_index(copy: Path) -> bool:
    """Empty the search index of a copy that nobody else has; its pages stay until it is taken anew.

    False, with nothing done, where its schema is too old for the index to be made anew. Raises
    CannotWrite.
    """
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        if db.execute(_HAS_WORDS).fetchone() is None:
            return False
        try:
            db.executescript(_EMPTY_INDEX)
        except sqlite3.DatabaseError as error:
            raise CannotWrite(copy, str(error)) from error
    return True


def contents(path: Path) -> Contents:
    """Check a database file from its first page to its last, and count what is in it.

    Of any schema. Raises NotOurDatabase, DatabaseMissing.
    """
    with closing(Connection(path, readonly=True)) as db:
        if db.value("PRAGMA application_id") != APPLICATION_ID:
            raise NotOurDatabase(path, "it belongs to another program")
        try:
            return Contents(_problems(db), _schema(db), _counts(db), _up_to(db))
        except sqlite3.DatabaseError as error:
            return Contents((str(error),))


def capture_ends(path: Path) -> dict[str, int]:
    """For each file of captures that a database names, where the last record of it ends."""
    with closing(Connection(path, readonly=True)) as db:
        return {row["name"]: row["end"] for row in db.all(_ENDS)}


def close_under_way(db: Connection, made_at: datetime) -> None:
    """End in a restored database what was under way when its backup was made.

    Runs and slots are interrupted, whatever lives under their process numbers now; the backup
    itself went well.
    """
    for work in ("run", "slot"):
        sql = f"SELECT id FROM {work}s WHERE status = 'running'"  # noqa: S608  # one of the two
        for row in db.all(sql):
            # A lock that nobody holds: the work is dead, whoever has its number now.
            db.path.with_name(f"{db.path.name}-{work}-{row['id']}.lock").touch(0o600)
    RunStore(db).recover()
    SlotStore(db).recover()
    for record in Upkeep(db).list(limit=100):
        if record.ended_at is None:
            is_this_backup = record.kind == "backup"
            said = "restored from it" if is_this_backup else "cut short by a restore"
            Upkeep(db).end(record.id, is_this_backup, f"{made_at:%Y-%m-%d %H:%M} UTC: {said}")


def let_go(path: Path) -> None:
    """Make sure that nobody has a database open and that all of it is in the one file.

    One that cannot be read at all stays as it is: SQLite would throw its log away. Raises
    DatabaseBusy.
    """
    if not path.is_file() or not _is_sqlite(path):
        return
    try:
        with closing(sqlite3.connect(path, timeout=2.0, isolation_level=None)) as db:
            # Before the first look into the file: this mode shares it with nobody.
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DatabaseBusy(path) from error
        # Else it is too damaged for anybody to have it open.


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def files(path: Path) -> list[Path]:
    """A database file and what lies beside it, as far as they are there."""
    beside = [path.with_name(path.name + suffix) for suffix in _BESIDE]
    return [each for each in (*beside, path) if each.exists()]


def size(path: Path) -> int:
    """Bytes of a database with what lies beside it."""
    return sum(each.stat().st_size for each in files(path))


def _problems(db: Connection) -> tuple[str, ...]:
    found = [row[0] for row in db.all("PRAGMA integrity_check(10)") if row[0] != "ok"]
    broken = db.all("PRAGMA foreign_key_check")[:10]
    return (*found, *(f"row {row[1]} of {row[0]} names no row of {row[2]}" for row in broken))


def _schema(db: Connection) -> tuple[str, ...]:
    return tuple(step.name for step in migrations.applied(db.tables))


def _counts(db: Connection) -> dict[str, int]:
    names = [row["name"] for row in db.all(_TABLES)]
    counts = 'SELECT count(*) FROM "{}"'
    return {name: db.value(counts.format(name)) for name in names}  # the file's own tables


def _up_to(db: Connection) -> datetime | None:
    return decode_optional(db.value("SELECT max(fetched_at) FROM fetches"))
