"""Concordance: every mention of an actor with the words around it (keyword in context)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sqlite3 import Row

from storage.connection import Connection
from storage.search import SearchFilters, condition, matching
from storage.surroundings import around

WIDTH = 40
"""Characters on either side, unless somebody asks for more."""
Place = tuple[int, str, int]
"""Article, field and offset of a mention."""

_FROM = """
FROM mentions m
CROSS JOIN articles a ON a.id = m.article_id
CROSS JOIN article_texts t ON t.article_id = a.id
CROSS JOIN outlets o ON o.id = a.outlet_id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE m.actor_id = :mentioned AND NOT w.suppress AND (:doubtful OR m.counted)
"""
_LINES = """
SELECT a.id AS article_id, a.outlet_id, o.name AS outlet, a.published_day AS day, a.language,
       a.headline, a.url, t.text, a.text_kept, m.field, m.start, m."end", m.surface, m.alias,
       m.rule, m.label, m.counted
"""
_AT = " AND m.article_id = :article AND m.field = :field AND m.start = :start"
_ORDER = " ORDER BY a.published_day IS NULL, a.published_day, a.id, m.field, m.start LIMIT :limit"


@dataclass(frozen=True, slots=True)
class Line:
    """One mention; before, match and after are in reading order, whatever the direction.

    `counted` is False for one that may mean somebody else, or of which a person said so. `day` is
    the day of publication in the outlet's zone, None where it is not known.
    """

    article_id: int
    outlet_id: str
    outlet: str
    day: str | None
    language: str
    field: str
    before: str
    match: str
    after: str
    label: str
    counted: bool
    form: str
    rule: str
    url: str


def lines(  # noqa: PLR0913  # the keywords of one question
    db: Connection,
    actor_id: str,
    filters: SearchFilters | None = None,
    *,
    query: str = "",
    doubtful: bool = False,
    width: int = WIDTH,
    limit: int | None = None,
) -> Iterator[Line]:
    """The mentions of an actor by day of publication, undated ones last.

    Only in articles that a query finds, if there is one. `doubtful`: those that are not counted as
    well. Articles that a person left out are left out.
    """
    where = matching(db, query, filters) if query else condition(filters)
    mine = {"mentioned": actor_id, "doubtful": doubtful, "limit": -1 if limit is None else limit}
    rows = db.execute(_LINES + _FROM + where.sql + _ORDER, {**where.parameters, **mine})
    return (_line(row, width) for row in rows)


def at(
    db: Connection, actor_id: str, places: Iterable[Place], *, width: int = WIDTH
) -> Iterator[Line]:
    """The mentions at these places, in their order; those that are not there are left out."""
    sql = _LINES + _FROM + _AT
    for article, field, start in places:
        place = {"article": article, "field": field, "start": start}
        row = db.one(sql, {**place, "mentioned": actor_id, "doubtful": True})
        if row is not None:
            yield _line(row, width)


def count(
    db: Connection,
    actor_id: str,
    filters: SearchFilters | None = None,
    *,
    doubtful: bool = False,
) -> int:
    """How many mentions `lines` gives without a limit."""
    where = condition(filters)
    mine = {"mentioned": actor_id, "doubtful": doubtful}
    sql = f"SELECT count(*) {_FROM} {where.sql}"
    return int(db.value(sql, {**where.parameters, **mine}))


def _line(row: Row, width: int) -> Line:
    whole = row["headline"] if row["field"] == "headline" else row["text"]
    start, end = row["start"], row["end"]
    held = whole[start:end] == row["surface"]  # not where the text was not kept
    before, after = around(whole, start, end, width) if held else ("", "")
    return Line(
        article_id=row["article_id"],
        outlet_id=row["outlet_id"],
        outlet=row["outlet"],
        day=row["day"],
        language=row["language"],
        field=row["field"],
        before=before,
        match=row["surface"],
        after=after,
        label=row["label"],
        counted=bool(row["counted"]),
        form=row["alias"],
        rule=row["rule"],
        url=row["url"],
    )
