"""The records of finding: ways, the visits to them, and what a visit brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.models import Candidate, FoundBy, Hints


class VisitOutcome(StrEnum):
    """What became of one visit to a feed, sitemap or listing."""

    READ = "read"  # entries were found
    NOT_MODIFIED = "not_modified"  # 304, or byte for byte the last body
    EMPTY = "empty"  # well-formed, no entry
    HTML = "html"  # a web page where a feed should be
    BROKEN = "broken"  # no parser makes sense of it
    MOVED = "moved"  # read, after a permanent redirect (recorded)
    GONE = "gone"  # 410 or 404
    ROBOTS = "robots"
    BLOCKED = "blocked"
    HTTP_ERROR = "http_error"
    NETWORK_ERROR = "network_error"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    UNSAFE_ADDRESS = "unsafe_address"
    READER_FAILED = "reader_failed"
    POSTPONED = "postponed"
    INTERRUPTED = "interrupted"  # the run ended before the answer came


VISITED = frozenset(
    {VisitOutcome.READ, VisitOutcome.NOT_MODIFIED, VisitOutcome.EMPTY, VisitOutcome.MOVED}
)
"""Visits after which we know what the outlet offered; any other one is a time we were blind."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of finding: a feed, sitemap or listing of an outlet, and what we remember of it."""

    outlet_id: str
    found_by: FoundBy
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    visited_at: datetime | None = None
    unconditional_at: datetime | None = None  # the last visit without validators that was read
    moved_to: str | None = None  # where a permanent redirect led
    moved_times: int = 0
    failures: int = 0  # in a row
    last_outcome: VisitOutcome | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to a way: its outcome, validators and counts. seen = new + known + ignored."""

    outlet_id: str
    found_by: FoundBy
    url: str
    at: datetime
    outcome: VisitOutcome
    reason: str = ""
    status: int | None = None
    conditional: bool = False
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    moved_to: str | None = None
    ignored: int = 0  # entries with no usable link, each listed in `reason`
    newest_raw: str | None = None  # the newest entry date, as found


@dataclass(frozen=True, slots=True)
class VisitResult:
    """What saving a visit did: the candidates to fetch now, and the tallies."""

    visit_id: int
    fresh: tuple[Candidate, ...]  # new or edited, saved as pending, with their ids
    known: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed: a pointer, with what the feed says of it."""

    url: str
    hints: Hints


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What was read off a feed: entries in feed order, or why there are none."""

    outcome: VisitOutcome  # READ, EMPTY, HTML, BROKEN, TOO_LARGE
    reason: str = ""
    title: str = ""
    entries: tuple[Entry, ...] = ()
    ignored: tuple[str, ...] = ()  # one reason for each item without a usable link
    newest_raw: str | None = None
    charset: str = ""
