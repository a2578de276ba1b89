"""scrapy-playwright, as we use it. Only imported where its extra is installed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.engine.browsermemory import watch_memory
from crawler.engine.pageloads import LOAD

_OVERHEAD_SECONDS = 1.0


class PageLoader(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # it ships no types
    """Loads pages, each as it stands when it is quiet or its time is over."""

    def __init__(self, crawler: Crawler, options: dict[str, Any], home: Path) -> None:
        """`options` are those with which the browser starts, `home` is where all it writes goes."""
        super().__init__(crawler)
        self._home = home
        self.config.launch_options = options
        self.config.target_closed_max_retries = 0  # whether to try again is SecondChance's business
        self.config.download_timeout_secs = _OVERHEAD_SECONDS
        self.config.navigation_timeout_ms = None
        self.process_request_headers = None
        self._watched: Any = None
        self._watching: asyncio.Future[None] | None = None
        self.abort_request = _abort  # whatever passes a page's own rules by

    async def start(self) -> None:
        """Start Playwright and the browser; raises its errors."""
        with _writing_in(self._home):
            await self._launch()
        await self._maybe_launch_browser()

    async def _maybe_launch_browser(self) -> None:
        """Also after one has died: each is watched."""
        await super()._maybe_launch_browser()
        if self._watched is not self.browser:
            self._watched = self.browser
            self._watching = asyncio.ensure_future(_watch(self.browser))

    async def close(self) -> None:
        """End the browser and the watch over it."""
        if self._watching is not None:
            self._watching.cancel()
        await super().close()

    @property
    def version(self) -> str:
        """The browser's name and version, as it stands in captures."""
        return f"Chromium/{self.browser.version}"

    async def _apply_page_methods(self, page: Any, request: Request, spider: Any) -> None:
        """In place of Scrapy-Playwright's own, which would wait for pages that never end."""
        await request.meta[LOAD].settle(page)


@contextmanager
def _writing_in(home: Path) -> Iterator[None]:
    """Programs started meanwhile write their files here.

    Playwright's driver makes the browser's profile in its own folder for temporary files, takes it
    from our environment only, and leaves it there when the browser is killed.
    """
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(home)
    try:
        yield
    finally:
        os.environ.pop("TMPDIR")
        if before is not None:
            os.environ["TMPDIR"] = before


async def _watch(browser: Any) -> None:
    with suppress(PlaywrightError):  # the browser has gone
        await watch_memory(browser)


def _abort(_: Any) -> bool:
    return True
