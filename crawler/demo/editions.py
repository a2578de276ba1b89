"""What the whole newsroom answers at one instant: a table from host and path to an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime

from crawler.demo.answers import RESET, Answer
from crawler.demo.feeds import TYPES, Head, entries, write
from crawler.demo.layouts import article_page, front_page, wall_page
from crawler.demo.records import Article, Feed, Site, link

Routes = Mapping[tuple[str, str], Answer]
GONE = Answer(410, body=b"<!doctype html><title>410</title><h1>Withdrawn</h1>\n")


def edition(sites: Iterable[Site], port: int, now: datetime) -> Routes:
    """Every answer at an instant, by host (without port) and unquoted path."""
    return {
        (site.host, path): answer
        for site in sites
        for path, answer in _site(site, f"http://{site.host}:{port}", now)
    }


def _site(site: Site, base: str, now: datetime) -> Iterator[tuple[str, Answer]]:
    """The answers of one site, by path."""
    if site.robots is not None:
        yield "/robots.txt", Answer(content_type="text/plain", body=site.robots.encode())
    for feed in site.feeds:
        yield feed.path, _feed(site, feed, base, now)
    yield "/", RESET if site.fault else _html(site, front_page(site, base, now))
    for article in site.articles:
        if article.published <= now:
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
