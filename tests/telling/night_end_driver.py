"""Does all that is done at the end of a night: report, alerts, figures, ping and messages."""

import sys
import zoneinfo
from datetime import timedelta
from pathlib import Path

from crawler import logs
from crawler.workspace import find_workspace
from schedules.files import load_schedule
from schedules.telling import Telling
from storage.database import open_database
from storage.slots import SlotStore

if __name__ == "__main__":
    zoneinfo.reset_tzpath(to=[])
    logs.set_up(None)
    place = find_workspace(Path(sys.argv[1]))
    with open_database(place.database, readonly=True) as db:
        slot = SlotStore(db).latest("nightly")[0]
    ended = slot.due_at + timedelta(hours=2)
    telling = Telling(place, load_schedule("nightly", place.root), slot, lambda: ended)
    telling.begin()
    telling.end("done")
    sys.exit("\n".join(telling.problems) or 0)
