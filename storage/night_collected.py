"""What a night brought, counted by SQL: articles, stories, pages that failed, by outlet and day."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from sqlite3 import Row

from storage.books import RECHECK
from storage.connection import Connection
from storage.edits import EditFilters, EditStore
from storage.finding import VISITED
from storage.models import FAILED, PENDING, STORED, Outcome
from storage.night_records import (
    Collected,
    CountryNight,
    Night,
    OutletNight,
    SeenAgain,
    StoryNight,
)
from storage.rows import dump
from storage.times import encode_time

NEW = frozenset({Outcome.STORED_NEW, Outcome.COPY})
"""Outcomes after which an article is there that was not there before."""
NEWS = timedelta(days=1)
"""What appeared longer than this before the night's beginning is no news of the night."""
MOST_STORIES = 5

_ARTICLES = """
SELECT a.id, a.outlet_id, a.story_id, x.fresh, a.appeared_at < :floor AS late
FROM (
  SELECT o.article_id, max(o.outcome IN (SELECT value FROM json_each(:new))) AS fresh
  FROM json_each(:runs) r CROSS JOIN outcomes o ON o.run_id = r.value
  WHERE o.outcome IN (SELECT value FROM json_each(:stored)) GROUP BY o.article_id
) x JOIN articles a ON a.id = x.article_id WHERE NOT a.withdrawn
"""
# The last end of each page counts: what one run could not read, the next one may have read.
_ENDS = """
SELECT outlet_id, outcome, count(*) AS n FROM (
  SELECT o.outlet_id, o.outcome, max(o.run_id)
  FROM runs u CROSS JOIN outcomes o ON o.run_id = u.id
  WHERE u.id IN (SELECT value FROM json_each(:runs)) AND (u.kind = :recheck) = :again
  GROUP BY o.candidate_id
) GROUP BY outlet_id, outcome
"""
_VISITS = """
SELECT v.outlet_id, count(*) AS visits,
  count(*) FILTER (WHERE v.outcome IN (SELECT value FROM json_each(:visited))) AS good
FROM json_each(:runs) r CROSS JOIN visits v ON v.run_id = r.value GROUP BY v.outlet_id
"""
_FETCHED = """
SELECT count(*) AS requests, coalesce(sum(f.capture_length), 0) AS captured_bytes
FROM json_each(:runs) r CROSS JOIN fetches f ON f.run_id = r.value
"""
_ASKED = """
SELECT DISTINCT j.value FROM json_each(:runs) r CROSS JOIN runs u ON u.id = r.value,
  json_each(u.outlets) j WHERE u.kind != :recheck
"""
_DUE = "SELECT sum(value) FROM run_notes WHERE key = 'looks_left' AND run_id = :last"
# One article stands for a story: the origin's, else the first. A headline that names somebody who
# is hidden from every report is in none.
_LARGEST = """
SELECT a.story_id, count(*) AS articles, json_group_array(DISTINCT p.name) AS outlets,
  coalesce(s.origin_article, a.story_id) AS lead
FROM (
  SELECT DISTINCT o.article_id FROM json_each(:runs) r CROSS JOIN outcomes o ON o.run_id = r.value
  WHERE o.outcome IN (SELECT value FROM json_each(:new))
) x
JOIN articles a ON a.id = x.article_id JOIN outlets p ON p.id = a.outlet_id
LEFT JOIN stories s ON s.id = a.story_id
WHERE NOT a.withdrawn AND a.appeared_at >= :floor
GROUP BY a.story_id HAVING count(DISTINCT a.outlet_id) > 1
ORDER BY count(DISTINCT a.outlet_id) DESC, articles DESC, a.story_id LIMIT :most
"""
_LEAD = """
SELECT a.id, a.headline, a.language, a.url FROM articles a
WHERE a.story_id = :story AND NOT a.withdrawn AND NOT EXISTS (
  SELECT 1 FROM mentions m JOIN actors c ON c.id = m.actor_id
  WHERE m.article_id = a.id AND m.field = 'headline' AND c.suppress)
ORDER BY a.id != :lead, a.appeared_at, a.id LIMIT 1
"""


def asked(db: Connection, nights: Sequence[Night]) -> tuple[str, ...]:
    """The outlets that a night asked for; of one without any run, those that the last one did."""
    for night in nights:
        found = db.all(_ASKED, {"runs": dump(night.runs), "recheck": RECHECK})
        if found:
            return tuple(sorted(row["value"] for row in found))
    return ()


def collected(
    db: Connection, night: Night, expected: Collection[str], followed: Collection[str]
) -> Collected:
    """What a night brought of the outlets that were expected to be read, and of any others."""
    bound = _bound(night)
    articles = db.all(_ARTICLES, bound)
    ends = db.all(_ENDS, {**bound, "again": False})
    visits = {row["outlet_id"]: row for row in db.all(_VISITS, bound)}
    ids = {*expected, *visits, *(row["outlet_id"] for row in (*articles, *ends))}
    told = _Told(articles, ends, visits)
    lines = tuple(
        replace(told.outlet(row, countries_of(row, followed)), expected=row["id"] in expected)
        for row in _registered(db, sorted(ids))
    )
    fetched = db.one(_FETCHED, bound)
    failed_by = Counter({row["outcome"]: 0 for row in ends if row["outcome"] in FAILED})
    for row in ends:
        failed_by[row["outcome"]] += row["n"] if row["outcome"] in FAILED else 0
    return Collected(
        outlets=lines,
        countries=tuple(told.countries(lines)),
        stories=len({row["story_id"] for row in articles if row["fresh"]}),
        failed_by={name: n for name, n in failed_by.most_common() if n},
        **{name: sum(getattr(one, name) for one in lines) for name in _SUMS},
        **dict(fetched or {}),
    )


