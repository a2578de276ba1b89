"""Databases of every released schema, as `tests/schemas/` keeps them, in their workspaces."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import zstandard

from crawler.demo.workspace import lay_out
from crawler.workspace import CrawlSettings, Workspace, WorkspaceSettings, create_workspace
from storage.packed_words import unpack as unpack_words

SCHEMAS = Path(__file__).parent / "schemas"
NAMES = tuple(sorted(path.name.partition(".")[0] for path in SCHEMAS.glob("*.db.zst")))
OLDEST, NEWEST = NAMES[0], NAMES[-1]
_DATA = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'article_fts*'
"""


@lru_cache
def content(name: str) -> bytes:
    """A fixture's database file."""
    raw = (SCHEMAS / f"{name}.db.zst").read_bytes()
    return zstandard.ZstdDecompressor().decompress(raw)


def unpack(name: str, path: Path) -> Path:
    """Write a fixture's database to a path."""
    path.write_bytes(content(name))
    path.chmod(0o600)
    return path


def study(name: str, root: Path) -> Workspace:
    """The workspace whose database is of this schema: that of the demo newsroom."""
    settings = WorkspaceSettings(
        contact="tests@marsad.test",
        newsroom="127.0.0.1:9",
        shipped=False,
        crawl=CrawlSettings(delay_seconds=0.0),
        disk={"reserve_megabytes": 0},
    )
    made = create_workspace(root, settings)
    lay_out(root, 9)
    unpack(name, made.database)
    return made


def connect(path: Path, mode: str = "ro") -> sqlite3.Connection:
    """A plain connection that can read the packed words of the search."""
    db = sqlite3.connect(f"file:{path}?mode={mode}", uri=True)
    db.create_function("unpack_words", 2, unpack_words, deterministic=True)
    return db


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a database says to plain sqlite3."""
    with closing(connect(path)) as db:
        return db.execute(sql).fetchall()


def tables(path: Path) -> dict[str, list[str]]:
    """The columns that hold data, of every table that does."""
    return {
        table: [row[1] for row in ask(path, f"PRAGMA table_info({table})")]
        for (table,) in ask(path, _DATA)
    }


def rows(path: Path, table: str, columns: list[str]) -> Counter[tuple[Any, ...]]:
    """The rows of a table, as often as each is there."""
    chosen = ", ".join(f'"{column}"' for column in columns)
    return Counter(ask(path, f"SELECT {chosen} FROM {table}"))


def lost(before: Path, after: Path, excepted: Mapping[str, set[str]]) -> dict[str, int]:
    """How many rows of each table are not in the other database as they were.

    `excepted` names columns that may have changed by table; "*" is all of them.
    """
    missing = {}
    for table, columns in tables(before).items():
        skipped = excepted.get(table, set())
        kept = [] if "*" in skipped else [name for name in columns if name not in skipped]
        if kept and (gone := rows(before, table, kept) - rows(after, table, kept)):
            missing[table] = gone.total()
    return missing


def schema(path: Path) -> dict[tuple[str, str], str]:
    """Everything that a schema is made of, without comments and line breaks."""
    sql = "SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'"
    return {(kind, name): _one_line(made or "") for kind, name, made in ask(path, sql)}


def _one_line(sql: str) -> str:
    return " ".join(" ".join(line.partition("--")[0] for line in sql.splitlines()).split())


def wrong(path: Path) -> list[tuple[Any, ...]]:
    """What SQLite finds wrong in a file: pages, indexes, references, the search's own index."""
    with closing(connect(path, "rw")) as db:
        found = [row for row in db.execute("PRAGMA integrity_check") if row != ("ok",)]
        found += db.execute("PRAGMA foreign_key_check").fetchall()
        db.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)")
    return found
