"""One visit to a feed: what came back becomes a Visit and its candidates, saved in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from crawler.engine.capture import page_of
from crawler.engine.crawl import Crawl
from crawler.engine.due import may_be_conditional, validators
from crawler.engine.outcomes import Ending, of_status, visit_outcome
from crawler.engine.pool import WorkerFailed
from storage.finding import VISITED, Entry, FeedReading, Visit, VisitOutcome, Way
from storage.models import Candidate, FetchRecord, FoundBy, Hints, Outcome, Page
from storage.text import fold

BLIND = "blind"
"""The kind of event for a feed that we could not read."""
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True)
class _Found:
    """What a visit found: its record without tallies, and the candidates."""

    visit: Visit
    candidates: tuple[Candidate, ...] = ()


def request_headers(way: Way, now: datetime) -> dict[str, str]:
    """The validators to send, or none when an honest look is due."""
    if not may_be_conditional(way, now):
        return {}
    return validators(way.etag, way.last_modified)


async def record_feed(crawl: Crawl, way: Way, response: Response) -> tuple[Candidate, ...]:
    """Read a feed's answer and save the visit; returns the candidates to fetch now."""
    page = page_of(response)
    try:
        fetch = await _captured(crawl, page)
        found = await _read(crawl, way, page, _answer(way, page, response, fetch))
    except WorkerFailed as wrong:
        await record_failure(crawl, way, Ending(Outcome.READER_FAILED, str(wrong)))
        return ()
    return await _save(crawl, found, fetch)


async def record_failure(crawl: Crawl, way: Way, ending: Ending) -> None:
    """Save a visit that brought nothing."""
    visit = _visit(way, crawl.clock(), visit_outcome(ending.outcome), reason=ending.reason)
    await _save(crawl, _Found(visit), FetchRecord(way.url, visit.at, reason=ending.reason))


async def _save(crawl: Crawl, found: _Found, fetch: FetchRecord) -> tuple[Candidate, ...]:
    result = await crawl.writer.call(
        crawl.writer.candidates.record_visit,
        crawl.run_id,
        found.visit,
        found.candidates,
        fetch,
    )
    await _note_blindness(crawl, found.visit, result.visit_id)
    crawl.count("visits")
    crawl.count("known", result.known)
    crawl.count("found", len(result.fresh))
    return result.fresh


async def _note_blindness(crawl: Crawl, visit: Visit, visit_id: int) -> None:
    """An event that opens with the first visit that shows us nothing and closes with the first
    one that shows something again: in between, no coverage means nothing."""
    if visit.outcome in (VisitOutcome.POSTPONED, VisitOutcome.INTERRUPTED):
        return
    events, subject = crawl.writer.events, (BLIND, visit.outlet_id, visit.url)
    seen = {"visit": visit_id, "outcome": visit.outcome.value, "reason": visit.reason}
    change = events.close if visit.outcome in VISITED else events.open
    await crawl.writer.call(change, *subject, seen)


async def _captured(crawl: Crawl, page: Page) -> FetchRecord:
    """The fetch record of a page; a body worth reading is kept as evidence first."""
    place = None
    if page.status == 200 and page.body:
        record = await crawl.readers.record(page)
        place = await crawl.writer.call(crawl.warc.append, record)
    return replace(fetch_record(page), capture=place)


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
    )


async def _read(crawl: Crawl, way: Way, page: Page, plain: Visit) -> _Found:
    """Decide what a feed's answer is, reading it only when it may hold something new."""
    if page.status == 304:
        return _Found(replace(plain, outcome=VisitOutcome.NOT_MODIFIED))
    ending = of_status(page.status, page.header("Location"))
    if ending:
        outcome = visit_outcome(ending.outcome)
        return _Found(replace(plain, outcome=outcome, reason=ending.reason))
    if plain.body_sha256 == way.body_sha256 and way.last_outcome in VISITED:
        return _Found(replace(plain, outcome=VisitOutcome.NOT_MODIFIED, reason="same body"))
    context = crawl.context(way.outlet_id, Hints(), page.fetched_at)
    reading = await crawl.readers.feed(page, context)
    return _of_reading(crawl, way, plain, reading)


def _answer(way: Way, page: Page, response: Response, fetch: FetchRecord) -> Visit:
    """The visit as far as status and headers tell."""
    request = response.request
    assert request is not None
    return replace(
        _visit(way, page.fetched_at, VisitOutcome.READ),
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


def _of_reading(crawl: Crawl, way: Way, plain: Visit, reading: FeedReading) -> _Found:
    """A feed that was read: its candidates, and what was left aside with its reason."""
    if reading.outcome is not VisitOutcome.READ:
        return _Found(replace(plain, outcome=reading.outcome, reason=reading.reason))
    candidates = _unique(_candidate(crawl, way, entry) for entry in reading.entries)
    wanted = tuple(c for c in candidates if _recent(c, crawl.order.since))
    older = len(candidates) - len(wanted)
    reasons = list(reading.ignored[:5]) + ([f"{older} older than --since"] if older else [])
    visit = replace(
        plain,
        outcome=VisitOutcome.MOVED if plain.moved_to else VisitOutcome.READ,
        reason="; ".join(filter(None, [reading.reason, *reasons])),
        ignored=len(reading.ignored) + older,
        newest_raw=reading.newest_raw,
    )
    # What --since left aside must be seen again: no validators, so the next visit reads it all.
    partial = replace(visit, etag=None, last_modified=None, body_sha256=None)
    return _Found(partial if older else visit, wanted)


def _visit(way: Way, at: datetime, outcome: VisitOutcome, reason: str = "") -> Visit:
    return Visit(way.outlet_id, way.found_by, way.url, at, outcome, reason=reason)


def _candidate(crawl: Crawl, way: Way, entry: Entry) -> Candidate:
    outlet = crawl.outlets[way.outlet_id]
    return Candidate(
        url=entry.url,
        url_key=outlet.url_key(entry.url),
        outlet_id=outlet.id,
        found_by=FoundBy.FEED,
        found_in=way.url,
        hints=entry.hints,
        entry_hash=entry_hash(entry.hints),
    )


def entry_hash(hints: Hints) -> str:
    """A digest of what changes when an outlet edits an entry: its headline and its update time.

    The publication time is left out: some feeds print the time of the request there.
    """
    said = f"{fold(hints.headline or '')}\n{hints.modified_raw or ''}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def _unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate per key, the first; a feed that lists an article twice offers it once."""
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.url_key, candidate)
    return list(first.values())


def _recent(candidate: Candidate, since: datetime | None) -> bool:
    published = candidate.hints.published_at
    return since is None or published is None or published >= since
