"""Publication dates as outlets write them, in five languages and four calendars; never guessed.

Our own tables come first; `dateparser` is the last resort, for other languages than ours alone. A
date in the future, a day that its named weekday contradicts, several days of which none is said to
be that of publication, and a day that only a guess could give are no dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from crawler.reading.calendars import MONTHS, WEEKDAY_SHORT, WEEKDAYS
from crawler.reading.date_text import (
    MAX_LENGTH,
    PUBLISH_LABEL,
    UPDATE_LABEL,
    Clock,
    Spotted,
    a_day,
    any_of,
    date_key,
    other_words,
)
from crawler.reading.named_dates import spot_named, spot_other_calendars
from crawler.reading.numeric_dates import machine_date, spot_iso, spot_numbers, spot_rfc822
from crawler.reading.relative_dates import parse_relative
from crawler.reading.times_of_day import find_clock, without_clock
from storage.models import FoundDate, Precision

_EARLIEST = 1990
_LATEST = datetime.max.year - 1  # the last year of which every zone's clock can be told
_ZONE_MISTAKE = timedelta(hours=4)  # local time that is passed off as UTC
_FARTHEST = timedelta(hours=14)  # the most by which a local clock can be ahead of UTC
_MONTH_FIRST = frozenset({"us"})
_OUR_LANGUAGES = frozenset(("ar", "fr", "en", "ckb", "kmr"))

_WEEKDAY = re.compile(
    rf"(?<![^\W\d_])({any_of(WEEKDAYS)})"
    r"(?:'?(?:ي|a|e|ya|ye))?(?![^\W\d_])"
)
_SHORT_WEEKDAY = re.compile(  # "in" and "sun" are words elsewhere
    rf"(?:^|[|/:]\s?)({'|'.join(WEEKDAY_SHORT)})\b\.?,?\s?$"
    rf"|(?<![^\W\d_])({'|'.join(WEEKDAY_SHORT.keys() - {'in', 'sun'})})\b\.?,?\s?$"
)
_OTHER_MEANING = re.compile(  # words right before a date that is not one of publication
    r"(?<![^\W\d_])(?:مواليد|ولد|ولدت|الميلاد|ميلاده|ne|nee|born|birth|naissance"
    r"|القانون|قانون|المرسوم|مرسوم|الظهير|ظهير|loi|law|decret|dahir|arrete"
    r"|احداث|هجمات|تفجيرات|attentats?|attacks?"
    r"|حتي|لغايه|الي غايه|غايه|قبل|بعد|منذ|ابتدا من|اعتبارا من|jusqu'au|jusqu'a|avant|apres"
    r"|depuis|a partir|until|till|before|after|since|(?<!story is )from|heta|beri|تا|بيش|دواي)"
    r"[\s:,]*(?:(?:في|يوم|بتاريخ|تاريخ|le|du|of|on|the|رقم)[\s:,]+)*$"
)
_MONTH_NAME = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, MONTHS))})(?![^\W\d_])")


def parse_date(
    text: str,
    *,
    language: str | None = None,
    country: str | None = None,
    now: datetime,
    last_resort: bool = True,
) -> FoundDate | None:
    """The date that `text` states, or None; `now` (on the outlet's clocks) bounds and relates.

    `value` is naive: local to the outlet, or to `utc_offset` (minutes) where that is known.
    `method` is the form that was read: iso, epoch, rfc822, named, numeric, kurdish_solar, islamic
    (which may be a day off), islamic_weekday (which a weekday makes sure), relative, relative_week
    (to the week), or dateparser (slow, and only tried as a `last_resort`).
    """
    found = machine_date(text) or _found_in(text, language, country, now, last_resort)
    if found is None or not _possible(found, now):
        return None
    return replace(found, raw=text[:MAX_LENGTH].strip())


def _found_in(
    text: str, language: str | None, country: str | None, now: datetime, last_resort: bool
) -> FoundDate | None:
    """What a text states in any form."""
    key = date_key(text)
    if not key:
        return None
    found = _absolute(key, month_first=(country or "").lower() in _MONTH_FIRST)
    found = found or parse_relative(_published_part(key), now)
    if found is None and last_resort:
        found = _by_dateparser(key, language)
    return found


def _absolute(key: str, *, month_first: bool) -> FoundDate | None:
    """The date among those that the text states in full, if its weekday agrees."""
    if not any(char.isdigit() for char in key):
        return None
    spots = _spots(key, month_first=month_first)
    common = [spot for spot in spots if spot.method not in ("islamic", "kurdish_solar")]
    solar = [spot for spot in spots if spot.method == "kurdish_solar"]
    chosen = _chosen(common or solar or spots, spots, key)
    if chosen is None or (sure := _on_its_weekday(chosen, spots, key)) is None:
        return None
    return _with_clock(sure, spots, key)


def _published_part(key: str) -> str:
    """What follows the label of publication, where a key tells of an update too."""
    label = PUBLISH_LABEL.search(key)
    if label is None or not UPDATE_LABEL.search(key):
        return key
    return UPDATE_LABEL.split(key[label.end() :])[0]


def words_beside(text: str) -> tuple[str, ...]:
    """The words of a text that belong to no date, weekday, time of day or label of a date."""
    return _words_beside(text[:MAX_LENGTH])


@lru_cache(maxsize=512)  # a line is asked about for each place that its date may have
def _words_beside(text: str) -> tuple[str, ...]:
    key = date_key(text)
    rest = _blanked(key, _spots(key, month_first=False))
    return tuple(other_words(without_clock(rest)))


def _spots(key: str, *, month_first: bool) -> list[Spotted]:
    """All dates in full of a key, in its order."""
    iso = list(spot_iso(key))
    if iso and (iso[0].start, iso[0].end) == (0, len(key)):
        return iso[:1]  # as machines state it: there is no room for another
    spots = _apart(
        [*iso, *spot_rfc822(key), *spot_named(key)],
        spot_numbers(key, month_first=month_first),
        spot_other_calendars(key),
    )
    return sorted(spots, key=lambda spot: spot.start)


def _blanked(key: str, spots: Iterable[Spotted]) -> str:
    for spot in spots:
        key = key[: spot.start] + " " * (spot.end - spot.start) + key[spot.end :]
    return key


def _apart(*groups: Iterable[Spotted]) -> list[Spotted]:
    """Spots that do not overlap: earlier groups first, in them the longest."""
    kept: list[Spotted] = []
    for group in groups:
        for spot in sorted(group, key=lambda spot: spot.start - spot.end):
            if all(spot.end <= other.start or other.end <= spot.start for other in kept):
                kept.append(spot)
    return kept


def _chosen(candidates: list[Spotted], spots: list[Spotted], key: str) -> Spotted | None:
    """The spot said to be of publication, else the only day, that of an update last."""
    candidates = [spot for spot in candidates if not _means_else(spot, spots, key)]
    labels = [_label(spot, spots, key) for spot in candidates]
    for wanted in ("published", "", "updated"):
        told = [spot for spot, label in zip(candidates, labels, strict=True) if label == wanted]
        if told:
            alone = wanted == "published" or len({spot.day for spot in told}) == 1
            return max(told[:1] if wanted else told, key=_clock_first) if alone else None
    return None


def _means_else(spot: Spotted, spots: list[Spotted], key: str) -> bool:
    """Whether the words right before a date say that it is of a birth, a law, or an end."""
    return _OTHER_MEANING.search(key[_end_before(spot, spots) : spot.start]) is not None


def _clock_first(spot: Spotted) -> bool:
    return spot.clock is not None


def _label(spot: Spotted, spots: list[Spotted], key: str) -> str:
    """What the words between the date before and this one call it."""
    words = key[_end_before(spot, spots) : spot.start]
    last = {
        name: max((match.end() for match in pattern.finditer(words)), default=-1)
        for name, pattern in (("published", PUBLISH_LABEL), ("updated", UPDATE_LABEL))
    }
    if last["updated"] > last["published"]:
        return "updated"
    return "published" if last["published"] >= 0 else ""


# ---------------------------------------------------------------- weekday and time


def _on_its_weekday(spot: Spotted, spots: list[Spotted], key: str) -> Spotted | None:
    """The spot if it lies on the weekday that the text names; an Islamic one is moved there."""
    named = _weekdays(spot, spots, key)
    if not named:
        return spot
    if spot.method != "islamic":
        return spot if spot.day.isoweekday() in named else None
    near = [spot.day + timedelta(days=days) for days in (0, -1, 1)]
    day = next((day for day in near if day.isoweekday() in named), None)
    return None if day is None else replace(spot, day=day, method="islamic_weekday")


def _weekdays(chosen: Spotted, spots: list[Spotted], key: str) -> set[int]:
    """The weekdays named before the spot, or before the same day in another calendar, or after."""
    same = [spot for spot in spots if abs(spot.day - chosen.day) <= timedelta(days=2)]
    before = (key[_end_before(spot, spots) : spot.start] for spot in same)
    if named := {number for words in before for number in _weekdays_in(words)}:
        return named
    return _weekdays_in(key[chosen.end :]) if chosen is spots[-1] else set()


def _weekdays_in(words: str) -> set[int]:
    """The weekdays that words name; short ones count only right before a date."""
    named = {WEEKDAYS[match[1]] for match in _WEEKDAY.finditer(words)}
    short = _SHORT_WEEKDAY.search(words)
    return named | ({WEEKDAY_SHORT[short[1] or short[2]]} if short else set())


def _end_before(spot: Spotted, spots: list[Spotted]) -> int:
    """Where the date before a spot ends."""
    return max((other.end for other in spots if other.end <= spot.start), default=0)


def _with_clock(spot: Spotted, spots: list[Spotted], key: str) -> FoundDate:
    """The day, with the time of day that stands beside it and is not that of an update."""
    after = min((other.start for other in spots if other.start >= spot.end), default=len(key))
    behind, ahead = key[_end_before(spot, spots) : spot.start], key[spot.end : after]
    if _label(spot, spots, key) != "updated":
        ahead = UPDATE_LABEL.split(ahead)[0]
        behind = PUBLISH_LABEL.split(behind)[-1] if UPDATE_LABEL.search(behind) else behind
    clock = spot.clock or find_clock(ahead, spot.day) or find_clock(behind, spot.day)
    return _found(spot, clock, key)


def _found(spot: Spotted, clock: Clock | None, key: str) -> FoundDate:
    if clock is None:
        return FoundDate(datetime.combine(spot.day, time()), Precision.DAY, spot.method, key)
    value = datetime.combine(spot.day, clock.at)
    return FoundDate(value, clock.precision, spot.method, key, clock.utc_offset)


# ---------------------------------------------------------------- what must hold


def _possible(found: FoundDate, now: datetime) -> bool:
    """Not before the web, and not in the future; any time of today is left to the caller."""
    if not _EARLIEST <= found.value.year <= _LATEST:
        return False
    if found.utc_offset is None:
        return found.value.date() <= now.date()
    offset = timedelta(minutes=found.utc_offset)
    if now.tzinfo is None:
        return found.value - offset <= now + _FARTHEST
    return found.value - offset <= now.astimezone(UTC).replace(tzinfo=None) + _ZONE_MISTAKE


# ---------------------------------------------------------------- last resort


def _by_dateparser(key: str, language: str | None) -> FoundDate | None:
    """What dateparser says of a language that is not ours, if no part of it can be a guess.

    The day and the year must stand in the text, and the answer must be the same on other days.
    """
    numbers = {int(number) for number in re.findall(r"[0-9]+", key)}
    if not language or language in _OUR_LANGUAGES or _MONTH_NAME.search(key) or len(key) > 60:
        return None
    if not any(_EARLIEST <= number <= 2100 for number in numbers):
        return None
    days = {_by_dateparser_on(key, language, base) for base in _BASES}
    day = days.pop()
    if days or day is None or not {day.day, day.year} <= numbers:
        return None
    return FoundDate(datetime.combine(day, time()), Precision.DAY, "dateparser", key)


_BASES = (datetime(2001, 7, 14), datetime(2012, 2, 26))


def _by_dateparser_on(key: str, language: str, base: datetime) -> date | None:
    import dateparser

    settings = {
        "DATE_ORDER": "DMY",
        "REQUIRE_PARTS": ["day", "month", "year"],
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "RELATIVE_BASE": base,
    }
    try:
        moment = dateparser.parse(key, languages=[language], settings=settings)
    except ValueError:  # a language that it does not know
        return None
    return a_day(moment.year, moment.month, moment.day) if moment else None
