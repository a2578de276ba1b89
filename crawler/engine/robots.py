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

from crawler.egresses import DIRECT
from crawler.engine.capture import EGRESS
from crawler.engine.crawl import Crawl
from crawler.engine.outcomes import Ending, ForbiddenByRobots, RobotsUnreadable, why
from crawler.engine.routes import RENDER
from crawler.reading.robots_txt import robots_sitemaps
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


def _key(url: str, egress: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}", egress


class StrictRobots:
    """A downloader middleware that asks robots.txt before every request, once per host and run."""

    def __init__(self, crawler: Crawler) -> None:
        """One set of rules per scheme, host, port and egress, read when first needed."""
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[tuple[str, str], asyncio.Task[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StrictRobots:
        """Scrapy's way of building a middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse what robots.txt forbids; raises ForbiddenByRobots, RobotsUnreadable."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_for(request.url, request.meta.get(EGRESS, DIRECT))
        if rules.parser is None:
            assert rules.unreadable is not None
            raise RobotsUnreadable(rules.unreadable)
        if not rules.parser.can_fetch(request.url, self._agent):
            raise ForbiddenByRobots("robots.txt forbids it")

    async def allows(self, url: str, egress: str, held: str) -> bool:
        """Whether a page in the browser may ask for a URL, while it holds the turn of a host.

        What cannot be known without that very turn is not allowed.
        """
        if _key(url, egress) not in self._rules and urlsplit(url).hostname == held:
            return False
        rules = await self._rules_for(url, egress)
        return rules.parser is not None and rules.parser.can_fetch(url, self._agent)

    async def _rules_for(self, url: str, egress: str) -> _Rules:
        key = _key(url, egress)
        if key not in self._rules:
            self._rules[key] = asyncio.ensure_future(self._read(*key))
        return await asyncio.shield(self._rules[key])

    async def _read(self, root: str, egress: str) -> _Rules:
        request = Request(
            root + "/robots.txt",
            priority=ROBOTS_PRIORITY,
            meta={"dont_obey_robotstxt": True, EGRESS: egress, RENDER: ""},
            callback=NO_CALLBACK,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as wrong:  # whatever went wrong, the file could not be read
            return _Rules(None, why(wrong))
        return await self._judge(response, root)

    async def _judge(self, response: Response, root: str) -> _Rules:
        if response.status >= 500 or response.status == 429:
            return _Rules(None, Ending(Outcome.HTTP_ERROR, f"status {response.status}"))
        readable = response.status < 300
        body = response.body[:MAX_ROBOTS_BYTES] if readable else b""
        text = body.decode("utf-8-sig", "replace")
        parser: _Parser = Protego.parse(text)
        Crawl.of(self._crawler).note_sitemaps(robots_sitemaps(text, response.url))
        delay = parser.crawl_delay(self._agent)
        if delay:
            await Crawl.of(self._crawler).slow_down(urlsplit(root).hostname or "", float(delay))
        return _Rules(parser)
