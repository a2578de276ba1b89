"""Politeness: one request at a time per host, a pause between two, and patience when asked.

The pause stands in the database (`host_leases`), so that an ad-hoc crawl beside a night run
counts as the same visitor. A host's turn is taken at the wire, after robots.txt and queueing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

from crawler.egresses import DIRECT, proxy_url
from crawler.engine.capture import EGRESS
from crawler.engine.crawl import Crawl
from crawler.engine.outcomes import HeadTooLong, HostPaused, guarded, through
from crawler.engine.rendering import Renderer
from crawler.engine.routes import refuse_inner, to_render
from crawler.engine.settings import PER_HOST_QUEUE

MAX_WAIT = 300.0
"""Seconds that a run waits for one host's turn; a host that asks for more is left for the next."""
MAX_HEAD_BYTES = 256_000
"""Of status line and headers; common servers stop at 8 to 64 kB."""
MAX_RETRY_AFTER = 86_400.0
"""Seconds: an absurd Retry-After counts as one day."""
LOOK_AGAIN = 1.0
"""Seconds between two looks at a turn somebody else holds, and at whether we are to stop."""
TRIES = 3
"""Tries per URL and run."""
DEAD_AFTER = 4
"""Failures in a row after which a host is left alone for the rest of the run."""
_SLOT = Downloader.DOWNLOAD_SLOT
TRY_AGAIN_STATUS = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


class FairQueue(DownloaderAwarePriorityQueue):
    """Scrapy's per-host queue, but a host that makes us wait never fills everybody's places."""

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        """Counts what the downloader holds per host, robots.txt look-ups included."""
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface: DownloaderInterface = _WholeDownloader(crawler)


class _WholeDownloader(DownloaderInterface):
    """Offers the hosts that may be asked now, by what the downloader holds of each."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._hosts = crawler.settings.getint("HOSTS_AT_ONCE")

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """Hosts with room, and new ones only while not too many are visited at once."""
        # What the downloader holds has its host noted: asked for with each request that leaves.
        active = self.downloader.active
        held = Counter([each.meta.get(_SLOT) or self.get_slot_key(each) for each in active])
        full = len(held) >= self._hosts
        return [
            (held[slot], slot)
            for slot in possible_slots
            if held[slot] < PER_HOST_QUEUE and (held[slot] or not full)
        ]


class _ShortHeads(_LenientHTTP11ClientProtocol):
    """Scrapy's protocol, which ends an answer whose headers never end: no limit counts them."""

    _head = 0

    def request(self, request: Any) -> Any:
        """Count anew for each answer on a connection."""
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Pass data on while the head is of a sane length."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD_BYTES:
                too_long = Failure(HeadTooLong("headers longer than the limit"))  # type: ignore[no-untyped-call]  # Twisted's
                self._giveUp(too_long)  # type: ignore[no-untyped-call]  # Twisted's
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's


