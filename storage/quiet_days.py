"""Days on which newsrooms rest: weekends, feasts of the Hijri year, Nowruz, national holidays.

Only those are listed on which the press of a country is known to publish less. What is missing here
is caught by another rule: a day on which half of a country's outlets are quiet is no alarm either.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

RAMADAN = 9
_WEEKENDS = {"iq": frozenset({4, 5}), "bh": frozenset({4, 5})}
_SATURDAY_SUNDAY = frozenset({5, 6})
# Feasts of the whole region as (month, first day, last day) of the Hijri year. The calendar counts;
# people sight the moon: one day earlier or later is possible, and belongs to the feast here.
_FEASTS = ((10, 1, 4), (12, 9, 13), (1, 1, 1), (3, 12, 12))
_SHIA_FEASTS = ((1, 9, 10), (2, 20, 20))  # Ashura and Arbaeen, when Iraq and Bahrain stand still
_FIXED = {
    "ma": ("01-01", "01-11", "01-14", "05-01", "07-30", "08-14", "08-20", "08-21", "10-31",
           "11-06", "11-18"),
    "iq": ("01-01", "01-06", "03-21", "05-01", "07-14", "10-03", "12-10", "12-25"),
    "bh": ("01-01", "05-01", "12-16", "12-17"),
}  # fmt: skip
_ELSEWHERE = ("01-01", "12-25")
_NOWRUZ = ("03-20", "03-21", "03-22", "03-23", "03-24")
_KURDISH = frozenset({"ckb", "kmr", "sdh"})


def weekend_of(country: str) -> frozenset[int]:
    """The weekdays (Monday is 0) of the weekend.

    >>> sorted(weekend_of("bh")), sorted(weekend_of("ma"))
    ([4, 5], [5, 6])
    """
    return _WEEKENDS.get(country, _SATURDAY_SUNDAY)


def is_holiday(day: date, countries: Collection[str], languages: Collection[str] = ()) -> bool:
    """Whether the press of one of these countries may rest on a day, or that of the Kurds.

    >>> is_holiday(date(2026, 3, 21), ["ma"], ["ckb"]), is_holiday(date(2026, 7, 30), ["ma"])
    (True, True)
    """
    if _KURDISH & set(languages) and f"{day:%m-%d}" in _NOWRUZ:
        return True
    return any(_rests(day, country) for country in countries)


@lru_cache(maxsize=20_000)
def in_ramadan(day: date) -> bool:
    """Whether a day lies in Ramadan, or one day beside it.

    >>> in_ramadan(date(2026, 3, 1)), in_ramadan(date(2026, 4, 1))
    (True, False)
    """
    return any(month == RAMADAN for month, _ in _around(day))


@lru_cache(maxsize=20_000)
def _rests(day: date, country: str) -> bool:
    if f"{day:%m-%d}" in _FIXED.get(country, _ELSEWHERE):
        return True
    feasts = _FEASTS + (_SHIA_FEASTS if country in ("iq", "bh") else ())
    if country not in _FIXED:
        return False  # of exile and pan-Arab desks abroad nothing is known but their own rhythm
    return any(
        month == feast and first <= number <= last
        for month, number in _around(day)
        for feast, first, last in feasts
    )


@lru_cache(maxsize=20_000)
def _around(day: date) -> tuple[tuple[int, int], ...]:
    """Hijri month and day of the day before, the day itself and the day after."""
    return tuple(_hijri(day + timedelta(days=shift)) for shift in (-1, 0, 1))


def _hijri(day: date) -> tuple[int, int]:
    """Month and day in the Umm al-Qura calendar; (0, 0) outside its tables (to 2077)."""
    from hijridate import Gregorian

    try:
        found = Gregorian(day.year, day.month, day.day).to_hijri()
    except (ValueError, OverflowError):
        return 0, 0
    return int(found.month), int(found.day)
