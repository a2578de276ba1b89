"""Slots that were done, and of which a killed process told nobody: they are told afterwards."""

from __future__ import annotations

import logging

from crawler.workspace import Workspace
from schedules.records import Schedule
from schedules.taskruns import noted
from schedules.telling import Telling
from schedules.watching import AskedToStop, Signals
from storage.database import open_database
from storage.slots import Slot, SlotStore

log = logging.getLogger(__name__)


def tell_untold(workspace: Workspace, schedule: Schedule) -> None:
    """Make report, alerts, figures and messages of what ended in the last 24 hours untold.

    A signal breaks it off; the next start tells it then. Raises StorageError.
    """
    if not schedule.enabled:
        return
    with Signals() as signals, open_database(workspace.database) as database:
        slots = SlotStore(database)
        try:
            while (slot := slots.claim_untold(schedule.name)) is not None:
                with signals.at_once():
                    _tell(workspace, schedule, slots, slot)
        except AskedToStop:
            log.info("asked to end schedule=%s", schedule.name)


def _tell(workspace: Workspace, schedule: Schedule, slots: SlotStore, slot: Slot) -> None:
    log.info("told late schedule=%s slot=%s", slot.schedule, slot.slot)
    telling = Telling(workspace, schedule, slot)
    telling.end(slot.status)
    noted(lambda: slots.told(slot.id))
    said = "; ".join(filter(None, (slot.said, *telling.problems)))
    noted(lambda: slots.say(slot.id, said))