class _ShortHeadsFactory(_LenientHTTP11ClientFactory):
    """Makes `_ShortHeads` connections."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        """One connection's protocol."""
        return _ShortHeads(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's


class PacedHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, which first takes the host's turn."""

    def __init__(self, crawler: Crawler) -> None:
        """As Scrapy's, with connections that bear no endless headers."""
        super().__init__(crawler)
        self._pool._factory = _ShortHeadsFactory
        self._renderer = Renderer.of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Fetch when it is this host's turn; raises HostPaused, UnsafeAddress, Scrapy's own."""
        crawl = Crawl.of(self._crawler)
        refuse_inner(request, crawl)
        host = urlparse_cached(request).hostname or ""
        if outlet := to_render(request, crawl):
            await self._renderer.ready()
            async with _turn(crawl, host, self._renderer.places):
                crawl.count("requests")
                return await _heard(crawl, host, await self._renderer.load(request, outlet))
        async with _turn(crawl, host):
            crawl.count("requests")
            return await _heard(crawl, host, await self._fetch(request, crawl))

    async def _fetch(self, request: Request, crawl: Crawl) -> Response:
        """Fetch through the request's egress, and through nothing else."""
        egress = request.meta.get(EGRESS, DIRECT)
        if proxy := crawl.proxy_of(egress):
            request.meta["proxy"] = proxy_url(proxy)
        try:
            return await super().download_request(request)
        except Exception as wrong:
            raise through(egress, guarded(wrong, request.url)) from wrong
        finally:
            request.meta.pop("proxy", None)  # no redirect or retry takes it from here

    async def close(self) -> None:
        """End the connections, and the browser where there is one."""
        await self._renderer.close()
        await super().close()


@asynccontextmanager
async def _turn(
    crawl: Crawl, host: str, places: AbstractAsyncContextManager[Any] | None = None
) -> AsyncIterator[None]:
    """Hold a host's lease; once this process is at its head, waits up to MAX_WAIT seconds.

    The queue within the process is ours: Scrapy 2.19 counts a request against
    CONCURRENT_REQUESTS_PER_DOMAIN only when its coroutine has started, and lets several through.
    A place in the browser is taken before the lease: nobody else waits for a host because of it.
    """
    async with crawl.queue_at(host), places or nullcontext():
        await _wait_for_turn(crawl, host)
        try:
            yield
        finally:
            await crawl.release_host(host)


async def _heard(crawl: Crawl, host: str, response: Response) -> Response:
    """Pass an answer on. Where it says Retry-After, nobody has a turn before, not even whoever
    waits for the very turn that ends with it."""
    asked = _asked(response, crawl)
    if asked is not None:
        await crawl.postpone_host(host, asked)
    return response


async def _wait_for_turn(crawl: Crawl, host: str) -> None:
    deadline = asyncio.get_running_loop().time() + MAX_WAIT
    while True:
        if crawl.stopping:
            raise HostPaused("the run was asked to stop")
        wait = await crawl.acquire_host(host)
        if not wait:
            return
        if asyncio.get_running_loop().time() + wait > deadline:
            raise HostPaused(f"{host} asks us to wait {wait:.0f} s")
        await asyncio.sleep(min(wait, LOOK_AGAIN))


class SecondChance:
    """A downloader middleware: tries again later, as late as the host says."""

    def __init__(self, crawler: Crawler) -> None:
        """Counts failures in a row per host, to leave a dead one alone."""
        self._crawl = Crawl.of(crawler)
        self._failures: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SecondChance:
        """Scrapy's way of building a middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse a host that has not answered for a while; raises HostPaused."""
        host = urlparse_cached(request).hostname or ""
        if self._failures[host] >= DEAD_AFTER:
            raise HostPaused(f"{host} did not answer {DEAD_AFTER} times in a row")

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Pass pages on; ask again for what may be a passing fault."""
        host = urlparse_cached(request).hostname or ""
        self._failures[host] = 0
        if response.status not in TRY_AGAIN_STATUS:
            return response
        return await self._again(request, _asked(response, self._crawl)) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a network fault; everything else passes on."""
        host = urlparse_cached(request).hostname or ""
        if isinstance(exception, DownloadCancelledError):  # too much of an answer is an answer
            self._failures[host] = 0
        if isinstance(exception, IgnoreRequest | DownloadCancelledError):
            return None
        self._failures[host] += 1
        return await self._again(request, None)

    async def _again(self, request: Request, asked: float | None) -> Request | None:
        host = urlparse_cached(request).hostname or ""
        tries = request.meta.get("tries", 1)
        pause = asked if asked is not None else self._crawl.pause(host) * 2**tries
        if asked is None and tries < TRIES:  # what the host asked for is noted at the wire
            await self._crawl.postpone_host(host, pause)
        if tries >= TRIES or pause > MAX_WAIT:
            return None
        again = request.replace(dont_filter=True)
        again.meta["tries"] = tries + 1
        self._crawl.count("retries")
        return again


def _asked(response: Response, crawl: Crawl) -> float | None:
    """Seconds for which a host asks to be left alone, with a fault that may pass."""
    if response.status not in TRY_AGAIN_STATUS:
        return None
    return retry_after(response.headers.get("Retry-After"), crawl.clock())


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3), or None for nonsense.

    >>> retry_after(b"120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    seconds = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(seconds.total_seconds(), 0.0), MAX_RETRY_AFTER)
