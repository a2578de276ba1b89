"""Hosts leased to runs, so that two crawls at once are as polite as one.

A row whose `holder` is nobody tells in `held_until` when the last turn ended.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from storage.connection import Connection

MAX_WAIT = 24 * 3600.0
"""Seconds. No host is closed for longer, whatever it asks and however the clock jumps."""


class HostLeases:
    """One request at a time for each host, over all processes that share the database.

    `clock` gives seconds since 1970: it has to mean the same in every process.
    """

    def __init__(self, db: Connection, *, clock: Callable[[], float] = time.time) -> None:
        self._db = db
        self._clock = clock

    def acquire(
        self, host: str, holder: int, hold_seconds: float, pause_seconds: float = 0.0
    ) -> float:
        """Lease a host: 0.0 means granted now, else the seconds after which to ask again.

        A lease that is not released ends by itself after `hold_seconds`; it is not reentrant.
        `pause_seconds`: what the asker knows must lie between two requests. Whoever asked last
        may know less, so it counts from the end of that turn, whatever pause was left with it.
        """
        with self._db.write():
            now = self._clock()
            wait = self._wait(host, now, _bounded(pause_seconds))
            if wait > 0:
                return wait
            self._write(host, holder, now + _bounded(hold_seconds), now)
        return 0.0

    def release(self, host: str, holder: int, pause_seconds: float) -> None:
        """Give a host back; nobody may ask it anything for `pause_seconds`.

        A holder whose lease had ended by itself frees nothing, but its pause counts.
        """
        with self._db.write():
            now = self._clock()
            self._pause(host, now, pause_seconds)
            self._db.execute(
                "UPDATE host_leases SET holder = NULL, held_until = ? "
                "WHERE host = ? AND holder = ?",
                (now, host, holder),
            )

    def postpone(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, because it said Retry-After; never shortens a pause."""
        with self._db.write():
            self._pause(host, self._clock(), seconds)

    def _wait(self, host: str, now: float, pause: float) -> float:
        row = self._db.one("SELECT * FROM host_leases WHERE host = ?", (host,))
        if row is None:
            return 0.0
        held = row["holder"] is not None and row["held_until"] > now
        until = max(row["held_until"] + (0.0 if held else pause), row["next_at"])
        # Further off than anybody may ask for: written before the clock was set back.
        return 0.0 if until - now > MAX_WAIT else max(0.0, until - now)

    def _pause(self, host: str, now: float, seconds: float) -> None:
        until = now + _bounded(seconds)
        sql = "SELECT next_at FROM host_leases WHERE host = ?"
        before = self._db.value(sql, (host,)) or 0.0
        if before - now <= MAX_WAIT:
            until = max(until, before)
        self._db.execute(
            "INSERT INTO host_leases (host, held_until, next_at) VALUES (?, 0, ?) "
            "ON CONFLICT (host) DO UPDATE SET next_at = excluded.next_at",
            (host, until),
        )

    def _write(self, host: str, holder: int, held_until: float, next_at: float) -> None:
        self._db.upsert(
            "host_leases",
            ("host",),
            {"host": host, "holder": holder, "held_until": held_until, "next_at": next_at},
        )


def _bounded(seconds: float) -> float:
    """Between nothing and MAX_WAIT; a Retry-After that is no number is the longest."""
    return MAX_WAIT if math.isnan(seconds) else min(max(seconds, 0.0), MAX_WAIT)
