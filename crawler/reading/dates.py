"""Publication dates as outlets write them, in five languages and four calendars; never guessed.

Own tables come first, most certain form first; `dateparser` is the last resort and is believed
only where the day and the year it gives stand in the text. A date in the future, a day that its
named weekday contradicts, and a day that only a guess could give are no dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from crawler.reading.calendars import (
    ISLAMIC,
    KURDISH_SOLAR,
    MONTHS,
    WEEKDAY_SHORT,
    WEEKDAYS,
    islamic_to_date,
    jalali_to_date,
)
from crawler.reading.relative_dates import parse_relative
from storage.models import FoundDate, Precision
from storage.text import fold

MAX_LENGTH = 300
"""Characters that are looked at: a date with its labels is never longer."""

_EARLIEST = 1990
_AHEAD = timedelta(hours=14)  # the most by which a local clock can be ahead of UTC
_SOLAR_OFFSET = 1321  # Kurdish solar year minus Jalali year
_MONTH_FIRST = frozenset({"us"})

_DIGITS = {base + n: str(n) for base in (0x0660, 0x06F0) for n in range(10)}
_MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_CLEANED = str.maketrans(_DIGITS | _MARKS | {0x060C: ",", 0x066B: ".", 0x00A0: " ", 0x202F: " "})

_ZONE = r"(?P<zone>Z\b|(?:UTC|GMT)(?![+-]\d)|(?:UTC|GMT)?[+\-\u2212]\d{1,2}(?::?\d{2})?)"
_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"
    r"(?:(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    rf"\s*{_ZONE}?)?"
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    rf"(?:T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?{_ZONE}?)?"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_NUMERIC = re.compile(
    r"(?<![\d/.\-:])(\d{1,4})\s?([/.\-\u2013])\s?(\d{1,4})\s?\2\s?(\d{1,4})(?![\d/])"
)
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3},?\s*)?\d{1,2}\s+[A-Za-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"\s+(?:[A-Z]{1,4}\b|[+-]\d{4})"
)
_HALVES = "ص|صباح[اً]*|م|مسا[ءًا]*|ظهر[اً]*|عصر[اً]*|ليل[اً]*|بيش نيوهرو|دواي نيوهرو"
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])\s?(?::|h(?:eures?)?|hr?s?)\s?(?P<minute>[0-5]\d)"
    rf"(?:\s?:\s?(?P<second>[0-5]\d))?(?!\d)\s*(?P<half>[ap]\.?\s?m\b\.?|(?:{_HALVES})(?![^\W\d_]))?"
    r"|(?<![\d:.])(?P<hour2>[01]?\d|2[0-3])\s?h(?:eures?)?\b"
)
_NAMED_ZONES = {"غرينتش": 0, "غرينيتش": 0, "جرينتش": 0, "مكه": 180, "بغداد": 180}
_MORNING = frozenset(("ص", "صباح", "صباحا", "am", "a.m", "a.m.", "بيش نيوهرو"))
_EVENING = frozenset(
    ("م", "مسا", "ظهر", "ظهرا", "عصر", "عصرا", "ليل", "ليلا", "pm", "p.m", "p.m.", "دواي نيوهرو")
)


def _alternatives(table: dict[str, int]) -> str:
    names = sorted(table, key=len, reverse=True)
    return "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in names)


def _named_forms(table: dict[str, int], year: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns over folded text: day month year, and month day year.

    Between them may stand Kurdish case endings, a dot, a comma, a second name of the month, and
    the words for "of" and "year"; after the year a Kurdish ending, م (AD) or ه (AH).
    """
    month = rf"(?P<month>{_alternatives(table)})(?:'?(?:ي|yan|ya|ye|an|a|e|i))?(?![^\W\d_])\.?"
    other = r"(?:\s?[/(|]\s?[^\W\d_]+(?:\s[^\W\d_]+)?\s?\)?)?"
    before_year = r"[\s,./]*(?:(?:de|of|sala|سنه|عام|لسنه|سالي|لسالي)\s)?\s*"
    year = rf"(?P<year>{year})(?!\d)(?:\s?(?:م|هـ|ه)(?![^\W\d_]))?"
    day = r"(?<![\d:/.])(?P<day>\d{1,2})(?:\s?(?:er|st|nd|rd|th|ي|م)|'?(?:emin|em|ye|ya|e|an))?"
    link = r"[\s,.]*(?:(?:من|de|of|ي|ي مانكي|مانكي|شهر|من شهر|meha)\s)?\s*"
    return (
        re.compile(rf"{day}{link}{month}{other}{before_year}{year}"),
        re.compile(rf"(?<![^\W\d_]){month}{other}[\s,.]*{day}(?!\d)[\s,]+{year}"),
    )


