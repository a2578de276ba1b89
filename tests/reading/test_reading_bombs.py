"""A page made to stall its reader costs that page, and no more than a worker's time limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from newsroom.chrome import TONGUES, page_of, text_of
from newsroom.pathological import BOMBS, Bomb
from reading.reading_pages import context, page

from crawler.reading.page import read_page
from crawler.reading.templates import learn_template
from crawler.workspace import CrawlSettings
from storage.models import Outcome, Page, Reading
from storage.template_records import Template

READER_SECONDS = CrawlSettings.model_fields["reader_seconds"].default
CONTEXT = context(languages=("en",))
ENDINGS = {None, Outcome.UNREADABLE, Outcome.NO_TEXT, Outcome.NOT_ARTICLE, Outcome.TOO_LARGE}
bombs = pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)


def _article(seed: int) -> Page:
    return page(page_of("en", "semantic", seed), url=f"https://almithal.test/2026/11/20/a{seed}")


@cache
def _template() -> Template:
    return learn_template([_article(seed) for seed in range(8)])


def _cost(work: Callable[[], object]) -> float:
    """Seconds of the processor, which other work on the machine does not lengthen."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _costs(bomb: Bomb, part: int) -> list[float]:
    """What reading a bomb costs by either way; it has to end as a page may end."""
    made = page(bomb.page(part))
    ways = (CONTEXT, replace(CONTEXT, template=_template()))
    ended: list[Reading] = []
    costs = [_cost(lambda way=way: ended.append(read_page(made, way))) for way in ways]  # type: ignore[misc]  # a default binds the loop's value
    assert {reading.outcome for reading in ended} <= ENDINGS
    return costs


@bombs
def test_a_fortieth_of_a_bomb_costs_a_fraction_of_the_time_limit(bomb: Bomb) -> None:
    assert max(_costs(bomb, 40)) < READER_SECONDS / 10


@pytest.mark.guard
@bombs
def test_a_whole_bomb_costs_less_than_the_time_limit(bomb: Bomb) -> None:
    assert max(_costs(bomb, 1)) < READER_SECONDS


def test_hostile_pages_among_those_it_is_learned_from_spoil_no_template() -> None:
    hostile = [
        page(bomb.page(50), url=f"https://almithal.test/h{number}")
        for number, bomb in enumerate(BOMBS.values())
    ]
    pages = [*(_article(seed) for seed in range(10)), *hostile[::5]]
    learned: list[Template] = []

    cost = _cost(lambda: learned.append(learn_template(pages)))
    reading = read_page(_article(50), replace(CONTEXT, template=learned[0]))

    assert cost < READER_SECONDS
    assert learned[0].usable
    assert reading.template_id == learned[0].id
    assert reading.text.split() == " ".join(text_of(TONGUES["en"], 50)).split()
