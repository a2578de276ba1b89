"""How the archive fares, counted by SQL: work under way, queues, slow outlets, evidence, books."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import reports
from storage.connection import Connection
from storage.processes import LifeLock, Process, lives
from storage.times import decode_optional, decode_time, encode_time

SLOW_SECONDS = 5.0
"""An answer that takes longer is a slow one."""
LEAST_ASKED = 20
"""Requests to an outlet in the week, below which nothing is said of its pace."""
SLOW_SHARE, LATE_SHARE = 0.5, 0.1
"""An outlet is slow from this share of slow answers, or of answers that came too late, on."""

_RUNNING = """
SELECT r.id, r.kind, r.schedule, r.started_at, r.pid, r.process,
  (SELECT count(*) FROM outcomes o WHERE o.run_id = r.id) AS taken,
  (SELECT count(*) FROM outcomes o WHERE o.run_id = r.id AND o.outcome = 'interrupted') AS open
FROM runs r WHERE r.status = 'running' ORDER BY r.id
"""
_WAITING = """
SELECT outlet_id, count(*) AS pending, count(*) FILTER (WHERE attempts > 0) AS tried,
  min(found_at) AS since
FROM candidates WHERE state = 'pending' GROUP BY outlet_id ORDER BY pending DESC, outlet_id
"""
_LATELY = "(SELECT id FROM runs WHERE started_at >= :since)"
_PACE = f"""
WITH asked AS (
  SELECT coalesce(c.outlet_id, v.outlet_id) AS outlet_id, f.elapsed > :seconds AS slow, 0 AS late
  FROM fetches f
  LEFT JOIN candidates c ON c.id = f.candidate_id LEFT JOIN visits v ON v.id = f.visit_id
  WHERE f.run_id IN {_LATELY} AND f.status IS NOT NULL AND f.elapsed IS NOT NULL
  UNION ALL
  SELECT outlet_id, 0, 1 FROM outcomes WHERE run_id IN {_LATELY} AND outcome = 'timeout'
  UNION ALL
  SELECT outlet_id, 0, 1 FROM visits WHERE run_id IN {_LATELY} AND outcome = 'timeout'
)
SELECT outlet_id, count(*) AS asked, sum(slow) AS slow, sum(late) AS late
FROM asked GROUP BY outlet_id HAVING count(*) >= :least ORDER BY outlet_id
"""  # noqa: S608  # put together from literals of this file
_VERIFIED = "SELECT name, verified_at FROM capture_files WHERE verified_at IS NOT NULL"
_FAILED_CARE = """
SELECT kind, said, ended_at, figures FROM upkeep u
WHERE ok = 0 AND id = (SELECT max(id) FROM upkeep WHERE kind = u.kind AND ended_at IS NOT NULL)
ORDER BY ended_at DESC
"""
_UNREAD = """
SELECT id FROM outlets o
WHERE NOT EXISTS (SELECT 1 FROM articles WHERE outlet_id = o.id)
  AND NOT EXISTS (SELECT 1 FROM visits WHERE outlet_id = o.id
                  AND outcome IN ('read', 'not_modified', 'empty', 'moved'))
