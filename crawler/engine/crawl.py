"""One run under way: what was asked for, the parts that do it, and its books.

Scrapy's components find it with `Crawl.of(crawler)`; spiders ask it for ways and candidates and
hand it what came back. It decides nothing about reading and speaks no SQL.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from weakref import ReferenceType, WeakKeyDictionary, ref

import scrapy.core.downloader.contextfactory  # noqa: F401  # first: it reads all calls below it
from scrapy.crawler import Crawler

from crawler.egresses import DIRECT
from crawler.engine.capture import WarcFile, cut_tail, warc_name
from crawler.engine.due import is_due
from crawler.engine.keys import renew_keys
from crawler.engine.layouts import Layouts, Tools
from crawler.engine.pool import Readers
from crawler.engine.settling import try_to_settle
from crawler.engine.writer import Writer
from crawler.outlets import Outlet, Outlets
from crawler.workspace import Config, Workspace
from storage import agencies, coverage, troubles
from storage.finding import Follow, Visit, Way
from storage.models import Candidate, FoundBy, Hints, OutletRecord, ReadingContext
from storage.recheck_plan import Wanted
from storage.rechecks import Look
from storage.reported import RunReport
from storage.times import utc_now
from storage.ways import overflowing

log = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 30.0
"""Seconds: a robots.txt that asks for more is followed up to here."""
MAX_FOLLOWS = 60
"""Follow-up visits (parts of sitemaps, pages of listings) per outlet and run; the others wait."""
_OF_THE_BROWSER = ("rendered", "render_aborted", "render_refused")
"""Pages loaded in a browser, what they were kept from asking for, and what the guard refused."""
MAX_NAMED = 3
"""Sitemaps named by robots.txt that are tried where a gap is to be filled."""
HOLD_MARGIN = 10.0
"""Seconds beyond the fetch limit after which a killed process's hold on a host ends by itself."""

BY_HAND = OutletRecord(
    id="xx_by_hand",
    name="Added by hand",
    country="xx",
    covers=(),
    kind="unknown",
    alignment="unknown",
    languages=(),
    timezone="UTC",
)
"""Where a URL goes that somebody asked for and that lies on no known outlet's hosts."""


def context_of(
    outlets: Outlets, outlet_id: str, hints: Hints, fetched_at: datetime
) -> ReadingContext:
    """What a reader may know about a page of an outlet, also of one whose file is gone."""
    known = outlets.get(outlet_id)
    outlet = known.record() if known else BY_HAND
    return ReadingContext(
        outlet_id=outlet.id,
        country=outlet.country,
        languages=outlet.languages,
        timezone=outlet.timezone,
        domains=outlet.domains,
        hints=hints,
        now=fetched_at,
        selectors=known.selectors.record if known else None,
    )


def ways_on(
    outlets: Iterable[Outlet], known: Mapping[tuple[str, str], Way], found_by: FoundBy
) -> list[Way]:
    """The ways of one kind that are switched on, each with what is known of it."""
    return [
        known.get((outlet.id, endpoint.url), Way(outlet.id, found_by, endpoint.url))
        for outlet in outlets
        for endpoint in outlet.ways(found_by)
        if endpoint.on
    ]


@dataclass(frozen=True)
class Order:
    """What a run was asked to do."""

    kind: str = "crawl"
    outlets: tuple[str, ...] = ()
    country: str | None = None
    everything: bool = False
    due: bool = False
    since: datetime | None = None
    limit: int | None = None
    urls: tuple[str, ...] = ()
    egress: str | None = None  # for every outlet of the run, whatever its file says
    draft: Outlet | None = None  # of a probe: an outlet that is in no file yet
    again: Wanted | None = None  # of a run of re-checks: which articles, and how many
    found_by: frozenset[FoundBy] = frozenset()  # only ways of these kinds; empty: of all
    overflowing: bool = False  # only ways that overflowed lately
    slot_id: int | None = None  # the slot of a schedule that the run is a part of
    argv: tuple[str, ...] = ()


