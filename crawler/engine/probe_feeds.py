"""Finding the feeds of a site that is probed."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.engine.probe_asking import Asker
from crawler.engine.probe_looks import look_at_feed
from crawler.probes import FoundIn
from crawler.reading.common_paths import feed_guesses
from storage.models import Page


class FeedFinder:
    """Tries addresses as feeds."""

    def __init__(self, site: Asker) -> None:
        """Asks by `site`."""
        self._site, self._notes = site, site.notes

    async def find(self) -> None:
        """The feeds that the front page names, else those that it links to, else the usual ones."""
        doors = self._notes.seen.doors
        for url in doors.feeds:
            await self.attempt(url, "link tag")
        await self._until_good(doors.feed_links, "front page")
        if self._site.may_guess:
            guesses = feed_guesses(self._site.address or "", self._site.outlet.languages)
            await self._until_good(guesses, "common path")

    async def attempt(self, url: str, found_in: FoundIn) -> Page | None:
        """Try an address as a feed; gives the answer where it is a web page."""
        if not self._notes.take_up("feed", url):
            return None
        page = await self._site.get("feed", url, found_in, guess=found_in == "common path")
        if page is None:
            return None
        look = await self._site.seen(look_at_feed(self._site.readers, self._site.outlet, page))
        self._notes.note("feed", url, found_in, look, page)
        return page if look.is_page else None

    async def _until_good(self, urls: Iterable[str], found_in: FoundIn) -> None:
        """Try addresses until a feed is good or the site refuses."""
        for url in urls:
            if self._notes.has_good("feed") or not self._notes.may_guess:
                return
            page = await self.attempt(url, found_in)
            if page is not None:
                await self._listed_at(page)

    async def _listed_at(self, page: Page) -> None:
        """Some sites answer /rss with a web page that lists their feeds."""
        if not self._site.outlet.owns(page.final_url):
            return
        doors, known = await self._site.doors(page), self._notes.seen.doors
        for url in (*doors.feeds, *doors.feed_links):
            if url not in (*known.feeds, *known.feed_links):
                await self.attempt(url, "front page")
