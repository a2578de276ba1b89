"""What we remember of each way of finding: validators, moves, failures in a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from sqlite3 import Row

from storage import looks, tombstones
from storage.connection import Connection
from storage.finding import NOT_TRIED, VISITED, Visit, VisitOutcome, Way
from storage.models import FoundBy
from storage.rows import dump
from storage.times import decode_optional, encode_optional, encode_time

_WITH_BODY = frozenset({VisitOutcome.READ, VisitOutcome.MOVED, VisitOutcome.EMPTY})
OVERFLOWED_LATELY = timedelta(days=14)
"""A way that overflowed less long ago may do so again tomorrow."""
_SELECT = "SELECT w.*, p.url AS parent FROM ways w LEFT JOIN ways p ON p.id = w.parent_id"


def load(db: Connection, outlet_ids: Collection[str]) -> dict[tuple[str, str], Way]:
    """The ways of these outlets that were ever visited, by (outlet id, URL).

    Their `covered_to` is what the next look has to come back to; see `looks.known_to`.
    """
    sql = f"{_SELECT} WHERE w.outlet_id IN (SELECT value FROM json_each(?))"  # noqa: S608  # a literal
    rows = db.all(sql, (dump(list(outlet_ids)),))
    return {(row["outlet_id"], row["url"]): _known_way(db, row) for row in rows}


def _known_way(db: Connection, row: Row) -> Way:
    way = _way_from(row)
    if way.covered_to is None:
        return way
    return replace(way, covered_to=looks.known_to(db, row, way.covered_to))


def remember(db: Connection, visit: Visit) -> int:
    """Bring a way up to date after a visit, and give its id."""
    row = find(db, visit.outlet_id, visit.url)
    before = _way_from(row) if row else Way(visit.outlet_id, visit.found_by, visit.url)
    way_id = row["id"] if row else None
    dead = tombstones.dead_since(db, way_id, before, visit)
    values = _columns(replace(after(before, visit), dead_since=dead))
    if row is None:
        parent = find(db, visit.outlet_id, visit.parent) if visit.parent else None
        return db.insert("ways", values | {"parent_id": parent and parent["id"]})
    db.update("ways", row["id"], values)
    return int(row["id"])


def find(db: Connection, outlet_id: str, url: str | None) -> Row | None:
    """The row of a way that was ever visited, with its parent's address."""
    return db.one(f"{_SELECT} WHERE w.outlet_id = ? AND w.url = ?", (outlet_id, url))


def note_switched(db: Connection, on: Mapping[str, Collection[str]], at: datetime) -> None:
    """Keep which ways of these outlets are on, as outlet id -> addresses; the others are off.

    A way of an outlet's own is one that stands in its file: whatever named it before.
    """
    for outlet_id, urls in on.items():
        where = {"outlet": outlet_id, "urls": dump(sorted(urls)), "at": encode_time(at)}
        db.execute(
            "UPDATE ways SET off_at = NULL, parent_id = NULL WHERE outlet_id = :outlet "
            "AND url IN (SELECT value FROM json_each(:urls)) "
            "AND (off_at IS NOT NULL OR parent_id IS NOT NULL)",
            where,
        )
        db.execute(
            "UPDATE ways SET off_at = :at WHERE outlet_id = :outlet AND off_at IS NULL "
            "AND parent_id IS NULL AND url NOT IN (SELECT value FROM json_each(:urls))",
            where,
        )


def keys(db: Connection, outlet_id: str, url: str) -> bytes | None:
    """The undated entries that a sitemap listed at the last look, as sorted digests; None for one
    that was never read."""
    sql = (
        "SELECT k.keys FROM sitemap_keys k JOIN ways w ON w.id = k.way_id "
        "WHERE w.outlet_id = ? AND w.url = ?"
    )
    kept: bytes | None = db.value(sql, (outlet_id, url))
    return kept


def keep_keys(db: Connection, way_id: int, digests: bytes) -> None:
    """Remember the undated entries that a sitemap lists now."""
    db.upsert("sitemap_keys", ("way_id",), {"way_id": way_id, "keys": digests})


