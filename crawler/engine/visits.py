"""One visit to a way of finding: what came back becomes a Visit and its candidates, in one go.

What is the same for feeds, sitemaps and listings stands here. What differs is how the answer is
read: `crawler.engine.ways` names the reader of each kind.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from crawler.engine.capture import page_of
from crawler.engine.crawl import Crawl
from crawler.engine.due import may_be_conditional, validators
from crawler.engine.outcomes import Ending, of_status, visit_outcome
from crawler.engine.pool import WorkerFailed
from storage.candidates import Leads
from storage.errors import CannotWrite
from storage.finding import (
    FOREIGN_LINKS,
    VISITED,
    Follow,
    Sign,
    Visit,
    VisitOutcome,
    VisitResult,
    Way,
    foreign_links,
)
from storage.models import Candidate, FetchRecord, Hints, Outcome, Page

log = logging.getLogger(__name__)

MOVED = "moved"
"""The sign that only permanent redirects led to what was read."""
_PERMANENT = frozenset({301, 308})
_REASONS = 5
"""So many reasons of entries left aside are told in words; the others are only counted."""


@dataclass(frozen=True)
class Visiting:
    """What the reader of one kind of way is given: the answer, and the visit as far as it is
    known by status and headers. `follow` says why it is made, where another visit led to it."""

    crawl: Crawl
    way: Way
    page: Page
    plain: Visit
    follow: Follow | None = None


@dataclass(frozen=True)
class Found:
    """What a visit found: its record without tallies, the candidates, and where it leads."""

    visit: Visit
    candidates: tuple[Candidate, ...] = ()
    follows: tuple[Follow, ...] = ()
    keys: bytes | None = None  # of a sitemap: digests of its undated entries


WayReader = Callable[[Visiting], Awaitable[Found]]


def request_headers(way: Way, follow: Follow | None, now: datetime) -> dict[str, str]:
    """The validators to send, or none when an honest look is due or a gap is to be filled."""
    whole = follow is not None and (follow.why != "part" or follow.until is not None)
    if whole or not may_be_conditional(way, now):
        return {}
    return validators(way.etag, way.last_modified)


async def record_visit(
    crawl: Crawl, way: Way, follow: Follow | None, response: Response, read: WayReader
) -> VisitResult:
    """Read a way's answer and save the visit; tells what to fetch and to visit now."""
    page = page_of(response)
    try:
        fetch = await _captured(crawl, page, crawl.egress_of(way.outlet_id))
        plain = _answer(crawl, (way, follow), page, response, fetch)
        found = _judged(await _read(Visiting(crawl, way, page, plain, follow), read))
    except WorkerFailed as wrong:
        ending = Ending(Outcome.READER_FAILED, str(wrong))
        return await record_failure(crawl, way, follow, ending)
    return await _save(crawl, found, fetch)


async def record_failure(
    crawl: Crawl, way: Way, follow: Follow | None, ending: Ending
) -> VisitResult:
    """Save a visit that brought nothing."""
    outcome = visit_outcome(ending.outcome)
    visit = replace(_visit(crawl, way, follow, crawl.clock(), outcome), reason=ending.reason)
    record = FetchRecord(way.url, visit.at, reason=ending.reason, egress=visit.egress)
    return await _save(crawl, Found(visit), record)


async def _save(crawl: Crawl, found: Found, fetch: FetchRecord) -> VisitResult:
    visit = found.visit
    repairs = crawl.repairs(visit)
    try:
        result = await crawl.writer.call(
            crawl.writer.candidates.record_visit,
            crawl.run_id,
            visit,
            found.candidates,
            fetch,
            Leads(found.follows, repairs, found.keys),
        )
    except CannotWrite as wrong:
        crawl.abort(f"the database could not be written: {wrong}")
        raise
    crawl.count("visits")
    crawl.count("known", result.known)
    crawl.count("found", len(result.fresh))
    told = (visit.outlet_id, visit.found_by, visit.outcome, len(result.fresh), result.known)
    log.info("visit outlet=%s by=%s outcome=%s fresh=%d known=%d", *told)
    return result


async def _captured(crawl: Crawl, page: Page, egress: str) -> FetchRecord:
    """The fetch record of a page; a body worth reading is kept as evidence first."""
    place = None
    if page.status == 200 and page.body:
        record = await crawl.readers.record(page)
        try:
            place = await crawl.writer.call(crawl.warc.append, record)
        except OSError as wrong:
            crawl.abort(f"the capture could not be written: {wrong}")
            raise
    return replace(fetch_record(page), capture=place, egress=egress)


def fetch_record(page: Page) -> FetchRecord:
    """A page as a fetch row, not yet captured."""
    return FetchRecord(
        url=page.url,
        fetched_at=page.fetched_at,
        final_url=page.final_url,
        status=page.status,
        elapsed=page.elapsed,
        wire_bytes=len(page.body),
        payload_sha256=hashlib.sha256(page.body).hexdigest(),
        redirects=page.redirects,
        ip=page.ip,
        tls_verified=page.tls_verified,
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
        egress=page.egress,
    )


