"""Sentences of news texts in Arabic, French, English, Sorani and Kurmanji, each with its place.

A line break always ends a sentence: texts hold one paragraph a line. Nothing is lost: what stands
between two sentences is white space only. Time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from storage.text import fold

LINE_ENDS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
"""What ends a line, as the inside of a character class."""
_LINE = re.compile(f"[^{LINE_ENDS}]+")
_CLOSERS = "\"'”’»›)\\]}"
_MARKS = "\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069"  # invisible, and no end of anything
_END = re.compile(
    rf"(?P<stop>[.!?…؟؛۔。]{{1,40}})(?:[{_CLOSERS}{_MARKS}]|[ \xa0\u202f](?=[»›])){{0,40}}"
)
_BEFORE = re.compile(rf"[^\s{_CLOSERS}(\[«‹“„‘]{{1,24}}\Z")
_NEXT = re.compile(rf"[\s{_MARKS}\"'“”«‹„‘’(\[\-–—•*]{{0,20}}")
_LONGEST_WORD = 24  # characters before a full stop that are looked at
_BULLET = re.compile(r"[\s(\[•*\-–—]{0,10}(?:\d{1,3}|[^\W\d_])[.)]*\Z")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5]")

_TITLES = frozenset(  # a name or a number follows, so that no sentence ends here
    fold(name)
    for name in (
        "M MM Mme Mlle Mgr Me Dr Pr St Ste Mr Mrs Ms Prof Gen Col Lt Sgt Capt Sen Rep Gov Rev Hon"
        " vs cf env av bd bld Maj Cdt Cne Sr Jr Fr Br Mt Ft eg ie viz"
        " د أ م ص ق أد دة آ د.ة مهن نقب عق ب پ پرۆف پ.د birêz sh Şx mam"
    ).split()
)
_BEFORE_NUMBERS = frozenset(
    fold(name)
    for name in (
        "no nos nr num art arts al p pp vol ch chap fig sec par para réf ref tel tél fax n jan janv"
        " feb fév févr mar apr avr jun jul juil aug août sep sept oct nov dec déc ج ط ع رقم ژ"
    ).split()
)
_MAY_END = frozenset(
    map(fold, "etc al. co inc ltd corp jr sr usd إلخ الخ هتد هتد. hwd htd".split())
)


class Span(NamedTuple):
    """A place in a text: `text[start:end]`, in code points."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """The sentences of a text in reading order, without the white space around them.

    >>> said = "قال د. كريم: «لن نسكت.» وأضاف أن العدد 3.5 آلاف؟ نعم."
    >>> [said[start:end] for start, end in sentences(said)]
    ['قال د. كريم: «لن نسكت.»', 'وأضاف أن العدد 3.5 آلاف؟', 'نعم.']
    >>> said = "M. Idir est venu (à 8 h.). « Non ! » Et ensuite ?"
    >>> [said[start:end] for start, end in sentences(said)]
    ['M. Idir est venu (à 8 h.).', '« Non ! »', 'Et ensuite ?']
    """
    return [span for line in _LINE.finditer(text) for span in _of_line(text, *line.span())]


def _of_line(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of one line."""
    for found in _END.finditer(text, start, end):
        if found.start() >= start and _ends_sentence(text, start, found, end):
            yield from _trimmed(text, start, found.end())
            start = found.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if inner := piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield Span(start, start + len(inner))


def _ends_sentence(text: str, start: int, found: re.Match[str], end: int) -> bool:
    """Whether a sentence ends at a mark: not within numbers, names and abbreviations."""
    stop, after = found["stop"], found.end()
    follows = text[after : after + 1] if after < end else ""
    if not follows:
        return True
    if not follows.isspace():
        return _glued(text, found.start(), follows, stop)
    opener = _NEXT.match(text, after, end)
    at = opener.end() if opener else after
    upcoming = text[at] if at < end else ""
    if upcoming.islower():
        return stop[0] in "؟؛۔"
    return stop != "." or not _is_abbreviation(text, start, found.start(), upcoming)


def _glued(text: str, at: int, follows: str, stop: str) -> bool:
    """Whether a sentence ends where no space follows: Arabic papers often leave it out."""
    if not _ARABIC.match(follows) or stop[0] == "…":
        return False
    before = text[max(at - 3, 0) : at]
    return stop != "." or (len(before) == 3 and all(map(str.isalpha, before)))


def _is_abbreviation(text: str, start: int, at: int, upcoming: str) -> bool:
    """Whether the full stop belongs to the word before it."""
    word = _BEFORE.search(text[max(start, at - _LONGEST_WORD) : at])
    if word is None:
        return False
    written = word.group().strip(".")
    key = fold(written.replace(".", ""))
    if _BULLET.fullmatch(text[start : at + 1][:16]) and at - start < 16:
        return True  # "1. ", "أ. " at the head of a line
    if key in _MAY_END:
        return False
    if key in _BEFORE_NUMBERS:
        return upcoming.isdigit()
    return key in _TITLES or _is_initials(written)


def _is_initials(written: str) -> bool:
    """Whether a word is one letter, or letters with full stops between: "J", "U.S", "أ.د"."""
    letters = re.split(r"[.\-]", written)
    return all(len(letter) == 1 and letter.isalpha() for letter in letters)
