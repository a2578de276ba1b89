"""What a schedule file says, as records: when, what, and what becomes of it afterwards."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from crawler.fields import Country, Identifier, List, Record, Some, Text, Zone
from schedules.cron import cron_line
from storage.recheck_plan import AGES, DEFAULT_PLAN, Plan

Task = Literal["crawl", "recheck", "probe", "verify", "tidy", "backup"]
"""A part of a slot's work; each is a command of that name."""
READING: frozenset[str] = frozenset({"crawl", "recheck", "probe"})
"""Tasks that visit outlets, and so have to be told which."""

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_NONE = timedelta(0)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _span(text: str) -> timedelta | None:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def age_of(text: str) -> timedelta:
    """An age as schedule files write it; raises ValueError.

    >>> age_of("15m"), age_of("30d")
    (datetime.timedelta(seconds=900), datetime.timedelta(days=30))
    """
    age = _span(text)
    if age is None or not timedelta(minutes=5) <= age <= timedelta(days=366):
        raise ValueError(f'"{text}" is no age between 5m and 366d, such as "15m", "6h" or "30d"')
    return age


def age_text(age: timedelta) -> str:
    """A span of time as schedule files write it, in the largest unit that fits."""
    unit = next(name for name in "dhms" if not age % _UNITS[name])
    return f"{age // _UNITS[unit]}{unit}"


def _between(least: str, most: str) -> BeforeValidator:
    """A check that reads a span of time such as "20m" and holds it between two others."""

    def read(value: Any) -> Any:
        span = _span(value) if isinstance(value, str) else value
        low, high = _span(least), _span(most)
        if not isinstance(span, timedelta) or low is None or high is None:
            raise ValueError('must be a span of time in quotes, such as "20m", "6h" or "1d"')
        if not low <= span <= high:
            raise ValueError(f"must be between {least} and {most}, but is {age_text(span)}")
        return span

    return BeforeValidator(read)


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError(f'must be a time of day such as "04:30", but is the text "{text}"')
    return text


def _cron(text: str) -> str:
    cron_line(text)
    return text


def _ages(texts: tuple[str, ...]) -> tuple[str, ...]:
    ages = [age_of(text) for text in texts]
    for before, after, text in zip(ages, ages[1:], texts[1:], strict=False):
        if after <= before:
            raise ValueError(f'"{text}" must be more than the age before it')
    return texts


class Recheck(Record):
    """Looking at stored articles again: at which ages, and how many at most."""

    ages: Annotated[Some[str], AfterValidator(_ages)] = tuple(map(age_text, AGES))
    most_per_host: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT_PLAN.most_per_host
    most_per_run: Annotated[int, Field(ge=1, le=1_000_000)] = DEFAULT_PLAN.most_per_run

    def plan(self) -> Plan:
        """The same as the arithmetic takes it."""
        return Plan(tuple(map(age_of, self.ages)), self.most_per_host, self.most_per_run)


def _zero_is_none(number: int | None) -> int | None:
    return number or None


Kept = Annotated[int | None, Field(ge=0, le=36_500), AfterValidator(_zero_is_none)]
"""Days, or how many; 0 in a file, None here: all of it is kept for ever."""


class Retention(Record):
    """What `tidy` may remove: what a key does not name is kept for ever."""

    captures_days: Kept = None
    captures: Literal["matching", "none", "all"] = "matching"
    """Which captures older than that are kept all the same: those of articles that name an actor
    or a term, none, or all."""
    looks_days: Kept = None
    """Captures of looks that found an article unchanged are kept for so many days."""
    logs_days: Kept = None
    backups: Kept = None
    """So many of the newest are kept."""


class Schedule(Record):
    """When something is to be done, and what."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]
    zone: Zone
    at: Annotated[str, AfterValidator(_clock)] | None = None
    cron: Annotated[str, AfterValidator(_cron)] | None = None
    every: Annotated[timedelta, _between("15m", "24h")] | None = None
    do: Some[Task] = ("crawl",)
    outlets: List[Identifier] = ()
    country: Country | None = None
    everything: bool = False
    ways: List[Literal["feed", "sitemap", "listing"]] = ()
    """Ways of finding that a crawl uses; empty: all."""
    only: Literal["overflowing"] | None = None
    time_limit: Annotated[timedelta, _between("1s", "7d")] = timedelta(hours=6)
    """The most that one task of a slot takes."""
    retries: Annotated[int, Field(ge=0, le=11)] = 0
    """How often a slot that failed is tried again."""
    retry_after: Annotated[timedelta, _between("0s", "24h")] = timedelta(minutes=20)
    catch_up_hours: Annotated[float, Field(ge=0, le=744, allow_inf_nan=False)] = 18.0
    """The last slot is made up for when it is no older than this."""
    jitter: Annotated[timedelta, _between("0s", "12h")] = _NONE
    """A slot starts up to so much later than it is due, the same slot always by as much."""
    report: bool = False
    notify: List[Text] | None = None
    """Targets of marsad.toml that hear of it; None: all."""
    enabled: bool = True
    recheck: Recheck | None = None
    retention: Retention | None = None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What a slot consists of, in order; a [recheck] table alone adds that task to a crawl."""
        implied = self.recheck is not None and "do" not in self.model_fields_set
        return (*self.do, "recheck") if implied else self.do

    @property
    def catch_up(self) -> timedelta:
        """How late a slot may still be started."""
        return timedelta(hours=self.catch_up_hours)
