"""From a fetched page to stored rows, in three steps that do one thing each and count it.

A `Work` passes Read (in a worker), Capture (evidence on disk) and Save (one transaction). What
ended before it could be read passes straight to Save, so that every candidate has its outcome.
Nothing is stored of a page before its record is on the disk, and a page that kills its reader has
its record made alone.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.engine.comparisons import ComparedSaves, Seen
from crawler.engine.crawl import Crawl
from crawler.engine.diskguard import NoRoom, room
from crawler.engine.layout_rules import UNKNOWN, Layout
from crawler.engine.outcomes import Ending
from crawler.engine.pool import WorkerFailed
from crawler.engine.visits import fetch_record
from crawler.outlets import Outlets
from crawler.reading.urls import variant_of
from storage.models import (
    Candidate,
    CapturePlace,
    FetchRecord,
    Outcome,
    Page,
    Reading,
    ReadingContext,
    Saved,
)

PATIENCE = 3.0
"""Seconds that a page waits for the first lesson about its outlet's layout: far less than reading
all the pages would take that come in meanwhile. After that it is read without."""

log = logging.getLogger(__name__)


@dataclass
class Work:
    """One candidate on its way to an outcome."""

    candidate: Candidate
    fetch: FetchRecord | None = None
    page: Page | None = None
    ending: Ending | None = None
    record: bytes | None = None
    reading: Reading | None = None
    layout: Layout = UNKNOWN


def fetched(candidate: Candidate, page: Page, ending: Ending | None) -> Work:
    """The work that a page brings; `ending` is set where its status says it is none."""
    return Work(candidate, fetch_record(page), page if ending is None else None, ending)


def aliases_of(
    candidate: Candidate, reading: Reading, outlets: Outlets
) -> list[tuple[str, str, str]]:
    """An article's addresses as (url_key, url, kind), its own among them.

    The kind is the view that an address shows (amp, mobile, print …), else how we know of it.
    """
    outlet_id = candidate.outlet_id
    outlet = outlets.get(outlet_id)
    domains = outlet.domains if outlet else ()
    known = {candidate.url: "found"}
    others = (("redirect", reading.final_url), ("canonical", reading.canonical_url))
    for kind, url in (*others, *reading.alternates):
        if url:
            known.setdefault(url, kind)
    return [
        (outlets.url_key(url, outlet_id), url, variant_of(url, domains) or kind)
        for url, kind in known.items()
    ]


class _Step:
    """What the three steps share: finding their run."""

    def __init__(self, crawler: Crawler) -> None:
        """Nothing is opened here; the run opens with the spider."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Step:
        """Scrapy's way of building a pipeline."""
        return cls(crawler)

    @property
    def crawl(self) -> Crawl:
        """The run that this step works for."""
        return Crawl.of(self._crawler)


class Read(_Step):
    """Read the page in a worker, and have it make the record that is kept of the page."""

    async def open_spider(self) -> None:
        """Open the run's books before the spider starts."""
        await self.crawl.open()

    async def process_item(self, item: Work) -> Work:
        """Fill in the record and the reading, or the ending where the worker could not."""
        if item.page is None:
            return item
        item.ending = self._foreign(item.candidate, item.page)
        if item.ending is None:
            await self._read(item, item.page)
        if item.record is None:
            await self._record(item, item.page)
        item.page = None
        return item

    async def _read(self, item: Work, page: Page) -> None:
        """Read the page when its turn has come, and a lesson about its outlet is over."""
        readers, layouts = self.crawl.readers, self.crawl.layouts
        async with readers.turn:
            lesson = layouts.lesson_of(item.candidate.outlet_id)
            if lesson is None:
                return await self._read_now(item, page)
        await asyncio.wait({lesson}, timeout=PATIENCE)
        async with readers.turn:
            await self._read_now(item, page)

    async def _read_now(self, item: Work, page: Page) -> None:
        candidate, crawl = item.candidate, self.crawl
        context = crawl.context(candidate.outlet_id, candidate.hints, page.fetched_at)
        item.layout = await crawl.layouts.of(candidate.outlet_id, page.fetched_at)
        context = item.layout.applied_to(context, candidate.url_key)
        try:
            item.record, item.reading = await crawl.readers.article(page, context)
        except WorkerFailed as wrong:
            item.ending = Ending(Outcome.READER_FAILED, str(wrong))
        crawl.count("read")

    async def _record(self, item: Work, page: Page) -> None:
        """The record alone, of a page that is not read or that kills its reader: it is evidence."""
        try:
            item.record = await self.crawl.readers.record(page)
        except WorkerFailed as wrong:
            item.ending = Ending(Outcome.READER_FAILED, str(wrong))

    def _foreign(self, candidate: Candidate, page: Page) -> Ending | None:
        """The ending of a page that lies on somebody else's host, where a redirect led."""
        outlet = self.crawl.config.outlets.get(candidate.outlet_id)
        if outlet is None or outlet.owns(page.final_url):
            return None
        host = urlsplit(page.final_url).hostname
        return Ending(Outcome.FOREIGN, f"led to {host}, which is not one of the outlet's hosts")


