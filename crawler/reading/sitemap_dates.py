"""The dates of sitemaps: W3C forms quickly, all others as feeds have them read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from crawler.reading.published import moment_of
from crawler.reading.voices import zone_of
from storage.models import Precision, ReadingContext

FIRST_YEAR = 1995
"""Older dates are nobody's: 0001 and 1970 stand where a program had no date."""
MAX_ODD = 200
"""Dates of other forms than W3C's that are read in one sitemap: each may cost 10 ms and more."""
_MONTH = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
_DAY = timedelta(days=1)


class Stated(NamedTuple):
    """A date as stated: from the first to the last instant that it may mean, in UTC."""

    at: datetime
    until: datetime
    is_day_sure: bool


class Dates:
    """Reads the dates of one sitemap; each wording is read once."""

    def __init__(self, context: ReadingContext) -> None:
        """A date without zone is the outlet's own time, as it is in feeds."""
        self._context, self._zone = context, zone_of(context)
        self._read: dict[str, Stated | None] = {}
        self._odd = 0

    def stated(self, raw: str) -> Stated | None:
        """What a date says, or None where it says nothing."""
        if raw not in self._read:
            self._read[raw] = self._believable(raw) if raw else None
        return self._read[raw]

    def published(self, raw: str) -> datetime | None:
        """A publication date whose day is sure; of one that lies ahead today, only the day."""
        stated = self.stated(raw)
        if stated is None or not stated.is_day_sure:
            return None
        if self._context.now is None or stated.at <= self._context.now:
            return stated.at
        moment = moment_of(raw, "feed", self._context)
        return moment.at if moment else None

    def _believable(self, raw: str) -> Stated | None:
        try:
            stated = self._w3c(raw) or self._months(raw) or self._otherwise(raw)
        except (ValueError, OverflowError):
            return None
        return stated if stated and stated.at.year >= FIRST_YEAR else None

    def _w3c(self, raw: str) -> Stated | None:
        try:
            found = datetime.fromisoformat(raw)
        except ValueError:
            return None
        if len(raw) <= len("2026-11-20"):
            return self._span(found, found + _DAY)
        at = (found if found.tzinfo else found.replace(tzinfo=self._zone)).astimezone(UTC)
        return Stated(at, at, is_day_sure=True)

    def _months(self, raw: str) -> Stated | None:
        """A year, or a month of it: its day is not sure."""
        found = _MONTH.fullmatch(raw)
        if found is None:
            return None
        year, month = int(found[1]), int(found[2] or 0)
        first = datetime(year, month or 1, 1)  # its zone comes in _span
        after = first + timedelta(days=31 if month else 366)
        return self._span(first, after.replace(day=1))._replace(is_day_sure=False)

    def _span(self, first: datetime, after: datetime) -> Stated:
        start, end = (at.replace(tzinfo=self._zone).astimezone(UTC) for at in (first, after))
        return Stated(start, end, is_day_sure=True)

    def _otherwise(self, raw: str) -> Stated | None:
        self._odd += 1
        moment = moment_of(raw[:100], "feed", self._context) if self._odd <= MAX_ODD else None
        if moment is None:
            return None
        sure = moment.precision not in (Precision.MONTH, Precision.YEAR, Precision.UNKNOWN)
        clock = moment.precision in (Precision.SECOND, Precision.MINUTE)
        spans = {Precision.MONTH: 31, Precision.YEAR: 366}
        days = 0 if clock else spans.get(moment.precision, 1)
        return Stated(moment.at, moment.at + timedelta(days=days), is_day_sure=sure)
