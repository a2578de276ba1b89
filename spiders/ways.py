"""What the spiders of all ways of finding share: visit the ways, and go where visits lead."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.engine.outcomes import why
from crawler.engine.visits import record_failure, request_headers
from crawler.engine.ways import size_limit, visit_way
from spiders.base import ArticleSpider
from storage.finding import Follow, VisitResult, Way
from storage.models import FoundBy

WAYS_FIRST = 10
"""Scrapy priority: learning what there is comes before fetching it."""


class WaysSpider(ArticleSpider):
    """Finds candidates by visiting ways of some kinds; where a visit leads to, it goes at once."""

    kinds: ClassVar[tuple[FoundBy, ...]] = ()

    async def start(self) -> AsyncIterator[Any]:
        """Finish what is pending and what visits led to, then visit every way that is on."""
        async for work in super().start():
            yield work
        for follow, way in await self.crawl.open_follows():
            yield self.visit_request(way, follow)
        for kind in self.kinds:
            for way in await self.crawl.ways(kind):
                yield self.visit_request(way)

    def visit_request(self, way: Way, follow: Follow | None = None) -> Request:
        """One visit, conditional when validators may be trusted."""
        return Request(
            way.url,
            callback=self.parse_way,
            errback=self.way_failed,
            cb_kwargs={"way": way, "follow": follow},
            headers=request_headers(way, follow, self.crawl.clock()),
            meta={"wire": True, **size_limit(way)},
            priority=WAYS_FIRST,
            dont_filter=True,
        )

    async def parse_way(
        self, response: Response, way: Way, follow: Follow | None
    ) -> AsyncIterator[Any]:
        """Fetch each candidate that is new or was edited, and visit what the visit leads to."""
        for each in self.lead_on(await visit_way(self.crawl, way, follow, response)):
            yield each

    async def way_failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Note a visit that brought nothing: a time at which we may have been blind."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        seen = request.cb_kwargs
        ending = why(failure.value)
        result = await record_failure(self.crawl, seen["way"], seen["follow"], ending)
        for each in self.lead_on(result):
            yield each

    def lead_on(self, result: VisitResult) -> Iterator[Any]:
        """The requests that a visit leads to: its fresh articles, and further visits."""
        for candidate in result.fresh:
            yield self.article_request(candidate)
        for follow in result.follows:
            if self.crawl.may_follow(follow.outlet_id):
                yield self.visit_request(self.crawl.way_of(follow), follow)
