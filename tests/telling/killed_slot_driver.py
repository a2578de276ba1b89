"""Takes a slot and begins a run in it, and stands still."""

import sys
import time
from pathlib import Path

from crawler.workspace import find_workspace
from storage.database import open_database
from storage.runs import RunStore
from storage.slots import SlotStore
from storage.times import utc_now

if __name__ == "__main__":
    place = find_workspace(Path(sys.argv[1]))
    with open_database(place.database) as db:
        slot = SlotStore(db).take("nightly", "2026-03-06", utc_now())
        RunStore(db).open("crawl", slot_id=slot.id)
        print("AT", flush=True)
        time.sleep(60)
