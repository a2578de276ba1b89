"""Questions to the database, asked on threads of their own so that no page waits for another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from storage.connection import Interrupted
from storage.database import Database, open_database
from storage.errors import DatabaseMissing

T = TypeVar("T")
SECONDS = 20.0
"""For one page; a question that takes longer is told as such."""
_READERS = 4


class TooSlow(Exception):
    """A question took longer than a page may."""


class Desk:
    """The database of a workspace, for many readers at once and one who judges now and then."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        self.path = path
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="desk")
        self._own = threading.local()
        self._write_lock = threading.Lock()

    async def read(self, ask: Callable[[Database], T]) -> T:
        """The answer of a function that reads, all of it from one instant.

        Raises TooSlow, and whatever the function or opening the database raises.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, ask)

    async def write(self, change: Callable[[Database], T]) -> T:
        """The answer of a function that writes; one at a time, beside whatever crawl runs."""
        return await asyncio.to_thread(self._write, change)

    def close(self) -> None:
        """Let the threads go once their answers are given."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _read(self, ask: Callable[[Database], T]) -> T:
        db = self._database()
        try:
            with db.instant(self._seconds):
                return ask(db)
        except Interrupted as late:
            raise TooSlow from late

    def _database(self) -> Database:
        """This thread's connection; a new one where the file was put back from a backup."""
        place = self.path.stat()
        file = (place.st_dev, place.st_ino)
        if getattr(self._own, "file", None) != file:
            self._own.file = None  # the same file may come back after this one could not be opened
            if (old := getattr(self._own, "db", None)) is not None:
                old.close()
            self._own.db = open_database(self.path, readonly=True)
            self._own.file = file
        db: Database = self._own.db
        return db

    def _write(self, change: Callable[[Database], T]) -> T:
        with self._write_lock:
            if not self.path.exists():  # it would be made: an empty one, while a backup comes back
                raise DatabaseMissing(self.path)
            with open_database(self.path) as db:
                return change(db)
