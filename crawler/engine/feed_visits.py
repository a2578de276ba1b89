"""Reading a feed's answer: its entries become candidates."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.engine.visits import (
    Found,
    Visiting,
    candidate_of,
    own,
    reasons,
    recent,
    unique,
    with_foreign,
)
from storage.finding import FeedReading, Follow, Visit, VisitOutcome
from storage.models import Candidate, Hints
from storage.text import fold


async def read_feed_visit(visiting: Visiting) -> Found:
    """A feed that was read: its candidates, and what was left aside with its reason."""
    crawl, way, page = visiting.crawl, visiting.way, visiting.page
    context = crawl.context(way.outlet_id, Hints(), page.fetched_at)
    reading = await crawl.readers.feed(page, context)
    if reading.outcome is not VisitOutcome.READ:
        return Found(replace(visiting.plain, outcome=reading.outcome, reason=reading.reason))
    listed = unique(
        candidate_of(visiting, entry.url, entry.hints, entry_hash(entry.hints))
        for entry in reading.entries
    )
    candidates, foreign = own(visiting, listed)
    visit = _visit(visiting, reading)
    if foreign:
        visit = with_foreign(visit, foreign, len(candidates), urlsplit(foreign[0]).hostname or "")
    return since_only(visiting, visit, candidates)


def _visit(visiting: Visiting, reading: FeedReading) -> Visit:
    plain = visiting.plain
    return replace(
        plain,
        outcome=VisitOutcome.MOVED if plain.moved_to else VisitOutcome.READ,
        reason=reasons([reading.reason, *reading.ignored]),
        ignored=len(reading.ignored),
        newest_raw=reading.newest_raw,
        newest_at=reading.newest_at,
        shows_since=reading.shows_since,
    )


def since_only(visiting: Visiting, visit: Visit, candidates: list[Candidate]) -> Found:
    """What --since lets pass. What it left aside must be seen again: no validators are kept.

    That something older stands in a list does not tell that the list reaches back so far: it may
    be pinned there. Order and dates tell, and what was known.
    """
    since, known_to = visiting.crawl.order.since, _known_to(visiting)
    wanted = tuple(c for c in candidates if recent(c, since))
    older = len(candidates) - len(wanted)
    if not older:
        return Found(visit, wanted)
    partial = replace(
        visit,
        reason="; ".join(filter(None, [visit.reason, f"{older} older than --since"])),
        ignored=visit.ignored + older,
        partial=known_to is None or (since is not None and since > known_to),
        etag=None,
        last_modified=None,
        body_sha256=None,
    )
    return Found(partial, wanted)


def _known_to(visiting: Visiting) -> datetime | None:
    """What a visit has to come back to; a part or page has it of the way that leads to it."""
    follow, way = visiting.follow, visiting.way
    if follow is None:
        return way.covered_to
    if follow.until is not None:
        return follow.until
    above = Follow(way.outlet_id, way.found_by, follow.parent, follow.why, "")
    return visiting.crawl.way_of(above).covered_to


def entry_hash(hints: Hints) -> str:
    """A digest of what changes when an outlet edits an entry: its headline and its update time.

    The publication time is left out: some feeds print the time of the request there.
    """
    said = f"{fold(hints.headline or '')}\n{hints.modified_raw or ''}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
