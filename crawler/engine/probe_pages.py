"""Finding the pages of a site that is probed which list its articles."""

from __future__ import annotations

from dataclasses import replace

from crawler.engine.outcomes import Ending
from crawler.engine.pool import WorkerFailed
from crawler.engine.probe_asking import Asker
from crawler.engine.probe_listings import SAMPLES, learned_listing, look_at_listing
from crawler.engine.probe_looks import Look, context_for
from crawler.probes import FoundIn
from storage.models import Page

MOST_SECTIONS = 4


class ListingFinder:
    """Tries pages as lists of articles."""

    def __init__(self, site: Asker) -> None:
        """Asks by `site`."""
        self._site, self._notes = site, site.notes

    async def find(self) -> None:
        """Learn from the front page and, where nothing else was found, from its sections."""
        front = self._site.front
        if front is None or (self._notes.has_good("feed") and self._notes.has_good("sitemap")):
            return
        await self._learn(front.final_url, front)
        if self._notes.has_good("feed", "sitemap"):
            return
        for url in self._notes.seen.doors.sections[:MOST_SECTIONS]:
            await self._learn(url, None)

    async def attempt(self, url: str, found_in: FoundIn, pattern: str | None) -> None:
        """Look whether the pattern of a listing in the file still meets links of the page."""
        if not self._notes.take_up("listing", url):
            return
        page = await self._site.get("listing", url, found_in)
        if page is not None:
            known = (self._site.readers, self._site.outlet, page, pattern)
            look = await self._site.seen(look_at_listing(*known))
            self._notes.note("listing", url, found_in, look, page)

    async def _learn(self, url: str, page: Page | None) -> None:
        """Learn which links of a page are articles, and look whether they are."""
        if not self._notes.take_up("listing", url):
            return
        page = page or await self._site.get("listing", url, "front page")
        if page is None or not self._site.outlet.owns(page.final_url):
            return
        known = [one for urls in self._notes.seen.offers.values() for one in urls]
        found = learned_listing(self._site.readers, self._site.outlet, page, known)
        look = await self._site.seen(found)
        if look.works and not known:
            look = await self._with_samples(look)
        elif look.works and look.article is None:  # beside a better way, only what is sure
            look = replace(look, works=False, reason="no pattern tells its articles' links")
        self._notes.note("listing", url, "front page", look, page)

    async def _with_samples(self, look: Look) -> Look:
        """What was learned of a page alone, believed only where some links lead to articles."""
        read = []
        for url in look.urls[:SAMPLES]:
            if self._notes.may_ask():
                read.append(await self._is_article(url))
        if sum(read) * 2 > len(read):
            return look
        return replace(look, works=False, reason=f"{sum(read)} of {len(read)} links are articles")

    async def _is_article(self, url: str) -> bool:
        """Whether an address leads to an article."""
        page = await self._site.answer("listing", url, guess=True)
        if isinstance(page, Ending):
            return False
        try:
            reading = await self._site.readers.page(page, context_for(self._site.outlet, page))
        except WorkerFailed:
            return False
        return reading.outcome is None
