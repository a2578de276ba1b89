"""The articles of a made-up outlet, looked at again and again with the template of the day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from newsroom import relaid
from relooking import EVENING

from crawler.engine.capture import WarcFile
from crawler.engine.comparisons import Call, ComparedSaves, Seen
from crawler.engine.differences import Difference, Words, difference
from crawler.engine.layouts import Layouts, Tools
from crawler.engine.pool import Readers
from crawler.reading.page import read_page
from crawler.reading.templates import learn_template
from crawler.reading.warc import warc_record
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.models import (
    Candidate,
    FetchRecord,
    FoundBy,
    OutletRecord,
    Page,
    Reading,
    ReadingContext,
)
from storage.runs import RunStore
from storage.template_records import Template

OUTLET = OutletRecord(
    "iq_relaid", "Sedra Daily", "iq", ("iq",), "daily", "unknown", ("en",), "UTC", ("relaid.test",)
)
SEEDS = range(15)


def page_of(seed: int, body: bytes, at: datetime = EVENING) -> Page:
    url = f"https://relaid.test/a/{seed}"
    return Page(url, url, 200, (("Content-Type", "text/html"),), body, at)


@dataclass(frozen=True)
class Watched:
    """A run that is under way."""

    id: int
    layouts: Layouts
    warc: WarcFile


@dataclass
class Desk:
    """The articles of an outlet, looked at again and again with the template of the day."""

    folder: Path
    templates: dict[str, Template]
    now: datetime = EVENING
    outcomes: list[str] = field(default_factory=list)
    lessons: list[int] = field(default_factory=list)  # of how many pages each was
    workers: int = 1
    teaches: bool = False  # whether lessons teach anything

    def __post_init__(self) -> None:
        self.db = open_database(self.folder / "marsad.db")
        self.articles = ArticleStore(self.db, clock=lambda: self.now)
        self.runs = RunStore(self.db, clock=lambda: self.now)
        readers, call = cast(Readers, self), cast(Call, self.call)
        self.saves = ComparedSaves(readers, self.folder / "warc", self.articles, call)

    async def page(self, page: Page, context: ReadingContext) -> Reading:
        return self.read(page, context)

    def read(self, page: Page, context: ReadingContext) -> Reading:
        """As a worker would, with templates that take a paragraph less than the careful way."""
        reading = read_page(page, context)
        lines = reading.text.split("\n")
        taken = {self.templates["first"].id: lines[:-1], self.templates["again"].id: lines[1:]}
        kept = taken.get(reading.template_id or "", lines)
        return replace(reading, text="\n".join(kept), content_hash="")

    async def learn(
        self, pages: Sequence[Page], readings: Sequence[Reading | None], context: ReadingContext
    ) -> Template:
        self.lessons.append(len(pages))
        return learn_template(pages, context=context) if self.teaches else Template("")

    async def difference(self, before: Words, after: Words) -> Difference:
        return difference(before, after)

    async def call(self, method: Callable[..., Any], *args: Any) -> Any:
        return method(*args)

    def look(self, bodies: dict[int, bytes], template: Template | None, audited: int = 0) -> None:
        """Fetch all pages, in one run; one in so many is read both ways."""
        self.now += timedelta(hours=20)
        run_id = self.runs.open("recheck", outlets=[OUTLET], actors=())
        self.warc = WarcFile(self.folder / "warc", run_id)
        for seed, body in bodies.items():
            audit = bool(audited) and seed % audited == 0
            self._look(run_id, page_of(seed, body, self.now), template, audit=audit)
        self.warc.close()
        self.runs.close(run_id, "done")

    def _look(self, run_id: int, page: Page, template: Template | None, *, audit: bool) -> None:
        def context(at: datetime) -> ReadingContext:
            return replace(self.context(at), template=template)

        reading = self.read(page, replace(context(self.now), audit=audit))
        seen = self.fetched(run_id, page, reading)
        self.outcomes.append(asyncio.run(self.saves.save(seen, (), context)).outcome)

    def fetched(self, run_id: int, page: Page, reading: Reading) -> Seen:
        wanted = Candidate(page.url, page.url[8:], OUTLET.id, FoundBy.MANUAL)
        (candidate,) = CandidateStore(self.db, clock=lambda: self.now).add(run_id, [wanted])
        place = self.warc.append(warc_record(page))
        at = page.fetched_at
        fetch = FetchRecord(page.url, at, final_url=page.url, status=200, capture=place)
        return Seen(run_id, candidate, reading, fetch)

    def context(self, at: datetime) -> ReadingContext:
        return ReadingContext(OUTLET.id, "iq", ("en",), "UTC", OUTLET.domains, now=at)

    async def night(self, bodies: dict[int, bytes]) -> list[int]:
        """Fetch all pages in one run that watches over the layout; those read by template."""
        run = self.begin()
        found = [seed for seed, body in bodies.items() if await self.visit(run, seed, body)]
        await run.layouts.finish(stopping=False)
        return found

    def begin(self) -> Watched:
        """Open a run that watches over the layout."""
        self.now += timedelta(hours=20)
        run_id = self.runs.open("crawl", outlets=[OUTLET], actors=())
        readers, call = cast(Readers, self), cast(Call, self.call)
        layouts = Layouts(
            Tools(
                run_id, readers, self.folder / "warc", call, self.db, lambda: self.now,
                lambda outlet_id, hints, at: self.context(at),
            )
        )  # fmt: skip
        return Watched(run_id, layouts, WarcFile(self.folder / "warc", run_id))

    async def visit(self, run: Watched, seed: int, body: bytes) -> str | None:
        """Fetch, read and save a page in a run; says by which template it was read."""
        reading, save = await self.fetch(run, seed, body)
        await save()
        return reading.template_id

    async def fetch(
        self, run: Watched, seed: int, body: bytes
    ) -> tuple[Reading, Callable[[], Awaitable[None]]]:
        """Fetch and read a page in a run, and what saves it."""
        self.now += timedelta(seconds=2)
        page, at = page_of(seed, body, self.now), self.now
        layout = await run.layouts.of(OUTLET.id, self.now)
        context = layout.applied_to(self.context(self.now), f"a/{seed}")
        reading = self.audited(page, context)

        async def save() -> None:
            self.warc = run.warc
            seen = self.fetched(run.id, page, reading)
            saved = await self.saves.save(seen, (), self.context)
            await run.layouts.saw(OUTLET.id, layout, reading, saved, at)

        return reading, save

    def audited(self, page: Page, context: ReadingContext) -> Reading:
        """An audit that shows what this template leaves out."""
        if context.template is None or not context.audit:
            return self.read(page, context)
        careful = self.read(page, replace(context, template=None))
        return replace(careful, methods=(*careful.methods, ("audit", "differs: text")))

    def edits(self) -> list[int]:
        return [row["article_id"] for row in self.db.all("SELECT article_id FROM edits")]

    def versions(self) -> int:
        return int(self.db.value("SELECT count(*) FROM article_versions"))


def bodies(layout: str = "first", views: int = 0) -> dict[int, bytes]:
    return {seed: relaid.page(seed, layout, views) for seed in SEEDS}
