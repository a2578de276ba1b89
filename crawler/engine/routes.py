"""Which way a request goes: whose address asks, and whether a browser loads the page.

Decided once per request and kept in its meta, so that redirects, retries and robots.txt go the
same way. A request that nobody answers for goes nowhere as soon as there is more than one way.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.egresses import DIRECT
from crawler.engine.capture import EGRESS
from crawler.engine.crawl import Crawl
from crawler.engine.guard import Newsroom, is_inner
from crawler.engine.outcomes import UnsafeAddress
from crawler.outlets import Outlet
from storage.finding import Follow, Way
from storage.models import Candidate, FoundBy

RENDER = "render"
"""The meta key with the id of the outlet whose page a browser has to load; else absent or ""."""


class Routes:
    """A downloader middleware: the first one, so that every other one knows the way."""

    def __init__(self, crawler: Crawler) -> None:
        """The run knows its outlets and their ways."""
        self._crawl = Crawl.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Routes:
        """Scrapy's way of building a middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Write the way into the request's meta; raises UnsafeAddress where it is unknown."""
        outlet_id = _outlet_of(request) or self._by_host(request.url)
        if EGRESS not in request.meta:
            request.meta[EGRESS] = self._egress(outlet_id)
        if RENDER not in request.meta:
            outlet = self._crawl.config.outlets.get(outlet_id or "")
            wanted = outlet is not None and outlet.render and _is_page(request)
            request.meta[RENDER] = outlet_id if wanted else ""

    def _by_host(self, url: str) -> str | None:
        outlet = self._crawl.config.outlets.of_url(url)
        return outlet.id if outlet else None

    def _egress(self, outlet_id: str | None) -> str:
        if outlet_id is not None:
            return self._crawl.egress_of(outlet_id)
        if self._crawl.order.egress is None and self._crawl.workspace.settings.egress:
            raise UnsafeAddress("nobody said through which egress this may be asked for")
        return self._crawl.order.egress or DIRECT


def _asked_for(request: Request) -> Iterator[Candidate | Way | Follow | Outlet]:
    """What a request of ours is made for, as its callback is told."""
    for value in request.cb_kwargs.values():
        if isinstance(value, Candidate | Way | Follow | Outlet):
            yield value


def _outlet_of(request: Request) -> str | None:
    for asked in _asked_for(request):
        return asked.id if isinstance(asked, Outlet) else asked.outlet_id
    return None


def _is_page(request: Request) -> bool:
    """Whether it asks for an article or a listing: feeds and sitemaps need no browser."""
    return any(
        isinstance(asked, Candidate)
        or (isinstance(asked, Way | Follow) and asked.found_by is FoundBy.LISTING)
        for asked in _asked_for(request)
    )


def to_render(request: Request, crawl: Crawl) -> Outlet | None:
    """The outlet for whose page a browser is needed; a page on other hosts never meets one."""
    outlet = crawl.config.outlets.get(request.meta.get(RENDER) or "")
    return outlet if outlet is not None and outlet.owns(request.url) else None


def refuse_inner(request: Request, crawl: Crawl) -> None:
    """Refuse, by name alone, what no resolver of ours will see; raises UnsafeAddress.

    Behind an egress somebody else resolves the name; and the place of an egress, which the guard
    lets pass for its sake, is no place for a page.
    """
    parts = urlsplit(request.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    settings = crawl.workspace.settings
    if Newsroom(settings.newsroom).serves(host, port):
        return
    own_proxy = (host, port) in {egress.place for egress in settings.egress}
    if own_proxy or (request.meta.get(EGRESS, DIRECT) != DIRECT and is_inner(host)):
        raise UnsafeAddress(f"{host} is not a public address")
