"""Work over the whole archive, a batch at a time, that may be stopped and taken up again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple, ParamSpec, TypeVar

from crawler.engine.comparisons import ComparedSaves, Seen, read_again
from crawler.engine.crawl import BY_HAND, context_of
from crawler.engine.keys import renew_keys
from crawler.engine.layout_lessons import Lessons
from crawler.engine.layout_renewal import renew_templates
from crawler.engine.pipelines import aliases_of
from crawler.engine.pool import Readers
from crawler.engine.settling import try_to_settle
from crawler.reading.page import READER_VERSION
from crawler.workspace import Config, Workspace
from storage import agencies, coverage
from storage.actors import watchlist_digest
from storage.articles import ArticleStore, StoredCapture
from storage.candidates import CandidateStore, UnreadCapture
from storage.database import open_database
from storage.jobs import JobStore
from storage.models import STORED, CapturePlace, Hints, Outcome, Reading, ReadingContext
from storage.runs import RunStore
from storage.template_records import Template
from storage.templates import TemplateStore

P = ParamSpec("P")
T = TypeVar("T")


class _Where(NamedTuple):
    """A capture, and what is to be known of it when it is read."""

    place: CapturePlace | None
    outlet_id: str
    hints: Hints
    fetched_at: datetime
    template: Template | None = None


BATCH = 16
"""Captures read at a time: enough to keep the workers busy, little enough to lose."""
EXAMPLES = 12
"""Changed articles that a report names."""


@dataclass
class RereadReport:
    """What reading the captures again did. `changed` counts articles per field, `found` the
    articles that an earlier reader had missed; `stories_failure` says why what was read could not
    be put into stories."""

    resumed_after: int = 0
    read: int = 0
    same: int = 0
    found: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    stories_failure: str = ""


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
    report = asyncio.run(_Reread(workspace, config, outlets, since, progress).run())
    report.stories_failure = try_to_settle(workspace)
    return report


class _Reread:
    """One pass over the captures: those of articles, then those that nobody could read."""

    def __init__(
        self,
        workspace: Workspace,
        config: Config,
        outlets: Sequence[str],
        since: datetime | None,
        progress: Callable[[RereadReport], None],
    ) -> None:
        self.workspace, self.config = workspace, config
        self.outlets, self.since, self.progress = list(outlets) or None, since, progress
        self.report = RereadReport()
        watched = watchlist_digest(config.actors)
        self.key = f"{READER_VERSION}|{watched}|{','.join(sorted(outlets))}|{since or ''}"

    async def run(self) -> RereadReport:
        database = open_database(self.workspace.database)
        self.articles = ArticleStore(database, keep=self.workspace.settings.keep)
        self.jobs = JobStore(database)
        self.candidates, runs = CandidateStore(database), RunStore(database)
        self.templates = TemplateStore(database)
        self.readers = Readers(
            self.config.actors, self.config.agencies, self.workspace.settings.crawl
        )
        self.lessons = Lessons(self.readers, self.workspace.warc_dir)
        status = "interrupted"
        agencies.register(database, self.config.agencies)
        run_id = self._open(runs)
        outlets = self.config.outlets
        renew_keys(database, runs, run_id, outlets, (*outlets, BY_HAND.id))
        self.matched_at = runs.report(run_id).started_at
        try:
            await renew_templates(
                self.lessons, self.articles, self.templates, self._context, self.outlets
            )
            await self._read_articles()
            await self._read_unread(run_id)
            status = "done"
        finally:
            self.readers.close()
            runs.close(run_id, status)
            coverage.refresh(database, run_id)
            database.close()
        return self.report

    def _open(self, runs: RunStore) -> int:
        """Open the books: articles that were missed before get their outcome there."""
        chosen = self.config.outlets.select(self.outlets or (), everything=self.outlets is None)
        records = [outlet.record() for outlet in chosen]
        return runs.open("reread", outlets=records, actors=self.config.actors)

    async def _read_articles(self) -> None:
        self.report.resumed_after = position = self.jobs.start("reread", self.key)
        captures = self.articles.captures(self.outlets, self.since, after_id=position)
        for batch in _batches(captures):
            readings = await self._readings(map(self._where, batch))
            for capture, reading in zip(batch, readings, strict=True):
                self._apply(capture, reading)
            await self._read_history(batch)
            self.jobs.advance("reread", self.key, batch[-1].article_id)
            self.progress(self.report)
        self.jobs.finish("reread", self.key)

    async def _read_history(self, batch: Sequence[StoredCapture]) -> None:
        """Have earlier versions say what today's reader reads too: only so do they compare."""
        history = self.articles.history([capture.article_id for capture in batch])
        readings = await self._readings(map(self._where, history))
        for capture, reading in zip(history, readings, strict=True):
            if not isinstance(reading, str):
                self.articles.reread_version(capture, reading)

    async def _read_unread(self, run_id: int) -> None:
        unread = self.candidates.claim_unread(run_id, self.outlets, self.since)
        for batch in _batches(iter(unread)):
            places = [
                _Where(
                    one.fetch.capture,
                    one.candidate.outlet_id,
                    one.candidate.hints,
                    one.fetch.fetched_at,
                )
                for one in batch
            ]
            for capture, reading in zip(batch, await self._readings(places), strict=True):
                await self._store(run_id, capture, reading)
            self.progress(self.report)

    async def _readings(self, places: Iterable[_Where]) -> list[Reading | str]:
        return await asyncio.gather(*map(self._read, places))

    async def _read(self, where: _Where) -> Reading | str:
        assert where.place is not None, "only captured fetches are handed out"
        context = self._context(where.outlet_id, where.hints, where.fetched_at)
        context = replace(context, template=where.template)
        return await read_again(self.readers, self.workspace.warc_dir, where.place, context)

    def _where(self, capture: StoredCapture) -> _Where:
        """A stored capture, to be read as it was: by the template of its day, or the careful way.

        Versions of one article compare where all of them are read the careful way.
        """
        template, at = None, capture.fetched_at
        if capture.template_id is not None and not capture.has_history:
            template = self.templates.read_by(capture.template_id, capture.outlet_id, at)
        return _Where(capture.place, capture.outlet_id, capture.hints, at, template)

    def _context(self, outlet_id: str, hints: Hints, fetched_at: datetime) -> ReadingContext:
        return context_of(self.config.outlets, outlet_id, hints, fetched_at)

    def _apply(self, capture: StoredCapture, reading: Reading | str) -> None:
        report = self.report
        report.read += 1
        if isinstance(reading, str) or reading.outcome is not None:
            why = reading if isinstance(reading, str) else reading.reason
            report.failed.append((capture.article_id, why))
            return
        changed = self.articles.reread(
            capture.article_id, reading, self.matched_at, capture.fetch_id
        )
        report.changed.update(changed)
        report.same += not changed
        if changed and len(report.examples) < EXAMPLES:
            report.examples.append((capture.article_id, changed))

    async def _store(self, run_id: int, capture: UnreadCapture, reading: Reading | str) -> None:
        """Give a missed article its row at last, or the candidate the same end once more."""
        self.report.read += 1
        if isinstance(reading, str):
            ending = (Outcome.READER_FAILED, reading)
            self.candidates.finish(run_id, capture.candidate, *ending, capture.fetch)
            return
        candidate, folder = capture.candidate, self.workspace.warc_dir
        aliases = aliases_of(candidate, reading, self.config.outlets)
        context = partial(self._context, candidate.outlet_id, candidate.hints)
        saves = ComparedSaves(self.readers, folder, self.articles, _here)
        seen = Seen(run_id, candidate, reading, capture.fetch)
        saved = await saves.save(seen, aliases, context)
        self.report.found += saved.outcome in STORED


async def _here(method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call the store on this very thread: nothing else waits for it."""
    return method(*args, **kwargs)


def _batches(captures: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(captures, BATCH)):
        yield batch
