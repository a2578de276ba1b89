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
    "يناير|ينایر|كانون الثاني|كانون ثاني|كانون الثانى|كانون 2|ك2|جانفي|جنفي|janvier|janv|january"
    "|jan|کانوونی دووەم|کانونی دووەم|کانوونی دووەمی|کانونی دووەمی|کانوونی دوەم|کانونی دوەم|جەنیوەری"
    "|çile|çileya paşîn|çileya paşê|kanûna duyem|kanûna duyemîn|kanûna paşîn|rêbendan",
    "فبراير|شباط|فيفري|فبرايير|février|févr|fév|february|feb|febr|شوبات|شووبات|فێبریوەری|sibat"
    "|şibat|reşemî|reşeme",
    "مارس|آذار|مارث|mars|march|mar|ئازار|ئادار|مارت|adar|avdar|mart",
    "أبريل|إبريل|نيسان|أفريل|avril|avr|april|apr|نیسان|ئەپریل|nîsan|avrêl",
    "مايو|أيار|ماي|مايس|mai|may|ئایار|مایس|مەی|gulan",
    "يونيو|يونيه|حزيران|جوان|يونيوه|juin|june|jun|حوزەیران|حوزیران|hezîran|xizîran|hizêran|pûşper",
    "يوليو|يوليوز|يوليه|تموز|جويلية|جويليه|juillet|juil|juill|july|jul|تەممووز|تەمموز|تەمووز"
    "|تەموز|تەمموز|tîrmeh|temmûz|temûz",
    "أغسطس|آب|غشت|أوت|اغسطوس|août|august|aug|ئاب|ئاغستۆس|ئۆگەست|ئاگۆست|tebax|gelawêj",
    "سبتمبر|أيلول|شتنبر|سبتنبر|septembre|sept|september|sep|ئەیلوول|ئەیلول|سێپتەمبەر|سێپتێمبەر"
    "|îlon|eylûl|rezber",
    "أكتوبر|تشرين الأول|تشرين 1|ت1|تشرين أول|تشرين الاولى|أوكتوبر|octobre|oct|october|تشرینی یەکەم"
    "|تشرینی یەکەمی|ئۆکتۆبەر|cotmeh|kewçêr|çirîya pêşîn|çiriya pêşîn|çirya pêşîn|çiriya yekem",
    "نوفمبر|تشرين الثاني|تشرين 2|ت2|تشرين ثاني|تشرين الثانى|نونبر|نوفنبر|novembre|nov|november"
    "|تشرینی دووەم|تشرینی دووەمی|تشرینی دوەم|تشرینی دوەمی|نۆڤەمبەر|نۆڤێمبەر|mijdar"
    "|çirîya paşîn|çiriya paşîn|çirya paşîn|çiriya duyem|sermawez",
    "ديسمبر|كانون الأول|كانون 1|ك1|كانون أول|دجنبر|دسمبر|ديسنبر|décembre|déc|december|dec"
    "|کانوونی یەکەم|کانونی یەکەم|کانوونی یەکەمی|کانونی یەکەمی|دیسەمبەر|دێسەمبەر|دیسێمبەر"
    "|berfanbar|kanûn"
    "|kanûna pêşîn|kanûna yekem|kanûna yekemîn|çileya pêşîn",
)
"""Folded Gregorian month names; Kurdish case endings are allowed for by the reader of them."""

KURDISH_SOLAR = _table(
    "خاکەلێوە|xakelêwe|newroz",
    "گوڵان|بانەمەڕ|banemer|gulan",
    "جۆزەردان|cozerdan|cozerdan",
    "پووشپەڕ|پوشپەڕ|pûşper",
    "گەلاوێژ|gelawêj",
    "خەرمانان|xermanan",
    "ڕەزبەر|rezber",
    "گەڵاڕێزان|گەلاڕێزان|خەزەڵوەر|gelarêzan",
    "سەرماوەز|sermawez",
    "بەفرانبار|berfanbar",
    "ڕێبەندان|rêbendan",
    "ڕەشەمە|ڕەشەمێ|reşeme|reşemî",
)

