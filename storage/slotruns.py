"""How the run went that a task of a slot carried out, as its books say."""

from __future__ import annotations

from dataclasses import dataclass

from storage.connection import Connection
from storage.processes import Process


@dataclass(frozen=True, slots=True)
class TaskRun:
    """The run of one process: how it ended, and why it ended early if it was for want of room."""

    status: str  # running, done, interrupted, failed
    no_room: str = ""


def run_of(db: Connection, process: Process) -> TaskRun | None:
    """The run that this very process carried out; None where it opened no books."""
    row = db.one(
        "SELECT r.status, coalesce(n.value, '') AS no_room FROM runs r "
        "LEFT JOIN run_notes n ON n.run_id = r.id AND n.key = 'disk' "
        "WHERE r.pid = ? AND r.process = ? ORDER BY r.id DESC LIMIT 1",
        (process.pid, process.started),
    )
    return None if row is None else TaskRun(row["status"], str(row["no_room"]))
