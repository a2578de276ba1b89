"""In which order articles are shown: best first by bm25, or newest first; and at what cost.

bm25 has to look at every article that has a word. So the words of more than a fifth of all
articles (of a large archive) do not count for the order: they must occur like the others, and
where a query has no other words, the newest come first. That keeps an answer within a few
hundredths of a second, and such words tell little of what an article is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.connection import Connection
from storage.query_terms import Node, joined, wanted_terms

RANK = "bm25(article_fts, 0.5, 1.0, 0.5, 1.0)"
"""Weights of folded and stemmed, of the whole and of the headline, measured on questions."""
COMMON_SHARE = 5
COMMON_FROM = 20_000
"""A word is common in more than one of five articles, and in at least so many."""
DENSE_SHARE = 50
_TERM = "FROM article_fts WHERE article_fts MATCH :match"
_NEWEST = "a.published_at DESC, a.id DESC"
_JOIN = "article_fts CROSS JOIN articles a ON a.id = article_fts.rowid"


@dataclass(frozen=True, slots=True)
class Sought:
    """What articles to find: a match of the index ("" for none) and conditions beside it."""

    match: str
    conditions: str
    parameters: dict[str, object]

    @property
    def source(self) -> str:
        """FROM and WHERE: the index drives where there is a match, alone where that is enough."""
        if not self.match:
            return f"FROM articles a WHERE 1{self.conditions}"
        tables = _JOIN if self.conditions else "article_fts"
        return f"FROM {tables} WHERE article_fts MATCH :match{self.conditions}"


@dataclass(frozen=True, slots=True)
class Order:
    """How to walk over the articles sought, and by what."""

    rank: str
    source: str
    by: str
    parameters: dict[str, object]


def newest_first(db: Connection, sought: Sought) -> Order:
    """By time of publication; the undated come last."""
    if not sought.match:
        return Order("0.0", sought.source, _NEWEST, sought.parameters)
    source = f"FROM {_JOIN} WHERE article_fts MATCH :match{sought.conditions}"
    if _is_dense(db, sought):
        # One in fifty or more: going back from today finds a page soon.
        found = f"EXISTS (SELECT 1 {_TERM} AND article_fts.rowid = a.id)"
        source = f"FROM articles a INDEXED BY articles_newest WHERE {found}{sought.conditions}"
    return Order("0.0", source, _NEWEST, sought.parameters)


def best_first(db: Connection, sought: Sought, words: Sequence[Node]) -> Order:
    """By bm25 of the words that are not too common; newest first where there are none."""
    telling = tuple(part for part in words if _is_telling(db, part, _common_from(db)))
    if not telling:
        return newest_first(db, sought)
    match, only, parameters = ":match", "", dict(sought.parameters)
    if len(telling) < len(words):
        parameters["telling"] = joined("AND", telling)
        match = ":telling"
        only = f" AND article_fts.rowid IN (SELECT rowid {_TERM})"
    source = f"FROM {_JOIN} WHERE article_fts MATCH {match}{only}{sought.conditions}"
    return Order(RANK, source, f"{RANK}, a.id DESC", parameters)


def _is_telling(db: Connection, node: Node, common_from: int) -> bool:
    """Whether some word of it stands in not too many articles."""
    if _articles(db) <= common_from:
        return True
    return any(
        not _reaches(db, _TERM, {"match": term.match()}, common_from) for term in wanted_terms(node)
    )


def _common_from(db: Connection) -> int:
    return max(COMMON_FROM, _articles(db) // COMMON_SHARE)


def _is_dense(db: Connection, sought: Sought) -> bool:
    return _reaches(db, sought.source, sought.parameters, _articles(db) // DENSE_SHARE)


def _articles(db: Connection) -> int:
    """How many articles there are, about; the count itself would walk over all of them."""
    return int(db.value("SELECT max(id) FROM articles") or 0)


def _reaches(db: Connection, source: str, parameters: dict[str, object], number: int) -> bool:
    """Whether more than `number` rows are there, without counting the rest."""
    sql = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT :most)"  # noqa: S608  # constants only
    return bool(db.value(sql, {**parameters, "most": number + 1}) > number)