"""
_BROUGHT_SINCE = """
SELECT 1 FROM visits WHERE outlet_id = ? AND day >= ? AND at >= ? AND fresh > 0 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A run that has not ended; one whose process is gone is closed by the next run."""

    run_id: int
    kind: str
    schedule: str | None
    started_at: datetime
    lives: bool
    taken: int  # candidates in its hands so far
    ended: int  # of these, the ones with an end


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the next run."""

    pending: int
    tried: int  # of these, the ones that failed before
    since: datetime | None  # when the one that waits longest was found
    follows: int  # visits that earlier visits asked for
    by_outlet: tuple[tuple[str, int, int], ...]  # (outlet, pending, tried), the most first


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an outlet answered; `slow` and `late` are counts of `asked`."""

    outlet_id: str
    asked: int
    slow: int
    late: int

    @property
    def is_slow(self) -> bool:
        """Half of the answers took long, or one in ten did not come in time."""
        return self.slow >= SLOW_SHARE * self.asked or self.late >= LATE_SHARE * self.asked


@dataclass(frozen=True, slots=True)
class CareFailed:
    """A kind of upkeep of which the last one failed."""

    kind: str
    said: str
    at: datetime
    figures: Mapping[str, float]


def under_way(db: Connection) -> tuple[UnderWay, ...]:
    """The runs that have not ended, oldest first."""
    return tuple(
        UnderWay(
            run_id=row["id"],
            kind=row["kind"],
            schedule=row["schedule"],
            started_at=decode_time(row["started_at"]),
            lives=lives(Process(row["pid"], row["process"]), LifeLock(db.path, f"run-{row['id']}")),
            taken=row["taken"],
            ended=row["taken"] - row["open"],
        )
        for row in db.all(_RUNNING)
    )


def waiting(db: Connection) -> Waiting:
    """The queues: what was found and not read yet, and visits still to be made."""
    rows = db.all(_WAITING)
    return Waiting(
        pending=sum(row["pending"] for row in rows),
        tried=sum(row["tried"] for row in rows),
        since=decode_optional(min((row["since"] for row in rows), default=None)),
        follows=db.value("SELECT count(*) FROM follows"),
        by_outlet=tuple((row["outlet_id"], row["pending"], row["tried"]) for row in rows),
    )


def paces(db: Connection, since: datetime) -> tuple[Pace, ...]:
    """How fast the outlets answered in the runs since a moment; those asked too seldom are left
    out."""
    values = {"since": encode_time(since), "seconds": SLOW_SECONDS, "least": LEAST_ASKED}
    return tuple(Pace(**dict(row)) for row in db.all(_PACE, values))


def verified(db: Connection) -> dict[str, datetime]:
    """The files of captures that were verified, those too that are gone: name -> when."""
    return {row["name"]: decode_time(row["verified_at"]) for row in db.all(_VERIFIED)}


def failed_care(db: Connection) -> tuple[CareFailed, ...]:
    """The kinds of upkeep of which the last one failed, the latest first."""
    return tuple(
        CareFailed(
            row["kind"], row["said"], decode_time(row["ended_at"]), json.loads(row["figures"])
        )
        for row in db.all(_FAILED_CARE)
    )


def unbalanced(db: Connection, newest: int = 10) -> tuple[tuple[int, str], ...]:
    """Of the last runs that have ended, those whose books do not balance: (run, in words)."""
    sql = "SELECT id FROM runs WHERE status != 'running' ORDER BY id DESC LIMIT ?"
    found = ((row["id"], reports.imbalance(db, row["id"])) for row in db.all(sql, (newest,)))
    return tuple((run_id, wrong) for run_id, wrong in found if wrong)


def brought_since(db: Connection, outlet_id: str, since: datetime) -> bool:
    """Whether any visit to an outlet found something new since a moment."""
    # A day less: `day` is that of the outlet's zone, which may lie behind.
    day = (since - timedelta(days=1)).date().isoformat()
    return db.value(_BROUGHT_SINCE, (outlet_id, day, encode_time(since))) is not None


def outlet_names(db: Connection) -> dict[str, str]:
    """Every outlet that a run has registered: id -> name."""
    return {row["id"]: row["name"] for row in db.all("SELECT id, name FROM outlets ORDER BY id")}


def unread(db: Connection) -> frozenset[str]:
    """The outlets that nothing was ever read of: no article, and no visit that was answered."""
    return frozenset(row["id"] for row in db.all(_UNREAD))


def schedules(db: Connection) -> dict[str, datetime | None]:
    """Every schedule that ever ran, and when its work was last done: name -> when it ended."""
    sql = (
        "SELECT schedule, max(ended_at) FILTER (WHERE status = 'done') AS at "
        "FROM slots GROUP BY schedule ORDER BY schedule"
    )
    return {row["schedule"]: decode_optional(row["at"]) for row in db.all(sql)}


def articles(db: Connection) -> int:
    """How many articles there are, those left out by a person too."""
    return int(db.value("SELECT count(*) FROM articles"))


def first_run(db: Connection) -> datetime | None:
    """When the first run began; None where nothing has run yet."""
    return decode_optional(db.value("SELECT min(started_at) FROM runs"))


def schema(db: Connection) -> str:
    """The name of the newest step of the schema that this file has been brought to."""
    return str(db.value("SELECT max(name) FROM _sqlite_migrations"))
