"""Pages of the made-up sites that list articles: front pages, sections, and what lies behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from crawler.demo.dates import in_words
from crawler.demo.feeds import TYPES
from crawler.demo.records import Article, Listing, Site, link
from crawler.demo.templates import fill, frame, safe, sections, words

TEMPLATES = {"list": "front", "cards": "cards", "rows": "rows"}
FRONT = Listing(path="/")
"""The front page of a site that says nothing of it: one plain list of everything."""


def listing_pages(site: Site, base: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Every listing of a site at an instant, page by page, as (path with query, HTML)."""
    listings = site.listings or (FRONT,)
    if all(each.path != "/" for each in listings):
        listings = (FRONT, *listings)
    shown = [each.as_of(now) for each in site.shown(now)]
    around = {
        **frame(site, site.languages[0]),
        "head": _link_tags(site, base),
        "boxes": _most_read(site, now),
    }
    for listing in listings:
        yield from _pages(site, listing, shown, around)
    if site.listings:
        yield from _sections(site, shown, around)


def front_page(site: Site, base: str, now: datetime) -> str:
    """A site's front page, with link tags for its feeds."""
    return dict(listing_pages(site, base, now))["/"]


def _sections(
    site: Site, shown: Sequence[Article], around: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The pages to which a site's menu leads; the last has an address to write to, no article."""
    style = site.listings[0].style
    for number, name in enumerate(sections(site.languages[0])):
        its_own = [each for each in shown if each.section == name]
        yield from _pages(site, Listing(path=f"/s/{number}", style=style), its_own, around)


def _pages(
    site: Site, listing: Listing, articles: Sequence[Article], around: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The pages of one listing; an empty one has a first page too."""
    last = max(1, -(-len(articles) // listing.length))
    for number in range(1, last + 1):
        start = (number - 1) * listing.length
        shown = articles[start : start + listing.length]
        older = listing.page_path(number + 1) if number < last else ""
        page = {
            **around,
            "articles": "\n".join(_entry(site, each, listing.style) for each in shown),
            "pager": _pager(site, older),
        }
        yield listing.page_path(number), fill(site, TEMPLATES[listing.style], page)


def _link_tags(site: Site, base: str) -> str:
    return "\n".join(
        f'<link rel="alternate" type="{TYPES[feed.format]}" href="{base}{feed.path}">'
        for feed in site.feeds
    )


def _most_read(site: Site, now: datetime) -> str:
    """A box of old articles beside the new ones, as they tempt readers of lists everywhere."""
    links = [_entry(site, each.as_of(now), "list") for each in site.most_read(now)]
    title = safe(words(site.languages[0])["most_read"])
    return f"<div><h3>{title}</h3><ul>{''.join(links)}</ul></div>" if links else ""


def _entry(site: Site, article: Article, style: str) -> str:
    """One article as a listing of this style shows it."""
    href, headline = link(article.path), safe(article.headline)
    when = in_words(article.published, article.language, site.dates, site.timezone)
    match style:
        case "cards":
            return (
                f'<div class="card"><a class="thumb" href="{href}"><img src="/i.jpg" alt=""></a>'
                f'<h3><a href="{href}">{headline}</a></h3><span class="when">{when}</span>'
                f"<p>{safe(article.paragraphs[0][:90])}…</p></div>"
            )
        case "rows":
            return f'<tr><td>{when}</td><td><a href="{href}">{headline}</a></td></tr>'
        case _:
            return f'<li><a href="{href}">{headline}</a></li>'


def _pager(site: Site, older: str) -> str:
    if not older:
        return ""
    return f'<a rel="next" href="{older}">{words(site.languages[0])["older"]}</a>'
