"""Article pages of the made-up sites: one HTML template per layout, filled with escaped text."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape

from crawler.demo.dates import in_words
from crawler.demo.records import Article, Site, link
from crawler.demo.templates import boxes, fill, frame, safe, template, words


def article_page(site: Site, article: Article, base: str, now: datetime) -> str:
    """An article's page at an instant; everything around the text is noise to a reader."""
    around = words(article.language)
    said = article.as_of(now)
    page = {
        **frame(site, article.language),
        "head": _metadata(site, said, base, article.modified(now)),
        "headline": said.headline,
        "section": said.section,
        "byline": f"{around['by']} {said.byline}" if said.byline else "",
        "date": in_words(article.published, article.language, site.dates, site.timezone),
        "paragraphs": "\n".join(f"<p>{safe(each)}</p>" for each in said.paragraphs),
        "comments": "".join(f"<div><p>{safe(each)}</p></div>" for each in said.comments),
        "boxes": boxes(site),
        "views": str(_views(article, now)),
    }
    return fill(site, site.layout, page)


def wall_page() -> str:
    """A challenge page such as stands between robots and some sites."""
    return template("wall").template


def _views(article: Article, now: datetime) -> int:
    """A view counter that moves with the clock, as noise that is no edit."""
    return 17 + int((now - article.published).total_seconds()) // 431


def _metadata(site: Site, article: Article, base: str, modified: datetime) -> str:
    """The tags of a page's head, of the kinds that this site has."""
    url = base + link(article.path)
    tags = [f'<link rel="canonical" href="{url}">']
    if "meta" in site.metadata:
        tags += _meta_tags(article, url, modified)
    if "json-ld" in site.metadata:
        told = _json_ld(article, url, modified)
        tags.append(f'<script type="application/ld+json">{told}</script>')
    return "\n".join(tags)


def _meta_tags(article: Article, url: str, modified: datetime) -> list[str]:
    """Open Graph, as most content systems write it."""
    values = {
        "og:type": "article",
        "og:title": article.headline,
        "og:url": url,
        "article:published_time": article.published.isoformat(),
        "article:modified_time": modified.isoformat(),
        "article:section": article.section,
        "article:author": article.byline,
    }
    return [f'<meta property="{k}" content="{escape(v)}">' for k, v in values.items() if v]


def _json_ld(article: Article, url: str, modified: datetime) -> str:
    """A schema.org NewsArticle; `</` is broken up so that no text can end the script."""
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "mainEntityOfPage": url,
        "datePublished": article.published.isoformat(),
        "dateModified": modified.isoformat(),
        "inLanguage": article.language,
        "articleSection": article.section,
        **({"author": {"@type": "Person", "name": article.byline}} if article.byline else {}),
    }
    return json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
