"""Reads outlets' feeds: RSS, Atom and JSON Feed, all chosen outlets in one crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.engine.outcomes import why
from crawler.engine.visits import record_failure, record_feed, request_headers
from spiders.base import ArticleSpider
from storage.finding import Way
from storage.models import FoundBy

FEEDS_FIRST = 10
"""Scrapy priority: learning what there is comes before fetching it."""


class FeedSpider(ArticleSpider):
    """Finds candidates in feeds."""

    name = "feed"

    async def start(self) -> AsyncIterator[Any]:
        """Finish what is pending, then visit every feed of the chosen outlets."""
        async for work in super().start():
            yield work
        for way in await self.crawl.ways(FoundBy.FEED):
            yield self.visit_request(way)

    def visit_request(self, way: Way) -> Request:
        """One visit to a feed, conditional when validators may be trusted."""
        return Request(
            way.url,
            callback=self.parse_feed,
            errback=self.feed_failed,
            cb_kwargs={"way": way},
            headers=request_headers(way, self.crawl.clock()),
            meta={"wire": True},
            priority=FEEDS_FIRST,
            dont_filter=True,
        )

    async def parse_feed(self, response: Response, way: Way) -> AsyncIterator[Any]:
        """Follow each entry that is new or was edited."""
        for candidate in await record_feed(self.crawl, way, response):
            yield self.article_request(candidate)

    async def feed_failed(self, failure: Failure) -> None:
        """Note a visit that brought nothing: a time at which we were blind."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        await record_failure(self.crawl, request.cb_kwargs["way"], why(failure.value))
