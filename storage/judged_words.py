"""What people type into a judgement, as it is stored."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from storage.errors import CannotJudge
from storage.overruled import UNKNOWN

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}))?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EARLIEST = date(1900, 1, 1)
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """A text on one line, without what steers a terminal or turns its neighbours around.

    >>> one_line(" two" + chr(10) + "lines" + chr(0x202E) + chr(27))
    'two lines'
    """
    spaced = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if not _steers(char)).split())


def date_value(text: str) -> str:
    """A day, a moment or `unknown`, as it is stored. Raises CannotJudge for anything else.

    >>> date_value("2026-03-01 14:30"), date_value("٢٠٢٦-٠٣-٠١")
    ('2026-03-01T14:30', '2026-03-01')
    """
    typed = _in_ascii(text)
    if typed == UNKNOWN:
        return UNKNOWN
    match = _DATE.fullmatch(typed)
    try:
        value = datetime.fromisoformat(typed.replace(" ", "T")) if match else None
    except ValueError:
        value = None
    if match is None or value is None or value.date() < _EARLIEST:
        raise CannotJudge(
            f'"{text}" is no date such as 2026-03-01, 2026-03-01T14:30 or unknown', "no_date"
        )
    return match[1] if match[2] is None else f"{match[1]}T{match[2]}"


def language_code(text: str) -> str:
    """A language's code as readers write it. Raises CannotJudge for what is none.

    >>> language_code(" AR "), language_code("uz-Arab")
    ('ar', 'uz-Arab')
    """
    primary, dash, rest = text.strip().partition("-")
    code = f"{primary.lower()}{dash}{rest}"
    if not _LANGUAGE.fullmatch(code):
        raise CannotJudge(
            f'"{text}" is no language code such as "ar", "fr" or "ckb"', "no_language"
        )
    return code


def _steers(char: str) -> bool:
    return char in _TURNS or unicodedata.category(char) in ("Cc", "Cs")


def _in_ascii(text: str) -> str:
    """A date as it is typed on any keyboard: digits of any script, no marks of direction."""
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf").strip()
    return "".join(str(unicodedata.decimal(char, char)) for char in plain)
