"""Rows of slots without a database, for what is worked out from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.processes import Process
from storage.slots import Slot


def row(slot: str, due_at: datetime, status: str = "done", **changes: Any) -> Slot:
    """A slot that was begun when it was due; it ended then too, unless it runs."""
    values: dict[str, Any] = {
        "id": 1,
        "schedule": "nightly",
        "slot": slot,
        "due_at": due_at,
        "status": status,
        "attempts": 1,
        "failures": int(status == "failed"),
        "missed": 0,
        "started_at": due_at,
        "ended_at": None if status == "running" else due_at,
        "process": Process(1, "boot:1"),
        "said": "",
    }
    return Slot(**values | changes)


def history(*rows: Slot) -> dict[str, Slot]:
    """Rows by the names of their slots."""
    return {one.slot: one for one in rows}
