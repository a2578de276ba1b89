"""Dates in numbers alone: ISO 8601, epochs, RFC 822, and day, month, year in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from crawler.reading.calendars import SOLAR_YEARS, islamic_to_date, solar_to_date
from crawler.reading.date_text import Clock, Spotted, a_day, other_words
from crawler.reading.times_of_day import a_time, without_clock, zone_offset
from storage.models import FoundDate, Precision

_APART = r"(?<![\d/.:+])(?<!\d-)"  # no part of a longer number, version, address or phone number
_ENDS = r"(?!\d|[/.\-]\d(?!\d?:\d\d))"
_ISO = re.compile(
    rf"{_APART}(?P<year>(?:19|20)\d\d)-(?P<month>\d\d?)-(?P<day>\d\d?)(?:(?:t|$){_ENDS}|{_ENDS})"
)
_ISO_TIME = re.compile(r"t?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?")
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:t(?=\d{4})|$)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
_PARTS = re.compile(
    rf"{_APART}(\d{{1,2}}|\d{{4}})\s?([/.\-])\s?(\d{{1,2}}|\d{{4}})\s?\2\s?(\d{{4}}|\d{{1,2}}){_ENDS}"
)
_RFC822 = re.compile(
    r"(?<!\d)\d{1,2}\s+[a-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"\s+(?:(?!a[sd]t)[a-z]{1,4}(?![^\W\d_]|\s?[+\-]\d)|[+-]\d{4}(?!\d))"
)
_NO_DATE_BEFORE = re.compile(  # words after which numbers in this form are something else
    r"(?:رقم|قانون|القانون|ماده|الماده|مرسوم|قرار|ظهير|هاتف|الهاتف|اصدار|نسخه|نتيجه"
    r"|n[°ºo]|no\.|№|\b(?:loi|law|decret|dahir|article|act|no|num|numero|tel|phone|fax|gsm"
    r"|version|release|isbn|issn|ref|ip|dossier|v))[\s.:#]*$"
)
_SPAN = re.compile(  # "28/02 - 03/03/2025": days of an event
    r"(?<![\d/.])\d{1,2}/\d{1,2}\s?(?:-|و|(?:الي|حتي|au|to|et|and|تا|بو|heta)\s)\s?$"
)
_CLOCK_NEXT = re.compile(r"[\s,|\-]{1,4}(?:um |at |a |kl\.? )?\d\d[:.]\d\d(?!\d)")
"""A time of day right behind a date: "25.04.24 | 14:07"."""
_MACHINE = re.compile(
    r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-5][0-9]|60)(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MOST_OFFSET = 14 * 60  # minutes
_LAST_TWO_DIGITS = 2000  # the century of a year written with two digits


def machine_date(text: str) -> FoundDate | None:
    """The date of a text in the form in which machines state one, as `parse_date` reads it.

    Most stated dates are in it, and this is some thirty times cheaper than to look for any form.
    """
    match = _MACHINE.fullmatch(text)
    day = a_day(int(match[1]), int(match[2]), int(match[3])) if match else None
    if match is None or day is None:
        return None
    if not match[4]:
        return FoundDate(datetime.combine(day, time()), Precision.DAY, "iso", text)
    at = a_time(int(match[4]), int(match[5]), int(match[6] or 0))
    offset = _machine_offset(match[7])
    if at is None or (offset is not None and abs(offset) > _MOST_OFFSET):
        return None
    precision = Precision.SECOND if match[6] else Precision.MINUTE
    return FoundDate(datetime.combine(day, at), precision, "iso", text, offset)


def _machine_offset(zone: str | None) -> int | None:
    """Minutes east of UTC of "Z", "+0300" or "+03:00"."""
    if not zone:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return -minutes if zone[0] == "-" else minutes


def spot_iso(key: str) -> Iterator[Spotted]:
    """Dates of ISO 8601; one without hyphens or a count of seconds only as the whole text."""
    if whole := _COMPACT.match(key) or _EPOCH.fullmatch(key):
        if spot := _whole(key, whole):
            yield spot
        return
    for match in _ISO.finditer(key):
        if spot := _iso_spot(key, match):
            yield spot


def _whole(key: str, match: re.Match[str]) -> Spotted | None:
    if match.re is _COMPACT:
        return _iso_spot(key, match)
    moment = datetime.fromtimestamp(int(key[:10]), UTC)
    clock = Clock(moment.time(), Precision.SECOND, 0)
    return Spotted(0, len(key), moment.date(), "epoch", clock)


def _iso_spot(key: str, match: re.Match[str]) -> Spotted | None:
    day = a_day(int(match["year"]), int(match["month"]), int(match["day"]))
    if day is None:
        return None
    if not match[0].endswith("t"):
        return Spotted(match.start(), match.end(), day, "iso")
    clock, end = _iso_clock(key, match.end(), day)
    return Spotted(match.start(), end, day, "iso", clock)


def _iso_clock(key: str, start: int, day: date) -> tuple[Clock | None, int]:
    """The time after the T, and where it ends; none if it names no time."""
    match = _ISO_TIME.match(key, start)
    at = (
        a_time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
        if match
        else None
    )
    if match is None or at is None:
        return None, start
    precision = Precision.SECOND if match["second"] else Precision.MINUTE
    offset = zone_offset(key[match.end() :], datetime.combine(day, at))
    return Clock(at, precision, offset), match.end()


def spot_rfc822(key: str) -> Iterator[Spotted]:
    """Dates of RFC 822 whose zone is known."""
    for match in _RFC822.finditer(key):
        try:
            moment = parsedate_to_datetime(match[0])
        except ValueError:
            continue
        if moment.tzinfo is None and not match[0].endswith("-0000"):
            continue
        offset = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
        precision = Precision.SECOND if match[0].count(":") > 1 else Precision.MINUTE
        clock = Clock(moment.time(), precision, offset)
        yield Spotted(match.start(), match.end(), moment.date(), "rfc822", clock)


def spot_numbers(key: str, *, month_first: bool) -> Iterator[Spotted]:
    """Three numbers: the only possible order, else day, month, year."""
    for match in _PARTS.finditer(key):
        before = key[: match.start()]
        if _NO_DATE_BEFORE.search(before) or _SPAN.search(before):
            continue
        first, mark, second, third = match.groups()
        if len(third) == 2 and len(first) != 4 and len(second) != 4:
            if not _may_be_short(key, match, mark):
                continue
            third = str(_LAST_TWO_DIGITS + int(third))
        if found := _in_some_calendar(first, second, third, month_first=month_first):
            yield Spotted(match.start(), match.end(), *found)


def _may_be_short(key: str, match: re.Match[str], mark: str) -> bool:
    """Whether a year of two digits is meant: only where nothing but a date is said."""
    if mark != "/" and (len(match[1]) < 2 or len(match[3]) < 2):
        return False  # 3.4.12 is a version, 2-1-10 a score
    before, after = key[: match.start()], key[match.end() :]
    if len(match[1]) == 2 and len(match[3]) == 2 and _CLOCK_NEXT.match(after):
        return True
    rest = without_clock(f"{before} {after}")
    return not other_words(rest) and not re.search(r"\d", rest)


def _in_some_calendar(
    first: str, second: str, third: str, *, month_first: bool
) -> tuple[date, str] | None:
    """The day and its form; a year of the 14th or 15th century is solar or Islamic."""
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:
        orders = [(a, b, c)] + ([(a, c, b)] if b > 12 else [])
    elif len(second) == 4:  # 11/2024/22: only where one of the two cannot be a month
        orders = ([(b, a, c)] if c > 12 else []) + ([(b, c, a)] if a > 12 else [])
    elif len(third) == 4:
        orders = [(c, a, b)] if month_first or b > 12 else [(c, b, a)]
    else:
        return None
    return next((found for order in orders if (found := _day_of(*order))), None)


def _day_of(year: int, month: int, day: int) -> tuple[date, str] | None:
    if year in SOLAR_YEARS:
        convert, method = solar_to_date, "kurdish_solar"
    elif year < 1600:
        convert, method = islamic_to_date, "islamic"
    else:
        convert, method = date, "numeric"
    try:
        return convert(year, month, day), method
    except (ValueError, OverflowError):
        return None
