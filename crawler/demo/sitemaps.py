"""Sitemaps of the made-up sites: one file, or an index of months, packed or plain, and of news."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from crawler.demo.answers import Answer
from crawler.demo.records import Article, Site, Sitemap, link

NEWS_LASTS = timedelta(days=2)
"""How long an article stays in a sitemap for news."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def sitemap_answers(
    site: Site, sitemap: Sitemap, base: str, now: datetime
) -> Iterator[tuple[str, Answer]]:
    """Every file of a site's sitemap at an instant, by path."""
    if not sitemap.parts:
        yield sitemap.path, _xml(_urlset(site, site.shown(now), base, now))
        return
    parts = dict(parts_of(site, sitemap, now))
    yield sitemap.path, _xml(_index(parts, base, now))
    for path, articles in parts.items():
        body = _urlset(site, articles, base, now, news=path == sitemap.news)
        yield path, _packed(body) if path.endswith(".gz") else _xml(body)


def parts_of(site: Site, sitemap: Sitemap, now: datetime) -> Iterator[tuple[str, list[Article]]]:
    """The parts of an index, by path: the newest month first, then what is new."""
    months = defaultdict(list)
    for article in site.shown(now):
        months[f"{article.published:%Y-%m}"].append(article)
    ending = ".xml.gz" if sitemap.parts == "packed" else ".xml"
    for month, articles in months.items():
        yield f"/sitemap-{month}{ending}", articles
    if sitemap.news:
        recent = [each for each in site.shown(now) if each.published > now - NEWS_LASTS]
        yield sitemap.news, recent


def _index(parts: dict[str, list[Article]], base: str, now: datetime) -> str:
    """An index that says of each part when something in it last changed."""
    listed = "".join(
        f"<sitemap><loc>{base}{path}</loc>{_lastmod(articles, now)}</sitemap>\n"
        for path, articles in parts.items()
    )
    return f"{HEAD}<sitemapindex {SPACES}>\n{listed}</sitemapindex>\n"


def _lastmod(articles: Sequence[Article], now: datetime) -> str:
    latest = max((each.modified(now) for each in articles), default=None)
    return f"<lastmod>{latest.isoformat()}</lastmod>" if latest else ""


def _urlset(
    site: Site, articles: Sequence[Article], base: str, now: datetime, *, news: bool = False
) -> str:
    listed = "".join(
        f"<url><loc>{escape(base + link(each.path))}</loc>"
        + (_news(site, each.as_of(now)) if news else _lastmod([each], now))
        + "</url>\n"
        for each in articles
    )
    return f"{HEAD}<urlset {SPACES}>\n{listed}</urlset>\n"


def _news(site: Site, article: Article) -> str:
    """What a sitemap for news tells of an article."""
    return (
        f"<news:news><news:publication><news:name>{escape(site.name)}</news:name>"
        f"<news:language>{article.language}</news:language></news:publication>"
        f"<news:publication_date>{article.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(article.headline)}</news:title></news:news>"
    )


def _xml(body: str) -> Answer:
    return Answer(content_type="application/xml", body=body.encode())


def _packed(body: str) -> Answer:
    """A gzip file as such, not a packed transfer of XML."""
    return Answer(content_type="application/gzip", body=gzip.compress(body.encode(), mtime=0))
