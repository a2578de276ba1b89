"""Addresses that a page gives as its own: which are taken, and which are no address of it."""

from __future__ import annotations

import pytest
from reading.reading_pages import article, context, page

from crawler.reading.metadata import is_front_page
from crawler.reading.page import read_page
from crawler.reading.urls import clean_url

OWN = "https://almithal.test"


def canonical(head: str) -> str | None:
    return read_page(page(article(head=head)), context()).canonical_url


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (f"{OWN}/a/7", f"{OWN}/a/7"),
        ("//www.almithal.test/a/7", "https://www.almithal.test/a/7"),
        ("/a/7", f"{OWN}/a/7"),
        ("almithal.test/a/7", f"{OWN}/a/7"),
        ("a/7", None),
        ("", None),
        ("null", None),
        ("{{ url }}", None),
        (f"{OWN}/", None),
        (f"{OWN}/?lang=ar", None),
        (f"{OWN}/fr/accueil", None),
        ("https://alakhar.test/a/7", None),
        ("https://almithal.test.alakhar.test/a/7", None),
    ],
)
def test_og_url_is_taken_where_it_is_a_whole_address_of_the_outlet(
    said: str, taken: str | None
) -> None:
    assert canonical(f'<meta property="og:url" content="{said}">') == taken


def test_a_canonical_link_of_another_outlet_leaves_og_url_to_tell() -> None:
    head = '<link rel="canonical" href="https://alakhar.test/a/7">'

    assert canonical(f'{head}<meta property="og:url" content="{OWN}/a/8">') == f"{OWN}/a/8"


def test_the_views_that_a_page_names_are_kept_with_their_kind() -> None:
    head = (
        '<link rel="amphtml" href="/a/7/amp">'
        '<link rel="alternate" media="only screen and (max-width: 640px)" '
        'href="//m.almithal.test/7">'
        '<link rel="alternate" media="print" href="/print.php?n=7">'
        '<link rel="alternate" hreflang="fr" href="/fr/7">'
        '<link rel="amphtml" href="https://alakhar.test/amp">'
        '<link rel="amphtml" href="/">'
    )

    assert read_page(page(article(head=head)), context()).alternates == (
        ("amp", f"{OWN}/a/7/amp"),
        ("mobile", "https://m.almithal.test/7"),
        ("print", f"{OWN}/print.php?n=7"),
    )


@pytest.mark.parametrize(
    "path", ["/", "/ar", "/ckb/", "/index.html", "/fr/home", "/?hl=ar", "/#!/a"]
)
def test_a_front_page_is_one_in_any_language(path: str) -> None:
    assert is_front_page(OWN + path)


@pytest.mark.parametrize("path", ["/a", "/?p=12", "/news/index.html", "/ar/a", "/ar?id=3"])
def test_other_pages_are_no_front_page(path: str) -> None:
    assert not is_front_page(OWN + path)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/#!/news/5", f"{OWN}/#!/news/5"),
        ("#/خبر/5", f"{OWN}/a/b#/%D8%AE%D8%A8%D8%B1/5"),
        ("/a#comments", f"{OWN}/a"),
        ("/a#!", f"{OWN}/a"),
        ("/a#//x", f"{OWN}/a"),
    ],
)
def test_a_fragment_that_chooses_a_document_is_kept(href: str, address: str) -> None:
    assert clean_url(href, f"{OWN}/a/b#top") == address
