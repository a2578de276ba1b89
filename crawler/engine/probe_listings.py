"""What a probe makes of a web page that may list articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.engine.pool import Readers
from crawler.engine.probe_looks import Look, context_for, first_hints
from crawler.outlets import Outlet
from crawler.reading.listing_records import ListedLink, ListingReading, ListingRule
from crawler.reading.url_patterns import propose_pattern
from storage.finding import VisitOutcome
from storage.models import Hints, Page

LEAST_LINKS = 3
"""Links to articles that a page has to have: fewer stand below any article as well."""
SAMPLES = 3
"""Of the links, if nothing else tells that they lead to articles."""
MOST_KNOWN = 300


async def look_at_listing(
    readers: Readers, outlet: Outlet, page: Page, pattern: str | None
) -> Look:
    """Whether a page lists articles by an outlet's pattern. Raises WorkerFailed."""
    return await _look(readers, outlet, page, ListingRule(pattern))


async def learned_listing(
    readers: Readers, outlet: Outlet, page: Page, known: Sequence[str]
) -> Look:
    """Whether a page lists articles, with the pattern of their links, as learned from those that
    are known and from the page itself. Raises WorkerFailed."""
    look = await _look(readers, outlet, page, ListingRule(None, tuple(known[:MOST_KNOWN])))
    return replace(look, article=propose_pattern(look.urls)) if look.works else look


async def _look(readers: Readers, outlet: Outlet, page: Page, rule: ListingRule) -> Look:
    reading = await readers.listing(page, context_for(outlet, page), rule)
    urls = tuple(link.url for link in reading.links if not link.popular)
    reason = _no_listing(reading, len(urls))
    return Look(
        works=not reason,
        reason=reason,
        urls=urls,
        entries=len(urls),
        newest=reading.newest_raw,
        newest_at=reading.newest_at,
        hints=first_hints((link.url, _hints(link)) for link in reading.links),
    )


def _hints(link: ListedLink) -> Hints:
    """What a listing says of an article."""
    return Hints(link.headline or None, link.published_raw, link.published_at)


def _no_listing(reading: ListingReading, links: int) -> str:
    """Why a page is no list of articles; "" if it is one."""
    if reading.outcome is not VisitOutcome.READ:
        said = "; ".join(sign.evidence for sign in reading.signs[:2])
        return reading.reason or said or str(reading.outcome)
    return "" if links >= LEAST_LINKS else f"links that may be to articles: {links}"
