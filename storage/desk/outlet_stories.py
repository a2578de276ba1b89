"""The part that an outlet has in stories: what it said first, what it copied, and how fast.

A story is told by several articles that carry the same text. Who said it first is worked out by
`storage.origins`; who brought an agency's text first is told by when it appeared at each outlet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.desk.outlet_news import days_of
from storage.rows import dump
from storage.times import decode_time

SHOWN = 15
LOOKED_AT = 200
"""Agency stories of which it is worked out who was first; the newest."""
_PARTS = """
SELECT count(DISTINCT a.story_id) AS stories,
  count(DISTINCT a.story_id) FILTER (WHERE s.id IS NOT NULL) AS shared,
  count(DISTINCT a.story_id) FILTER (WHERE s.origin = a.outlet_id) AS first,
  count(DISTINCT a.story_id) FILTER (WHERE g.id IS NOT NULL AND s.origin != '') AS of_agencies,
  count(DISTINCT a.story_id) FILTER (
    WHERE s.id IS NOT NULL AND g.id IS NULL AND s.origin NOT IN ('', a.outlet_id)) AS copied,
  count(DISTINCT a.story_id) FILTER (WHERE s.id IS NOT NULL AND s.origin = '') AS unknown
FROM articles a INDEXED BY articles_outlet_day
LEFT JOIN stories s ON s.id = a.story_id
LEFT JOIN agencies g ON g.id = s.origin
WHERE a.outlet_id = :outlet AND a.published_day >= :first AND a.published_day <= :last
  AND NOT a.withdrawn
"""
_OF_AGENCIES = """
SELECT DISTINCT a.story_id, s.origin, g.name AS agency, s.outlets
FROM articles a INDEXED BY articles_outlet_day
CROSS JOIN stories s ON s.id = a.story_id
CROSS JOIN agencies g ON g.id = s.origin
WHERE a.outlet_id = :outlet AND a.published_day >= :first AND a.published_day <= :last
  AND NOT a.withdrawn
ORDER BY s.last_at DESC, s.id DESC LIMIT :limit
"""
# An agency's own pages are its text, and nobody's copy of it.
_CARRIERS = """
SELECT a.story_id, a.id, a.outlet_id, o.name AS outlet, a.headline, a.language, a.appeared_at
FROM json_each(:stories) wanted
CROSS JOIN articles a INDEXED BY articles_story ON a.story_id = wanted.value AND NOT a.withdrawn
CROSS JOIN stories s ON s.id = a.story_id
CROSS JOIN outlets o ON o.id = a.outlet_id
WHERE NOT EXISTS (
  SELECT 1 FROM agency_outlets x WHERE x.outlet_id = a.outlet_id AND x.agency = s.origin)
ORDER BY a.story_id, a.appeared_at, a.outlet_id, a.url_key
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The stories of a period that an outlet told.

    shared = first + of_agencies + copied + unknown; the others it tells alone.
    """

    stories: int
    shared: int  # that at least one other article tells
    first: int  # of these, said first by this outlet
    of_agencies: int  # texts of an agency
    copied: int  # said first by another outlet
    unknown: int  # nobody knows who said it first


@dataclass(frozen=True, slots=True)
class Carried:
    """An agency's text that an outlet carried: when, and who else brought it first."""

    story_id: int
    agency: str
    headline: str
    language: str
    at: datetime  # when it appeared at this outlet
    place: int  # 1: no other outlet had it before
    outlets: int  # that carried it, the agency's own pages apart
    first_outlet_id: str
    first_outlet: str
    first_at: datetime


@dataclass(frozen=True, slots=True)
class AgencyTexts:
    """The newest agency texts of an outlet, and how often it was the first to carry one."""

    looked_at: int
    first: int
    shown: tuple[Carried, ...]


def parts(db: Connection, outlet_id: str, first: date, last: date) -> Parts:
    """What part the outlet had in the stories of these days of publication."""
    row = db.one(_PARTS, days_of(outlet_id, first, last))
    assert row is not None, "an aggregate has a row"
    return Parts(*row)


def agency_texts(
    db: Connection, outlet_id: str, first: date, last: date, limit: int = SHOWN
) -> AgencyTexts:
    """The agency texts that it carried, the newest first, and its place among the carriers."""
    period = {**days_of(outlet_id, first, last), "limit": LOOKED_AT}
    stories = {row["story_id"]: row for row in db.all(_OF_AGENCIES, period)}
    carriers: dict[int, list[Row]] = {story_id: [] for story_id in stories}
    for row in db.all(_CARRIERS, {"stories": dump(list(stories))}):
        carriers[row["story_id"]].append(row)
    told = [_carried(stories[number], rows, outlet_id) for number, rows in carriers.items()]
    found = [one for one in told if one is not None]
    return AgencyTexts(len(found), sum(one.place == 1 for one in found), tuple(found[:limit]))


def _carried(story: Row, carriers: list[Row], outlet_id: str) -> Carried | None:
    """None of the agency's own outlet: what it says itself it does not carry."""
    mine = next((row for row in carriers if row["outlet_id"] == outlet_id), None)
    if mine is None:
        return None
    before = {row["outlet_id"] for row in carriers if row["appeared_at"] < mine["appeared_at"]}
    first = carriers[0]
    return Carried(
        story_id=story["story_id"],
        agency=story["agency"],
        headline=mine["headline"],
        language=mine["language"],
        at=decode_time(mine["appeared_at"]),
        place=len(before) + 1,
        outlets=len({row["outlet_id"] for row in carriers}),
        first_outlet_id=first["outlet_id"],
        first_outlet=first["outlet"],
        first_at=decode_time(first["appeared_at"]),
    )
