"""SQL that people write themselves: it reads the documented views, and nothing else.

SQLite asks before it reads a column and says through which view it does so. But a query may give
any name to a table of its own (`WITH articles_v AS (SELECT … FROM articles)`), and what is read
through that looks just as if the view had read it. So a connection gets copies of the views under
a name that nobody can guess, and only these may read tables.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.connection import SESSION_PRAGMAS
from storage.desk_views import NAMES
from storage.errors import StorageError

SECONDS = 10.0
MINUTES = 600.0
"""In seconds: for a file of all rows."""
ROWS = 1000
BYTES = 20_000_000
"""Of one answer, all its cells together."""
MEMORY = 400_000_000
"""Bytes that the process may grow by while it answers one question."""
_STEPS = 2000
"""Between two looks at the clock, in instructions of SQLite: well below a millisecond."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 5_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
}
_JSON_ROWS = frozenset({"json_each", "json_tree"})
"""Tables that SQLite makes of a value."""
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "fts5", "unpack_words"})
_BODY = re.compile(r"\s*CREATE\s+VIEW\s+\w+\s+AS\b(.*)", re.IGNORECASE | re.DOTALL)
_BEGINNING = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(SELECT|WITH|VALUES)\b", re.I | re.DOTALL)
_PROHIBITED = re.compile(r"access to (\S+) is prohibited")

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


class AnalystError(StorageError):
    """A question in SQL that cannot be answered, in words for whoever wrote it."""


class TookTooLong(AnalystError):
    """A question in SQL that takes more time or memory than it may."""


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: its columns, its rows, and whether there are more than are here."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    cut: bool
    seconds: float


def restrict(connection: sqlite3.Connection) -> None:
    """Let a connection read the documented views from now on, and nothing else.

    For one that is handed to nobody else afterwards; it cannot be undone.
    """
    secret = f"v{secrets.token_hex(16)}_"
    bodies = {name: _body(connection, name) for name in NAMES}
    for name, body in bodies.items():
        connection.execute(f"CREATE TEMP VIEW {secret}{name} AS {body}")
        # S608: names of ours.
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {secret}{name}")  # noqa: S608  # names of ours
    connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")  # made on first use
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    connection.set_authorizer(_authorizer(secret, _names(connection)))


def answer(
    path: Path,
    sql: str,
    parameters: dict[str, object] | None = None,
    *,
    rows: int = ROWS,
    seconds: float = SECONDS,
) -> Table:
    """The answer to a question in SQL over the documented views, with no more than `rows` rows.

    Each question has a connection of its own. Raises AnalystError and TookTooLong.
    """
    if not _BEGINNING.match(sql):
        raise AnalystError("a question begins with SELECT or WITH")
    connection = _connect(path)
    try:
        restrict(connection)
        return _answer(connection, sql, parameters or {}, rows, seconds)
    finally:
        connection.close()


def each(path: Path, sql: str, *, seconds: float = MINUTES) -> Iterator[tuple[Any, ...]]:
    """The names of the columns, then every row, one by one: for a file of any length.

    Raises AnalystError and TookTooLong, before the first row or at any later one.
    """
    if not _BEGINNING.match(sql):
        raise AnalystError("a question begins with SELECT or WITH")
    with closing(_connect(path)) as connection:
        restrict(connection)
        ends_at, grown_to = time.monotonic() + seconds, _memory() + MEMORY
        connection.set_progress_handler(
            lambda: time.monotonic() > ends_at or _memory() > grown_to, _STEPS
        )
        try:
            cursor = connection.execute(sql)
            yield tuple(one[0] for one in cursor.description or ())
            yield from cursor
        except sqlite3.Error as error:
            raise _in_words(error, seconds) from None


def _connect(path: Path) -> sqlite3.Connection:
    """A reading connection; big sorts go to temporary files, not to memory."""
    uri = path.absolute().as_uri() + "?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in SESSION_PRAGMAS:
        if "temp_store" not in pragma:
            connection.execute(pragma)
    return connection


def _body(connection: sqlite3.Connection, name: str) -> str:
    """What a view selects. Raises AnalystError where the database has no such view."""
    row = connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = 'view' AND name = ?", (name,)
    ).fetchone()
    body = _BODY.match(row[0]) if row else None
    if body is None:
        raise AnalystError(f"this database has no view {name}: run `marsad upgrade`")
    return body[1]


def _names(connection: sqlite3.Connection) -> frozenset[str]:
    """What a database calls its tables, and SQLite those that it makes when they are asked."""
    sql = "SELECT name FROM main.sqlite_master UNION SELECT name FROM pragma_module_list"
    return frozenset(name.lower() for (name,) in connection.execute(sql))


def _authorizer(secret: str, tables: frozenset[str]) -> Authorizer:
    """What SQLite asks before each step: only reading, only through the copies of the views.

    Where no column of a table is needed, as for counting a view's rows, SQLite tells the table
    alone. That is let pass for tables beneath a view that was asked too, and for what the question
    names itself (`WITH days AS …`): no table has that name.
    """
    readable = {*NAMES, *(secret + name for name in NAMES)}
    beneath: set[str] = set()

    def may_read(table: str, column: str | None, base: str | None, through: str | None) -> bool:
        if through is not None and through.startswith(secret):
            beneath.add(table)
            return True
        if base == "temp" and table in readable:
            return True
        return table in _JSON_ROWS or (column == "" and (table in beneath or is_own(table)))

    def is_own(name: str) -> bool:
        known = name.lower()
        return known not in tables and not known.startswith(("sqlite_", "pragma_"))

    def may(
        action: int, one: str | None, two: str | None, base: str | None, through: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ:
            fine = may_read(one or "", two, base, through)
        elif action == sqlite3.SQLITE_FUNCTION:
            fine = (two or "").lower() not in _REFUSED_FUNCTIONS
        else:
            fine = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    return may


def _answer(
    connection: sqlite3.Connection,
    sql: str,
    parameters: dict[str, object],
    most: int,
    seconds: float,
) -> Table:
    began, grown_to = time.monotonic(), _memory() + MEMORY

    def enough() -> bool:
        return time.monotonic() - began > seconds or _memory() > grown_to

    connection.set_progress_handler(enough, _STEPS)
    try:
        cursor = connection.execute(sql, parameters)
        rows, cut = _rows(cursor, most)
    except sqlite3.Error as error:
        raise _in_words(error, seconds) from None
    finally:
        connection.set_progress_handler(None, 0)
    columns = tuple(one[0] for one in cursor.description or ())
    return Table(columns, rows, cut, time.monotonic() - began)


def _rows(cursor: sqlite3.Cursor, most: int) -> tuple[list[tuple[Any, ...]], bool]:
    """The first rows, and whether there are more than may be shown."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in cursor:
        size += sum(len(cell) if isinstance(cell, str | bytes) else 8 for cell in row)
        if len(rows) == most or size > BYTES:
            return rows, True
        rows.append(row)
    return rows, False


def _in_words(error: sqlite3.Error, seconds: float) -> AnalystError:
    """What was wrong with a question. It may quote its SQL: for its writer, never for a log."""
    said = str(error)
    if said == "interrupted":
        return TookTooLong(
            f"the answer takes more than {seconds:g} seconds or too much memory: narrow the "
            "question by outlet_id or published_day"
        )
    if (hidden := _PROHIBITED.search(said)) or "not authorized" in said:
        what = f"{hidden[1]} is not among them" if hidden else "this does something else"
        return AnalystError(f"only the documented views can be read: {what}")
    return AnalystError(said)


def _memory() -> int:
    """Bytes of memory that the process holds; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    return 0
