"""A run ends in good order before the disk is full: what it had in hand stays pending."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.engine.crawl import Crawl
from crawler.workspace import Workspace

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks at the disk, beside one at each page that comes and goes."""
NOTE = "disk"
"""The note of a run that the guard ended, with the sentence that says so."""


class NoRoom(Exception):
    """Less is free than is to stay free; the text says so in one sentence."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room on the fullest of a workspace's disks, in bytes."""

    free: int
    reserve: int

    @property
    def enough(self) -> bool:
        """Whether a run may go on."""
        return self.reserve == 0 or self.free >= self.reserve

    @property
    def scarce(self) -> bool:
        """Whether a run that is ending must not even finish what it has in hand."""
        return self.free < self.reserve / 2

    def __str__(self) -> str:
        return (
            f"{self.free / 1e6:.0f} MB are free on the workspace's disk, and "
            f"{self.reserve / 1e6:.0f} MB are to stay free ([disk] in marsad.toml)"
        )


def room(workspace: Workspace) -> Room:
    """How much is free where the database (with its log) and the captures grow."""
    folders = (workspace.database.parent, workspace.warc_dir)
    free = min(_free(folder) for folder in folders if folder.is_dir())
    return Room(free, workspace.settings.disk.reserve_megabytes * 1_000_000)


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def require_room(workspace: Workspace) -> None:
    """Raise NoRoom where a run is not to begin."""
    if not (left := room(workspace)).enough:
        raise NoRoom(f"only {left}: nothing was fetched")


class DiskGuard:
    """A Scrapy extension that looks at the disk while a run is under way."""

    def __init__(self, crawler: Crawler) -> None:
        """Looks from the spider's opening on."""
        self._crawler = crawler
        self._looking: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._stop, signals.spider_closed)
        crawler.signals.connect(self._stop, signals.engine_stopped)
        for something in (signals.response_received, signals.item_dropped):  # or see Capture
            crawler.signals.connect(self._look, something)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DiskGuard:
        """Scrapy's way of building an extension."""
        return cls(crawler)

    def _start(self) -> None:
        self._looking = asyncio.ensure_future(self._look_now_and_then())

    async def _look_now_and_then(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(EVERY)

    def _look(self, *_: Any) -> None:
        left = room(Crawl.of(self._crawler).workspace)
        if not left.enough and self._ending is None:
            self._ending = asyncio.ensure_future(self._end(left))

    async def _end(self, left: Room) -> None:
        """End the run as a signal would; what is not begun, or has no room, stays pending."""
        crawl = Crawl.of(self._crawler)
        said = f"The run ended early: only {left}. The next one goes on when there is room."
        log.warning("disk run=%s free=%d reserve=%d", crawl.run_id, left.free, left.reserve)
        await crawl.writer.call(crawl.writer.runs.note, crawl.run_id, NOTE, said)
        while not (self._crawler.engine and self._crawler.engine.running):
            await asyncio.sleep(0.05)  # it is about to start, and would go on
        await self._crawler.stop_async()

    def _stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
