"""Pages that need a browser: loaded in Chromium, in the same run, books and politeness.

One browser per run, started with the first page that needs it; one page at a time per host, each
in a context and under a pass of its own. Its only way out is the guard proxy.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.egresses import DIRECT
from crawler.engine.browser import (
    browser_problem,
    context_options,
    find_chromium,
    is_sandboxed,
    launch_options,
    new_home,
    proxy_options,
)
from crawler.engine.capture import EGRESS, RENDERED
from crawler.engine.crawl import Crawl
from crawler.engine.guard import Newsroom
from crawler.engine.guardproxy import GuardProxy
from crawler.engine.outcomes import BrowserMissing
from crawler.engine.pageloads import LOAD, MAX_REQUESTS, MAX_TOLD, MayAsk, PageLoad
from crawler.engine.passes import Allowance, Pass
from crawler.engine.proxyheads import GUARD_HEADER
from crawler.engine.rendered import (
    as_document,
    failure,
    led_away,
    note_how,
    redirect,
    trouble,
)
from crawler.engine.robots import StrictRobots
from crawler.outlets import Outlet

if TYPE_CHECKING:  # an extra
    from crawler.engine.browsing import PageLoader

log = logging.getLogger(__name__)

PAGES_AT_ONCE = 2
"""Pages in the browser at a time, each of another host."""
SIZE_TIMES = 3
"""Bytes of all that one page asks for, in times of the limit for one answer."""
CLOSE_SECONDS = 5.0
"""For a page or the browser to end by itself."""
_PORTS = frozenset({80, 443})


class Renderer:
    """The browser of one run; nothing is started before the first page that needs it."""

    _all: ClassVar[WeakKeyDictionary[Crawler, Renderer]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.places = asyncio.Semaphore(PAGES_AT_ONCE)
        self._starting = asyncio.Lock()
        self._loader: PageLoader | None = None
        self._proxy: GuardProxy | None = None
        self._home: Path | None = None
        self._version = ""

    @classmethod
    def of(cls, crawler: Crawler) -> Renderer:
        """The one renderer of a Scrapy crawler."""
        if crawler not in cls._all:
            cls._all[crawler] = cls(crawler)
        return cls._all[crawler]

    # ------------------------------------------------------------ opening and closing

    async def ready(self) -> None:
        """Have the browser running; raises BrowserMissing where there is none."""
        async with self._starting:
            if self._loader is None:
                if problem := browser_problem():
                    raise BrowserMissing(f"needs a browser; {problem}")
                try:
                    await self._start()
                except Exception as wrong:
                    await self.close()
                    said = str(wrong).strip().partition("\n")[0]
                    raise BrowserMissing(f"the browser did not start: {said[:200]}") from wrong

    async def _start(self) -> None:
        from crawler.engine.browsing import PageLoader

        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # it logs whole addresses
        settings = Crawl.of(self._crawler).workspace.settings
        self._home = new_home()
        self._proxy = GuardProxy(Newsroom(settings.newsroom))
        await self._proxy.start()
        program = find_chromium()
        assert program is not None, "browser_problem has looked"
        options = launch_options(program, self._proxy.port, self._home)
        loader = PageLoader(self._crawler, options, self._home)
        await loader.start()
        self._loader, self._version = loader, loader.version
        log.info("browser started version=%s sandboxed=%s", self._version, is_sandboxed())

    async def close(self) -> None:
        """End the browser and its way out, and remove what it wrote. Harmless twice."""
        if self._loader is not None:
            with suppress(Exception):  # it died before
                await asyncio.wait_for(self._loader.close(), CLOSE_SECONDS)
            self._loader = None
        if self._proxy is not None:
            await self._proxy.close()
            told = self._proxy.strangers.most_common(MAX_TOLD)
            log.info("browser ended; asked for without a pass, and refused: %s", dict(told))
            self._proxy = None
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)

    # ------------------------------------------------------------ one page

    async def load(self, request: Request, outlet: Outlet) -> Response:
        """The page as it stands once its scripts have run.

        Raises what a plain fetch would: UnsafeAddress, DownloadTimeoutError and so on.
        """
        assert self._loader is not None and self._proxy is not None, "ready comes first"
        crawl = Crawl.of(self._crawler)
        limits = crawl.workspace.settings.crawl
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)  # a browser asks for the whole page
        rules = self._robots(request)
        page = PageLoad(request.url, outlet, rules, (limits.timeout_seconds, limits.max_bytes))
        allowance = Allowance(SIZE_TIMES * limits.max_bytes, MAX_REQUESTS)
        proxy = crawl.proxy_of(request.meta.get(EGRESS, DIRECT))
        pass_ = self._proxy.passes.issue(_reach(request, page), allowance, proxy)
        try:
            return await self._loaded(request, page, pass_)
        finally:
            self._proxy.passes.revoke(pass_)
            await self._end_context(pass_.name)
            _count(crawl, outlet, page, pass_)

    async def _loaded(self, request: Request, page: PageLoad, pass_: Pass) -> Response:
        """Load a page, and tell a plain response or failure from what the browser says."""
        loader = self._loader
        assert loader is not None
        inner = self._inner_request(request, page, pass_)
        try:
            async with asyncio.timeout(page.left):
                response = await loader.download_request(inner)
        except Exception as wrong:
            if (elsewhere := await led_away(page)) is not None:
                return redirect(request, elsewhere)
            raise failure(wrong, page, pass_) from wrong
        if not await page.may_stay():
            return redirect(request, page.trail[-1])
        if response.headers.get(GUARD_HEADER) and (known := trouble(response.url, pass_)):
            raise known
        note_how(request, inner, page)
        request.meta[RENDERED] = self._version
        return as_document(response, page.trail[-1] if page.trail else request.url, pass_)

    def _inner_request(self, request: Request, page: PageLoad, pass_: Pass) -> Request:
        """The request as scrapy-playwright takes it."""
        assert self._proxy is not None
        proxy = proxy_options(self._proxy.port, pass_.name, pass_.secret)
        agent = self._crawler.settings["USER_AGENT"]
        meta = {
            LOAD: page,
            "playwright": True,
            "playwright_context": pass_.name,
            "playwright_context_kwargs": {**context_options(agent), "proxy": proxy},
            "playwright_page_init_callback": page.prepare,
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": page.left * 1000},
        }
        return Request(request.url, meta=meta, dont_filter=True)

    def _robots(self, request: Request) -> MayAsk:
        """What robots.txt says to a page, asked for through the page's own egress."""
        robots = self._crawler.get_downloader_middleware(StrictRobots)
        assert robots is not None, "one of the settings' middlewares"
        egress, held = request.meta.get(EGRESS, DIRECT), urlsplit(request.url).hostname or ""

        async def may_ask(url: str) -> bool:
            return await robots.allows(url, egress, held)

        return may_ask

    async def _end_context(self, name: str) -> None:
        """End what is left of a page; where it will not end, the browser ends with it."""
        loader = self._loader
        wrapper = loader.context_wrappers.get(name) if loader else None
        if loader is None or wrapper is None:
            return
        try:
            await asyncio.wait_for(wrapper.context.close(), CLOSE_SECONDS)
        except Exception as wrong:
            log.warning("a page did not end, so the browser does: %s", type(wrong).__name__)
            with suppress(Exception):  # it has died already; the next page starts another
                await asyncio.wait_for(loader.browser.close(), CLOSE_SECONDS)


def _count(crawl: Crawl, outlet: Outlet, page: PageLoad, pass_: Pass) -> None:
    """Keep what a page tried in the run's books, and tell it in the log by host alone."""
    refused = Counter(page.refused) + pass_.refused
    crawl.count("rendered")
    crawl.count("render_aborted", page.aborted)
    crawl.count("render_refused", refused.total())
    for host, times in refused.most_common(MAX_TOLD):
        log.warning("page of outlet=%s refused host=%s times=%d", outlet.id, host[:253], times)


def _reach(request: Request, page: PageLoad) -> Callable[[str, int], bool]:
    """Which hosts and ports a page may have connections to."""
    ports = _PORTS | {urlsplit(request.url).port}

    def allows(host: str, port: int) -> bool:
        return port in ports and ":" not in host and page.may_reach(f"http://{host}/")

    return allows
