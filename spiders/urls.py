"""Fetches URLs that a person names, marked as found by hand, known or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from crawler.engine.crawl import BY_HAND
from crawler.reading.urls import clean_url
from spiders.base import ArticleSpider
from storage.models import Candidate, FoundBy


class UrlsSpider(ArticleSpider):
    """Finds nothing: its candidates are given."""

    name = "urls"

    async def start(self) -> AsyncIterator[Any]:
        """What earlier fetches left, then every given URL, under the outlet whose host it is on."""
        async for work in super().start():
            yield work
        given = [self.candidate(url) for url in self.order.urls]
        for candidate in await self.crawl.add(given):
            yield self.article_request(candidate)

    def candidate(self, url: str) -> Candidate:
        """One given URL; raises ValueError for what is no web address."""
        cleaned = clean_url(url)
        if cleaned is None:
            raise ValueError(f"not a web address: {url}")
        outlets = self.crawl.config.outlets
        outlet = outlets.of_url(cleaned)
        outlet_id = outlet.id if outlet else BY_HAND.id
        key = outlets.url_key(cleaned, outlet_id)
        return Candidate(cleaned, key, outlet_id, FoundBy.MANUAL)
