"""Coverage in figures: per outlet and day what was offered, what we hold, and what failed how.

A day is a publication day in the outlet's own zone: of the article if we hold it, else as the
finder said. What has no known day is counted apart, as undated. Every write that may change a
day's numbers marks it, in its own transaction; refresh counts the marked days again, whole. Who
asks before that gets the marked days counted on the spot.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from sqlite3 import Row

from storage.books import UNDATED
from storage.connection import Connection
from storage.coverage_records import DayCounts, Items
from storage.finding import VISITED
from storage.models import FAILED
from storage.rows import dump
from storage.times import day_text, decode_time

# An article that a person left out of the study is seen, and neither stored nor failed: whoever
# divides by what is stored has it neither above nor below the line.
_ENDS = """
SELECT d.outlet_id, d.day, count(c.id) AS n, count(CASE WHEN NOT a.withdrawn THEN 1 END) AS stored,
  CASE WHEN c.article_id IS NULL AND c.last_outcome IN (SELECT value FROM json_each(:failed))
    THEN c.last_outcome END AS failure,
  c.article_id IS NULL AND c.state = 'pending'
    AND coalesce(c.last_outcome, '') NOT IN (SELECT value FROM json_each(:failed)) AS waits
FROM {days} d
LEFT JOIN candidates c ON c.outlet_id = d.outlet_id AND c.day = d.day
LEFT JOIN articles a ON a.id = c.article_id
GROUP BY d.outlet_id, d.day, failure, waits
"""
_COUNTED = """
SELECT e.outlet_id, e.day, sum(e.n) AS seen, sum(e.stored) AS stored,
  coalesce(sum(e.n) FILTER (WHERE e.failure IS NOT NULL), 0) AS failed,
  (SELECT count(*) FROM visits v WHERE v.outlet_id = e.outlet_id AND v.day = e.day
    AND v.outcome NOT IN (SELECT value FROM json_each(:visited))) AS blind,
  coalesce(sum(e.n) FILTER (WHERE e.waits), 0) AS waiting,
  json_group_object(e.failure, e.n) FILTER (WHERE e.failure IS NOT NULL) AS failed_by
FROM ({ends}) e
GROUP BY e.outlet_id, e.day
"""
_ONE_DAY = "(SELECT :outlet AS outlet_id, :day AS day)"
_MARKED = "coverage_dirty"
# What is marked counts as it is at this moment; the rest as it was counted last.
_CURRENT = f"""
SELECT outlet_id, day, seen, stored, failed, blind, waiting, failed_by FROM coverage
WHERE NOT EXISTS (SELECT 1 FROM coverage_dirty d
  WHERE d.outlet_id = coverage.outlet_id AND d.day = coverage.day)
UNION ALL SELECT * FROM ({_COUNTED.format(ends=_ENDS.format(days=_MARKED))}) WHERE seen OR blind
"""  # noqa: S608  # constants only
_OF_OUTLETS = "(:all OR outlet_id IN (SELECT value FROM json_each(:outlets)))"
_ROWS = """
SELECT * FROM {current}
WHERE {of_outlets}
  AND (day = :undated OR ((:after IS NULL OR day >= :after) AND (:before IS NULL OR day < :before)))
ORDER BY outlet_id, day = :undated, day
"""
_SUMS = """
SELECT coalesce(sum(seen), 0), coalesce(sum(stored), 0), coalesce(sum(failed), 0),
  coalesce(sum(waiting), 0)
FROM json_each(:outlets) wanted
CROSS JOIN {current} c ON c.outlet_id = wanted.value
WHERE c.day >= :first AND c.day <= :last
"""
# Found up to then, it was published before; nobody knows on which day.
_UNDATED_LOST = """
SELECT c.outlet_id, max(c.found_at) AS found_at FROM json_each(:outlets) wanted
CROSS JOIN candidates c ON c.outlet_id = wanted.value AND c.day = :undated
WHERE c.article_id IS NULL AND (c.state = 'pending'
  OR c.last_outcome IN (SELECT value FROM json_each(:failed)))
