"""Web pages of the made-up sites: one HTML template per layout, filled with escaped text."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from crawler.demo.dates import in_words
from crawler.demo.feeds import TYPES
from crawler.demo.records import Article, Site, link

HERE = Path(__file__).parent / "layouts"
RIGHT_TO_LEFT = frozenset({"ar", "ckb"})


def article_page(site: Site, article: Article, base: str, now: datetime) -> str:
    """An article's page at an instant; everything around the text is noise to a reader."""
    words = _words(article.language)
    said = article.as_of(now)
    page = {
        **_frame(site, article.language),
        "head": _metadata(site, said, base, article.modified(now)),
        "headline": said.headline,
        "section": said.section,
        "byline": f"{words['by']} {said.byline}" if said.byline else "",
        "date": in_words(article.published, article.language, site.dates, site.timezone),
        "paragraphs": "\n".join(f"<p>{_safe(each)}</p>" for each in said.paragraphs),
        "comments": "".join(f"<div><p>{_safe(each)}</p></div>" for each in said.comments),
        "boxes": _boxes(site),
        "views": str(_views(article, now)),
    }
    return _fill(site, site.layout, page)


def front_page(site: Site, base: str, now: datetime) -> str:
    """A site's front page: its newest articles, and link tags for its feeds."""
    language = site.languages[0]
    newest = sorted(
        (each for each in site.articles if each.published <= now and not each.gone(now)),
        key=lambda each: each.published,
        reverse=True,
    )
    page = {
        **_frame(site, language),
        "head": "\n".join(
            f'<link rel="alternate" type="{TYPES[feed.format]}" href="{base}{feed.path}">'
            for feed in site.feeds
        ),
        "articles": "\n".join(
            f'<li><a href="{link(each.path)}">{_safe(each.as_of(now).headline)}</a></li>'
            for each in newest
        ),
    }
    return _fill(site, "front", page)


def wall_page() -> str:
    """A challenge page such as stands between robots and some sites."""
    return _template("wall").template


@cache
def _template(name: str) -> Template:
    return Template((HERE / f"{name}.html").read_text(encoding="utf-8"))


@cache
def _words(language: str) -> dict[str, str]:
    """The words around an article; `sections` are joined by line ends."""
    table = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))[language]
    return {key: "\n".join(v) if isinstance(v, list) else v for key, v in table.items()}


def _safe(text: str) -> str:
    return escape(text, quote=False)


def _fill(site: Site, layout: str, page: dict[str, str]) -> str:
    """The template with every placeholder filled, in the site's letters."""
    return site.spell(_template(layout).substitute(page))


def _frame(site: Site, language: str) -> dict[str, str]:
    """What every page of a site has: names, menu, footer."""
    words = _words(language)
    sections = words["sections"].split("\n")
    return {
        "lang": "ku" if language == "kmr" else language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "charset": site.charset,
        "site": site.name,
        "home": words["home"],
        "nav": "".join(f'<li><a href="/s/{i}">{name}</a></li>' for i, name in enumerate(sections)),
        "links": " | ".join(f'<a href="/s/{i}">{name}</a>' for i, name in enumerate(sections)),
        "views_label": words["views"],
        "share": words["share"],
        "comments_title": words["comments"],
        "latest": words["latest"],
        "footer": words["footer"],
    }


def _boxes(site: Site) -> str:
    return "".join(
        f"<div><h3>{_safe(b.heading)}</h3><ul>{_lines(b.lines)}</ul></div>" for b in site.boxes
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f'<li><a href="/x/{i}">{_safe(line)}</a></li>' for i, line in enumerate(lines))


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