_GREGORIAN_FORMS = _named_forms(MONTHS, r"(?:19|20)\d\d")
_SOLAR_FORMS = _named_forms(KURDISH_SOLAR, r"27\d\d|26\d\d|1[34]\d\d")
_ISLAMIC_FORMS = _named_forms(ISLAMIC, r"1[345]\d\d")
_MONTH_ONLY = re.compile(
    rf"(?:^|[\s(:])(?P<month>{_alternatives(MONTHS)})'?(?:ي|a|e|an)?[\s,/]+(?P<year>(?:19|20)\d\d)\b"
)
_WEEKDAY = re.compile(rf"(?<![^\W\d_])(?:{_alternatives(WEEKDAYS)})(?![^\W\d_])")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_UPDATE_LABEL = re.compile(
    r"(?:updated?|modified|mis(?:e)? a jour|maj|actualise|modifie|تحديث|تعديل|تم التحديث"
    r"|نويكراوهتهوه|nukirin)[^\d]{0,25}$"
)


def parse_date(
    text: str,
    *,
    language: str | None = None,
    country: str | None = None,
    now: datetime,
    last_resort: bool = True,
) -> FoundDate | None:
    """The date that `text` states, or None; `now` (aware, or naive and local) bounds and relates.

    `value` is naive: local to the outlet, or to `utc_offset` (minutes) where that is known.
    `method` is the form that was read: iso, epoch, rfc822, named, numeric, islamic, kurdish_solar,
    relative, month or dateparser (slow, and only tried as a `last_resort`).
    """
    cleaned = " ".join(text[:MAX_LENGTH].translate(_CLEANED).split())
    if not cleaned:
        return None
    found = _first_form(cleaned, (country or "").lower())
    found = found or parse_relative(fold(cleaned), now) or _month_only(cleaned)
    if found is None and last_resort:
        found = _by_dateparser(cleaned, language, country)
    if found is None or not _possible(found, cleaned, now):
        return None
    return replace(found, raw=text[:MAX_LENGTH].strip())


def _first_form(cleaned: str, country: str) -> FoundDate | None:
    """The first of our own absolute forms that `cleaned` has."""
    for form in (_iso, _compact_or_epoch, _rfc822, _named):
        if found := form(cleaned):
            return found
    return _numeric(cleaned, month_first=country in _MONTH_FIRST) or _other_calendars(cleaned)


# ---------------------------------------------------------------- what must hold


def _possible(found: FoundDate, cleaned: str, now: datetime) -> bool:
    """Not before the web, not in the future, and on the weekday that the text names."""
    if found.value.year < _EARLIEST:
        return False
    if now.tzinfo is None:
        latest = now + _AHEAD
    else:
        latest = now.astimezone(UTC).replace(tzinfo=None)
        latest += _AHEAD if found.utc_offset is None else timedelta(minutes=found.utc_offset)
        latest += timedelta(hours=1)  # clocks differ
    return found.value <= latest and _weekday_agrees(found, cleaned)


def _weekday_agrees(found: FoundDate, cleaned: str) -> bool:
    if found.method in ("islamic", "month"):  # a day off is within what that calendar promises
        return True
    folded = fold(cleaned)
    named = {WEEKDAYS[_one_space(match[0])] for match in _WEEKDAY.finditer(folded)}
    first = _FIRST_WORD.match(folded)
    if first and first[0] in WEEKDAY_SHORT:
        named.add(WEEKDAY_SHORT[first[0]])
    return not named or found.value.isoweekday() in named


def _one_space(name: str) -> str:
    """The table's spelling of a matched name, whose spaces may be missing in the text."""
    return name if name in WEEKDAYS else next(w for w in WEEKDAYS if w.replace(" ", "") == name)


# ---------------------------------------------------------------- numbers only


def _iso(cleaned: str) -> FoundDate | None:
    return _from_iso_match(match) if (match := _ISO.search(cleaned)) else None


