"""A page that was made to do harm neither spoils what is learned nor takes long."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache

import pytest
from reading import template_outlets as made

from crawler.reading.page import read_page
from crawler.reading.templates import MOST_PAGES, learn_template
from storage.models import Page
from storage.template_records import Rules, Template, template_of

_ROWS = "".join(f'<div class="c{n} d{n}"><p>row {n} of things</p></div>' for n in range(1_200))
_CLASSES = " ".join(f"k{n}" for n in range(20_000))
HOSTILE = {
    "a block of two hundred kilobytes": f"<p>{'word another thing ' * 10_000}</p>",
    "nested ten thousand deep": f"{'<div>' * 10_000}x",
    "thousands of names": _ROWS,
    "thousands of names on one element": f'<div class="{_CLASSES}"><p>one two three</p></div>',
    "NUL and broken tags": "\0<<<>>>" * 2_000,
}


@cache
def usual() -> Template:
    return learn_template(made.pages("en", range(5)), context=made.context("en"))


@pytest.mark.parametrize("kind", HOSTILE)
def test_one_hostile_page_among_the_others_changes_nothing_for_them(kind: str) -> None:
    markup = made.markup(made.article("en", 50)).replace("<footer>", f"{HOSTILE[kind]}<footer>")
    hostile, known = made.page_of(markup), made.article("en", 51)
    started = time.process_time()

    template = learn_template([*made.pages("en", range(5)), hostile], context=made.context("en"))
    reading = read_page(made.page(known), replace(made.context("en"), template=template))

    assert reading.template_id == template.id
    assert reading.text == known.text
    assert len(template.to_json()) < 20_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_template_on_a_hostile_page_takes_the_article_or_refuses(kind: str) -> None:
    known = made.article("en", 52)
    markup = made.markup(known).replace("<footer>", f"{HOSTILE[kind]}<footer>")

    reading = read_page(made.page_of(markup), replace(made.context("en"), template=usual()))

    assert (
        reading.text == known.text if reading.template_id else "fallback" in dict(reading.methods)
    )


def test_more_pages_than_are_looked_at_cost_nothing() -> None:
    pages = made.pages("en", range(5)) * 200

    assert len(pages) > MOST_PAGES
    assert learn_template(pages, context=made.context("en")).pages <= 5


@pytest.mark.parametrize("css", ["###", "div:has(", "", ":lexbor-contains("])
def test_a_kept_template_with_wrong_css_means_the_careful_way(css: str) -> None:
    rules = Rules(containers=(css,), places=(("published_at", css), ("published_at as", "time")))
    wrong = template_of(rules, made_by="1", pages=2, usable=True)

    reading = read_page(
        made.page(made.article("en", 53)), replace(made.context("en"), template=wrong)
    )

    assert reading.template_id is None
    assert made.article("en", 53).paragraphs[0] in reading.text


_FOUNDED = "The union of water carriers, which Basma Example founded in 2005, asks for its members."
_NOTICE = "The Example asks all its readers to write to the desk and to follow what it says daily."


def _told(numbers: range, line: str, every: int) -> list[Page]:
    """Pages of which one in so many says a line between its own ones."""
    articles = [made.article("en", number) for number in numbers]
    return [
        made.page(replace(one, paragraphs=(*one.paragraphs[:2], line, *one.paragraphs[2:])))
        if place % every == 0
        else made.page(one)
        for place, one in enumerate(articles)
    ]


@pytest.mark.parametrize(("line", "every", "stays"), [(_FOUNDED, 3, True), (_NOTICE, 1, False)])
def test_what_some_articles_say_again_is_text_and_what_all_say_is_the_frame(
    line: str, every: int, stays: bool
) -> None:
    template = learn_template(_told(range(60, 66), line, every), context=made.context("en"))
    (page,) = _told(range(70, 71), line, 1)

    reading = read_page(page, replace(made.context("en"), template=template))

    assert reading.template_id
    assert (line in reading.text.split("\n")) is stays
