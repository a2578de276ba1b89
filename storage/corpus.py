"""The archive as a body of texts: how large it is, and an even sample of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from storage.articles import ArticleStore, StoredText
from storage.connection import Connection
from storage.rows import dump

_STRETCH = 100
"""Articles that are taken in a row, at most: neighbours lie together in the file."""
_FEWEST_STRETCHES = 10
_SPAN = "SELECT count(*) AS number, coalesce(min(id), 0) AS first, coalesce(max(id), 0) AS last"


def size(db: Connection, after_id: int = 0) -> int:
    """How many articles there are, of those that come after `after_id`."""
    return int(db.value("SELECT count(*) FROM articles WHERE id > ?", (after_id,)))


def naming(db: Connection, actor_ids: Collection[str]) -> dict[str, int]:
    """How many articles count for each of these actors at present."""
    sql = (
        "SELECT m.actor_id, count(DISTINCT a.id) AS articles FROM mentions m "
        "CROSS JOIN articles a ON a.id = m.article_id "
        "WHERE m.actor_id IN (SELECT value FROM json_each(?)) AND m.counted AND NOT a.withdrawn "
        "GROUP BY m.actor_id"
    )
    found = {row["actor_id"]: row["articles"] for row in db.all(sql, (dump(list(actor_ids)),))}
    return {actor_id: found.get(actor_id, 0) for actor_id in sorted(actor_ids)}


def sample(db: Connection, wanted: int) -> Iterator[StoredText]:
    """All texts if there are no more than `wanted`, else about so many, spread evenly.

    The spread is by number, so by the time an article was first seen.
    """
    span = db.one(f"{_SPAN} FROM articles")
    assert span is not None, "an aggregate has a row"
    store = ArticleStore(db)
    if span["number"] <= wanted:
        yield from store.texts()
        return
    length = max(1, min(_STRETCH, wanted // _FEWEST_STRETCHES))
    stretches = wanted // length
    step = (span["last"] - span["first"] + 1) / stretches
    done = 0
    for number in range(stretches):
        start = max(done, span["first"] - 1 + int(number * step))
        for text in islice(store.texts(start), length):
            done = text.article_id
            yield text