GROUP BY c.outlet_id
"""


def refresh(db: Connection, run_id: int | None = None) -> int:
    """Count the days again that changed since the last refresh; says how many they were.

    The number is kept with the run, if one is named.
    """
    with db.write():
        dirty = db.all("SELECT outlet_id, day FROM coverage_dirty")
        for row in dirty:
            _count(db, row["outlet_id"], row["day"])
        db.execute("DELETE FROM coverage_dirty")
        if run_id is not None:
            note = {"run_id": run_id, "key": "coverage_days", "value": len(dirty)}
            db.upsert("run_notes", ("run_id", "key"), note)
    return len(dirty)


def recount(db: Connection, days: Collection[tuple[str, str]]) -> None:
    """Count these days of these outlets again at once, as (outlet id, day); part of a write."""
    for outlet_id, day in days:
        _count(db, outlet_id, day)


def rows(
    db: Connection,
    outlet_ids: Collection[str] | None = None,
    after: date | None = None,
    before: date | None = None,
) -> list[DayCounts]:
    """Figures by outlet and day, from `after` on and up to the day before `before`.

    The undated row of an outlet comes last, whatever the period: it may belong to any.
    """
    sql = _ROWS.format(current=_current(db), of_outlets=_OF_OUTLETS)
    days = {"after": day_text(after), "before": day_text(before), "undated": UNDATED}
    return [_counts_from(row) for row in db.all(sql, {**_bound(outlet_ids), **days})]


def sums(db: Connection, outlet_ids: Collection[str], first: date, last: date) -> Items:
    """What was offered and what became of it, from the first day to the last."""
    return _summed(db, outlet_ids, first.isoformat(), last.isoformat())


def undated(db: Connection, outlet_ids: Collection[str]) -> Items:
    """The same of what has no known day."""
    return _summed(db, outlet_ids, UNDATED, UNDATED)


def undated_lost(db: Connection, outlet_ids: Collection[str]) -> dict[str, datetime]:
    """When the last page of no known day was found, of those that failed or wait; by outlet."""
    rows = db.all(_UNDATED_LOST, {**_bound(set(outlet_ids)), "undated": UNDATED})
    return {row["outlet_id"]: decode_time(row["found_at"]) for row in rows}


def _summed(db: Connection, outlet_ids: Collection[str], first: str, last: str) -> Items:
    bound = {**_bound(set(outlet_ids)), "first": first, "last": last}
    row = db.one(_SUMS.format(current=_current(db)), bound)
    assert row is not None, "an aggregate has a row"
    return Items(*row)


def _current(db: Connection) -> str:
    """Coverage as it is now, as a table; mostly a run has counted it all."""
    marked = db.value("SELECT EXISTS (SELECT 1 FROM coverage_dirty)")
    return f"({_CURRENT})" if marked else "coverage"


def _bound(outlet_ids: Collection[str] | None) -> dict[str, object]:
    return {
        "all": outlet_ids is None,
        "outlets": dump(list(outlet_ids or ())),
        "failed": dump(sorted(FAILED)),
        "visited": dump(sorted(VISITED)),
    }


def _counts_from(row: Row) -> DayCounts:
    return DayCounts(
        outlet_id=row["outlet_id"],
        day=None if row["day"] == UNDATED else date.fromisoformat(row["day"]),
        seen=row["seen"],
        stored=row["stored"],
        failed=row["failed"],
        waiting=row["waiting"],
        failed_by=json.loads(row["failed_by"]),
        blind_visits=row["blind"],
    )


def _count(db: Connection, outlet_id: str, day: str) -> None:
    where = {"outlet": outlet_id, "day": day}
    sql = _COUNTED.format(ends=_ENDS.format(days=_ONE_DAY))
    counted = db.one(sql, {**where, **_bound(())})
    if counted is None or not (counted["seen"] or counted["blind"]):
        db.execute("DELETE FROM coverage WHERE outlet_id = :outlet AND day = :day", where)
        return
    db.upsert("coverage", ("outlet_id", "day"), {**dict(counted), "outlet_id": outlet_id})
