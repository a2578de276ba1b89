"""Visits a made-up press night after night: the real visits, database and rules; only the network
is missing, since every answer is asked of the world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from scrapy import Request
from scrapy.http import Response

from crawler.engine import tasks
from crawler.engine.crawl import Crawl, Order
from crawler.engine.outcomes import Ending
from crawler.engine.visits import record_failure, request_headers
from crawler.engine.ways import visit_way
from crawler.outlets import Feed, Outlet, Outlets
from crawler.workspace import Config, Workspace, WorkspaceSettings
from storage import books, troubles
from storage.books import End
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.events import Event, EventStore
from storage.finding import VisitResult, Way
from storage.models import Candidate, FoundBy, Outcome
from storage.runs import RunStore
from tests.newsroom.faultworld import DAY, Site, World, feed

FAILURES = {
    "dead": Ending(Outcome.NETWORK_ERROR, "connection refused"),
    "no_dns": Ending(Outcome.NETWORK_ERROR, "the host name does not resolve"),
    "slow": Ending(Outcome.TIMEOUT, "no whole answer within the time limit"),
    "bad_certificate": Ending(Outcome.NETWORK_ERROR, "the certificate could not be verified"),
    "asks_to_wait": Ending(Outcome.POSTPONED, "site.test asks us to wait 3600 s"),
    "robots": Ending(Outcome.ROBOTS, "robots.txt forbids it"),
    "too_large": Ending(Outcome.TOO_LARGE, "larger than the limit"),
    "private_address": Ending(Outcome.UNSAFE_ADDRESS, "leads to 10.0.0.1"),
    "timeout": Ending(Outcome.TIMEOUT, "no whole answer within the time limit"),
    "reset": Ending(Outcome.NETWORK_ERROR, "the connection broke off"),
    "offline": Ending(Outcome.NETWORK_ERROR, "the host name does not resolve"),
}
STATUS = {"error_500": 500, "wall_403": 403, "gone": 410, "503": 503}
HTML = b"<!doctype html><html><head><title>Welcome</title></head><body><p>Home</p></body></html>"
WALL = HTML.replace(b"Welcome", b"Just a moment...")
BODIES = {"html": HTML, "challenge": WALL, "broken": b"<rss><channel><item><title>cut &&& \x00 <"}
PAGES = {
    "wall_of_pages": Outcome.BLOCKED,
    "no_text": Outcome.NO_TEXT,
    "pages_500": Outcome.HTTP_ERROR,
    "pages_404": Outcome.GONE,
}


class _Writer:
    """The stores of a crawl without their thread."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.database = open_database(path)
        self.candidates = CandidateStore(self.database, clock=clock)
        self.runs = RunStore(self.database, clock=clock)

    async def call(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)


class _Readers:
    """The workers' tasks, done here."""

    async def record(self, page: object) -> bytes:
        return b""

    async def run(self, task: Any, *arguments: Any) -> Any:
        return tasks.perform(task, arguments)

    async def feed(self, page: object, context: object) -> Any:
        return await self.run("feed", page, context)


class _NoCaptures:
    def append(self, record: bytes) -> None:
        return None


@dataclass(frozen=True)
class Named:
    """An event, and by which run it was told."""

    event: Event
    told: datetime
    ended: datetime | None


