"""Times of day as the press prints them: 14h30, 09:40 ص, 8:15 مساءً, 2:30 pm, and named zones."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.reading.date_text import Clock, any_of, date_key
from storage.models import Precision

_HALVES = {
    "morning": "ص|صباح|صباحا|صباحاً|am|a.m|a.m.|قبل الظهر|فجرا|فجراً|بعد منتصف الليل|du matin|matin"
    "|پێش نیوەڕۆ|پێشنیوەڕۆ|بەیانی|ب.ن|berî nîvro|b.n|sibehê",
    "evening": "م|مساء|مساءً|المساء|عصرا|عصراً|pm|p.m|p.m.|بعد الظهر|بعد ظهر|du soir"
    "|de l'après-midi|دوای نیوەڕۆ|پاش نیوەڕۆ|دوانیوەڕۆ|ئێوارە|د.ن|piştî nîvro|p.n|êvarê|êvarî",
    "noon": "ظهرا|ظهراً|ظهر|الظهر|noon|midi",
    "night": "ليلا|ليلاً|ليل|الليل|شەو|şevê",
}
_HALF_OF = {date_key(name): half for half, names in _HALVES.items() for name in names.split("|")}
_HALF = any_of(_HALF_OF)
_HOUR = r"(?:[01]?\d|2[0-3])"
_TIME = re.compile(
    rf"(?<![\d:.])(?:(?<![^\W\d_])(?P<before>{_HALF})\s?)?(?P<hour>{_HOUR})"
    r"\s?(?::|h(?:eures?)?|hr?s?)\s?(?P<minute>[0-5]\d)(?:\s?:\s?(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    rf"(?!\d)(?:\s*(?P<half>{_HALF})(?![^\W\d_]))?"
    rf"|(?<![\d:.])(?<!il y a )(?P<bare>{_HOUR})\s?h(?:eures?)?(?![^\W\d_])"
    r"|(?<![\d:.])(?P<dotted>[01]?\d|2[0-3])[.](?P<minutes>[0-5]\d)(?!\d)"
    rf"\s?(?P<dotted_half>{_HALF})(?![^\W\d_])"
    r"|(?:(?<![^\W\d_])(?:a|at|الساعه|saet|كاتزمير)|[\-|])\s(?P<at>[01]?\d|2[0-3])[.](?P<at_minute>[0-5]\d)(?!\d)"
    rf"|(?<![\d:./\-])(?P<only>0?\d|1[0-2])\s?(?P<only_half>{_HALF})(?![^\W\d_])"
)
_NUMERIC_ZONE = re.compile(
    r"\s?\(?(?:(?:utc|gmt)\s?(?P<named>[+\-]\s?\d{1,2}(?::?\d\d)?)"
    r"|(?P<tight>[+\-]\d{1,2}(?::?\d\d)?)|\s(?P<spaced>[+\-]\d{4})|(?P<plus>\s\+\d\d:?\d\d)"
    r"|(?P<zero>utc|gmt|z|tu|غرينتش|جرينتش|ت\.?\s?غ)(?![^\W\d_]))(?!\d)"
)
_ZERO_BEFORE = re.compile(r"(?<![^\W\d_])(?:utc|gmt)\s$")
_ABBREVIATED = {"cet": 60, "cest": 120, "wet": 0, "west": 60, "eet": 120, "eest": 180, "msk": 180}
_ABBREVIATED |= {"est": -300, "edt": -240, "cst": -360, "cdt": -300, "pst": -480, "pdt": -420}
_SHORT_ZONE = re.compile(rf"\s?\(?({'|'.join(_ABBREVIATED)})(?![^\W\d_])")
_PLACES = {
    "UTC": "غرينتش|غرينيتش|جرينتش|جرينيتش|greenwich|گرینیچ|الموحد|العالمي",
    "Asia/Riyadh": "مكة|مكة المكرمة|السعودية|الرياض|mecque|makkah|mecca",
    "Asia/Baghdad": "بغداد|العراق|أربيل|هەولێر|بەغدا|bagdad|baghdad|hewlêr",
    "Asia/Bahrain": "البحرين|المنامة|bahreïn|bahrain",
    "Asia/Qatar": "الدوحة|قطر|doha",
    "Asia/Kuwait": "الكويت|koweït|kuwait",
    "Asia/Dubai": "دبي|أبوظبي|أبو ظبي|الإمارات|dubai",
    "Africa/Casablanca": "المغرب|الرباط|الدار البيضاء|rabat|casablanca|maroc",
    "Africa/Tunis": "تونس|tunis",
    "Africa/Algiers": "الجزائر|alger",
    "Africa/Cairo": "القاهرة|مصر|caire|cairo",
    "Asia/Beirut": "بيروت|لبنان|beyrouth|beirut",
    "Asia/Amman": "عمان|عمّان|الأردن|amman",
    "Asia/Damascus": "دمشق|سوريا|damas|damascus",
    "Europe/Paris": "باريس|paris",
    "Europe/London": "لندن|londres|london",
}
_ZONE_OF = {date_key(name): zone for zone, names in _PLACES.items() for name in names.split("|")}
_PLACE_NAMES = any_of(_ZONE_OF)
_PLACE_ZONE = re.compile(
    r"[\s,(]*(?:ب?(?:ال)?توقيت|heure de(?: la)?|heure locale de|به كاتي|bi dema|بكاتي)\s"
    rf"(?:مدينه\s)?({_PLACE_NAMES})(?![^\W\d_])"
    rf"|[\s,(]*({'|'.join(name for name in _ZONE_OF if name.isascii())})\stime(?![^\W\d_])"
)


def find_clock(segment: str, day: date) -> Clock | None:
    """The first time of day in a part of a key, on `day`, with its zone."""
    for match in _TIME.finditer(segment):
        if at := _clock_time(match):
            precision = Precision.SECOND if match["second"] else Precision.MINUTE
            offset = zone_offset(segment[match.end() :], datetime.combine(day, at))
            if offset is None and _ZERO_BEFORE.search(segment[: match.start()]):
                offset = 0
            return Clock(at, precision, offset)
    return None


def without_clock(segment: str) -> str:
    """A part of a key without its times of day."""
    return _TIME.sub(" ", segment)


def _clock_time(match: re.Match[str]) -> time | None:
    hour = match["hour"] or match["bare"] or match["dotted"] or match["at"] or match["only"]
    minute = match["minute"] or match["minutes"] or match["at_minute"] or "0"
    half = match["half"] or match["before"] or match["dotted_half"] or match["only_half"]
    number = _on_24_hours(int(hour), _HALF_OF.get(half or "", ""))
    return a_time(number, int(minute), int(match["second"] or 0))


def _on_24_hours(hour: int, half: str) -> int:
    """An hour of the day from one of the clock and the part of the day.

    >>> _on_24_hours(12, "morning"), _on_24_hours(1, "night"), _on_24_hours(11, "night")
    (0, 1, 23)
    """
    if hour > 12 or not half:
        return hour
    if half == "evening" or (half == "noon" and hour < 6) or (half == "night" and 6 <= hour < 12):
        return hour % 12 + 12
    return hour % 12 if half in ("morning", "night") else hour


def a_time(hour: int, minute: int, second: int = 0) -> time | None:
    """The time of day, or None if there is none; a leap second is the one before it."""
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute, min(second, 59))


def zone_offset(rest: str, moment: datetime) -> int | None:
    """Minutes east of UTC that the text right after a time names, or None."""
    if match := _NUMERIC_ZONE.match(rest):
        return _minutes(match)
    if match := _SHORT_ZONE.match(rest):
        return _ABBREVIATED[match[1]]
    if match := _PLACE_ZONE.match(rest):
        zone = ZoneInfo(_ZONE_OF[match[1] or match[2]])
        offset = zone.utcoffset(moment)
        return None if offset is None else offset // timedelta(minutes=1)
    return None


def _minutes(match: re.Match[str]) -> int | None:
    if match["zero"]:
        return 0
    signed = match["named"] or match["tight"] or match["spaced"] or match["plus"]
    digits = re.sub(r"\D", "", signed)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    total = int(hours) * 60 + int(minutes)
    if total > 14 * 60:
        return None
    return -total if "-" in signed else total
