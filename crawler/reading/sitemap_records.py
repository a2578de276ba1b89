"""What is asked of a sitemap, and what was read off it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.finding import VisitOutcome
from storage.models import Hints

MAX_BYTES = 52_428_800
"""Of a sitemap, unpacked; what the protocol allows."""


class SitemapKind(StrEnum):
    """What a sitemap lists."""

    INDEX = "index"  # other sitemaps
    URLSET = "urlset"  # pages
    NONE = "none"  # nothing that we could read


@dataclass(frozen=True, slots=True)
class SitemapLook:
    """What a visit wants of a sitemap: what is not older than `since`, and was not there before.

    `keys` is what the last reading gave back (`SitemapReading.keys`), None at a first visit. Then
    up to `undated` pages without a date are taken: of more, nobody can tell the new ones. A `deep`
    look wants what was there before as well, where its lastmod is not older: a gap is to be filled.
    """

    since: datetime | None = None
    keys: bytes | None = None
    undated: int = 200
    deep: bool = False


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that a sitemap lists, with what it says of it.

    `changed_at` is its lastmod, which is no publication date; `hints.published_at` is known of
    news sitemaps only.
    """

    url: str
    hints: Hints
    changed_at: datetime | None = None
    language: str | None = None  # as a news sitemap says it


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """A sitemap that an index lists; it did not change after `changed_until`, as that says."""

    url: str
    lastmod: str | None = None
    changed_until: datetime | None = None  # the end of the day, month or second that lastmod names
    is_new: bool = False  # it was not there at the last visit


@dataclass(frozen=True, slots=True)
class SitemapReading:
    """What was read off a sitemap. listed = entries + parts + older + remembered + held_back
    + ignored + what is over a limit of ours (`complete` is False then).

    Held back are pages without a date that nobody can tell new from old: all of a long sitemap at
    its first visit, or of one whose addresses all changed. They count as seen from then on.
    """

    outcome: VisitOutcome  # READ, EMPTY, HTML, BROKEN, TOO_LARGE, NETWORK_ERROR
    reason: str = ""  # what was lost or repaired, in words
    kind: SitemapKind = SitemapKind.NONE
    entries: tuple[SitemapEntry, ...] = ()  # in the sitemap's order
    parts: tuple[SitemapPart, ...] = ()
    ignored: int = 0  # cannot be used
    why_ignored: tuple[str, ...] = ()  # the first of them
    listed: int = 0
    older: int = 0  # than the look reaches back
    remembered: int = 0  # undated, and there at the last visit
    held_back: int = 0
    foreign: int = 0  # of the ignored: on hosts that are not the outlet's
    foreign_host: str = ""  # the first of these
    lists_itself: bool = False
    newest_at: datetime | None = None  # of the publication dates; None where there are none
    oldest_at: datetime | None = None
    shows_since: datetime | None = None  # all that was published since then; see `Visit`
    newest_raw: str | None = None
    changed_at: datetime | None = None  # the newest lastmod or publication date
    dated: bool = False  # whether all entries state when they were published
    complete: bool = True  # False: cut short or too long, and must be read again
    keys: bytes | None = None  # remember this: sorted digests of what is undated
    charset: str = ""
