"""Alerts: what a person was to be told, since when, and who has been told of it.

An alert is opened once and closed once. It never holds an actor's name, a headline or an address
of a page: what is told of it leaves the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Final, Literal

from storage.connection import Connection
from storage.rows import dump
from storage.times import decode_optional, decode_time, encode_time, utc_now

Told = Literal["began", "ended"]
TARGET: Final = "notify"
"""The kind of an alert about a target itself, which no look at the workspace opens or closes."""
STILL_NEWS: Final = timedelta(days=3)
"""For so long it is told that an alert is over to those who never heard that it began."""

_UNSENT = """
SELECT * FROM (
  SELECT a.*, CASE WHEN a.closed_at IS NULL THEN 'began' ELSE 'ended' END AS what FROM alerts a
  WHERE (a.kind != :notify OR a.subject != :target)
    AND (a.closed_at IS NULL OR a.closed_at >= :recent OR EXISTS (
      SELECT 1 FROM alert_sends s
      WHERE s.alert_id = a.id AND s.target = :target AND s.what = 'began'))
) a
WHERE NOT EXISTS (
  SELECT 1 FROM alert_sends s
  WHERE s.alert_id = a.id AND s.target = :target AND s.what = a.what)
ORDER BY a.what, a.opened_at, a.id
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What deserves an alert now; of one kind and subject there is one."""

    kind: str
    subject: str  # an outlet, a schedule, a target, or "" for the machine and its data
    said: str
    step: str  # what to do about it
    since: datetime
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person was to be told, and whether it is over."""

    id: int
    kind: str
    subject: str
    said: str
    step: str
    opened_at: datetime
    closed_at: datetime | None
    evidence: Mapping[str, object]


class AlertStore:
    """The alerts of a workspace; of each kind and subject, at most one is open."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def settle(self, found: Collection[Finding]) -> None:
        """Open what is new and close what is over: `found` is all that deserves an alert now.

        One that is open already keeps its beginning and gets the newest words. Alerts about
        targets are left alone.
        """
        with self._db.write():
            now_open = {(one.kind, one.subject) for one in found}
            for alert in self.current():
                if alert.kind != TARGET and (alert.kind, alert.subject) not in now_open:
                    self.close(alert.kind, alert.subject)
            for one in found:
                self.open(one)

    def open(self, one: Finding) -> None:
        """Open an alert, or give the open one the newest words."""
        values = {"said": one.said, "step": one.step, "evidence": dump(one.evidence)}
        with self._db.write():
            open_id = self._open_id(one.kind, one.subject)
            if open_id is not None:
                self._db.update("alerts", open_id, values)
                return
            identity = {"kind": one.kind, "subject": one.subject}
            self._db.insert("alerts", identity | values | {"opened_at": encode_time(one.since)})

    def close(self, kind: str, subject: str) -> None:
        """Close an alert; nothing where none is open."""
        open_id = self._open_id(kind, subject)
        if open_id is not None:
            with self._db.write():
                self._db.update("alerts", open_id, {"closed_at": encode_time(self._clock())})

    def current(self) -> list[Alert]:
        """The open alerts, oldest first."""
        rows = self._db.all("SELECT * FROM alerts WHERE closed_at IS NULL ORDER BY opened_at, id")
        return list(map(_alert_from, rows))

    def unsent(self, target: str) -> list[tuple[Alert, Told]]:
        """What a target has yet to be told: what began, and what ended."""
        recent = encode_time(self._clock() - STILL_NEWS)
        rows = self._db.all(_UNSENT, {"target": target, "notify": TARGET, "recent": recent})
        return [(_alert_from(row), row["what"]) for row in rows]

    def note_sent(self, target: str, told: Collection[tuple[Alert, Told]]) -> None:
        """Note that a target was told; only after the message was taken."""
        with self._db.write():
            for alert, what in told:
                self._db.execute(
                    "INSERT OR IGNORE INTO alert_sends (alert_id, target, what, sent_at) "
                    "VALUES (?, ?, ?, ?)",
                    (alert.id, target, what, encode_time(self._clock())),
                )

    def _open_id(self, kind: str, subject: str) -> int | None:
        found: int | None = self._db.value(
            "SELECT id FROM alerts WHERE kind = ? AND subject = ? AND closed_at IS NULL",
            (kind, subject),
        )
        return found


def first_slot_at(db: Connection) -> datetime | None:
    """When the first slot of any schedule was begun; None where nothing runs by itself."""
    return decode_optional(db.value("SELECT min(started_at) FROM slots"))


def wrong_captures(db: Connection) -> int:
    """How many captures were not as they were stored when their file was verified last."""
    return int(db.value("SELECT coalesce(sum(wrong), 0) FROM capture_files"))


def stories_failure(db: Connection) -> str:
    """Why the articles of the last run that has ended were not put into stories, or ""."""
    sql = (
        "SELECT value FROM run_notes WHERE key = 'stories_failure' "
        "AND run_id = (SELECT max(id) FROM runs WHERE status != 'running')"
    )
    return str(db.value(sql) or "")


def _alert_from(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject"],
        said=row["said"],
        step=row["step"],
        opened_at=decode_time(row["opened_at"]),
        closed_at=decode_optional(row["closed_at"]),
        evidence=json.loads(row["evidence"]),
    )
