"""Whether a frozen set is still what was frozen: each row, each text, and all of them together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from sqlite3 import Row

from storage.connection import Connection
from storage.frozen import store
from storage.frozen.digests import RootDigest, digest_of
from storage.frozen.records import KEPT, Snapshot
from storage.frozen.thawing import TEXT_DIGEST

MOST_NAMED = 200
# As bytes: what is damaged may be no UTF-8 any more.
_ROWS = """
SELECT position, article_id, digest, CAST(row AS BLOB) AS row FROM snapshot_rows
WHERE snapshot_id = ? AND kind = ? ORDER BY position
"""
_TEXT = """
SELECT coalesce(
  (SELECT CAST(text AS BLOB) FROM snapshot_texts
   WHERE snapshot_id = :snapshot AND article_id = :article),
  (SELECT CAST(text AS BLOB) FROM article_texts WHERE article_id = :article), x'')
"""
_KINDS = "SELECT DISTINCT kind FROM snapshot_rows WHERE snapshot_id = ?"


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that is not what was frozen; position -1: of the whole set."""

    kind: str
    position: int
    article_id: int | None
    why: str


@dataclass
class Verified:
    """What was looked at in one set, and what is wrong with it."""

    name: str
    rows: int = 0
    withdrawn: int = 0
    texts: int = 0
    wrong: list[WrongRow] = field(default_factory=list)
    wrong_count: int = 0

    def add(self, *found: WrongRow) -> None:
        """Count what is wrong, and name the first ones."""
        self.wrong_count += len(found)
        self.wrong += found[: max(0, MOST_NAMED - len(self.wrong))]


def verify(db: Connection, snapshot: Snapshot) -> Verified:
    """Compare every row and text with its digest, and all of them with the set's own."""
    found, root = Verified(snapshot.name), RootDigest()
    for kind in KEPT:
        position = 0
        for position, row in enumerate(db.execute(_ROWS, (snapshot.id, kind)), start=1):
            root.add(kind, row["position"], row["digest"])
            found.add(*_wrong(db, snapshot, kind, row, position - 1, found))
        if position != snapshot.facts["kept"].get(kind):
            found.add(WrongRow(kind, -1, None, "rows were taken away or added"))
    for row in db.all(_KINDS, (snapshot.id,)):
        if row["kind"] not in KEPT:
            found.add(WrongRow(row["kind"], -1, None, "no kind of rows that is frozen"))
    if root.of(store.head(db, snapshot)) != snapshot.digest:
        found.add(WrongRow("", -1, None, "what is kept does not give the digest of the set"))
    return found


def _wrong(
    db: Connection, snapshot: Snapshot, kind: str, row: Row, position: int, found: Verified
) -> Iterator[WrongRow]:
    found.rows += 1
    if row["position"] != position:
        yield WrongRow(kind, row["position"], row["article_id"], "out of its place")
    if row["row"] is None:
        found.withdrawn += 1
        return
    if hashlib.sha256(row["row"]).hexdigest() != row["digest"]:
        yield WrongRow(kind, row["position"], row["article_id"], "not the words that were frozen")
    elif kind == "articles":
        found.texts += 1
        if not _is_text_whole(db, snapshot, row):
            why = "its text is nowhere as it was"
            yield WrongRow(kind, row["position"], row["article_id"], why)


def _is_text_whole(db: Connection, snapshot: Snapshot, row: Row) -> bool:
    wanted = json.loads(row["row"])[TEXT_DIGEST]
    if wanted == digest_of(""):
        return True
    text = db.value(_TEXT, {"snapshot": snapshot.id, "article": row["article_id"]})
    return bool(hashlib.sha256(text).hexdigest() == wanted)
