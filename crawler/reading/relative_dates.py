"""Times told from now: "منذ ساعتين", "il y a 3 heures", "yesterday", "دوێنێ", "berî 3 saetan".

Months and years are left alone: "a month ago" names no day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from crawler.reading.date_text import any_of, other_words
from crawler.reading.times_of_day import find_clock, without_clock
from storage.models import FoundDate, Precision
from storage.text import fold

MAX_LENGTH = 80
"""Folded characters: in a longer text "today" is about something else."""

_FULL_DATE = re.compile(r"(?:19|20)\d\d|\d\s?[/.\-]\s?\d+\s?[/.\-]\s?\d")

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
        "ثانية|ثواني|ثوان|seconde|secondes|second|seconds|sec|secs|s|چرکە|saniye": timedelta(
            seconds=1
        ),
        "دقيقة|دقائق|دقيقه|minute|minutes|min|mins|mn|m|خولەک|دەقە|xulek|xulekan|deqe|deqîqe"
        "|deqeyan|deqîqeyan": _MINUTE,
        "ساعة|ساعات|heure|heures|h|hour|hours|hr|hrs|کاتژمێر|سەعات|saet|saetan|demjimêr"
        "|demjimêran": _HOUR,
        "يوم|يوما|أيام|jour|jours|j|day|days|d|ڕۆژ|رۆژ|roj|rojan": _DAY,
        "أسبوع|أسابيع|أسبوعا|semaine|semaines|week|weeks|هەفتە|hefte|hefteyan": _WEEK,
    }
)
_WHOLE = _folded(
    {
        "دقيقتين|دقيقتان": 2 * _MINUTE,
        "ساعتين|ساعتان": 2 * _HOUR,
        "يومين|يومان": 2 * _DAY,
        "أسبوعين|أسبوعان": 2 * _WEEK,
        "نصف ساعة|une demi heure|half an hour|نیو کاتژمێر|nîv saet": timedelta(minutes=30),
        "ربع ساعة|un quart d'heure": timedelta(minutes=15),
        "کاتژمێرێک|سەعاتێک|saetekê|demjimêrekê": _HOUR,
        "ڕۆژێک|rojekê": _DAY,
        "هەفتەیەک|hefteyekê": _WEEK,
        "خولەکێک|deqeyekê|xulekekê": _MINUTE,
    }
)
_SINGLE = {fold(name): _UNITS[fold(name)] for name in "دقيقة ساعة يوم أسبوع".split()}
"""Units that mean one of them where no number stands before them."""
_NUMBERS = {
    fold(name): number
    for number, names in {
        1: "واحد|واحدة|un|une|a|an|one|یەک|yek",
        2: "deux|two|دوو|du|didu",
        3: "ثلاث|ثلاثة|trois|three|سێ|sê",
        4: "أربع|أربعة|quatre|four|چوار|çar",
        5: "خمس|خمسة|cinq|five|پێنج|pênc",
        6: "ست|ستة|six|شەش|şeş",
        7: "سبع|سبعة|sept|seven|حەوت|heft",
        8: "ثمان|ثماني|ثمانية|huit|eight|هەشت|heşt",
        9: "تسع|تسعة|neuf|nine|نۆ|neh",
        10: "عشر|عشرة|dix|ten|دە|deh",
        20: "عشرين|عشرون|vingt|twenty|بیست|bîst",
    }.items()
    for name in names.split("|")
}
_DAYS_BACK = {
    fold(name): days
    for days, names in {
        0: "اليوم|aujourd'hui|today|ئەمڕۆ|ئەمرۆ|îro",
        1: "أمس|البارحة|يوم أمس|hier|yesterday|دوێنێ|دوێنی|duh|duhî",
        2: "أول أمس|أمس الأول|أول البارحة|قبل أمس|avant-hier|پێرێ|pêr|day before yesterday",
    }.items()
    for name in names.split("|")
}


_COUNT = (  # without a number only where no other word follows: "منذ يوم", not "منذ يوم الأحد"
    rf"(?:(?P<count>\d{{1,3}}|(?:{any_of(_NUMBERS)})(?=\s))\s?(?P<unit>{any_of(_UNITS)})"
    rf"|(?P<one>{any_of(_SINGLE)})(?:\sواحده?)?(?!\s(?!و\s?\d|ago|مضت|ليس)[^\W\d_]))"
)
_AMOUNT = rf"(?:(?P<whole>{any_of(_WHOLE)})|{_COUNT})"
_MORE = rf"(?:\s?(?:و|and|et|u)?\s?(?P<more>\d{{1,2}})\s?(?P<more_unit>{any_of(_UNITS)}))?"
_AGO = re.compile(
    r"(?<!\w)(?:منذ|قبل|il y a|بيش|بهر له|beri|ji beri)\s(?:حوالي\s|نحو\s|environ\s)?"
    rf"{_AMOUNT}{_MORE}(?!\w)"
    rf"|(?<!\w){(_AMOUNT + _MORE).replace('?P<', '?P<b_')}"
    r"\s(?:ago|مضت|لهمهوبهر|لهمهوبيش|بيش ييستا|بهر له ييستا|beriya niha|bere|beri niha)(?!\w)"
)
_NOT_FROM_NOW = re.compile(  # "قبل يومين من الانتخابات", "il y a 3 jours que": told from elsewhere
    r"\s(?:(?:من|له|ji)\s(?!(?:الان|ييستا|niha)(?!\w))|(?:علي|que)\s)"
)
_NOW = re.compile(
    r"(?<!\w)(?:الان|لحظات|just now|maintenant|a l'instant|ييستا|niha|moments ago)(?!\w)"
)
_BACK = re.compile(rf"(?<!\w)(?P<day>{any_of(_DAYS_BACK)})(?!\w)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_FEW_WORDS = 8
_FEW_BESIDE = 3  # "Hier à 10:05 | Maroc"; "Aujourd'hui le Maroc" and "اليوم السابع" are papers


def parse_relative(key: str, now: datetime) -> FoundDate | None:
    """The time that a short text, as `date_key`, tells from `now`; its zone is that of `now`."""
    if len(key) > MAX_LENGTH or _FULL_DATE.search(key):
        return None
    folded = fold(key)
    if match := _AGO.search(folded):
        elsewhere = _NOT_FROM_NOW.match(folded, match.end())
        few = len(_WORDS.findall(folded)) <= _FEW_WORDS
        return _ago(match, now) if few and not elsewhere else None
    if match := _BACK.search(folded):
        return _day_back(match, key, now)
    if (match := _NOW.search(folded)) and not _beside(folded, match):
        return _found(now, Precision.MINUTE, folded, now)
    return None


def _beside(text: str, match: re.Match[str]) -> list[str]:
    """The words around a match and its time of day that do not belong to a date."""
    return other_words(without_clock(f"{text[: match.start()]} {text[match.end() :]}"))


def _ago(match: re.Match[str], now: datetime) -> FoundDate | None:
    found = {name.removeprefix("b_"): value for name, value in match.groupdict().items() if value}
    back = _amount(found)
    try:
        moment = now - back
    except OverflowError:
        return None
    if back < _DAY or _UNITS.get(found.get("unit", ""), _DAY) < _DAY:
        return _found(moment, Precision.MINUTE, match[0], now)
    day = datetime.combine(moment.date(), time())
    return _found(day, Precision.DAY, match[0], now, weeks=back >= _WEEK and _in_weeks(found))


def _amount(found: dict[str, str]) -> timedelta:
    more = int(found["more"]) * _UNITS[found["more_unit"]] if "more" in found else timedelta()
    if "whole" in found:
        return _WHOLE[found["whole"]] + more
    if "one" in found:
        return _UNITS[found["one"]] + more
    count = found["count"]
    number = int(count) if count.isdigit() else _NUMBERS[count]
    return number * _UNITS[found["unit"]] + more


def _in_weeks(found: dict[str, str]) -> bool:
    """Whether the amount is told in weeks, which leaves the day open."""
    unit = _WHOLE.get(found.get("whole", "")) or _UNITS[found.get("unit") or found["one"]]
    return unit >= _WEEK


def _day_back(match: re.Match[str], key: str, now: datetime) -> FoundDate | None:
    """Today or some days before; beside other words only a day before, with its time."""
    back = _DAYS_BACK[match["day"]]
    day = (now - back * _DAY).date()
    clock = find_clock(key, day)
    if len(_beside(match.string, match)) > (_FEW_BESIDE if back and clock else 0):
        return None
    if clock is None:
        return _found(datetime.combine(day, time()), Precision.DAY, match[0], now)
    found = _found(datetime.combine(day, clock.at), Precision.MINUTE, key, now)
    return found if clock.utc_offset is None else replace(found, utc_offset=clock.utc_offset)


def _found(
    value: datetime, precision: Precision, raw: str, now: datetime, *, weeks: bool = False
) -> FoundDate:
    offset = now.utcoffset()
    minutes = None if offset is None else offset // timedelta(minutes=1)
    if precision is not Precision.DAY:
        value = value.replace(second=0, microsecond=0)
    method = "relative_week" if weeks else "relative"
    return FoundDate(value.replace(tzinfo=None), precision, method, raw, minutes)
