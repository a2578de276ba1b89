"""The one thread that writes: every storage call of a crawl runs here, never on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from storage.articles import ArticleStore, Keep
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.events import EventStore
from storage.leases import HostLeases
from storage.rechecks import RecheckStore
from storage.runs import RunStore

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Stores that share one connection, and the thread that owns it."""

    def __init__(self, path: Path, keep: Keep = "all") -> None:
        """Open (and where needed make or migrate) the database in the writer thread."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._thread.submit(self._open, path, keep).result()

    def _open(self, path: Path, keep: Keep) -> None:
        self.database: Database = open_database(path)
        self.candidates = CandidateStore(self.database)
        self.articles = ArticleStore(self.database, keep=keep)
        self.runs = RunStore(self.database)
        self.leases = HostLeases(self.database)
        self.events = EventStore(self.database)
        self.rechecks = RecheckStore(self.database)

    async def call(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one storage call in the writer thread and wait for its result."""
        future = self._thread.submit(method, *args, **kwargs)
        return await asyncio.wrap_future(future)

    def now(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same from code that is not asynchronous; blocks until it is done."""
        return self._thread.submit(method, *args, **kwargs).result()

    def close(self) -> None:
        """Finish what is queued, close the database and end the thread. Harmless twice."""
        try:
            self._thread.submit(self.database.close).result()
        except RuntimeError:  # closed before
            return
        self._thread.shutdown(wait=True)
