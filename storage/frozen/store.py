"""The tables of frozen sets: the only place where their rows are written and read.

A set that is being made has no digest yet, and is invisible. Its process holds a lock for as long
as it lives: what a dead one left is swept away before the next set is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import IntegrityError, Row

from storage.connection import Connection
from storage.errors import CannotFreeze, SnapshotDamaged, UnknownSnapshot
from storage.frozen.digests import Head, digest_of
from storage.frozen.records import FrozenRow, Snapshot
from storage.processes import LifeLock
from storage.rows import dump
from storage.times import decode_time, encode_time

NAME = re.compile(r"[a-z0-9][a-z0-9._\-]{0,79}")
"""In small letters: two files whose names differ in case are one file to some systems."""
NOW = "now"
"""Stands for the database as it is, where two sets are compared."""
_MADE = "SELECT * FROM snapshots WHERE digest != ''"
_ROWS = """
SELECT position, article_id, digest, CAST(row AS BLOB) AS row FROM snapshot_rows
WHERE snapshot_id = ? AND kind = ? ORDER BY position
"""
_TEXT = """
SELECT coalesce(
  (SELECT text FROM snapshot_texts WHERE snapshot_id = :snapshot AND article_id = :article),
  (SELECT text FROM article_texts WHERE article_id = :article))
"""
_SWEPT = 5_000
"""Rows of a dead set that are removed in one transaction: a crawl writes between two of them."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a set is called and asks, and who makes it for what."""

    name: str
    query: str
    filters: str
    who: str
    why: str
    made_at: datetime


def snapshots(db: Connection) -> list[Snapshot]:
    """Every frozen set, the newest first."""
    return list(map(_snapshot_from, db.all(f"{_MADE} ORDER BY id DESC")))


def names(db: Connection) -> list[str]:
    """The names of all frozen sets, the newest first."""
    sql = "SELECT name FROM snapshots WHERE digest != '' ORDER BY id DESC"
    return [row["name"] for row in db.all(sql)]


def find(db: Connection, name: str) -> Snapshot:
    """The set of this name. Raises UnknownSnapshot."""
    row = db.one(f"{_MADE} AND name = ?", (name,))
    if row is None:
        raise UnknownSnapshot(name)
    return _snapshot_from(row)


def head(db: Connection, snapshot: Snapshot) -> Head:
    """What of it is digested besides its rows, letter for letter as it is kept."""
    row = db.one("SELECT * FROM snapshots WHERE id = ?", (snapshot.id,))
    assert row is not None, "sets are never removed"
    return Head(**{name: row[name] for name in Head.__slots__})


def rows(db: Connection, snapshot: Snapshot, kind: str) -> Iterator[FrozenRow]:
    """Its rows of a kind in their order.

    Raises SnapshotDamaged at one that is not what was frozen: nothing is told of such a set.
    """
    for row in db.execute(_ROWS, (snapshot.id, kind)):
        text = None if row["row"] is None else row["row"].decode("utf-8", "replace")
        if text is not None and digest_of(text) != row["digest"]:
            raise SnapshotDamaged(snapshot.name, f"{kind} {row['position']}")
        yield FrozenRow(kind, row["position"], row["article_id"], row["digest"], text)


def text(db: Connection, snapshot: Snapshot, article_id: int) -> str | None:
    """An article's text as it was kept for the set, else as it is now; its digest must tell."""
    found: str | None = db.value(_TEXT, {"snapshot": snapshot.id, "article": article_id})
    return found


# ---------------------------------------------------------------- making


def begin(db: Connection, named: Named) -> tuple[int, LifeLock]:
    """The number of a set that nobody sees yet, and the lock that says that its maker lives.

    Raises CannotFreeze for a name that is taken or is none.
    """
    if not NAME.fullmatch(named.name) or named.name == NOW:
        raise CannotFreeze(
            f'"{named.name}" is no name for a snapshot: letters a to z, digits and . _ - only, '
            f'as in "unions-2026" (and not "{NOW}")',
            "name",
        )
    values = {name: getattr(named, name) for name in ("name", "query", "filters", "who", "why")}
    made = {"made_at": encode_time(named.made_at), "facts": "{}", "digest": ""}
    with db.write():
        try:
            number = db.insert("snapshots", {**values, **made})
        except IntegrityError as taken:
            raise CannotFreeze(
                f'there is a snapshot "{named.name}" already, or one is being made: what may be '
                "cited stays as it is; choose another name",
                "taken",
            ) from taken
        lock = LifeLock(db.path, f"snapshot-{number}")
        lock.hold()
    return number, lock


def add_rows(db: Connection, number: int, batch: Sequence[FrozenRow]) -> None:
    """Write rows of a set that is being made; part of the caller's transaction."""
    db.executemany(
        "INSERT INTO snapshot_rows (snapshot_id, kind, position, article_id, digest, row) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ((number, one.kind, one.position, one.article_id, one.digest, one.text) for one in batch),
    )


def keep_changed_texts(db: Connection, number: int, texts: dict[int, str]) -> None:
    """Keep those texts that are not what the articles say by now; as add_rows.

    From then on the tables themselves keep a text before it changes.
    """
    sql = (
        "SELECT article_id, text FROM article_texts "
        "WHERE article_id IN (SELECT value FROM json_each(?))"
    )
    now = {row["article_id"]: row["text"] for row in db.all(sql, (dump(list(texts)),))}
    changed = [(number, one, said) for one, said in texts.items() if said and now[one] != said]
    db.executemany("INSERT OR IGNORE INTO snapshot_texts VALUES (?, ?, ?)", changed)


def finish(db: Connection, number: int, facts: str, digest: str) -> None:
    """Have everybody see a set that is whole now."""
    with db.write():
        db.update("snapshots", number, {"facts": facts, "digest": digest})


def sweep(db: Connection) -> int:
    """Remove what makers of sets left that were killed; how many there were."""
    dead = [row["id"] for row in db.all("SELECT id FROM snapshots WHERE digest = ''")]
    dead = [number for number in dead if not LifeLock(db.path, f"snapshot-{number}").is_held()]
    for number in dead:
        remove_unfinished(db, number)
    return len(dead)


def remove_unfinished(db: Connection, number: int) -> None:
    """Remove a set that was never finished, a few rows at a time."""
    lot = (
        "DELETE FROM snapshot_rows WHERE snapshot_id = :number AND (kind, position) IN (SELECT "
        "kind, position FROM snapshot_rows WHERE snapshot_id = :number LIMIT :lot)"
    )
    left = True
    while left:
        with db.write():
            left = db.execute(lot, {"number": number, "lot": _SWEPT}).rowcount > 0
    with db.write():
        db.execute("DELETE FROM snapshot_texts WHERE snapshot_id = ?", (number,))
        db.execute("DELETE FROM snapshots WHERE id = ? AND digest = ''", (number,))
    with suppress(OSError):
        LifeLock(db.path, f"snapshot-{number}").remove()


def _snapshot_from(row: Row) -> Snapshot:
    try:
        filters, facts = json.loads(row["filters"]), json.loads(row["facts"])
    except ValueError as wrong:
        raise SnapshotDamaged(row["name"], "what is known of it") from wrong
    return Snapshot(
        id=row["id"],
        name=row["name"],
        query=row["query"],
        filters={name: tuple(some) for name, some in filters.items()},
        made_at=decode_time(row["made_at"]),
        who=row["who"],
        why=row["why"],
        facts=facts,
        digest=row["digest"],
    )
