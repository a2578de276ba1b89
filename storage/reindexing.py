"""Search rows made anew, a few articles at a time: of another folding, or not there."""

from __future__ import annotations

from dataclasses import dataclass

from storage.connection import Connection
from storage.indexing import Words, refresh
from storage.text import FOLD_VERSION

# Both counts are answered from an index alone; a restored backup knows no words at all.
_UNINDEXED = (
    "SELECT (SELECT count(*) FROM articles)"
    " - (SELECT count(*) FROM article_words WHERE fold_version = ?)"
)
_UNINDEXED_UP_TO = (
    "SELECT (SELECT count(*) FROM articles WHERE id <= :last)"
    " - (SELECT count(*) FROM article_words WHERE id <= :last AND fold_version = :fold)"
)
_NEXT = """
SELECT a.id, a.headline, a.language, t.text, x.fold_version AS index_fold_version
FROM articles a JOIN article_texts t ON t.article_id = a.id
LEFT JOIN article_words x ON x.id = a.id
WHERE a.id > ? ORDER BY a.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """The articles of one step: the last one's number, how many there were, how many renewed."""

    last_id: int
    articles: int
    renewed: int


def unindexed(db: Connection, up_to: int | None = None) -> int:
    """How many articles the search finds by the words of another folding, or not at all.

    With `up_to` only articles up to this number are looked at.
    """
    if up_to is None:
        return int(db.value(_UNINDEXED, (FOLD_VERSION,)))
    return int(db.value(_UNINDEXED_UP_TO, {"last": up_to, "fold": FOLD_VERSION}))


def reindex(db: Connection, after_id: int, limit: int) -> Reindexed | None:
    """Have the next articles found by today's folding; None where there are no more.

    An article's search row and what the index learned of it change in one transaction.
    """
    with db.write():
        rows = db.all(_NEXT, (after_id, limit))
        for row in rows:
            refresh(db, row, Words.of(row))
    renewed = sum(row["index_fold_version"] != FOLD_VERSION for row in rows)
    return Reindexed(rows[-1]["id"], len(rows), renewed) if rows else None
