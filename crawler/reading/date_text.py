"""A text made ready to be searched for dates, what is found in it, and the words beside dates.

All readers of dates work on one key of the text, so that their places in it can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from crawler.reading.calendars import WEEKDAYS
from storage.models import Precision
from storage.text import fold

MAX_LENGTH = 300
"""Characters that are looked at: a date with its labels is never longer."""

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d"
_LONG_DASH = re.compile(r"(?<=\s)ـ+(?=\s)")  # a lengthening stroke that stands for a dash
_KEPT = str.maketrans(dict.fromkeys(_HYPHENS, "~") | {"،": ",", "؍": "/", "٫": ".", "⁄": "/"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, how much of it is known, and minutes east of UTC where a zone is named."""

    at: time
    precision: Precision
    utc_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Spotted:
    """A day found in a key: its place, its form, and a time written as part of it."""

    start: int
    end: int
    day: date
    method: str
    clock: Clock | None = None


_EAST_ASIAN = re.compile(  # year, month and day are each marked; the order is always this
    r"(\d{4})\s?[\u5e74\ub144]\s?(\d\d?)\s?[\u6708\uc6d4]\s?(\d\d?)\s?[\u65e5\uc77c]"
)


def date_key(text: str) -> str:
    """`text` folded, but with its hyphens, which part and sign numbers.

    >>> date_key("الخميس، ٦ تشرين الثاني ٢٠٢٥ – 16:45"), date_key("2025-03-04T10:00Z")
    ('الخميس, 6 تشرين الثاني 2025 - 16:45', '2025-03-04t10:00z')
    """
    text = text[:MAX_LENGTH]
    if "\u5e74" in text or "\ub144" in text:
        text = _EAST_ASIAN.sub(r"\1~\2~\3 ", text)
    dashed = _LONG_DASH.sub("~", text)
    return fold(dashed.translate(_KEPT)).replace("~", "-")


def a_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day, or None if there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def any_of(names: Iterable[str]) -> str:
    """A pattern for any of the names, of two that begin alike the longer one first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _words(*names: str) -> str:
    return any_of({date_key(name) for row in names for name in row.split("|")})


_PUBLISHED = _words(
    "publié|publiée|publiés|publication|parution|paru|mis en ligne|mise en ligne|posté|créé|ajouté",
    "published|posted|created|added|released|first published|date posted|this story is from",
    "veröffentlicht|erschienen|erstellt|gespeichert|publicado|publicada",
    "نشر|نشرت|نشرها|النشر|تم النشر|تاريخ النشر|وقت النشر|أضيف|أضيفت|الإضافة|تاريخ الإضافة|حرر|كتب",
    "بڵاوکراوەتەوە|بڵاوکرایەوە|بڵاو کرایەوە|بڵاوکردنەوە|بەرواری بڵاوکردنەوە|بڵاوبووەتەوە|بڵاوکراوە",
    "hat weşandin|hatiye weşandin|weşandin|weşan|weşandina|hat belavkirin|belavkirin|belav kirin",
)
_UPDATED = _words(
    "updated|update|lastupdate|lastupdated|modified|edited|last updated|changed|revised",
    "mis à jour|mise à jour|màj|maj",
    "aktualisiert|geändert|actualizado|actualizada",
    "actualisé|actualisée|actualisation|modifié|modifiée|dernière modification",
    "تحديث|آخر تحديث|التحديث|تم التحديث|محدث|محدثة|حدث|حدثت|تعديل|آخر تعديل|التعديل|عدل",
    "نوێکراوەتەوە|نوێ کراوەتەوە|نوێکرایەوە|نوێکردنەوە|دوایین نوێکردنەوە|نوێکراوە",
    "hat nûkirin|nûkirin|nûkirî|rojanekirin|hat rojanekirin|nûvekirin",
)
_AROUND = _words(
    "le|la|du|de|à|a|et|en|on|at|the|of|date|heure|heures|h|time|day|jour|posté|by|min|mins",
    "في|يوم|اليوم|بتاريخ|تاريخ|التاريخ|الساعة|ساعة|على|م|ص|هـ|ه|الموافق|الموافق لـ|لـ|ل|من|صباحا",
    "مساء|بتوقيت|توقيت",
    "لە|ڕۆژی|رۆژی|ڕۆژ|بەروار|بەرواری|کاتژمێر|سەعات|ی|li|di|roja|roj|dîrok|tarîx|saet|demjimêr|ê",
    "utc|gmt|z|am|pm|ad|ah",
)
PUBLISH_LABEL = re.compile(rf"(?<![^\W\d_])(?:{_PUBLISHED})(?![^\W\d_])")
"""A word that says: this is when it was published."""
UPDATE_LABEL = re.compile(rf"(?<![^\W\d_])(?:{_UPDATED})(?![^\W\d_])")
"""A word that says: this is when it was changed."""
_DAYS = _words(*WEEKDAYS)
_BESIDE = re.compile(rf"(?<![^\W\d_])(?:{_PUBLISHED}|{_UPDATED}|{_AROUND}|{_DAYS})(?![^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")


def other_words(rest: str) -> list[str]:
    """The words of a key that are no weekdays, no labels, and no such as stand beside dates."""
    return _WORD.findall(_BESIDE.sub(" ", rest))
