"""Attention counted ahead: articles and stories per outlet, actor and day.

The tables note by themselves which days changed; until those are counted again, the views
`outlet_days_v` and `actor_days_v` count them live, so that no answer is ever late.
"""

from __future__ import annotations

from storage.connection import Connection

_AT_ONCE = 500
_DAYS = "SELECT outlet_id, day FROM days_dirty ORDER BY outlet_id, day LIMIT ?"
_OUTLET = """
INSERT INTO outlet_days
SELECT outlet_id, :day, count(*), count(DISTINCT story_id) FROM articles
WHERE outlet_id = :outlet AND published_day IS nullif(:day, '') AND NOT withdrawn
GROUP BY outlet_id
"""
_ACTORS = """
INSERT INTO actor_days
SELECT m.actor_id, a.outlet_id, :day, count(DISTINCT a.id), count(DISTINCT a.story_id)
FROM articles a CROSS JOIN mentions m ON m.article_id = a.id
WHERE a.outlet_id = :outlet AND a.published_day IS nullif(:day, '') AND NOT a.withdrawn
  AND m.counted
GROUP BY m.actor_id
"""


def recount(db: Connection) -> int:
    """Count every day anew that changed since; says how many these were.

    In steps, each a transaction of its own: a crawl that writes beside it waits for one of them.
    """
    counted = 0
    while rows := _step(db):
        counted += rows
    return counted


def waiting(db: Connection) -> int:
    """How many days of outlets are counted live, because they changed."""
    return int(db.value("SELECT count(*) FROM days_dirty"))


def _step(db: Connection) -> int:
    with db.write():
        rows = db.all(_DAYS, (_AT_ONCE,))
        for row in rows:
            _count(db, {"outlet": row["outlet_id"], "day": row["day"]})
    return len(rows)


def _count(db: Connection, which: dict[str, str]) -> None:
    where = "WHERE outlet_id = :outlet AND day = :day"
    for table in ("outlet_days", "actor_days", "days_dirty"):
        db.execute(f"DELETE FROM {table} {where}", which)  # noqa: S608  # constants only
    db.execute(_OUTLET, which)
    db.execute(_ACTORS, which)
