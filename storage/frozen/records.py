"""What is known of a frozen set: a small record, and its facts as they stood when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from storage.exporting.columns import Kind

KINDS: tuple[Kind, ...] = (
    "articles", "mentions", "attention", "stories", "edits", "coverage", "gaps", "outlets",
)  # fmt: skip
"""The tables that are frozen, in the order in which they are read and digested."""
PERSONS = "persons"
"""Besides these: whom exports hide, with their written forms; never told."""
KEPT = (*KINDS, PERSONS)


class OutletFacts(TypedDict):
    """An outlet that was asked: who it is, what the set has of it, and how it was watched."""

    id: str
    name: str
    country: str
    kind: str
    alignment: str
    articles: int
    found_by: dict[str, int]  # way of finding -> articles of the set
    incomplete: int  # texts of which we know that they are not whole: a paywall, a teaser
    days: int  # of the period
    blind_days: int  # with a minute or more on which none of its ways told anything
    unwatched_days: int
    share_seen: float | None  # of the time
    completeness: str
    blocked: bool  # it was answering with a wall when the set was made
    never_visited: bool
    declared_blind: str  # why a person declared it blind, or ""


class Period(TypedDict):
    """Days of publication: those of the articles, and those that were asked about."""

    first: str | None
    last: str | None
    undated: int
    asked_first: str | None
    asked_last: str | None


class Watched(TypedDict):
    """How well the outlets were watched over the days asked."""

    completeness: str
    share_seen: float | None
    blind_days: int
    unwatched_days: int
    header: list[str]
    figures: dict[str, Any]  # all of the summary


class Versions(TypedDict):
    """The software and the lists by which the set was read and found."""

    marsad: str
    sqlite: str
    schema: str  # its newest step
    fold: int
    readers: dict[str, int]  # reader's version -> articles
    watchlist: str  # digest of the forms of all actors watched
    watchlist_actors: int
    watchlist_since: str | None  # when it changed last


class Gapped(TypedDict):
    """An actor with whose present forms not the whole archive was matched."""

    actor_id: str
    since: str


class Facts(TypedDict):
    """All that is told of a set without looking at its rows; digested with them."""

    format: int
    rows: dict[str, int]  # kind -> rows as exports write them
    kept: dict[str, int]  # kind -> rows as they are kept: those of attention are bundled
    stories: int
    actors: int
    period: Period
    watched: Watched
    outlets: list[OutletFacts]
    languages: dict[str, int]
    found_by: dict[str, int]
    versions: Versions
    incomplete: int
    not_kept: int
    judgements: dict[str, int]  # kind -> judgements that count, of articles of the set
    incomparable: list[Gapped]
    unsettled: int
    unindexed: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen set of articles: what was asked, by whom, why and when, and its one digest."""

    id: int
    name: str
    query: str
    filters: Mapping[str, tuple[str, ...]]
    made_at: datetime
    who: str
    why: str
    facts: Facts
    digest: str

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The question as names and values of an address."""
        several = [(name, value) for name, some in self.filters.items() for value in some]
        return sorted(several + ([("q", self.query)] if self.query else []))

    @property
    def short_digest(self) -> str:
        """The beginning of the digest, enough to tell sets apart in a citation."""
        return self.digest[:16]


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A row as it is kept; `text` is its JSON, None where it was erased by order."""

    kind: str
    position: int
    article_id: int | None
    digest: str
    text: str | None
