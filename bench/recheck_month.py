"""A month of re-checks with a clock of our own: real pages, reading, storage and judging of looks.

Only the wire and the worker processes are left out: a page goes straight from a made-up site to the
reader, and its reading through the same steps to the same stores as in a run.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bench.recheck_pages import PUBLISHED
from bench.recheck_sites import Kept, Site
from bench.recheck_texts import Written
from crawler.engine.capture import WarcFile
from crawler.engine.comparisons import ComparedSaves, Seen
from crawler.engine.differences import Difference, Words, difference
from crawler.engine.outcomes import of_status
from crawler.engine.pool import Readers
from crawler.engine.rechecks import brought_nothing_new
from crawler.engine.visits import fetch_record
from crawler.reading.page import read_page
from crawler.reading.warc import warc_record
from storage.articles import ArticleStore
from storage.books import RECHECK
from storage.candidates import CandidateStore
from storage.connection import Connection
from storage.edits import EditStore
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Candidate,
    FoundBy,
    Outcome,
    OutletRecord,
    Page,
    Reading,
    ReadingContext,
    Saved,
)
from storage.recheck_plan import Wanted
from storage.rechecks import Look, RecheckStore
from storage.runs import RunStore

FIRST = PUBLISHED + timedelta(minutes=10)
HOURS = (
    *(0.3, 1.3, 2.5, 6.5, 13, 24, 32, 48, 73, 80, 100, 120, 169, 177, 200, 240, 290, 337, 346),
    *(400, 470, 560, 640, 721, 730, 745),
)
"""When a run of re-checks starts, after the articles were found."""
SHORTENED = 0.4
"""Share of words lost from which on an article has to be told as shortened."""


class Here:
    """The reader, in this process; a capture that was read is not read twice."""

    def __init__(self, read: Callable[[Page, ReadingContext], Reading] = read_page) -> None:
        """Read pages so."""
        self.read = read
        self._known: dict[tuple[str, bytes], Reading] = {}

    async def page(self, page: Page, context: ReadingContext) -> Reading:
        """As a worker reads it."""
        key = (page.final_url, page.body)
        if key not in self._known:
            self._known[key] = self.read(page, context)
        return self._known[key]

    async def difference(self, before: Words, after: Words) -> Difference:
        """As a worker tells it."""
        return difference(before, after)


@dataclass
class Told:
    """What the month showed, held against what was planted."""

    edits: int = 0
    edits_kept: int = 0
    quiet: int = 0  # looks at which nothing was planted
    false: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    invented: list[tuple[str, str]] = field(default_factory=list)
    events: int = 0
    events_right: int = 0
    deletions: int = 0
    deletions_found: int = 0
    deletions_invented: int = 0
    returns: int = 0
    returns_found: int = 0
    looks: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Any]:
        """As numbers for comparing."""
        return {
            "edits_planted": self.edits,
            "edits_kept": _share(self.edits_kept, self.edits),
            "quiet_looks": self.quiet,
            "false_versions": round(self.false / self.quiet, 4) if self.quiet else None,
            "events_right": _share(self.events_right, self.events),
            "deletions_planted": self.deletions,
            "deletions_found": _share(self.deletions_found, self.deletions),
            "deletions_invented": self.deletions_invented,
            "returns_found": _share(self.returns_found, self.returns),
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


class Month:
    """Sites, a database, and the runs of a month."""

    def __init__(self, db: Connection, folder: Path, sites: Sequence[Site], here: Here) -> None:
        """Nothing is stored yet."""
        self.db, self.folder, self.sites, self.here = db, folder, sites, here
        self.now = FIRST
        self.articles = ArticleStore(db, clock=self.clock)
        self.candidates = CandidateStore(db, clock=self.clock)
        self.rechecks = RecheckStore(db, clock=self.clock)
        self.runs = RunStore(db, clock=self.clock)
        self.places = {site.url(kept): (site, kept) for site in sites for kept in site.articles}
        self.ids: dict[int, str] = {}
        self.state: dict[str, int] = {}  # that of the last look which saw the article
        self.told = Told()

    def clock(self) -> datetime:
        """The time of the month."""
        return self.now

    def play(self) -> Told:
        """All of it."""
        asyncio.run(self.find())
        for hours in HOURS:
            self.now = FIRST + timedelta(hours=hours)
            asyncio.run(self.look_again())
        self._hold_ends()
        return self.told

    async def find(self) -> None:
        """The first night: every article is found and stored."""
        run_id = self._open("crawl")
        for site in self.sites:
            feed = f"https://{site.host}/feed"
            found = [_candidate(site, kept) for kept in site.articles]
            visit = Visit(_outlet(site).id, FoundBy.FEED, feed, self.now, VisitOutcome.READ)
            for candidate in self.candidates.record_visit(run_id, visit, found, None).fresh:
                saved = await self._meet(run_id, candidate, None)
                self.ids[saved.article_id or 0] = candidate.url
                self.state[candidate.url] = 0
        self._close(run_id)

    async def look_again(self) -> None:
        """One run of re-checks."""
        run_id = self._open(RECHECK)
        outlets = tuple(_outlet(site).id for site in self.sites)
        for look in self.rechecks.claim(run_id, Wanted(outlets=outlets)):
            saved = await self._meet(run_id, look.candidate, look)
            self._compare(look.candidate.url, saved)
        self.rechecks.settle(run_id, Wanted().plan)
        self._close(run_id)

    def _open(self, kind: str) -> int:
        outlets = [_outlet(site) for site in self.sites]
        run_id = self.runs.open(kind, outlets=outlets, actors=())
        self.warc = WarcFile(self.folder, run_id)
        return run_id

    def _close(self, run_id: int) -> None:
        self.warc.close()
        assert self.runs.imbalance(run_id) == "", "books of a run do not balance"
        self.runs.close(run_id, "done")

    async def _meet(self, run_id: int, candidate: Candidate, look: Look | None) -> Saved:
        """One page, from the site's answer to its outcome."""
        site, kept = self.places[candidate.url]
        page = site.answer(kept, self.now)
        fetch = fetch_record(page)
        ending = brought_nothing_new(look, page, fetch) if look else None
        ending = ending or of_status(page.status, page.header("Location"))
        if ending is not None:
            self.candidates.finish(run_id, candidate, ending.outcome, ending.reason, fetch)
            return Saved(ending.outcome)
        captured = replace(fetch, capture=self.warc.append(warc_record(page)))
        reading = await self.here.page(page, self._context(site, self.now))
        readers = cast(Readers, self.here)
        saves = ComparedSaves(readers, self.folder, self.articles, _call)
        seen = Seen(run_id, candidate, reading, captured)
        return await saves.save(seen, (), lambda at: self._context(site, at))

    def _context(self, site: Site, at: datetime) -> ReadingContext:
        outlet = _outlet(site)
        return ReadingContext(
            outlet.id, outlet.country, outlet.languages, outlet.timezone, outlet.domains, now=at
        )

    def _compare(self, url: str, saved: Saved) -> None:
        """Hold one look against what was planted since the last one that saw the article."""
        site, kept = self.places[url]
        told, outcome = self.told, saved.outcome
        told.looks[outcome] += 1
        if outcome not in (Outcome.UNCHANGED, Outcome.STORED_CHANGED):
            return
        number, now = kept.at(self.now)
        before = self.state[url]
        self.state[url] = number
        names = [name for _, _, name in kept.states[before + 1 : number + 1]]
        changed = outcome is Outcome.STORED_CHANGED
        if not names:
            told.quiet += 1
            told.false += changed
            told.invented += [(site.slug, url)] * changed
            return
        told.edits += 1
        told.edits_kept += changed
        told.missed += [] if changed else [(site.slug, "+".join(names))]
        if changed and saved.article_id is not None:
            self._hold_events(saved.article_id, kept.states[before][1], now)

    def _hold_events(self, article_id: int, before: Written, after: Written) -> None:
        """Whether an edit was told as what it was."""
        told = {
            one.edit.kind
            for one in EditStore(self.db).list()
            if one.edit.article_id == article_id and one.edit.at == self.now
        }
        lost = 1 - _length(after) / _length(before)
        due = {
            "headline": before.headline != after.headline,
            "text": before.paragraphs != after.paragraphs,
            "shortened": lost >= SHORTENED if lost >= SHORTENED or lost < 1 / 4 else None,
        }
        for kind, wanted in due.items():
            if wanted is not None:
                self.told.events += 1
                self.told.events_right += (kind in told) == wanted

    def _hold_ends(self) -> None:
        """Hold what was told as gone and back against what was."""
        told = Counter(
            (self.ids.get(one.edit.article_id, ""), one.edit.kind)
            for one in EditStore(self.db).list()
        )
        for url, (_, kept) in self.places.items():
            gone, back = told[url, "gone"], told[url, "back"]
            planted = len(kept.gone)
            returned = sum(until is not None for _, until, _ in kept.gone)
            self.told.deletions += planted
            self.told.deletions_found += min(gone, planted)
            self.told.deletions_invented += max(gone - planted, 0) + max(back - returned, 0)
            self.told.returns += returned
            self.told.returns_found += min(back, returned)


def _length(said: Written) -> int:
    return sum(len(line.split()) for lines in said.paragraphs for line in lines)


async def _call(method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return method(*args, **kwargs)


def _outlet(site: Site) -> OutletRecord:
    code = site.tongue.code
    return OutletRecord(
        f"iq_{site.slug}", site.slug, "iq", ("iq",), "portal", "unknown", (code,), "UTC",
        (site.host,),
    )  # fmt: skip


def _candidate(site: Site, kept: Kept) -> Candidate:
    url = site.url(kept)
    key = url.removeprefix("https://")
    return Candidate(url, key, _outlet(site).id, FoundBy.FEED, f"https://{site.host}/feed")
