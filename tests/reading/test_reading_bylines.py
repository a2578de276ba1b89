"""Who signed an article."""

from __future__ import annotations

import json

import pytest

from crawler.reading.bylines import byline
from crawler.reading.heads import read_head
from crawler.reading.markup import open_markup
from crawler.reading.titles import Site

URL = "https://rivegauche.test/a1"
SITE = '<meta property="og:site_name" content="Rive Gauche">'


def found(head: str = "", body: str = "", hint: str | None = None) -> tuple[str, str]:
    """The byline of a page, and its method."""
    markup = open_markup(f"<html><head>{SITE}{head}</head><body>{body}</body></html>")
    return byline(Site(read_head(markup.document), URL), hint, lambda: markup.tree)


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


@pytest.mark.parametrize(
    "stated",
    [
        "Leïla Exemple, Rive Gauche",
        "Leïla Exemple, rivegauche.test",
        "Leïla Exemple, leila@rivegauche.test",
        "Leïla Exemple | Pour rivegauche.test",
        "Leïla Exemple |",
        "Leïla Exemple -",
        "Auteur : Leïla Exemple",
        "Author: Leïla Exemple",
        "View all posts by Leïla Exemple",
    ],
)
def test_what_is_no_name_is_cut_off(stated: str) -> None:
    assert found(f'<meta name="author" content="{stated}">')[0] == "Leïla Exemple"


@pytest.mark.parametrize(
    "stated",
    [
        "Leïla Exemple, Omar Modèle",
        "Leïla Exemple | Agence Inventée",
        "Leïla Exemple (à Rabat)",
        "Al-Mithal",
        "مراسل: سلا",
    ],
)
def test_all_of_a_byline_stays(stated: str) -> None:
    assert found(f'<meta name="author" content="{stated}">')[0] == stated


@pytest.mark.parametrize(
    "shown", ["الكاتبة: ليلى المثالية", "ليلى المثالية (الرباط، 5", "ليلى المثالية -"]
)
def test_a_shown_byline_is_cut_to_the_name(shown: str) -> None:
    assert found("", f'<p class="author">{shown}</p>')[0] == "ليلى المثالية"


def test_what_is_called_otherwise_than_a_byline_is_none() -> None:
    body = "<p class='authority'>Leïla Exemple</p><p class='co-author-bio'>Omar Modèle</p>"

    assert found("", body) == ("", "")
