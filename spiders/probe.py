"""Tries every way into outlets, and tells what works; stores no article."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.engine.capture import page_of
from crawler.engine.outcomes import Ending, why
from crawler.engine.pace import TRIES
from crawler.engine.probe_notes import Probed
from crawler.engine.probe_samples import Samples, take_samples
from crawler.engine.probing import probe_outlet
from crawler.outlets import Outlet
from crawler.probes import Kind
from spiders.base import ArticleSpider
from storage.finding import Way
from storage.models import FoundBy, Page

log = logging.getLogger(__name__)


class ProbeSpider(ArticleSpider):
    """Looks which ways into outlets work. `found` holds what was seen, by outlet.

    Of an outlet that is in no file yet, `samples` holds a few articles.
    """

    name = "probe"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nothing was seen yet."""
        super().__init__(*args, **kwargs)
        self.found: dict[str, Probed] = {}
        self.samples = Samples()

    async def start(self) -> AsyncIterator[Any]:
        """Probe the chosen outlets, several at once; what they answer leads to no item."""
        nothing: tuple[Any, ...] = ()
        room = asyncio.Semaphore(self.crawl.workspace.settings.crawl.concurrency)
        await asyncio.gather(*(self._probe(outlet, room) for outlet in self._chosen()))
        for item in nothing:
            yield item

    def _chosen(self) -> Iterable[Outlet]:
        draft = self.order.draft
        return [draft] if draft else list(self.crawl.outlets.values())

    async def _probe(self, outlet: Outlet, room: asyncio.Semaphore) -> None:
        """Probe one outlet; a mistake of ours costs its probe, not those of the others."""
        self.found[outlet.id] = Probed(outlet)
        async with room:
            try:
                await self._look_into(outlet)
            except Exception:
                log.exception("the probe of %s failed unexpectedly", outlet.id)

    async def _look_into(self, outlet: Outlet) -> None:
        ask = partial(self.ask, outlet)
        found = self.found[outlet.id] = await probe_outlet(self.crawl, outlet, ask)
        if outlet is self.order.draft:
            self.samples = await take_samples(self.crawl.readers, found, ask)

    async def ask(self, outlet: Outlet, url: str, kind: Kind, guess: bool = False) -> Page | Ending:
        """The answer of an address, or why there is none; a guess is not tried again.

        Pages for readers are asked for as listings are: through a browser where an outlet needs it.
        """
        is_page = kind in ("site", "listing")
        asked = Way(outlet.id, FoundBy.LISTING, url) if is_page else outlet
        request = Request(
            url,
            callback=NO_CALLBACK,
            cb_kwargs={"asked": asked},
            meta={"wire": True, **({"tries": TRIES} if guess else {})},
            dont_filter=True,
        )
        answer = await self._answer(request)
        return page_of(answer) if isinstance(answer, Response) else answer

    async def _answer(self, request: Request) -> Response | Ending:
        engine = self.crawler.engine
        assert engine is not None, "a spider that runs has an engine"
        try:
            return await engine.download_async(request)
        except Exception as wrong:  # whatever went wrong, there is no answer
            return why(wrong)
