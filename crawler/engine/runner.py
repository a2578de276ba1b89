"""One run from order to report: starts Scrapy in this process and hands back what it did."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler import logs
from crawler.engine import garbage
from crawler.engine.crawl import Crawl, Order
from crawler.engine.diskguard import NoRoom
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
    process = CrawlerProcess(settings)
    logs.set_up(file=_log_file(workspace, spider), console=None)  # after Scrapy set up its own
    crawler = process.create_crawler(spider)
    failures = _crawl(process, crawler, order)
    garbage.for_crawl()
    process.start()
    for failure in failures:
        _raise(failure)
    return crawler


def _raise(failure: Failure) -> NoReturn:
    if isinstance(failure.value, NoRoom):
        raise RunCutShort(str(failure.value)) from failure.value
    failure.raiseException()


def _crawl(process: CrawlerProcess, crawler: Crawler, order: Order) -> list[Failure]:
    failures: list[Failure] = []
    deferred: Any = process.crawl(crawler, order=order)
    deferred.addErrback(failures.append)
    return failures


def _log_file(workspace: Workspace, spider: str) -> Path:
    """The log of a run, by when it began and in which process."""
    return workspace.logs_dir / f"{spider}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"


def spider_names() -> list[str]:
    """The ways of finding that exist, by Scrapy's loader."""
    from scrapy.spiderloader import get_spider_loader

    settings = Settings()
    settings.setmodule("crawler.engine.settings", priority="project")
    return sorted(get_spider_loader(settings).list())
