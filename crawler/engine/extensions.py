"""What Scrapy is told at the start of every crawl, and what a person sees while it runs."""

from __future__ import annotations

import asyncio
import logging
import sys
import zoneinfo
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure

from crawler import logs
from crawler.engine.crawl import Crawl
from crawler.engine.diskguard import require_room
from crawler.engine.place import workspace_of
from crawler.workspace import Config, Workspace, load_config

USER_AGENT = "Marsad/0.1 (news monitoring for research; +{contact})"
"""Honest, with a role contact; never a person's or a machine's name."""

log = logging.getLogger(__name__)

EVERY = 30.0
"""Seconds between two lines of progress where nobody watches live."""


class WorkspaceAddon:
    """Finds the workspace and its files, and sets what depends on them.

    Also what makes `scrapy crawl` from a checkout as safe as `marsad crawl`: both pass here.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Kept for the run's opening."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WorkspaceAddon:
        """Scrapy's way of building an add-on."""
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Raise WorkspaceMissing, ConfigErrors, UnknownOutlet or NoRoom before anything runs."""
        zoneinfo.reset_tzpath(to=[])  # the packaged zones: Debian 12's are wrong for Morocco
        if not logging.getLogger().handlers:  # `scrapy crawl` from a checkout
            logs.set_up()
        workspace = workspace_of(settings)
        require_room(workspace)
        _apply(workspace, settings)
        self._attach(workspace, load_config(workspace))

    def _attach(self, workspace: Workspace, config: Config) -> None:
        order = getattr(self._crawler.spider, "order", None)
        assert order is not None, "a spider of ours knows what it was asked for"
        Crawl(workspace, config, order).attach(self._crawler)


def _apply(workspace: Workspace, settings: BaseSettings) -> None:
    """A workspace's limits, never looser than the settings module's."""
    crawl = workspace.settings.crawl
    values: dict[str, Any] = {
        "USER_AGENT": USER_AGENT.format(contact=workspace.settings.contact),
        "ROBOTSTXT_USER_AGENT": "Marsad",
        "CONCURRENT_REQUESTS": crawl.concurrency * settings.getint("PER_HOST_QUEUE"),
        "HOSTS_AT_ONCE": crawl.concurrency,
        "DOWNLOAD_TIMEOUT": min(crawl.timeout_seconds, settings.getint("DOWNLOAD_TIMEOUT")),
        "DOWNLOAD_MAXSIZE": min(crawl.max_bytes, settings.getint("DOWNLOAD_MAXSIZE")),
    }
    for name, value in values.items():
        settings.set(name, value, priority="cmdline")


class QuietFormatter(LogFormatter):
    """No line per page from Scrapy: ours has the outcome, and never a page's words."""

    def crawled(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing: the outcome is logged when it is known."""
        return None

    def scraped(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing: an item holds an article's text."""
        return None

    def dropped(self, item: Any, exception: BaseException, *args: Any, **kwargs: Any) -> Any:
        """That there was one: why is said where the run ends, or in its books."""
        return _kind_only("an item was left for the next run error=%(error)s", exception)

    def item_error(self, item: Any, exception: BaseException, *args: Any, **kwargs: Any) -> Any:
        """The kind of error without the item."""
        return _kind_only("an item could not be processed error=%(error)s", exception)

    def spider_error(self, failure: Failure, *args: Any, **kwargs: Any) -> Any:
        """The kind of error without the page's address."""
        return _kind_only("a page could not be followed error=%(error)s", failure.value)

    def download_error(self, failure: Failure, *args: Any, **kwargs: Any) -> Any:
        """The kind of error without the page's address."""
        return _kind_only("a page could not be fetched error=%(error)s", failure.value)


def _kind_only(message: str, wrong: BaseException | None) -> dict[str, Any]:
    """A line of Scrapy's with the kind of an error in the place of all that it would tell."""
    kind = logs.Safe(type(wrong).__name__)
    return {"level": logging.ERROR, "msg": message, "args": {"error": kind}}


class Progress:
    """Tells a person how far the run is: a live line on a terminal, now and then elsewhere."""

    def __init__(self, crawler: Crawler) -> None:
        """Counts by signals; shows only where the run was started for a person."""
        self._crawler = crawler
        self._console: Any = None
        self._later: asyncio.Future[None] | None = None
        crawler.signals.connect(self._start, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)
        crawler.signals.connect(self._stop, signals.engine_stopped)
        crawler.signals.connect(self._item_error, signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """Scrapy's way of building an extension."""
        return cls(crawler)

    def _start(self) -> None:
        crawl = Crawl.of(self._crawler)
        log.info("run begins run=%s kind=%s", crawl.run_id, crawl.order.kind)
        if not self._crawler.settings.getbool("MARSAD_PROGRESS"):
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(file=sys.stderr)
        if console.is_terminal:
            self._console = Live(
                get_renderable=self.line, console=console, refresh_per_second=4, transient=True
            )
            self._console.start()
        else:
            self._later = asyncio.ensure_future(self._tell_now_and_then(console))

    async def _tell_now_and_then(self, console: Any) -> None:
        while True:
            await asyncio.sleep(EVERY)
            console.print(self.line())

    def line(self) -> str:
        """The run so far in one line."""
        counts = Crawl.of(self._crawler).counts
        stored = counts["outcome/stored_new"] + counts["outcome/copy"]
        waiting = counts["found"] - sum(
            number for name, number in counts.items() if name.startswith("outcome/")
        )
        return (
            f"visits {counts['visits']} · found {counts['found']} · known {counts['known']} · "
            f"stored {stored} · changed {counts['outcome/stored_changed']} · "
            f"waiting {max(waiting, 0)}"
        )

    def _end(self) -> None:
        crawl = Crawl.of(self._crawler)
        status = crawl.report.status if crawl.report else "open"
        told = (crawl.run_id, status, crawl.counts["visits"], crawl.counts["captured"])
        log.info("run ends run=%s status=%s visits=%d captured=%d", *told)
        self._stop()

    def _stop(self) -> None:
        if self._console is not None:
            self._console.stop()
        if self._later is not None:
            self._later.cancel()

    def _item_error(self) -> None:
        Crawl.of(self._crawler).count("item_errors")


def crawl_settings(workspace: Workspace, *, progress: bool) -> Settings:
    """The settings of a crawl started from our own command line, also in an installed wheel."""
    settings = Settings()
    settings.setmodule("crawler.engine.settings", priority="project")
    settings.set("MARSAD_WORKSPACE", str(workspace.root), priority="cmdline")
    settings.set("MARSAD_PROGRESS", progress, priority="cmdline")
    return settings
