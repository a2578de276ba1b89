"""The rows of an article's mentions: written whole, compared, and what of them is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from sqlite3 import Row

from storage.connection import Connection
from storage.models import Mention, keep_rule_of
from storage.rows import dump

FIELDS = ("headline", "text")
_INSERT = """
INSERT INTO mentions (actor_id, article_id, field, start, "end", surface,
                      alias, rule, ambiguous, label, label_start)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_STORED = """
SELECT actor_id, article_id, field, start, "end", surface,
       alias, rule, ambiguous, label, label_start
FROM mentions WHERE article_id = ? AND field IN (SELECT value FROM json_each(?))
"""
_DELETE = """
DELETE FROM mentions WHERE article_id = ? AND field IN (SELECT value FROM json_each(?))
"""


def write(
    db: Connection,
    article_id: int,
    mentions: Iterable[Mention],
    fields: Collection[str] = FIELDS,
) -> None:
    """Put mentions in the place of an article's present ones, in these fields."""
    db.execute(_DELETE, (article_id, dump(list(fields))))
    db.executemany(_INSERT, _rows(article_id, mentions, fields))


def are(
    db: Connection,
    article_id: int,
    mentions: Iterable[Mention],
    fields: Collection[str] = FIELDS,
) -> bool:
    """Whether an article's mentions in these fields are these very ones, in any order."""
    stored = {tuple(row) for row in db.all(_STORED, (article_id, dump(list(fields))))}
    return stored == set(_rows(article_id, mentions, fields))


def stored(db: Connection, article_id: int) -> tuple[Mention, ...]:
    """An article's mentions as the reader found them, in reading order."""
    rows = db.all(_STORED, (article_id, dump(list(FIELDS))))
    return tuple(sorted(map(_mention, rows), key=lambda found: (found.field, found.start)))


def counted(db: Connection, article_id: int) -> frozenset[str]:
    """The ids of the actors that an article counts for."""
    sql = "SELECT DISTINCT actor_id FROM mentions WHERE article_id = ? AND counted"
    return frozenset(row["actor_id"] for row in db.all(sql, (article_id,)))


def update_keep_rule(db: Connection, article_id: int) -> None:
    """Have the article's reason to be kept follow from what is counted in it."""
    rule = keep_rule_of(counted(db, article_id))
    db.execute(
        "UPDATE articles SET keep_rule = ? WHERE id = ? AND keep_rule != ?",
        (rule, article_id, rule),
    )


def _mention(row: Row) -> Mention:
    values = dict(row)
    del values["article_id"]
    return Mention(**{**values, "ambiguous": bool(row["ambiguous"])})


def _rows(
    article_id: int, mentions: Iterable[Mention], fields: Collection[str]
) -> Collection[tuple[object, ...]]:
    """One row for an actor at a place: the first, where a matcher found two there."""
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for mention in mentions:
        if mention.field in fields:
            rows.setdefault(
                (mention.actor_id, mention.field, mention.start), _row(article_id, mention)
            )
    return rows.values()


def _row(article_id: int, mention: Mention) -> tuple[object, ...]:
    """In the order of `_INSERT`."""
    place = (mention.field, mention.start, mention.end, mention.surface)
    how = (mention.alias, mention.rule, int(mention.ambiguous))
    return (mention.actor_id, article_id, *place, *how, mention.label, mention.label_start)
