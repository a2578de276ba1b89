"""Names of months, weekdays and units as the press writes them, all folded, and the calendars.

Month names: Levantine and Gulf/Egyptian (CLDR ar-IQ, ar), Maghrebi (CLDR ar-MA, ar-TN), French,
English, Sorani (CLDR ckb and usage), Kurmanji (CLDR ku and usage), the Kurdish solar year and the
Islamic year. Every key is written as people do and folded here, so that spellings meet.
"""

from __future__ import annotations

from datetime import date

from storage.text import fold


def _table(*rows: str) -> dict[str, int]:
    """Folded names from rows of names parted by `|`; the first row is 1."""
    return {
        fold(name): number for number, row in enumerate(rows, start=1) for name in row.split("|")
    }


MONTHS = _table(
    "يناير|كانون الثاني|كانون ثاني|كانون الثانى|جانفي|جنفي|janvier|janv|january|jan"
    "|کانوونی دووەم|کانونی دووەم|کانوونی دووەمی|کانونی دووەمی|کانوونی دوەم|çile|çileya paşîn"
    "|kanûna duyem|kanûna paşîn|rêbendan",
    "فبراير|شباط|فيفري|février|févr|fév|february|feb|شوبات|شووبات|sibat|şibat|reşemî|reşeme",
    "مارس|آذار|mars|march|mar|ئازار|ئادار|مارت|adar|avdar",
    "أبريل|إبريل|نيسان|أفريل|avril|avr|april|apr|نیسان|ئەپریل|nîsan|avrêl",
    "مايو|أيار|ماي|mai|may|ئایار|مایس|gulan",
    "يونيو|يونيه|حزيران|جوان|juin|june|jun|حوزەیران|حوزه‌یران|hezîran|xizîran|pûşper",
    "يوليو|يوليوز|يوليه|تموز|جويلية|juillet|juil|july|jul|تەممووز|تەممووز|تەمموز|تەمووز|تەموز"
    "|tîrmeh|temmûz|temûz",
    "أغسطس|آب|غشت|أوت|août|august|aug|ئاب|ئاغستۆس|ئۆگەست|tebax|gelawêj",
    "سبتمبر|أيلول|شتنبر|septembre|sept|september|sep|ئەیلوول|ئەیلول|سێپتەمبەر|îlon|rezber",
    "أكتوبر|تشرين الأول|تشرين أول|تشرين الاولى|octobre|oct|october|تشرینی یەکەم|تشرینی یەکەمی"
    "|ئۆکتۆبەر|cotmeh|çirîya pêşîn|çiriya pêşîn|çirya pêşîn",
    "نوفمبر|تشرين الثاني|تشرين ثاني|نونبر|نوفنبر|novembre|nov|november|تشرینی دووەم"
    "|تشرینی دووەمی|تشرینی دوەم|نۆڤەمبەر|mijdar|çirîya paşîn|çiriya paşîn|çirya paşîn|sermawez",
    "ديسمبر|كانون الأول|كانون أول|دجنبر|دسمبر|décembre|déc|december|dec|کانوونی یەکەم"
    "|کانونی یەکەم|کانوونی یەکەمی|کانونی یەکەمی|دیسەمبەر|berfanbar|kanûna pêşîn|kanûna yekem",
)
"""Folded Gregorian month names; Kurdish case endings are allowed for by the reader of them."""

KURDISH_SOLAR = _table(
    "خاکەلێوە|xakelêwe|newroz",
    "گوڵان|بانەمەڕ|banemer",
    "جۆزەردان|cozerdan",
    "پووشپەڕ|پوشپەڕ",
    "گەلاوێژ",
    "خەرمانان|xermanan",
    "ڕەزبەر",
    "گەڵاڕێزان|گەلاڕێزان|خەزەڵوەر|gelarêzan",
    "سەرماوەز",
    "بەفرانبار",
    "ڕێبەندان",
    "ڕەشەمە|ڕەشەمێ",
)

ISLAMIC = _table(
    "محرم|المحرم|محرم الحرام",
    "صفر|صفر الخير",
    "ربيع الأول|ربيع اول|ربيع الاولى",
    "ربيع الثاني|ربيع الآخر|ربيع ثاني",
    "جمادى الأولى|جمادى الأول|جمادى اولى",
    "جمادى الآخرة|جمادى الثانية|جمادى الآخر|جمادى الثاني|جمادى الاخرى",
    "رجب|رجب المرجب",
    "شعبان",
    "رمضان|رمضان المبارك",
    "شوال",
    "ذو القعدة|ذي القعدة|ذوالقعدة",
    "ذو الحجة|ذي الحجة|ذوالحجة",
)

WEEKDAYS = _table(
    "الإثنين|الاثنين|الأثنين|إثنين|lundi|monday|دووشەممە|دوشەممە|duşem|duşemî",
    "الثلاثاء|الثلثاء|ثلاثاء|mardi|tuesday|سێشەممە|سێ شەممە|sêşem|sêşemî",
    "الأربعاء|أربعاء|mercredi|wednesday|چوارشەممە|چوار شەممە|çarşem|çarşemî",
    "الخميس|jeudi|thursday|پێنجشەممە|پێنج شەممە|pêncşem|pêncşemî",
    "الجمعة|vendredi|friday|هەینی|جومعە|înî",
    "السبت|samedi|saturday|شەممە|şemî",
    "الأحد|dimanche|sunday|یەکشەممە|یەک شەممە|yekşem|yekşemî",
)
"""Folded weekday names; Monday is 1 (ISO 8601)."""

WEEKDAY_SHORT = {
    "mon": 1,
    "tue": 2,
    "tues": 2,
    "wed": 3,
    "thu": 4,
    "thur": 4,
    "thurs": 4,
    "fri": 5,
    "sat": 6,
    "sun": 7,
}
"""Short forms; they count only as the first word of a date."""


def jalali_to_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the Iranian solar year, which the Kurdish year follows.

    Counts the leap years of the 33-year rule, right for the years 1244 to 1472 (1865 to 2094).
    Raises ValueError for a day that does not exist.

    >>> jalali_to_date(1402, 7, 1).isoformat()
    '2023-09-23'
    """
    if not (1244 <= year <= 1472 and 1 <= month <= 12 and 1 <= day <= _jalali_days(year, month)):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    before = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    leaps = sum(_jalali_leap(past) for past in range(1244, year))
    first = date(1865, 3, 21).toordinal()  # 1 Farvardin 1244
    return date.fromordinal(first + (year - 1244) * 365 + leaps + before + day - 1)


def _jalali_leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _jalali_days(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or _jalali_leap(year) else 29


def islamic_to_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the Umm al-Qura calendar; local sighting may differ by one.

    Raises ValueError or OverflowError for a day that is not in its tables (1343 to 1500).
    """
    from hijridate import Hijri

    return date(*Hijri(year, month, day).to_gregorian().datetuple())
