"""Two runs at once about one outlet, and clocks and rows that are wrong, spoil no layout."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from layout_desk import OUTLET, Desk, Watched, page_of
from newsroom import relaid

from crawler.engine import layout_rules
from crawler.reading.templates import learn_template
from storage.template_records import Template
from storage.template_standing import Standing, Verdict
from storage.templates import TemplateStore


@pytest.fixture(scope="module")
def template() -> Template:
    return learn_template([page_of(seed, relaid.page(seed)) for seed in range(100, 106)])


@pytest.fixture
def desk(tmp_path: Path, template: Template) -> Desk:
    """A desk whose template in force leaves a paragraph out."""
    made = Desk(tmp_path, {"first": template, "again": Template("none")})
    made.look({}, None)  # the outlet is known
    store = TemplateStore(made.db, clock=lambda: made.now)
    store.learned(OUTLET.id, template, why="first", run_id=None, pages=6)
    return made


def texts(desk: Desk) -> list[list[str]]:
    stored = desk.db.all("SELECT text FROM article_texts ORDER BY article_id")
    return [row["text"].split("\n") for row in stored]


def test_a_run_mends_what_it_read_by_a_template_that_another_run_has_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_rules, "is_audited", lambda key, *_: int(key[-1]) % 2 == 1)
    order: list[int] = []

    async def both() -> list[str | None]:
        one, other = desk.begin(), desk.begin()

        async def visit(run: Watched, *seeds: int) -> list[str | None]:
            order.extend(seeds)
            return [await desk.visit(run, seed, relaid.page(seed)) for seed in seeds]

        await visit(other, 0)
        await visit(one, 1, 3, 5)
        await one.layouts.finish(stopping=False)
        by = await visit(other, 2, 4, 7, 9, 11)
        await other.layouts.finish(stopping=False)
        return by

    by = asyncio.run(both())

    assert by[0] == by[1] is not None, "the other run has not noticed yet"
    assert texts(desk) == [relaid.text_of(seed) for seed in order]


def test_a_run_that_did_not_notice_the_change_mends_its_pages_when_it_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_rules, "is_audited", lambda key, *_: int(key[-1]) % 2 == 1)

    async def both() -> None:
        one, other = desk.begin(), desk.begin()
        for run, seed in ((other, 0), (one, 1), (one, 3), (one, 5), (other, 2)):
            await desk.visit(run, seed, relaid.page(seed))
        await one.layouts.finish(stopping=False)
        await desk.visit(other, 4, relaid.page(4))
        await other.layouts.finish(stopping=False)

    asyncio.run(both())

    assert texts(desk) == [relaid.text_of(seed) for seed in (0, 1, 3, 5, 2, 4)]


def test_a_page_that_was_being_read_when_its_template_ended_is_read_again_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_rules, "is_audited", lambda key, *_: int(key[-1]) % 2 == 1)

    async def night() -> None:
        run = desk.begin()
        await desk.visit(run, 1, relaid.page(1))
        reading, save = await desk.fetch(run, 2, relaid.page(2))
        assert reading.template_id, "by the template"
        await desk.visit(run, 3, relaid.page(3))
        await desk.visit(run, 5, relaid.page(5))
        await asyncio.sleep(0.1)  # what it had read is read again
        await save()
        await run.layouts.finish(stopping=False)

    asyncio.run(night())

    assert texts(desk) == [relaid.text_of(seed) for seed in (1, 3, 5, 2)]


def test_a_clock_that_was_ahead_for_a_night_costs_an_outlet_its_template_for_a_night_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_rules, "is_audited", lambda *_: False)
    desk.teaches = True
    today = desk.now
    desk.now += timedelta(days=700)
    asyncio.run(desk.night({seed: relaid.page(seed) for seed in range(300, 308)}))
    store = TemplateStore(desk.db, clock=lambda: desk.now)
    wrong = store.in_force(OUTLET.id)
    assert wrong is not None
    failed = wrong.standing.after(Verdict.FAILED, desk.now)
    store.retire(wrong, failed, desk.now)
    store.learned(OUTLET.id, desk.templates["first"], why="redesigned", run_id=None, pages=6)

    desk.now = today
    nights = [
        asyncio.run(desk.night({seed: relaid.page(seed) for seed in range(first, first + 12)}))
        for first in (0, 20, 40)
    ]

    assert nights[-1] == list(range(40, 52)), nights
    assert store.of_day(OUTLET.id, desk.now) is not None


def test_no_lesson_is_given_of_a_layout_at_the_moment_in_which_it_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_rules, "is_audited", lambda *_: False)
    asyncio.run(desk.night({seed: relaid.page(seed) for seed in range(20, 32)}))
    monkeypatch.setattr(layout_rules, "is_audited", lambda *_: True)

    async def call(method: Callable[..., object], *args: object) -> object:
        await asyncio.sleep(0)  # other pages are saved meanwhile
        return method(*args)

    async def night() -> None:
        run = desk.begin()
        pages = [await desk.fetch(run, seed, relaid.page(seed)) for seed in range(8)]
        await asyncio.gather(*(save() for _, save in pages))
        await run.layouts.finish(stopping=False)

    monkeypatch.setattr(desk, "call", call)
    asyncio.run(night())

    assert desk.lessons == [7], "of the pages since the change, once they were counted"


def test_a_template_proven_by_a_clock_that_was_ahead_is_mended_as_any_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_rules, "is_audited", lambda key, *_: int(key[-1]) % 2 == 1)
    store = TemplateStore(desk.db, clock=lambda: desk.now)
    known = store.in_force(OUTLET.id)
    assert known is not None
    store.note(known.id, Standing().after(Verdict.PROVEN, desk.now + timedelta(days=700)))

    asyncio.run(desk.night({seed: relaid.page(seed) for seed in range(8)}))

    assert texts(desk) == [relaid.text_of(seed) for seed in range(8)]
