"""One page of what a question finds, how much it finds in all, and where the next page begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from storage import asked_period, search
from storage.connection import Connection
from storage.date_order import Place
from storage.desk import counted_ahead
from storage.desk.questions import Question
from storage.errors import SearchError
from storage.ranking import Page, Sought
from storage.reported import SearchHit
from storage.times import encode_optional

ON_A_PAGE = 20
MANY = 20_000
"""Up to so many articles, a page counts everything at once; of more, what takes long follows …"""
WALKED = 60_000
"""… as it does where so many have the words, or (LARGE) where so many are held in all."""
LARGE = 200_000
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?~(\d{1,18})?~(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind an article, or (best first) behind so many."""

    beyond: Place | None = None
    shown: int = 0

    @classmethod
    def of(cls, written: str) -> Cursor:
        """A cursor as an address has it; "" is the beginning. Raises SearchError."""
        if not written:
            return cls()
        match = _CURSOR.fullmatch(written)
        if match is None:
            raise SearchError(f'"{written[:40]}" is no place in a list: begin at its start', None)
        at, number, shown = match.groups()
        return cls(Place(at, int(number)) if number else None, int(shown))

    def __str__(self) -> str:
        at = self.beyond.published_at or "" if self.beyond else ""
        return f"{at}~{self.beyond.article_id if self.beyond else ''}~{self.shown}"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a question finds; None: not counted yet.

    `soon`: all that there is to say of it is counted within a moment.
    """

    articles: int | None
    stories: int | None
    soon: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page: `first` is the number of its first hit, `following` where the next one begins."""

    hits: tuple[SearchHit, ...]
    first: int
    following: Cursor | None


def results(
    db: Connection, question: Question, cursor: Cursor | None = None, limit: int = ON_A_PAGE
) -> Results:
    """One page of a question. Pages meet: each hit is on exactly one of them, in any order.

    Raises SearchError as a search does.
    """
    cursor = cursor or Cursor()
    by_date = question.newest
    page = Page(
        limit=limit + 1,
        offset=0 if by_date else cursor.shown,
        newest=by_date,
        per=question.per,
        oldest=question.oldest,
        beyond=cursor.beyond if by_date else None,
    )
    hits = search.search(db, question.query, question.filters, page)
    shown = hits[:limit]
    following = _behind(shown[-1], cursor.shown + limit, by_date=by_date) if hits[limit:] else None
    return Results(tuple(shown), cursor.shown + 1, following)


def sizes(db: Connection, question: Question, *, whole: bool = False) -> Sizes:
    """How much a question finds, where that is soon told; with `whole` in any case."""
    sought = search.sought(db, question.query, question.filters)
    if whole or _is_soon(db, sought):
        found = search.totals(db, question.query, question.filters)
        return Sizes(found.articles, found.stories, whole or _is_small(db))
    if counted_ahead.is_counted(question):
        asked = asked_period.outlets_asked(db, question.query, question.filters)
        return Sizes(counted_ahead.articles(db, question, asked), None, soon=False)
    alone = not sought.conditions  # then the index counts without looking at articles
    articles = search.count(db, question.query, question.filters) if alone else None
    return Sizes(articles, None, soon=False)


def _is_soon(db: Connection, sought: Sought) -> bool:
    """Whether few enough articles have the words, and few enough of these are found."""
    words = replace(sought, conditions="")
    if sought.match and not _is_at_most(db, words, WALKED):
        return False
    return _is_at_most(db, sought, MANY)


def _is_at_most(db: Connection, sought: Sought, most: int) -> bool:
    sql = f"SELECT count(*) FROM (SELECT 1 {sought.source} LIMIT :most)"  # noqa: S608  # constants only
    found: int = db.value(sql, dict(sought.parameters) | {"most": most + 1})
    return found <= most


def _is_small(db: Connection) -> bool:
    return (db.value("SELECT max(id) FROM articles") or 0) <= LARGE


def _behind(hit: SearchHit, shown: int, *, by_date: bool) -> Cursor:
    place = Place(encode_optional(hit.published_at), hit.article_id) if by_date else None
    return Cursor(place, shown)
