"""Who signed an article."""

from __future__ import annotations

import json

import pytest

from crawler.reading.bylines import byline
from crawler.reading.heads import read_head
from crawler.reading.markup import open_markup

URL = "https://rivegauche.test/a1"
SITE = '<meta property="og:site_name" content="Rive Gauche">'


def found(head: str = "", body: str = "", hint: str | None = None) -> tuple[str, str]:
    """The byline of a page, and its method."""
    markup = open_markup(f"<html><head>{SITE}{head}</head><body>{body}</body></html>")
    return byline(read_head(markup.document), URL, hint, lambda: markup.tree)


def data(**facts: object) -> str:
    """A description of an article for machines."""
    told = {"@type": "NewsArticle", "headline": "Le marché rouvre", **facts}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (data(author=[{"@type": "Person", "name": "Par Leïla Exemple"}]), "Leïla Exemple"),
        (data(author={"@type": "Organization", "name": "Agence Inventée"}), "Agence Inventée"),
        (data(author=[{"name": ""}, {"name": "Leïla Exemple"}]), "Leïla Exemple"),
        ('<meta name="author" content="ليلى المثالية">', "ليلى المثالية"),
    ],
)
def test_a_stated_byline_is_taken(head: str, expected: str) -> None:
    assert found(head)[0] == expected


@pytest.mark.parametrize(
    "head",
    [
        data(author={"name": "Rive Gauche"}, publisher={"name": "Rive Gauche"}),
        data(author={"name": ", Rive Gauche"}),
        '<meta name="author" content="redaction@rivegauche.test">',
        '<meta property="article:author" content="262588213843476">',
        '<meta property="article:author" content="https://facebook.test/rive">',
        '<meta name="author" content="#">',
    ],
)
def test_the_sites_own_name_and_addresses_are_no_byline(head: str) -> None:
    assert found(head) == ("", "")


def test_a_person_stands_behind_the_sites_name() -> None:
    head = data(author={"name": "Rive Gauche"}) + '<meta name="author" content="Leïla Exemple">'

    assert found(head) == ("Leïla Exemple", "meta")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<h1>T</h1><div class="byline">Par Leïla Exemple | 5 mars 2026</div>', "Leïla Exemple"),
        ('<span itemprop="author"><b>By Sara Example</b></span>', "Sara Example"),
        ('<p class="author">بقلم: ليلى المثالية</p>', "ليلى المثالية"),
        ('<div class="post-author">Leïla Exemple, Rabat</div>', "Leïla Exemple"),
        ('<div class="byline">5 mars 2026</div>', ""),
        ('<div class="byline">Rive Gauche</div>', ""),
        ('<div class="author">About the author</div>', ""),
        ('<aside><p class="author">Leïla Exemple</p></aside>', ""),
        ('<div class="comments"><b class="author">Un Lecteur</b></div>', ""),
    ],
)
def test_a_shown_byline_is_taken_where_nothing_is_stated(body: str, expected: str) -> None:
    assert found("", body)[0] == expected
