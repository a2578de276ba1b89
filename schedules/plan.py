"""Schedule files, and the pure arithmetic of nights: which one is due, which one was missed."""

import re
import tomllib
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from crawler.datafiles import ConfigErrors, Problem
from crawler.fields import Record, Some
from storage.recheck_plan import AGES, DEFAULT_PLAN, Plan

SHIPPED = Path(__file__).parent


def _clock(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError('must be a time of day such as "04:30"') from wrong
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as wrong:
        raise ValueError("is no time zone; one looks like Asia/Baghdad") from wrong
    return name


_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_YOUNGEST, _OLDEST = timedelta(minutes=5), timedelta(days=366)


def age_of(text: str) -> timedelta:
    """An age as schedule files write it; raises ValueError.

    >>> age_of("15m"), age_of("30d")
    (datetime.timedelta(seconds=900), datetime.timedelta(days=30))
    """
    found = re.fullmatch(r"([1-9]\d{0,5})([mhd])", text)
    age = int(found[1]) * _UNITS[found[2]] if found else timedelta(0)
    if not _YOUNGEST <= age <= _OLDEST:
        raise ValueError(f'"{text}" is no age between 5m and 366d, such as "15m", "6h" or "30d"')
    return age


def _ages(texts: tuple[str, ...]) -> tuple[str, ...]:
    ages = [age_of(text) for text in texts]
    for before, after, text in zip(ages, ages[1:], texts[1:], strict=False):
        if after <= before:
            raise ValueError(f'"{text}" must be more than the age before it')
    return texts


def age_text(age: timedelta) -> str:
    """An age as schedule files write it, in the largest unit that fits."""
    unit = next(name for name in "dhm" if not age % _UNITS[name])
    return f"{age // _UNITS[unit]}{unit}"


class Recheck(Record):
    """Looking at stored articles again: at which ages, and how many at most."""

    ages: Annotated[Some[str], AfterValidator(_ages)] = tuple(map(age_text, AGES))
    most_per_host: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT_PLAN.most_per_host
    most_per_run: Annotated[int, Field(ge=1, le=1_000_000)] = DEFAULT_PLAN.most_per_run

    def plan(self) -> Plan:
        """The same as the arithmetic takes it."""
        return Plan(tuple(map(age_of, self.ages)), self.most_per_host, self.most_per_run)


class Schedule(Record):
    """One schedule: a time of day in a zone, and what to read then."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]
    zone: Annotated[str, AfterValidator(_zone)]
    at: Annotated[str, AfterValidator(_clock)]
    outlets: tuple[str, ...] = ()
    country: str | None = None
    everything: bool = False
    catch_up_hours: Annotated[float, Field(ge=0, le=24)] = 18
    recheck: Recheck | None = None  # None: the schedule's runs look at nothing again

    def instant(self, day: date) -> datetime:
        """The instant (UTC) at which a local day's run is due.

        A time that happens twice means its first occurrence, one that never happens the instant
        at which the clocks have passed it (PEP 495, fold=0).
        """
        local = datetime.combine(day, time.fromisoformat(self.at), tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)


def last_due(schedule: Schedule, now: datetime) -> date:
    """The newest local day whose run was due at `now`."""
    day = now.astimezone(ZoneInfo(schedule.zone)).date() + timedelta(days=1)
    while schedule.instant(day) > now:
        day -= timedelta(days=1)
    return day


def next_due(schedule: Schedule, now: datetime) -> date:
    """The first local day whose run is due after `now`."""
    return last_due(schedule, now) + timedelta(days=1)


def missed(schedule: Schedule, now: datetime, done: Collection[date]) -> date | None:
    """The last night, if it has not run and is young enough to be made up for; else None."""
    day = last_due(schedule, now)
    late = now - schedule.instant(day)
    return day if day not in done and late <= timedelta(hours=schedule.catch_up_hours) else None


def coming(
    schedule: Schedule, now: datetime, done: Collection[date], tried: date | None
) -> tuple[date, datetime]:
    """The night to run now or next, and its instant (UTC).

    A missed night comes first. One that was tried already (`tried`, and all before it) is not
    missed but failed, and waits for a person; one that fell due while another ran is missed.
    """
    late = missed(schedule, now, done)
    if late is not None and (tried is None or late > tried):
        return late, now
    day = next_due(schedule, now)
    return day, schedule.instant(day)


def load_schedule(name: str, workspace_root: Path) -> Schedule:
    """The schedule of a name: the workspace's file, else the shipped one. Raises ConfigErrors."""
    for folder in (workspace_root / "schedules", SHIPPED):
        path = folder / f"{name}.toml"
        if path.is_file():
            return _read(path)
    message = "there is no such schedule; `nightly` is the one that ships with Marsad"
    raise ConfigErrors([Problem(Path("schedules") / f"{name}.toml", None, "", message)])


def _read(path: Path) -> Schedule:
    try:
        schedule = Schedule.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ConfigErrors([Problem(path, None, "", str(wrong))]) from wrong
    except ValidationError as wrong:
        raise ConfigErrors([_problem(path, error) for error in wrong.errors()]) from wrong
    if not (schedule.outlets or schedule.country or schedule.everything):
        message = "say what to read: outlets = [...], country, or everything = true"
        raise ConfigErrors([Problem(path, None, "outlets", message)])
    return schedule


def _problem(path: Path, error: ErrorDetails) -> Problem:
    key = ".".join(map(str, error["loc"]))
    return Problem(path, None, key, error["msg"].removeprefix("Value error, "))
