"""The concordance of an actor by pages: every place once, whatever was stored meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from storage import concordance
from storage.concordance import Line
from storage.connection import Connection
from storage.errors import SearchError
from storage.search import Condition, SearchFilters, condition

LINES = 50
_PLACES = """
SELECT coalesce(a.published_day, '') AS day, m.article_id, m.field, m.start
FROM mentions m
CROSS JOIN articles a INDEXED BY articles_facets ON a.id = m.article_id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE m.actor_id = :mentioned AND NOT w.suppress AND m.counted {condition}
"""
_COUNT = "SELECT count(*) FROM ({places})"
_AFTER = """
AND (coalesce(a.published_day, ''), m.article_id, m.field, m.start) {sign}
  (:day, :article, :field, :start)
"""
_ORDER = " ORDER BY day {way}, m.article_id {way}, m.field {way}, m.start {way} LIMIT :limit"
_CURSOR = "day article field start".split()


@dataclass(frozen=True, slots=True)
class KwicPage:
    """Lines of a page and where the next one begins; None at the end.

    Newest first, those of no known day come last; oldest first, they come first.
    """

    lines: tuple[Line, ...]
    following: str | None
    total: int


def page(
    db: Connection,
    actor_id: str,
    filters: SearchFilters | None = None,
    *,
    after: str = "",
    newest: bool = True,
    limit: int = LINES,
) -> KwicPage:
    """The places that come after a cursor, "" for the beginning.

    Raises SearchError for a cursor that no page gave.
    """
    where = condition(filters)
    bound = {**where.parameters, "mentioned": actor_id, "limit": limit + 1}
    sql = _PLACES.format(condition=where.sql)
    if after:
        sql += _AFTER.format(sign="<" if newest else ">")
        bound |= _read(after)
    rows = db.all(sql + _ORDER.format(way="DESC" if newest else "ASC"), bound)
    places = [(row["article_id"], row["field"], row["start"]) for row in rows[:limit]]
    following = _written(rows[limit - 1]) if len(rows) > limit else None
    lines = tuple(concordance.at(db, actor_id, places))
    return KwicPage(lines, following, _count(db, actor_id, where))


def _count(db: Connection, actor_id: str, where: Condition) -> int:
    sql = _COUNT.format(places=_PLACES.format(condition=where.sql))
    return int(db.value(sql, {**where.parameters, "mentioned": actor_id}))


def _written(row: Row) -> str:
    return "~".join(map(str, row))


def _read(cursor: str) -> dict[str, object]:
    parts: Sequence[str] = cursor.split("~")
    if len(parts) != len(_CURSOR) or not (parts[1].isdecimal() and parts[3].isdecimal()):
        raise SearchError("this page of the concordance does not exist", None)
    day, article, field, start = parts
    return {"day": day, "article": int(article[:18]), "field": field, "start": int(start[:18])}
