"""The outlets: all of them in a list, and what is known of one, of its ways and its troubles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from sqlite3 import Row
from typing import Literal

from storage import trouble_reports, watch_rows
from storage.connection import Connection
from storage.finding import VISITED
from storage.reported import TroubleReport
from storage.spans import minute_of
from storage.times import decode_optional, encode_time
from storage.watch_rows import GapFound

LATELY = timedelta(days=30)
_FACTS = """
SELECT o.id, o.name, o.country, o.covers, o.kind, o.alignment, o.languages, o.timezone, o.domains,
  o.blind_since, o.blind_until, o.blind_reason, g.name AS agency,
  (SELECT max(coalesce(CASE WHEN w.failures = 0 THEN w.visited_at END, w.covered_to)) FROM ways w
   WHERE w.outlet_id = o.id AND w.parent_id IS NULL) AS seen_at,
  (SELECT count(DISTINCT e.kind) FROM events e
   WHERE e.outlet_id = o.id AND e.closed_at IS NULL) AS troubles
FROM outlets o
LEFT JOIN agency_outlets s ON s.outlet_id = o.id LEFT JOIN agencies g ON g.id = s.agency
"""
_COUNTS = """
SELECT o.id AS outlet_id, sum(d.articles) AS articles,
  coalesce(sum(d.articles) FILTER (WHERE d.day >= :since), 0) AS lately,
  coalesce(sum(d.articles) FILTER (WHERE d.day = ''), 0) AS undated,
  min(nullif(d.day, '')) AS first_day, max(nullif(d.day, '')) AS last_day
FROM outlets o CROSS JOIN outlet_days_v d ON d.outlet_id = o.id
{where} GROUP BY o.id
"""
_WAYS = """
SELECT w.url, w.found_by, w.visited_at, w.last_outcome, w.failures, w.covered_from, w.covered_to,
  w.off_at, w.dead_since, w.moved_to
FROM ways w WHERE w.outlet_id = ? AND w.parent_id IS NULL
ORDER BY w.off_at IS NOT NULL, w.found_by, w.url
"""

WayState = Literal["works", "fails", "dead", "off", "never"]
"""works: its last look was good · fails: it was not · dead: nothing new for very long · off: no
outlet file has it on any more · never: not looked at yet."""


@dataclass(frozen=True, slots=True)
class OutletLine:
    """One outlet in the list."""

    outlet_id: str
    name: str
    country: str  # the seat
    covers: tuple[str, ...]
    kind: str
    alignment: str
    languages: tuple[str, ...]
    timezone: str
    domains: tuple[str, ...]
    agency: str | None  # for which it speaks itself
    seen_at: datetime | None  # the last good look at any of its ways
    troubles: int  # kinds of open events
    articles: int
    lately: int  # articles of the last 30 days
    undated: int
    first_day: date | None
    last_day: date | None
    blind_since: date | None = None  # declared by a person
    blind_until: date | None = None
    blind_reason: str = ""


@dataclass(frozen=True, slots=True)
class WayLine:
    """A feed, sitemap or listing by which an outlet is found, and how it fares."""

    url: str
    found_by: str
    state: WayState
    visited_at: datetime | None
    last_outcome: str | None
    failures: int  # in a row
    covered_from: datetime | None
    covered_to: datetime | None
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class Outages:
    """When an outlet was down, or did not show what it published; the newest first."""

    troubles: tuple[TroubleReport, ...]  # past ones too
    gaps: tuple[GapFound, ...]


def lines(db: Connection, now: datetime) -> tuple[OutletLine, ...]:
    """Every outlet that a run ever registered, by country and name."""
    counts = _counted(db, now)
    found = [_line(row, counts.get(row["id"])) for row in db.all(_FACTS)]
    return tuple(sorted(found, key=lambda one: (one.country, one.name, one.outlet_id)))


def outlet(db: Connection, outlet_id: str, now: datetime) -> OutletLine | None:
    """One of them; None where nobody registered it."""
    row = db.one(f"{_FACTS} WHERE o.id = ?", (outlet_id,))
    return None if row is None else _line(row, _counted(db, now, outlet_id).get(outlet_id))


def ways(db: Connection, outlet_id: str) -> tuple[WayLine, ...]:
    """The ways of finding that stand or stood in the outlet's file; those that are on come first.

    Parts of a sitemap and further pages of a listing belong to theirs.
    """
    return tuple(_way(row) for row in db.all(_WAYS, (outlet_id,)))


def outages(db: Connection, outlet_id: str, first: date, last: date) -> Outages:
    """The troubles that touch these days (UTC), open ones and ended ones, and the gaps left."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    told = [
        one
        for one in trouble_reports.listed(db, [outlet_id], ended=True)
        if one.since < end and (one.until is None or one.until >= start)
    ]
    gaps = watch_rows.gaps_in(db, [outlet_id], (minute_of(start), minute_of(end)))
    return Outages(tuple(reversed(told)), tuple(reversed(gaps)))


def _counted(db: Connection, now: datetime, outlet_id: str | None = None) -> dict[str, Row]:
    where = "" if outlet_id is None else "WHERE o.id = :outlet"
    since = encode_time(now - LATELY)[:10]
    rows = db.all(_COUNTS.format(where=where), {"since": since, "outlet": outlet_id})
    return {row["outlet_id"]: row for row in rows}


def _line(row: Row, counts: Row | None) -> OutletLine:
    same = {name: row[name] for name in ("name", "country", "kind", "alignment", "timezone")}
    return OutletLine(
        **same,
        outlet_id=row["id"],
        covers=_list(row["covers"]),
        languages=_list(row["languages"]),
        domains=_list(row["domains"]),
        agency=row["agency"],
        seen_at=decode_optional(row["seen_at"]),
        troubles=row["troubles"],
        articles=counts["articles"] if counts else 0,
        lately=counts["lately"] if counts else 0,
        undated=counts["undated"] if counts else 0,
        first_day=_day(counts["first_day"]) if counts else None,
        last_day=_day(counts["last_day"]) if counts else None,
        blind_since=_day(row["blind_since"]),
        blind_until=_day(row["blind_until"]),
        blind_reason=row["blind_reason"] or "",
    )


def _way(row: Row) -> WayLine:
    return WayLine(
        **{name: row[name] for name in ("url", "found_by", "last_outcome", "failures", "moved_to")},
        state=_state(row),
        visited_at=decode_optional(row["visited_at"]),
        covered_from=decode_optional(row["covered_from"]),
        covered_to=decode_optional(row["covered_to"]),
    )


def _state(row: Row) -> WayState:
    if row["off_at"] is not None:
        return "off"
    if row["last_outcome"] is None:
        return "never"
    if row["failures"] or row["last_outcome"] not in VISITED:
        return "fails"
    return "dead" if row["dead_since"] is not None else "works"


def _list(text: str) -> tuple[str, ...]:
    found: Sequence[str] = json.loads(text)
    return tuple(found)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
