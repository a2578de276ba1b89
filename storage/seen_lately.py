"""What was seen of each outlet in the last weeks, as the rules for troubles take it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Any

from storage import health
from storage.books import UNDATED
from storage.connection import Connection
from storage.finding import Sign, VisitOutcome
from storage.models import FoundBy, Outcome
from storage.rows import dump
from storage.templates import LAYOUT
from storage.times import decode_optional, decode_time, encode_time
from storage.trouble_records import Gap, Look, OutletSeen, PagesSeen, Past, WaySeen

LATELY = timedelta(days=60)
"""How far back is looked for what is usual."""
CLOSELY = timedelta(days=3)
"""Of these days every visit counts; before, the last one of a day tells enough."""
PAGES_LATELY = timedelta(days=14)
FINDING = frozenset({"crawl", "demo", "nightly"})
"""Kinds of runs that visit outlets: in these, an outlet without a visit is a hole."""

_NOT_BLIND = """
(o.blind_since IS NULL OR o.blind_since > :today OR coalesce(o.blind_until < :today, 0))
"""
_OUTLETS = f"""
SELECT o.* FROM outlets o WHERE {_NOT_BLIND}
  AND EXISTS (SELECT 1 FROM visits v WHERE v.outlet_id = o.id AND v.day >= :day)