class Capture(_Step):
    """Keep the page's bytes: appended and synced before anything names the place."""

    async def process_item(self, item: Work) -> Work:
        """Append one record to the run's WARC file."""
        if item.record is None or item.fetch is None:
            return item
        try:
            place = await self.crawl.writer.call(self._append, item.record)
        except NoRoom as wrong:
            raise DropItem("not captured, so not stored: the run is ending for this") from wrong
        except OSError as wrong:
            self.crawl.abort(f"the capture could not be written: {wrong}")
            raise DropItem("not captured, so not stored: the next run fetches it again") from wrong
        item.fetch, item.record = replace(item.fetch, capture=place), None
        self.crawl.count("captured")
        return item

    def _append(self, record: bytes) -> CapturePlace:
        """Append a record in the writer's thread, one after another; raises NoRoom, OSError."""
        if (left := room(self.crawl.workspace)).scarce:
            raise NoRoom(str(left))
        return self.crawl.warc.append(record)


class Save(_Step):
    """Write the outcome, whatever it is, in one transaction."""

    async def process_item(self, item: Work) -> Work:
        """Save one reading or ending; a database that cannot be written ends the run."""
        try:
            saved = await self._save(item)
            await self._tell_layouts(item, saved)
        except Exception as wrong:
            self.crawl.abort(f"the database could not be written: {wrong}")
            raise
        self.crawl.count(f"outcome/{saved.outcome}")
        log.info(
            "article outlet=%s outcome=%s candidate=%s",
            item.candidate.outlet_id,
            saved.outcome,
            item.candidate.id,
        )
        return item

    async def _save(self, item: Work) -> Saved:
        crawl, writer = self.crawl, self.crawl.writer
        if item.reading is not None and item.fetch is not None:
            return await self._save_reading(item, item.reading, item.fetch)
        assert item.ending is not None
        outcome, reason = item.ending
        fetch = item.fetch and replace(item.fetch, outcome=outcome, reason=reason)
        await writer.call(
            writer.candidates.finish, crawl.run_id, item.candidate, outcome, reason, fetch
        )
        return Saved(outcome)

    async def _save_reading(self, item: Work, reading: Reading, fetch: FetchRecord) -> Saved:
        """Save what was read, compared with what the page showed at the look before."""
        crawl, writer, candidate = self.crawl, self.crawl.writer, item.candidate
        folder = crawl.workspace.warc_dir
        saves = ComparedSaves(crawl.readers, folder, writer.articles, writer.call)
        aliases = aliases_of(candidate, reading, crawl.config.outlets)

        def context(at: datetime) -> ReadingContext:
            known = crawl.context(candidate.outlet_id, candidate.hints, at)
            return replace(known, template=item.layout.template)

        return await saves.save(Seen(crawl.run_id, candidate, reading, fetch), aliases, context)

    async def _tell_layouts(self, item: Work, saved: Saved) -> None:
        """Hold the outlet's template against the page, as it was read first."""
        if item.reading is not None and item.fetch is not None:
            outlet_id, at = item.candidate.outlet_id, item.fetch.fetched_at
            await self.crawl.layouts.saw(outlet_id, item.layout, item.reading, saved, at)

    async def close_spider(self) -> None:
        """Close the run's books after the last item."""
        crawl = self.crawl
        errors = int(self._crawler.stats.get_value("spider_exceptions/count", 0) or 0)
        if errors + crawl.counts["item_errors"]:
            crawl.fail("unexpected errors, see the log")
        await crawl.close("interrupted" if crawl.stopping else "done")
