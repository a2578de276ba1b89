"""The archive as a body of texts: how large it is, and an even sample of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from storage.articles import ArticleStore, StoredText
from storage.connection import Connection

_STRETCH = 100
"""Articles that are taken in a row: neighbours lie together in the file."""
_SPAN = "SELECT count(*) AS number, coalesce(min(id), 0) AS first, coalesce(max(id), 0) AS last"


def size(db: Connection, after_id: int = 0) -> int:
    """How many articles there are, of those that come after `after_id`."""
    return int(db.value("SELECT count(*) FROM articles WHERE id > ?", (after_id,)))


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
    stretches = max(1, wanted // _STRETCH)
    step = (span["last"] - span["first"] + 1) / stretches
    done = 0
    for number in range(stretches):
        start = max(done, span["first"] - 1 + int(number * step))
        for text in islice(store.texts(start), _STRETCH):
            done = text.article_id
            yield text