def _compact_or_epoch(cleaned: str) -> FoundDate | None:
    if match := _COMPACT.fullmatch(cleaned):
        return _from_iso_match(match)
    if not _EPOCH.fullmatch(cleaned):
        return None
    seconds = int(cleaned[:10])
    value = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return FoundDate(value, Precision.SECOND, "epoch", cleaned, 0)


def _from_iso_match(match: re.Match[str]) -> FoundDate | None:
    day = _day(int(match["year"]), int(match["month"]), int(match["day"]))
    if day is None:
        return None
    if match["hour"] is None:
        return FoundDate(_at(day), Precision.DAY, "iso", match[0])
    clock = _clock(int(match["hour"]), int(match["minute"]), match["second"])
    if clock is None:
        return FoundDate(_at(day), Precision.DAY, "iso", match[0])
    precision = Precision.SECOND if match["second"] else Precision.MINUTE
    value = datetime.combine(day, clock)
    return FoundDate(value, precision, "iso", match[0], _offset(match["zone"]))


def _rfc822(cleaned: str) -> FoundDate | None:
    match = _RFC822.search(cleaned)
    if match is None:
        return None
    try:
        moment = parsedate_to_datetime(match[0])
    except ValueError:
        return None
    if moment.tzinfo is None and not match[0].endswith("-0000"):
        return None  # a zone that nobody knows
    offset = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    precision = Precision.SECOND if match[0].count(":") > 1 else Precision.MINUTE
    return FoundDate(moment.replace(tzinfo=None), precision, "rfc822", match[0], offset)


def _numeric(cleaned: str, *, month_first: bool) -> FoundDate | None:
    """Numbers alone: the only possible order, else day, month, year."""
    for match in _NUMERIC.finditer(cleaned):
        first, second, third = match[1], match[3], match[4]
        day = _ordered(first, second, third, month_first=month_first)
        if day:
            return _with_time(cleaned, match.span(), day, "numeric")
    return None


def _ordered(first: str, second: str, third: str, *, month_first: bool) -> date | None:
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:
        return _day(a, b, c) or (_day(a, c, b) if b > 12 else None)
    if len(second) == 4:  # 11/2024/22: only where one of the two cannot be a month
        return (_day(b, a, c) if c > 12 else None) or (_day(b, c, a) if a > 12 else None)
    if len(third) == 2:
        c += 2000
    elif len(third) != 4:
        return None
    if month_first or b > 12:
        return _day(c, a, b)
    return _day(c, b, a)


# ---------------------------------------------------------------- names of months


def _named(cleaned: str) -> FoundDate | None:
    """A Gregorian date with its month's name; one after a label for updates counts last."""
    folded = fold(cleaned)
    matches = sorted(_named_matches(folded, _GREGORIAN_FORMS), key=lambda match: match.start())
    matches.sort(key=lambda match: _UPDATE_LABEL.search(folded[: match.start()]) is not None)
    for match in matches:
        month = MONTHS[_spelling(match["month"], MONTHS)]
        if day := _day(int(match["year"]), month, int(match["day"])):
            return _with_time(folded, match.span(), day, "named", original=cleaned)
    return None


def _named_matches(
    folded: str, forms: tuple[re.Pattern[str], re.Pattern[str]]
) -> Iterator[re.Match[str]]:
    for form in forms:
        yield from form.finditer(folded)


def _spelling(name: str, table: dict[str, int]) -> str:
    """The table's key for a matched name, whose spaces may be missing in the text."""
    if name in table:
        return name
    plain = "".join(name.split())
    return next(key for key in table if key.replace(" ", "") == plain)


def _other_calendars(cleaned: str) -> FoundDate | None:
    """A date of the Kurdish solar or of the Islamic calendar."""
    folded = fold(cleaned)
    for match in _named_matches(folded, _SOLAR_FORMS):
        if day := _solar_day(match):
            return _with_time(folded, match.span(), day, "kurdish_solar", original=cleaned)
    for match in _named_matches(folded, _ISLAMIC_FORMS):
        if day := _islamic_day(match):
            return _with_time(folded, match.span(), day, "islamic", original=cleaned)
    return None


