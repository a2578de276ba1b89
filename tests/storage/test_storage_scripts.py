"""Scripts of several statements, run in the transaction that is open."""

from __future__ import annotations

import sqlite3

import pytest
import sqlite_utils

from storage.scripts import run_script, statements

SCRIPT = """
CREATE TABLE notes (id INTEGER PRIMARY KEY, words TEXT); -- one; with a remark
CREATE TRIGGER kept AFTER INSERT ON notes BEGIN
  INSERT INTO notes (words) SELECT new.words || ';' WHERE new.words = 'a;b';
  DELETE FROM notes WHERE words = '';
END;
INSERT INTO notes (words) VALUES ('a;b'), (''), ('ج؛د')
"""


def test_a_statement_ends_at_its_own_semicolon_only() -> None:
    found = list(statements(SCRIPT))

    assert [one.split()[-1] for one in found] == ["TEXT);", "END;", "('ج؛د')"]
    assert list(statements(" \n ")) == []


def test_what_a_script_did_is_undone_with_its_transaction() -> None:
    db = sqlite_utils.Database(memory=True)
    with pytest.raises(sqlite3.OperationalError), db.conn:
        db.conn.execute("BEGIN")
        run_script(db, SCRIPT)
        assert db.execute("SELECT count(*) FROM notes").fetchone() == (3,)
        run_script(db, "CREATE TABLE notes (id); SELECT 1;")

    assert db.table_names() == []
