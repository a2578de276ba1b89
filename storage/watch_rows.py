"""The outlets as the database knows them, with their ways, gaps and declared blindness."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.rows import dump
from storage.spans import Span, moment_of
from storage.times import decode_optional, decode_time, encode_time, local_time
from storage.watching import WatchedOutlet, WatchedWay, gap

_OUTLETS = """
SELECT o.id, o.name, o.country, o.alignment, o.covers, o.timezone,
  o.blind_since, o.blind_until, o.blind_reason,
  (SELECT min(day) FROM visits v WHERE v.outlet_id = o.id) AS first_visit
FROM outlets o ORDER BY o.id
"""
_LAST_LOOK = """
SELECT r.started_at FROM runs r
WHERE r.id = (SELECT v.run_id FROM visits v ORDER BY v.id DESC LIMIT 1)
"""
# A way that never was read well has no beginning but its first visit.
_WAYS = """
SELECT w.id, w.outlet_id, w.url, w.covered_from, w.covered_to, w.off_at, w.dead_since,
  w.visited_at, CASE WHEN w.covered_from IS NULL AND w.off_at IS NULL THEN (
    SELECT min(v.at) FROM visits v WHERE v.outlet_id = w.outlet_id AND v.way_id = w.id
  ) END AS first_visit
FROM json_each(:outlets) wanted
CROSS JOIN ways w ON w.outlet_id = wanted.value
WHERE w.parent_id IS NULL ORDER BY w.outlet_id, w.id
"""
_GAPS = """
SELECT g.way_id, unixepoch(g.from_at) AS start, unixepoch(g.to_at) AS end
FROM json_each(:outlets) wanted
CROSS JOIN gaps g ON g.outlet_id = wanted.value
WHERE g.repaired_at IS NULL AND g.from_at < :end AND g.to_at > :start
"""
# What answers and shows nothing new does not show what was published, as long as that lasts.
_FROZEN = """
SELECT w.id AS way_id, unixepoch(json_extract(e.evidence, '$.newest')) AS start,
  unixepoch(w.covered_to) AS end
FROM json_each(:outlets) wanted
CROSS JOIN events e ON e.outlet_id = wanted.value AND e.kind = 'frozen' AND e.closed_at IS NULL
JOIN ways w ON w.outlet_id = e.outlet_id AND w.covered_to IS NOT NULL AND (w.url = e.subject
  OR w.url IN (SELECT value FROM json_each(coalesce(json_extract(e.evidence, '$.also'), '[]'))))
WHERE start IS NOT NULL
"""
_EVERY_GAP = """
SELECT g.outlet_id, w.url, w.found_by, g.from_at, g.to_at, g.noticed_at, g.repaired_at,
  g.repaired_by
FROM json_each(:outlets) wanted
CROSS JOIN gaps g ON g.outlet_id = wanted.value
JOIN ways w ON w.id = g.way_id
WHERE g.from_at < :end AND g.to_at > :start ORDER BY g.from_at, g.outlet_id, g.id
"""


@dataclass(frozen=True, slots=True)
class RegisteredOutlet:
    """An outlet that a run has registered: whose news it brings, and when it was visited first."""

    outlet: WatchedOutlet  # without its ways
    covers: frozenset[str]
    first_visit: date | None


@dataclass(frozen=True, slots=True)
class GapFound:
    """A span of which one way did not show what was published, and what mended it, if anything."""

    outlet_id: str
    way: str
    found_by: str
    from_at: datetime
    to_at: datetime
    noticed_at: datetime
    repaired_at: datetime | None
    repaired_by: str | None  # the address of the way that showed all of it


def registered(db: Connection) -> list[RegisteredOutlet]:
    """Every outlet that was ever part of a run, by id."""
    return [_registered_from(row) for row in db.all(_OUTLETS)]


def last_look(db: Connection) -> datetime | None:
    """When the latest run began that visited anything: what it found well is watched up to then."""
    return decode_optional(db.value(_LAST_LOOK))


def with_ways(
    db: Connection, outlets: Collection[WatchedOutlet], period: Span
) -> tuple[WatchedOutlet, ...]:
    """The same outlets with their ways, and the gaps of these that fall into the period."""
    wanted = dump([outlet.outlet_id for outlet in outlets])
    gaps: defaultdict[int, list[Span]] = defaultdict(list)
    for way_id, start, end in db.execute(_GAPS, {"outlets": wanted, **_moments(period)}):
        gaps[way_id].append(gap(start, end))
    for way_id, start, end in db.execute(_FROZEN, {"outlets": wanted}):
        gaps[way_id].append(gap(start, end))
    ways: defaultdict[str, list[WatchedWay]] = defaultdict(list)
    for row in db.all(_WAYS, {"outlets": wanted}):
        ways[row["outlet_id"]].append(_way_from(row, gaps[row["id"]]))
    return tuple(replace(one, ways=tuple(ways[one.outlet_id])) for one in outlets)


def gaps_in(db: Connection, outlet_ids: Collection[str], period: Span) -> list[GapFound]:
    """Every gap that falls into the period, repaired ones too, the first comes first."""
    found = db.all(_EVERY_GAP, {"outlets": dump(list(outlet_ids)), **_moments(period)})
    return [_gap_from(row) for row in found]


def _moments(period: Span) -> dict[str, str]:
    start, end = map(moment_of, period)
    return {"start": encode_time(start), "end": encode_time(end)}


def _registered_from(row: Row) -> RegisteredOutlet:
    days = {name: row[name] for name in ("blind_since", "blind_until")}
    outlet = WatchedOutlet(
        outlet_id=row["id"],
        name=row["name"],
        timezone=row["timezone"],
        country=row["country"],
        alignment=row["alignment"],
        visited=row["first_visit"] is not None,
        blind_since=date.fromisoformat(days["blind_since"]) if days["blind_since"] else None,
        blind_until=date.fromisoformat(days["blind_until"]) if days["blind_until"] else None,
        blind_reason=row["blind_reason"] or "",
    )
    first_visit = date.fromisoformat(row["first_visit"]) if row["first_visit"] else None
    covers = json.loads(row["covers"]) or [row["country"]]
    return RegisteredOutlet(outlet, frozenset(covers), first_visit)


def _way_from(row: Row, gaps: list[Span]) -> WatchedWay:
    ends = [decode_time(row[name]) for name in ("off_at", "dead_since") if row[name]]
    return WatchedWay(
        url=row["url"],
        covered_from=decode_optional(row["covered_from"]),
        covered_to=decode_optional(row["covered_to"]),
        on_from=decode_optional(row["covered_from"] or row["first_visit"]),
        off_at=min(ends, default=None),
        asked_to=decode_optional(row["visited_at"]),
        gaps=tuple(gaps),
    )


def _gap_from(row: Row) -> GapFound:
    return GapFound(
        outlet_id=row["outlet_id"],
        way=row["url"],
        found_by=row["found_by"],
        from_at=decode_time(row["from_at"]),
        to_at=decode_time(row["to_at"]),
        noticed_at=decode_time(row["noticed_at"]),
        repaired_at=decode_optional(row["repaired_at"]),
        repaired_by=row["repaired_by"],
    )


def local_date(moment: datetime, timezone: str) -> date:
    """The day of a moment on the clocks of a zone."""
    return local_time(moment, timezone).date()
