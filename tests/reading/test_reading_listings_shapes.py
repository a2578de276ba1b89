"""Shapes of addresses, the patterns proposed from them, and the numbers of pages."""

from __future__ import annotations

import doctest
import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.paging import page_number
from crawler.reading.patterns import compile_pattern
from crawler.reading.url_anatomy import anatomy
from crawler.reading.url_patterns import propose_pattern
from crawler.reading.url_shapes import learn, may_be_article, seen_by_patterns
from crawler.reading.urls import clean_url

ROOT = "https://sahifa.test"


def urls(form: str, numbers: range) -> list[str]:
    sections = ("sport", "news", "politics", "world")
    return [
        ROOT
        + form.format(
            n=n, d=n % 28 + 1, s=sections[n % 4], t=f"a-title-of-some-{'x' * (n % 9 + 1)}"
        )
        for n in numbers
    ]


FORMS = (
    "/news/{n}.html",
    "/{s}/{n}/{t}",
    "/2026/11/{d}/{t}/",
    "/?p={n}",
    "/posts.php?id={n}",
    "/index.php?option=com_content&view=article&id={n}",
    "/#!/news/{n}",
    "/{t}-{n}",
    "/{t}/",
    "/article-{n}",
    "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/{n}",
    "/it's/{n}",
)
OTHERS = (
    "/", "/about-us", "/tag/7", "/author/12", "/section/3", "/?cat=4", "/?page=2", "/contact",
    "/index.php?option=com_content&view=category&id=5", "/2026/11/", "/#!/about", "/login",
)  # fmt: skip


@pytest.mark.parametrize("module", ["url_anatomy", "url_patterns", "url_shapes", "paging"])
def test_the_examples_hold(module: str) -> None:
    failed, attempted = doctest.testmod(importlib.import_module(f"crawler.reading.{module}"))
    assert attempted and not failed


@pytest.mark.parametrize("form", FORMS)
def test_what_was_learned_fits_other_articles_and_no_other_links(form: str) -> None:
    shapes = learn(urls(form, range(5000, 5030)))

    assert all(shapes.fits(url) for url in urls(form, range(5100, 5150)))
    assert not [url for url in OTHERS if shapes.fits(ROOT + url)]


@pytest.mark.parametrize("form", FORMS)
def test_a_proposed_pattern_meets_other_articles_and_no_other_links(form: str) -> None:
    others = [ROOT + url for url in OTHERS]

    pattern = propose_pattern(urls(form, range(5000, 5030)), others)

    assert pattern is not None
    assert "'" not in pattern  # it stands in quotes in an outlet's file
    met = compile_pattern(pattern)
    assert all(met.search(seen_by_patterns(url)) for url in urls(form, range(5100, 5150)))
    assert not [url for url in others if met.search(seen_by_patterns(url))]


def test_nothing_is_proposed_from_addresses_that_have_nothing_in_common() -> None:
    apart = [ROOT + path for path in ("/a/1", "/b-c-d/x", "/2026/11/22/t-u", "/?p=4", "/q/w/e/5")]

    assert propose_pattern(apart) is None
    assert propose_pattern([]) is None
    assert not learn(apart)


def test_a_word_that_all_articles_share_has_to_stand_there() -> None:
    shapes = learn(urls("/news/{n}", range(5000, 5030)))

    assert not shapes.fits(ROOT + "/kuttab/5031")


def test_where_many_words_stand_any_may_but_those_of_lists() -> None:
    shapes = learn(urls("/{s}/{n}", range(5000, 5030)))

    assert shapes.fits(ROOT + "/women/5031")
    assert not shapes.fits(ROOT + "/tag/5031")
    assert not shapes.fits(ROOT + "/وسم/5031")


def test_articles_stand_in_sections_and_in_sections_of_sections() -> None:
    shapes = learn([*urls("/{s}/{n}.html", range(5000, 5010)),
                    *urls("/{s}/local/{n}.html", range(5010, 5020))])  # fmt: skip

    assert shapes.fits(ROOT + "/sport/football/women/5031.html")
    assert not shapes.fits(ROOT + "/sport/tag/women/5031.html")
    assert not learn(urls("/news/{n}.html", range(5000, 5030))).fits(ROOT + "/a/news/5031.html")


def test_a_number_that_begins_a_title_belongs_to_it() -> None:
    shapes = learn(urls("/{s}/{t}", range(5000, 5030)))

    assert shapes.fits(ROOT + "/world/300-people-met-in-the-square")


@pytest.mark.parametrize(
    ("path", "may"),
    [("/news/5", True), ("/a-title-of-words", True), ("/about-us", False), ("/tag/5", False),
     ("/?page=5", False), ("/?p=5", True), ("/2026/11/20/", True), ("/politics", False)],
)  # fmt: skip
def test_an_address_alone_may_tell_an_article(path: str, may: bool) -> None:
    assert may_be_article(ROOT + path) is may


def test_one_article_has_one_anatomy_however_it_is_written() -> None:
    encoded = ROOT + "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/12"

    assert anatomy(encoded) == anatomy(ROOT + "/أخبار/12?utm_source=x") == anatomy(encoded.lower())


@given(st.lists(st.text(st.sampled_from("/?&=#!.-_0123456789abكدç%2"), max_size=40), max_size=12))
def test_any_addresses_are_taken_apart_and_a_pattern_holds_for_its_own(tails: list[str]) -> None:
    found = [url for tail in tails if (url := clean_url(f"{ROOT}/{tail}"))]

    shapes, pattern = learn(found, least=1), propose_pattern(found)

    assert all(isinstance(shapes.fits(url), bool) for url in found)
    if pattern is not None:
        met = sum(bool(compile_pattern(pattern).search(seen_by_patterns(url))) for url in found)
        assert met >= 0.9 * len(set(found)) - 1e-9
    assert all(page_number(url) is None or page_number(url) >= 0 for url in found)  # type: ignore[operator]  # the None was asked for
