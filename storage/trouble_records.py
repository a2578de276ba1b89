"""What the rules for troubles are given of outlets, and what they answer; see `trouble_rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from storage.finding import NOT_TRIED, VISITED, Sign, VisitOutcome
from storage.health import NightRead
from storage.models import FoundBy, Outcome

OURSELVES = ""
"""In the place of an outlet: a trouble of our own machine or its connection."""

KINDS = (
    "offline",
    "unreachable",
    "certificate",
    "server_error",
    "rate_limited",
    "blocked",
    "robots",
    "gone",
    "unsafe",
    "html_feed",
    "empty_feed",
    "broken_feed",
    "too_large",
    "moved",
    "foreign_links",
    "redesigned",
    "trap",
    "frozen",
    "overflow",
    "pages_failing",
    "volume_drop",
    "reading_worse",
)
"""Every kind of trouble, the causes before what may follow from them."""


@dataclass(frozen=True, slots=True)
class Look:
    """One visit to a way, as far as troubles go."""

    run: int
    at: datetime
    outcome: VisitOutcome
    reason: str = ""
    status: int | None = None
    egress: str = "direct"
    signs: tuple[Sign, ...] = ()
    seen: int = 0
    fresh: int = 0
    newest_at: datetime | None = None
    shows_since: datetime | None = None
    overlap: bool | None = None

    @property
    def good(self) -> bool:
        """Whether it showed what the outlet offered."""
        return self.outcome in VISITED

    @property
    def tried(self) -> bool:
        """Whether the way was asked at all."""
        return self.outcome not in NOT_TRIED

    def sign(self, kind: str) -> Sign | None:
        """The first sign of a kind (or of a family of kinds, by its beginning), or None."""
        return next((sign for sign in self.signs if sign.kind.startswith(kind)), None)


@dataclass(frozen=True, slots=True)
class Gap:
    """A span of which a way did not show what was published."""

    from_at: datetime
    to_at: datetime
    noticed_at: datetime
    repaired_by: str | None = None


@dataclass(frozen=True, slots=True)
class WaySeen:
    """A way of an outlet's own that is on, with its last visits, oldest first."""

    url: str
    found_by: FoundBy
    looks: tuple[Look, ...]
    covered: tuple[datetime, datetime] | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def host(self) -> str:
        """Where it lies; what fails as one."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def last(self) -> Look | None:
        """The last visit at which it was asked at all."""
        return next((look for look in reversed(self.looks) if look.tried), None)


@dataclass(frozen=True, slots=True)
class PagesSeen:
    """How the pages of an outlet ended in one run."""

    run: int
    at: datetime
    ends: Mapping[Outcome, int]
    egress: str = "direct"  # through which the blocked ones were asked


@dataclass(frozen=True, slots=True)
class Past:
    """An event of an outlet as it stands in the database."""

    kind: str
    subject: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutletSeen:
    """Everything that was seen of an outlet lately."""

    id: str
    country: str
    zone: str
    covers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ways: tuple[WaySeen, ...] = ()
    pages: tuple[PagesSeen, ...] = ()  # by run, oldest first
    counts: Mapping[date, int] = field(default_factory=dict)  # articles by local day
    past: tuple[Past, ...] = ()
    reads: tuple[NightRead, ...] = ()  # how well articles were read, by run, oldest first
    watched: tuple[date, ...] = ()  # whole ordinary days, as the rules work them out at first

    def open(self, kind: str) -> tuple[Past, ...]:
        """The events of a kind that have not ended."""
        return tuple(one for one in self.past if one.kind == kind and one.until is None)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong; `since` is when it was seen first, `subject` what it is about."""

    kind: str
    outlet_id: str
    subject: str
    since: datetime
    evidence: Mapping[str, object]
