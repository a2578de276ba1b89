"""Times as the database writes them: UTC, one fixed width, readable and sortable as text.

`2026-11-22T21:03:05Z` is the only form. Local days are those of an outlet's own zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from storage.models import Precision

DATED = frozenset({Precision.SECOND, Precision.MINUTE, Precision.DAY})
"""Precisions of which the day is known; anything coarser counts as undated."""


_ahead = timedelta()


def utc_now() -> datetime:
    """The present, aware and in UTC."""
    return datetime.now(UTC) + _ahead


def set_clock_ahead(by: timedelta) -> None:
    """Let `utc_now` run ahead of this machine's clock (or behind it) in this process.

    For workspaces of the demo newsroom, which is read at its own time: two nights in a minute.
    """
    global _ahead  # noqa: PLW0603 (a process has one clock)
    _ahead = by


def encode_time(moment: datetime) -> str:
    """Write a time down: 21:03:05+00:00 becomes "2026-11-22T21:03:05Z".

    Raises ValueError for a naive time: it would be a guess.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without zone cannot be stored: {moment!r}")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def encode_optional(moment: datetime | None) -> str | None:
    """As encode_time, and None for None."""
    return None if moment is None else encode_time(moment)


def decode_time(text: str) -> datetime:
    """Read a stored time, aware and in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def decode_optional(text: str | None) -> datetime | None:
    """As decode_time, and None for None."""
    return None if text is None else decode_time(text)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """A zone from the tzdata package, never from the system's copy.

    Debian 12's copy is an hour off for Morocco since 2026-09-20, and a notebook that opens
    the database does not set the process-wide search path as our own commands do.
    Raises FileNotFoundError or IsADirectoryError for a name that is no zone.
    """
    place = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with place.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def local_time(moment: datetime, zone_name: str) -> datetime:
    """The same instant on the clocks of the zone; unchanged at the very ends of the calendar."""
    try:
        return moment.astimezone(zone(zone_name))
    except OverflowError:
        return moment


def local_day(moment: datetime, zone_name: str) -> str:
    """The calendar day of an instant in the zone, as "2026-11-23"."""
    return local_time(moment, zone_name).date().isoformat()


def publication_day(
    published_at: datetime | None, precision: Precision, zone_name: str
) -> str | None:
    """The local day of publication, or None where no day is known."""
    if published_at is None or precision not in DATED:
        return None
    return local_day(published_at, zone_name)


def day_text(day: date | None) -> str | None:
    """A calendar day as the database writes it; of a datetime, its date."""
    if day is None:
        return None
    return (day.date() if isinstance(day, datetime) else day).isoformat()
