"""How well an outlet's pages were read, night by night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from storage import health
from storage.connection import Connection
from storage.health import Counts
from storage.health_rules import Share, nights_of, shares

NIGHTS = 14
"""The last ones of a period, which are told one by one."""
MEASURES = ("headline", "date", "length", "template")
"""What is shown of each night."""


@dataclass(frozen=True, slots=True)
class ReadNight:
    """The articles that were read in one night, and of each measure so many of so many."""

    at: datetime  # when its first run began
    articles: int
    shares: dict[str, Share]
    unselected: int  # articles on which a selector of the outlet's file fitted nothing


def nights(db: Connection, outlet_id: str, first: date, last: date) -> tuple[ReadNight, ...]:
    """The last nights of a period (UTC) in which articles of an outlet were read, newest first."""
    span = (_start(first), _start(last) + timedelta(days=1))
    reads = health.read_since(db, *span, outlet_id).get(outlet_id, ())
    found = nights_of(one for one in reads if one.counts.articles)
    return tuple(
        _night(night[0].at, sum((one.counts for one in night), Counts()))
        for night in reversed(found[-NIGHTS:])
    )


def _night(at: datetime, counts: Counts) -> ReadNight:
    return ReadNight(at, counts.articles, dict(shares(counts)), counts.unselected)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
