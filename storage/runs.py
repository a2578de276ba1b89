"""Runs: opened with what they were asked, closed with a report, recovered after a kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from sqlite3 import Row

from storage import books, names, reports, verdicts
from storage.actors import register
from storage.connection import Connection
from storage.errors import UnknownRun
from storage.models import Actor, OutletRecord, Precision
from storage.processes import LifeLock, Process, current_process, lives
from storage.reported import RunReport
from storage.rows import dump
from storage.times import day_text, decode_time, encode_time, publication_day, utc_now

ENDS = frozenset({"done", "interrupted", "failed"})


class RunStore:
    """The runs, and the books of each."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock
        self._locks: dict[int, LifeLock] = {}

    def open(
        self,
        kind: str,
        *,
        argv: Sequence[str] = (),
        outlets: Sequence[OutletRecord] = (),
        actors: Sequence[Actor] | None = None,
        slot_id: int | None = None,
    ) -> int:
        """Start a run: registers outlets and actors as their files say, and gives its id.

        `actors` are all that are watched, or None where the run has nothing to do with them.
        `slot_id` is the slot of a schedule that the run is a part of: see `storage.slots`, which
        sees to it that each is taken once.
        """
        with self._db.write():
            self.recover()
            for outlet in outlets:
                self._register_outlet(outlet)
            started_at = self._clock()
            if actors is not None:
                register(self._db, actors, started_at)
            run_id = self._insert(kind, argv, outlets, slot_id, started_at)
            self._lock(run_id).hold()
            return run_id

    def recover(self) -> list[int]:
        """Close the runs whose process is gone as interrupted; gives their ids.

        What they held is free again: their candidates are pending, their hosts unleased.
        """
        with self._db.write():
            rows = self._db.all("SELECT id, pid, process FROM runs WHERE status = 'running'")
            dead = [row["id"] for row in rows if not self._lives(row)]
            for run_id in dead:
                self._end(run_id, "interrupted")
        return dead

    def close(self, run_id: int, status: str) -> RunReport:
        """End a run as done, interrupted or failed, and report on it. Raises UnknownRun."""
        if status not in ENDS:
            raise ValueError(f"a run ends as one of {', '.join(sorted(ENDS))}, not {status}")
        with self._db.write():
            self._end(run_id, status)
        return self.report(run_id)

    def report(self, run_id: int) -> RunReport:
        """What a run did so far. Raises UnknownRun."""
        return reports.report(self._db, run_id)

    def latest(self, limit: int = 10) -> list[RunReport]:
        """The reports of the last runs, newest first."""
        rows = self._db.all("SELECT id FROM runs ORDER BY id DESC LIMIT ?", (limit,))
        return [self.report(row["id"]) for row in rows]

    def imbalance(self, run_id: int) -> str:
        """What does not add up in a run's books, in words; empty when they balance."""
        return reports.imbalance(self._db, run_id)

    def capture_ends(self, newest: int = 20) -> dict[int, int]:
        """For the newest runs that broke off, where the last committed capture of each ends."""
        rows = self._db.all(
            "SELECT r.id, coalesce(max(f.capture_offset + f.capture_length), 0) AS end FROM runs r "
            "LEFT JOIN fetches f ON f.run_id = r.id AND f.capture_file IS NOT NULL "
            "WHERE r.status IN ('interrupted', 'failed') GROUP BY r.id ORDER BY r.id DESC LIMIT ?",
            (newest,),
        )
        return {row["id"]: row["end"] for row in rows}

    def note(self, run_id: int, key: str, value: int | str) -> None:
        """Keep a figure of the run, such as `requests` or `captured_bytes`; the last one counts."""
        with self._db.write():
            self._db.upsert(
                "run_notes", ("run_id", "key"), {"run_id": run_id, "key": key, "value": value}
            )

    def _lock(self, run_id: int) -> LifeLock:
        return self._locks.setdefault(run_id, self._lock_of(run_id))

    def _lock_of(self, run_id: int) -> LifeLock:
        return LifeLock(self._db.path, f"run-{run_id}")

    def _lives(self, run: Row) -> bool:
        return lives(Process(run["pid"], run["process"]), self._lock_of(run["id"]))

    def _insert(
        self,
        kind: str,
        argv: Sequence[str],
        outlets: Sequence[OutletRecord],
        slot_id: int | None,
        started_at: datetime,
    ) -> int:
        process = current_process()
        slot = self._db.one("SELECT schedule, slot FROM slots WHERE id = ?", (slot_id,))
        return self._db.insert(
            "runs",
            {
                "kind": kind,
                "status": "running",
                "slot_id": slot_id,
                "schedule": slot["schedule"] if slot else None,
                "local_date": slot["slot"] if slot else None,
                "started_at": encode_time(started_at),
                "pid": process.pid,
                "process": process.started,
                "argv": dump(list(argv)),
                "outlets": dump([outlet.id for outlet in outlets]),
            },
        )

    def _end(self, run_id: int, status: str) -> None:
        cursor = self._db.execute(
            "UPDATE runs SET status = ?, ended_at = ? WHERE id = ?",
            (status, encode_time(self._clock()), run_id),
        )
        if cursor.rowcount == 0:
            raise UnknownRun(run_id)
        self._locks.pop(run_id, self._lock_of(run_id)).remove()
        self._db.execute(
            "UPDATE candidates SET claimed_by = NULL WHERE state = 'pending' AND claimed_by = ?",
            (run_id,),
        )
        self._db.execute(
            "UPDATE host_leases SET holder = NULL, held_until = min(held_until, ?) "
            "WHERE holder = ?",
            (self._clock().timestamp(), run_id),
        )

    def _register_outlet(self, outlet: OutletRecord) -> None:
        sql = "SELECT timezone FROM outlets WHERE id = ?"
        zone_before = self._db.value(sql, (outlet.id,))
        self._db.upsert(
            "outlets",
            ("id",),
            {
                "id": outlet.id,
                "name": outlet.name,
                "country": outlet.country,
                "covers": dump(outlet.covers),
                "kind": outlet.kind,
                "alignment": outlet.alignment,
                "languages": dump(outlet.languages),
                "timezone": outlet.timezone,
                "domains": dump(outlet.domains),
                "blind_since": day_text(outlet.blind_since),
                "blind_until": day_text(outlet.blind_until),
                "blind_reason": outlet.blind_reason,
            },
        )
        names.write(self._db, "outlet", {outlet.id: outlet.names})
        if zone_before not in (None, outlet.timezone):
            self._redate(outlet)

    def _redate(self, outlet: OutletRecord) -> None:
        """An outlet's zone was corrected: give its articles the days of the right one."""
        sql = "SELECT id, published_at, published_precision FROM articles WHERE outlet_id = ?"
        for row in self._db.all(f"{sql} AND published_at IS NOT NULL", (outlet.id,)):
            precision = Precision(row["published_precision"])
            day = publication_day(decode_time(row["published_at"]), precision, outlet.timezone)
            self._db.update("articles", row["id"], {"published_day": day})
            books.move_to_day(self._db, row["id"], day)
        verdicts.lay_dates_again(self._db, outlet.id)


def note_blind(db: Connection, outlet: OutletRecord) -> None:
    """Keep for which days a person has declared an outlet blind, where a run has registered it."""
    with db.write():
        db.execute(
            "UPDATE outlets SET blind_since = ?, blind_until = ?, blind_reason = ? WHERE id = ?",
            (
                day_text(outlet.blind_since),
                day_text(outlet.blind_until),
                outlet.blind_reason,
                outlet.id,
            ),
        )
