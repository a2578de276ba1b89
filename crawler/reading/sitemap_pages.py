"""Which of the pages that a sitemap lists may be new; in one pass and little memory."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from crawler.reading.sitemap_dates import Dates, Stated
from crawler.reading.sitemap_keys import as_set, digest
from crawler.reading.sitemap_records import SitemapLook
from crawler.reading.sitemap_text import Listed

MAX_TAKEN = 10_000
"""Entries that one look gives back; the newest, where more are new."""
MAX_CHANGED_AT_FIRST = 1_000
"""Pages with a recent lastmod that are taken at a first visit: no outlet writes more in days."""
MAX_NEW = 2_000
"""Addresses that are new since the last visit, from which on they may all have been renamed."""
_STAMPED = 50  # pages that changed within an hour or two: that was the sitemap, not they
_STAMPED_SHARE = 0.9
_PINNED = 2  # old pages that a news sitemap may keep listing; of at least …
_MANY = 20  # … so many, those do not tell how far back it goes
_URL_MARGIN = timedelta(days=3)  # the address is made when the draft is, in whatever zone
_URL_DAY = re.compile(
    r"[/\-_](20\d\d)([/\-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=[/\-_])", re.ASCII
)
_EVER = datetime.min.replace(tzinfo=UTC)


class Found(NamedTuple):
    """A page that may be new, with its dates as far as they are known."""

    entry: Listed
    published: datetime | None
    changed: datetime | None

    @property
    def at(self) -> datetime:
        """The date by which pages are ordered."""
        return self.published or self.changed or _EVER


class Pages:
    """Sorts pages as they come: old, there before, surely new, new by lastmod, without date."""

    def __init__(self, look: SitemapLook | None, dates: Dates, now: datetime | None) -> None:
        """Without a look, every page is wanted."""
        self._look, self._dates, self._now = look, dates, now
        self.since = look.since if look else None
        self.before = as_set(look.keys if look else None)
        self._keys: set[bytes] = set()
        self._kept: dict[str, list[Found]] = {"sure": [], "changed": [], "undated": []}
        self.counts: Counter[str] = Counter()
        self._hours: Counter[int] = Counter()
        self.oldest: list[datetime] = []  # the first few publication dates
        self.newest: tuple[datetime, str] | None = None  # the last one, and as found
        self.changed_at: datetime | None = None

    def take(self, entry: Listed) -> None:
        """One more page."""
        self.counts["pages"] += 1
        published = self._dates.published(entry.published) if entry.published else None
        changed = self._dates.stated(entry.lastmod)
        self._note(changed.at if changed else None)
        found = Found(entry, published, changed.at if changed else None)
        if published is not None:
            self._take_published(found, published)
        else:
            self._take_unpublished(found, changed)

    def _take_published(self, found: Found, published: datetime) -> None:
        raw = found.entry.published
        self.counts["published"] += 1
        self._note(published)
        self.oldest = sorted([*self.oldest, published])[: _PINNED + 1]
        self.newest = max(self.newest or (published, raw), (published, raw))
        stated = self._dates.stated(raw)
        older = self._is_older(stated.until if stated else published)
        self._put("older" if older else "sure", found)

    def _take_unpublished(self, found: Found, changed: Stated | None) -> None:
        """A page that does not say when it was published: it may be old, or have been there."""
        key = digest(found.entry.loc)
        self._keys.add(key)
        day = _day_in(found.entry.loc)
        latest = [changed.until] if changed else []
        latest += [day + _URL_MARGIN] if day else []
        if any(map(self._is_older, latest)):
            self._put("older", found)
        elif key in self.before and not (self._look and self._look.deep and changed):
            self._put("remembered", found)
        else:
            self._put("sure" if day else "changed" if changed else "undated", found)

    def _put(self, name: str, found: Found) -> None:
        self.counts[name] += 1
        kept = self._kept.get(name)
        if kept is not None and len(kept) < MAX_TAKEN:
            kept.append(found)
        if name == "changed" and found.changed:
            self._hours[int(found.changed.timestamp() // 3600)] += 1

    def _is_older(self, until: datetime) -> bool:
        return self.since is not None and until < self.since

    def _note(self, at: datetime | None) -> None:
        if at and (self._now is None or at <= self._now):
            self.changed_at = max(at, self.changed_at or at)

    # --- the decision

    def wanted(self) -> list[Found]:
        """The pages to take, in the sitemap's order of each sort; the others are held back."""
        doubtful = self._doubtful()
        self.counts["held back"] = sum(self.counts[name] for name in doubtful)
        names = [name for name in self._kept if name not in doubtful]
        self.counts["wanted"] = sum(self.counts[name] for name in names)
        return [found for name in names for found in self._kept[name]]

    def _doubtful(self) -> set[str]:
        """The sorts of pages of which nobody can tell which are new."""
        look = self._look
        if look is None:
            return set()
        undated, changed = self.counts["undated"], self.counts["changed"]
        if look.keys is not None and not look.deep:
            renamed = undated + changed > MAX_NEW and 2 * (undated + changed) > self.counts["pages"]
            return {"undated", "changed"} if renamed else set()
        if self._is_stamped():
            return {"undated", "changed"} if undated + changed > look.undated else set()
        most_changed = MAX_TAKEN if look.deep else MAX_CHANGED_AT_FIRST
        most = {"undated": MAX_NEW if look.keys is not None else look.undated}
        most["changed"] = most_changed
        return {name for name, limit in most.items() if self.counts[name] > limit}

    def _is_stamped(self) -> bool:
        """Whether nearly all that changed lately did so at the same time."""
        count = sum(self._hours.values())
        together = max((n + self._hours[hour + 1] for hour, n in self._hours.items()), default=0)
        return count >= _STAMPED and together >= _STAMPED_SHARE * count

    @property
    def shows_since(self) -> datetime | None:
        """The time since which all is listed that was published; None where dates are missing."""
        if not 0 < self.counts["pages"] == self.counts["published"]:
            return None
        return self.oldest[-1 if self.counts["pages"] >= _MANY else 0]

    def keys(self, more: set[bytes], *, complete: bool) -> bytes | None:
        """What to remember, and `more`; of a sitemap that was not read whole, what stood in it
        before too. None without a look."""
        if self._look is None:
            return None
        kept = self._keys | more
        return b"".join(sorted(kept if complete else kept | self.before))


def _day_in(loc: str) -> datetime | None:
    """The day that an address names."""
    found = _URL_DAY.search(loc, loc.find("/", 8))
    try:
        return datetime(int(found[1]), int(found[3]), int(found[4]), tzinfo=UTC) if found else None
    except ValueError:
        return None
