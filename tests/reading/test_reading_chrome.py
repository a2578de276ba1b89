"""Whoever is named around an article is not mentioned in it, in any layout, language or way."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from newsroom.chrome import LAYOUTS, PLANTED, TONGUES, headline_of, page_of, text_of
from reading.reading_pages import context, page

from crawler.reading.mentions import Matcher
from crawler.reading.page import read_page
from crawler.reading.templates import learn_template
from storage.models import Page, Reading, ReadingContext
from storage.template_records import Template

LEARNED_FROM = 12

forms = pytest.mark.parametrize(
    ("language", "layout"), [(language, layout) for language in TONGUES for layout in LAYOUTS]
)
ways = pytest.mark.parametrize("way", ["careful", "template"])


def _page(language: str, layout: str, seed: int, *, named: bool = False) -> Page:
    url = f"https://almithal.test/2026/11/20/a{seed}"
    return page(page_of(language, layout, seed, named=named), url=url)


@cache
def _template(language: str, layout: str) -> Template:
    return learn_template([_page(language, layout, seed) for seed in range(LEARNED_FROM)])


def _context(language: str, layout: str, way: str) -> ReadingContext:
    matcher = Matcher.for_names({PLANTED: [TONGUES[language].name]})
    plain = context(languages=(language,), matcher=matcher)
    return replace(plain, template=_template(language, layout)) if way == "template" else plain


def _readings(
    language: str, layout: str, way: str, *, named: bool = False, count: int = 3
) -> list[Reading]:
    known = _context(language, layout, way)
    seeds = range(100, 100 + count)
    return [read_page(_page(language, layout, seed, named=named), known) for seed in seeds]


@ways
@forms
def test_a_name_in_a_pages_chrome_is_no_mention(language: str, layout: str, way: str) -> None:
    found = [
        (mention.surface, reading.text[max(0, mention.start - 60) : mention.end + 60])
        for reading in _readings(language, layout, way)
        for mention in reading.mentions
    ]

    assert found == []


@ways
@forms
def test_nothing_of_the_article_is_lost_with_the_chrome(
    language: str, layout: str, way: str
) -> None:
    tongue = TONGUES[language]

    for seed, reading in zip(range(100, 103), _readings(language, layout, way), strict=True):
        assert reading.headline == headline_of(tongue, seed)
        assert reading.text.split() == " ".join(text_of(tongue, seed)).split()
        assert bool(reading.template_id) == (way == "template")


@ways
@forms
def test_the_same_name_in_the_text_is_a_mention(language: str, layout: str, way: str) -> None:
    for reading in _readings(language, layout, way, named=True, count=2):
        assert [mention.actor_id for mention in reading.mentions] == [PLANTED]
