"""What a page states is the same by either parser: templates and the careful way agree on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.demo.articles import sites
from crawler.demo.layouts import article_page
from crawler.reading.body import Document
from crawler.reading.heads import Head, head_of, read_head
from crawler.reading.markup import Markup

PAGES = [
    article_page(site, article, "http://a.test", article.published + timedelta(days=1))
    for site in sites()
    for article in site.articles[:2]
]
ODD = [
    # zero-width marks, entities, attributes in capitals, facts inside the body
    "<html lang='ckb'><head><title>دەنگ&zwnj;ی ڕێک\u200cخراو &amp; گەل</title>"
    "<META Property='og:title' CONTENT='ڕێک\u200cخراو'></head><body><h1>ڕێک&#8204;خراو\n نوێ</h1>"
    "<a REL='nofollow Author' href='/q'>ئاسۆ</a><div class='comments'>"
    "<meta itemprop='datePublished' content='2026-01-01'></div>"
    "<div><meta itemprop='datePublished' content='2026-01-02'></div></body></html>",
    # broken JSON-LD beside a good one, an empty title, a title of a drawing
    "<title></title><svg><title>drawing</title></svg>"
    '<script type="application/LD+json">{"@type": "NewsArticle", "headline": "A & B", }</script>'
    "<script type='application/ld+json'>{no</script><link rel=canonical href=/x><p>text",
    "plain words",
]


def heads(markup: str) -> tuple[Head, Head]:
    page = Markup(markup)
    assert isinstance(page.document, Document)
    return read_head(page.document), head_of(page.tree)


@pytest.mark.parametrize("markup", [*PAGES, *ODD])
def test_both_parsers_gather_the_same(markup: str) -> None:
    careful, fast = heads(markup)

    assert fast == careful


def test_facts_of_comments_are_not_the_articles() -> None:
    _, fast = heads(ODD[0])

    assert fast.metas["datepublished"] == ["2026-01-02"]
    assert fast.signed == ["ئاسۆ"]
    assert fast.headings == ["ڕێک\u200cخراو نوێ"]
    assert fast.title == "دەنگ\u200cی ڕێک\u200cخراو & گەل"


@pytest.mark.parametrize("hostile", ["&#0;", "&#xD800;", "&#xDFFF;", "&#x110000;", "\0"])
def test_what_no_database_holds_is_in_no_fact(hostile: str) -> None:
    fact = f"<meta property='og:title' content='a{hostile}b'><title>a{hostile}b</title>"
    fast = head_of(Markup(f"{fact}<h1>a{hostile}b</h1><h1>a<b>{hostile}</b>b</h1>").tree)

    for told in (fast.meta("og:title"), fast.title, *fast.headings):
        assert "\0" not in told
        assert told.encode()
