"""What the whole newsroom answers at one instant: a table from host and path to an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime

from crawler.demo.answers import RESET, Answer
from crawler.demo.feeds import TYPES, Head, entries, write
from crawler.demo.layouts import article_page, wall_page
from crawler.demo.listings import front_page, listing_pages
from crawler.demo.records import Article, Feed, Site, link
from crawler.demo.sitemaps import sitemap_answers

Routes = Mapping[tuple[str, str], Answer]
GONE = Answer(410, body=b"<!doctype html><title>410</title><h1>Withdrawn</h1>\n")
ROBOTS = "/robots.txt"


def edition(sites: Iterable[Site], port: int, now: datetime) -> Routes:
    """Every answer at an instant, by host (without port) and unquoted path, with its query
    where another query is another page."""
    return {
        (host, path): answer
        for site in sites
        for host, path, answer in _hosts(site.as_of(now), port, now)
    }


def _hosts(site: Site, port: int, now: datetime) -> Iterator[tuple[str, str, Answer]]:
    """The answers of one site, by host and path; one that has moved leads to its new host."""
    moved_to = site.turn.host if site.turn and site.turned(now) == "moved" else ""
    base = f"http://{moved_to or site.host}:{port}"
    for path, answer in _turned(site, base, now):
        yield moved_to or site.host, path, answer
        if moved_to:
            there = (("Location", base + link(path)),)
            yield site.host, path, Answer(301, body=b"Moved\n", headers=there)


def _turned(site: Site, base: str, now: datetime) -> Iterator[tuple[str, Answer]]:
    """The answers of one site, by path, as they are since its turn."""
    feeds = {feed.path for feed in site.feeds}
    for path, answer in _site(site, base, now):
        match site.turned(now):
            case "wall" if path != ROBOTS:
                yield path, Answer(body=wall_page().encode())
            case "html_feed" if path in feeds:
                yield path, _html(site, front_page(site, base, now))
            case _:
                yield path, answer


def _site(site: Site, base: str, now: datetime) -> Iterator[tuple[str, Answer]]:
    """The answers of one site, by path, had nothing befallen it."""
    if site.robots is not None:
        robots = site.robots.replace("{base}", base)
        yield ROBOTS, Answer(content_type="text/plain", body=robots.encode())
    for feed in site.feeds:
        yield feed.path, _feed(site, feed, base, now)
    if site.sitemap is not None:
        yield from sitemap_answers(site, site.sitemap, base, now)
    for path, page in listing_pages(site, base, now):
        yield path, RESET if site.fault else _html(site, page)
    for article in site.published(now):
        yield article.path, _article(site, article, base, now)


def _article(site: Site, article: Article, base: str, now: datetime) -> Answer:
    """An article's page, or what stands in its place."""
    if site.fault:
        return RESET
    if article.gone(now):
        return GONE
    if article.wall:
        return Answer(403, body=wall_page().encode())
    return _html(site, article_page(site, article, base, now))


def _html(site: Site, page: str) -> Answer:
    """A web page in the site's charset, declared in the header."""
    return Answer(content_type=f"text/html; charset={site.charset}", body=page.encode(site.charset))


def _feed(site: Site, feed: Feed, base: str, now: datetime) -> Answer:
    """A feed, with validators that change when it does."""
    if feed.fault == "reset":
        return RESET
    if feed.fault == "unavailable":
        return Answer(503, content_type="text/plain", body=b"Service unavailable\n")
    shown = site.offers(feed, now)
    updated = max((article.modified(now) for article in shown), default=now)
    head = Head(
        title=site.spell(site.name),
        home=f"{base}/",
        own=base + link(feed.path),
        language=feed.language or site.languages[0],
        charset=site.charset,
        updated=updated,
    )
    body = write(feed, head, entries(site, feed, base, now)).encode(site.charset)
    modified = ("Last-Modified", format_datetime(updated, usegmt=True))
    return Answer(content_type=TYPES[feed.format], body=body, headers=(modified,))
