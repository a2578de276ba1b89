"""Reading a sitemap's answer: new pages become candidates, parts that may hold some are visited.

A look reaches back two days behind the last one, for sitemaps are made late and edited; at first
it reaches back a few days, and to fill a gap as far as the gap does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.engine.feed_visits import entry_hash, since_only
from crawler.engine.sitemap_parts import Horizon, PartsPlan, plan_parts
from crawler.engine.visits import Found, Visiting, candidate_of, unique
from crawler.reading.sitemap_records import SitemapEntry, SitemapLook, SitemapReading
from storage.finding import VISITED, Follow, Sign, VisitOutcome, Way, foreign_links
from storage.models import Candidate, FoundBy, Hints
from storage.tombstones import QUIET

FIRST_DAYS = timedelta(days=3)
"""How far back a first look goes."""
BEHIND = timedelta(days=2)
"""How far behind the last look any other one goes."""
MAX_DEPTH = 3
"""Levels of indexes within indexes."""
UNDATED_AT_FIRST = 200
"""Pages without a date that are taken at a first visit; of more, nobody can tell the new ones."""
_MOST_NEW = 10
"""New pages beside a single one that was there before: with more, that one may stand there always,
as front pages do."""
FEW = 3
"""Of so many parts at a first look, a part's undated pages may all be new."""
TRAP = "trap"
"""The sign of an index that leads round in circles or ever deeper."""


async def read_sitemap_visit(visiting: Visiting) -> Found:
    """A sitemap that was read: its candidates, and the parts to visit."""
    crawl, way, page = visiting.crawl, visiting.way, visiting.page
    if _is_unchanged_part(visiting):
        return Found(replace(visiting.plain, outcome=VisitOutcome.NOT_MODIFIED, reason="same body"))
    horizon = _horizon(visiting)
    store = crawl.writer.candidates
    keys = await crawl.writer.call(store.sitemap_keys, way.outlet_id, way.url)
    look = SitemapLook(horizon.since, keys, _undated(visiting), deep=horizon.deep)
    context = crawl.context(way.outlet_id, Hints(), page.fetched_at)
    reading = await crawl.readers.sitemap(page, context, look)
    if reading.outcome not in VISITED:
        return Found(replace(visiting.plain, outcome=reading.outcome, reason=reading.reason))
    return _found(visiting, reading, horizon)


def _is_unchanged_part(visiting: Visiting) -> bool:
    """Whether a part is byte for byte what it was, and nothing more is wanted of it than then."""
    follow, way = visiting.follow, visiting.way
    plain = follow is not None and follow.why == "part" and follow.until is None
    same = visiting.plain.body_sha256 == way.body_sha256
    return plain and same and way.last_outcome in VISITED


def _horizon(visiting: Visiting) -> Horizon:
    """How far back this visit looks."""
    follow, now = visiting.follow, visiting.page.fetched_at
    if follow is not None and follow.until is not None:
        return Horizon(follow.until, now, deep=True)
    covered_to = next((way.covered_to for way in _lineage(visiting) if way.covered_to), None)
    usual = covered_to - BEHIND if covered_to else now - FIRST_DAYS
    since = visiting.crawl.order.since
    if since is None or (covered_to and since >= usual):
        return Horizon(usual, now)
    return Horizon(since, now, deep=True)


def _lineage(visiting: Visiting) -> Iterator[Way]:
    """The way itself and the indexes that lead to it, upwards; each once."""
    way, seen = visiting.way, {""}
    parent = visiting.follow.parent if visiting.follow else None
    while way.url not in seen:
        seen.add(way.url)
        yield way
        above = Follow(way.outlet_id, FoundBy.SITEMAP, parent or way.parent or "", "part", "")
        way, parent = visiting.crawl.way_of(above), None


def _undated(visiting: Visiting) -> int:
    """How many undated pages a first visit takes: none of a part that was always there."""
    follow = visiting.follow
    old_part = follow is not None and follow.why == "part" and follow.until is None
    return 0 if old_part else UNDATED_AT_FIRST


def _found(visiting: Visiting, reading: SitemapReading, horizon: Horizon) -> Found:
    """The visit with all that follows from it."""
    candidates = unique(_candidate(visiting, entry) for entry in reading.entries)
    plan, signs = _plan(visiting, reading, horizon)
    told = [reading.reason, *_told(reading, horizon)]
    told += list(plan.told()) if reading.parts else []
    visit = replace(
        visiting.plain,
        outcome=_outcome(visiting, reading),
        reason="; ".join(filter(None, [*told, *reading.why_ignored[:2]])),
        ignored=reading.ignored + len(reading.entries) - len(candidates),
        newest_raw=reading.newest_raw,
        newest_at=reading.newest_at,
        shows_since=_shows_since(visiting, reading, horizon),
        reaches_back=_reaches_back(reading, plan, part=_depth(visiting) > 0),
        signs=(*visiting.plain.signs, *signs),
        quiet=_is_quiet(visiting, reading),
    )
    if not reading.complete or plan.waiting or not plan.settled:
        visit = replace(visit, etag=None, last_modified=None, body_sha256=None)
    follows = tuple(_follow(visiting, plan, horizon))
    if visiting.crawl.order.since is None:
        return Found(visit, tuple(candidates), follows, reading.keys)
    found = since_only(visiting, visit, candidates)
    keys = None if found.visit.partial else reading.keys
    return replace(found, follows=follows, keys=keys)


