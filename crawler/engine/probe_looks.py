"""What one answer of a site shows of a way of finding: whether it is one, and what it offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from crawler.engine.crawl import context_of
from crawler.engine.pool import Readers
from crawler.outlets import Outlet, Outlets
from crawler.reading.sitemap_records import SitemapKind, SitemapPart, SitemapReading
from crawler.reading.url_shapes import may_be_article
from storage.finding import VisitOutcome
from storage.models import Hints, Page, ReadingContext

LEAST_SHARE = 0.5
"""Of the entries: with fewer on the outlet's hosts, or fewer that may be articles, it is no way."""
MOST_HINTS = 50
NO_HINTS = Hints()


@dataclass(frozen=True)
class Look:
    """What an answer showed. `urls` are the entries on the outlet's hosts; `parts` are what an
    index of sitemaps lists; `article` is the pattern learned of a listing. `hints` are what the
    first of the entries say of their articles."""

    works: bool
    reason: str = ""
    urls: tuple[str, ...] = ()
    entries: int = 0
    newest: str | None = None
    newest_at: datetime | None = None
    own_share: float | None = None
    article: str | None = None
    parts: tuple[SitemapPart, ...] = ()
    hints: Mapping[str, Hints] = field(default_factory=dict)
    is_page: bool = False  # a web page where something for machines should be


def context_for(outlet: Outlet, page: Page, hints: Hints = NO_HINTS) -> ReadingContext:
    """What a reader may know about a page of an outlet, also of one that is in no file yet."""
    return context_of(Outlets([outlet], {}), outlet.id, hints, page.fetched_at)


def first_hints(entries: Iterable[tuple[str, Hints]]) -> dict[str, Hints]:
    """What the first entries say, by address."""
    return dict(islice(entries, MOST_HINTS))


async def look_at_feed(readers: Readers, outlet: Outlet, page: Page) -> Look:
    """Whether an answer is a feed of articles. Raises WorkerFailed."""
    reading = await readers.feed(page, context_for(outlet, page))
    if reading.outcome is not VisitOutcome.READ:
        is_page = reading.outcome is VisitOutcome.HTML
        return Look(False, reading.reason or str(reading.outcome), is_page=is_page)
    urls = [entry.url for entry in reading.entries]
    own = tuple(filter(outlet.owns, urls))
    reason = _no_feed(page, urls, own)
    return Look(
        works=not reason,
        reason=reason,
        urls=own,
        entries=len(urls),
        newest=reading.newest_raw,
        newest_at=reading.newest_at,
        own_share=_part(len(own), len(urls)),
        hints=first_hints((entry.url, entry.hints) for entry in reading.entries),
    )


async def look_at_sitemap(readers: Readers, outlet: Outlet, page: Page) -> Look:
    """Whether an answer is a sitemap of articles, or lists others. Raises WorkerFailed."""
    reading = await readers.sitemap(page, context_for(outlet, page))
    if reading.outcome is not VisitOutcome.READ:
        return Look(False, reading.reason or str(reading.outcome))
    if reading.kind is SitemapKind.INDEX:
        return Look(True, entries=len(reading.parts), parts=reading.parts)
    own = tuple(entry.url for entry in reading.entries)
    reason = _no_sitemap(reading, own)
    return Look(
        works=not reason,
        reason=reason,
        urls=own,
        entries=reading.listed,
        newest=reading.newest_raw,
        newest_at=reading.newest_at or reading.changed_at,
        own_share=_part(reading.listed - reading.foreign, reading.listed),
        hints=first_hints((entry.url, entry.hints) for entry in reading.entries),
    )


def best_parts(parts: Iterable[SitemapPart], most: int) -> list[SitemapPart]:
    """The parts of an index that news would be in: named so, else the ones changed last."""

    def rank(part: SitemapPart) -> tuple[bool, float]:
        path = urlsplit(part.url).path.lower()
        changed = part.changed_until.timestamp() if part.changed_until else 0.0
        return ("news" in path or "post" in path or "article" in path, changed)

    return sorted(parts, key=rank, reverse=True)[:most]


def _no_feed(page: Page, urls: Sequence[str], own: Sequence[str]) -> str:
    """Why a feed that was read is no way of finding articles; "" if it is one."""
    if "/comments/" in urlsplit(page.final_url).path + "/":
        return "comments of readers, not articles"
    if not urls:
        return "no entry with a link"
    return _elsewhere(urls, own)


def _elsewhere(urls: Sequence[str], own: Sequence[str]) -> str:
    if len(own) >= LEAST_SHARE * len(urls):
        return ""
    away = next(url for url in urls if url not in own)
    return f"{len(urls) - len(own)} of {len(urls)} links lead to {urlsplit(away).hostname}"


def _no_sitemap(reading: SitemapReading, own: Sequence[str]) -> str:
    """Why a sitemap that was read is no way of finding articles; "" if it is one."""
    if not reading.listed:
        return "lists nothing"
    if reading.foreign > (1 - LEAST_SHARE) * reading.listed:
        away = f"links lead to {reading.foreign_host}"
        return f"{reading.foreign} of {reading.listed} {away}"
    articles = sum(map(may_be_article, own))
    if not reading.dated and articles < LEAST_SHARE * len(own):
        return f"pages, not articles ({articles} of {len(own)} addresses look like articles)"
    return "" if own else "no entry with a usable link"


def _part(some: int, of: int) -> float | None:
    """A share from 0 to 1, None of nothing."""
    return round(some / of, 2) if of else None
