"""Reads sitemaps: indexes, urlsets, news and plain-text sitemaps, packed or not, and feeds.

A sitemap lists up to 50,000 pages of which a few are new, so only those that a look asks for are
made into entries: not older than it reaches back and, where no publication date is stated, not
there at the last visit. A lastmod proves that a page is old, never that it is new.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from crawler.reading.decode import Decoded, Failure, decode, unpack
from crawler.reading.feeds import read_feed
from crawler.reading.sitemap_choice import Choice
from crawler.reading.sitemap_pages import MAX_TAKEN
from crawler.reading.sitemap_records import (
    MAX_BYTES,
    SitemapKind,
    SitemapLook,
    SitemapReading,
)
from crawler.reading.sitemap_text import MAX_LISTED, Listed, Outline, count, lines, listed, outline
from storage.finding import FeedReading, VisitOutcome
from storage.models import Outcome, Page, ReadingContext

_MAX_PACKINGS = 3
_GZIP = b"\x1f\x8b"
_FAILED = {
    Outcome.TOO_LARGE: VisitOutcome.TOO_LARGE,
    Outcome.NETWORK_ERROR: VisitOutcome.NETWORK_ERROR,
}


def read_sitemap(
    page: Page, context: ReadingContext, look: SitemapLook | None = None
) -> SitemapReading:
    """What a look wants of a sitemap, and how much of it there is; without a look, everything.

    Entries and parts lie on the hosts of `context.domains`; others are among the `ignored`.
    """
    body = unpack(page, MAX_BYTES)
    whole = True
    if not isinstance(body, Failure):
        body, whole = _unzipped(body, page)
    if isinstance(body, Failure):
        return SitemapReading(_FAILED.get(body.outcome, VisitOutcome.BROKEN), body.reason)
    if not body.strip():
        return SitemapReading(VisitOutcome.BROKEN, "empty body")
    decoded = decode(body, page.header("content-type"))
    if isinstance(decoded, Failure):
        return SitemapReading(VisitOutcome.BROKEN, decoded.reason)
    del body
    reading = _read(decoded, page, Choice(context, page.final_url, look), whole=whole)
    return replace(reading, charset=decoded.charset)


def _unzipped(body: bytes, page: Page) -> tuple[bytes | Failure, bool]:
    """A body that is a gzip file, whatever its headers say, unpacked; and whether all of it came.

    What a cut file holds is kept: a list is of use also without its end.
    """
    for _ in range(_MAX_PACKINGS):
        if not body.startswith(_GZIP):
            return body, True
        packed = replace(page, headers=(("Content-Encoding", "gzip"),), body=body)
        unpacked = unpack(packed, MAX_BYTES)
        if isinstance(unpacked, Failure) and unpacked.outcome is Outcome.NETWORK_ERROR:
            return _salvaged(body), False
        if isinstance(unpacked, Failure) or unpacked == body:
            return unpacked, True
        body = unpacked
    return Failure(Outcome.UNREADABLE, f"packed more than {_MAX_PACKINGS} times"), True


def _salvaged(body: bytes) -> bytes:
    """What comes out of the beginning of a gzip file."""
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)
    except zlib.error:
        return b""


def _read(decoded: Decoded, page: Page, choice: Choice, *, whole: bool) -> SitemapReading:
    text = decoded.text.lstrip("\ufeff \t\r\n")
    seen = outline(text)
    if seen.root in ("rss", "feed", "rdf"):
        return _of_feed(read_feed(_as_text(page, text), choice.context), choice)
    if seen.root in ("html", "head", "body"):
        return SitemapReading(VisitOutcome.HTML, "a web page")
    if not seen.root:
        return SitemapReading(VisitOutcome.BROKEN, "not a sitemap")
    if seen.root == "text":
        for entry in lines(text):
            choice.take(entry)
        return _reading(choice, [] if whole else ["cut short"], "text")
    seen = replace(seen, whole=seen.whole and whole)
    for entry in listed(text, whole=seen.whole):
        choice.take(entry)
    return _reading(choice, _losses(choice, decoded, seen, text), seen.root)


def _losses(choice: Choice, decoded: Decoded, seen: Outline, text: str) -> list[str]:
    """What was lost or repaired on the way, in words."""
    losses = []
    if choice.listed >= MAX_LISTED and count(text) > MAX_LISTED:
        losses.append(f"only the first {MAX_LISTED} entries")
    elif not seen.whole:
        lost = count(text) - choice.listed
        losses.append("cut short" + (f", {lost} of its entries lost" if lost > 0 else ""))
    if decoded.replaced:
        losses.append(f"{decoded.replaced} bad bytes")
    return losses


def _reading(choice: Choice, losses: list[str], root: str) -> SitemapReading:
    """The reading that a choice among a sitemap's entries makes."""
    whole = not any(loss.startswith(("cut", "only")) for loss in losses)
    is_index = bool(choice.parts) or (root == "sitemapindex" and not choice.listed)
    reading = choice.reading(complete=whole)
    if whole and not reading.complete:
        losses.append(f"only {MAX_TAKEN} of its new entries taken")
    return replace(
        reading,
        outcome=VisitOutcome.READ if choice.listed else VisitOutcome.EMPTY,
        kind=SitemapKind.INDEX if is_index else SitemapKind.URLSET,
        reason="; ".join([*losses, *filter(None, [reading.reason])]),
    )


def _as_text(page: Page, text: str) -> Page:
    """The page as if it had come unpacked and in UTF-8."""
    headers = (("Content-Type", "application/xml; charset=utf-8"),)
    return replace(page, headers=headers, body=text.encode())


def _of_feed(feed: FeedReading, choice: Choice) -> SitemapReading:
    """A feed that stands where a sitemap should be, as the protocol allows."""
    if feed.outcome is not VisitOutcome.READ:
        return SitemapReading(feed.outcome, feed.reason)
    for entry in feed.entries:
        choice.take(_as_listed(entry.url, entry.hints.published_raw, entry.hints.headline))
    reading = _reading(choice, list(filter(None, [feed.reason])), "urlset")
    lost = len(feed.ignored)
    return replace(reading, ignored=reading.ignored + lost, listed=reading.listed + lost)


def _as_listed(url: str, published: str | None, title: str | None) -> Listed:
    return Listed(url, published=published or "", title=title or "")
