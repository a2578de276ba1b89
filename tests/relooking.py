"""An article page that is looked at again and again: by what reader, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from newsroom.hostile import article_html

from crawler.engine.capture import WarcFile
from crawler.engine.comparisons import ComparedSaves, Seen, read_again
from crawler.engine.differences import Difference, Words, difference
from crawler.engine.pool import Readers, WorkerFailed
from crawler.reading.mentions import Matcher
from crawler.reading.page import read_page
from crawler.reading.warc import warc_record
from storage.articles import ArticleStore, Keep
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.edits import EditStore, ToldEdit
from storage.models import (
    Actor,
    Alias,
    Candidate,
    FetchRecord,
    FoundBy,
    OutletRecord,
    Page,
    Reading,
    ReadingContext,
    Saved,
)
from storage.runs import RunStore

EVENING = datetime(2026, 3, 1, 20, tzinfo=UTC)
OUTLET = OutletRecord(
    "iq_lantern", "The Lantern", "iq", ("iq",), "portal", "unknown", ("en",), "UTC",
    ("lantern.test",),
)  # fmt: skip
OASIS = Actor("iq_oasis", "cso", name="Oasis Friends", aliases=(Alias("Oasis Friends", "en"),))
PALM = Actor("iq_palm", "cso", name="Palm League", aliases=(Alias("Palm League", "en"),))
HEADLINE = "Water returns to the old quarter of Sedra"
TEXT = (
    "The volunteers of the Oasis Friends repaired the pump of the old quarter on Thursday evening.",
    "Families had carried water from the river for eleven weeks before the pump ran once more.",
    "The mayor thanked the workshop of Sedra and promised a second pump before the summer begins.",
    "A teacher said that the school would open its garden again as soon as the trees are watered.",
)


@dataclass(frozen=True)
class Shown:
    """What an outlet shows at an address, with whatever surrounds it."""

    headline: str = HEADLINE
    paragraphs: tuple[str, ...] = TEXT
    noise: tuple[str, ...] = ()
    whole: bool = True

    def html(self) -> bytes:
        html = article_html(self.headline, [*self.paragraphs, *self.noise])
        walled = b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", '
        walled += b'"isAccessibleForFree": false}</script></head>'
        return html if self.whole else html.replace(b"</head>", walled)


def plain(reading: Reading) -> Reading:
    """The reading of a reader that changes nothing."""
    return reading


@dataclass
class Desk:
    """One article's page, a workspace, and the reader of the day."""

    folder: Path
    keep: Keep = "all"
    actors: Sequence[Actor] = (OASIS,)
    better: Callable[[Reading], Reading] = plain
    now: datetime = EVENING
    fails: set[str] = field(default_factory=set)
    number: int = 0
    reads: int = 0

    def __post_init__(self) -> None:
        self.db = open_database(self.folder / "marsad.db")
        self.articles = ArticleStore(self.db, keep=self.keep, clock=lambda: self.now)
        self.runs = RunStore(self.db, clock=lambda: self.now)

    async def page(self, page: Page, context: ReadingContext) -> Reading:
        """As a worker would read it."""
        self.reads += 1
        if "reader" in self.fails:
            raise WorkerFailed("the worker died")
        reading = read_page(page, replace(context, matcher=Matcher(self.actors)))
        return self.better(reading) if reading.outcome is None else reading

    async def difference(self, before: Words, after: Words) -> Difference:
        if "difference" in self.fails:
            raise WorkerFailed("not read within 3 s")
        return difference(before, after)

    async def call(self, method: Callable[..., Any], *args: Any) -> Any:
        return method(*args)

    def context(self, at: datetime) -> ReadingContext:
        return ReadingContext(OUTLET.id, "iq", ("en",), "UTC", OUTLET.domains, now=at)

    def look(self, shown: Shown, path: str = "a/1", *, captured: bool = True) -> Saved:
        """Fetch the page an hour later, in a run of its own."""
        return asyncio.run(self.looked(shown, path, captured=captured))

    async def looked(self, shown: Shown, path: str = "a/1", *, captured: bool = True) -> Saved:
        self.now += timedelta(hours=1)
        run_id, candidate = self.wanted(path)
        page = Page(
            candidate.url, candidate.url, 200, (("Content-Type", "text/html"),), shown.html(),
            self.now,
        )  # fmt: skip
        fetch = self.captured(run_id, page) if captured else FetchRecord(page.url, self.now)
        reading = await self.page(page, self.context(self.now))
        saved = await self.saves().save(Seen(run_id, candidate, reading, fetch), (), self.context)
        assert self.runs.imbalance(run_id) == ""
        self.runs.close(run_id, "done")
        return saved

    def wanted(self, path: str) -> tuple[int, Candidate]:
        url = f"https://lantern.test/{path}"
        run_id = self.runs.open("fetch", outlets=[OUTLET], actors=self.actors)
        wanted = Candidate(url, url.removeprefix("https://"), OUTLET.id, FoundBy.MANUAL)
        (candidate,) = CandidateStore(self.db, clock=lambda: self.now).add(run_id, [wanted])
        return run_id, candidate

    def captured(self, run_id: int, page: Page) -> FetchRecord:
        file = WarcFile(self.folder / "warc", run_id)
        place = file.append(warc_record(page))
        file.close()
        return FetchRecord(page.url, self.now, final_url=page.url, status=200, capture=place)

    def saves(self) -> ComparedSaves:
        readers = cast(Readers, self)
        return ComparedSaves(readers, self.folder / "warc", self.articles, self.call)

    def reread(self) -> None:
        """Read all captures again, as the job does."""
        for capture in list(self.articles.captures()):
            reading = self.again(capture)
            self.articles.reread(capture.article_id, reading, None, capture.fetch_id)
            for old in self.articles.history([capture.article_id]):
                self.articles.reread_version(old, self.again(old))

    def again(self, capture: Any) -> Reading:
        context, readers = self.context(capture.fetched_at), cast(Readers, self)
        reading = asyncio.run(read_again(readers, self.folder / "warc", capture.place, context))
        assert not isinstance(reading, str), reading
        return reading

    def lose_captures(self) -> None:
        for file in (self.folder / "warc").glob("*"):
            file.unlink()

    # --- what became of it

    def versions(self) -> list[dict[str, Any]]:
        found = self.articles.get(1)
        assert found is not None
        return cast(list[dict[str, Any]], found["versions"])

    def told(self) -> list[ToldEdit]:
        """The edits, in the order in which they were made."""
        return list(reversed(EditStore(self.db).list()))

    def kinds(self) -> list[str]:
        return sorted(one.edit.kind for one in self.told())

    def reason(self) -> str:
        return str(self.db.value("SELECT reason FROM outcomes ORDER BY run_id DESC LIMIT 1"))


def better_reader(reading: Reading) -> Reading:
    """A reader that takes a line for text that the one before it left out, and drops another."""
    lines = ["From our desk in Sedra, with pictures.", *reading.text.split("\n")[:-1]]
    return reworded(reading, "\n".join(lines), reader_version="9")


def other_template(reading: Reading) -> Reading:
    """The same reader, with a template that was learned anew."""
    return reworded(reading, reading.text.partition("\n")[2], template_id="lantern-2")


def reworded(reading: Reading, text: str, **changes: Any) -> Reading:
    """A reading with another text, and the mentions of the old one that stand in it."""
    found = []
    for one in reading.mentions:
        start = text.find(one.surface) if one.field == "text" else one.start
        if start >= 0:
            moved = replace(one, start=start, end=start + len(one.surface))
            found.append(replace(moved, label="", label_start=None))
    return replace(reading, text=text, mentions=tuple(found), content_hash="", **changes)
