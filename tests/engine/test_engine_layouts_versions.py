"""Templates that come and go, or fit only one of two looks at a page, accuse nobody of an edit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from layout_desk import OUTLET, SEEDS, Desk, bodies, page_of
from newsroom import relaid

from crawler.engine import layout_rules
from crawler.engine.layout_lessons import Lessons
from crawler.engine.layout_renewal import renew_templates
from crawler.engine.pool import Readers
from crawler.reading.templates import LEARNER_VERSION, learn_template
from storage.events import EventStore
from storage.template_records import Template, template_of
from storage.templates import TemplateStore


@pytest.fixture(scope="module")
def templates() -> dict[str, Template]:
    """Learned from six pages, from other ones, and from those of another layout."""

    def learned(seeds: Iterable[int], layout: str = "first") -> Template:
        return learn_template([page_of(seed, relaid.page(seed, layout)) for seed in seeds])

    others = replace(learned(range(200, 206)), id="0" * 16)  # as of another learner
    return {"first": learned(range(100, 106)), "again": others, "sly": learned(SEEDS[:5], "sly")}


@pytest.fixture
def desk(tmp_path: Path, templates: dict[str, Template]) -> Desk:
    return Desk(tmp_path, templates)


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