class Crawl:
    """The state of one run, from opening to its report."""

    _all: ClassVar[WeakKeyDictionary[Crawler, Crawl]] = WeakKeyDictionary()

    def __init__(
        self,
        workspace: Workspace,
        config: Config,
        order: Order,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Nothing is opened yet; `outlets` are the chosen ones by id.

        Raises UnknownOutlet, UnknownEgress.
        """
        self.workspace, self.config, self.order, self.clock = workspace, config, order, clock
        self.outlets: dict[str, Outlet] = {o.id: o for o in self._chosen()}
        self.proxy_of(order.egress or DIRECT)  # a name that nobody knows is told before anything
        self.counts: Counter[str] = Counter()
        self.report: RunReport | None = None
        self.run_id = 0
        self.failure = ""
        self._crawler: ReferenceType[Crawler] | None = None
        self._slow: dict[str, float] = {}
        self._not_before: dict[str, float] = {}  # by the loop's clock, which nobody sets
        self._queues: dict[str, asyncio.Lock] = {}
        self._closing: asyncio.Future[None] | None = None
        self._granted = 0
        self._followed: Counter[str] = Counter()
        self._known_ways: dict[tuple[str, str], Way] = {}
        self._told_sitemaps: dict[str, None] = {}  # sitemaps, by robots.txt

    def _chosen(self) -> list[Outlet]:
        if self.order.urls or self.order.draft is not None:
            return []
        order, outlets = self.order, self.config.outlets
        chosen = outlets.select(order.outlets, country=order.country)
        if order.everything:
            settings = self.workspace.settings
            chosen += outlets.followed(settings.countries, settings.languages)
        return chosen

    # --- how Scrapy's parts find it

    @classmethod
    def of(cls, crawler: Crawler) -> Crawl:
        """The run that a Scrapy crawler carries out."""
        return cls._all[crawler]

    def attach(self, crawler: Crawler) -> None:
        """Make this the run of a Scrapy crawler."""
        self._all[crawler] = self
        self._crawler = ref(crawler)

    @property
    def stopping(self) -> bool:
        """Whether the run is to end before its work is done: by a signal, or by an error."""
        crawler = self._crawler() if self._crawler else None
        return bool(self.failure) or (crawler is not None and not crawler.crawling)

    # --- opening and closing

    async def open(self) -> None:
        """Mend what a killed run left, then open the books and start the workers."""
        self.writer = Writer(self.workspace.database, self.workspace.settings.keep)
        await self._recover()
        self.run_id = await self.writer.call(
            self.writer.runs.open,
            self.order.kind,
            argv=self.order.argv,
            outlets=[outlet.record() for outlet in self.outlets.values()] or self._named(),
            actors=self.config.actors,
            slot_id=self.order.slot_id,
        )
        writer = self.writer
        await writer.call(agencies.register, writer.database, self.config.agencies)
        outlets = self.config.outlets
        books = (writer.database, writer.runs, self.run_id)
        await writer.call(renew_keys, *books, outlets, (*outlets, BY_HAND.id))
        await self._note_ways()
        self.warc = WarcFile(self.workspace.warc_dir, self.run_id)
        self.readers = Readers(
            self.config.actors, self.config.agencies, self.workspace.settings.crawl
        )
        self.layouts = Layouts(self._tools())

    def _tools(self) -> Tools:
        return Tools(
            run_id=self.run_id,
            readers=self.readers,
            folder=self.workspace.warc_dir,
            call=self.writer.call,
            db=self.writer.database,
            clock=self.clock,
            context=self.context,
            nobodys=BY_HAND.id,
        )

    async def _note_ways(self) -> None:
        """Keep which ways are on, and learn what is remembered of each."""
        store, call = self.writer.candidates, self.writer.call
        on = {
            outlet.id: [way.url for _, way in outlet.endpoints if way.on]
            for outlet in self.outlets.values()
        }
        await call(store.note_switched, on)
        self._known_ways = await call(store.ways, list(self.outlets))

    def _named(self) -> list[OutletRecord]:
        """The outlets on whose hosts the URLs lie that a person named."""
        found = (self.config.outlets.of_url(url) for url in self.order.urls)
        return list({r.id: r for r in (o.record() if o else BY_HAND for o in found)}.values())

    async def _recover(self) -> None:
        """Close the books of killed runs and cut what they wrote but never committed."""
        await self.writer.call(self.writer.runs.recover)
        ends = await self.writer.call(self.writer.runs.capture_ends)
        for run_id, end in ends.items():
            await asyncio.to_thread(cut_tail, self.workspace.warc_dir, warc_name(run_id), end)

    async def close(self, status: str) -> None:
        """End the workers, close the books and write the report; keeps the first failure.

        Where the disk is full the books cannot be closed either: the next start does it.
        """
        await self._finish_layouts()
        await asyncio.to_thread(self.readers.close)
        self.warc.close()
        try:
            await self._close_books(status)
        except Exception as wrong:
            self.fail(f"the books could not be closed: {wrong}")
        finally:
            await asyncio.to_thread(self.writer.close)

    async def _finish_layouts(self) -> None:
        """Let lessons end; what fails here is left to the next run."""
        try:
            await self.layouts.finish(stopping=self.stopping)
        except Exception:
            log.exception("how templates fared could not be noted")

    async def _close_books(self, status: str) -> None:
        writer, runs = self.writer, self.writer.runs
        for name in ("requests", "retries", *_OF_THE_BROWSER):
            if self.counts[name] or name not in _OF_THE_BROWSER:
                await writer.call(runs.note, self.run_id, name, self.counts[name])
        await writer.call(runs.note, self.run_id, "captured_bytes", self.warc.written)
        if self.failure:
            await writer.call(runs.note, self.run_id, "failure", self.failure)
        if self.order.again is not None:
            await writer.call(writer.rechecks.settle, self.run_id, self.order.again.plan)
        await self._settle_stories()
        await writer.call(coverage.refresh, writer.database, self.run_id)
        await self._judge_troubles()
        self.report = await writer.call(
            runs.close, self.run_id, "failed" if self.failure else status
        )

    async def _settle_stories(self) -> None:
        """Put what is new into stories; what fails here is left to the next run, and noted."""
        failure = await asyncio.to_thread(try_to_settle, self.workspace)
        if failure:
            await self.writer.call(self.writer.runs.note, self.run_id, "stories_failure", failure)

    async def _judge_troubles(self) -> None:
        """Open and close events; where that fails the books are closed all the same."""
        egresses = [one.name for one in self.workspace.settings.egress]
        judged = (self.writer.database, self.run_id, self.clock(), egresses)
        try:
            await self.writer.call(troubles.judge, *judged)
        except Exception as wrong:
            log.exception("troubles could not be judged")
            self.fail(f"what is wrong with the outlets could not be told: {wrong}")

    # --- what there is to do

    async def carried(self) -> list[Candidate]:
        """Candidates of the chosen outlets that earlier runs left pending, now claimed."""
        chosen = [outlet.id for outlet in self._seeing()]
        if self.order.everything or self.order.urls:
            chosen.append(BY_HAND.id)
        claim = self.writer.candidates.claim_pending
        carried = await self.writer.call(claim, self.run_id, chosen)
        self.count("found", len(carried))
        return carried

    @property
    def wanted(self) -> Wanted:
        """What this run looks at again; of single articles, whatever outlet they are of."""
        wanted = self.order.again
        assert wanted is not None, "only a run of re-checks looks again"
        if wanted.articles and not self.outlets:
            return wanted
        chosen = [*self.outlets, *([BY_HAND.id] if self.order.everything else [])]
        return replace(wanted, outlets=tuple(chosen))

    async def looks(self) -> tuple[Look, ...]:
        """The articles to look at again, now claimed; first, what killed runs saw is judged."""
        rechecks = self.writer.rechecks
        await self.writer.call(rechecks.settle_broken, self.wanted.plan)
        looks = await self.writer.call(rechecks.claim, self.run_id, self.wanted)
        self.count("found", len(looks))
        return looks

    async def add(self, candidates: list[Candidate]) -> tuple[Candidate, ...]:
        """Candidates that a person named, claimed by this run, with their ids."""
        added = await self.writer.call(self.writer.candidates.add, self.run_id, candidates)
        self.count("found", len(added))
        return added

    def _seeing(self) -> list[Outlet]:
        """The chosen outlets without those that a person has declared blind for today."""
        today = self.clock().date()
        return [outlet for outlet in self.outlets.values() if not outlet.is_blind(today)]

    async def ways(self, found_by: FoundBy) -> list[Way]:
        """The ways of one kind that this run visits, with what is remembered of each."""
        order, now = self.order, self.clock()
        if order.found_by and found_by not in order.found_by:
            return []
        listed = ways_on(self._seeing(), self._known_ways, found_by)
        if order.overflowing:
            busy = await self.writer.call(overflowing, self.writer.database, now)
            listed = [way for way in listed if (way.outlet_id, way.url) in busy]
        return [way for way in listed if not order.due or is_due(way, now)]

    async def open_follows(self) -> list[tuple[Follow, Way]]:
        """The follow-up visits that earlier runs left open, each with its way."""
        store = self.writer.candidates
        seeing = [outlet.id for outlet in self._seeing()]
        left = await self.writer.call(store.open_follows, seeing)
        return [
            (follow, self.way_of(follow)) for follow in left if self.may_follow(follow.outlet_id)
        ]

    def way_of(self, follow: Follow) -> Way:
        """The way that a follow-up visit is to."""
        new = Way(follow.outlet_id, follow.found_by, follow.url, parent=follow.parent)
        return self._known_ways.get((follow.outlet_id, follow.url), new)

    def may_follow(self, outlet_id: str) -> bool:
        """Whether one more follow-up visit may be made of an outlet in this run; counts it."""
        self._followed[outlet_id] += 1
        return self._followed[outlet_id] <= MAX_FOLLOWS

    def repairs(self, visit: Visit) -> tuple[Follow, ...]:
        """The visits that may fill a gap that a visit shows: to the outlet's sitemaps that are
        on (or that its robots.txt names), else to its listings."""
        for kind in (FoundBy.SITEMAP, FoundBy.LISTING):
            ways = ways_on([self.outlets[visit.outlet_id]], self._known_ways, kind)
            urls = [way.url for way in ways]
            if kind is FoundBy.SITEMAP and not urls:
                urls = self.named_sitemaps(self.outlets[visit.outlet_id])
            others = [url for url in urls if url not in (visit.url, visit.parent)]
            if others:
                follow = Follow(visit.outlet_id, kind, "", "repair", "")
                return tuple(replace(follow, url=url, parent=url) for url in others)
        return ()

    def note_sitemaps(self, urls: Iterable[str]) -> None:
        """Keep the sitemaps that a robots.txt names."""
        self._told_sitemaps.update(dict.fromkeys(urls))

    def named_sitemaps(self, outlet: Outlet) -> list[str]:
        """Sitemaps that robots.txt names on an outlet's hosts, those of news first; never one
        that a person has switched off."""
        off = {each.url for each in outlet.ways(FoundBy.SITEMAP) if not each.enabled}
        urls = [url for url in self._told_sitemaps if outlet.owns(url) and url not in off]
        return sorted(urls, key=lambda url: "news" not in url.lower())[:MAX_NAMED]

    def egress_of(self, outlet_id: str) -> str:
        """Whose address asks an outlet: the run's egress, else that of its file."""
        outlet = self.config.outlets.get(outlet_id)
        return self.order.egress or (outlet.egress if outlet else DIRECT)

    def proxy_of(self, egress: str) -> tuple[str, int] | None:
        """Address and port of an egress, None for `direct`; raises UnknownEgress."""
        return self.workspace.settings.proxy_of(egress)

    def may_fetch(self) -> bool:
        """Whether one more article may be fetched under --limit; counts it if so."""
        if self.order.limit is not None and self._granted >= self.order.limit:
            return False
        self._granted += 1
        return True

    def context(self, outlet_id: str, hints: Hints, fetched_at: datetime) -> ReadingContext:
        """What a reader may know about a page of an outlet."""
        context = context_of(self.config.outlets, outlet_id, hints, fetched_at)
        return replace(context, max_bytes=self.workspace.settings.crawl.max_bytes)

    # --- counting and politeness

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter of this run."""
        self.counts[name] += by

    def fail(self, reason: str) -> None:
        """Mark the run as failed; it is closed as such, with the first reason."""
        self.failure = self.failure or reason

    def abort(self, reason: str) -> None:
        """End the run early: nothing more can be kept. Whatever is under way stays pending."""
        if self.failure:
            return
        self.fail(reason)
        crawler = self._crawler() if self._crawler else None
        if crawler is not None:
            # Not awaited: closing waits for the very item that asks for it.
            closing = crawler.engine.close_spider_async(reason="aborted")
            self._closing = asyncio.ensure_future(closing)

    async def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between two requests to a host (robots.txt).

        The first pause of this length begins now, for every run: robots.txt was a request too.
        """
        self._slow[host] = max(min(delay, MAX_CRAWL_DELAY), self._slow.get(host, 0.0))
        await self.postpone_host(host, self._slow[host])

    def pause(self, host: str) -> float:
        """Seconds between two requests to a host."""
        return max(self.workspace.settings.crawl.delay_seconds, self._slow.get(host, 0.0))

    def queue_at(self, host: str) -> asyncio.Lock:
        """Where this run's own requests to a host wait for each other."""
        return self._queues.setdefault(host, asyncio.Lock())

    async def acquire_host(self, host: str) -> float:
        """Take a host's turn: 0 when it is ours, else seconds until it may be."""
        left = self._not_before.get(host, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            return left
        hold = self.workspace.settings.crawl.timeout_seconds + HOLD_MARGIN
        mine = (self.holder, hold, self.pause(host))
        return await self.writer.call(self.writer.leases.acquire, host, *mine)

    async def release_host(self, host: str) -> None:
        """Give a host's turn back; the pause starts now."""
        self._close(host, self.pause(host))
        await self.writer.call(self.writer.leases.release, host, self.holder, self.pause(host))

    async def postpone_host(self, host: str, seconds: float) -> None:
        """Nobody asks this host again before `seconds` have passed."""
        self._close(host, seconds)
        await self.writer.call(self.writer.leases.postpone, host, seconds)

    def _close(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long in this run, also where the machine's clock is set."""
        until = asyncio.get_running_loop().time() + seconds
        self._not_before[host] = max(until, self._not_before.get(host, 0.0))

    @property
    def holder(self) -> int:
        """Who holds a host's turn: this run, or this process before a run is open."""
        return self.run_id or -os.getpid()
