"""Fields of the query language, `actor:ma_amdh` or `after:2026-03`: what each takes and means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from storage.errors import SearchError

EXAMPLES = {
    "actor": "actor:ma_amdh",
    "term": "term:activist",
    "theme": "theme:women",
    "kind": "kind:person",
    "outlet": "outlet:ma_hespress",
    "country": "country:ma,iq",
    "alignment": "alignment:exile",
    "language": "language:ckb",
    "credit": "credit:afp",
    "story": "story:17",
    "after": "after:2026-03-01",
    "before": "before:2026-04",
    "date": "date:2026-03",
    "in": "in:headline",
}
"""Every field, with one right use of it."""

_DAYS = frozenset({"after", "before", "date"})
_ELSEWHERE = {"headline": "in", "title": "in", "lang": "language", "since": "after"}
_SIMILAR = 0.8  # aktor is taken for a slip, action for a word
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_PIECE = re.compile(r'"([^"]*)"|([^,"]+)')


@dataclass(frozen=True, slots=True)
class Field:
    """Articles by something other than their words; several values mean any of them.

    Days have become (first day, day after the last); `at` is the place of the values.
    """

    name: str
    values: tuple[str, ...]
    at: int = 0
    in_headline: bool = False


def field_name(written: str, at: int) -> str | None:
    """The field that `written` names; None for any other word before a colon.

    Raises SearchError for a slip, so that nobody takes its answer for that of the field.

    >>> field_name("Actor", 0), field_name("https", 0)
    ('actor', None)
    """
    name = written.lower()
    if name in EXAMPLES:
        return name
    close = get_close_matches(name, EXAMPLES, n=1, cutoff=_SIMILAR)
    meant = _ELSEWHERE.get(name) or (close[0] if close else None)
    if meant is None:
        return None
    raise SearchError(
        f'there is no field "{written}:"; did you mean {EXAMPLES[meant]}? '
        "(Words with a colon go between quotation marks.)",
        at,
        f"{written}:",
    )


def read_field(name: str, written: str, at: int) -> Field | None:
    """The field with its values read; None for `in:headline`, which narrows what is beside it."""
    pieces = [(quoted or bare).strip().lower() for quoted, bare in _PIECE.findall(written)]
    values = tuple(filter(None, pieces))
    if written.endswith(","):
        raise SearchError(f"no space after the comma, as in {EXAMPLES['country']}", at, written)
    if not values:
        raise SearchError(
            f"{name}: needs a value right after the colon, as in {EXAMPLES[name]}", at, f"{name}:"
        )
    if name == "in":
        _scope(values, at)
        return None
    if name in _DAYS:
        return Field(name, _period(name, values, at), at)
    if name == "story":
        values = tuple(_number(value, at) for value in values)
    if name == "term":
        values = tuple(f"term_{value.removeprefix('term_')}" for value in values)
    return Field(name, values, at)


def _number(value: str, at: int) -> str:
    """An article's number, in digits of any script; 18 of them fit SQLite's integers."""
    if not value.isdecimal() or len(value) > 18:
        raise SearchError("story: takes the number of an article, as in story:17", at, value)
    return str(int(value))


def _scope(values: tuple[str, ...], at: int) -> None:
    if values != ("headline",):
        raise SearchError("only in:headline is known", at, f"in:{','.join(values)}")


def _period(name: str, values: tuple[str, ...], at: int) -> tuple[str, ...]:
    """The first day and the day after the last one of a day, month or year."""
    if len(values) > 1:
        raise SearchError(f"{name}: takes one day, month or year", at, ",".join(values))
    match = _DAY.fullmatch(values[0])
    try:
        if match is None:
            raise ValueError(values[0])
        year, month, day = (int(part) if part else None for part in match.groups())
        first = date(year or 0, month or 1, day or 1)
        return (first.isoformat(), _following(first, month, day).isoformat())
    except (ValueError, OverflowError) as wrong:
        raise SearchError(
            f'"{values[0]}" is no day; write 2026-03-01, 2026-03 or 2026', at, values[0]
        ) from wrong


def _following(first: date, month: int | None, day: int | None) -> date:
    """The day after the period that begins on `first`."""
    if day:
        return first + timedelta(days=1)
    if month:
        return (first + timedelta(days=31)).replace(day=1)
    return date(first.year + 1, 1, 1)


def no_day(after: str, before: str, at: int | None = None) -> SearchError:
    """That no day is within two bounds: `after` names the first, `before` the one that ends it."""
    return SearchError(
        f"no day is both from {after} on and before {before}: after names the first day, "
        "before the day that follows the last one",
        at,
    )


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """A question with the nearest known values, or nothing.

    >>> did_you_mean("ma_amhd", ["ma_amdh", "ma_omdh", "iq_x"])
    '; did you mean ma_amdh, ma_omdh?'
    """
    known = sorted(known)
    part = [one for one in known if len(value) > 2 and value in one]
    close = list(dict.fromkeys([*get_close_matches(value, known, n=3, cutoff=0.7), *part]))[:3]
    return f"; did you mean {', '.join(close)}?" if close else ""
