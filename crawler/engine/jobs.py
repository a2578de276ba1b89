"""Work over the whole archive, a batch at a time, that may be stopped and taken up again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from crawler.engine.capture import read_capture
from crawler.engine.crawl import BY_HAND
from crawler.engine.pool import Readers, WorkerFailed
from crawler.reading.page import READER_VERSION
from crawler.reading.warc import page_from_record
from crawler.workspace import Config, Workspace
from storage.articles import ArticleStore, StoredCapture
from storage.database import open_database
from storage.jobs import JobStore
from storage.models import Page, Reading, ReadingContext

BATCH = 16
"""Captures read at a time: enough to keep the workers busy, little enough to lose."""


@dataclass
class RereadReport:
    """What reading the captures again did. `changed` counts articles per field."""

    resumed_after: int = 0
    read: int = 0
    same: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)


def reread(
    workspace: Workspace,
    config: Config,
    *,
    outlets: Sequence[str] = (),
    since: datetime | None = None,
    progress: Callable[[RereadReport], None] = lambda report: None,
) -> RereadReport:
    """Read stored captures again with today's reader; never makes a version of an article.

    Takes up where a stopped one with the same arguments left off.
    """
    return asyncio.run(_Reread(workspace, config, outlets, since, progress).run())


class _Reread:
    def __init__(
        self,
        workspace: Workspace,
        config: Config,
        outlets: Sequence[str],
        since: datetime | None,
        progress: Callable[[RereadReport], None],
    ) -> None:
        self.workspace, self.config = workspace, config
        self.outlets, self.since, self.progress = outlets, since, progress
        self.report = RereadReport()
        self.key = f"{READER_VERSION}|{','.join(sorted(outlets))}|{since or ''}"

    async def run(self) -> RereadReport:
        database = open_database(self.workspace.database)
        readers = Readers(self.config.actors, self.workspace.settings.crawl)
        try:
            await self._run(ArticleStore(database), JobStore(database), readers)
        finally:
            readers.close()
            database.close()
        return self.report

    async def _run(self, articles: ArticleStore, jobs: JobStore, readers: Readers) -> None:
        self.report.resumed_after = position = jobs.start("reread", self.key)
        captures = articles.captures(list(self.outlets) or None, self.since, after_id=position)
        for batch in _batches(captures):
            readings = await asyncio.gather(*(self._read(readers, one) for one in batch))
            for capture, reading in zip(batch, readings, strict=True):
                self._apply(articles, capture, reading)
            jobs.advance("reread", self.key, batch[-1].article_id)
            self.progress(self.report)
        jobs.finish("reread", self.key)

    async def _read(self, readers: Readers, capture: StoredCapture) -> Reading | str:
        try:
            folder = self.workspace.warc_dir
            record = await asyncio.to_thread(read_capture, folder, capture.place)
            page: Page = page_from_record(record)
            return await readers.page(page, self._context(capture))
        except (WorkerFailed, OSError, EOFError, ValueError) as wrong:
            return str(wrong)

    def _context(self, capture: StoredCapture) -> ReadingContext:
        outlet = self.config.outlets.get(capture.outlet_id)
        record = outlet.record() if outlet else BY_HAND
        return ReadingContext(
            outlet_id=capture.outlet_id,
            country=record.country,
            languages=record.languages,
            timezone=record.timezone,
            domains=record.domains,
            hints=capture.hints,
            now=capture.fetched_at,
        )

    def _apply(
        self, articles: ArticleStore, capture: StoredCapture, reading: Reading | str
    ) -> None:
        report = self.report
        report.read += 1
        if isinstance(reading, str) or reading.outcome is not None:
            why = reading if isinstance(reading, str) else reading.reason
            report.failed.append((capture.article_id, why))
            return
        changed = articles.reread(capture.article_id, reading)
        report.changed.update(changed)
        report.same += not changed
        if changed and len(report.examples) < 12:
            report.examples.append((capture.article_id, changed))


def _batches(captures: Iterator[StoredCapture]) -> Iterator[list[StoredCapture]]:
    while batch := list(islice(captures, BATCH)):
        yield batch