def _solar_day(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    month = KURDISH_SOLAR[_spelling(match["month"], KURDISH_SOLAR)]
    try:
        return jalali_to_date(
            year - _SOLAR_OFFSET if year > 2000 else year, month, int(match["day"])
        )
    except ValueError:
        return None


def _islamic_day(match: re.Match[str]) -> date | None:
    month = ISLAMIC[_spelling(match["month"], ISLAMIC)]
    try:
        return islamic_to_date(int(match["year"]), month, int(match["day"]))
    except (ValueError, OverflowError):
        return None


def _month_only(cleaned: str) -> FoundDate | None:
    """Month and year, as printed magazines give them; the day of the value is not meant."""
    match = _MONTH_ONLY.search(fold(cleaned))
    if match is None or re.search(r"\d{1,2}\D", cleaned.replace(match["year"], "")):
        return None
    month = MONTHS[_spelling(match["month"], MONTHS)]
    value = datetime(int(match["year"]), month, 1)
    return FoundDate(value, Precision.MONTH, "month", match[0])


# ---------------------------------------------------------------- the time of day


def _with_time(
    text: str, span: tuple[int, int], day: date, method: str, *, original: str = ""
) -> FoundDate:
    """The day, and the time of day that stands beside it, if there is exactly that."""
    for part in (text[span[1] :], text[: span[0]]):
        match = _TIME.search(part)
        clock = _clock_of(match) if match else None
        if match and clock:
            precision = Precision.SECOND if match["second"] else Precision.MINUTE
            zone = _zone_after(part[match.end() :], original)
            return FoundDate(datetime.combine(day, clock), precision, method, text, zone)
    return FoundDate(_at(day), Precision.DAY, method, text)


def _clock_of(match: re.Match[str]) -> time | None:
    if match["hour2"]:
        return _clock(int(match["hour2"]), 0, None)
    hour = int(match["hour"])
    half = fold(match["half"] or "")
    word = half.split(" ")[0]
    if {half, word} & _EVENING and hour < 12:
        hour += 12
    elif {half, word} & _MORNING and hour == 12:
        hour = 0
    return _clock(hour, int(match["minute"]), match["second"])


def _zone_after(rest: str, original: str) -> int | None:
    """The offset named right after the time; folding turned its sign to a space, so look there."""
    if "توقيت" in rest:
        return next((value for name, value in _NAMED_ZONES.items() if name in rest), None)
    if re.match(r"\s*\(?\s*(?:utc|gmt)\b(?!\s?\d)", rest):
        return 0
    source = original or rest
    match = re.search(rf"\d\s*\(?{_ZONE}", source) if source else None
    if match is None or not re.search(rf":\d\d\s*\(?{_ZONE}", source):
        return None
    return _offset(match["zone"])


def _offset(zone: str | None) -> int | None:
    """Minutes east of UTC, or None if `zone` names no offset."""
    if zone is None:
        return None
    digits = re.search(r"([+\-\u2212])(\d{1,2}):?(\d{2})?$", zone)
    if digits is None:
        return 0
    minutes = int(digits[2]) * 60 + int(digits[3] or 0)
    if minutes > 14 * 60:
        return None
    return minutes if digits[1] == "+" else -minutes


def _clock(hour: int, minute: int, second: str | None) -> time | None:
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute, min(int(second or 0), 59))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _at(day: date) -> datetime:
    return datetime.combine(day, time())


# ---------------------------------------------------------------- last resort


def _by_dateparser(cleaned: str, language: str | None, country: str | None) -> FoundDate | None:
    """What dateparser says, if the day and the year that it gives stand in a short text."""
    numbers = [int(number) for number in re.findall(r"\d+", cleaned)]
    if len(cleaned) > 60 or len(numbers) < 2 or not re.search(r"[^\W\d_]{2,}", cleaned):
        return None
    if not any(_EARLIEST <= number <= 2100 for number in numbers):
        return None
    import dateparser

    languages = [language] if language in ("ar", "fr", "en") else ["ar", "fr", "en"]
    moment = dateparser.parse(
        cleaned,
        languages=languages,
        region=(country or "").upper() or None,
        settings={
            "DATE_ORDER": "DMY",
            "REQUIRE_PARTS": ["day", "month", "year"],
            "STRICT_PARSING": True,
            "PARSERS": ["absolute-time"],
        },
    )
    if moment is None or moment.year not in numbers or moment.day not in numbers:
        return None
    return FoundDate(_at(moment.date()), Precision.DAY, "dateparser", cleaned)
