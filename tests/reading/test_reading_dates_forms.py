"""Every day in every calendar and language; what is no date; and how long it takes to say so."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from crawler.reading.dates import parse_date
from storage.models import FoundDate

NOW = datetime(2026, 11, 22, 12)
STRINGS = Path(bench.__file__).parent / "judged" / "dates.jsonl"
FIRST, LAST = date(1995, 1, 1), date(2026, 11, 22)
DAYS = [FIRST + timedelta(days=n) for n in range(0, (LAST - FIRST).days + 1, 13)] + [LAST]


def parsed(text: str, language: str = "ar", country: str = "iq") -> FoundDate | None:
    return parse_date(text, language=language, country=country, now=NOW)


# ---------------------------------------------------------------- strings of our own


def test_each_string_of_the_judged_set_is_read_as_it_is_meant() -> None:
    wrong = []
    rows = [json.loads(line) for line in STRINGS.read_text("utf-8").splitlines()]
    for row in rows:
        found = parsed(row["s"], row["lang"], row["country"])
        known = date.fromisoformat(row["date"]) if row["date"] else None
        day = found.value.date() if found else None
        near = known and day and abs((day - known).days) <= row["tol_days"]
        if day != known and not near:
            wrong.append((row["s"], row["date"], day))
        elif found and row["time"] and f"{found.value:%H:%M}" != row["time"]:
            wrong.append((row["s"], row["time"], found.value))

    assert len(rows) >= 300
    assert wrong == []


# ---------------------------------------------------------------- every day, written out

LEVANTINE = (
    "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول"
).split("|")
GULF = "يناير فبراير مارس ابريل مايو يونيه يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر".split()
MOROCCAN = "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر".split()
TUNISIAN = "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split()
FRENCH = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()
SHORT = "janv. fevr. mars avr. mai juin juil. aout sept. oct. nov. dec.".split()
ENGLISH = (
    "January February March April May June July August September October November December"
).split()
SORANI = (
    "کانوونی دووەم|شوبات|ئازار|نیسان|ئایار|حوزەیران|تەممووز|ئاب|ئەیلوول|تشرینی یەکەم|تشرینی دووەم"
    "|کانوونی یەکەم"
).split("|")
KURMANJI = ("Çile Sibat Adar Nîsan Gulan Hezîran Tîrmeh Tebax Îlon Cotmeh Mijdar Berfanbar").split()
SOLAR = (
    "خاکەلێوە گوڵان جۆزەردان پووشپەڕ گەلاوێژ خەرمانان ڕەزبەر گەڵاڕێزان سەرماوەز بەفرانبار ڕێبەندان"
    " ڕەشەمە"
).split()
WEEK_AR = "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد".split()
WEEK_FR = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
WEEK_CKB = "دووشەممە سێشەممە چوارشەممە پێنجشەممە هەینی شەممە یەکشەممە".split()
WEEK_KMR = "Duşem Sêşem Çarşem Pêncşem Înî Şemî Yekşem".split()
INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def solar(day: date) -> str:
    """The Kurdish solar date; in these years the year begins on 20 March of leap years, else 21."""
    year = day.year if day >= new_year(day.year) else day.year - 1
    number = (day - new_year(year)).days
    month, rest = divmod(number, 31) if number < 186 else divmod(number - 186, 30)
    month += 6 if number >= 186 else 0
    return f"{rest + 1}ی {SOLAR[month]}ی {year + 700}"


def new_year(year: int) -> date:
    return date(year, 3, 20 if year % 4 == 0 else 21)


WRITERS: dict[str, Callable[[date], str]] = {
    "levantine": lambda d: f"{d.day} {LEVANTINE[d.month - 1]} {d.year}",
    "levantine in full": lambda d: (
        f"{WEEK_AR[d.weekday()]}، {d.day} {LEVANTINE[d.month - 1]}/{GULF[d.month - 1]} {d.year}م"
    ).translate(INDIC),
    "gulf": lambda d: f"نشر في {WEEK_AR[d.weekday()]} {d.day} {GULF[d.month - 1]} {d.year}م",
    "gulf, month first": lambda d: f"{GULF[d.month - 1]} {d.day}, {d.year}",
    "moroccan": lambda d: f"{d.day} {MOROCCAN[d.month - 1]} {d.year} - 10:15",
    "tunisian": lambda d: f"{d.day:02} {TUNISIAN[d.month - 1]} {d.year}",
    "french": lambda d: f"Publié le {WEEK_FR[d.weekday()]} {d.day} {FRENCH[d.month - 1]} {d.year}",
    "french, short": lambda d: f"{d.day} {SHORT[d.month - 1]} {d.year} à 14h30",
    "english": lambda d: f"{ENGLISH[d.month - 1]} {d.day}, {d.year}",
    "english, short": lambda d: f"{d:%a}, {d.day} {ENGLISH[d.month - 1][:3]} {d.year}",
    "sorani": lambda d: f"{WEEK_CKB[d.weekday()]}، {d.day}ی {SORANI[d.month - 1]}ی {d.year}",
    "sorani in arabic letters": lambda d: f"{d.day}ي {SORANI[d.month - 1]}ي {d.year}".replace(
        "ی", "ي"
    ).replace("ە", "ه\u200c"),
    "kurmanji": lambda d: f"{WEEK_KMR[d.weekday()]}, {d.day}ê {KURMANJI[d.month - 1]}a {d.year}an",
    "kurdish solar": solar,
    "day first": lambda d: f"{d:%d/%m/%Y}",
    "year first": lambda d: f"{d.year}/{d.month}/{d.day}".translate(INDIC),
    "dots": lambda d: f"{d.day}.{d.month}.{d.year} 08:00",
    "iso": lambda d: f"{d.isoformat()}T23:59:59+03:00",
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_day_is_read_back_in_every_language(name: str) -> None:
    write = WRITERS[name]

    wrong = [write(day) for day in DAYS if (found := parsed(write(day))) is None
             or found.value.date() != day]  # fmt: skip

    assert wrong == []


@pytest.mark.parametrize(
    "name", ["levantine in full", "gulf", "french", "sorani", "kurmanji", "english, short"]
)
def test_a_wrong_weekday_makes_it_no_date(name: str) -> None:
    write = WRITERS[name]

    for day in DAYS[::20]:
        names = re.split(r"[\s،,]+", write(day))
        other = re.split(r"[\s،,]+", write(day - timedelta(days=7 * 52 + 1)))
        swapped = write(day).replace(_weekday(names), _weekday(other), 1)
        assert parsed(swapped) is None, swapped


def _weekday(words: list[str]) -> str:
    known = {*WEEK_AR, *WEEK_FR, *WEEK_CKB, *WEEK_KMR, *"Mon Tue Wed Thu Fri Sat Sun".split()}
    return next(word for word in words if word in known)


# ---------------------------------------------------------------- what is no date

RELATIVE = re.compile(r"relative|relative_week")


@given(st.text(st.characters(exclude_categories=["Nd", "Nl", "No"]), max_size=400))
def test_a_text_without_figures_is_no_date_unless_it_tells_from_now(text: str) -> None:
    found = parsed(text)

    assert found is None or RELATIVE.fullmatch(found.method)


@given(st.text("0123456789٠٣٩۰۴/-.: ,TZ+مصhن|", max_size=300))
def test_figures_are_never_made_into_a_day_that_they_do_not_state(text: str) -> None:
    found = parsed(text)

    if found is not None and found.method not in ("epoch", "islamic", "kurdish_solar"):
        numbers = re.findall(r"\d+", text.translate(str.maketrans("٠٣٩۰۴", "03904")))
        stated = "".join(numbers)
        assert str(found.value.year)[2:] in stated
        assert str(found.value.day) in stated
        assert found.value.date() <= NOW.date() + timedelta(days=1)


@given(st.dates(date(2026, 11, 23), date(2199, 12, 31)), st.sampled_from(sorted(WRITERS)))
def test_a_day_in_the_future_is_no_date(day: date, name: str) -> None:
    if name != "kurdish solar":  # its years are written out for our time alone
        assert parsed(WRITERS[name](day)) is None


@pytest.mark.parametrize("language", ["de", "tr", "es", "fa", "xx", "", None])
def test_the_last_resort_never_guesses(language: str | None) -> None:
    for text in ("Mai 2025", "22 Foo 2026", "2026 noticias 22", "22.", "12 Uhr, 2025", "Jan 2026"):
        found = parse_date(text, language=language, country="de", now=NOW)
        assert found is None, (text, found)


def test_the_last_resort_reads_other_languages_than_ours() -> None:
    found = parse_date("3. Dezember 2024", language="de", country="de", now=NOW)

    assert found is not None
    assert (found.value, found.method) == (datetime(2024, 12, 3), "dateparser")


def test_today_is_a_date_and_tomorrow_is_none() -> None:
    now = datetime(2026, 11, 22, 1, tzinfo=UTC)

    assert parse_date("22 نوفمبر 2026 - 23:50", now=now) is not None
    assert parse_date("23 نوفمبر 2026", now=now) is None
    assert parse_date("2026-11-22T04:00:00Z", now=now) is not None  # local time passed off as UTC
    assert parse_date("2026-11-22T09:00:00Z", now=now) is None


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    "piece",
    ["1/1/", "2025-", "1 ", "م ", "22 تشرين ", "منذ ", "1 de de de ", "- ", "10:30 ", "12 مارس "],
)
def test_a_long_text_takes_no_longer_than_its_beginning(piece: str) -> None:
    started = time.perf_counter()

    parsed(piece * 100_000)

    assert time.perf_counter() - started < 1
