"""One actor in figures: articles, stories and headlines, by outlet, the first and the last naming.

What needs the places themselves (headlines, stories) walks over those of this actor only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from storage.connection import Connection
from storage.desk.actors import NAMED_DAYS, of_days
from storage.search import Condition, SearchFilters, condition

# All articles, whomever they name: as they were counted, and what changed since. Each is added up
# by itself; to look for each day whether it changed takes five times as long.
_COUNTED_DAYS = """
(SELECT outlet_id, nullif(day, '') AS published_day, 0 AS withdrawn, articles FROM outlet_days) a
"""
_CHANGED_DAYS = """
(SELECT d.outlet_id, nullif(d.day, '') AS published_day, 0 AS withdrawn, -d.articles AS articles
 FROM days_dirty x CROSS JOIN outlet_days d ON d.outlet_id = x.outlet_id AND d.day = x.day
 UNION ALL
 SELECT x.outlet_id, nullif(x.day, ''), 0, count(*) FROM days_dirty x
 CROSS JOIN articles l ON l.outlet_id = x.outlet_id AND l.published_day IS nullif(x.day, '')
 WHERE NOT l.withdrawn GROUP BY x.outlet_id, x.day) a
"""
_BY_OUTLET = """
SELECT a.outlet_id, sum(a.articles) FROM {days} WHERE 1
"""
_COUNTED = """
SELECT count(*) AS articles, coalesce(sum(headline), 0) AS headlines,
  count(DISTINCT story_id) AS stories, coalesce(sum(places), 0) AS places
FROM (
  SELECT max(m.field = 'headline') AS headline, a.story_id, count(*) AS places
  FROM mentions m
  CROSS JOIN articles a INDEXED BY articles_facets ON a.id = m.article_id
  WHERE m.actor_id = :named AND m.counted {condition}
  GROUP BY m.article_id
)
"""
_ENDS = f"""
SELECT min(a.published_day) AS first, max(a.published_day) AS last
FROM {NAMED_DAYS} WHERE a.actor_id = :named
"""  # noqa: S608  # constants only
_ON_DAY = """
SELECT a.id, a.headline, a.language, a.published_day, a.outlet_id, o.name AS outlet
FROM actor_days_v d
CROSS JOIN articles a ON a.outlet_id = d.outlet_id AND a.published_day = d.day
CROSS JOIN outlets o ON o.id = a.outlet_id
WHERE d.actor_id = :named AND d.day = :day AND EXISTS (
  SELECT 1 FROM mentions m WHERE m.actor_id = :named AND m.article_id = a.id AND m.counted)
{condition}
ORDER BY a.published_at {way}, a.id {way} LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often an actor is named: in so many articles, of so many stories, in headlines."""

    articles: int
    headlines: int
    stories: int
    places: int

    @property
    def copies(self) -> int:
        """Articles that only carry a text again that another one of these carries."""
        return self.articles - self.stories

    @property
    def headline_share(self) -> float | None:
        """Of the articles, the part that names it in the headline."""
        return self.headlines / self.articles if self.articles else None


@dataclass(frozen=True, slots=True)
class OutletShare:
    """How often an outlet names the actor, of all its articles of the same days."""

    outlet_id: str
    name: str
    country: str
    alignment: str
    articles: int
    total: int

    @property
    def share(self) -> float:
        """Of its articles; an outlet without any is not told of."""
        return self.articles / self.total


@dataclass(frozen=True, slots=True)
class Naming:
    """One article that names the actor, for the first and the last one."""

    article_id: int
    headline: str
    language: str
    day: str
    outlet_id: str
    outlet: str


def counted(db: Connection, actor_id: str, filters: SearchFilters | None = None) -> Counted:
    """How often an actor is named, each article once, and in how many stories.

    Raises SearchError.
    """
    where = condition(filters)
    row = db.one(_COUNTED.format(condition=where.sql), {**where.parameters, "named": actor_id})
    assert row is not None, "an aggregate has a row"
    return Counted(*row)


def by_outlet(
    db: Connection, actor_id: str, filters: SearchFilters | None = None
) -> tuple[OutletShare, ...]:
    """Every outlet that has articles in these days, those that name the actor most first.

    What has no known day counts above and below the line, unless the filters name days.
    """
    where = of_days(filters)
    totals = _by_outlet(db, _COUNTED_DAYS, where)
    totals.update(_by_outlet(db, _CHANGED_DAYS, where))
    named = _by_outlet(db, NAMED_DAYS, where, actor_id)
    rows = db.all("SELECT id, name, country, alignment FROM outlets")
    told = [
        OutletShare(
            outlet_id=row["id"],
            name=row["name"],
            country=row["country"],
            alignment=row["alignment"],
            articles=named[row["id"]],
            total=totals[row["id"]],
        )
        for row in rows
        if totals[row["id"]]
    ]
    return tuple(sorted(told, key=lambda one: (-one.articles, one.name, one.outlet_id)))


def first_and_last(
    db: Connection, actor_id: str, filters: SearchFilters | None = None
) -> tuple[Naming, Naming] | None:
    """The first and the last article that name an actor, by publication; None without a day."""
    where = of_days(filters)
    found = db.one(_ENDS + where.sql, {**where.parameters, "named": actor_id})
    if found is None or found["first"] is None:
        return None
    ends = ((found["first"], "ASC"), (found["last"], "DESC"))
    first, last = (_on_day(db, actor_id, day, way, where) for day, way in ends)
    return first, last


def _on_day(db: Connection, actor_id: str, day: str, way: str, where: Condition) -> Naming:
    sql = _ON_DAY.format(condition=where.sql, way=way)
    row = db.one(sql, {**where.parameters, "named": actor_id, "day": day})
    assert row is not None, "a day that was counted has an article"
    return Naming(*row)


def _by_outlet(
    db: Connection, days: str, where: Condition, actor_id: str | None = None
) -> Counter[str]:
    """The articles of each outlet on these days, of those that name an actor or of all."""
    only = "" if actor_id is None else " AND a.actor_id = :named"
    sql = f"{_BY_OUTLET.format(days=days)}{only}{where.sql} GROUP BY a.outlet_id"
    found: Counter[str] = Counter()
    for row in db.execute(sql, {**where.parameters, "named": actor_id}):
        found[row[0]] = row[1]
    return found
