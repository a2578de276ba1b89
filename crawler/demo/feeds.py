"""The four feed formats in which the made-up sites publish.

Each maker takes prepared items, newest first, and returns the feed as text. The oddities (relative
links, tracking parameters) are in the items' links already; see `entries`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from crawler.demo.records import Feed, Site, link

TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "rdf": "application/rdf+xml",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed, ready to be written."""

    href: str
    guid: str
    title: str
    summary: str
    byline: str
    section: str
    published: datetime
    modified: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself."""

    title: str
    home: str
    own: str
    language: str
    charset: str
    updated: datetime


def entries(site: Site, feed: Feed, base: str, now: datetime) -> list[Item]:
    """The items of a feed at an instant, with links as this feed writes them."""
    return [
        Item(
            href=_href(feed, base, article.path),
            guid=f"tag:{site.host},2026:{link(article.path)}",
            title=site.spell(said.headline),
            summary=site.spell(_summary(said.paragraphs[0])),
            byline=site.spell(said.byline),
            section=site.spell(said.section),
            published=article.published,
            modified=article.modified(now),
        )
        for article in site.offers(feed, now)
        for said in [article.as_of(now)]
    ]


def write(feed: Feed, head: Head, items: Sequence[Item]) -> str:
    """The feed as text in its format."""
    return {"rss": _rss, "atom": _atom, "json": _json, "rdf": _rdf}[feed.format](head, items)


def _href(feed: Feed, base: str, path: str) -> str:
    """An article's link: relative ones keep their letters, as careless sites leave them."""
    match feed.links:
        case "relative":
            href = path
        case "protocol":
            href = base.removeprefix("http:") + link(path)
        case _:
            href = base + link(path)
    return f"{href}?{feed.tracking}" if feed.tracking else href


def _summary(paragraph: str) -> str:
    """The first words of an article, as feeds cut them."""
    return paragraph if len(paragraph) <= 160 else paragraph[:160].rsplit(" ", 1)[0] + "…"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _rss(head: Head, items: Sequence[Item]) -> str:
    """RSS 2.0; a changed item carries atom:updated beside the pubDate it always had."""
    written = "".join(
        f"<item>{_element('title', item.title)}{_element('link', item.href)}"
        f'<guid isPermaLink="false">{escape(item.guid)}</guid>'
        f"{_element('description', item.summary)}{_element('dc:creator', item.byline)}"
        f"{_element('category', item.section)}"
        f"<pubDate>{format_datetime(item.published)}</pubDate>"
        + (_element("atom:updated", _iso(item.modified)) if _changed(item) else "")
        + "</item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{head.charset}"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel>{_element('title', head.title)}{_element('link', head.home)}"
        f'<atom:link href={quoteattr(head.own)} rel="self"/>'
        f"{_element('description', head.title)}{_element('language', head.language)}"
        f"<lastBuildDate>{format_datetime(head.updated)}</lastBuildDate>\n{written}</channel></rss>\n"
    )


def _atom(head: Head, items: Sequence[Item]) -> str:
    """Atom 1.0; `updated` moves when an article is edited."""
    written = "".join(
        f"<entry>{_element('title', item.title)}{_element('id', item.guid)}"
        f'<link rel="alternate" href={quoteattr(item.href)}/>'
        f"<published>{_iso(item.published)}</published><updated>{_iso(item.modified)}</updated>"
        + (f"<author>{_element('name', item.byline)}</author>" if item.byline else "")
        + (f"<category term={quoteattr(item.section)}/>" if item.section else "")
        + f"{_element('summary', item.summary)}</entry>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{head.charset}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{head.language}">'
        f"{_element('title', head.title)}{_element('id', head.own)}"
        f'<link rel="self" href={quoteattr(head.own)}/><link href={quoteattr(head.home)}/>'
        f"<author>{_element('name', head.title)}</author>"
        f"<updated>{_iso(head.updated)}</updated>\n{written}</feed>\n"
    )


def _json(head: Head, items: Sequence[Item]) -> str:
    """JSON Feed 1.1; a changed item has date_modified."""
    written = [
        {
            "id": item.guid,
            "url": item.href,
            "title": item.title,
            "summary": item.summary,
            "date_published": _iso(item.published),
            **({"date_modified": _iso(item.modified)} if _changed(item) else {}),
            **({"authors": [{"name": item.byline}]} if item.byline else {}),
            **({"tags": [item.section]} if item.section else {}),
        }
        for item in items
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.own,
        "language": head.language,
        "items": written,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _rdf(head: Head, items: Sequence[Item]) -> str:
    """RSS 1.0; a changed item has dcterms:modified."""
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(item.href)}/>" for item in items)
    written = "".join(
        f"<item rdf:about={quoteattr(item.href)}>{_element('title', item.title)}"
        f"{_element('link', item.href)}{_element('description', item.summary)}"
        f"{_element('dc:creator', item.byline)}"
        f"{_element('dc:subject', item.section)}<dc:date>{_iso(item.published)}</dc:date>"
        + (_element("dcterms:modified", _iso(item.modified)) if _changed(item) else "")
        + "</item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{head.charset}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/">\n'
        f"<channel rdf:about={quoteattr(head.own)}>{_element('title', head.title)}"
        f"{_element('link', head.home)}{_element('description', head.title)}"
        f"<dc:language>{head.language}</dc:language>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{written}</rdf:RDF>\n"
    )


def _changed(item: Item) -> bool:
    return item.modified > item.published


def _iso(at: datetime) -> str:
    """An instant as Atom and JSON Feed write it: 2026-03-02T14:30:00Z."""
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
