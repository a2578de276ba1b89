"""Worker processes for reading, each of which may hang, die or eat memory at its own cost only."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from multiprocessing import popen_forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from crawler.engine import nursery, tasks
from crawler.engine.tasks import Task
from crawler.workspace import CrawlSettings
from storage.finding import FeedReading
from storage.models import Actor, Agency, Page, Reading, ReadingContext
from storage.template_records import Template

if TYPE_CHECKING:  # the parts of reading themselves are loaded where they work: in the workers
    from crawler.engine.differences import Difference, Words
    from crawler.reading.door_records import Doors
    from crawler.reading.listing_records import ListingReading, ListingRule
    from crawler.reading.sitemap_records import SitemapLook, SitemapReading

TASKS_PER_WORKER = 2_000
"""Tasks after which a worker is replaced, so that 100,000 pages cost no more memory than these. It
stayed at 170 MB over 700 different pages of 40 to 130 kB read the careful way, and did not grow
over 3,000 read by template either (2026-11-23)."""

TURNS = 2
"""Pages for each worker that are handed over at once: how the others are read is decided later."""

LEARNING_TIMES = 4
"""What learning from some pages may take, in times of what one page may take."""

log = logging.getLogger(__name__)


class WorkerFailed(Exception):
    """A worker could not finish a task; the text says how it ended."""


class _Process(ForkServerProcess):
    """A process that does not begin by loading its parent's main module: the command line, with
    0.4 s of modules that no worker needs. What workers do has names in other modules."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> popen_forkserver.Popen:  # noqa: N802  # Python's name
        with _nameless_main():
            return popen_forkserver.Popen(process_obj)


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Have `multiprocessing.spawn.get_preparation_data` find no module or file to load."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class _Context(ForkServerContext):
    """Starts such processes."""

    Process = _Process


class Readers:
    """A pool of killable workers. Every method raises WorkerFailed, and none hangs."""

    def __init__(
        self, actors: Sequence[Actor], agencies: Sequence[Agency], limits: CrawlSettings
    ) -> None:
        """Workers start with the first task; the fork server keeps the heavy imports warm."""
        nursery.begin()
        self._seconds = limits.reader_seconds
        self.workers = limits.workers
        self.turn = asyncio.Semaphore(TURNS * limits.workers)
        lifeline, self._held = multiprocessing.Pipe(duplex=False)
        self._pool = ProcessPool(
            max_workers=limits.workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=tasks.start,
            initargs=[tuple(actors), tuple(agencies), limits.reader_megabytes, lifeline],
            context=_Context(),
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
