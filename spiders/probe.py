"""Tries an outlet's known endpoints and the feeds its front page names; stores no article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.engine.capture import page_of
from crawler.engine.outcomes import of_status, why
from crawler.engine.pool import WorkerFailed
from crawler.outlets import Outlet, ProbeResult
from crawler.reading.urls import clean_url
from spiders.base import ArticleSpider
from storage.finding import VisitOutcome
from storage.models import FoundBy, Hints, Page

Kind = Literal["feed", "sitemap", "listing"]
Place = Literal["file", "link tag"]
WAYS: tuple[Kind, ...] = ("feed", "sitemap", "listing")


class ProbeSpider(ArticleSpider):
    """Looks whether each way into an outlet works. `results` holds what was seen, by outlet."""

    name = "probe"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """No result yet."""
        super().__init__(*args, **kwargs)
        self.results: dict[str, list[ProbeResult]] = defaultdict(list)
        self._tried: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Every endpoint in the outlets' files, on or off, and every front page."""
        for outlet in self.crawl.outlets.values():
            for way in WAYS:
                for endpoint in outlet.ways(FoundBy(way)):
                    yield self._look(outlet, way, endpoint.url, "file")
            front = outlet.front_page()
            if front:
                yield self._request(outlet, front, self.parse_front, {})

    def _look(self, outlet: Outlet, way: Kind, url: str, found_in: Place) -> Request:
        self._tried.add(url)
        seen = {"way": way, "url": url, "found_in": found_in}
        return self._request(outlet, url, self.parse_endpoint, seen)

    def _request(self, outlet: Outlet, url: str, callback: Any, more: dict[str, Any]) -> Request:
        return Request(
            url,
            callback=callback,
            errback=self.endpoint_failed,
            cb_kwargs={"outlet": outlet, **more},
            meta={"wire": True},
            dont_filter=True,
        )

    async def parse_front(self, response: Response, outlet: Outlet) -> AsyncIterator[Request]:
        """Follow the feeds that the front page names in its link tags."""
        page = page_of(response)
        if of_status(page.status):
            return
        try:
            links = await self.crawl.readers.links(page)
        except WorkerFailed:
            return
        for url in filter(None, (clean_url(link, page.final_url) for link in links)):
            if url not in self._tried:
                yield self._look(outlet, "feed", url, "link tag")

    async def parse_endpoint(
        self, response: Response, outlet: Outlet, way: Kind, url: str, found_in: Place
    ) -> None:
        """Note whether an endpoint gives what it promises."""
        page = page_of(response)
        ending = of_status(page.status, page.header("Location"))
        if ending:
            self._note(outlet, way, url, found_in, reason=ending.reason)
        elif way == "feed":
            await self._read_feed(page, outlet, url, found_in)
        else:
            reason = "" if page.body else "empty answer"
            self._note(outlet, way, url, found_in, works=not reason, reason=reason)

    async def _read_feed(self, page: Page, outlet: Outlet, url: str, found_in: Place) -> None:
        context = self.crawl.context(outlet.id, Hints(), page.fetched_at)
        try:
            reading = await self.crawl.readers.feed(page, context)
        except WorkerFailed as wrong:
            self._note(outlet, "feed", url, found_in, reason=str(wrong))
            return
        self._note(
            outlet,
            "feed",
            url,
            found_in,
            works=reading.outcome is VisitOutcome.READ,
            reason=reading.reason or str(reading.outcome),
            entries=len(reading.entries),
            newest=reading.newest_raw,
        )

    def endpoint_failed(self, failure: Failure) -> Iterator[Any]:
        """Note why an endpoint gave nothing; a front page that fails is no endpoint."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        seen = request.cb_kwargs
        if "way" in seen:
            reason = why(failure.value).reason
            self._note(seen["outlet"], seen["way"], seen["url"], seen["found_in"], reason=reason)
        return iter(())

    def _note(self, outlet: Outlet, way: Kind, url: str, found_in: Place, **result: Any) -> None:
        self.results[outlet.id].append(
            ProbeResult(
                url=url,
                kind=way,
                found_in=found_in,
                seen_at=datetime.now(UTC).isoformat(timespec="seconds"),
                works=bool(result.get("works")),
                reason=str(result.get("reason", "")),
                entries=int(result.get("entries", 0)),
                newest=result.get("newest"),
            )
        )
