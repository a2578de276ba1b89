"""The stories of an archive: texts that two articles or more carry, newest or largest first.

A story is found when one of its articles meets all that is asked; it is told whole. Articles that
a person left out are in none, so a story of which one article is left is none either.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Literal

from storage.connection import Connection
from storage.origins import names, sentence
from storage.rows import dump
from storage.search import Condition, SearchFilters, matching
from storage.times import day_text, decode_time

Order = Literal["newest", "largest", "number"]

_BATCH = 500
_ORDERS = {
    "newest": "s.last_at DESC, s.id DESC",
    "largest": "s.articles DESC, s.last_at DESC, s.id DESC",
    "number": "s.id",
}
# Left out by a person since the stories were settled, all but one.
_SINGLE = """
SELECT w.story_id FROM articles w INDEXED BY articles_left_out WHERE w.withdrawn
AND (SELECT count(*) FROM articles k WHERE k.story_id = w.story_id AND NOT k.withdrawn) < 2
"""
_MEMBERS = """
SELECT a.story_id, a.id, a.outlet_id, a.language, a.appeared_at, a.headline, s.origin,
       s.origin_article, s.origin_evidence
FROM json_each(?) wanted
CROSS JOIN stories s ON s.id = wanted.value
CROSS JOIN articles a ON a.story_id = s.id
WHERE NOT a.withdrawn ORDER BY a.appeared_at, a.outlet_id, a.url_key
"""
_CLAUSES = {
    "origin": "s.origin = :origin",
    "since": "s.last_at >= :since",
    "until": "s.first_at < :until",
}
_APPEARED = {"since": " AND a.appeared_at >= :since", "until": " AND a.appeared_at < :until"}
_UNSETTLED = "SELECT count(*) FROM articles WHERE NOT settled AND NOT withdrawn"


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """What stories to look at; `articles` and `query` as for a search of articles.

    `since` and `until` are the first and the last day (UTC) on which one of these articles
    appeared. `origin` is the agency or outlet that said it first, "" where nobody knows.
    """

    query: str = ""
    articles: SearchFilters | None = None
    since: date | None = None
    until: date | None = None
    origin: str | None = None

    def of_publication(self) -> SearchFilters:
        """Its outlets and days, with the days of appearance taken for those of publication."""
        before = self.until and self.until + timedelta(days=1)
        return replace(self.articles or SearchFilters(), after=self.since, before=before)


@dataclass(frozen=True, slots=True)
class Story:
    """A text and who carried it: articles and outlets in the order in which it came out."""

    id: int
    articles: tuple[int, ...]
    outlets: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    origin: str  # an agency or outlet, "" where that is not known
    origin_name: str
    origin_known_by: str  # a sentence
    origin_article: int | None  # its own text, where it is in the archive
    headline: str  # of the origin's text, else of the first one
    languages: tuple[str, ...]


def stories(
    db: Connection,
    wanted: StoryFilters | None = None,
    *,
    order: Order = "number",
    limit: int | None = None,
) -> Iterator[Story]:
    """The stories that are looked for. Raises SearchError as a search does, at the first one."""
    where = _condition(db, wanted or StoryFilters())
    found = f"SELECT s.id FROM stories s WHERE {where.sql}"  # noqa: S608  # what was typed is bound
    sql = f"{found} ORDER BY {_ORDERS[order]} LIMIT :limit"
    parameters = {**where.parameters, "limit": -1 if limit is None else limit}
    ids = [row["id"] for row in db.execute(sql, parameters)]
    known = names(db)
    for start in range(0, len(ids), _BATCH):
        yield from _told(db, ids[start : start + _BATCH], known)


def count(db: Connection, wanted: StoryFilters | None = None) -> int:
    """How many stories `stories` gives without a limit."""
    where = _condition(db, wanted or StoryFilters())
    sql = f"SELECT count(*) FROM stories s WHERE {where.sql}"  # noqa: S608  # as above
    return int(db.value(sql, where.parameters))


def unsettled(db: Connection) -> int:
    """How many articles wait to be put into stories; a new one counts as a story of its own."""
    return int(db.value(_UNSETTLED))


def _condition(db: Connection, wanted: StoryFilters) -> Condition:
    """What is asked, as SQL over `stories s`."""
    days = {
        "since": day_text(wanted.since),
        "until": day_text(wanted.until + timedelta(days=1)) if wanted.until else None,
    }
    asked = {"origin": wanted.origin, **days}
    parameters: dict[str, object] = {name: said for name, said in asked.items() if said is not None}
    clauses = [f"s.id NOT IN ({_SINGLE})", *(_CLAUSES[name] for name in parameters)]
    narrowed = wanted.query or wanted.articles not in (None, SearchFilters())
    if narrowed or {"since", "until"} <= parameters.keys():
        found = matching(db, wanted.query, wanted.articles)
        appeared = "".join(_APPEARED[name] for name in days if name in parameters)
        one = f"SELECT a.story_id FROM articles a WHERE 1{found.sql}{appeared}"  # noqa: S608  # as above
        clauses.append(f"s.id IN ({one})")
        parameters |= found.parameters
    return Condition(" AND ".join(clauses), parameters)


def _told(db: Connection, ids: Sequence[int], known: Mapping[str, str]) -> Iterator[Story]:
    """These stories, in this order."""
    members: defaultdict[int, list[Row]] = defaultdict(list)
    for row in db.all(_MEMBERS, (dump(list(ids)),)):
        members[row["story_id"]].append(row)
    return (_story_from(members[story_id], known) for story_id in ids)


def _story_from(rows: Sequence[Row], known: Mapping[str, str]) -> Story:
    first = rows[0]
    lead = next((row for row in rows if row["id"] == row["origin_article"]), first)
    return Story(
        id=first["story_id"],
        articles=tuple(row["id"] for row in rows),
        outlets=tuple(dict.fromkeys(row["outlet_id"] for row in rows)),
        first_at=decode_time(first["appeared_at"]),
        last_at=decode_time(rows[-1]["appeared_at"]),
        origin=first["origin"],
        origin_name=known.get(first["origin"], first["origin"]),
        origin_known_by=sentence(json.loads(first["origin_evidence"]), known),
        origin_article=first["origin_article"],
        headline=lead["headline"],
        languages=tuple(dict.fromkeys(row["language"] for row in rows)),
    )