async def _read(visiting: Visiting, read: WayReader) -> Found:
    """Decide what an answer is, reading it only when it may hold something new."""
    page, plain, way = visiting.page, visiting.plain, visiting.way
    if page.status == 304:
        return Found(replace(plain, outcome=VisitOutcome.NOT_MODIFIED))
    ending = of_status(page.status, page.header("Location"))
    if ending:
        outcome = visit_outcome(ending.outcome)
        failed = Found(replace(plain, outcome=outcome, reason=ending.reason))
        return await _wall(visiting, read) or failed
    same = plain.body_sha256 == way.body_sha256 and way.last_outcome in VISITED
    if same and visiting.follow is None:
        return Found(replace(plain, outcome=VisitOutcome.NOT_MODIFIED, reason="same body"))
    return await read(visiting)


async def _wall(visiting: Visiting, read: WayReader) -> Found | None:
    """What a challenge page is that comes as an error (503, 429): a wall, and no server's fault."""
    if visiting.page.status < 400 or not visiting.page.body:
        return None
    try:
        found = await read(visiting)
    except WorkerFailed:
        return None
    return found if found.visit.outcome is VisitOutcome.BLOCKED else None


def _judged(found: Found) -> Found:
    """What was found, with the sign that the way has moved, also where nothing was read there.

    A way that mostly shows somebody else's articles does not show what the outlet published.
    """
    visit = found.visit
    if visit.moved_to is not None:
        visit = replace(visit, signs=(*visit.signs, Sign(MOVED, visit.moved_to)))
    if visit.outcome in VISITED and any(sign.kind == FOREIGN_LINKS for sign in visit.signs):
        visit = replace(visit, outcome=VisitOutcome.FOREIGN)
    return replace(found, visit=visit)


def _answer(
    crawl: Crawl,
    asked: tuple[Way, Follow | None],
    page: Page,
    response: Response,
    fetch: FetchRecord,
) -> Visit:
    """The visit as far as status and headers tell."""
    request = response.request
    assert request is not None
    return replace(
        _visit(crawl, *asked, page.fetched_at, VisitOutcome.READ),
        status=page.status,
        conditional=_was_conditional(request),
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
        body_sha256=fetch.payload_sha256 if page.body else None,
        moved_to=_moved_to(request, page),
    )


def _was_conditional(request: Request) -> bool:
    return bool(request.headers.get("If-None-Match") or request.headers.get("If-Modified-Since"))


def _moved_to(request: Request, page: Page) -> str | None:
    """Where only permanent redirects led, or None."""
    reasons = request.meta.get("redirect_reasons", [])
    return page.final_url if reasons and set(reasons) <= _PERMANENT else None


def _visit(
    crawl: Crawl, way: Way, follow: Follow | None, at: datetime, outcome: VisitOutcome
) -> Visit:
    return Visit(
        way.outlet_id,
        way.found_by,
        way.url,
        at,
        outcome,
        egress=crawl.egress_of(way.outlet_id),
        parent=follow.parent if follow else None,
        chain=follow.chain if follow else None,
    )


# --- what the readers of all kinds share


def candidate_of(visiting: Visiting, url: str, hints: Hints, entry_hash: str = "") -> Candidate:
    """A candidate that this way shows."""
    outlet, way = visiting.crawl.outlets[visiting.way.outlet_id], visiting.way
    return Candidate(
        url=url,
        url_key=outlet.url_key(url),
        outlet_id=outlet.id,
        found_by=way.found_by,
        found_in=way.url,
        hints=hints,
        entry_hash=entry_hash,
    )


def unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate per key, the first; a way that lists an article twice offers it once."""
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.url_key, candidate)
    return list(first.values())


def own(visiting: Visiting, candidates: list[Candidate]) -> tuple[list[Candidate], list[str]]:
    """The candidates on the outlet's hosts, and the addresses of the others.

    A feed may fill with somebody else's articles (a parked domain, a clone, a partner's box):
    these are never the outlet's.
    """
    outlet = visiting.crawl.outlets[visiting.way.outlet_id]
    foreign = [each.url for each in candidates if not outlet.owns(each.url)]
    return [each for each in candidates if outlet.owns(each.url)], foreign


def with_foreign(visit: Visit, foreign: list[str], own_links: int, host: str) -> Visit:
    """The visit with what is told of links to foreign hosts; a sign where they are most."""
    if not foreign:
        return visit
    sign = foreign_links(len(foreign), own_links, host)
    signs = visit.signs + ((sign,) if len(foreign) > own_links else ())
    reason = "; ".join(filter(None, [visit.reason, sign.evidence]))
    return replace(visit, reason=reason, signs=signs, ignored=visit.ignored + len(foreign))


def reasons(told: Iterable[str]) -> str:
    """The first few reasons of a visit in one line."""
    return "; ".join(list(filter(None, told))[:_REASONS])


def recent(candidate: Candidate, since: datetime | None) -> bool:
    """Whether a candidate may be of that time or later; one without a date may."""
    published = candidate.hints.published_at
    return since is None or published is None or published >= since
