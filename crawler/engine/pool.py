"""Worker processes for reading, each of which may hang, die or eat memory at its own cost only."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import forkserver
from typing import Any

from pebble import ProcessExpired, ProcessPool

from crawler.engine import tasks
from crawler.engine.differences import Difference, Words
from crawler.engine.tasks import Task
from crawler.reading.door_records import Doors
from crawler.reading.listing_records import ListingReading, ListingRule
from crawler.reading.sitemap_records import SitemapLook, SitemapReading
from crawler.workspace import CrawlSettings
from storage.finding import FeedReading
from storage.models import Actor, Agency, Page, Reading, ReadingContext
from storage.template_records import Template

TASKS_PER_WORKER = 2_000
"""Tasks after which a worker is replaced, so that 100,000 pages cost no more memory than these. It
stayed at 170 MB over 700 different pages of 40 to 130 kB read the careful way, and did not grow
over 3,000 read by template either (2026-11-23)."""

TURNS = 2
"""Pages for each worker that are handed over at once: how the others are read is decided later."""

LEARNING_TIMES = 4
"""What learning from some pages may take, in times of what one page may take."""

STDERR = 2

log = logging.getLogger(__name__)


class WorkerFailed(Exception):
    """A worker could not finish a task; the text says how it ended."""


def _of_main() -> list[str]:
    """The command line, if this is it: each worker begins by loading its parent's main module."""
    return [name for name in sys.modules if name.startswith("crawler.cli.")]


def _start_quietly() -> None:
    """Start the fork server with nothing to write errors to.

    Workers inherit it. What goes wrong in them comes back as WorkerFailed; Python's own last
    words (a worker ended while it starts, memory gone) would only stand on a person's screen.
    """
    held = os.dup(STDERR)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, STDERR)
        forkserver.ensure_running()
    finally:
        os.dup2(held, STDERR)
        os.close(held)
        os.close(nothing)


class Readers:
    """A pool of killable workers. Every method raises WorkerFailed, and none hangs."""

    def __init__(
        self, actors: Sequence[Actor], agencies: Sequence[Agency], limits: CrawlSettings
    ) -> None:
        """Workers start with the first task; the fork server keeps the heavy imports warm."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.engine.preload", *_of_main()])
        _start_quietly()
        self._seconds = limits.reader_seconds
        self.workers = limits.workers
        self.turn = asyncio.Semaphore(TURNS * limits.workers)
        lifeline, self._held = multiprocessing.Pipe(duplex=False)
        self._pool = ProcessPool(
            max_workers=limits.workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=tasks.start,
            initargs=[tuple(actors), tuple(agencies), limits.reader_megabytes, lifeline],
            context=context,
        )

    async def record(self, page: Page) -> bytes:
        """The page's WARC record, ready to be appended."""
        record: bytes = await self.run("record", page)
        return record

    async def page(self, page: Page, context: ReadingContext) -> Reading:
        """What an article's page says, with the actors named in it."""
        reading: Reading = await self.run("page", page, context)
        return reading

    async def article(self, page: Page, context: ReadingContext) -> tuple[bytes, Reading]:
        """The page's WARC record and what an article's page says, in one go."""
        found: tuple[bytes, Reading] = await self.run("article", page, context)
        return found

    async def learn(
        self, pages: Sequence[Page], readings: Sequence[Reading | None], context: ReadingContext
    ) -> Template:
        """How an outlet's pages are laid out; takes several times as long as reading a page."""
        arguments = (tuple(pages), tuple(readings), context)
        template: Template = await self.run("learn", *arguments, times=LEARNING_TIMES)
        return template

    async def feed(self, page: Page, context: ReadingContext) -> FeedReading:
        """The entries of a feed."""
        reading: FeedReading = await self.run("feed", page, context)
        return reading

    async def doors(self, page: Page, domains: Sequence[str]) -> Doors:
        """What a page of a site tells about the ways into it."""
        doors: Doors = await self.run("doors", page, tuple(domains))
        return doors

    async def listing(
        self, page: Page, context: ReadingContext, rule: ListingRule
    ) -> ListingReading:
        """The links to articles of a page that lists them."""
        reading: ListingReading = await self.run("listing", page, context, rule)
        return reading

    async def sitemap(
        self, page: Page, context: ReadingContext, look: SitemapLook | None = None
    ) -> SitemapReading:
        """What a look wants of a sitemap; everything without one."""
        reading: SitemapReading = await self.run("sitemap", page, context, look)
        return reading

    async def difference(self, before: Words, after: Words) -> Difference:
        """What of a page's headline and text an outlet changed, by more than noise."""
        difference: Difference = await self.run("difference", before, after)
        return difference

    async def run(self, task: Task, *arguments: Any, times: int = 1) -> Any:
        """Run one task, under the time limit (or that many times of it)."""
        seconds = self._seconds * times
        future: Any = self._pool.schedule(tasks.perform, args=(task, arguments), timeout=seconds)
        try:
            return await asyncio.wrap_future(future)
        except FutureTimeout as wrong:
            raise WorkerFailed(f"not read within {seconds:g} s") from wrong
        except ProcessExpired as wrong:
            raise WorkerFailed(f"the worker died (exit code {wrong.exitcode})") from wrong
        except MemoryError as wrong:
            raise WorkerFailed("the worker ran out of memory") from wrong
        except Exception as wrong:
            # A bug of ours in a reader costs its page, not the run; the log has what to mend.
            log.exception("a reader failed unexpectedly")
            raise WorkerFailed(f"the reader failed ({type(wrong).__name__})") from wrong

    def close(self) -> None:
        """End all workers, finished or not."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's, untyped
        self._pool.join()
        self._held.close()
