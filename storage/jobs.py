"""Long work over the whole archive that can be taken up again where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storage.connection import Connection
from storage.times import encode_time, utc_now


class JobStore:
    """How far each job has come; `key` tells jobs of one name apart, such as by reader version."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def start(self, name: str, key: str) -> int:
        """The position to go on after: 0 for a new or a finished job, else where it stopped."""
        with self._db.write():
            sql = "SELECT position FROM jobs WHERE name = ? AND key = ? AND finished_at IS NULL"
            position = self._db.value(sql, (name, key))
            if position is None:
                position = 0
                self._write(name, key, {"position": 0, "started_at": self._now()})
        return int(position)

    def is_finished(self, name: str, key: str) -> bool:
        """Whether a job with this key was done to its end, and not begun anew since."""
        sql = "SELECT 1 FROM jobs WHERE name = ? AND key = ? AND finished_at IS NOT NULL"
        return self._db.value(sql, (name, key)) is not None

    def advance(self, name: str, key: str, position: int) -> None:
        """Note that everything up to this position is done. Raises KeyError if never started."""
        with self._db.write():
            self._set(name, key, position)

    def finish(self, name: str, key: str) -> None:
        """Note that all is done: the next start begins anew. Raises KeyError if never started."""
        with self._db.write():
            self._set(name, key, None)

    def abandon_others(self, name: str, key: str) -> None:
        """Have the unfinished jobs of this name with other keys begin anew, if ever.

        What they had done this job does over: their place in the archive means nothing any more.
        """
        with self._db.write():
            self._db.execute(
                "UPDATE jobs SET finished_at = ? "
                "WHERE name = ? AND key != ? AND finished_at IS NULL",
                (self._now(), name, key),
            )

    def _set(self, name: str, key: str, position: int | None) -> None:
        finished_at = self._now() if position is None else None
        cursor = self._db.execute(
            "UPDATE jobs SET position = coalesce(?, position), updated_at = ?, finished_at = ? "
            "WHERE name = ? AND key = ?",
            (position, self._now(), finished_at, name, key),
        )
        if cursor.rowcount == 0:
            raise KeyError((name, key))

    def _write(self, name: str, key: str, values: dict[str, object]) -> None:
        self._db.upsert(
            "jobs",
            ("name", "key"),
            {"name": name, "key": key, "updated_at": self._now(), "finished_at": None, **values},
        )

    def _now(self) -> str:
        return encode_time(self._clock())
