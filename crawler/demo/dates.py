"""Dates in words, as the made-up sites print them above their articles."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "ckb": "دووشەممە سێشەممە چوارشەممە پێنجشەممە هەینی شەممە یەکشەممە",
    "kmr": "Duşem Sêşem Çarşem Pêncşem În Şemî Yekşem",
}
MONTHS = {
    "iraqi": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني"
    " كانون_الأول",
    "moroccan": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
    "gulf": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "ckb": "کانوونی_دووەم شوبات ئازار نیسان ئایار حوزەیران تەممووز ئاب ئەیلوول تشرینی_یەکەم"
    " تشرینی_دووەم کانوونی_یەکەم",
    "kmr": "Rêbendana Sibata Adara Nîsana Gulana Hezîrana Tîrmeha Tebaxa Îlona Cotmeha Mijdara"
    " Berfanbara",
}
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def in_words(at: datetime, language: str, style: str, zone: str) -> str:
    """The local date and time in a language; Arabic months are the country's own (`style`)."""
    local = at.astimezone(ZoneInfo(zone))
    weekday = WEEKDAYS[language].split()[local.weekday()]
    calendar = (style if style in MONTHS else "gulf") if language == "ar" else language
    month = MONTHS[calendar].split()[local.month - 1].replace("_", " ")
    day, year, time = local.day, local.year, f"{local:%H:%M}"
    match language:
        case "ar":
            return f"{weekday} {day} {month} {year} - {time}"
        case "fr":
            return f"{weekday} {day} {month} {year} à {time.replace(':', 'h')}"
        case "ckb":
            return f"{weekday}، {day}ی {month}ی {year} - {time}".translate(ARABIC_DIGITS)
        case "kmr":
            return f"{weekday}, {day}'ê {month} {year} {time}"
        case _:
            return f"{weekday}, {day} {month} {year}, {time}"
