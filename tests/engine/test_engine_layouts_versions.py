"""Templates that come and go, or fit only one of two looks at a page, accuse nobody of an edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from newsroom import relaid
from relooking import EVENING

from crawler.engine import layout_rules
from crawler.engine.capture import WarcFile
from crawler.engine.comparisons import Call, ComparedSaves, Seen
from crawler.engine.differences import Difference, Words, difference
from crawler.engine.layout_lessons import Lessons
from crawler.engine.layout_renewal import renew_templates
from crawler.engine.layouts import Layouts, Tools
from crawler.engine.pool import Readers
from crawler.reading.page import read_page
from crawler.reading.templates import LEARNER_VERSION, learn_template
from crawler.reading.warc import warc_record
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.events import EventStore
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
from storage.template_records import Template, template_of
from storage.templates import TemplateStore

OUTLET = OutletRecord(
    "iq_relaid", "Sedra Daily", "iq", ("iq",), "daily", "unknown", ("en",), "UTC", ("relaid.test",)
)
SEEDS = range(15)


def page_of(seed: int, body: bytes, at: datetime = EVENING) -> Page:
    url = f"https://relaid.test/a/{seed}"
    return Page(url, url, 200, (("Content-Type", "text/html"),), body, at)


@pytest.fixture(scope="module")
def templates() -> dict[str, Template]:
    """Learned from six pages, from other ones, and from those of another layout."""

    def learned(seeds: Iterable[int], layout: str = "first") -> Template:
        return learn_template([page_of(seed, relaid.page(seed, layout)) for seed in seeds])

    others = replace(learned(range(200, 206)), id="0" * 16)  # as of another learner
    return {"first": learned(range(100, 106)), "again": others, "sly": learned(SEEDS[:5], "sly")}


@dataclass
class Desk:
    """The articles of an outlet, looked at again and again with the template of the day."""

    folder: Path
    templates: dict[str, Template]
    now: datetime = EVENING
    outcomes: list[str] = field(default_factory=list)
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
        fetch = FetchRecord(page.url, self.now, final_url=page.url, status=200, capture=place)
        return Seen(run_id, candidate, reading, fetch)

    def context(self, at: datetime) -> ReadingContext:
        return ReadingContext(OUTLET.id, "iq", ("en",), "UTC", OUTLET.domains, now=at)

    async def night(self, bodies: dict[int, bytes]) -> list[int]:
        """Fetch all pages in one run that watches over the layout; those read by template."""
        self.now += timedelta(hours=20)
        run_id = self.runs.open("crawl", outlets=[OUTLET], actors=())
        self.warc = WarcFile(self.folder / "warc", run_id)
        readers, call = cast(Readers, self), cast(Call, self.call)
        layouts = Layouts(
            Tools(
                run_id, readers, self.folder / "warc", call, self.db, lambda: self.now,
                lambda outlet_id, hints, at: self.context(at),
            )
        )  # fmt: skip
        found = []
        for seed, body in bodies.items():
            self.now += timedelta(seconds=2)
            page = page_of(seed, body, self.now)
            layout = await layouts.of(OUTLET.id, self.now)
            context = layout.applied_to(self.context(self.now), f"a/{seed}")
            reading = self.audited(page, context)
            found += [seed] if reading.template_id else []
            seen = self.fetched(run_id, page, reading)
            saved = await self.saves.save(seen, (), self.context)
            await layouts.saw(OUTLET.id, layout, reading, saved, self.now)
        await layouts.finish(stopping=False)
        return found

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


@pytest.fixture
def desk(tmp_path: Path, templates: dict[str, Template]) -> Desk:
    return Desk(tmp_path, templates)


def bodies(layout: str = "first", views: int = 0) -> dict[int, bytes]:
    return {seed: relaid.page(seed, layout, views) for seed in SEEDS}


def test_templates_learned_lost_and_learned_anew_make_no_versions(
    desk: Desk, templates: dict[str, Template]
) -> None:
    desk.look(bodies(views=1), None)
    desk.look(bodies(views=2), templates["first"], audited=5)
    desk.look(bodies(views=3), templates["again"], audited=7)
    desk.look(bodies(views=4), None)
    desk.look(bodies(views=5), templates["sly"])  # fits none of these pages

    assert set(desk.outcomes[len(SEEDS) :]) == {"unchanged"}
    assert (desk.versions(), desk.edits()) == (len(SEEDS), [])


def test_a_new_layout_around_the_same_words_is_no_edit(
    desk: Desk, templates: dict[str, Template]
) -> None:
    desk.look(bodies(), templates["first"])
    desk.look(bodies("sly"), templates["first"])
    desk.look(bodies("sly", views=9), templates["sly"])

    assert set(desk.outcomes[len(SEEDS) :]) == {"unchanged"}
    assert (desk.versions(), desk.edits()) == (len(SEEDS), [])


def test_an_edit_is_told_once_whatever_read_the_two_looks(
    desk: Desk, templates: dict[str, Template]
) -> None:
    edited = bodies("sly", views=3)
    edited[7] = edited[7].replace(
        b"</div></article>", b"<p>Later the council of Sedra denied all of it.</p></div></article>"
    )
    desk.look(bodies(), templates["first"])
    desk.look(bodies(views=2), templates["again"])
    desk.look(edited, templates["sly"])
    desk.look(edited | {seed: edited[seed] + b"\n" for seed in SEEDS}, templates["sly"])

    assert desk.outcomes.count("stored_changed") == 1
    assert desk.versions() == len(SEEDS) + 1
    assert desk.edits() == [SEEDS.index(7) + 1]


def test_what_an_outdated_template_has_read_wrongly_is_read_again_before_the_run_ends(
    desk: Desk, templates: dict[str, Template], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.look({}, None)  # the outlet is known
    store = TemplateStore(desk.db, clock=lambda: desk.now)
    store.learned(OUTLET.id, templates["first"], why="first", run_id=None, pages=6)
    monkeypatch.setattr(layout_rules, "is_audited", lambda key, *_: int(key[-1]) % 2 == 1)

    by_template = asyncio.run(desk.night(bodies()))

    assert by_template == [0, 2, 4], "the next page had been noticed three times"
    texts = desk.db.all("SELECT text, template_id FROM article_texts ORDER BY article_id")
    assert [row["text"].split("\n") for row in texts] == [relaid.text_of(s) for s in SEEDS]
    assert {row["template_id"] for row in texts} == {None}
    (event,) = EventStore(desk.db).history()
    assert (event.kind, event.subject, event.evidence["failed"]) == ("redesigned", "template", 3)
    assert store.unhealed([OUTLET.id]) == []


def test_a_layout_that_only_an_audit_tells_from_the_old_one_is_noticed_by_the_next_pages(
    desk: Desk, templates: dict[str, Template], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.look({}, None)  # the outlet is known
    store = TemplateStore(desk.db, clock=lambda: desk.now)
    store.learned(OUTLET.id, templates["first"], why="first", run_id=None, pages=6)
    one_in_many = {"a/3"}
    monkeypatch.setattr(
        layout_rules, "is_audited", lambda key, _, every: every == 1 or key in one_in_many
    )

    by_template = asyncio.run(desk.night(bodies()))

    assert by_template == [0, 1, 2]
    texts = desk.db.all("SELECT text FROM article_texts ORDER BY article_id")
    assert [row["text"].split("\n") for row in texts] == [relaid.text_of(s) for s in SEEDS]


def test_a_newer_learner_makes_the_templates_of_their_days_anew(
    desk: Desk, templates: dict[str, Template]
) -> None:
    store = TemplateStore(desk.db, clock=lambda: desk.now)
    desk.look({}, None)
    old = template_of(templates["first"].rules, made_by="0", pages=6, usable=True)
    store.learned(OUTLET.id, old, why="first", run_id=None, pages=6)
    desk.look(bodies(), old)
    desk.teaches = True
    lessons = Lessons(cast(Readers, desk), desk.folder / "warc")

    renewed = [
        asyncio.run(
            renew_templates(lessons, desk.articles, store, lambda _, hints, at: desk.context(at))
        )
        for _ in range(2)
    ]

    assert renewed == [1, 0]
    now = store.read_by(old.id, OUTLET.id, desk.now)
    assert now is not None
    assert (now.made_by, now.usable) == (LEARNER_VERSION, True)
