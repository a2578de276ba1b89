"""What the newsroom answers is a function of the clock, and agrees with its plan."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import pytest
from protego import Protego

from crawler.demo.answers import Answer
from crawler.demo.articles import sites
from crawler.demo.dates import in_words
from crawler.demo.editions import edition
from crawler.demo.newsroom import NIGHTS
from crawler.demo.records import Feed, Site
from storage.finding import VisitOutcome
from storage.models import Outcome

PORT = 8080
HEALTHY = [(site, feed) for site in sites() for feed in site.feeds if not feed.fault]


def at(now: datetime) -> Mapping[tuple[str, str], Answer]:
    return edition(sites(), PORT, now)


def site(slug: str) -> Site:
    return next(each for each in sites() if each.slug == slug)


def links(own: Site, feed: Feed, now: datetime) -> list[str]:
    """The absolute links of a feed, as a careful client resolves them."""
    address = f"http://{own.host}:{PORT}{feed.path}"
    body = at(now)[own.host, feed.path].plain
    if feed.format == "json":
        return [item["url"] for item in json.loads(body)["items"]]
    return [urljoin(address, entry.link) for entry in feedparser.parse(body).entries]


def path_of(url: str) -> str:
    return unquote(urlsplit(url).path)


@pytest.mark.parametrize(("own", "feed"), HEALTHY, ids=lambda each: getattr(each, "path", ""))
def test_each_feed_lists_the_published_articles_newest_first(own: Site, feed: Feed) -> None:
    found = links(own, feed, NIGHTS[0])

    assert [path_of(url) for url in found] == [a.path for a in own.offers(feed, NIGHTS[0])]
    assert all(urlsplit(url).netloc == f"{own.host}:{PORT}" for url in found)
    assert all(urlsplit(url).query == feed.tracking for url in found)


def test_all_four_formats_and_all_three_kinds_of_links_are_there() -> None:
    assert {feed.format for _, feed in HEALTHY} == {"rss", "atom", "json", "rdf"}
    assert {feed.links for _, feed in HEALTHY} == {"absolute", "relative", "protocol"}
    assert b"<link>/\xd8" in at(NIGHTS[0])["manara.test", "/rss.xml"].plain
    assert b"<link>//cigogne.test" in at(NIGHTS[0])["cigogne.test", "/fr/rss.xml"].plain


def test_a_feed_never_shows_more_than_forty_items() -> None:
    many = site("manara")
    article = many.articles[0]
    copies = [
        article.model_copy(update={"path": f"/{i}", "published": NIGHTS[0] - timedelta(hours=i)})
        for i in range(60)
    ]
    crowded = many.model_copy(update={"articles": tuple(copies)})

    assert len(crowded.offers(many.feeds[0], NIGHTS[0])) == 40


def test_an_article_is_not_there_before_it_is_published() -> None:
    article = site("argan").articles[0]

    before = at(article.published - timedelta(seconds=1))
    after = at(article.published)

    assert ("argan.test", article.path) not in before
    assert after["argan.test", article.path].status == 200


def test_the_same_instant_gives_the_same_bytes_whatever_was_asked_before() -> None:
    first = {key: answer.plain for key, answer in at(NIGHTS[0]).items() if not answer.reset}
    at(NIGHTS[1])
    second = {key: answer.plain for key, answer in at(NIGHTS[0]).items() if not answer.reset}

    assert first == second


def test_windows_1256_is_what_it_says() -> None:
    routes = at(NIGHTS[0])
    page = routes["nakhla.test", "/news.php/1841"]

    assert page.content_type == "text/html; charset=windows-1256"
    assert "سلوى الدفتر" in page.plain.decode("windows-1256")
    with pytest.raises(UnicodeDecodeError):
        page.plain.decode("utf-8")
    feed = routes["nakhla.test", "/backend.rdf"].plain
    assert feed.startswith(b'<?xml version="1.0" encoding="windows-1256"?>')


def test_an_edit_changes_page_and_feed_and_leaves_the_published_time() -> None:
    path = "/news/2026/03/01/farasha-arrest"
    before, after = at(NIGHTS[0]), at(NIGHTS[1])

    pages = [routes["lulua.test", path] for routes in (before, after)]
    entries = [
        next(e for e in feedparser.parse(r["lulua.test", "/rss"].plain).entries if path in e.link)
        for r in (before, after)
    ]

    assert ["الناشط" in page.plain.decode() for page in pages] == [True, False]
    assert ["المشتبه به" in page.plain.decode() for page in pages] == [False, True]
    assert [dict.get(entry, "updated", "") for entry in entries] == ["", "2026-03-02T14:30:00Z"]
    assert entries[0].published == entries[1].published


def test_a_withdrawn_article_is_gone_and_still_in_the_feed() -> None:
    gone = at(NIGHTS[0])["mahar.test", "/stories/parking-poem"]

    assert gone.status == 410
    assert any(
        "parking-poem" in url for url in links(site("mahar"), site("mahar").feeds[0], NIGHTS[0])
    )
    assert at(NIGHTS[0])["zaafaran.test", "/medias/103588"].status == 200
    assert at(NIGHTS[1])["zaafaran.test", "/medias/103588"].status == 410


def test_the_outlet_that_is_down_answers_503_and_resets() -> None:
    routes = at(NIGHTS[0])

    assert routes["sadaf.test", "/feed"].status == 503
    assert routes["sadaf.test", "/local/feed"].reset
    assert routes["sadaf.test", "/"].reset
    assert ("sadaf.test", "/robots.txt") not in routes


def test_robots_forbid_what_the_plan_says_they_forbid() -> None:
    for own in sites():
        rules = Protego.parse(own.robots or "")
        for feed in own.feeds:
            assert rules.can_fetch(feed.path, "marsad") == (feed.expect != VisitOutcome.ROBOTS)
        for article in own.articles:
            allowed = rules.can_fetch(article.path, "marsad")
            assert allowed == (article.expect != Outcome.ROBOTS), article.path


@pytest.mark.parametrize(
    ("language", "style", "zone", "words"),
    [
        ("ar", "iraqi", "Asia/Baghdad", "الاثنين 2 آذار 2026 - 11:05"),
        ("ar", "moroccan", "Africa/Casablanca", "الاثنين 2 مارس 2026 - 08:05"),
        ("fr", "plain", "Africa/Casablanca", "lundi 2 mars 2026 à 08h05"),
        ("en", "plain", "Asia/Bahrain", "Monday, 2 March 2026, 11:05"),
        ("ckb", "plain", "Asia/Baghdad", "دووشەممە، ٢ی ئازاری ٢٠٢٦ - ١١:٠٥"),
        ("kmr", "plain", "Asia/Baghdad", "Duşem, 2'ê Adara 2026 11:05"),
    ],
)
def test_visible_dates_are_in_the_words_of_the_country(
    language: str, style: str, zone: str, words: str
) -> None:
    assert in_words(datetime(2026, 3, 2, 8, 5, tzinfo=UTC), language, style, zone) == words


def test_moroccan_months_are_their_own() -> None:
    assert "دجنبر" in in_words(
        datetime(2025, 12, 9, tzinfo=UTC), "ar", "moroccan", "Africa/Casablanca"
    )


def test_no_page_holds_an_unfilled_placeholder() -> None:
    for (host, path), answer in at(NIGHTS[1]).items():
        if not answer.reset and "html" in answer.content_type:
            assert not re.search(rb"\$[a-z_]+|\{port\}", answer.plain), (host, path)


def test_the_front_page_names_its_feeds_and_links_to_articles() -> None:
    front = at(NIGHTS[0])["cigogne.test", "/"].plain.decode()

    assert front.count('rel="alternate"') == 2
    assert 'href="http://cigogne.test:8080/fr/rss.xml"' in front
    assert front.count("<li><a href=") >= 11
