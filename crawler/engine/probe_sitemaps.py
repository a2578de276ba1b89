"""Finding the sitemaps of a site that is probed."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.engine.outcomes import Ending
from crawler.engine.probe_asking import Asker
from crawler.engine.probe_looks import Look, best_parts, look_at_sitemap
from crawler.probes import FoundIn
from crawler.reading.common_paths import sitemap_guesses
from crawler.reading.sitemap_records import SitemapPart

MOST_PARTS = 3
"""Of an index of sitemaps that are looked at."""


class SitemapFinder:
    """Tries addresses as sitemaps."""

    def __init__(self, site: Asker) -> None:
        """Asks by `site`."""
        self._site, self._notes = site, site.notes

    async def find(self, named: Iterable[str]) -> None:
        """The sitemaps that robots.txt has named, else the usual ones."""
        if not self._site.may_guess:
            return
        for url in named:
            await self.attempt(url, "robots")
        for url in sitemap_guesses(self._site.address or ""):
            if self._notes.has_good("sitemap") or not self._notes.may_guess:
                return
            await self.attempt(url, "common path")

    async def attempt(self, url: str, found_in: FoundIn) -> None:
        """Try an address as a sitemap or an index of such."""
        if not self._notes.take_up("sitemap", url):
            return
        page = await self._site.get("sitemap", url, found_in, guess=found_in == "common path")
        if page is None:
            return
        look = await self._site.seen(look_at_sitemap(self._site.readers, self._site.outlet, page))
        if look.parts:
            look = await self._look_inside(look.parts)
        self._notes.note("sitemap", url, found_in, look, page)

    async def _look_inside(self, parts: Iterable[SitemapPart]) -> Look:
        """What an index holds: that of the first of its likeliest parts that is of articles."""
        waiting = [part.url for part in best_parts(parts, MOST_PARTS)]
        look = Look(False, "an index that lists nothing of the outlet's")
        for _ in range(MOST_PARTS + 1):
            if not waiting or not self._notes.may_ask():
                break
            look = await self._part(waiting.pop(0))
            if look.works and not look.parts:
                return look
            waiting = [part.url for part in best_parts(look.parts, MOST_PARTS)] + waiting
        return look if not look.works else Look(False, "an index of indexes without end")

    async def _part(self, url: str) -> Look:
        """What a part of an index shows."""
        answer = await self._site.answer("sitemap", url, guess=True)
        if isinstance(answer, Ending):
            return Look(False, f"an index, and its parts give nothing: {answer.reason}")
        return await self._site.seen(look_at_sitemap(self._site.readers, self._site.outlet, answer))
