"""In which order articles are shown: best first by bm25, or newest first; and at what cost.

bm25 has to look at every place of a word in every article that has it. So stop words, and the
words of more than a fifth of all articles, do not count for the order in a large archive: they
must occur like the others, and where a query has no other words, the newest come first. That
keeps an answer within a few hundredths of a second, and such words tell little of what an
article is about.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from sqlite3 import Row
from typing import Literal

from storage import date_order
from storage.connection import Connection
from storage.date_order import Place, Stretch
from storage.query_terms import Node, joined, wanted_terms
from storage.rows import dump
from storage.stopwords import is_stopword

RANK = "bm25(article_fts, 0.3, 0.7, 0.3, 0.7)"
"""Weights of folded and stemmed, of the whole and of the headline, measured on questions."""
COMMON_SHARE = 5
COMMON_FROM = 20_000
"""A word is common in more than one of five articles, and in at least so many."""
RECENT = 500
"""Newest first, the page is mostly among so many: they are looked at before all others."""
RARE = 4_000
"""So many matches are sorted sooner than the newest articles are asked one by one: some 1 against
100 µs each, at a million articles."""
_WITHIN = 4
"""… and in so many times as many articles, whatever is asked of them beside words."""
_BY_INDEX = (
    "FROM article_fts CROSS JOIN articles a INDEXED BY articles_facets ON a.id = article_fts.rowid"
)
_MATCHED = "SELECT rowid FROM article_fts WHERE article_fts MATCH :match"
_PREFIX = '" *'  # as it stands in a match
_IDS = "a.id IN ("  # as it stands in conditions that a set of articles answers
_STORIES = """
SELECT a.id, a.story_id FROM json_each(?) wanted
CROSS JOIN articles a INDEXED BY articles_facets ON a.id = wanted.value
"""
_OF_STORIES = """
SELECT a.id, a.story_id FROM json_each(:stories) wanted
CROSS JOIN articles a INDEXED BY articles_story ON a.story_id = wanted.value
WHERE 1{conditions}
"""
_MORE = 4
"""One text fills a page by itself now and then: then so many times as many are looked at."""

Per = Literal["article", "story"]
"""What is counted and shown: every article, or all that carry one text as one."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the articles found to show, and in what order.

    Ties are never left to chance, so pages neither overlap nor leave a gap. `beyond` begins behind
    an article of the page before, which costs the same however deep that is; it is for answers by
    date, as `oldest` is: these have the undated last whichever way they run.
    """

    limit: int = 20
    offset: int = 0
    newest: bool = False
    any_words: bool = False
    per: Per = "article"
    oldest: bool = False
    beyond: Place | None = None

    @property
    def parameters(self) -> dict[str, int]:
        """For LIMIT and OFFSET."""
        return {"limit": max(self.limit, 0), "offset": max(self.offset, 0)}

    @property
    def by_date(self) -> bool:
        """Whether words do not count for the order."""
        return self.newest or self.oldest or self.beyond is not None


@dataclass(frozen=True, slots=True)
class Sought:
    """What articles to find: a match of the index ("" for none) and conditions beside it."""

    match: str
    conditions: str
    parameters: dict[str, object]
    words: tuple[Node, ...] = ()  # of the match, those that must occur

    @property
    def source(self) -> str:
        """FROM and WHERE: the index drives where there is a match, alone where that is enough."""
        if self.match and not self.conditions:
            return "FROM article_fts WHERE article_fts MATCH :match"
        return self.of_articles

    @property
    def of_articles(self) -> str:
        """The same with the articles beside the index in any case."""
        if not self.match:
            return f"FROM articles a WHERE 1{self.conditions}"
        return f"{_BY_INDEX} WHERE article_fts MATCH :match{self.conditions}"

    def within(self, stretch: Stretch) -> Sought:
        """The same in one stretch of the order by date."""
        parameters = self.parameters | stretch.parameters
        return replace(self, conditions=self.conditions + stretch.sql, parameters=parameters)


def page_of(db: Connection, sought: Sought, page: Page) -> list[Row]:
    """The ids of one page in its order, with their ranks (0.0 where by date) and times.

    Per story, that is the first article of each in this very order.
    """
    if page.per == "article":
        return _page_of_articles(db, sought, page)
    start, end = page.parameters["offset"], page.parameters["offset"] + page.parameters["limit"]
    looked_at = 2 * end
    while True:
        rows = _page_of_articles(db, sought, replace(page, limit=looked_at, offset=0))
        found = _first_of_each_story(db, rows, sought, page)
        if len(found) >= end or len(rows) < looked_at:
            return found[start:end]
        looked_at *= _MORE


def _first_of_each_story(
    db: Connection, rows: Sequence[Row], sought: Sought, page: Page
) -> list[Row]:
    stories = dict(map(tuple, db.all(_STORIES, (dump([row["id"] for row in rows]),))))
    told = _told_before(db, set(stories.values()), sought, page)
    first: dict[int, Row] = {}
    for row in rows:
        first.setdefault(stories[row["id"]], row)
    return [row for story, row in first.items() if story not in told]


def _told_before(db: Connection, stories: Collection[int], sought: Sought, page: Page) -> set[int]:
    """Of these stories, those of which an earlier page has shown an article."""
    if page.beyond is None:
        return set()
    until = date_order.until(page.beyond, oldest=page.oldest)
    found = db.all(
        _OF_STORIES.format(conditions=sought.conditions + until.sql),
        dict(sought.parameters) | until.parameters | {"stories": dump(sorted(stories))},
    )
    return {row["story_id"] for row in found if _is_match(db, sought, row["id"])}


def _page_of_articles(db: Connection, sought: Sought, page: Page) -> list[Row]:
    telling = () if page.by_date else _telling(db, sought.words)
    if telling:
        return _best(db, sought, telling, page)
    wanted = page.parameters["offset"] + page.parameters["limit"]
    rows: list[Row] = []
    for stretch in date_order.stretches(page.beyond, oldest=page.oldest):
        rows += _by_date(db, sought.within(stretch), stretch, wanted - len(rows))
    return rows[page.parameters["offset"] :]


def _best(db: Connection, sought: Sought, telling: tuple[Node, ...], page: Page) -> list[Row]:
    """By bm25 of the telling words alone, of articles that have the others too."""
    parameters = dict(sought.parameters) | page.parameters
    tables = _BY_INDEX if sought.conditions else "FROM article_fts"
    match, only = ":match", ""
    if len(telling) < len(sought.words):
        parameters["telling"] = joined("AND", telling)
        # Without the plus sign, FTS5 would be asked anew for each of these ids.
        match, only = ":telling", f" AND +article_fts.rowid IN ({_MATCHED})"
    return db.all(
        f"SELECT article_fts.rowid AS id, {RANK} AS rank, NULL AS published_at {tables} "
        f"WHERE article_fts MATCH {match}{only}{sought.conditions} "
        f"ORDER BY {RANK}, article_fts.rowid DESC LIMIT :limit OFFSET :offset",
        parameters,
    )


def _by_date(db: Connection, sought: Sought, stretch: Stretch, wanted: int) -> list[Row]:
    """The first articles of a stretch that are found."""
    if wanted <= 0:
        return []
    # A prefix would be looked up anew for each article, which takes long.
    looks = wanted <= RECENT and _PREFIX not in sought.match and not _is_rare(db, sought)
    near = _near(db, sought, stretch, wanted) if looks else None
    if near is None and looks and sought.match and _IDS in sought.conditions:
        near = _few(db, sought, stretch, wanted)
    return _sorted(db, sought, stretch, wanted) if near is None else near


def _is_rare(db: Connection, sought: Sought) -> bool:
    """Whether so few articles have the words that sorting all of them is the quickest."""
    if not sought.match:
        return False
    matching = "SELECT 1 FROM article_fts WHERE article_fts MATCH :match LIMIT :most"
    most = {"match": sought.parameters["match"], "most": RARE + 1}
    return int(db.value(f"SELECT count(*) FROM ({matching})", most)) <= RARE  # noqa: S608  # constants only


def _sorted(db: Connection, sought: Sought, stretch: Stretch, wanted: int) -> list[Row]:
    """Everything that is found, sorted."""
    return db.all(
        f"SELECT a.id, 0.0 AS rank, a.published_at {sought.of_articles} "
        f"ORDER BY {stretch.order} LIMIT :limit",
        dict(sought.parameters) | {"limit": wanted},
    )


def _near(db: Connection, sought: Sought, stretch: Stretch, wanted: int) -> list[Row] | None:
    """The same among the first articles of the stretch; None where these do not fill the page."""
    edge = db.value(
        f"SELECT {stretch.column} FROM articles a INDEXED BY articles_newest "  # noqa: S608  # constants only
        f"WHERE 1{stretch.sql} ORDER BY {stretch.order} LIMIT 1 OFFSET {_WITHIN * RECENT}",
        stretch.parameters,
    )
    most = RECENT if sought.match else wanted
    near = "" if edge is None else stretch.before_edge
    sql = (
        f"SELECT a.id, 0.0 AS rank, a.published_at FROM articles a INDEXED BY articles_newest "  # noqa: S608  # as above
        f"WHERE 1{sought.conditions}{near} ORDER BY {stretch.order} LIMIT :most"
    )
    edged = {} if edge is None else {"edge": edge}
    rows = db.all(sql, dict(sought.parameters) | {"most": most} | edged)
    found = _matching(db, sought, rows, wanted)
    is_all = edge is None and len(rows) < most
    return found if is_all or len(found) == wanted else None


def _few(db: Connection, sought: Sought, stretch: Stretch, wanted: int) -> list[Row] | None:
    """The same where few articles meet the conditions, as of an actor who is seldom named.

    Words that stand in half of all articles need not be walked over then.
    """
    sql = f"SELECT a.id, 0.0 AS rank, a.published_at FROM articles a WHERE 1{sought.conditions}"  # noqa: S608  # as above
    most = _WITHIN * RECENT
    rows = db.all(f"{sql} LIMIT {most + 1}", sought.parameters)
    if len(rows) > most:
        return None
    rows = db.all(f"{sql} ORDER BY {stretch.order}", sought.parameters)
    return _matching(db, sought, rows, wanted)


def _matching(db: Connection, sought: Sought, rows: list[Row], wanted: int) -> list[Row]:
    """The first of these articles that have the words."""
    has_words = (row for row in rows if _is_match(db, sought, row["id"]))
    return list(islice(has_words, wanted))


def _is_match(db: Connection, sought: Sought, article_id: int) -> bool:
    """Whether an article has the words; whether it meets the conditions was asked already."""
    if not sought.match:
        return True
    asked = {"match": sought.match, "id": article_id}
    return db.value(f"{_MATCHED} AND rowid = :id", asked) is not None


def _telling(db: Connection, words: tuple[Node, ...]) -> tuple[Node, ...]:
    """Of the words that must occur, those that do not stand in too many articles."""
    # About how many there are: the count itself would walk over all of them.
    articles = int(db.value("SELECT max(id) FROM articles") or 0)
    common_from = max(COMMON_FROM, articles // COMMON_SHARE)
    if articles <= common_from:
        return words
    return tuple(node for node in words if not _is_common(db, node, common_from))


def _is_common(db: Connection, node: Node, common_from: int) -> bool:
    """Whether each of its words tells nothing, or stands in more than `common_from` articles."""
    sql = f"SELECT count(*) FROM ({_MATCHED} LIMIT :most)"  # noqa: S608  # constants only
    return all(
        all(map(is_stopword, term.words))
        or db.value(sql, {"match": term.match(), "most": common_from + 1}) > common_from
        for term in wanted_terms(node)
    )
