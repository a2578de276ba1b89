"""Reading a listing's answer: its links to articles become candidates, its next page a visit.

The next page is asked for only while nothing on the page was known at the last look. So a usual
night costs one request, and after a pause the list is followed back to where we left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.engine.feed_visits import since_only
from crawler.engine.visits import Found, Visiting, candidate_of, reasons, unique
from crawler.outlets import Listing
from crawler.reading.listing_records import (
    SHAPES_UNMATCHED,
    ListedLink,
    ListingReading,
    ListingRule,
)
from storage import known_urls
from storage.finding import Follow, Sign, Visit, VisitOutcome
from storage.models import Candidate, FoundBy, Hints

PAGES_AT_FIRST = 2
"""Pages of a first look: what was published long before it is no gap."""
PAGES = 3
"""Pages of any later look, where another way can show what they do not …"""
MOST_PAGES = 10
"""… where none can, and to fill another way's gap."""
TRAP_PAGING = "trap_paging"
"""The sign that next pages lead nowhere: to what earlier ones showed, or on without end."""

_TAIL = 3  # the last third of a list: what stands there is about to be pushed out


@dataclass(frozen=True)
class _Seen:
    """What one page showed, beside what was known."""

    visiting: Visiting
    reading: ListingReading
    known: frozenset[str]  # url_keys of its links that were met up to the last look
    repeats: bool = False  # only what other pages of the listing have shown

    @property
    def number(self) -> int:
        """Which page of the listing it is, from 1."""
        follow = self.visiting.follow
        return follow.number if follow else 1

    @property
    def until(self) -> datetime | None:
        """The time of the last look, or the beginning of the gap to fill; None at first."""
        follow = self.visiting.follow
        return follow.until if follow else self.visiting.way.covered_to


async def read_listing_visit(visiting: Visiting) -> Found:
    """A listing that was read: its candidates, and the next page where one is to be visited."""
    crawl, page = visiting.crawl, visiting.page
    context = crawl.context(visiting.way.outlet_id, Hints(), page.fetched_at)
    reading = await crawl.readers.listing(page, context, await _rule(visiting))
    if reading.outcome is not VisitOutcome.READ:
        return Found(_nothing(visiting, reading))
    seen = await _seen(visiting, reading)
    visit = replace(_visit(seen), reaches_back=_reaches_back(seen))
    found = since_only(visiting, visit, _candidates(visiting, reading.links))
    if found.visit.reaches_back or found.visit.partial or reading.next_page is None:
        return found
    return await _with_next(seen, found)


def _nothing(visiting: Visiting, reading: ListingReading) -> Visit:
    """The visit to a page without articles; behind the last page of a list that is its end."""
    plain = replace(visiting.plain, reason=reading.reason)
    if reading.rule and visiting.follow is not None and visiting.follow.number > 1:
        return replace(plain, outcome=VisitOutcome.EMPTY)
    return replace(plain, outcome=reading.outcome, signs=reading.signs)


async def _rule(visiting: Visiting) -> ListingRule:
    """The pattern of the listing in the outlet's file, and what is stored of the outlet."""
    crawl, outlet_id = visiting.crawl, visiting.way.outlet_id
    url = _listing(visiting)
    ways = crawl.outlets[outlet_id].ways(FoundBy.LISTING)
    patterns = [way.article for way in ways if isinstance(way, Listing) and way.url == url]
    database = crawl.writer.database
    known = await crawl.writer.call(known_urls.stored_urls, database, outlet_id)
    return ListingRule(next(iter(patterns), None), known)


def _listing(visiting: Visiting) -> str:
    """The address of the listing itself, also for one of its further pages."""
    return visiting.follow.parent if visiting.follow else visiting.way.url


async def _seen(visiting: Visiting, reading: ListingReading) -> _Seen:
    """What the page showed, and which of that was known at the last look."""
    crawl, way, follow = visiting.crawl, visiting.way, visiting.follow
    writer, keys = crawl.writer, _keys(visiting, reading.links)
    until = follow.until if follow else way.covered_to
    known: frozenset[str] = frozenset()
    if until is not None:
        asked = (way.outlet_id, keys, until, crawl.run_id)
        known = await writer.call(known_urls.met_before, writer.database, *asked)
    if follow is None or follow.number < 2 or known:
        return _Seen(visiting, reading, known)
    pages = (_listing(visiting), way.url)
    shown = known_urls.shown_on_other_pages
    others = await writer.call(shown, writer.database, way.outlet_id, pages, keys)
    return _Seen(visiting, reading, known, repeats=others.issuperset(keys))


