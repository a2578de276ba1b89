"""Dates with the name of their month, in five languages and three calendars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from crawler.reading.calendars import (
    ISLAMIC,
    KURDISH_SOLAR,
    MONTHS,
    WEEKDAYS,
    islamic_to_date,
    solar_to_date,
)
from crawler.reading.date_text import Spotted, any_of
from crawler.reading.times_of_day import find_clock

Forms = tuple[re.Pattern[str], ...]

_GREGORIAN_YEAR = r"(?:19|20)\d\d"
_DAY = (
    r"(?<![\d:/.+])(?P<day>\d{1,2})(?![\d:]|\.\d)"
    r"(?:\s?(?:ere|eme|ier|er|st|nd|rd|th|°|ي|م)|'?(?:emin|em|ye|ya|e|an|a))?(?!\d)"
)
_LINK = r"(?:[\s,./\-]|(?<![^\W\d_])(?:من|de|of|the|ي|مانكي|شهر|لشهر|meha)(?![^\W\d_]))*"
_BEFORE_YEAR = (
    r"(?:[\s,./\-]|(?<![^\W\d_])(?:de|of|sala|من|سنه|عام|لسنه|لعام|ي|سالي|لسالي)(?![^\W\d_]))*"
)
_INNER = r"(?P<inner>\s\d\d:\d\d:\d\d(?:\s[+\-]\d{4}|\s[a-z]{3})?)?"  # as C's ctime prints it
_ON = rf"(?:(?:le|the|يوم)\s)?(?:(?:{'|'.join(map(re.escape, WEEKDAYS))})\s)?"
_TO = r"\s?(?:-\s?|&\s?|و\s?" + _ON + r"|و?(?:الي|حتي|لغايه|au|to|et|and|تا|بو|heta)\s" + _ON + ")$"
_RANGE = re.compile(  # "10-12 mars", "من 10 إلى 12 مارس": days of an event
    rf"(?<![\d:])(?<!\dh)(\d{{1,2}}){_TO}"
)


def _alternatives(table: dict[str, int]) -> str:
    return any_of(table).replace(r"\ ", r"\s?")


def _forms(table: dict[str, int], year: str) -> Forms:
    """Patterns over a key: day month year, month day year, year month day, day-month-yy.

    Between them may stand Kurdish case endings, a dot, a comma, a second name of the month, and
    the words for "of" and "year"; after the year a Kurdish ending, م (AD) or ه (AH).
    """
    names = _alternatives(table)
    month = rf"(?P<month>{names})(?:'?(?:ي|yan|ya|ye|an|a|e|i))?(?![^\W\d_])\.?"
    other = rf"(?:\s?[/(|,\-]?\s?(?P<other>{names})(?:ي)?(?![^\W\d_])\s?\)?)?"
    years = rf"(?P<year>{year})(?!\d|:\d)(?:\s?(?:م|ه)(?![^\W\d_]))?"
    short = (
        r"(?P<year>\d\d)(?![\d:]|\s?[:h]\s?\d)" if year == _GREGORIAN_YEAR else r"(?P<year>(?!))"
    )
    return (
        re.compile(rf"{_DAY}{_LINK}{month}{other}{_BEFORE_YEAR}{years}"),
        re.compile(rf"(?<![^\W\d_]){month}{other}[\s,.]*{_DAY}{_INNER}[\s,]+{years}"),
        re.compile(
            rf"(?<!\d){years}(?:ي|ye|e)?[\s,./\-]+{month}{other}[\s,./\-]*{_DAY}(?!\s?[:h]\s?\d)"
        ),
        re.compile(rf"{_DAY}(?P<mark>[\-/]){month}(?P=mark){short}"),
    )


_NAMES = _alternatives(MONTHS)
_SPAN = re.compile(  # "28 février au 3 mars", "March 30 - April 2": days of two months
    rf"(?:(?<![\d:/.])\d{{1,2}}(?:\s?[^\W\d_]{{1,3}})?[\s\-]?(?:{_NAMES})[^\W\d_]{{0,3}}\.?"
    rf"|(?<![^\W\d_])(?:{_NAMES})\.?\s\d{{1,2}}),?{_TO}"
)
_GREGORIAN = _forms(MONTHS, _GREGORIAN_YEAR)
_SOLAR = _forms(KURDISH_SOLAR, r"2[67]\d\d|1[34]\d\d")
_ISLAMIC = _forms(ISLAMIC, r"1[345]\d\d")


def spot_named(key: str) -> Iterator[Spotted]:
    """Gregorian dates with the name of their month."""
    return _spotted(key, _GREGORIAN, MONTHS, date, "named")


def spot_other_calendars(key: str) -> Iterator[Spotted]:
    """Dates of the Kurdish solar and then of the Islamic calendar."""
    yield from _spotted(key, _SOLAR, KURDISH_SOLAR, solar_to_date, "kurdish_solar")
    yield from _spotted(key, _ISLAMIC, ISLAMIC, islamic_to_date, "islamic")


def _spotted(
    key: str,
    forms: Forms,
    table: dict[str, int],
    convert: Callable[[int, int, int], date],
    method: str,
) -> Iterator[Spotted]:
    for form in forms:
        for match in form.finditer(key):
            if day := _day_of(match, table, convert):
                inner = match.groupdict().get("inner")
                clock = find_clock(inner, day) if inner else None
                yield Spotted(match.start(), match.end(), day, method, clock)


def _day_of(
    match: re.Match[str], table: dict[str, int], convert: Callable[[int, int, int], date]
) -> date | None:
    """The day of a match; None for one that no calendar has, or of which two names disagree."""
    month = table[_spelling(match["month"], table)]
    other = match.groupdict().get("other")
    if other and table[_spelling(other, table)] != month:
        return None
    day, year = int(match["day"]), int(match["year"])
    if _SPAN.search(match.string[: match.start()]):
        return None
    if _ends_a_range(match.string[: match.start("day")], day):
        return None
    try:
        return convert(year + 2000 if year < 100 else year, month, day)
    except (ValueError, OverflowError):
        return None


def _ends_a_range(before: str, day: int) -> bool:
    """Whether a smaller day stands before this one, as in "du 10 au 12 mars"."""
    first = _RANGE.search(before)
    return first is not None and 0 < int(first[1]) < day


def _spelling(name: str, table: dict[str, int]) -> str:
    """The table's key for a matched name, whose spaces may be missing in the text."""
    if name in table:
        return name
    plain = "".join(name.split())
    return next(key for key in table if key.replace(" ", "") == plain)