ISLAMIC = _table(
    "محرم|المحرم|محرم الحرام|موحەڕەم|muharram|mouharram|moharram",
    "صفر|صفر الخير|سەفەر|safar",
    "ربيع الأول|ربيع اول|ربيع الاولى|ڕەبیعی یەکەم|rabi al-awwal|rabii al awwal|rabi' i",
    "ربيع الثاني|ربيع الآخر|ربيع ثاني|ربيع الثانى|ڕەبیعی دووەم|rabi al-thani|rabii al thani",
    "جمادى الأولى|جمادى الأول|جمادى اولى|جماد الأول|جماد أول|جومادای یەکەم|jumada al-ula"
    "|joumada al oula",
    "جمادى الآخرة|جمادى الثانية|جمادى الآخر|جمادى الثاني|جمادى الاخرى|جماد الآخر|جماد الثاني"
    "|جماد ثاني|جومادای دووەم|jumada al-akhirah|joumada al akhira",
    "رجب|رجب المرجب|رجب الفرد|ڕەجەب|rajab",
    "شعبان|شعبان المعظم|شەعبان|chaabane|shaaban|sha'ban",
    "رمضان|رمضان المبارك|ڕەمەزان|ramadan|remezan|remezana",
    "شوال|شەوال|chaoual|shawwal",
    "ذو القعدة|ذي القعدة|ذوالقعدة|زیلقەعدە|dhou al qi'da|dhu al-qadah",
    "ذو الحجة|ذي الحجة|ذوالحجة|زیلحیججە|dhou al hijja|dhu al-hijjah",
)

WEEKDAYS = _table(
    "الإثنين|الاثنين|الأثنين|إثنين|الإتنين|lundi|monday|دووشەممە|دوشەممە|دووشەمە|دوو شەممە|duşem"
    "|duşemî|duşemb|duşembe",
    "الثلاثاء|الثلثاء|ثلاثاء|الثلاتاء|mardi|tuesday|سێشەممە|سێ شەممە|سێشەمە|sêşem|sêşemî|sêşemb"
    "|sêşembe",
    "الأربعاء|أربعاء|mercredi|wednesday|چوارشەممە|چوار شەممە|چوارشەمە|çarşem|çarşemî|çarşemb"
    "|çarşembe",
    "الخميس|jeudi|thursday|پێنجشەممە|پێنج شەممە|پێنجشەمە|پێنچشەممە|pêncşem|pêncşemî|pêncşemb"
    "|pêncşembe",
    "الجمعة|vendredi|friday|هەینی|جومعە|înî",
    "السبت|samedi|saturday|شەممە|شەمە|şembe",
    "الأحد|dimanche|sunday|یەکشەممە|یەک شەممە|یەکشەمە|yekşem|yekşemî|yekşemb|yekşembe",
)
"""Folded weekday names; Monday is 1 (ISO 8601)."""

WEEKDAY_SHORT = {
    name: number
    for number, names in enumerate(
        (
            "mon lun",
            "tue tues mar",
            "wed mer",
            "thu thur thurs jeu",
            "fri ven in",
            "sat sam semi",
            "sun dim",
        ),
        start=1,
    )
    for name in names.split()
}
"""Short forms, and names that are words elsewhere; they count only right before a date."""

_SOLAR_OFFSET = 1321  # Kurdish solar year minus Jalali year
SOLAR_YEARS = frozenset((*range(1369, 1410), *range(1369 + 1321, 1410 + 1321)))
"""Years that, in numbers alone, are solar: the Islamic ones of our time lie later."""


def solar_to_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the Kurdish solar year, or of the Iranian one.

    Raises ValueError for a day that does not exist.

    >>> solar_to_date(2723, 7, 1).isoformat(), solar_to_date(1402, 7, 1).isoformat()
    ('2023-09-23', '2023-09-23')
    """
    return jalali_to_date(year - _SOLAR_OFFSET if year > 2000 else year, month, day)


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
