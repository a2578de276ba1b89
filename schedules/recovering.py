"""What killed processes left behind: their slots are closed, and what they had started is ended."""

from __future__ import annotations

import logging

from storage.database import Database
from storage.processgroups import end_group
from storage.runs import RunStore
from storage.slots import Slot, SlotStore, SlotTask

log = logging.getLogger(__name__)

ORPHAN_SECONDS = 5.0
"""Time that an orphan gets to end by itself; a run loses nothing where it is killed."""


def recover(database: Database, grace_seconds: float = ORPHAN_SECONDS) -> list[Slot]:
    """Close the slots of killed processes as interrupted; gives them as they were.

    The groups of their tasks are ended before anything is written: where we are killed in this,
    the next start finds the same. Then the books of their runs are closed too, and what these
    held is free again.
    """
    slots = SlotStore(database)
    dead = [slot for slot in slots.running() if not slots.lives(slot)]
    for slot in dead:
        for task in slots.tasks(slot.id):
            _end(slot, task, grace_seconds)
    if dead:
        slots.recover()
        RunStore(database).recover()
    return dead


def _end(slot: Slot, task: SlotTask, grace_seconds: float) -> None:
    if task.status != "running":
        return
    is_over = end_group(task.process, grace_seconds)
    said = "schedule=%s slot=%s task=%s of a killed process: its group %s"
    log.info(said, slot.schedule, slot.slot, task.task, "is gone" if is_over else "cannot be ended")
