"""What is told of coverage: frozen records for people, for --json and for notebooks.

Days are publication days in each outlet's own zone. Minutes are those of an outlet: a day that two
outlets were blind counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from storage.watching import Sight

Completeness = Literal["complete", "partial", "unknown"]
"""complete: all of the time watched by every way until its end, and nothing failed or waits ·
unknown: at no time watched · partial: anything between."""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One outlet's day in figures. seen = stored + failed + waiting + left out by a person."""

    outlet_id: str
    day: date | None  # None: undated, counted apart
    seen: int  # pages that a way announced, or a person asked for
    stored: int
    failed: int
    waiting: int = 0
    failed_by: dict[str, int] = field(default_factory=dict)  # Outcome value -> count
    blind_visits: int = 0  # visits on that day after which we did not know what was offered


@dataclass(frozen=True, slots=True)
class CoverageDay:
    """One outlet's day: what was offered, what we hold, and how much of the day we watched.

    `minutes` is how long the day was so far (1380 or 1500 where clocks changed); the five after it
    add up to it. The undated row of an outlet has no minutes and is unknown.
    """

    counts: DayCounts
    outlet: str
    country: str = ""  # the seat
    alignment: str = ""
    minutes: int = 0
    watched: int = 0
    partly: int = 0
    blind: int = 0
    unwatched: int = 0
    declared: int = 0
    completeness: Completeness = "unknown"
    share: float | None = None  # of the day that at least one way covered
    over: bool = True  # a day that is not over yet is not complete


@dataclass(frozen=True, slots=True)
class Spell:
    """Days in a row of one kind, of all outlets that have just these.

    `minutes` is the most that any one of them has; `whole` says that for all of them it is all of
    these days.
    """

    sight: Sight
    first: date
    last: date
    outlets: tuple[str, ...]
    minutes: int
    whole: bool


@dataclass(frozen=True, slots=True)
class DeclaredBlind:
    """An outlet of which a person declared that we are blind, and why."""

    outlet_id: str
    since: date
    until: date | None  # the last day; None: until further notice
    reason: str


@dataclass(frozen=True, slots=True)
class Items:
    """What was offered and what became of it."""

    seen: int = 0
    stored: int = 0
    failed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class CoverageSummary:
    """How well the outlets that a question asks were watched over its period.

    `first` and `last` are days; None where nothing was asked and no whole day was watched yet.
    Without days in the question they are the first and the last whole day of watching.
    """

    first: date | None
    last: date | None
    outlets: tuple[str, ...]  # all that were asked
    throughout: tuple[str, ...]  # of these, watched by every way all of the time
    never_visited: tuple[str, ...]
    completeness: Completeness
    share: float | None  # of the time of all outlets, that at least one way covered
    blind_days: int  # days on which at least one outlet was blind for a minute or more
    unwatched_days: int  # the same, before the first or after the last good look
    partly_days: int
    declared: tuple[DeclaredBlind, ...]
    items: Items  # dated in the period
    undated: Items  # of these outlets, at any time
    spells: tuple[Spell, ...]  # blind, not watched, declared, partly; each by time
    until: datetime | None = None  # where the last day was not over: up to when its time counts

    def __str__(self) -> str:
        """The header that goes before an answer, in plain words."""
        from storage.coverage_words import header

        return "\n".join(header(self))

    def of(self, sight: Sight) -> tuple[Spell, ...]:
        """The spells of one kind."""
        return tuple(spell for spell in self.spells if spell.sight is sight)
