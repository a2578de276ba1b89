"""The rows of a frozen set as exports write them, but for what was withdrawn since.

Withdrawn is what was erased by order, and what names an actor that is hidden by now: hiding holds
everywhere. A later judgement withdraws nothing: `differences` tells it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.connection import Connection
from storage.exporting.columns import Kind
from storage.frozen import store
from storage.frozen.bundles import unbundled
from storage.frozen.digests import digest_of
from storage.frozen.records import FrozenRow, Snapshot

TEXT_DIGEST = "_text_sha256"
"""Beside the columns of an article's row: what its text must be."""
_HIDDEN = "SELECT id FROM actors WHERE suppress"
_ERASED = "SELECT count(*) FROM snapshot_rows WHERE snapshot_id = ? AND row IS NULL"
# One with hidden actors only has to look into its rows for them.
_NOW_HIDDEN = """
SELECT count(*) FROM snapshot_rows
WHERE snapshot_id = ? AND kind IN ('mentions', 'edits') AND row IS NOT NULL
  AND CASE WHEN json_valid(row) THEN json_extract(row, '$.actor_id') END
    IN (SELECT id FROM actors WHERE suppress)
"""
_LEFT_OUT = """
SELECT count(*) FROM articles a INDEXED BY articles_left_out
CROSS JOIN snapshot_rows r ON r.article_id = a.id
WHERE a.withdrawn AND r.snapshot_id = ? AND r.kind = 'articles'
"""


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a set since it was frozen: rows withdrawn, articles left out by people."""

    withdrawn: int
    left_out: int


def since(db: Connection, snapshot: Snapshot) -> Since:
    """What is told no more of a set, and what people left out of the study and it still holds."""
    hidden = db.value(_NOW_HIDDEN, (snapshot.id,)) if db.value(_HIDDEN) else 0
    return Since(
        withdrawn=db.value(_ERASED, (snapshot.id,)) + hidden,
        left_out=db.value(_LEFT_OUT, (snapshot.id,)),
    )


@dataclass
class Withdrawn:
    """Rows that were frozen and are told no more; full once all rows went by."""

    erased: int = 0
    hidden: int = 0
    texts: int = 0
    """Articles that are told without their text, because it is nowhere as it was any more."""

    def told(self) -> dict[str, int]:
        """As side-cars say it: rows that were erased or hidden, and texts that are gone."""
        return {
            "rows_erased": self.erased,
            "rows_hidden": self.hidden,
            "texts_not_kept_as_they_were": self.texts,
        }


def thawed(
    db: Connection, snapshot: Snapshot, kind: Kind, withdrawn: Withdrawn, *, text: bool = False
) -> Iterator[dict[str, Any]]:
    """Every row of a kind in its order; with `text`, articles with their text of that instant.

    Raises SnapshotDamaged.
    """
    hidden = {row["id"] for row in db.all(_HIDDEN)}
    for frozen in store.rows(db, snapshot, kind):
        if frozen.text is None:
            withdrawn.erased += 1
            continue
        for row in _plain(kind, json.loads(frozen.text)):
            if row.get("actor_id") in hidden:
                withdrawn.hidden += 1
                continue
            digest = row.pop(TEXT_DIGEST, None)
            yield row | _text(db, snapshot, frozen, digest, withdrawn) if text else row


def _plain(kind: Kind, kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return unbundled(kept) if kind == "attention" else iter((kept,))


def _text(
    db: Connection, snapshot: Snapshot, row: FrozenRow, digest: str | None, withdrawn: Withdrawn
) -> dict[str, str | None]:
    """The text whose digest was frozen; None where it is kept nowhere any more."""
    if row.article_id is None or digest is None:
        return {}
    # One that was not kept may be kept by now: it was none then.
    text = "" if digest == digest_of("") else store.text(db, snapshot, row.article_id)
    if text is None or digest_of(text) != digest:
        withdrawn.texts += 1
        text = None
    return {"text": text}
