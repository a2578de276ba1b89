"""The demo newsroom: its clock, its nights, and what it answers at each instant."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from crawler.demo.articles import sites
from crawler.demo.editions import Routes, edition

NIGHTS = (datetime(2026, 3, 2, 2, 0, tzinfo=UTC), datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
"""The two instants at which the demo crawls: the second finds new, edited and unchanged items."""


class Newsroom:
    """Answers for all sites at the instant that stands in the clock file."""

    def __init__(self, clock_file: Path, port: int) -> None:
        self._clock_file, self._port = clock_file, port
        self._edition = lru_cache(maxsize=4)(self._make)

    def routes(self) -> Routes:
        """The table of answers now, by the newsroom's clock."""
        return self._edition(read_clock(self._clock_file))

    def _make(self, now: datetime) -> Routes:
        return edition(sites(), self._port, now)


def read_clock(clock_file: Path) -> datetime:
    """The newsroom's time: one ISO instant with its offset, such as 2026-03-02T02:00Z."""
    now = datetime.fromisoformat(clock_file.read_text(encoding="ascii").strip())
    if now.tzinfo is None:
        raise ValueError(f"{clock_file}: an instant needs its offset, such as a Z at the end")
    return now.astimezone(UTC)


def set_clock(clock_file: Path, now: datetime) -> None:
    """Put the newsroom's clock to an instant; a server sees the old one or the new one."""
    draft = clock_file.with_name(clock_file.name + ".new")
    draft.write_text(now.isoformat() + "\n", encoding="ascii")
    draft.replace(clock_file)


def ahead(now: datetime) -> float:
    """Whole seconds by which a newsroom at `now` is ahead of this machine's clock (or behind)."""
    return round((now - datetime.now(UTC)).total_seconds())