_SUMS = ("new", "changed", "copies", "late", "failed", "waiting")


class _Told:
    """Rows of a night, by outlet."""

    def __init__(self, articles: list[Row], ends: list[Row], visits: dict[str, Row]) -> None:
        self._articles: defaultdict[str, list[Row]] = defaultdict(list)
        self._ends: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._visits = visits
        for row in articles:
            self._articles[row["outlet_id"]].append(row)
        for row in ends:
            self._ends[row["outlet_id"]][row["outcome"]] += row["n"]

    def outlet(self, outlet: Row, country: str) -> OutletNight:
        """One outlet's line."""
        visits = self._visits.get(outlet["id"])
        mine, ends = self._articles[outlet["id"]], self._ends[outlet["id"]]
        fresh = [row for row in mine if row["fresh"]]
        return OutletNight(
            outlet_id=outlet["id"],
            name=outlet["name"],
            country=country,
            visits=visits["visits"] if visits else 0,
            good_visits=visits["good"] if visits else 0,
            new=len(fresh),
            changed=len(mine) - len(fresh),
            copies=sum(row["story_id"] != row["id"] for row in fresh),
            late=sum(row["late"] for row in fresh),
            failed=sum(ends[end] for end in FAILED),
            waiting=sum(ends[end] for end in PENDING),
        )

    def countries(self, lines: Sequence[OutletNight]) -> Iterator[CountryNight]:
        """The lines of the countries, by name; that of several countries comes last."""
        names = {one.country for one in lines}
        for country in sorted(names, key=lambda name: (not name, name)):
            mine = [one for one in lines if one.country == country]
            stories = {
                row["story_id"]
                for one in mine
                for row in self._articles[one.outlet_id]
                if row["fresh"]
            }
            sums = {name: sum(getattr(o, name) for o in mine) for name in _SUMS[:3]}
            asked = sum(o.expected or o.visits > 0 for o in mine)
            read = sum(o.read for o in mine)
            yield CountryNight(country, asked, read, stories=len(stories), **sums)


def countries_of(outlet: Row, followed: Collection[str]) -> str:
    """The one of the followed countries whose news an outlet brings; "" of more than one."""
    covers = json.loads(outlet["covers"]) or [outlet["country"]]
    mine = [country for country in covers if country in followed] or covers[:1]
    return str(mine[0]) if len(mine) == 1 else ""


def largest_stories(db: Connection, night: Night) -> tuple[StoryNight, ...]:
    """The texts of the night that most outlets carried, the largest first."""
    found = []
    for row in db.all(_LARGEST, {**_bound(night), "most": MOST_STORIES}):
        lead = db.one(_LEAD, {"story": row["story_id"], "lead": row["lead"]})
        if lead is not None:
            told = (lead["id"], lead["headline"], lead["language"], lead["url"])
            names = tuple(sorted(json.loads(row["outlets"])))
            found.append(StoryNight(row["story_id"], *told, row["articles"], names))
    return tuple(found)


def seen_again(db: Connection, night: Night) -> SeenAgain:
    """What looks at stored articles told, of every run of the night."""
    days = EditFilters(since=night.told_to.date(), until=night.until.date())
    edits = [
        told for told in EditStore(db).rows(days) if night.told_to < told.edit.at <= night.until
    ]
    kinds = Counter(told.edit.kind for told in edits)
    ends: Counter[str] = Counter()
    for row in db.all(_ENDS, {**_bound(night), "again": True}):
        ends[row["outcome"]] += row["n"]
    failed = FAILED - {Outcome.GONE}
    last = db.value(
        "SELECT max(id) FROM runs WHERE kind = ? AND id IN (SELECT value FROM json_each(?))",
        (RECHECK, dump(night.runs)),
    )
    return SeenAgain(
        edits=dict(kinds.most_common()),
        edited=len({told.edit.article_id for told in edits}),
        looks=sum(ends.values()),
        failed_looks=sum(ends[end] for end in failed),
        due=int(db.value(_DUE, {"last": last}) or 0),
    )


def registered_countries(
    db: Connection, outlets: Collection[str], followed: Collection[str]
) -> dict[str, str]:
    """The country of each of these outlets, as reports group them."""
    return {row["id"]: countries_of(row, followed) for row in _registered(db, outlets)}


def _registered(db: Connection, outlets: Collection[str]) -> list[Row]:
    sql = "SELECT * FROM outlets WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return db.all(sql, (dump(list(outlets)),))


def _bound(night: Night) -> dict[str, object]:
    return {
        "runs": dump(night.runs),
        "new": dump(sorted(NEW)),
        "stored": dump(sorted(STORED)),
        "visited": dump(sorted(VISITED)),
        "recheck": RECHECK,
        "floor": encode_time(night.since - NEWS),
    }
