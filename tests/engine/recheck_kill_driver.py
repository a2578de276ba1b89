"""A run of re-checks that stops dead: `recheck_kill_driver.py WORKSPACE ISO-INSTANT STAGE NTH`."""

from __future__ import annotations

import sys
import zoneinfo
from datetime import datetime
from pathlib import Path

import time_machine
from kill_driver import plant

from crawler.engine import runner
from crawler.engine.crawl import Order
from crawler.workspace import find_workspace
from storage.recheck_plan import Wanted

if __name__ == "__main__":
    zoneinfo.reset_tzpath(to=[])
    root, when, stage, nth = sys.argv[1:]
    plant(stage, int(nth))
    order = Order(kind="recheck", everything=True, again=Wanted())
    with time_machine.travel(datetime.fromisoformat(when), tick=True):
        runner.run(find_workspace(Path(root)), order, spider="recheck", progress=False)
