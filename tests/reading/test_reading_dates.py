"""Dates as outlets write them."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler.reading.calendars
from crawler.reading.calendars import jalali_to_date
from crawler.reading.dates import parse_date
from storage.models import FoundDate, Precision

NOW = datetime(2026, 11, 22, 12)


def parsed(text: str, **facts: str) -> FoundDate | None:
    return parse_date(
        text, language=facts.get("language"), country=facts.get("country", "iq"), now=NOW
    )


def read(text: str, **facts: str) -> str | None:
    found = parsed(text, **facts)
    if found is None:
        return None
    day = found.precision is Precision.DAY
    return found.value.isoformat(" ", "minutes")[: 10 if day else 16]


def test_the_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(crawler.reading.calendars).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Levantine, as in Iraq
        ("3 كانون الثاني 2025", "2025-01-03"),
        ("4 آذار 2025", "2025-03-04"),
        ("الخميس، ٦ تشرين الثاني ٢٠٢٥ - ١٦:٤٥", "2025-11-06 16:45"),
        ("9 كانون الأول/ديسمبر 2024", "2024-12-09"),
        ("17 آب 2023", "2023-08-17"),
        # Gulf and Egypt
        ("الثلاثاء 4 مارس 2025", "2025-03-04"),
        ("4 مارس 2025م 08:15 مساءً", "2025-03-04 20:15"),
        ("يوليو 9, 2024", "2024-07-09"),
        # Maghreb
        ("2 غشت 2025 على الساعة 23:10", "2025-08-02 23:10"),
        ("30 شتنبر 2025", "2025-09-30"),
        ("5 يوليوز 2025", "2025-07-05"),
        ("8 جويلية 2025", "2025-07-08"),
        # French and English
        ("Publié le mercredi 12 mars 2025 à 9h05", "2025-03-12 09:05"),
        ("1er août 2025 à 18 h", "2025-08-01 18:00"),
        ("Thursday, 6 March 2025 at 4:30 pm", "2025-03-06 16:30"),
        ("March 6th, 2025", "2025-03-06"),
        # Sorani and Kurmanji
        ("٤ی ئازاری ٢٠٢٥", "2025-03-04"),
        ("هەینی ٧ی تشرینی دووەمی ٢٠٢٥", "2025-11-07"),
        ("6ê Adara 2025an", "2025-03-06"),
        ("11 cotmeh 2025", "2025-10-11"),
        ("٣ی گەلاوێژی ٢٧٢٤", "2024-07-24"),
        # Hijri, alone and beside a Gregorian date
        ("15 شعبان 1446هـ", "2025-02-14"),
        ("15 شعبان 1446هـ الموافق 14 فبراير 2025م", "2025-02-14"),
        # numbers
        ("04/03/2025", "2025-03-04"),
        ("25/03/2025 14h30", "2025-03-25 14:30"),
        ("03/25/2025", "2025-03-25"),
        ("4.3.2025", "2025-03-04"),
        ("2025/03/04", "2025-03-04"),
        ("20250304", "2025-03-04"),
        # from now
        ("منذ ساعتين", "2026-11-22 10:00"),
        ("قبل 45 دقيقة", "2026-11-22 11:15"),
        ("منذ يومين", "2026-11-20"),
        ("منذ ساعة و20 دقيقة", "2026-11-22 10:40"),
        ("أمس 18:20", "2026-11-21 18:20"),
        ("il y a deux jours", "2026-11-20"),
        ("3 hours ago", "2026-11-22 09:00"),
        ("پێش ٢ کاتژمێر", "2026-11-22 10:00"),
        ("berî 2 rojan", "2026-11-20"),
        ("duh", "2026-11-21"),
        # a date with an update beside it
        ("Mis à jour le 9 mars 2025, publié le 8 mars 2025", "2025-03-08"),
        ("Mis à jour il y a 2 heures | Publié le 8 mars 2025", "2025-03-08"),
        ("22 مارس 2025 | آخر تحديث 15:00", "2025-03-22"),
        ("Mis à jour il y a 2 heures | Publié hier à 9h", "2026-11-21 09:00"),
        # times of day
        ("12 مايو 2025 1:10 ليلا", "2025-05-12 01:10"),
        ("12 مايو 2025 11:10 ليلا", "2025-05-12 23:10"),
        ("12 مايو 2025 12:15 ظهرا", "2025-05-12 12:15"),
        ("12 مايو 2025 12:30 ص", "2025-05-12 00:30"),
        ("9ی شوباتی 2024 2:15 دوای نیوەڕۆ", "2024-02-09 14:15"),
        ("Fri Nov 22 14:30:00 2024", "2024-11-22 14:30"),
    ],
)
def test_a_date_is_read_as_it_is_meant(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "offset"),
    [
        ("2025-03-04T10:00:00Z", "2025-03-04 10:00", 0),
        ("2025-03-04T10:00:00.123+03:00", "2025-03-04 10:00", 180),
        ("Tue, 04 Mar 2025 10:00:00 +0100", "2025-03-04 10:00", 60),
        ("Tue, 04 Mar 2025 10:00:00 GMT", "2025-03-04 10:00", 0),
        ("4 مارس 2025 10:00 بتوقيت غرينتش", "2025-03-04 10:00", 0),
        ("1741082400", "2025-03-04 10:00", 0),
        ("2025-03-04 10:00", "2025-03-04 10:00", None),
        ("4 مارس 2025 10:00 بتوقيت بغداد", "2025-03-04 10:00", 180),
        ("4 mars 2025 à 10h00 heure de Paris", "2025-03-04 10:00", 60),
        ("4 juillet 2025 à 10h00 heure de Paris", "2025-07-04 10:00", 120),
        ("4 March 2025 10:00 UTC+1", "2025-03-04 10:00", 60),
    ],
)
def test_an_offset_is_kept_where_it_is_stated(text: str, value: str, offset: int | None) -> None:
    found = parsed(text)

    assert found is not None
    assert (found.value.isoformat(" ", "minutes"), found.utc_offset) == (value, offset)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "خبر عاجل",
        "2025",
        "نوفمبر 2025",
        "January 2025",
        "22 نوفمبر",
        "31/02/2025",
        "version 3.4.5",
        "0123456789012",
        "1 مارس 2999",
        "3 مارس 1821",
        "الأحد 4 مارس 2025",  # it was a Tuesday
        "Monday 4 March 2025",
        "منذ شهرين",
        "صحيفة اليوم تنشر تقريرا جديدا عن حرية الصحافة",
        "45 مارس 2025",
        "٣١ی شوباتی ٢٠٢٥",
    ],
)
def test_what_states_no_day_is_no_date(text: str) -> None:
    assert read(text) is None


def test_an_american_outlet_puts_the_month_first() -> None:
    assert read("04/03/2025", country="us") == "2025-04-03"


def test_a_time_from_now_is_in_the_zone_of_now() -> None:
    local = datetime(2026, 11, 22, 1, tzinfo=timezone(timedelta(hours=3)))

    found = parse_date("قبل ساعتين", language="ar", country="iq", now=local)

    assert found is not None
    assert (found.value, found.utc_offset) == (datetime(2026, 11, 21, 23), 180)


@given(st.dates(date(1991, 1, 1), date(2026, 11, 20)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    found = parsed(day.strftime(form))

    assert found is not None
    assert found.value.date() == day


@given(st.text())
def test_any_text_is_a_past_date_or_none(text: str) -> None:
    found = parse_date(text, language=None, country=None, now=NOW.replace(tzinfo=UTC))

    assert found is None or found.value <= NOW + timedelta(hours=15)


@given(st.integers(1244, 1471), st.integers(1, 12), st.integers(1, 29))
def test_solar_days_follow_each_other(year: int, month: int, day: int) -> None:
    next_day = (year, month, day + 1) if day < 29 else None

    if next_day:
        assert jalali_to_date(*next_day) - jalali_to_date(year, month, day) == timedelta(days=1)


def test_a_solar_day_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such day"):
        jalali_to_date(1404, 12, 30)
