"""Care of the data, as it was done: backups, checks, tidying, upgrades, each with its figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.rows import dump
from storage.times import decode_optional, decode_time, encode_time, utc_now

Number = int | float


@dataclass(frozen=True, slots=True)
class UpkeepRecord:
    """One piece of work of this kind; without `ended_at` it is under way or was killed."""

    id: int
    kind: str
    started_at: datetime
    ended_at: datetime | None
    ok: bool | None
    said: str
    figures: Mapping[str, Number] = field(default_factory=dict)


class Upkeep:
    """What was done for the data and when."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def begin(self, kind: str) -> int:
        """Note that a piece of work has begun, such as "backup"; gives its number."""
        with self._db.write():
            return self._db.insert(
                "upkeep", {"kind": kind, "started_at": encode_time(self._clock())}
            )

    def end(
        self, number: int, ok: bool, said: str, figures: Mapping[str, Number] | None = None
    ) -> None:
        """Note how it ended: one line for people, and figures."""
        values = {
            "ended_at": encode_time(self._clock()),
            "ok": int(ok),
            "said": said,
            "figures": dump(figures or {}),
        }
        with self._db.write():
            self._db.update("upkeep", number, values)

    def latest(self, kind: str, *, ok: bool | None = None) -> UpkeepRecord | None:
        """The last one of a kind that has ended; with `ok`, the last that ended so."""
        row = self._db.one(
            "SELECT * FROM upkeep WHERE kind = :kind AND ended_at IS NOT NULL "
            "AND (:ok IS NULL OR ok = :ok) ORDER BY id DESC LIMIT 1",
            {"kind": kind, "ok": None if ok is None else int(ok)},
        )
        return None if row is None else _record(row)

    def list(self, kind: str | None = None, limit: int = 20) -> list[UpkeepRecord]:
        """The last ones of a kind (or of all), the newest first."""
        rows = self._db.all(
            "SELECT * FROM upkeep WHERE :kind IS NULL OR kind = :kind "
            "ORDER BY id DESC LIMIT :limit",
            {"kind": kind, "limit": limit},
        )
        return [_record(row) for row in rows]


def _record(row: Row) -> UpkeepRecord:
    return UpkeepRecord(
        id=row["id"],
        kind=row["kind"],
        started_at=decode_time(row["started_at"]),
        ended_at=decode_optional(row["ended_at"]),
        ok=None if row["ok"] is None else bool(row["ok"]),
        said=row["said"],
        figures=json.loads(row["figures"]),
    )
