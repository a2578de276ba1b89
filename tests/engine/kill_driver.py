"""A crawl that stops dead at a chosen instant: says "AT" and waits to be killed.

`python kill_driver.py WORKSPACE STAGE NTH OUTLET...`; the product has no hook for this.
"""

from __future__ import annotations

import sys
import time
import zoneinfo
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from crawler.engine import capture, crawl, pace, pipelines, pool, runner
from crawler.workspace import find_workspace
from storage import books
from storage.articles import ArticleStore
from storage.candidates import CandidateStore

FOREVER = 300.0


class Instant:
    """The nth time that something is about to happen, or has just happened."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def reached(self) -> None:
        self.left -= 1
        if self.left == 0:
            sys.stdout.write("AT\n")
            sys.stdout.flush()
            time.sleep(FOREVER)  # the whole process stands still where it is


def before(
    owner: Any, name: str, instant: Instant, when: Callable[..., bool] | None = None
) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def stopped(*args: Any, **kwargs: Any) -> Any:
        if when is None or when(*args, **kwargs):
            instant.reached()
        return original(*args, **kwargs)

    setattr(owner, name, stopped)


def after(owner: Any, name: str, instant: Instant) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def stopped(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        instant.reached()
        return result

    setattr(owner, name, stopped)


def checkpoint(instant: Instant) -> None:
    """Write the log back again and again, from the nth article on, until the kill comes."""
    original = ArticleStore.save

    @wraps(original)
    def stopped(self: ArticleStore, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        instant.left -= 1
        if instant.left == 0:
            sys.stdout.write("AT\n")
            sys.stdout.flush()
            while True:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                with self._db.write():
                    self._db.execute("UPDATE runs SET pid = pid")
        return result

    ArticleStore.save = stopped  # type: ignore[method-assign]


def plant(stage: str, nth: int) -> None:
    instant = Instant(nth)

    def is_page(_: object, task: str, *rest: object) -> bool:
        return task == "article"

    {
        "visit": lambda: before(CandidateStore, "record_visit", instant),
        "visited": lambda: after(CandidateStore, "record_visit", instant),
        "fetch": lambda: before(pace.PacedHandler, "download_request", instant),
        "fetched": lambda: before(pipelines.Capture, "process_item", instant),
        "capture": lambda: before(capture.WarcFile, "append", instant),
        "captured": lambda: after(capture.WarcFile, "append", instant),
        "read": lambda: before(pool.Readers, "run", instant, is_page),
        "commit": lambda: before(books, "end", instant),  # inside the open transaction
        "committed": lambda: after(ArticleStore, "save", instant),
        "close": lambda: before(crawl.Crawl, "close", instant),
        "checkpoint": lambda: checkpoint(instant),
    }[stage]()


if __name__ == "__main__":
    zoneinfo.reset_tzpath(to=[])
    root, stage, nth, *outlets = sys.argv[1:]
    plant(stage, int(nth))
    order = crawl.Order(outlets=tuple(outlets))
    runner.run(find_workspace(Path(root)), order, progress=False)
