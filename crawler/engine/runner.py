"""One run from order to report: starts Scrapy in this process and hands back what it did."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.engine.crawl import Crawl, Order
from crawler.engine.extensions import crawl_settings
from crawler.workspace import Workspace
from storage.reported import RunReport


class RunCutShort(Exception):
    """A run ended without a report; the text says why. The next run finishes its work."""


def run(
    workspace: Workspace, order: Order, *, spider: str = "outlets", progress: bool = True
) -> RunReport:
    """Carry out an order; once per process, as Twisted has it.

    Raises ConfigErrors, UnknownOutlet and StorageError before anything is fetched.
    """
    crawl = Crawl.of(start(workspace, order, spider, progress=progress))
    if crawl.report is None:
        raise RunCutShort(crawl.failure or "stopped at once")
    return crawl.report


def start(workspace: Workspace, order: Order, spider: str, *, progress: bool) -> Crawler:
    """Run a spider to its end; its crawler still knows the run and the spider's results."""
    settings = crawl_settings(workspace, progress=progress)
    settings.set("LOG_FILE", str(_log_file(workspace, spider)), priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    failures = _crawl(process, crawler, order)
    process.start()
    if failures:
        failures[0].raiseException()
    return crawler


def _crawl(process: CrawlerProcess, crawler: Crawler, order: Order) -> list[Failure]:
    failures: list[Failure] = []
    deferred: Any = process.crawl(crawler, order=order)
    deferred.addErrback(failures.append)
    return failures


def _log_file(workspace: Workspace, spider: str) -> Any:
    workspace.logs_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = workspace.logs_dir / f"{spider}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    path.touch(mode=0o600)
    return path


def spider_names() -> list[str]:
    """The ways of finding that exist, by Scrapy's loader."""
    from scrapy.spiderloader import get_spider_loader

    settings = Settings()
    settings.setmodule("crawler.engine.settings", priority="project")
    return sorted(get_spider_loader(settings).list())
