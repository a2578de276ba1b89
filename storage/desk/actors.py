"""The actors that are watched, how often each is named, and what the watchlists say of one.

Counts come from the days counted ahead, so that they are quick at any size.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from sqlite3 import Row
from typing import Literal

from storage.actors import Gap, gaps
from storage.connection import Connection
from storage.search import Condition, SearchFilters, condition

TERM = "term"
Order = Literal["articles", "name", "latest"]
ORDERS: tuple[Order, ...] = ("articles", "name", "latest")
_ACTORS = "SELECT id, name, kind, countries, themes FROM actors WHERE NOT suppress"
NAMED_DAYS = """
(SELECT actor_id, outlet_id, nullif(day, '') AS published_day, 0 AS withdrawn, articles
 FROM actor_days_v) a
"""
"""Days on which actors are named; to the conditions of a search they look like articles."""
ALL_DAYS = """
(SELECT outlet_id, nullif(day, '') AS published_day, 0 AS withdrawn, articles
 FROM outlet_days_v) a
"""
"""The same of all articles, whomever they name."""
_BY_ACTOR = f"""
SELECT a.actor_id, sum(a.articles) AS articles, max(a.published_day) AS latest
FROM {NAMED_DAYS} WHERE 1
"""  # noqa: S608  # constants only
_TOTAL = f"SELECT coalesce(sum(a.articles), 0) FROM {ALL_DAYS} WHERE 1"  # noqa: S608  # as above


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
    where = of_days(filters)
    every = [_facts(row, None) for row in db.all(_ACTORS)]
    every = [one for one in every if (one.kind == TERM) is wanted.terms]
    counts = {
        row["actor_id"]: row
        for row in db.execute(f"{_BY_ACTOR}{where.sql} GROUP BY a.actor_id", where.parameters)
    }
    total = int(db.value(_TOTAL + where.sql, where.parameters))
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


def of_days(filters: SearchFilters | None) -> Condition:
    """Filters as a condition on NAMED_DAYS or ALL_DAYS.

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
