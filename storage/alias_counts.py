"""How many articles each written form of an actor was found in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.connection import Connection

_COUNTS = """
SELECT m.actor_id, m.alias, count(DISTINCT m.article_id) AS articles,
       count(DISTINCT CASE WHEN m.counted THEN m.article_id END) AS counted
FROM mentions m
CROSS JOIN articles a ON a.id = m.article_id
WHERE NOT a.withdrawn
GROUP BY m.actor_id, m.alias ORDER BY m.actor_id, m.alias
"""
_ARTICLES = "SELECT count(*) FROM articles WHERE NOT withdrawn"


@dataclass(frozen=True, slots=True)
class AliasCount:
    """A form and its articles: all of them, and those in which it names the actor for sure."""

    actor_id: str
    alias: str
    articles: int
    counted: int


def alias_counts(db: Connection) -> Iterator[AliasCount]:
    """The counts of every form that was ever found, as it was written when it was found."""
    return (AliasCount(*row) for row in db.execute(_COUNTS))


def article_count(db: Connection) -> int:
    """How many articles are stored, those that were withdrawn left out."""
    return int(db.value(_ARTICLES))
