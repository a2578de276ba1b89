"""One page in the browser: what it may ask for, when it is done, and where it led."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urldefrag, urlsplit

from scrapy.exceptions import DownloadCancelledError

from crawler.engine.guard import is_inner
from crawler.outlets import Outlet

log = logging.getLogger(__name__)

LOAD = "marsad_load"
"""The meta key with the `PageLoad` of a request to the browser."""
MAX_REQUESTS = 120
"""Sub-requests of one page; further ones are refused."""
MAX_HOSTS = 5
"""Hosts of the outlet that one page asks."""
QUIET_SECONDS = 8.0
"""So long a page may go on asking for things before it is read as it stands."""
ANSWER_SECONDS = 2.0
"""So long a quiet page may take to say that its scripts have run; an endless one never does."""
PAUSE_SECONDS = 0.2
"""Between such an answer and a look at whether the page asks for something again."""
READ_SECONDS = 3.0
"""Of a page's time, kept for reading what stands there."""
MAX_TOLD = 20
"""Hosts per page that the log names as refused."""
_TYPES = frozenset({"script", "stylesheet", "xhr", "fetch"})
"""What a page may ask for beside itself: what its text may come from."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_BLOCKED = "aborted"  # of all ways to refuse, the one after which a page stays where it was

_WITHOUT = """for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection",
  "RTCDataChannel", "WebTransport", "WebSocketStream", "PresentationRequest"]) {
  delete globalThis[name];
}"""
"""Taken from every frame: these need no proxy, and look around in the local network (mDNS)."""

MayAsk = Callable[[str], Awaitable[bool]]
"""Whether robots.txt allows an address."""


class PageLoad:
    """The rules for one page, told to the browser before it asks for anything.

    `trail` holds the addresses that the page's own request led through. `aborted` counts what was
    not asked for, `refused` by host what no page may ever reach.
    """

    def __init__(
        self, url: str, outlet: Outlet, may_ask: MayAsk, limits: tuple[float, int]
    ) -> None:
        """`limits`: seconds for all of it, and characters of the document."""
        seconds, self._size = limits
        self.trail: list[str] = []
        self.aborted = 0
        self.refused: dict[str, int] = {}
        self.sent: dict[str, str] = {}
        self._url, self._outlet, self._may_ask = url, outlet, may_ask
        self._end = asyncio.get_running_loop().time() + seconds
        self._begun = self._over = False
        self._requests = 0
        self._open: set[Any] = set()  # requests without an answer
        self._roots = {urlsplit(url).netloc}

    @property
    def left(self) -> float:
        """Seconds of the page's time that are left."""
        return max(self._end - asyncio.get_running_loop().time(), 0.0)

    async def prepare(self, page: Any, _: Any) -> None:
        """Put the rules in place. Without them every request of the page is refused."""
        await page.context.add_init_script(_WITHOUT)
        await page.context.route("**/*", _abort)  # other windows of this page
        await page.route("**/*", self._route)
        page.on("request", self._follow)
        page.on("request", self._open.add)
        for over in ("requestfinished", "requestfailed"):
            page.on(over, self._open.discard)
        page.on("popup", _close)

    def _follow(self, request: Any) -> None:
        """Note where the page's own request is led."""
        if request.is_navigation_request() and not self._over:
            first = not self.trail and urldefrag(request.url)[0] == urldefrag(self._url)[0]
            before = request.redirected_from
            if first or (before is not None and self.trail and before.url == self.trail[-1]):
                self.trail.append(request.url)

    # ------------------------------------------------------------ what it asks for

    async def _route(self, route: Any, request: Any) -> None:
        try:
            if await self._allows(request):
                await route.continue_()
                return
            self._note_refused(request.url)
            await route.abort(_BLOCKED)
        except Exception as wrong:  # the page has gone meanwhile, and with it the request
            log.debug("a request of a page came to nothing: %s", type(wrong).__name__)

    async def _allows(self, request: Any) -> bool:
        """Whether the page may ask for this now."""
        if self._over or request.method not in _METHODS:
            return False
        if request.is_navigation_request():
            return await self._is_the_page(request)
        self._requests += 1
        if self._requests > MAX_REQUESTS or request.resource_type not in _TYPES:
            return False
        return self._is_near(request.url) and await self._may_ask(request.url)

    async def _is_the_page(self, request: Any) -> bool:
        """True once, for the page itself: frames and other pages are not loaded."""
        if self._begun or urldefrag(request.url)[0] != urldefrag(self._url)[0]:
            return False
        self._begun = True
        self.sent = await request.all_headers()
        return True

    def _is_near(self, url: str) -> bool:
        """Whether an address is on the outlet's hosts, and on few of them: each one more has a
        robots.txt that we would have to ask for."""
        if not self.may_reach(url):
            return False
        self._roots.add(url.split("/", 3)[2])
        return len(self._roots) <= MAX_HOSTS

    def may_reach(self, url: str) -> bool:
        """Whether an address is one of the outlet's own on the web."""
        return url.startswith(("http://", "https://")) and self._outlet.owns(url)

    def _note_refused(self, url: str) -> None:
        self.aborted += 1
        host = urlsplit(url).hostname or ""
        if host and is_inner(host):
            self.refused[host] = self.refused.get(host, 0) + 1

    # ------------------------------------------------------------ when it is done

    async def settle(self, page: Any) -> None:
        """Wait until the page is quiet, or has had its time; then nothing in it runs any more.

        Raises DownloadCancelledError for a document over the limit.
        """
        wait = max(min(QUIET_SECONDS, self.left - READ_SECONDS), 0.1)
        session = await page.context.new_cdp_session(page)
        with suppress(_timeout_error(), TimeoutError):
            async with asyncio.timeout(wait):
                await page.wait_for_load_state("networkidle", timeout=wait * 1000)
                await self._nothing_follows(session)
        self._over = True
        # Both reach a script that never ends, and keep it from starting again.
        await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        with suppress(Exception):  # nothing was running
            await session.send("Runtime.terminateExecution")
        if await _document_size(session) > self._size:
            raise DownloadCancelledError("larger than the limit once rendered")

    async def _nothing_follows(self, session: Any) -> None:
        """Wait until a quiet page stays so, now that its scripts have run.

        The browser calls a page quiet half a second after its last request. On a busy machine a
        script may not even have begun by then.
        """
        seen = -1
        while self._open or seen != self._requests:
            seen = self._requests
            async with asyncio.timeout(ANSWER_SECONDS):
                await session.send("Runtime.evaluate", {"expression": "0"})
            await asyncio.sleep(PAUSE_SECONDS)

    async def may_stay(self) -> bool:
        """Whether robots.txt allows every address that redirects led through."""
        return all([self.may_reach(url) and await self._may_ask(url) for url in self.trail[1:]])


async def _document_size(session: Any) -> int:
    """How long the document is, asked in a world that the page's scripts cannot touch."""
    tree = await session.send("Page.getFrameTree")
    frame = tree["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    found = await session.send(
        "Runtime.evaluate",
        {
            "expression": "document.documentElement?.outerHTML.length ?? 0",
            "contextId": world["executionContextId"],
            "returnByValue": True,
        },
    )
    return int(found["result"].get("value", 0))


def _timeout_error() -> type[Exception]:
    from playwright.async_api import TimeoutError as PlaywrightTimeout

    return PlaywrightTimeout


async def _abort(route: Any) -> None:
    with suppress(Exception):  # the window has gone meanwhile
        await route.abort(_BLOCKED)


async def _close(page: Any) -> None:
    with suppress(Exception):  # it closed itself
        await page.close()
