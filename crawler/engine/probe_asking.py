"""Asking a site that is probed: bounded, with every answer or its lack in the notes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crawler.engine.crawl import Crawl
from crawler.engine.outcomes import Ending, of_status
from crawler.engine.pool import WorkerFailed
from crawler.engine.probe_looks import Look
from crawler.engine.probe_notes import MOST_REQUESTS, Notes
from crawler.outlets import Outlet
from crawler.probes import FoundIn, Kind
from crawler.reading.door_records import Doors
from storage.models import Page

Ask = Callable[[str, Kind, bool], Awaitable[Page | Ending]]
"""Asks an address as a way of a kind; a guess, as the last argument says, is not asked twice."""

_ENOUGH = f"not asked: {MOST_REQUESTS} requests are the most of one probe"


class Asker:
    """Asks one outlet's site. `front` is its front page, at `address`, as far as it is known."""

    def __init__(self, crawl: Crawl, outlet: Outlet, ask: Ask) -> None:
        """Nothing is asked yet."""
        self.outlet, self.readers, self._ask = outlet, crawl.readers, ask
        self.notes = Notes(outlet, crawl.egress_of(outlet.id), crawl.clock)
        self.address: str | None = None
        self.front: Page | None = None

    async def get(
        self, kind: Kind, url: str, found_in: FoundIn, *, guess: bool = False
    ) -> Page | None:
        """The answer of an address; what is none is noted with its reason."""
        if not self.notes.may_ask():
            self.notes.failed(kind, url, found_in, _ENOUGH)
            return None
        answer = await self.answer(kind, url, guess=guess)
        if isinstance(answer, Ending):
            self.notes.failed(kind, url, found_in, answer.reason)
            return None
        return answer

    async def answer(self, kind: Kind, url: str, *, guess: bool) -> Page | Ending:
        """The page at an address, or why there is none."""
        answer = await self._ask(url, kind, guess)
        if isinstance(answer, Page):
            answer = of_status(answer.status, answer.header("Location")) or answer
        self.notes.heard(answer)
        return answer

    async def seen(self, look: Awaitable[Look]) -> Look:
        """What a look showed, also where the reader failed."""
        try:
            return await look
        except WorkerFailed as wrong:
            return Look(False, str(wrong))

    async def doors(self, page: Page) -> Doors:
        """What a page tells of the ways into its site, or why nothing."""
        try:
            return await self.readers.doors(page, self.outlet.domains)
        except WorkerFailed as wrong:
            return Doors(reason=str(wrong))

    @property
    def knows_site(self) -> bool:
        """Whether the site answered at all: a host that does not is asked no guesses."""
        return self.front is not None or any(
            one.works or one.reason.startswith(("status", "challenge", "robots.txt forbids"))
            for one in self.notes.seen.results
        )

    @property
    def may_guess(self) -> bool:
        """Whether the site is there and has not refused several times in a row."""
        return self.address is not None and self.knows_site and self.notes.may_guess
