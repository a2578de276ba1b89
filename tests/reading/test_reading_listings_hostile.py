"""Listings as no outlet would write them: whatever comes, there is an answer, and soon."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.reading_pages import context, page

from crawler.reading.listing_records import ListingReading, ListingRule
from crawler.reading.listings import read_listing
from crawler.reading.urls import is_own_host

FRONT = "https://almithal.test/"
KNOWN = tuple(f"{FRONT}news/{n}.html" for n in range(100, 110))
RULES = (
    ListingRule(),
    ListingRule(pattern=r"/news/\d+"),
    ListingRule(known=KNOWN),
    ListingRule(pattern=".", known=KNOWN),
)
_HREFS = st.one_of(
    st.sampled_from(
        [
            "/news/5.html", "news/6", "?page=2", "//evil.test/news/7", "https://almithal.test:99999/",
            "javascript:alert(1)", "#", "#!/news/5", "http://[::1", "https://user:p@almithal.test/9",
            "data:text/html,x", "/a\x00b/5", "http:///x", "/news/%zz/5", "/news/%FF%FE/77",
            "https://almithal.test.evil.test/news/9", "https://xn--.test/5", "/" + "x/" * 90 + "5",
        ]
    ),
    st.text(max_size=60),
)  # fmt: skip
_TEXTS = st.one_of(
    st.sampled_from(["A headline of five words", "اقرأ المزيد", "", "2"]), st.text(max_size=40)
)
_ANCHORS = st.lists(
    st.tuples(_HREFS, _TEXTS, st.sampled_from(["li", "h3", "td", "nav", "p"])), max_size=25
)


def markup(anchors: list[tuple[str, str, str]]) -> str:
    escaped = (
        (href.replace("&", "&amp;").replace('"', "&quot;"), text.replace("<", "&lt;"), tag)
        for href, text, tag in anchors
    )
    return "<html><body>" + "".join(
        f'<{tag}><a href="{href}">{text}</a></{tag}>' for href, text, tag in escaped
    )


@given(_ANCHORS, st.sampled_from(RULES))
@settings(max_examples=150)
def test_only_addresses_on_the_outlets_hosts_come_out_each_once(
    anchors: list[tuple[str, str, str]], rule: ListingRule
) -> None:
    reading = read_listing(page(markup(anchors), url=FRONT), context(), rule)

    urls = [link.url for link in reading.links]
    assert len(urls) == len(set(urls))
    assert all(is_own_host(url, ("almithal.test",)) for url in urls)
    assert reading.next_page is None or is_own_host(reading.next_page, ("almithal.test",))
    assert bool(urls) == (reading.outcome == "read")


@given(st.binary(max_size=400), st.sampled_from(RULES))
@settings(max_examples=100)
def test_any_bytes_have_an_answer(body: bytes, rule: ListingRule) -> None:
    reading = read_listing(page(body, url=FRONT), context(), rule)

    assert reading.links or reading.reason


def attributes(order: int) -> str:
    """One page, its attributes in another order each time."""
    cards = []
    for n in range(8):
        parts = [f'href="/news/{n + 500}"', 'class="b a"', f'title="Report {n} of the council"']
        random.Random(order * 10 + n).shuffle(parts)
        cards.append(f"<li><a {' '.join(parts)}>Report {n} of the council</a></li>")
    return f"<html><body><ul>{''.join(cards)}</ul></body></html>"


def test_the_order_of_attributes_does_not_matter() -> None:
    found = {read_listing(page(attributes(n), url=FRONT), context(), RULES[0]) for n in range(6)}

    assert len(found) == 1
    assert len(found.pop().links) == 8


_MANY = "".join(
    f'<li><a href="/news/{n}.html">Report {n} of the council</a></li>' for n in range(9000)
)
HOSTILE = {
    "many links": f"<html><body><ul>{_MANY}</ul></body></html>",
    "deep": "<html><body>" + "<div class='most-read menu'>" * 240 + "<a href=/news/5>x y z w</a>",
    "too deep": "<html><body>" + "<div>" * 5000 + "<a href=/news/5>x</a>",
    "nested links": "<html><body>" + '<a href="/news/5">a long headline it is<div>' * 200,
    "huge text": f"<html><body><h3><a href=/news/5>{'word ' * 300_000}</a></h3></body></html>",
    "huge classes": "<html><body>" + "".join(
        f'<p class="{"most-read " * 500}"><a href="/news/{n}">A headline of words</a></p>'
        for n in range(400)
    ),
    "dates": "<html><body>" + "".join(
        f'<article><a href="/news/{n}">A headline of words</a><time>{"1" * 59}</time></article>'
        for n in range(900)
    ),
    "titles of boxes": "<html><body>" + "".join(
        f"<div><h4>most read {n}</h4><a href=/news/{n}>A headline of words</a></div>"
        for n in range(3000)
    ),
    "long query": "<html><body>" + "".join(
        f'<a href="/n?{"&".join(f"a{m}={n}" for m in range(150))}">A headline of words</a>'
        for n in range(300)
    ),
    "tables": "<html><body>" + "<table><tr><td>" * 80 + "<a href=/news/5>A headline</a>" * 500,
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("rule", RULES, ids=["blocks", "pattern", "learned", "all"])
def test_no_page_takes_long(kind: str, rule: ListingRule) -> None:
    began = time.process_time()

    reading = read_listing(page(HOSTILE[kind], url=FRONT), context(), rule)

    assert time.process_time() - began < 4.0
    assert isinstance(reading, ListingReading)
    assert len(reading.links) <= 300


def test_marks_of_direction_stay_in_headlines_and_nothing_unstorable_does() -> None:
    text = "ڕێکخراوی ژینگەپارێزانی\u200cی چیا\x00 ڕایگەیاند"

    [link] = read_listing(
        page(f'<html><body><h3><a href="/news/5">{text}</a></h3></body></html>', url=FRONT),
        context(), RULES[1],
    ).links  # fmt: skip

    assert "\u200c" in link.headline
    assert not re.search("[\x00\ud800-\udfff]", link.headline)
