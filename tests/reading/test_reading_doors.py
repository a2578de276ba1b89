"""What a site's page tells about the ways into the site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading.reading_pages import page

from crawler.reading.common_paths import FEEDS, feed_guesses, same_place, sitemap_guesses
from crawler.reading.door_records import Doors
from crawler.reading.doors import MOST_FEEDS, read_doors

HOST = "almithal.test"
FRONT = """<!doctype html><html lang="ar-IQ"><head><title>المثال | الرئيسية</title>
<meta property="og:site_name" content="صحيفة المثال">
<link rel="alternate" type="application/rss+xml" href="/all.xml"></head><body>
<header><a href="/">الرئيسية</a><a href="/politics">سياسة</a><a href="/society/">مجتمع</a>
<a href="/index.php?cat=7">ثقافة</a><a href="/about-us">من نحن</a>
<a href="https://other.test/economy">اقتصاد</a></header>
<a href="/2026/03/01/council-meets-again-in-town">The council meets again in town today</a>
<a href="/rss/politics.xml">RSS</a><a href="/img/rss.png"><img></a>
<a type="application/atom+xml" href="/updates">Atom</a>
<a href="https://feedly.com/i/subscription/feed/x">Feedly</a>
<a href="/feedback">Feedback</a></body></html>"""


def doors(markup: str) -> Doors:
    return read_doors(page(markup), [HOST])


def test_a_front_page_tells_its_feeds_sections_name_and_language() -> None:
    found = doors(FRONT)

    assert found.feeds == ("https://almithal.test/all.xml",)
    assert found.feed_links == (
        "https://almithal.test/rss/politics.xml",
        "https://almithal.test/updates",
    )
    assert found.sections == (
        "https://almithal.test/politics",
        "https://almithal.test/society/",
        "https://almithal.test/index.php?cat=7",
    )
    assert found.names[0] == "صحيفة المثال"
    assert (found.language, found.wall, found.reason) == ("ar", "", "")


def test_without_menus_any_short_link_may_be_a_section() -> None:
    found = doors('<html><body><a href="/sport">Sport</a><a href="/a/12345">Long</a></body></html>')

    assert found.sections == ("https://almithal.test/sport",)


def test_a_challenge_page_is_told_from_a_front_page() -> None:
    wall = "<html><head><title>Just a moment...</title></head><body>Enable scripts</body></html>"

    assert doors(wall).wall == "challenge page: Just a moment..."
    many = "<p>" + "word " * 200 + "</p>"
    assert doors(wall.replace("Enable scripts", many)).wall == ""


@pytest.mark.parametrize(
    ("said", "language"),
    [("ckb", "ckb"), ("ku-Arab", "ckb"), ("ku", ""), ("fr_FR", "fr"), ("", ""), ("بله", "")],
)
def test_a_language_is_taken_from_the_page_only_where_it_is_clear(said: str, language: str) -> None:
    assert doors(f'<html lang="{said}"><body><p>x</p></body></html>').language == language


def test_a_page_with_a_feed_for_each_tag_gives_a_few() -> None:
    links = "".join(f'<a href="/tag/{n}/feed/">{n}</a>' for n in range(500))

    assert len(doors(f"<html><body>{links}</body></html>").feed_links) == MOST_FEEDS


@given(st.text(max_size=400))
def test_any_page_tells_something_or_why_not(markup: str) -> None:
    found = doors(markup)

    assert isinstance(found, Doors)


def test_guesses_are_few_and_on_the_site() -> None:
    guesses = list(feed_guesses("https://almithal.test/home", ["ar", "fr", "ckb", "en", "ar"]))

    assert guesses[0] == "https://almithal.test/feed"
    assert len(guesses) == len(set(guesses)) <= len(FEEDS) + 12
    assert all(url.startswith("https://almithal.test/") for url in guesses)
    assert "https://almithal.test/ckb/rss.xml" in guesses
    assert next(sitemap_guesses("https://almithal.test/")) == "https://almithal.test/sitemap.xml"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://x.test/feed", "https://www.x.test/feed/", True),
        ("http://x.test/?feed=rss2", "http://x.test/?feed=atom", False),
        ("http://x.test/feed", "http://y.test/feed", False),
        ("http://x.test/a", "http://x.test/A", False),
    ],
)
def test_places_that_differ_in_scheme_and_slash_are_one(one: str, other: str, same: bool) -> None:
    assert (same_place(one) == same_place(other)) is same
