"""What takes headline, day and text from a page, each with its CPU time: Marsad and trafilatura.

Every reader gets the page's bytes as they came, so that decoding is counted for all alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from bench.extraction_sets import GoldPage
from crawler.reading.dates import parse_date
from crawler.reading.page import read_page
from storage.models import Reading, ReadingContext


@dataclass(frozen=True, slots=True)
class Taken:
    """What one reader took from one page; `days` are the ways to say its day, the first counts."""

    text: str = ""
    headline: str = ""
    days: tuple[date, ...] = ()
    cpu: float = 0.0  # milliseconds
    methods: tuple[tuple[str, str], ...] = ()
    template_id: str | None = None
    outcome: str = ""

    @property
    def day(self) -> date | None:
        """The day of publication, in the zone that the page states, else in UTC."""
        return self.days[0] if self.days else None


Reader = Callable[[GoldPage], Taken]


def timed(read: Callable[[], Taken]) -> Taken:
    """What was taken, with the CPU time of this process that it cost."""
    started = time.process_time()
    taken = read()
    return replace(taken, cpu=(time.process_time() - started) * 1000)


def marsad(page: GoldPage, **context: Any) -> Taken:
    """What `read_page` makes of a page; keywords go into the ReadingContext."""
    return of_context(page, page.context(**context))


def of_context(page: GoldPage, context: ReadingContext) -> Taken:
    """The same with a context made elsewhere."""
    fetched = page.page()
    started = time.process_time()
    reading = read_page(fetched, context)
    return replace(taken_of(reading, page), cpu=(time.process_time() - started) * 1000)


def taken_of(reading: Reading, page: GoldPage) -> Taken:
    """A reading in the shape that all readers share."""
    return Taken(
        text=reading.text,
        headline=reading.headline,
        days=_days(reading, page),
        methods=reading.methods,
        template_id=getattr(reading, "template_id", None),
        outcome=f"{reading.outcome.value}: {reading.reason}" if reading.outcome else "",
    )


def _days(reading: Reading, page: GoldPage) -> tuple[date, ...]:
    """The published day where the page was written, as far as it says so; and that of UTC.

    An outlet's file knows its zone; of these pages nobody does, so the page's own zone counts.
    """
    if reading.published_at is None:
        return ()
    raw = reading.published_raw or ""
    found = parse_date(raw, language=page.language, country="", now=page.fetched_at)
    offset = timedelta(minutes=(found.utc_offset or 0) if found else 0)
    at = reading.published_at
    return tuple(dict.fromkeys(((at + offset).date(), at.date())))


# ---------------------------------------------------------------- trafilatura


def trafilatura(page: GoldPage, **options: Any) -> Taken:
    """What trafilatura makes of it, with its facts (headline, day)."""
    html = page.html
    return timed(lambda: _trafilatura(html, page.url, options))


def _trafilatura(html: bytes, url: str, options: dict[str, Any]) -> Taken:
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(html, url=url, with_metadata=True, **options)
    except Exception as error:  # the libraries raise anything on broken pages
        return Taken(outcome=f"{type(error).__name__}: {error}")
    if found is None or isinstance(found, dict):  # a dict only where one was asked for
        return Taken(outcome="nothing")
    day = date.fromisoformat(found.date[:10]) if found.date else None
    return Taken(found.text or "", found.title or "", (day,) if day else ())


OURS = "marsad"
TRAFILATURA = "trafilatura"
HERE: dict[str, Reader] = {
    OURS: marsad,
    TRAFILATURA: trafilatura,
    "trafilatura fast": partial(trafilatura, fast=True),
    "trafilatura precision": partial(trafilatura, favor_precision=True),
}
"""Readers that run in this process."""
