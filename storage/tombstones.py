"""Sitemaps that are dead: gone, or without anything new for half a year. Seldom looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.connection import Connection
from storage.finding import VISITED, Visit, VisitOutcome, Way
from storage.models import FoundBy

QUIET = timedelta(days=180)
"""After so long without anything new, a sitemap is taken for dead …"""
GONE_VISITS = 3
"""… as is one that was gone at so many visits running."""
AGAIN = timedelta(days=30)
"""So seldom a dead part of a sitemap is looked at."""


def dead_since(db: Connection, way_id: int | None, way: Way, visit: Visit) -> datetime | None:
    """Since when a sitemap is dead, after a visit to it; None for one that lives.

    `way` is what was remembered before the visit, `way_id` None where that is nothing.
    """
    if visit.found_by is not FoundBy.SITEMAP or visit.quiet is False:
        return None
    if visit.outcome is VisitOutcome.GONE:
        is_dead = way.last_outcome is VisitOutcome.GONE and way.failures + 1 >= GONE_VISITS
    else:
        is_dead = visit.outcome in VISITED and (
            visit.quiet is True or (way_id is not None and not _had_news(db, way_id, visit))
        )
    return way.dead_since or (visit.at if is_dead else None)


def _had_news(db: Connection, way_id: int, visit: Visit) -> bool:
    """Whether a way brought something new lately, or is not known for long enough to tell.

    An index never does: its parts do.
    """
    if db.value("SELECT 1 FROM ways WHERE parent_id = ? LIMIT 1", (way_id,)) is not None:
        return True
    then = {"outlet": visit.outlet_id, "way": way_id, "day": f"{visit.at - QUIET:%Y-%m-%d}"}
    known = "SELECT 1 FROM visits WHERE outlet_id = :outlet AND way_id = :way "
    if db.value(known + "AND day <= :day LIMIT 1", then) is None:
        return True
    return db.value(known + "AND day > :day AND fresh > 0 LIMIT 1", then) is not None


def may_rest(way: Way, now: datetime) -> bool:
    """Whether a dead way need not be looked at yet."""
    return (
        way.dead_since is not None and way.visited_at is not None and now - way.visited_at < AGAIN
    )
