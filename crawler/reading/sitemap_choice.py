"""What a look wants of a sitemap's entries: takes them one by one and tells in the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.reading.decode import clean_text
from crawler.reading.heads import one_line
from crawler.reading.sitemap_addresses import Addresses
from crawler.reading.sitemap_dates import Dates
from crawler.reading.sitemap_keys import digest
from crawler.reading.sitemap_pages import MAX_TAKEN, Found, Pages
from crawler.reading.sitemap_records import (
    SitemapEntry,
    SitemapLook,
    SitemapPart,
    SitemapReading,
)
from crawler.reading.sitemap_text import Listed
from storage.finding import VisitOutcome
from storage.models import Hints, ReadingContext

MAX_PARTS = 50_000
"""Parts of one index; what the protocol allows."""
_MAX_TITLE = 2_000
_TAG = re.compile(r"<[^<>]{0,2000}>")


class Choice:
    """The entries of one sitemap, as they come."""

    def __init__(self, context: ReadingContext, base: str, look: SitemapLook | None) -> None:
        """`base` is the sitemap's own address."""
        self.context = context
        self.listed = 0
        self.parts: list[SitemapPart] = []
        self._dates = Dates(context)
        self._addresses = Addresses(base, context.domains)
        self._look, self._pages = look, Pages(look, self._dates, context.now)

    def take(self, entry: Listed) -> None:
        """One more entry."""
        self.listed += 1
        if entry.is_part:
            self._take_part(entry)
        elif not entry.loc:
            self._addresses.ignore("an entry without address")
        else:
            self._pages.take(entry)

    def _take_part(self, entry: Listed) -> None:
        if len(self.parts) >= MAX_PARTS:
            self._addresses.ignore(f"more than {MAX_PARTS} parts")
            return
        url = self._addresses.usable(entry.loc)
        changed = self._dates.stated(entry.lastmod)
        if url:
            until = changed.until if changed else None
            self.parts.append(
                SitemapPart(url, entry.lastmod[:100] or None, until, self._is_new(url))
            )

    def _is_new(self, url: str) -> bool:
        """Whether a part was not there at the last visit; at a first one that is not to tell."""
        again = self._look is not None and self._look.keys is not None
        return again and digest(url) not in self._pages.before

    def reading(self, *, complete: bool) -> SitemapReading:
        """What was chosen, and how much of the rest there is."""
        pages, addresses = self._pages, self._addresses
        wanted = sorted(pages.wanted(), key=lambda found: found.at, reverse=True)
        entries = tuple(self._entries(wanted[:MAX_TAKEN]))
        counts = pages.counts
        complete = complete and counts["wanted"] <= MAX_TAKEN
        return SitemapReading(
            VisitOutcome.READ,
            entries=entries,
            parts=tuple(self.parts),
            ignored=addresses.ignored,
            why_ignored=tuple(addresses.told),
            listed=self.listed,
            older=counts["older"],
            remembered=counts["remembered"],
            held_back=counts["held back"],
            foreign=addresses.foreign,
            foreign_host=addresses.foreign_host,
            lists_itself=addresses.lists_itself,
            newest_at=pages.newest[0] if pages.newest else None,
            oldest_at=pages.oldest[0] if pages.oldest else None,
            shows_since=pages.shows_since,
            newest_raw=pages.newest[1][:200] if pages.newest else None,
            changed_at=pages.changed_at,
            dated=0 < counts["pages"] == counts["published"],
            complete=complete,
            keys=pages.keys({digest(part.url) for part in self.parts}, complete=complete),
        )

    def _entries(self, wanted: list[Found]) -> Iterator[SitemapEntry]:
        for found in wanted:
            url = self._addresses.usable(found.entry.loc)
            if url:
                yield SitemapEntry(url, _hints(found), found.changed, _short(found.entry.language))


def _hints(found: Found) -> Hints:
    """What the sitemap says of a page; its lastmod is when it changed, never when it appeared."""
    entry = found.entry
    return Hints(
        headline=_short(_TAG.sub(" ", entry.title)),
        published_raw=_short(entry.published),
        published_at=found.published,
        modified_raw=_short(entry.lastmod),
    )


def _short(text: str) -> str | None:
    return one_line(clean_text(text[:_MAX_TITLE])) or None
