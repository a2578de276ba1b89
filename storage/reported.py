"""What is told of runs and searches: frozen records for people and for --json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from storage.models import Precision


@dataclass(frozen=True, slots=True)
class OutletReport:
    """One outlet in a run's report. seen = new + changed + unchanged + known + failed + waiting."""

    outlet_id: str
    name: str
    visits: int = 0
    blind: int = 0  # visits after which we do not know what the outlet offered
    seen: int = 0
    ignored: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)  # Outcome value -> count, with known
    visit_outcomes: dict[str, int] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()  # (reason, what to do about it)


@dataclass(frozen=True, slots=True)
class TroubleReport:
    """A trouble of an outlet, or of our own machine (`outlet_id` is empty), and what to do."""

    id: int
    state: Literal["began", "goes_on", "ended"]
    kind: str
    outlet_id: str
    subject: str  # a way's address, a host, an egress, or "" for all of the outlet
    since: datetime  # when it was seen first
    until: datetime | None
    said: str  # what was seen, in words
    steps: tuple[str, ...] = ()  # what to do, the nearest first
    needs_a_person: bool = True
    evidence: Mapping[str, object] = field(default_factory=dict)
    closing: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class LooksReport:
    """What looking at articles again told: how many are gone or back, and what is still open."""

    gone: int = 0
    back: int = 0
    missing: int = 0  # not there; gone when a later look confirms it
    moved: int = 0  # sites of which most old pages have been missing for hours
    left: int = 0  # due, and over the bounds of the run


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did, for a person, for --json and for the exit code."""

    run_id: int
    kind: str
    started_at: datetime
    ended_at: datetime | None
    status: str  # running, done, interrupted, failed
    outlets: tuple[OutletReport, ...] = ()
    # (actor id, name, articles, stories), most named first
    actors: tuple[tuple[str, str, int, int], ...] = ()
    comparable_since: tuple[tuple[str, datetime], ...] = ()  # of these, who was not always watched
    balanced: bool = True
    imbalance: str = ""
    requests: int = 0
    captured_bytes: int = 0
    failure: str = ""  # why the run failed, in words
    disk: str = ""  # that it ended early, since the disk was nearly full
    stories_failure: str = ""  # why its articles could not be put into stories
    looks: LooksReport | None = None  # of a run that looked at articles again
    stored: int = 0  # articles stored, new or changed
    copies: int = 0  # of these, how many carry the text of an earlier article
    stories: int = 0  # in how many stories these are
    troubles: tuple[TroubleReport, ...] = ()  # that began, go on or ended in the run


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One article in a search result; marks are (start, end) in `snippet`."""

    article_id: int
    headline: str
    outlet_id: str
    outlet: str
    language: str
    published_at: datetime | None
    published_precision: Precision
    first_seen_at: datetime
    url: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    rank: float = 0.0
    story_id: int = 0
    story_articles: int = 1  # how many articles carry its text, found or not
    also_in: tuple[str, ...] = ()  # names of the outlets of the others, in order of appearance
    timezone: str = "UTC"  # of the outlet


@dataclass(frozen=True, slots=True)
class Totals:
    """How many articles there are, and in how many stories: of one text on thirty sites, one."""

    articles: int
    stories: int
