"""What a text says, apart from how it is set: words, numbers, and the marks that bear meaning.

Two texts with equal keys say the same. Spelling that `fold()` takes for the same, white space,
invisible characters and commas are no part of a key; quotation marks of any shape (one kind),
question and exclamation marks, percent, currency and minus signs are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from crawler.reading.sentence_split import Span
from storage.text import QUOTES, fold, fold_map

QUOTE = "\ue000"
"""Stands in keys for any quotation mark."""
_MINUS, _NOTHING = "\ue001", "\u200b"
_QUOTES = str.maketrans(dict.fromkeys(QUOTES + "＂", QUOTE))
_PAIRS = re.compile(r"''|``|’’|‘‘|<<|>>")
_APOSTROPHES = "'‘’‛`´＇"
_SINGLE = re.compile(
    rf"(?<!\w)[{_APOSTROPHES}](?=\w)"
    rf"((?:[^{_APOSTROPHES}\n]|(?<=\w)[{_APOSTROPHES}](?=\w)){{1,200}})"
    rf"[{_APOSTROPHES}](?!\w)"
)
_MINUS_SIGN = re.compile(r"(?<!\S)[-−](?=\d)")
_TOKEN = re.compile(
    r"(?<!\d)\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d+(?:[.,]\d+)+|[^\W_]+"
    rf"|\?+|!+|[%$€£°]|{QUOTE}(?:\s?{QUOTE})*|{_MINUS}"
)
_GROUPED = re.compile(r"\d{1,3}(?:[ .,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a text: its place and what it says."""

    start: int
    end: int
    key: str


def keys(text: str) -> list[str]:
    """What each word, number and sign of a text says.

    >>> keys("L’été : « 1 250 » ou 3,5 %") == keys("l'ete “1.250” ou 3.5%")
    True
    >>> keys("ناشط؟") == keys("نــاشط ؟") != keys("«ناشط»")
    True
    """
    return [_key(found) for found in _TOKEN.findall(fold(_marked(text)))]


def key_of(text: str) -> str:
    """What a text says, without its spaces: texts say the same when their keys are equal.

    >>> key_of("وقال :«لا»") == key_of("و قال: 'لا'"), key_of("في 3 5") == key_of("في 35")
    (True, False)
    """
    return joined(keys(text))


def joined(said: list[str]) -> str:
    """Keys of words as the key of a text; two numbers stay two."""
    apart = [
        f"{one} " if one[-1].isdigit() and other[0].isdigit() else one
        for one, other in pairwise(said)
    ]
    return "".join([*apart, *said[-1:]])


def tokens(text: str, span: Span | None = None) -> list[Token]:
    """The words, numbers and signs of a text, or of a part of it, with their places."""
    start, end = span or Span(0, len(text))
    folded, offsets = fold_map(_marked(text[start:end]))
    return [
        Token(start + offsets[found.start()], start + offsets[found.end() - 1] + 1, _key(found[0]))
        for found in _TOKEN.finditer(folded)
    ]


def _key(found: str) -> str:
    """A number without the signs between its thousands; anything else as it is folded."""
    if found[0].isdigit():
        if _GROUPED.fullmatch(found):
            return re.sub(r"\D", "", found)
        return found.replace(",", ".")
    return found if found[0].isalnum() else found[0]


def _marked(text: str) -> str:
    """The text, as long as it was, with one sign for all quotation marks and one for minus."""
    text = text.translate(_QUOTES)
    if any(mark in text for mark in _APOSTROPHES + "<>"):
        text = _PAIRS.sub(QUOTE + _NOTHING, text)
        text = _SINGLE.sub(rf"{QUOTE}\1{QUOTE}", text)
    return _MINUS_SIGN.sub(_MINUS, text)
