"""Times told from now: "منذ ساعتين", "il y a 3 heures", "yesterday", "دوێنێ", "berî 3 saetan".

Months and years are left alone: "a month ago" names no day.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from storage.models import FoundDate, Precision
from storage.text import fold

MAX_LENGTH = 80
"""Folded characters: in a longer text "today" is about something else."""

_MINUTE, _HOUR, _DAY, _WEEK = (
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(weeks=1),
)


def _folded(table: dict[str, timedelta]) -> dict[str, timedelta]:
    return {fold(name): value for names, value in table.items() for name in names.split("|")}


_UNITS = _folded(
    {
        "ثانية|ثواني|ثوان|seconde|secondes|second|seconds|sec|چرکە|saniye": timedelta(seconds=1),
        "دقيقة|دقائق|دقيقه|minute|minutes|min|mins|خولەک|دەقە|xulek|deqe|deqîqe": _MINUTE,
        "ساعة|ساعات|heure|heures|h|hour|hours|hr|hrs|کاتژمێر|سەعات|saet|saetan|demjimêr": _HOUR,
        "يوم|يوما|أيام|jour|jours|j|day|days|ڕۆژ|رۆژ|roj|rojan": _DAY,
        "أسبوع|أسابيع|أسبوعا|semaine|semaines|week|weeks|هەفتە|هەفتەیەک|hefte|hefteyan": _WEEK,
    }
)
_WHOLE = _folded(
    {
        "دقيقتين|دقيقتان": 2 * _MINUTE,
        "ساعتين|ساعتان": 2 * _HOUR,
        "يومين|يومان": 2 * _DAY,
        "أسبوعين|أسبوعان": 2 * _WEEK,
        "نصف ساعة|une demi heure|half an hour|نیو کاتژمێر": timedelta(minutes=30),
        "ربع ساعة": timedelta(minutes=15),
        "کاتژمێرێک|سەعاتێک": _HOUR,
        "ڕۆژێک": _DAY,
        "خولەکێک": _MINUTE,
    }
)
_NUMBERS = {
    fold(name): number
    for number, names in {
        1: "واحد|واحدة|un|une|a|an|one|یەک|yek",
        2: "deux|two|دوو|du",
        3: "ثلاث|ثلاثة|trois|three|سێ|sê",
        4: "أربع|أربعة|quatre|four|چوار|çar",
        5: "خمس|خمسة|cinq|five|پێنج|pênc",
        6: "ست|ستة|six|شەش|şeş",
        7: "سبع|سبعة|sept|seven|حەوت|heft",
        8: "ثماني|ثمانية|huit|eight|هەشت|heşt",
        9: "تسع|تسعة|neuf|nine|نۆ|neh",
        10: "عشر|عشرة|dix|ten|دە|deh",
        20: "عشرين|vingt|twenty",
    }.items()
    for name in names.split("|")
}
_DAYS_BACK = {
    fold(name): days
    for days, names in {
        0: "اليوم|aujourd'hui|aujourd’hui|today|ئەمڕۆ|îro",
        1: "أمس|البارحة|يوم أمس|hier|yesterday|دوێنێ|duh",
        2: "أول أمس|أمس الأول|avant-hier|پێرێ|pêr",
    }.items()
    for name in names.split("|")
}


def _any(names: dict[str, timedelta] | dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_COUNT = (
    rf"(?:(?P<count>\d{{1,3}}|{_any(_NUMBERS)})\s)?(?P<unit>{_any(_UNITS)})(?:\s(?P<one>واحده?))?"
)
_AMOUNT = rf"(?:(?P<whole>{_any(_WHOLE)})|{_COUNT})"
_AGO = re.compile(
    rf"(?<!\w)(?:منذ|قبل|il y a|depuis|بيش|beri)\s(?:حوالي\s|environ\s)?{_AMOUNT}(?!\w)"
    rf"|(?<!\w){_AMOUNT.replace('?P<', '?P<b_')}"
    r"\s(?:ago|مضت|لهمهوبهر|بيش ييستا|beriya niha|bere)(?!\w)"
)
_NOW = re.compile(r"(?<!\w)(?:الان|just now|maintenant|a l'instant|ييستا|niha)(?!\w)")
_BACK = re.compile(rf"(?<!\w)(?P<day>{_any(_DAYS_BACK)})(?!\w)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_FEW_WORDS = 4  # "published today at 9:30", but not a sentence about a paper called Today
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s?[:h]\s?([0-5]\d)(?!\d)\s?(pm|مسا|م\b)?")


def parse_relative(folded: str, now: datetime) -> FoundDate | None:
    """The time that a short folded text tells from `now`; its zone is that of `now`."""
    if len(folded) > MAX_LENGTH or re.search(r"(?:19|20)\d\d", folded):
        return None
    if match := _AGO.search(folded):
        return _ago(match, now)
    if (match := _BACK.search(folded)) and len(_WORDS.findall(folded)) <= _FEW_WORDS:
        return _day_back(match, folded, now)
    if _NOW.search(folded):
        return _found(now, Precision.MINUTE, folded, now)
    return None


def _ago(match: re.Match[str], now: datetime) -> FoundDate | None:
    whole = match["whole"] or match["b_whole"]
    if whole:
        back = _WHOLE[whole]
    else:
        count = match["count"] or match["b_count"] or "1"
        number = int(count) if count.isdigit() else _NUMBERS[count]
        back = number * _UNITS[match["unit"] or match["b_unit"]]
    if back >= _DAY:
        day = datetime.combine((now - back).date(), time())
        return _found(day, Precision.DAY, match[0], now)
    return _found(now - back, Precision.MINUTE, match[0], now)


def _day_back(match: re.Match[str], folded: str, now: datetime) -> FoundDate:
    day = (now - _DAYS_BACK[match["day"]] * _DAY).date()
    clock = _CLOCK.search(folded)
    if clock is None:
        return _found(datetime.combine(day, time()), Precision.DAY, match[0], now)
    hour = int(clock[1]) + (12 if clock[3] and int(clock[1]) < 12 else 0)
    value = datetime.combine(day, time(hour, int(clock[2])))
    return _found(value, Precision.MINUTE, folded, now)


def _found(value: datetime, precision: Precision, raw: str, now: datetime) -> FoundDate:
    offset = now.utcoffset()
    minutes = None if offset is None else offset // timedelta(minutes=1)
    if precision is not Precision.DAY:
        value = value.replace(second=0, microsecond=0)
    return FoundDate(value.replace(tzinfo=None), precision, "relative", raw, minutes)
