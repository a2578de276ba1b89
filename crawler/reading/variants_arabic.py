"""Spellings of a person's name in Arabic letters, made from one that is known.

What the matcher takes for equal anyway (hamza, alif maqsura, ta marbuta, Persian letters, glued
عبد and أبو) is not made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from crawler.reading.names import GIVEN_ARABIC, MOST_WORDS
from storage.text import fold

_WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff]+")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SONS = ("بن", "ابن")
_FATHERS = {fold(word): word for word in ("أبو", "أبي", "أبا")}
_BEFORE_THE_FAMILY = ("بن", "ابن", "أبو", "ابو", "أبي", "آل", "آيت", "ايت", "ولد", "بنت", "أم")
_GOVERNS = frozenset(map(fold, (*_BEFORE_THE_FAMILY, "عبد", "خير", "نور", "سيف", "ذو", "ال")))
_NO_FAMILY = frozenset(map(fold, ("الله", "الدين", "الرحمن", "الرحمان", "الإسلام")))
_GIVEN = frozenset(map(fold, GIVEN_ARABIC))
_WITH_YA = frozenset("ليلى سلمى منى ندى هدى لبنى بشرى يسرى سلوى نجوى".split())
_REWRITTEN = (  # how a word ends, what else it ends on, price: own knowledge
    ("رحمن", "رحمان", 0.5),
    ("رحمان", "رحمن", 0.5),
    ("داود", "داوود", 0.5),
    ("داوود", "داود", 0.5),
    ("اسماعيل", "إسمعيل", 1.0),
    ("إسماعيل", "إسمعيل", 1.0),
    ("اسحاق", "إسحق", 0.7),
    ("إسحاق", "إسحق", 0.7),
    ("ياسين", "يسين", 1.2),
    ("ريهام", "رهام", 0.5),
    ("رهام", "ريهام", 0.5),
    ("زكرياء", "زكريا", 0.5),
)
_SORANI = tuple(  # its vowels and letters as Arabic papers write them; own knowledge
    (re.compile(pattern), becomes)
    for pattern, becomes in (
        ("^ئە", "أ"),
        ("^ئا", "آ"),
        ("^ئێ|^ئی", "إي"),
        ("^ئۆ|^ئو", "أو"),
        ("(?<=.)ە(?=.)", ""),
        ("ە$", "ة"),
        ("وو", "و"),
    )
)
_IS_SORANI = re.compile("[ەڕڵۆێ]")
_DEAREST = 2.4
_INVERTED_PRICE = 0.9


def arabic_variants(text: str, *, language: str | None) -> Iterator[tuple[float, str]]:
    """Other spellings of a name with their prices, in no order, some of them twice."""
    tokens = _MARKS.sub("", text).split()
    if not 2 <= len(tokens) <= MOST_WORDS or not all(map(_WORD.fullmatch, tokens)):
        return
    if language == "ckb" or (language is None and _IS_SORANI.search(text)):
        yield 0.1, " ".join(map(_from_sorani, tokens))
        return
    choices = [_choices(tokens, place) for place in range(len(tokens))]
    for chosen in product(*choices):
        price = sum(cost for cost, _ in chosen)
        if price <= _DEAREST:
            yield price, " ".join(word for _, word in chosen)
    yield from _inverted(tokens)


def _choices(tokens: Sequence[str], place: int) -> list[tuple[float, str]]:
    """The spellings of one word of a name, its own one first."""
    word = tokens[place]
    found = [(0.0, word)]
    if 0 < place < len(tokens) - 1 and word in _SONS:
        found += [(0.6, other) for other in _SONS if other != word]
    if place < len(tokens) - 1 and (folded := fold(word)) in _FATHERS:
        found += [(0.7, other) for key, other in _FATHERS.items() if key != folded]
    found += [(price, word[: -len(a)] + b) for a, b, price in _REWRITTEN if word.endswith(a)]
    if place == 0:
        found += _other_ending(word)
    if place == len(tokens) - 1 and fold(tokens[place - 1]) not in _GOVERNS:
        found += _other_article(word)
    return found


def _other_ending(word: str) -> list[tuple[float, str]]:
    """ناديا for نادية and the reverse; ليلا for ليلى."""
    if len(word) >= 5 and word.endswith("ية"):
        return [(0.6, word[:-1] + "ا")]
    if len(word) >= 5 and word.endswith("يا") and word != "زكريا":
        return [(0.6, word[:-1] + "ة")]
    return [(1.2, word[:-1] + "ا")] if word in _WITH_YA else []


def _other_article(family: str) -> list[tuple[float, str]]:
    """A family name without its article, or with one; a given name takes none.

    السلمان does not lose it: جليلة سلمان would be another family's daughter.
    """
    if _is_no_family(family) or _is_no_family(family.removeprefix("ال")):
        return []
    if family.startswith("ال"):
        return [(0.3, family[2:])] if len(family) >= 5 else []
    return [] if fold(family).startswith(("بن", "بو", "ابو")) else [(0.6, "ال" + family)]


def _is_no_family(word: str) -> bool:
    """Whether a last word is no family name with or without article."""
    folded = fold(word)
    return folded in _NO_FAMILY or folded in _GIVEN or folded.startswith("عبد")


def _inverted(tokens: Sequence[str]) -> Iterator[tuple[float, str]]:
    """The family name first: with a comma, and without one where the order is plain to see."""
    start = len(tokens) - 1
    while start > 1 and fold(tokens[start - 1]) in _GOVERNS:
        start -= 1
    family, given = tokens[start:], tokens[:start]
    if fold(given[-1]) in _GOVERNS or _is_no_family(family[-1]):
        return
    yield _INVERTED_PRICE, f"{' '.join(family)}، {' '.join(given)}"
    if fold(given[0]) in _GIVEN | {"عبد"} and family[-1].startswith("ال"):
        yield _INVERTED_PRICE + 0.1, f"{' '.join(family)} {' '.join(given)}"


def _from_sorani(word: str) -> str:
    for pattern, becomes in _SORANI:
        word = pattern.sub(becomes, word)
    return word
