"""Reads pages that list articles: front pages, sections, the next pages of either.

Which links lead to articles is told by the outlet's pattern, else learned from the addresses of
articles that are stored, else by the page's own blocks. Only links on the outlet's hosts count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.reading.body import Document, parse
from crawler.reading.decode import Decoded, Failure, clean_text, decode, unpack
from crawler.reading.heads import one_line
from crawler.reading.link_choice import Choice, by_blocks, by_pattern, by_shapes, headline_of
from crawler.reading.link_dates import date_beside, list_shows_since
from crawler.reading.link_traps import Cleared, without_traps
from crawler.reading.listing_records import (
    CHALLENGE,
    NOT_A_LISTING,
    PATTERN_UNMATCHED,
    SHAPES_UNMATCHED,
    ListedLink,
    ListingReading,
    ListingRule,
)
from crawler.reading.page_links import PageLink, page_links
from crawler.reading.paging import next_page
from crawler.reading.url_shapes import learn, may_be_article
from crawler.reading.urls import is_own_host
from crawler.reading.walls import FEW_WORDS, wall
from storage.finding import Sign, VisitOutcome, foreign_links
from storage.models import Outcome, Page, ReadingContext

MAX_BYTES = 8_000_000
"""Unpacked; see crawler.reading.page.MAX_BYTES."""

_MANY_LINKS = 10
"""Own links of a page on which no article is a sign that the page was redesigned."""
_FEW_FOREIGN = 5
_MOST_OTHERS = 200
_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b")
_FAILED = {
    Outcome.TOO_LARGE: VisitOutcome.TOO_LARGE,
    Outcome.NETWORK_ERROR: VisitOutcome.NETWORK_ERROR,
}


def read_listing(page: Page, context: ReadingContext, rule: ListingRule) -> ListingReading:
    """The links to articles on a page, or why there are none.

    A page without any is BROKEN, with a sign of why: nothing on it says that nothing was
    published. A challenge is BLOCKED, whatever its status.
    """
    text = _text_of(page, min(MAX_BYTES, context.max_bytes))
    if isinstance(text, Failure):
        return _failed(text)
    document = parse(text.text)
    if isinstance(document, Failure):
        return _failed(document, text.charset)
    links = page_links(document, page.final_url, text.charset)
    own = [link for link in links if is_own_host(link.url, context.domains)]
    if instead := _instead(document, own):
        return replace(instead, charset=text.charset)
    return replace(_read(page, document, (links, own), context, rule), charset=text.charset)


def _text_of(page: Page, limit: int) -> Decoded | Failure:
    body = unpack(page, limit)
    if isinstance(body, Failure):
        return body
    if not body.strip():
        return Failure(Outcome.NO_TEXT, "empty body")
    text = decode(body, page.header("content-type"))
    if isinstance(text, Decoded) and _FEED.match(text.text[:2000]):
        return Failure(Outcome.NOT_ARTICLE, "a feed or sitemap, and no web page")
    return text


def _failed(failure: Failure, charset: str = "") -> ListingReading:
    outcome = _FAILED.get(failure.outcome, VisitOutcome.BROKEN)
    return ListingReading(outcome, failure.reason, charset=charset)


def _instead(document: Document, own: Sequence[PageLink]) -> ListingReading | None:
    """What the page is instead of a list: a challenge, a request for consent, a soft error."""
    if sum(may_be_article(link.url) for link in own) >= _MANY_LINKS:
        return None
    title = one_line(document.plain(document.tree.findtext(".//title") or ""))
    heading = next(
        (one_line(document.plain(h.text_content())) for h in document.tree.iter("h1")), ""
    )
    failure = wall(title, heading, _words(document))
    if failure is None:
        return None
    if failure.outcome is Outcome.BLOCKED:
        sign = Sign(CHALLENGE, clean_text(title)[:80])
        return ListingReading(VisitOutcome.BLOCKED, failure.reason, signs=(sign,))
    sign = Sign(NOT_A_LISTING, failure.reason)
    return ListingReading(VisitOutcome.BROKEN, failure.reason, signs=(sign,))


def _words(document: Document) -> int:
    """Words that a reader sees, as far as they matter here."""
    count = 0
    for element in document.tree.iter():
        if element.tag not in ("script", "style", "noscript", "title"):
            count += len((element.text or "").split())
        count += len((element.tail or "").split())
        if count >= FEW_WORDS:
            break
    return count


def _read(
    page: Page,
    document: Document,
    found: tuple[list[PageLink], list[PageLink]],
    context: ReadingContext,
    rule: ListingRule,
) -> ListingReading:
    """The reading of a page that may be a list."""
    links, own = found
    choice, signs = _choose(own, rule)
    signs += _foreign(links, own, choice, rule)
    cleared = without_traps(choice.links, page.final_url, rule.known)
    reading = _told(cleared, document, context)
    signs += cleared.signs
    taken = {link.url for link in choice.links}
    others = tuple(link.url for link in own if link.url not in taken)[:_MOST_OTHERS]
    reading = replace(reading, rule=choice.rule, signs=tuple(signs), own_links=len(own))
    reading = replace(reading, other_links=others)
    if not reading.links:
        return _nothing(reading)
    following = next_page(document, page.final_url, own, context.domains)
    return replace(reading, next_page=following)


def _choose(own: Sequence[PageLink], rule: ListingRule) -> tuple[Choice, list[Sign]]:
    """The links to articles; where learned shapes fit none of many links, the page has to tell."""
    if rule.pattern is not None:
        choice = by_pattern(own, rule.pattern)
        unmatched = not choice.links and len(own) >= _MANY_LINKS
        said = f"0 of {len(own)} links meet the pattern {rule.pattern[:200]}"
        return choice, [Sign(PATTERN_UNMATCHED, said)] if unmatched else []
    shapes = learn(rule.known)
    if not shapes:
        return by_blocks(own), []
    choice = by_shapes(own, shapes)
    if any(shapes.fits(link.url) for link in choice.links) or len(own) < _MANY_LINKS:
        return choice, []
    said = f"0 of {len(own)} links look like the articles that are stored"
    return by_blocks(own), [Sign(SHAPES_UNMATCHED, said)]


def _foreign(
    links: Sequence[PageLink], own: Sequence[PageLink], choice: Choice, rule: ListingRule
) -> list[Sign]:
    """A sign where most links to articles lead to other hosts: the outlet moved, or it is another.

    Articles they are by the rule by which own links were chosen.
    """
    kept = {link.url for link in own}
    others = [link for link in links if link.url not in kept]
    foreign = (
        by_pattern(others, rule.pattern) if rule.pattern is not None else by_blocks(others)
    ).links
    if len(foreign) < _FEW_FOREIGN or len(foreign) <= len(choice.links):
        return []
    host = _most_frequent(urlsplit(link.url).hostname or "" for link in foreign)
    return [foreign_links(len(foreign), len(choice.links), host)]


def _most_frequent(hosts: Iterable[str]) -> str:
    listed = list(hosts)
    return max(listed, key=listed.count, default="")


def _told(cleared: Cleared, document: Document, context: ReadingContext) -> ListingReading:
    """The links that are left, with what the page tells of each."""
    groups = {
        path: number for number, path in enumerate(dict.fromkeys(x.path for x in cleared.links))
    }
    moments = [date_beside(link, document, context) for link in cleared.links]
    links = tuple(
        ListedLink(
            link.url,
            clean_text(headline_of(link)),
            clean_text(moment.raw) if moment else None,
            moment.at if moment else None,
            groups[link.path],
            link.in_box,
        )
        for link, moment in zip(cleared.links, moments, strict=True)
    )
    dated = max(
        (moment for moment in moments if moment), key=lambda moment: moment.at, default=None
    )
    shown = [m for link, m in zip(cleared.links, moments, strict=True) if not link.in_box]
    return ListingReading(
        VisitOutcome.READ,
        links=links,
        ignored=tuple(cleared.ignored),
        left_aside=cleared.left_aside,
        newest_raw=dated.raw if dated else None,
        newest_at=dated.at if dated else None,
        shows_since=list_shows_since(shown),
    )


def _nothing(reading: ListingReading) -> ListingReading:
    """The reading of a page without any link to an article."""
    rules = {"pattern": "meets the outlet's pattern", "learned": "looks like a stored article"}
    said = f"none of {reading.own_links} links {rules.get(reading.rule, 'looks like an article')}"
    signs = reading.signs or (Sign(NOT_A_LISTING, said),)
    return replace(reading, outcome=VisitOutcome.BROKEN, reason=said, signs=signs)