def after(way: Way, visit: Visit) -> Way:
    """The way as it is remembered after a visit; pure.

    Validators are kept from a body that was read, and forgotten with one that was not, or the
    next 304 would vouch for a broken body. A redirect is counted while it leads to the same place
    and forgotten when the way is read without it; a visit made straight to `moved_to` says so
    again in the visit's own `moved_to`.
    """
    if visit.outcome in NOT_TRIED:
        return replace(way, last_outcome=visit.outcome)
    way = replace(way, visited_at=visit.at, last_outcome=visit.outcome, found_by=visit.found_by)
    if visit.outcome not in VISITED:
        way = replace(way, failures=way.failures + 1)
        return _without_validators(way) if visit.status == 200 else way
    return _after_success(replace(way, failures=0), visit)


def _after_success(way: Way, visit: Visit) -> Way:
    if not visit.conditional:
        way = replace(way, unconditional_at=visit.at)
    if visit.outcome in _WITH_BODY:
        way = replace(way, etag=None, last_modified=None, body_sha256=None)
    way = replace(
        way,
        etag=visit.etag or way.etag,
        last_modified=visit.last_modified or way.last_modified,
        body_sha256=visit.body_sha256 or way.body_sha256,
    )
    return _after_move(way, visit)


def _after_move(way: Way, visit: Visit) -> Way:
    if visit.moved_to is not None:
        times = way.moved_times + 1 if visit.moved_to == way.moved_to else 1
        return replace(way, moved_to=visit.moved_to, moved_times=times)
    if visit.outcome in _WITH_BODY:
        return replace(way, moved_to=None, moved_times=0)
    return way


def _without_validators(way: Way) -> Way:
    return replace(way, etag=None, last_modified=None, body_sha256=None)


def _columns(way: Way) -> dict[str, object]:
    return {
        "outlet_id": way.outlet_id,
        "url": way.url,
        "found_by": way.found_by,
        "etag": way.etag,
        "last_modified": way.last_modified,
        "body_sha256": way.body_sha256,
        "visited_at": encode_optional(way.visited_at),
        "unconditional_at": encode_optional(way.unconditional_at),
        "moved_to": way.moved_to,
        "moved_times": way.moved_times,
        "failures": way.failures,
        "last_outcome": way.last_outcome,
        "dead_since": encode_optional(way.dead_since),
    }


def _way_from(row: Row) -> Way:
    return Way(
        outlet_id=row["outlet_id"],
        found_by=FoundBy(row["found_by"]),
        url=row["url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_sha256=row["body_sha256"],
        visited_at=decode_optional(row["visited_at"]),
        unconditional_at=decode_optional(row["unconditional_at"]),
        moved_to=row["moved_to"],
        moved_times=row["moved_times"],
        failures=row["failures"],
        last_outcome=VisitOutcome(row["last_outcome"]) if row["last_outcome"] else None,
        parent=row["parent"],
        covered_from=decode_optional(row["covered_from"]),
        covered_to=decode_optional(row["covered_to"]),
        dead_since=decode_optional(row["dead_since"]),
    )


def overflowing(db: Connection, now: datetime) -> frozenset[tuple[str, str]]:
    """The ways, as (outlet, address), that lately showed less than was published between visits."""
    rows = db.all(
        "SELECT w.outlet_id, w.url FROM ways w "
        "WHERE w.parent_id IS NULL AND w.off_at IS NULL AND ("
        "  w.id IN (SELECT way_id FROM gaps WHERE noticed_at >= :since) OR EXISTS ("
        "    SELECT 1 FROM events e WHERE e.kind = 'overflow' AND e.closed_at IS NULL"
        "    AND e.outlet_id = w.outlet_id AND e.subject = w.url))",
        {"since": encode_time(now - OVERFLOWED_LATELY)},
    )
    return frozenset((row["outlet_id"], row["url"]) for row in rows)
