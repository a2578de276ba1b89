"""The scheduler, or one run of it, with tasks that are a script of the test's.

    schedule_driver.py service ROOT
    schedule_driver.py run NAME [--slot SLOT] -w ROOT

Without a slot it tells of what a killed one had not told. Where there is a file ROOT/slow, whoever
tells of a slot writes its number there and hangs. A task is
`sh ROOT/task.sh TASK`. Looks follow each other quickly.
"""

from __future__ import annotations

import os
import sys
import time
import zoneinfo
from functools import partial
from pathlib import Path

from crawler import logs
from crawler.telling import metrics
from crawler.workspace import find_workspace
from schedules import service, taskruns
from schedules.onlyone import SchedulerRunning
from schedules.plan import Due, due_at
from schedules.planned import schedule_of
from schedules.records import Schedule
from schedules.supervisor import carry_out
from schedules.untold import tell_untold
from storage.errors import SlotTaken


def script(task: str, schedule: Schedule, slot_id: int, root: Path) -> list[str]:
    """In place of a task's command."""
    return ["sh", str(root / "task.sh"), task]


def hang(path: Path, *_: object) -> None:
    """Say who we are, and do nothing more."""
    path.write_text(f"{os.getpid()}\n")
    time.sleep(60)


def main() -> int:
    """Do what the arguments say; gives the exit code."""
    os.umask(0o077)
    zoneinfo.reset_tzpath(to=[])
    logs.set_up(console_json=False)
    taskruns.command = script
    taskruns.GRACE_SECONDS = 2.0
    what, name, *more = sys.argv[1:]
    if what == "service":
        service.MARSAD = (sys.executable, "-P", __file__)
        place = find_workspace(Path(name))
        try:
            service.Service(place, look_seconds=0.2, again_seconds=0.3).serve()
        except SchedulerRunning as wrong:
            print(wrong, file=sys.stderr)
            return 2
        return 0
    root = Path(more[-1])
    schedule = schedule_of(name, root)
    if (root / "slow").exists():
        metrics.write = partial(hang, root / "slow")
    if "--slot" not in more:
        tell_untold(find_workspace(root), schedule)
        return 0
    slot = more[1]
    try:
        return carry_out(
            find_workspace(root), schedule, Due(slot, due_at(schedule, slot))
        ).exit_code
    except SlotTaken:
        return 2


if __name__ == "__main__":
    sys.exit(main())
