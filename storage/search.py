"""Search: what people ask, answered from the index.

The index always drives (`article_fts CROSS JOIN articles`): when SQLite is left to choose, it
may walk all articles of a country first, which is 400 times slower at a million articles. Order
is that of storage.ranking. Articles that a person withdrew are never found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from sqlite3 import Row

from storage import query_known, snippets
from storage.connection import Connection
from storage.models import Precision
from storage.query import Query, parse
from storage.query_sql import plan
from storage.ranking import Page, Sought, page_of
from storage.reported import SearchHit
from storage.rows import dump
from storage.times import day_text, decode_optional, decode_time

Some = str | Collection[str] | None
Markers = tuple[snippets.Marker, snippets.Marker]
"""For texts and for headlines."""


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What articles to look at; each may be one value or several (any of them).

    `country` is whose news an outlet covers, as `--country` selects. `after` is the first day
    and `before` the day after the last, by publication day in the outlet's zone: articles whose
    day is not known are left out by both.
    """

    outlet: Some = None
    country: Some = None
    language: Some = None
    actor: Some = None
    after: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL over `articles a`, starting with AND (or empty), and its parameters."""

    sql: str
    parameters: dict[str, object]


_ANY_WITHDRAWN = "SELECT EXISTS (SELECT 1 FROM articles WHERE withdrawn)"
_CONDITIONS = {
    "outlet": "a.outlet_id IN (SELECT value FROM json_each(:outlet))",
    "country": (
        "a.outlet_id IN (SELECT o.id FROM outlets o WHERE EXISTS ("
        "SELECT 1 FROM json_each(CASE o.covers WHEN '[]' THEN json_array(o.country) "
        "ELSE o.covers END) c WHERE c.value IN (SELECT value FROM json_each(:country))))"
    ),
    "language": "a.language IN (SELECT value FROM json_each(:language))",
    "actor": (
        "EXISTS (SELECT 1 FROM mentions m JOIN actors w ON w.id = m.actor_id "
        "WHERE m.actor_id IN (SELECT value FROM json_each(:actor)) "
        "AND m.article_id = a.id AND m.counted AND NOT w.suppress)"
    ),
    "after": "a.published_day >= :after",
    "before": "a.published_day < :before",
}


def condition(filters: SearchFilters | None) -> Condition:
    """The filters as SQL, and that nobody withdrew the article: it is in no answer at all."""
    narrowed = _narrowed(filters)
    return Condition(f" AND NOT a.withdrawn{narrowed.sql}", narrowed.parameters)


def _narrowed(filters: SearchFilters | None) -> Condition:
    wanted = filters or SearchFilters()
    values: dict[str, object] = {
        name: dump(_several(getattr(wanted, name)))
        for name in ("outlet", "country", "language", "actor")
        if getattr(wanted, name) is not None
    }
    days = {"after": day_text(wanted.after), "before": day_text(wanted.before)}
    values |= {name: day for name, day in days.items() if day is not None}
    return Condition("".join(f" AND {_CONDITIONS[name]}" for name in values), values)


def unknown(db: Connection, filters: SearchFilters) -> list[str]:
    """The outlets, actors and countries of the filters that stand in no table."""
    known = {
        "outlet": "SELECT id FROM outlets",
        "actor": "SELECT id FROM actors",
        "country": "SELECT value FROM outlets, json_each(outlets.covers) "
        "UNION SELECT country FROM outlets",
    }
    slips = []
    for name, sql in known.items():
        wanted = getattr(filters, name)
        if wanted is not None:
            there = {row[0] for row in db.all(sql)}
            slips += [f'{name} "{value}"' for value in _several(wanted) if value not in there]
    return slips


def search(
    db: Connection, query: str, filters: SearchFilters | None = None, page: Page | None = None
) -> list[SearchHit]:
    """One page of the articles a query finds, best or newest first.

    An empty query means all articles, newest first. Raises SearchError for a query that cannot
    be understood, and for a value of a field that the database has never heard of.
    """
    page = page or Page()
    asked = _asked(db, query, any_words=page.any_words)
    rows = page_of(db, _sought(db, asked, filters), page)
    terms = asked.terms if asked else ()
    in_text = snippets.Marker([term for term in terms if not term.in_headline])
    markers = in_text, snippets.Marker(terms)
    return [_hit(db, row, markers) for row in rows]


def count(
    db: Connection,
    query: str,
    filters: SearchFilters | None = None,
    *,
    any_words: bool = False,
) -> int:
    """How many articles a query finds."""
    sought = _sought(db, _asked(db, query, any_words=any_words), filters)
    return int(db.value(f"SELECT count(*) {sought.source}", sought.parameters))


def matching(db: Connection, query: str, filters: SearchFilters | None) -> Condition:
    """Query and filters as a condition over `articles a`, for exports and statistics."""
    sought = _sought(db, _asked(db, query), filters)
    if not sought.match:
        return Condition(sought.conditions, sought.parameters)
    # S608: constants only; the query itself is bound.
    found = "SELECT rowid FROM article_fts WHERE article_fts MATCH :match"
    return Condition(f" AND a.id IN ({found}){sought.conditions}", sought.parameters)


def _asked(db: Connection, query: str, *, any_words: bool = False) -> Query | None:
    """The query, understood, and asking for nothing that the database cannot know."""
    asked = parse(query, any_words=any_words)
    if asked is not None:
        query_known.check(db, asked.fields)
    return asked


def _sought(db: Connection, asked: Query | None, filters: SearchFilters | None) -> Sought:
    """Query and filters as one piece of SQL."""
    # Where nothing was ever withdrawn, as in most archives, the index can often answer alone.
    narrowed = condition(filters) if db.value(_ANY_WITHDRAWN) else _narrowed(filters)
    if asked is None:
        return Sought("", narrowed.sql, narrowed.parameters)
    wanted = plan(asked.node)
    parameters = {**narrowed.parameters, **wanted.parameters}
    return Sought(wanted.match, wanted.conditions + narrowed.sql, parameters, wanted.words)


def _several(value: str | Collection[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _hit(db: Connection, found: Row, markers: Markers) -> SearchHit:
    row = db.one(
        "SELECT a.*, o.name AS outlet, t.text FROM articles a "
        "JOIN outlets o ON o.id = a.outlet_id JOIN article_texts t ON t.article_id = a.id "
        "WHERE a.id = ?",
        (found["id"],),
    )
    if row is None:  # impossible while the foreign keys hold
        raise LookupError(found["id"])
    piece = _snippet(row, markers)
    return SearchHit(
        article_id=row["id"],
        headline=row["headline"],
        outlet_id=row["outlet_id"],
        outlet=row["outlet"],
        language=row["language"],
        published_at=decode_optional(row["published_at"]),
        published_precision=Precision(row["published_precision"]),
        first_seen_at=decode_time(row["first_seen_at"]),
        url=row["url"],
        snippet=piece.text,
        marks=piece.marks,
        rank=found["rank"],
    )


def _snippet(row: Row, markers: Markers) -> snippets.Snippet:
    """The hits in the text; when only the headline has them, the headline."""
    for_text, for_headline = markers
    marks = for_text.hits(row["text"])
    in_headline = [] if marks else for_headline.hits(row["headline"])
    if in_headline:
        return snippets.snippet(row["headline"], in_headline)
    return snippets.snippet(row["text"], marks)