def _keys(visiting: Visiting, links: Sequence[ListedLink]) -> list[str]:
    outlet = visiting.crawl.outlets[visiting.way.outlet_id]
    return [outlet.url_key(link.url) for link in links]


def _candidates(visiting: Visiting, links: Sequence[ListedLink]) -> list[Candidate]:
    """The links as candidates, each key once.

    What a list calls an article is no hint of its headline: front pages shorten it, and two lists
    word it differently, which is no edit. The page itself is asked.
    """
    return unique(
        candidate_of(
            visiting,
            link.url,
            Hints(published_raw=link.published_raw, published_at=link.published_at),
        )
        for link in links
    )


def _visit(seen: _Seen) -> Visit:
    visiting, reading = seen.visiting, seen.reading
    plain = visiting.plain
    return replace(
        plain,
        outcome=VisitOutcome.MOVED if plain.moved_to else VisitOutcome.READ,
        reason=reasons([reading.reason, *reading.ignored]),
        ignored=reading.left_aside,
        newest_raw=reading.newest_raw,
        newest_at=reading.newest_at,
        shows_since=reading.shows_since,
        signs=plain.signs + tuple(sign for sign in reading.signs if _is_told(visiting, sign)),
    )


def _is_told(visiting: Visiting, sign: Sign) -> bool:
    """Whether a sign says something: that other shapes were stored says nothing of a list at its
    first look, nor of old pages."""
    seen_before = visiting.follow is None and visiting.way.covered_to is not None
    return sign.kind != SHAPES_UNMATCHED or seen_before


def _reaches_back(seen: _Seen) -> bool | None:
    """Whether a page came back to what was known at the last look; None where it was the first.

    By its dates, or because the end of its longest list was known: an article that is kept on top
    for days, or one in a box of most-read ones, says nothing of those that were pushed out.
    """
    newest, since = seen.reading.newest_links, seen.reading.shows_since
    if seen.until is None or not newest:
        return None
    if since is not None and since <= seen.until:
        return True
    tail = newest[-max(1, len(newest) // _TAIL) :]
    return any(key in seen.known for key in _keys(seen.visiting, tail))


# ---------------------------------------------------------------- next pages


async def _with_next(seen: _Seen, found: Found) -> Found:
    """The visit with the next page of the list, or with the sign that paging is a trap."""
    if seen.repeats:
        said = f"page {seen.number} shows only what the pages before it did"
        return _signed(found, f"{said}: {seen.visiting.way.url[:200]}")
    if await _is_trap(seen):
        return _signed(found, "next pages had no end at the last look, and are not followed")
    if seen.number < _most_pages(seen.visiting):
        return replace(found, follows=(_next(seen),))
    if seen.number < MOST_PAGES:
        return found
    said = f"{seen.number} pages, and nothing on them was known at the last look"
    return _signed(found, f"{said}; the next would be {(seen.reading.next_page or '')[:200]}")


async def _is_trap(seen: _Seen) -> bool:
    """Whether the next pages of this listing had no end at the last look."""
    visiting = seen.visiting
    if visiting.follow is not None:
        return False
    writer, way = visiting.crawl.writer, visiting.way
    signs = known_urls.last_signs
    return TRAP_PAGING in await writer.call(signs, writer.database, way.outlet_id, way.url)


def _most_pages(visiting: Visiting) -> int:
    """How many pages this look may take."""
    follow = visiting.follow
    if follow is not None and follow.why == "repair":
        return MOST_PAGES
    if follow is None and visiting.way.covered_to is None:
        return PAGES_AT_FIRST
    top = replace(visiting.plain, url=_listing(visiting))
    return PAGES if visiting.crawl.repairs(top) else MOST_PAGES


def _next(seen: _Seen) -> Follow:
    """The visit to the next page, which belongs to the same look or repair."""
    visiting, follow = seen.visiting, seen.visiting.follow
    in_repair = follow is not None and follow.why == "repair"
    return Follow(
        outlet_id=visiting.way.outlet_id,
        found_by=FoundBy.LISTING,
        url=seen.reading.next_page or "",
        why="repair" if in_repair else "page",
        parent=_listing(visiting),
        number=seen.number + 1,
        until=seen.until,
        chain=follow.chain if follow else None,
    )


def _signed(found: Found, evidence: str) -> Found:
    sign = Sign(TRAP_PAGING, evidence)
    return replace(found, visit=replace(found.visit, signs=(*found.visit.signs, sign)))
