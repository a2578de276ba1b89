"""What is told of a night: frozen records, from storage to whoever words them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from storage.coverage_records import DeclaredBlind
from storage.reported import TroubleReport
from storage.slots import Slot


@dataclass(frozen=True, slots=True)
class Night:
    """Runs that are told together: those of a slot, and whatever ran since the one before it.

    It tells what came between `since`, when the night before looked, and `at`, when this one did;
    and what happened after `told_to`, when the night before was over, up to `until`.
    """

    day: date  # of the slot; without one, the day (UTC) on which it looked
    since: datetime
    at: datetime
    told_to: datetime
    until: datetime  # when it was over; now, while it is not
    runs: tuple[int, ...] = ()
    slot: Slot | None = None
    first: bool = False  # nothing was looked at before it


@dataclass(frozen=True, slots=True)
class OutletNight:
    """What a night brought of one outlet; `copies` are those whose text was there before."""

    outlet_id: str
    name: str
    country: str  # whose news it brings; "": of several of the countries that are followed
    expected: bool = False  # it was asked for, has been read before, and is not declared blind
    visits: int = 0
    good_visits: int = 0  # after which we know what the outlet offered
    new: int = 0
    changed: int = 0
    copies: int = 0
    late: int = 0  # new to us, and published long before the night
    failed: int = 0
    waiting: int = 0

    @property
    def read(self) -> bool:
        """Whether we know what it offered."""
        return self.good_visits > 0


@dataclass(frozen=True, slots=True)
class CountryNight:
    """The same of the outlets of one country."""

    country: str
    outlets: int  # that were expected or visited
    read: int
    new: int
    changed: int
    copies: int
    stories: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What a night brought: articles, the stories that the new ones make, and what failed."""

    outlets: tuple[OutletNight, ...] = ()
    countries: tuple[CountryNight, ...] = ()
    new: int = 0
    changed: int = 0
    copies: int = 0
    stories: int = 0
    late: int = 0
    failed: int = 0
    waiting: int = 0
    failed_by: Mapping[str, int] = field(default_factory=dict)  # Outcome value -> pages
    requests: int = 0
    captured_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Usual:
    """What an actor's nights have been like: means of so many comparable ones."""

    nights: int
    articles: float
    stories: float


@dataclass(frozen=True, slots=True)
class ActorNight:
    """How often an actor was in the news of a night; `usual` is None where nothing compares."""

    actor_id: str
    name: str
    articles: int
    stories: int
    usual: Usual | None = None
    more: bool = False  # than usual, by the rule of `night_actors`
    why_not: str = ""  # why there is no usual, in words


@dataclass(frozen=True, slots=True)
class StoryNight:
    """A text that was carried most in a night; `url` leads to the article that stands for it."""

    story_id: int
    article_id: int
    headline: str
    language: str
    url: str
    articles: int
    outlets: tuple[str, ...]  # names


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """What looks at stored articles told: edits by kind, and how many articles were looked at."""

    edits: Mapping[str, int] = field(default_factory=dict)  # kind -> changes
    edited: int = 0  # articles
    looks: int = 0
    failed_looks: int = 0  # that told nothing
    due: int = 0  # and left for the next run


@dataclass(frozen=True, slots=True)
class Watch:
    """How the outlets of a night were watched from the night before up to it; in minutes."""

    asked: tuple[str, ...] = ()
    throughout: tuple[str, ...] = ()
    blind: tuple[tuple[str, int], ...] = ()  # outlet id, and for how long
    partly: tuple[tuple[str, int], ...] = ()
    unwatched: tuple[tuple[str, int], ...] = ()
    never_visited: tuple[str, ...] = ()
    declared: tuple[DeclaredBlind, ...] = ()
    share: float | None = None  # of the time of all, that at least one way covered

    @property
    def expected(self) -> frozenset[str]:
        """The outlets that a night should read: asked for, with a way in, not declared blind."""
        declared = {one.outlet_id for one in self.declared}
        return frozenset(self.asked) - declared - frozenset(self.never_visited)


@dataclass(frozen=True, slots=True)
class CountryDay:
    """One column of a country's picture; `outlets` is 0 where no run asked any of its outlets."""

    day: date
    new: int
    outlets: int
    blind: int  # of these, how many could not be read
    begun: bool = True  # False: before anything was ever looked at


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that went wrong with our own work, and what to do about it."""

    code: str  # no_run, nights_missed, slot, task, run, books, stories, upkeep, disk
    subject: str  # the schedule, task, run or kind of upkeep
    said: str
    steps: tuple[str, ...]
    needs_a_person: bool = True


@dataclass(frozen=True, slots=True)
class PagesToSee:
    """Single pages of some outlets that do not mend themselves, and what to do."""

    step: str
    outlets: tuple[tuple[str, str], ...]  # outlet id, and how many ended how


@dataclass(frozen=True, slots=True)
class NightFacts:
    """Everything that the database knows of a night."""

    night: Night
    collected: Collected
    actors: tuple[ActorNight, ...]  # more than usual first, then those named most
    comparable_nights: int
    not_compared: str  # why this night is compared with none, in words; or empty
    stories: tuple[StoryNight, ...]
    again: SeenAgain
    watch: Watch
    troubles: tuple[TroubleReport, ...]
    wrongs: tuple[Wrong, ...]
    pages: tuple[PagesToSee, ...]
    pictures: Mapping[str, tuple[CountryDay, ...]]
    countries: tuple[str, ...] = ()  # that are followed
