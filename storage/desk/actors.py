"""The actors that are watched, how often each is named, and what the watchlists say of one.

Counts come from the days counted ahead, so that they are quick at any size.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Literal

from storage.actors import Gap, gaps
from storage.connection import Connection
from storage.rows import dump
from storage.search import Condition, SearchFilters, condition
from storage.times import day_text

TERM = "term"
Order = Literal["articles", "name", "latest"]
ORDERS: tuple[Order, ...] = ("articles", "name", "latest")
_ACTORS = "SELECT id, name, kind, countries, themes FROM actors WHERE NOT suppress"
NAMED_DAYS = """
(SELECT actor_id, outlet_id, nullif(day, '') AS published_day, 0 AS withdrawn, articles
 FROM actor_days_v) a
"""
"""Days on which actors are named; to the conditions of a search they look like articles."""
_OUTLETS = """
SELECT a.outlet_id FROM (SELECT id AS outlet_id, 0 AS withdrawn FROM outlets) a WHERE 1
"""
_BY_ACTOR = """
SELECT d.actor_id, sum(d.articles) AS articles, max(nullif(d.day, '')) AS latest
FROM {days} GROUP BY d.actor_id
"""
_TOTAL = """
SELECT coalesce(sum(d.articles), 0)
FROM json_each(:outlets) o CROSS JOIN outlet_days_v d ON d.outlet_id = o.value
WHERE d.day >= :first AND d.day < :end
"""
# A month out of years is found by outlet and day, as the index has them; of years, all is read.
_SOME_DAYS = """
json_each(:outlets) o CROSS JOIN actor_days_v d ON d.outlet_id = o.value
WHERE d.day >= :first AND d.day < :end
"""
_MOST_DAYS = """
actor_days_v d WHERE +d.day >= :first AND +d.day < :end
  AND +d.outlet_id IN (SELECT value FROM json_each(:outlets))
"""
_FEW = timedelta(days=200)
_DATED, _NO_END = "0", "~"
"""Before every day, and after an empty one, which is not known; after every day."""


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What the watchlists say of an actor, and why its counts may not compare."""

    actor_id: str
    name: str
    kind: str
    countries: tuple[str, ...]
    themes: tuple[str, ...]
    gap: Gap | None

    @property
    def comparable_since(self) -> datetime | None:
        """From when on counts compare; None: over the whole archive."""
        return self.gap.since if self.gap else None


@dataclass(frozen=True, slots=True)
class Listed:
    """An actor in a list: articles that name it, and the share of all articles of the outlets."""

    facts: ActorFacts
    articles: int
    share: float | None
    latest: str | None  # day of publication of the latest article that names it


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actors to list: of these kinds, countries and themes; terms only where asked for."""

    kind: str = ""
    country: str = ""
    theme: str = ""
    terms: bool = False


@dataclass(frozen=True, slots=True)
class ActorList:
    """All actors that were asked for, in order, and what can be asked for."""

    rows: tuple[Listed, ...]
    total: int  # articles of the outlets and days, whomever they name
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    themes: tuple[str, ...]


def actors(
    db: Connection, wanted: Wanted, filters: SearchFilters | None = None, order: Order = "articles"
) -> ActorList:
    """Who is watched, with counts over the days and outlets of the filters.

    The filters are of outlets and days only. Hidden actors are in no list.
    """
    days = _days(db, filters)
    every = [_facts(row, None) for row in db.all(_ACTORS)]
    every = [one for one in every if (one.kind == TERM) is wanted.terms]
    counts = {
        row["actor_id"]: row for row in db.execute(_BY_ACTOR.format(days=_plan(filters)), days)
    }
    total = int(db.value(_TOTAL, days))
    since = gaps(db)
    rows = [
        _listed(one, since.get(one.actor_id), counts.get(one.actor_id), total)
        for one in every
        if _is_wanted(one, wanted)
    ]
    return ActorList(
        rows=tuple(sorted(rows, key=_KEYS[order])),
        total=total,
        kinds=_all({one.kind} for one in every),
        countries=_all(one.countries for one in every),
        themes=_all(one.themes for one in every),
    )


def actor(db: Connection, actor_id: str) -> ActorFacts | None:
    """One actor; None for one that is hidden or unknown, which a page must not tell apart."""
    row = db.one(f"{_ACTORS} AND id = ?", (actor_id,))
    return None if row is None else _facts(row, gaps(db, [actor_id]).get(actor_id))


def _days(db: Connection, filters: SearchFilters | None) -> dict[str, object]:
    """Outlets and days of the filters; without days among them, what has no known day too."""
    asked = filters or SearchFilters()
    where = of_days(replace(asked, after=None, before=None))
    outlets = [row[0] for row in db.all(_OUTLETS + where.sql, where.parameters)]
    first, end = day_text(asked.after), day_text(asked.before)
    first = first or (_DATED if end else "")
    return {"outlets": dump(outlets), "first": first, "end": end or _NO_END}


def _plan(filters: SearchFilters | None) -> str:
    after, before = (filters.after, filters.before) if filters else (None, None)
    return _SOME_DAYS if after and before and before - after < _FEW else _MOST_DAYS


def countries(db: Connection) -> tuple[str, ...]:
    """Whose news any outlet brings: the countries that filters may name."""
    rows = db.all("SELECT covers, country FROM outlets")
    return _all(json.loads(row["covers"]) or (row["country"],) for row in rows)


def of_days(filters: SearchFilters | None) -> Condition:
    """Filters as a condition on days that look like articles, as NAMED_DAYS do.

    Raises ValueError for what days counted ahead do not know.
    """
    asked = filters or SearchFilters()
    for name in ("language", "actor", "credit", "kind", "theme"):
        if getattr(asked, name) is not None:
            raise ValueError(f"days counted ahead know no {name}")
    return condition(asked)


def _facts(row: Row, gap: Gap | None) -> ActorFacts:
    countries, themes = (tuple(json.loads(row[name])) for name in ("countries", "themes"))
    return ActorFacts(row["id"], row["name"], row["kind"], countries, themes, gap)


def _is_wanted(one: ActorFacts, wanted: Wanted) -> bool:
    return (
        wanted.kind in ("", one.kind)
        and (not wanted.country or wanted.country in one.countries)
        and (not wanted.theme or wanted.theme in one.themes)
    )


def _listed(one: ActorFacts, gap: Gap | None, counts: Row | None, total: int) -> Listed:
    articles, latest = (counts["articles"], counts["latest"]) if counts else (0, None)
    return Listed(replace(one, gap=gap), articles, articles / total if total else None, latest)


def _all(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({value for those in lists for value in those}))


_Key = Callable[[Listed], tuple[object, ...]]
_KEYS: Mapping[Order, _Key] = {
    "articles": lambda one: (-one.articles, one.facts.name, one.facts.actor_id),
    "name": lambda one: (one.facts.name, one.facts.actor_id),
    "latest": lambda one: (_newest_first(one.latest), one.facts.name, one.facts.actor_id),
}
"""Ties never depend on chance, so pages neither overlap nor leave a gap."""


def _newest_first(day: str | None) -> int:
    return -date.fromisoformat(day).toordinal() if day else 0
