"""What runs inside a worker process: pure reading, under limits, names and agencies in memory.

Kept free of Scrapy and SQL, so that a worker starts quickly and has nothing to leak.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import threading
import zoneinfo
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection

from crawler.engine import differences, garbage
from crawler.engine.differences import Difference, Words
from crawler.reading.credits import Credits
from crawler.reading.door_records import Doors
from crawler.reading.doors import read_doors
from crawler.reading.feeds import read_feed
from crawler.reading.listing_records import ListingReading, ListingRule
from crawler.reading.listings import read_listing
from crawler.reading.mentions import Matcher
from crawler.reading.page import READER_VERSION, read_page
from crawler.reading.sitemap_records import SitemapLook, SitemapReading
from crawler.reading.sitemaps import read_sitemap
from crawler.reading.templates import learn_template
from crawler.reading.warc import warc_record
from storage.finding import FeedReading
from storage.models import Actor, Agency, Page, Reading, ReadingContext
from storage.template_records import Template

CPU_SECONDS = 600
"""Life-time limit of a worker's CPU: a last resort for one that nobody can stop any more."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h

_matcher: Matcher | None = None
_credits: Credits | None = None


def start(
    actors: Sequence[Actor], agencies: Sequence[Agency], megabytes: int, lifeline: Connection
) -> None:
    """Prepare a fresh worker: limits, an end with its parent, packaged zones, the automaton."""
    global _matcher, _credits
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the crawl's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent(lifeline)
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    zoneinfo.reset_tzpath(to=[])
    logging.getLogger().addHandler(logging.NullHandler())  # what libraries say may quote a page
    _matcher, _credits = Matcher(actors), Credits(agencies)
    garbage.for_worker()


def _end_with_parent(lifeline: Connection) -> None:
    """Die when the crawl dies, even by kill -9: by signal on Linux, by end-of-file anywhere.

    The signal comes with the death of the fork server, which ends when the crawl does; it also
    reaches a worker that is stuck in C code and lets no thread run.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_wait_for_end, args=(lifeline,), daemon=True).start()


def _wait_for_end(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


def record(page: Page) -> bytes:
    """The page's WARC record, ready to be appended."""
    return warc_record(page)


def page(page: Page, context: ReadingContext) -> Reading:
    """What the page says, with the mentions and credit that this worker finds in it."""
    return read_page(page, replace(context, matcher=_matcher, credits=_credits))


def article(fetched: Page, context: ReadingContext) -> tuple[bytes, Reading]:
    """The page's WARC record and what it says: together, since a page is dear to hand over."""
    return warc_record(fetched), page(fetched, context)


def learn(
    pages: Sequence[Page], readings: Sequence[Reading | None], context: ReadingContext
) -> Template:
    """How an outlet's pages are laid out.

    `readings` are what the careful way has made of them; those of another reader do not count.
    """
    known = [one if one and one.reader_version == READER_VERSION else None for one in readings]
    return learn_template(pages, context=context, readings=known)


def feed(page: Page, context: ReadingContext) -> FeedReading:
    """The entries of a feed."""
    return read_feed(page, context)


def doors(page: Page, domains: Sequence[str]) -> Doors:
    """What a page of a site tells about the ways into it."""
    return read_doors(page, domains)


def listing(page: Page, context: ReadingContext, rule: ListingRule) -> ListingReading:
    """The links to articles of a page that lists them."""
    return read_listing(page, context, rule)


def sitemap(page: Page, context: ReadingContext, look: SitemapLook | None) -> SitemapReading:
    """What a look wants of a sitemap."""
    return read_sitemap(page, context, look)


def difference(before: Words, after: Words) -> Difference:
    """What an outlet changed between two looks at a page."""
    return differences.difference(before, after)
