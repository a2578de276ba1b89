"""Erasing an article from frozen sets, by order: its rows go, their digests stay."""

from __future__ import annotations

from storage.connection import Connection

_BLANK = "UPDATE snapshot_rows SET row = NULL WHERE article_id = :article AND row IS NOT NULL"
# A story lists its articles; what it says of this one stands in the rows of the others' stories.
_STORIES = """
UPDATE snapshot_rows SET row = NULL WHERE kind = 'stories' AND row IS NOT NULL
AND snapshot_id IN (SELECT snapshot_id FROM snapshot_rows WHERE article_id = :article)
AND EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(row) THEN row ELSE '{}' END,
  '$.article_ids') WHERE value = :text)
"""


def blank(db: Connection, article_id: int) -> int:
    """Blank every frozen row of an article, and the texts kept of it; how many rows.

    Sets stay whole by their digests: exports count such rows as withdrawn. Counts of days are of
    no single article, and stay.
    """
    asked = {"article": article_id, "text": str(article_id)}
    with db.write():
        rows = db.execute(_STORIES, asked).rowcount + db.execute(_BLANK, asked).rowcount
        db.execute("DELETE FROM snapshot_texts WHERE article_id = :article", asked)
    return rows
