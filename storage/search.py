"""Search: what people ask, answered from the index.

The index always drives (`article_fts CROSS JOIN articles`): when SQLite is left to choose, it
may walk all articles of a country first, which is 400 times slower at a million articles. Order
is that of storage.ranking. Articles that a person withdrew are never found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from storage import query_known
from storage.connection import Connection
from storage.query import Query, parse
from storage.query_fields import Field, no_day
from storage.query_sql import plan
from storage.ranking import Page, Per, Sought, page_of
from storage.reported import SearchHit, Totals
from storage.rows import dump
from storage.search_hits import hits
from storage.times import day_text

Some = str | Collection[str] | None


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What articles to look at; each may be one value or several (any of them).

    `country` is whose news an outlet covers, as `--country` selects. `after` is the first day
    and `before` the day after the last, by publication day in the outlet's zone: articles whose
    day is not known are left out by both. `credit` is an agency that an article names as its
    source; `alignment` that of the outlet. `kind` and `theme` are those of an actor that is named:
    person, cso, media …; rights, press, women …
    """

    outlet: Some = None
    country: Some = None
    language: Some = None
    actor: Some = None
    after: date | None = None
    before: date | None = None
    credit: Some = None
    alignment: Some = None
    kind: Some = None
    theme: Some = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL over `articles a`, starting with AND (or empty), and its parameters."""

    sql: str
    parameters: dict[str, object]


_ANY_WITHDRAWN = (
    "SELECT EXISTS (SELECT 1 FROM articles INDEXED BY articles_left_out WHERE withdrawn)"
)
_KEPT = " AND NOT a.withdrawn"
_FIELDS = {
    "outlet": "outlet",
    "country": "country",
    "language": "language",
    "actor": "named",
    "credit": "credit",
    "alignment": "alignment",
    "kind": "kind",
    "theme": "theme",
}
"""Filters of several values, and as which field of the query language each is asked."""
_SAID_BY = {"actor": "ids", "term": "ids", "kind": "kinds", "theme": "themes"}
"""Fields about actors, and as which parameter of the statement they are asked."""
_ABOUT = """
SELECT id FROM actors WHERE NOT suppress AND (
  id IN (SELECT value FROM json_each(:ids))
  OR kind IN (SELECT value FROM json_each(:kinds))
  OR kind != 'term' AND EXISTS (
    SELECT 1 FROM json_each(themes) WHERE value IN (SELECT value FROM json_each(:themes))
  )
)
"""


def condition(filters: SearchFilters | None) -> Condition:
    """The filters as SQL, and that nobody withdrew the article: it is in no answer at all."""
    narrowed = plan(None, _fields(filters))
    return Condition(_KEPT + narrowed.conditions, narrowed.parameters)


def _fields(filters: SearchFilters | None) -> list[Field]:
    """The filters as fields of the query language: there is one way of asking for each."""
    wanted = filters or SearchFilters()
    after, before = day_text(wanted.after), day_text(wanted.before)
    if after is not None and before is not None and before <= after:
        raise no_day(after, before)
    days = {"after": after, "before": before}
    fields = [field for _, field in _several(wanted)]
    return fields + [Field(name, (day,)) for name, day in days.items() if day is not None]


def _several(filters: SearchFilters) -> list[tuple[str, Field]]:
    """The filters that take several values, each with its name."""
    asked = ((name, field, getattr(filters, name)) for name, field in _FIELDS.items())
    return [
        (name, Field(field, tuple(values(value))))
        for name, field, value in asked
        if value is not None
    ]


def unknown(db: Connection, filters: SearchFilters) -> list[str]:
    """The values of the filters that stand in no table, each with what may have been meant."""
    found = (query_known.slips(db, field, name) for name, field in _several(filters))
    return [slip for those in found for slip in those]


def search(
    db: Connection, query: str, filters: SearchFilters | None = None, page: Page | None = None
) -> list[SearchHit]:
    """One page of the articles a query finds, best or newest first; or one of each story.

    An empty query means all articles, newest first. Raises SearchError for a query that cannot
    be understood, for a value of a field that the database has never heard of, and for filters
    whose last day comes before the first.
    """
    page = page or Page()
    asked = _asked(db, query, any_words=page.any_words)
    rows = page_of(db, _sought(db, asked, filters), page)
    named = _about(db, asked, filters or SearchFilters())
    return hits(db, asked.terms if asked else (), named, rows)


def shown(db: Connection, query: str, article_ids: Sequence[int]) -> list[SearchHit]:
    """These articles, in their order, as a search for the query shows them. Raises SearchError."""
    sql = "SELECT value AS id, 0.0 AS rank FROM json_each(?)"
    asked = parse(query)
    named = _about(db, asked, SearchFilters())
    rows = db.all(sql, (dump(list(article_ids)),))
    return hits(db, asked.terms if asked else (), named, rows)


def count(
    db: Connection,
    query: str,
    filters: SearchFilters | None = None,
    *,
    any_words: bool = False,
    per: Per = "article",
) -> int:
    """How many articles a query finds, or in how many stories these are."""
    if per == "story":
        return totals(db, query, filters, any_words=any_words).stories
    wanted = _sought(db, _asked(db, query, any_words=any_words), filters)
    return int(db.value(f"SELECT count(*) {wanted.source}", wanted.parameters))


def totals(
    db: Connection,
    query: str,
    filters: SearchFilters | None = None,
    *,
    any_words: bool = False,
) -> Totals:
    """How many articles a query finds, and in how many stories."""
    wanted = _sought(db, _asked(db, query, any_words=any_words), filters)
    sql = f"SELECT count(*), count(DISTINCT a.story_id) {wanted.of_articles}"
    row = db.one(sql, wanted.parameters)
    assert row is not None, "an aggregate has a row"
    return Totals(*row)


def matching(db: Connection, query: str, filters: SearchFilters | None) -> Condition:
    """Query and filters as a condition over `articles a`, for exports and statistics."""
    wanted = sought(db, query, filters)
    if not wanted.match:
        return Condition(wanted.conditions, wanted.parameters)
    # S608: constants only; the query itself is bound.
    found = "SELECT rowid FROM article_fts WHERE article_fts MATCH :match"
    return Condition(f" AND a.id IN ({found}){wanted.conditions}", wanted.parameters)


def sought(db: Connection, query: str, filters: SearchFilters | None = None) -> Sought:
    """What a query and filters look for, as SQL over `articles a`. Raises SearchError."""
    return _sought(db, _asked(db, query), filters)


def actors_asked(db: Connection, query: str, filters: SearchFilters | None = None) -> list[str]:
    """The ids of the actors that a question is about, by name, kind or theme; hidden ones never."""
    return _about(db, parse(query), filters or SearchFilters())


def _about(db: Connection, asked: Query | None, filters: SearchFilters) -> list[str]:
    said = {
        "ids": values(filters.actor or ()),
        "kinds": values(filters.kind or ()),
        "themes": values(filters.theme or ()),
    }
    for field in asked.fields if asked else ():
        if field.name in _SAID_BY:
            said[_SAID_BY[field.name]] += field.values
    if not any(said.values()):
        return []
    return [
        row["id"] for row in db.all(_ABOUT, {name: dump(those) for name, those in said.items()})
    ]


def _asked(db: Connection, query: str, *, any_words: bool = False) -> Query | None:
    """The query, understood, and asking for nothing that the database cannot know."""
    asked = parse(query, any_words=any_words)
    if asked is not None:
        query_known.check(db, asked.fields)
    return asked


def _sought(db: Connection, asked: Query | None, filters: SearchFilters | None) -> Sought:
    """Query and filters as one piece of SQL."""
    wanted = plan(asked.node if asked else None, _fields(filters))
    # Where nothing was ever withdrawn, as in most archives, the index can often answer alone.
    kept = _KEPT if db.value(_ANY_WITHDRAWN) else ""
    return Sought(wanted.match, wanted.conditions + kept, wanted.parameters, wanted.words)


def values(value: str | Collection[str]) -> list[str]:
    """What a filter asks for: one value or several."""
    return [value] if isinstance(value, str) else list(value)
