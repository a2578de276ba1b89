"""Events: something about an outlet that opened and closed, with evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.rows import dump
from storage.times import decode_optional, decode_time, encode_time, utc_now


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `subject` says what of the outlet (a feed's URL, or empty for all of it).

    An event of no outlet (`outlet_id` is empty) is one of our own machine.
    """

    id: int
    kind: str
    outlet_id: str
    subject: str
    opened_at: datetime
    closed_at: datetime | None
    evidence: Mapping[str, object]
    closing: Mapping[str, object] | None = None


class EventStore:
    """Events by kind, outlet and subject; of each, at most one is open."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def open(
        self,
        kind: str,
        outlet_id: str,
        subject: str,
        evidence: Mapping[str, object],
        since: datetime | None = None,
    ) -> int:
        """Open an event and give its id; one that is open already stays as it began.

        `since` is when it was seen first, where that was before now.
        """
        with self._db.write():
            current = self._open_id(kind, outlet_id, subject)
            if current is not None:
                return current
            return self._db.insert(
                "events",
                {
                    "kind": kind,
                    "outlet_id": outlet_id,
                    "subject": subject,
                    "opened_at": encode_time(since or self._clock()),
                    "evidence": dump(evidence),
                },
            )

    def close(
        self,
        kind: str,
        outlet_id: str,
        subject: str,
        evidence: Mapping[str, object] | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Close an event, as of now or `at`; False when none was open."""
        with self._db.write():
            current = self._open_id(kind, outlet_id, subject)
            if current is None:
                return False
            closed = {
                "closed_at": encode_time(at or self._clock()),
                "closing": dump(evidence or {}),
            }
            self._db.update("events", current, closed)
        return True

    def current(self, outlet_ids: Collection[str] | None = None) -> list[Event]:
        """The open events of these outlets (or of all), oldest first."""
        return self._events("closed_at IS NULL", outlet_ids)

    def history(self, outlet_ids: Collection[str] | None = None) -> list[Event]:
        """All events of these outlets (or of all), oldest first."""
        return self._events("1", outlet_ids)

    def _events(self, which: str, outlet_ids: Collection[str] | None) -> list[Event]:
        rows = self._db.all(
            f"SELECT * FROM events WHERE {which} "  # noqa: S608  # one of two literals above
            "AND (:all OR outlet_id IN (SELECT value FROM json_each(:outlets))) "
            "ORDER BY opened_at, id",
            {"all": outlet_ids is None, "outlets": dump(list(outlet_ids or ()))},
        )
        return [_event_from(row) for row in rows]

    def _open_id(self, kind: str, outlet_id: str, subject: str) -> int | None:
        event_id: int | None = self._db.value(
            "SELECT id FROM events "
            "WHERE kind = ? AND outlet_id = ? AND subject = ? AND closed_at IS NULL",
            (kind, outlet_id, subject),
        )
        return event_id


def _event_from(row: Row) -> Event:
    return Event(
        id=row["id"],
        kind=row["kind"],
        outlet_id=row["outlet_id"],
        subject=row["subject"],
        opened_at=decode_time(row["opened_at"]),
        closed_at=decode_optional(row["closed_at"]),
        evidence=json.loads(row["evidence"]),
        closing=None if row["closing"] is None else json.loads(row["closing"]),
    )