class Rig:
    """A workspace in which the nights of a world go by."""

    def __init__(
        self, world: World, folder: Path, *, offline: frozenset[date] = frozenset()
    ) -> None:
        """The database in `folder` may hold earlier nights of the same world already."""
        self.world, self.now, self.offline = world, datetime.min, offline
        self.outlets = {site.id: outlet_of(site) for site in world.sites}
        self.workspace = Workspace(folder, WorkspaceSettings(contact="desk@example.org"))
        self.config = Config(Outlets(self.outlets.values(), {}), ())
        self.writer = _Writer(self.workspace.database, lambda: self.now)
        self.times: dict[int, datetime] = {}

    def pass_nights(self, first: int, last: int) -> None:
        """Make the runs of the nights from number `first` up to `last`, not included."""
        for number in range(first, last):
            night = self.world.first + DAY * number
            if night in self.world.nights:
                asyncio.run(self._run(night))

    def named(self) -> list[Named]:
        """All events so far."""
        events = EventStore(self.writer.database).history()
        return [
            Named(one, self._told(one.evidence), self._told(one.closing) if one.closing else None)
            for one in events
        ]

    def _told(self, evidence: Any) -> datetime:
        return self.times[int(evidence["run"])]

    def close(self) -> None:
        self.writer.database.close()

    async def _run(self, night: date) -> None:
        self.now = self.world.visit_at(self.world.sites[0], night)
        crawl = Crawl(self.workspace, self.config, Order(outlets=tuple(self.outlets)), self._clock)
        crawl.writer, crawl.readers = cast(Any, self.writer), cast(Any, _Readers())
        crawl.warc = cast(Any, _NoCaptures())
        runs, store = self.writer.runs, self.writer.candidates
        records = [outlet.record() for outlet in self.outlets.values()]
        crawl.run_id = runs.open("crawl", outlets=records)
        self.times[crawl.run_id] = self.now
        await crawl._note_ways()
        left = store.claim_pending(crawl.run_id, list(self.outlets))
        for site in self.world.sites:
            self.now = self.world.visit_at(site, night)
            pages = [one for one in left if one.outlet_id == site.id]
            for kind in FoundBy:
                for way in await crawl.ways(kind):
                    if way.outlet_id == site.id:
                        pages += (await self._visit(crawl, way, site, night)).fresh
            self._end(crawl.run_id, site, pages)
        self.now += timedelta(minutes=10)
        troubles.judge(self.writer.database, crawl.run_id, self.now)
        with self.writer.database.write():
            runs._end(crawl.run_id, "done")

    def _clock(self) -> datetime:
        return self.now

    async def _visit(self, crawl: Crawl, way: Way, site: Site, night: date) -> VisitResult:
        answer = self.answer(site, way, night)
        if isinstance(answer, Ending):
            return await record_failure(crawl, way, None, answer)
        return await visit_way(crawl, way, None, answer)

    def _end(self, run_id: int, site: Site, pages: list[Candidate]) -> None:
        """End the pages as the world has it, without fetching them."""
        fault, db = self.world.fault_of(site), self.writer.database
        kind = fault.kind if fault and fault.on(self.now) else ""
        outcome = PAGES.get(kind, Outcome.STORED_NEW)
        with db.write():
            for page in pages:
                books.end(db, run_id, page, End(outcome, kind, self.now))

    # ------------------------------------------------------------ what the world answers

    def answer(self, site: Site, way: Way, night: date) -> Ending | Response:
        """What comes back from a site at this moment."""
        fault = self.world.fault_of(site)
        kind = fault.kind if fault and fault.on(self.now) else ""
        kind = self.world.hiccups.get((site.id, night), kind)
        if night in self.offline:
            kind = "offline"
        if kind in FAILURES:
            return FAILURES[kind]
        headers = request_headers(way, None, self.now)
        if kind == "frozen_304" and headers:
            return self._response(way, 304, b"", way.url)
        if kind in STATUS:
            return self._response(way, STATUS[kind], HTML, way.url)
        if kind in BODIES:
            return self._response(way, 200, BODIES[kind], way.url)
        final = f"https://new.{site.host}/rss" if kind == "moved" else way.url
        return self._response(way, 200, self._feed(site, kind), final)

    def _feed(self, site: Site, kind: str) -> bytes:
        if kind == "empty":
            return feed(site, [])
        items = self.world.shown(site, self.now)
        if site.pinned:
            old = self.world.items(site)[0]
            items = [old, *items]
        if site.repeats and items:
            items = [*items, items[0]]
        if site.repeats and len(items) > 4:  # an edit of the day
            items[3] = replace(items[3], title=f"{items[3].title}, edited {self.now:%d}")
        return feed(site, items, "parked.test" if kind == "foreign" else None)

    def _response(self, way: Way, status: int, body: bytes, final: str) -> Response:
        headers = {"ETag": f'"{hash(body)}"', "Content-Type": "application/rss+xml"}
        request = Request(final, headers=request_headers(way, None, self.now))
        request.meta["wire_headers"] = tuple(headers.items())
        request.meta["wire_fetched_at"] = self.now
        if final != way.url:
            request.meta["redirect_urls"], request.meta["redirect_reasons"] = [way.url], [301]
        return Response(final, status=status, body=body, request=request)


def outlet_of(site: Site) -> Outlet:
    """A site as its file would say."""
    return Outlet(
        id=site.id,
        name={"en": site.id},
        country=site.country,
        covers=(site.country,),
        timezone=str(site.zone),
        languages=("en",),
        kind="portal",
        domains=(site.host,),
        feeds=(Feed(url=site.feed, grade="A"),),
    )
