"""The records of finding: ways, the visits to them, and what a visit brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from storage.models import Candidate, FoundBy, Hints


class VisitOutcome(StrEnum):
    """What became of one visit to a feed, sitemap or listing."""

    READ = "read"  # entries were found
    NOT_MODIFIED = "not_modified"  # 304, or byte for byte the last body
    EMPTY = "empty"  # well-formed, no entry
    HTML = "html"  # a web page where a feed should be
    BROKEN = "broken"  # no parser makes sense of it
    MOVED = "moved"  # read, after a permanent redirect (recorded)
    FOREIGN = "foreign"  # most of its links lead to hosts that are not the outlet's
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

NOT_TRIED = frozenset({VisitOutcome.POSTPONED, VisitOutcome.INTERRUPTED})
"""Visits that were put off or cut short before anything was asked: they tell nothing of a way."""


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
    parent: str | None = None  # the address of the way that named it; None: in an outlet's file
    covered_from: datetime | None = None  # from then on we know what this way showed,
    covered_to: datetime | None = None  # up to here, but for its gaps
    dead_since: datetime | None = None  # nothing new for very long: seldom looked at


Why = Literal["part", "page", "repair"]
"""Why a follow-up visit is made: a part of a sitemap, a next page of a listing, a gap to fill."""


@dataclass(frozen=True, slots=True)
class Follow:
    """An address to visit because another visit said so; kept until its own visit is saved.

    `parent` is the way that it is a part or page of. `until` is how far back to go. `chain` names
    the look or repair that it belongs to; None before it is saved.
    """

    outlet_id: str
    found_by: FoundBy
    url: str
    why: Why
    parent: str
    number: int = 1  # pages are counted from 1, parts by their depth
    until: datetime | None = None
    changed_raw: str | None = None  # when it changed last, as the parent says
    chain: int | None = None
    attempts: int = 0


class Sign(NamedTuple):
    """Something a reader noticed of a way that a person may have to know, in words."""

    kind: str
    evidence: str


FOREIGN_LINKS = "foreign_links"
"""The kind of sign that most links of a way lead to hosts that are not the outlet's."""


def foreign_links(foreign: int, own: int, host: str) -> Sign:
    """The sign of so many links that lead to other hosts, beside so many of the outlet's own."""
    said = f"{foreign} of {foreign + own} links lead to other hosts, as {host}"
    return Sign(FOREIGN_LINKS, said)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to a way: its outcome, validators and counts. seen = new + known + ignored.

    `shows_since` is the time since which the visit shows everything that was published: the
    oldest entry of a list in order of time, None where order or dates are missing.
    `reaches_back` is the reader's own word that the visit came back to what was known, None where
    that shows in its candidates. A `partial` visit left entries aside as it was told to, so it
    says nothing of coverage.
    """

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
    newest_at: datetime | None = None
    shows_since: datetime | None = None
    reaches_back: bool | None = None
    partial: bool = False
    egress: str = "direct"  # whose address asked
    signs: tuple[Sign, ...] = ()
    parent: str | None = None  # of a follow-up visit: the way that it is a part or page of
    chain: int | None = None  # of a follow-up visit: the look or repair that it belongs to
    quiet: bool | None = None  # of a sitemap: nothing in it is young; None: not to tell


@dataclass(frozen=True, slots=True)
class VisitResult:
    """What saving a visit did: what to fetch and to visit now, and the tallies."""

    visit_id: int
    fresh: tuple[Candidate, ...]  # new or edited, saved as pending, with their ids
    known: int
    overlap: bool | None = None  # whether it came back to what we knew; None: not to tell
    follows: tuple[Follow, ...] = ()  # saved as open
    gap_id: int | None = None  # it showed a span of which we do not know what was published


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
    newest_at: datetime | None = None
    shows_since: datetime | None = None  # see Visit
    charset: str = ""
