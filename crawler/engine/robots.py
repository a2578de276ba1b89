"""robots.txt, strictly: where it cannot be read, nothing is fetched (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.engine.crawl import Crawl
from crawler.engine.outcomes import Ending, ForbiddenByRobots, RobotsUnreadable, why
from storage.models import Outcome

MAX_ROBOTS_BYTES = 500_000
"""Google reads 500 KiB of a robots.txt; what lies behind is ignored here as well."""
ROBOTS_PRIORITY = 1000


class _Parser(Protocol):
    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True)
class _Rules:
    parser: _Parser | None
    unreadable: Ending | None = None


class StrictRobots:
    """A downloader middleware that asks robots.txt before every request, once per host and run."""

    def __init__(self, crawler: Crawler) -> None:
        """One set of rules per scheme, host and port, read when first needed."""
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Task[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StrictRobots:
        """Scrapy's way of building a middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse what robots.txt forbids; raises ForbiddenByRobots, RobotsUnreadable."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_for(request.url)
        if rules.parser is None:
            assert rules.unreadable is not None
            raise RobotsUnreadable(rules.unreadable)
        if not rules.parser.can_fetch(request.url, self._agent):
            raise ForbiddenByRobots("robots.txt forbids it")

    async def _rules_for(self, url: str) -> _Rules:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._read(root))
        return await asyncio.shield(self._rules[root])

    async def _read(self, root: str) -> _Rules:
        request = Request(
            root + "/robots.txt",
            priority=ROBOTS_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as wrong:  # whatever went wrong, the file could not be read
            return _Rules(None, why(wrong))
        return self._judge(response, root)

    def _judge(self, response: Response, root: str) -> _Rules:
        if response.status >= 500 or response.status == 429:
            return _Rules(None, Ending(Outcome.HTTP_ERROR, f"status {response.status}"))
        readable = response.status < 300
        body = response.body[:MAX_ROBOTS_BYTES] if readable else b""
        parser: _Parser = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay = parser.crawl_delay(self._agent)
        if delay:
            Crawl.of(self._crawler).slow_down(urlsplit(root).hostname or "", float(delay))
        return _Rules(parser)
