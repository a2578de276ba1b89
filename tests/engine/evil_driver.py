"""A crawl with the workers of `evil_worker`: `python evil_driver.py WORKSPACE`."""

from __future__ import annotations

import sys
import zoneinfo
from pathlib import Path

import evil_worker

from crawler.engine import crawl, pool, runner
from crawler.workspace import find_workspace

if __name__ == "__main__":
    zoneinfo.reset_tzpath(to=[])
    pool.tasks.start = evil_worker.start
    runner.run(find_workspace(Path(sys.argv[1])), crawl.Order(everything=True), progress=False)
