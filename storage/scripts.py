"""Several SQL statements in one text, run within whatever transaction is open."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from storage.lean import without

with without("pandas", "numpy"):
    import sqlite_utils


def run_script(db: sqlite_utils.Database, script: str) -> None:
    """Run each statement of a script; raises sqlite3.Error for a wrong one.

    sqlite3's executescript commits first. sqlite-utils' does not, but looks for a statement's end
    after every character: 0.1 s for an empty database, where this takes a hundredth of that.
    """
    for statement in statements(script):
        db.execute(statement)


def statements(script: str) -> Iterator[str]:
    """The statements of a script, each to its semicolon; those in strings and triggers end none.

    >>> list(statements("SELECT ';'; SELECT 2 -- no; end\\n;"))
    ["SELECT ';';", 'SELECT 2 -- no; end\\n;']
    """
    begin = 0
    for mark in re.finditer(";", script):
        statement = script[begin : mark.end()].strip()
        if sqlite3.complete_statement(statement):
            yield statement
            begin = mark.end()
    if rest := script[begin:].strip():
        yield rest
