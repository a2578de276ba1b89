"""One connection to the database file: pragmas, transactions and the few verbs of SQL we need."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from storage.errors import CannotWrite, DatabaseBusy, DatabaseMissing, NotOurDatabase
from storage.lean import without
from storage.packed_words import unpack
from storage.rows import clean_parameters

with without("pandas", "numpy"):
    import sqlite_utils

BUSY_MILLISECONDS = 30_000
SESSION_PRAGMAS = (
    "PRAGMA page_size = 8192",  # works before the first table only; fastest for whole articles
    "PRAGMA synchronous = NORMAL",  # in WAL a power cut may cost the last commits, never sense
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -64000",
)

Parameters = Sequence[object] | Mapping[str, object]
_STEPS = 20_000
"""Of SQLite's machine between two looks at the clock: some milliseconds."""


class Interrupted(Exception):
    """A reader's time was over before its answer."""


class Connection:
    """A connection for one thread at a time; every write happens inside `write()`.

    sqlite-utils commits each of its writes by itself unless a transaction is open, and opens
    deferred ones, which fail at once (whatever the timeout) when another process commits
    between their read and their write. So `write()` begins every transaction, immediately.
    """

    def __init__(self, path: Path | str, *, readonly: bool = False) -> None:
        self.path = Path(path)
        self.readonly = readonly
        self._sql = _connect(self.path, readonly=readonly)
        self.tables = sqlite_utils.Database(
            self._sql, recursive_triggers=False, execute_plugins=False
        )

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement; its rows can be read by column name."""
        cursor = self._sql.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(sql, clean_parameters(parameters))

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters."""
        self._sql.executemany(sql, (clean_parameters(row) for row in rows))

    def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self.execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Every row."""
        return self.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Insert one row and give its rowid (0 in a table without rowids)."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        # S608: table and columns are literals of this package, the values are bound.
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  # as said
        return self.execute(sql, list(values.values())).lastrowid or 0

    def upsert(self, table: str, key: Sequence[str], values: Mapping[str, object]) -> None:
        """Insert one row, or update the one with the same key."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        updates = ", ".join(f"{name} = excluded.{name}" for name in values if name not in key)
        # S608: as in insert.
        sql = (
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) "  # noqa: S608  # as in insert
            f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updates}"
        )
        self.execute(sql, list(values.values()))

    def update(self, table: str, row_id: int, values: Mapping[str, object]) -> None:
        """Update one row by its id."""
        settings = ", ".join(f"{name} = ?" for name in values)
        # S608: as in insert.
        sql = f"UPDATE {table} SET {settings} WHERE id = ?"  # noqa: S608  # as in insert
        self.execute(sql, [*values.values(), row_id])

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction: all of it or nothing. Inside another one it is a part of that.

        Raises DatabaseBusy or CannotWrite.
        """
        if self._sql.in_transaction:
            with self.tables.atomic():
                yield
            return
        self._begin()
        try:
            yield
            self._sql.execute("COMMIT")
        except BaseException as error:
            self.tables.rollback()
            if _cannot_write(error):
                raise CannotWrite(self.path, str(error)) from error
            raise

    def _begin(self) -> None:
        """Take the turn to write, waiting for others for a while. Raises DatabaseBusy."""
        try:
            self._sql.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise DatabaseBusy(self.path) from error
            if _cannot_write(error):
                raise CannotWrite(self.path, str(error)) from error
            raise

    @contextmanager
    def instant(self, seconds: float) -> Iterator[None]:
        """Read everything as of one instant, for so many seconds at most. Raises Interrupted."""
        ends_at = time.monotonic() + seconds
        self._sql.set_progress_handler(lambda: int(time.monotonic() > ends_at), _STEPS)
        self._sql.execute("BEGIN")
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Interrupted from error
            raise
        finally:
            self._sql.set_progress_handler(None, 0)
            self._sql.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; a writer leaves fresh statistics for the query planner."""
        if not self.readonly:
            with suppress(sqlite3.DatabaseError):  # on a full or failing disk this can wait
                self._sql.execute("PRAGMA optimize")
        self._sql.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _cannot_write(error: BaseException) -> bool:
    """Whether the disk or the rights on the file are at fault."""
    codes = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)
    return isinstance(error, sqlite3.OperationalError) and (
        getattr(error, "sqlite_errorcode", 0) & 0xFF in codes
    )


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if readonly and not path.is_file():
        raise DatabaseMissing(path)
    if not readonly:
        _keep_private(path)
    uri = path.absolute().as_uri() + ("?mode=ro" if readonly else "?mode=rw")
    # A connection may be opened on one thread and used on the writer's: never on two at once.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        for pragma in SESSION_PRAGMAS:
            connection.execute(pragma)
        connection.create_function("unpack_words", 2, unpack, deterministic=True)
        connection.execute("SELECT count(*) FROM sqlite_master")  # the first look into the file
    except sqlite3.DatabaseError as error:
        connection.close()
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise NotOurDatabase(path, str(error)) from error
    return connection


def _keep_private(path: Path) -> None:
    """Make the file 0600, and shut others out of an existing one; -wal and -shm follow it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        mode = path.stat().st_mode & 0o777
        if mode & 0o007:
            path.chmod(mode & ~0o007)