ORDER BY o.id
"""  # noqa: S608  # of literals
_WAYS = "SELECT * FROM ways WHERE parent_id IS NULL AND off_at IS NULL ORDER BY outlet_id, id"
# A follow-up visit (a part, a page) stands for its way only in what it noticed.
_LOOKS = """
SELECT * FROM (
  SELECT v.*, row_number() OVER (PARTITION BY v.way_id, v.day ORDER BY v.id DESC) AS place
  FROM visits v JOIN ways w ON w.id = v.way_id
  WHERE v.day >= :day AND w.parent_id IS NULL AND w.off_at IS NULL
) WHERE place = 1 OR at >= :closely ORDER BY id
"""
_SIGNS = """
SELECT v.run_id, w.parent_id AS way_id, v.signs FROM visits v JOIN ways w ON w.id = v.way_id
WHERE v.day >= :day AND w.parent_id IS NOT NULL AND v.signs != '[]'
"""
_GAPS = "SELECT * FROM gaps WHERE to_at >= :since ORDER BY id"
_PAGES = """
SELECT o.outlet_id, o.run_id, o.outcome, min(o.at) AS at, count(*) AS n, max(f.egress) AS egress
FROM runs r CROSS JOIN outcomes o ON o.run_id = r.id
LEFT JOIN fetches f ON f.id = o.fetch_id AND o.outcome = :blocked
WHERE r.started_at >= :since AND r.kind IN (SELECT value FROM json_each(:kinds))
GROUP BY o.outlet_id, o.run_id, o.outcome ORDER BY o.run_id
"""
_COUNTS = """
SELECT c.outlet_id, c.day, count(*) AS n FROM outlets o
CROSS JOIN candidates c ON c.outlet_id = o.id
WHERE c.day >= :day AND c.day < :undated GROUP BY c.outlet_id, c.day
"""
# What has no date counts for the day on which we found it.
_UNDATED = """
SELECT c.outlet_id, substr(c.found_at, 1, 10) AS day, count(*) AS n FROM outlets o
CROSS JOIN candidates c ON c.outlet_id = o.id AND c.day = :undated
WHERE c.id >= :first AND c.found_at >= :since GROUP BY c.outlet_id, substr(c.found_at, 1, 10)
"""
_FIRST = """
SELECT coalesce(min(candidate_id), 0) FROM outcomes
WHERE run_id = (SELECT min(id) FROM runs WHERE started_at >= :since)
"""
_PAST = """
SELECT * FROM events WHERE (closed_at IS NULL OR closed_at >= :since) AND subject != :layout
ORDER BY id  -- where a template noticed a new layout, the pages are read all the same
"""
_BLIND = f"SELECT o.id FROM outlets o WHERE NOT {_NOT_BLIND}"  # noqa: S608  # of literals


def load(db: Connection, now: datetime) -> list[OutletSeen]:
    """All outlets that were visited lately and are not declared blind, with what was seen."""
    since = now - LATELY
    bounds = {
        "day": since.date().isoformat(),
        "today": now.date().isoformat(),
        "since": encode_time(since),
        "closely": encode_time(now - CLOSELY),
        "undated": UNDATED,
    }
    ways = _ways(db, bounds)
    pages, counts, past = _pages(db, now), _counts(db, bounds), _past(db, bounds)
    reads = health.read_since(db, since, now)
    return [
        OutletSeen(
            id=row["id"],
            country=row["country"],
            zone=row["timezone"],
            covers=tuple(json.loads(row["covers"])),
            languages=tuple(json.loads(row["languages"])),
            ways=tuple(ways[row["id"]]),
            pages=tuple(pages[row["id"]]),
            counts=counts[row["id"]],
            past=tuple(past[row["id"]]),
            reads=tuple(reads.get(row["id"], ())),
        )
        for row in db.all(_OUTLETS, bounds)
    ]


def declared_blind(db: Connection, now: datetime) -> list[str]:
    """The outlets that a person has declared blind for today."""
    return [row["id"] for row in db.all(_BLIND, {"today": now.date().isoformat()})]


def _ways(db: Connection, bounds: dict[str, str]) -> defaultdict[str, list[WaySeen]]:
    looks, gaps = _looks(db, bounds), _by(db.all(_GAPS, bounds), "way_id")
    found: defaultdict[str, list[WaySeen]] = defaultdict(list)
    for row in db.all(_WAYS):
        first, last = (decode_optional(row[name]) for name in ("covered_from", "covered_to"))
        seen = WaySeen(
            url=row["url"],
            found_by=FoundBy(row["found_by"]),
            looks=tuple(looks[row["id"]]),
            covered=(first, last) if first and last else None,
            gaps=tuple(map(_gap_from, gaps[row["id"]])),
        )
        if seen.looks:
            found[row["outlet_id"]].append(seen)
    return found


def _looks(db: Connection, bounds: dict[str, str]) -> defaultdict[int, list[Look]]:
    of_parts: defaultdict[tuple[int, int], list[Sign]] = defaultdict(list)
    for row in db.all(_SIGNS, bounds):
        of_parts[row["run_id"], row["way_id"]] += _signs(row["signs"])
    found: defaultdict[int, list[Look]] = defaultdict(list)
    for row in db.all(_LOOKS, bounds):
        more = of_parts.get((row["run_id"], row["way_id"]), [])
        found[row["way_id"]].append(_look_from(row, more))
    return found


def _look_from(row: Row, more: Iterable[Sign]) -> Look:
    return Look(
        run=row["run_id"],
        at=decode_time(row["at"]),
        outcome=VisitOutcome(row["outcome"]),
        reason=row["reason"],
        status=row["status"],
        egress=row["egress"],
        signs=(*_signs(row["signs"]), *more),
        seen=row["seen"],
        fresh=row["fresh"],
        newest_at=decode_optional(row["newest_at"]),
        shows_since=decode_optional(row["shows_since"]),
        overlap=None if row["overlap"] is None else bool(row["overlap"]),
    )


def _signs(text: str) -> tuple[Sign, ...]:
    return tuple(Sign(*pair) for pair in json.loads(text)) if text != "[]" else ()


def _gap_from(row: Row) -> Gap:
    return Gap(
        from_at=decode_time(row["from_at"]),
        to_at=decode_time(row["to_at"]),
        noticed_at=decode_time(row["noticed_at"]),
        repaired_by=row["repaired_by"] or ("?" if row["repaired_at"] else None),
    )


def _pages(db: Connection, now: datetime) -> defaultdict[str, list[PagesSeen]]:
    rows = db.all(
        _PAGES,
        {
            "since": encode_time(now - PAGES_LATELY),
            "kinds": dump(sorted(FINDING)),
            "blocked": Outcome.BLOCKED,
        },
    )
    found: defaultdict[str, list[PagesSeen]] = defaultdict(list)
    grouped: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["outlet_id"], row["run_id"]].append(row)
    for (outlet_id, run_id), ends in grouped.items():
        egress = next((row["egress"] for row in ends if row["egress"]), "direct")
        at = decode_time(min(row["at"] for row in ends))
        counted = {Outcome(row["outcome"]): row["n"] for row in ends}
        found[outlet_id].append(PagesSeen(run_id, at, counted, egress))
    return found


def _counts(db: Connection, bounds: dict[str, str]) -> defaultdict[str, Counter[date]]:
    found: defaultdict[str, Counter[date]] = defaultdict(Counter)
    more: dict[str, Any] = {**bounds, "first": db.value(_FIRST, bounds)}
    for row in (*db.all(_COUNTS, bounds), *db.all(_UNDATED, more)):
        found[row["outlet_id"]][date.fromisoformat(row["day"])] += row["n"]
    return found


def _past(db: Connection, bounds: dict[str, str]) -> defaultdict[str, list[Past]]:
    found: defaultdict[str, list[Past]] = defaultdict(list)
    for row in db.all(_PAST, {**bounds, "layout": LAYOUT}):
        newest = json.loads(row["evidence"]).get("newest")  # silence began with the last news
        times = decode_time(newest or row["opened_at"]), decode_optional(row["closed_at"])
        found[row["outlet_id"]].append(Past(row["kind"], row["subject"], *times))
    return found


def _by(rows: Iterable[Row], key: str) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[key]].append(row)
    return grouped
