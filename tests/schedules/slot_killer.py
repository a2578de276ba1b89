"""Takes slots in processes that are killed at once: `slot_killer.py DATABASE`, orders on stdin.

Each line of JSON is one order; it is answered by a line when the process that took the slot is
gone. This process itself never opens the database, so that the children's are their own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from storage.database import open_database
from storage.slots import SlotStore


def take_and_die(order: dict[str, str | int]) -> None:
    try:
        now = datetime.fromisoformat(str(order["now"]))
        store = SlotStore(open_database(Path(str(order["database"]))), clock=lambda: now)
        due_at = datetime.fromisoformat(str(order["due_at"]))
        missed, retries = int(order["missed"]), int(order["retries"])
        schedule, slot = str(order["schedule"]), str(order["slot"])
        store.take(schedule, slot, due_at, missed=missed, retries=retries)
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


for line in sys.stdin:
    pid = os.fork()
    if not pid:
        take_and_die(json.loads(line))
    os.waitpid(pid, 0)
    print("gone", flush=True)
