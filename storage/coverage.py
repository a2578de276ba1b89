"""Coverage: per outlet and day what was offered, what we hold, and how often we could not look.

A day is a publication day in the outlet's own zone: of the article if we hold it, else as the
finder said. What has no known day is counted apart, as undated. Every write that may change a
day's numbers marks it, in its own transaction; refresh counts the marked days again, whole.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from sqlite3 import Row

from storage.books import UNDATED
from storage.connection import Connection
from storage.finding import VISITED
from storage.models import FAILED
from storage.reported import CoverageDay
from storage.rows import dump
from storage.times import day_text

# An article that a person left out of the study is seen, and neither stored nor failed: whoever
# divides by what is stored has it neither above nor below the line.
_CANDIDATES = """
SELECT count(*) AS seen, count(CASE WHEN NOT a.withdrawn THEN 1 END) AS stored,
  count(CASE WHEN c.article_id IS NULL
        AND c.last_outcome IN (SELECT value FROM json_each(:failed)) THEN 1 END) AS failed
FROM candidates c LEFT JOIN articles a ON a.id = c.article_id
WHERE c.outlet_id = :outlet AND c.day = :day
"""
_BLIND = """
SELECT count(*) FROM visits WHERE outlet_id = :outlet AND day = :day
  AND outcome NOT IN (SELECT value FROM json_each(:visited))
"""
_ROWS = """
SELECT * FROM coverage
WHERE (:all OR outlet_id IN (SELECT value FROM json_each(:outlets)))
  AND (day = :undated OR ((:after IS NULL OR day >= :after) AND (:before IS NULL OR day < :before)))
ORDER BY outlet_id, day = :undated, day
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
) -> list[CoverageDay]:
    """Coverage by outlet and day, from `after` on and up to the day before `before`.

    The undated row of an outlet comes last, whatever the period: it may belong to any.
    """
    found = db.all(
        _ROWS,
        {
            "all": outlet_ids is None,
            "outlets": dump(list(outlet_ids or ())),
            "after": day_text(after),
            "before": day_text(before),
            "undated": UNDATED,
        },
    )
    return [_day_from(row) for row in found]


def _day_from(row: Row) -> CoverageDay:
    return CoverageDay(
        outlet_id=row["outlet_id"],
        day=None if row["day"] == UNDATED else date.fromisoformat(row["day"]),
        seen=row["seen"],
        stored=row["stored"],
        failed=row["failed"],
        blind=row["blind"],
    )


def _count(db: Connection, outlet_id: str, day: str) -> None:
    where = {"outlet": outlet_id, "day": day}
    counted = db.one(_CANDIDATES, {**where, "failed": dump(sorted(FAILED))})
    blind = db.value(_BLIND, {**where, "visited": dump(sorted(VISITED))})
    numbers = {**(dict(counted) if counted else {}), "blind": blind}
    if not any(numbers.values()):
        db.execute("DELETE FROM coverage WHERE outlet_id = :outlet AND day = :day", where)
        return
    db.upsert("coverage", ("outlet_id", "day"), {"outlet_id": outlet_id, "day": day, **numbers})