def _outcome(visiting: Visiting, reading: SitemapReading) -> VisitOutcome:
    read = reading.outcome is VisitOutcome.READ
    return VisitOutcome.MOVED if read and visiting.plain.moved_to else reading.outcome


def _candidate(visiting: Visiting, entry: SitemapEntry) -> Candidate:
    """A page that the sitemap lists. A new title is an edit; a new lastmod is none, for many
    sites stamp all their pages with the time of the request."""
    hints = entry.hints
    edited = entry_hash(replace(hints, modified_raw=None)) if hints.headline else ""
    return candidate_of(visiting, entry.url, hints, edited)


def _told(reading: SitemapReading, horizon: Horizon) -> Iterator[str]:
    """What was left aside of the pages, in words."""
    if reading.held_back:
        yield f"{reading.held_back} pages without sure date held back: the new ones are not to tell"
    if reading.older:
        yield f"{reading.older} older than {horizon.since:%Y-%m-%d}"
    if reading.remembered:
        yield f"{reading.remembered} listed before"


def _reaches_back(reading: SitemapReading, plan: PartsPlan, *, part: bool = False) -> bool | None:
    """Whether nothing can be missing between what was known and now; None: the dates tell.

    What is left out of a `part` stands in another one.
    """
    if not reading.complete or plan.missed or reading.held_back:
        return False
    if reading.parts:
        return plan.leads_on
    if reading.dated:
        return None
    before = reading.remembered + reading.older
    if part:
        return bool(before)
    return before > 1 or before * _MOST_NEW >= len(reading.entries)


def _shows_since(visiting: Visiting, reading: SitemapReading, horizon: Horizon) -> datetime | None:
    """The time since which all of it was looked at; a part says nothing of the other parts."""
    is_part = visiting.follow is not None and visiting.follow.why == "part"
    if is_part or reading.shows_since is None:
        return None
    return max(reading.shows_since, horizon.since)


def _is_quiet(visiting: Visiting, reading: SitemapReading) -> bool | None:
    """Whether nothing in a sitemap is young; None where neither it nor the server says."""
    now = visiting.page.fetched_at
    if reading.entries or reading.parts:
        return False
    dates = [at for at in (reading.changed_at, _last_modified(visiting)) if at is not None]
    return max(dates) < now - QUIET if dates else None


def _last_modified(visiting: Visiting) -> datetime | None:
    """When the server says that the sitemap changed."""
    try:
        said = parsedate_to_datetime(visiting.page.header("Last-Modified") or "")
    except (ValueError, TypeError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)  # HTTP knows no other zone


# ---------------------------------------------------------------- parts


def _plan(
    visiting: Visiting, reading: SitemapReading, horizon: Horizon
) -> tuple[PartsPlan, list[Sign]]:
    """The parts to visit, and what is odd about the sitemap."""
    crawl, above = visiting.crawl, {way.url for way in _lineage(visiting)}
    parts = [part for part in reading.parts if part.url not in above]
    signs = []
    if reading.lists_itself or len(parts) < len(reading.parts):
        signs.append(Sign(TRAP, f"the index {visiting.way.url} leads back to itself"))
    if parts and _depth(visiting) >= MAX_DEPTH:
        signs.append(Sign(TRAP, f"indexes within indexes, more than {MAX_DEPTH} levels deep"))
        parts = []
    listed = len(reading.entries) + len(reading.parts)
    if reading.foreign > listed:
        signs.append(foreign_links(reading.foreign, listed, reading.foreign_host))

    def known(url: str) -> Way:
        return crawl.way_of(Follow(visiting.way.outlet_id, FoundBy.SITEMAP, url, "part", ""))

    return plan_parts(parts, horizon, known), signs


def _depth(visiting: Visiting) -> int:
    follow = visiting.follow
    return follow.number if follow is not None and follow.why == "part" else 0


def _follow(visiting: Visiting, plan: PartsPlan, horizon: Horizon) -> Iterator[Follow]:
    """The visits to parts. `until` marks those of which everything since then is wanted: all in
    a deep look, new parts, and those of a small sitemap at its first look."""
    way = visiting.way
    few_at_first = way.visited_at is None and len(plan.chosen) <= FEW
    for part in plan.chosen:
        whole = horizon.deep or part.is_new or few_at_first
        yield Follow(
            way.outlet_id,
            FoundBy.SITEMAP,
            part.url,
            "part",
            way.url,
            number=_depth(visiting) + 1,
            until=horizon.since if whole else None,
            changed_raw=part.lastmod,
        )
