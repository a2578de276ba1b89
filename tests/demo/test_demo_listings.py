"""Front pages, sections, paging, sitemaps, and what befalls whole sites between the nights."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree import ElementTree

from crawler.demo.answers import Answer
from crawler.demo.articles import sites
from crawler.demo.editions import edition
from crawler.demo.httpserver import Request, respond
from crawler.demo.newsroom import NIGHTS
from crawler.demo.records import Site, link

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "http://{}:8080"


def at(now: datetime) -> Mapping[tuple[str, str], Answer]:
    return edition(sites(), 8080, now)


def site(slug: str) -> Site:
    return next(each for each in sites() if each.slug == slug)


def text(host: str, path: str, night: int = 0) -> str:
    return at(NIGHTS[night])[host, path].plain.decode()


def hrefs(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


def locs(xml: str | bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(xml).iter(SPACE + "loc")]


def test_pages_of_a_listing_together_show_every_article_once() -> None:
    own = site("nawras")
    pages = [text(own.host, path) for path in ("/", "/?page=2")]
    lists = [page.partition("<aside")[0] for page in pages]
    found = [href for page in lists for href in hrefs(page) if href.startswith("/article/")]

    assert list(dict.fromkeys(found)) == [each.path for each in own.shown(NIGHTS[0])]
    assert ["/?page=2" in hrefs(page) for page in pages] == [True, False]


def test_pages_are_numbered_in_the_path_where_a_site_does_so() -> None:
    page = text("nergiz.test", "/hewal")

    assert "/hewal/page/2" in hrefs(page)
    assert "/hewal/2026/02/pirdi-daristan" in hrefs(text("nergiz.test", "/hewal/page/2"))
    assert ("nergiz.test", "/hewal/page/3") not in at(NIGHTS[0])


def test_the_menu_leads_to_sections_with_their_articles() -> None:
    own = site("nawras")

    assert "/s/1" in hrefs(text(own.host, "/"))
    section = text(own.host, "/s/1").partition("<aside")[0]
    found = [href for href in hrefs(section) if href.startswith("/article/")]
    assert set(found) == {"/article/10412", "/article/10419"}


def test_beside_a_listing_stand_its_oldest_articles() -> None:
    """As most-read boxes do: what is known stands before what is new."""
    front = text("nawras.test", "/", 1)
    oldest = [each.path for each in site("nawras").most_read(NIGHTS[1])]

    assert oldest == ["/article/10419", "/article/10412"]
    assert hrefs(front.partition('class="most-read"')[2])[:2] == oldest
    assert site("argan").most_read(NIGHTS[1]) == []


def test_an_index_leads_to_packed_months_and_to_news() -> None:
    base = BASE.format("heron.test")
    parts = locs(text("heron.test", "/sitemap.xml"))

    assert parts == [
        f"{base}/sitemap-2026-03.xml.gz",
        f"{base}/sitemap-2026-02.xml.gz",
        f"{base}/sitemap-news.xml",
    ]
    packed = at(NIGHTS[0])["heron.test", "/sitemap-2026-02.xml.gz"]
    assert len(locs(gzip.decompress(packed.plain))) == 3
    assert "news:publication_date" in text("heron.test", "/sitemap-news.xml")
    assert f"Sitemap: {base}/sitemap.xml" in text("heron.test", "/robots.txt")


def test_a_packed_file_is_not_packed_again_for_the_way() -> None:
    answer = at(NIGHTS[0])["heron.test", "/sitemap-2026-02.xml.gz"]
    request = Request("GET", "/x", "HTTP/1.1", {"accept-encoding": "gzip"})

    head, _, body = respond(request, answer).partition(b"\r\n\r\n")

    assert b"Content-Encoding" not in head
    assert body == answer.plain


def test_the_feed_of_five_overflows_and_the_sitemap_holds_everything() -> None:
    own = site("sauterelle")
    feeds = [{each.path for each in own.offers(own.feeds[0], now)} for now in NIGHTS]
    months = locs(text(own.host, "/sitemap_index.xml", 1))
    listed = {
        loc.removeprefix(BASE.format(own.host))
        for month in months
        for loc in locs(text(own.host, month.removeprefix(BASE.format(own.host)), 1))
    }

    assert [len(feed) for feed in feeds] == [5, 5]
    assert not feeds[0] & feeds[1]
    assert listed == {link(each.path) for each in own.articles}
    assert own.sitemap is not None
    assert own.sitemap.path not in text(own.host, "/")


def test_after_a_redesign_addresses_and_pages_are_others() -> None:
    before, after = (text("rovi.test", "/", night) for night in (0, 1))

    assert "/nuce/7714" in hrefs(before)
    assert "/ku/gotar-7714.html" in hrefs(after)
    assert not re.search("/nuce/", after)
    assert ("rovi.test", "/nuce/7714") not in at(NIGHTS[1])
    assert 'class="card"' in before and "<tr><td>" in after


def test_behind_the_wall_every_page_is_the_challenge_but_robots() -> None:
    routes = {path: a for (host, path), a in at(NIGHTS[1]).items() if host == "sununu.test"}
    robots = routes.pop("/robots.txt")

    assert {answer.status for answer in routes.values()} == {200}
    assert all(b"Just a moment" in answer.plain for answer in routes.values())
    assert b"User-agent" in robots.plain
    assert b"Just a moment" not in at(NIGHTS[0])["sununu.test", "/feed"].plain


def test_a_web_page_stands_where_the_feed_was() -> None:
    before, after = (at(now)["grenade.test", "/rss.xml"] for now in NIGHTS)

    assert before.content_type == "application/rss+xml"
    assert (after.status, after.content_type) == (200, "text/html; charset=utf-8")
    assert after.plain == at(NIGHTS[1])["grenade.test", "/"].plain


def test_a_moved_site_leads_every_address_to_its_new_host() -> None:
    routes = at(NIGHTS[1])
    old = {path: a for (host, path), a in routes.items() if host == "lanternfish.test"}

    assert {answer.status for answer in old.values()} == {301}
    for path, answer in old.items():
        assert answer.headers == (("Location", f"http://deepwater-lantern.test:8080{link(path)}"),)
        assert routes["deepwater-lantern.test", path].status == 200
    assert ("deepwater-lantern.test", "/") not in at(NIGHTS[0])
    feed = routes["deepwater-lantern.test", "/atom.xml"].plain
    assert b"http://deepwater-lantern.test:8080/reports/" in feed


def test_the_frozen_feed_is_months_old_and_never_changes() -> None:
    newest = site("zaytuna").published(NIGHTS[1])[0].published

    assert (NIGHTS[0] - newest).days > 100
    assert len({at(now)["zaytuna.test", "/rss.asp"].etag for now in NIGHTS}) == 1
