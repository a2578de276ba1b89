"""Whether a day stands anywhere in a page or its URL, in any usual way of writing one.

Neither the gold nor our own reader's rules are asked: months come from dateparser's tables of
some two hundred languages. What is not found is a day that somebody made up.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache

_APART = r"[\s\S]{0,25}?"
"""Between a day's parts where a month is named: "3rd of March, 2024", "3 mars, kl. 10, 2024"."""
_NEAR = 60
"""Characters before and behind a year in which its day and month are looked for."""
_EPOCH = re.compile(r"(?<!\d)(1[0-9]{9})(?:[0-9]{3})?(?!\d)")
_TAG = re.compile(r"<[^>]{0,300}>")
_MAGHREB_AND_LEVANT = {
    1: "كانون الثاني|جانفي|ژانویه|کانوونی دووەم|ينا",
    2: "شباط|فيفري|شوبات",
    3: "آذار|اذار|ئازار",
    4: "نيسان|أفريل|نیسان",
    5: "أيار|ايار|ماي|ئایار",
    6: "حزيران|جوان|حوزەیران",
    7: "تموز|جويلية|يوليوز|تەمموز|تەمووز",
    8: "آب|أوت|غشت|ئاب",
    9: "أيلول|شتنبر|ئەیلوول|ئەیلول",
    10: "تشرين الأول|تشرين الاول|تشرینی یەکەم",
    11: "تشرين الثاني|نونبر|تشرینی دووەم",
    12: "كانون الأول|كانون الاول|دجنبر|کانوونی یەکەم",
}
"""Months that dateparser's tables lack: of Iraq and the Levant, the Maghreb, and in Sorani."""


def stands(day: date, markup: str, url: str = "") -> bool:
    """Whether a day is written in a page's markup or URL, or a moment within 14 hours of it."""
    text = f"{_plain(markup)}\n{url}"
    return bool(_numbers(day).search(text)) or _named(day, text) or _epoch(day, markup)


def decoded(body: bytes) -> str:
    """A page's bytes as text, roughly: digits and most names of months survive any reading."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        declared = re.search(rb"charset=[\"']?([\w-]{3,20})", body[:4000])
        name = declared[1].decode("ascii") if declared else "cp1252"
        try:
            return body.decode(name, "replace")
        except LookupError:
            return body.decode("cp1252", "replace")


def _plain(markup: str) -> str:
    """The markup without entities, with European digits, and again without its tags."""
    text = html.unescape(markup)
    text = text.translate({ord(one): str(unicodedata.digit(one)) for one in _other_digits(text)})
    text = text.replace("\\/", "/")
    return f"{text}\n{_TAG.sub(' ', text)}"


def _other_digits(text: str) -> set[str]:
    return {one for one in set(text) if not one.isascii() and one.isdecimal()}


@cache
def _numbers(day: date) -> re.Pattern[str]:
    """The day in numbers: year first, last, with two digits, with or without marks between."""
    year, short, month, d = day.year, day.year % 100, day.month, day.day
    mark = r"[-/._,\s年년월\u200e\u200f]{1,3}"
    some = rf"(?:{mark}|月|&nbsp;)"
    either = f"(?:0?{d}{some}0?{month}|0?{month}{some}0?{d})"
    forms = (
        f"{year}{some}0?{month}{some}0?{d}",
        f"{year}{month:02}{d:02}",
        f"{year}/?{month:02}-?/?{d:02}",
        f"{either}{some}(?:{year}|{short:02})",
        f"{d:02}{month:02}{year}",
        f"{month:02}{d:02}{year}",
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d(?!\d?:)|\d\d\d)")


def _named(day: date, text: str) -> bool:
    """Whether the day stands near its year, with the month named before or after it."""
    around, short = _around(day)
    years = re.finditer(rf"(?<!\d){day.year}(?!\d)", text)
    near = (text[max(0, year.start() - _NEAR) : year.end() + _NEAR] for year in years)
    return any(around.search(one) for one in near) or bool(short.search(text))


@cache
def _around(day: date) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Day and named month in either order; and day, month and a year of two digits in a row."""
    month = f"(?:{'|'.join(map(re.escape, _months()[day.month]))})"
    number = rf"(?<!\d)0?{day.day}(?!\d)"
    either = f"(?:{number}{_APART}{month}|{month}{_APART}{number})"
    short = rf"{number}[\s.-]{{1,2}}{month}[\s.,-]{{1,2}}['’]?{day.year % 100:02}(?!\d)"
    return re.compile(either, re.IGNORECASE), re.compile(short, re.IGNORECASE)


@cache
def _months() -> dict[int, list[str]]:
    """Every name of each month, longest first."""
    from dateparser.data import languages_info
    from dateparser.languages.loader import LocaleDataLoader

    names: defaultdict[int, set[str]] = defaultdict(set)
    for month, forms in _MAGHREB_AND_LEVANT.items():
        names[month] |= set(forms.split("|"))
    for locale in LocaleDataLoader().get_locales(languages=list(languages_info.language_order)):
        for month, key in enumerate(_KEYS, start=1):
            names[month] |= {name for name in locale.info.get(key, ()) if _is_name(name)}
    return {
        month: sorted(forms, key=lambda one: (-len(one), one)) for month, forms in names.items()
    }


_KEYS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)


def _is_name(name: str) -> bool:
    return len(name) > 1 and not any(one.isdigit() for one in name)


def _epoch(day: date, markup: str) -> bool:
    """Whether a number of seconds or milliseconds since 1970 lies on the day, in any zone."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    reach = timedelta(hours=12 + 14).total_seconds()
    return any(abs(int(found[1]) - noon.timestamp()) <= reach for found in _EPOCH.finditer(markup))
