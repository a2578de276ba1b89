"""Spellings of a person's name in Latin letters, made from one that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest

from crawler.reading.names import MOST_WORDS, SOLAR, SPELLINGS
from crawler.reading.respelling import (
    ADDED,
    AL,
    BARE,
    DEAREST,
    EL,
    Spelling,
    price_of,
    respellings,
)

_WORD = re.compile("[a-z]+")
_ARTICLES = frozenset(("al", "el", "as", "ash", "ar", "an", "at", "az", "ad", "es", "er", "ech"))
_SONS = ("bin", "ben", "ibn")
_FATHERS = ("abu", "abou")
_TRIBES = ("ait", "ayt")
_ABD = re.compile(r"abd(?:[ueao]l|oul)?")
_ASSIMILATED = re.compile(rf"abd[eua]([{''.join(sorted(SOLAR))}])\1(?P<rest>[a-z]+)")
_GLUED = re.compile("abd(?:oul|[ueao]l)(?P<noun>[a-z]{3,})")
_OF_SONS = re.compile("(?P<who>ben|bin|bel|bou|abu|abou)(?P<name>[a-z]{3,})")
_HAS_NO_ARTICLE = re.compile("al|el|l?b[eo][nlu]|ab[ou]|ibn|.{1,3}$|.* ")
_SON_PRICE, _INVERTED_PRICE = 0.8, 0.9
_ENOUGH = 60  # spellings that are looked at: a few squeeze to the same letters
_NOUNS = 4  # spellings of the noun after Abdul, its own one too
_KURMANJI = str.maketrans(
    {"ş": "sh", "Ş": "sh", "ç": "ch", "Ç": "ch", "x": "kh", "X": "kh", "c": "j", "C": "j"}
    | {"û": "ou", "Û": "ou"}
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a name that stands or falls together: a word with its article, Abdul and noun."""

    spellings: tuple[Spelling, ...]
    is_given: bool = False  # a given name that we know
    has_article: bool = False
    leans: bool = False  # belongs to the part after it: bin, Abu


def latin_variants(folded: str) -> Iterator[tuple[float, str]]:
    """Other spellings of a folded name with their prices, in no order, some of them twice."""
    parts = _parts(folded.replace("'", "").split()[: MOST_WORDS + 1])
    if not 2 <= len(parts) <= MOST_WORDS:
        return
    found = nsmallest(_ENOUGH, _combined(parts))
    for price, texts in found:
        yield price, _capitals(texts)
    for price, texts in found[:3]:
        for more, text in _inverted(parts, texts):
            yield price + more, text


def from_kurmanji(text: str) -> str:
    """A name in Kurdish Latin letters as English and French papers write it.

    >>> from_kurmanji("Şêrwan Xoşnaw")
    'shêrwan khoshnaw'
    """
    return text.translate(_KURMANJI)


def _parts(tokens: list[str]) -> list[_Part]:
    """The parts of a name; none where it holds anything but words."""
    if not all(map(_WORD.fullmatch, tokens)):
        return []
    parts: list[_Part] = []
    while tokens:
        part, taken = _next_part(tokens, first=not parts)
        parts.append(part)
        tokens = tokens[taken:]
    if len(parts) > 1 and not parts[-2].leans:
        parts[-1] = _or_with_article(parts[-1])
    return parts


def _next_part(tokens: Sequence[str], *, first: bool) -> tuple[_Part, int]:
    """The part that a name begins with, and how many words it takes."""
    word, after = tokens[0], tokens[1:]
    if after and _ABD.fullmatch(word):
        taken = 3 if len(after) > 1 and after[0] in _ARTICLES else 2
        return _abd(tokens[taken - 1], " ".join(tokens[:taken])), taken
    if after and word in _ARTICLES and _fits_article(word, after[0]):
        return _with_article(after[0], word), 2
    for words in (_SONS, _FATHERS, _TRIBES):
        if after and word in words:
            return _one_of(word, words), 1
    return _word(word, first=first), 1


def _word(word: str, *, first: bool) -> _Part:
    """A word that may have been made of two."""
    if word in SPELLINGS:
        return _Part(respellings(word), is_given=True)
    if glued := _GLUED.fullmatch(word):
        return _abd(glued["noun"], word)
    if glued := _ASSIMILATED.fullmatch(word):
        return _abd(glued[1] + glued["rest"], word)
    if (son := _OF_SONS.fullmatch(word)) and son["name"] in SPELLINGS:
        return _glued(son["who"], respellings(son["name"]))
    if not first and len(word) > 6 and word[:2] in ("al", "el"):
        return _with_article(word[2:], word[:2])
    return _Part(respellings(word))


def _glued(who: str, names: Sequence[Spelling]) -> _Part:
    """Benothmane, of Ben and a given name: the matcher takes it for Ben Othmane as well."""
    return _Part(tuple(replace(one, text=who + one.text) for one in names))


def _fits_article(article: str, word: str) -> bool:
    """Whether as, er and the like are the article of this word: they take its first sound."""
    return article in ("al", "el") or word.startswith(article[1:])


@lru_cache(maxsize=1_000)
def _abd(noun: str, written: str) -> _Part:
    """Abdul and its noun; written apart, since the matcher takes that for glued as well."""
    ways = [(f"abd el {noun}", EL), (f"abdul {noun}", AL), (f"abd al {noun}", AL)]
    ways.append((f"abdoul {noun}", EL))
    if noun[0] in SOLAR:
        ways += [(f"abde{noun[0]}{noun}", EL), (f"abdu{noun[0]}{noun}", AL)]
    if noun[0] == "l":
        ways.append((f"abde{noun}", EL))
    own = written.replace(" ", "")
    other = [Spelling(text, 0.05 * n, rule) for n, (text, rule) in enumerate(ways)]
    for again in respellings(noun)[1:_NOUNS]:
        price = again.price + price_of(again.rules)
        other += [Spelling(text.replace(noun, again.text), price, rule) for text, rule in ways[:2]]
    kept = [one for one in other if one.text.replace(" ", "") != own]
    return _Part((Spelling(written), *kept), is_given=True)


def _with_article(word: str, article: str) -> _Part:
    """A word and its article; where a given name is left without it, the article stays."""
    ways = [("al", AL), ("el", EL)] if word in SPELLINGS else [("al", AL), ("el", EL), ("", BARE)]
    spellings = []
    for one in respellings(word):
        for written, rule in ways:
            rules = one.rules | (0 if written == article else rule)
            text = f"{written} {one.text}".lstrip()
            spellings.append(Spelling(text, one.price, rules))
    return _Part(tuple(spellings), has_article=True)


def _or_with_article(family: _Part) -> _Part:
    """A family name that stands without article may also have one; a given name has none."""
    word = family.spellings[0].text
    if family.is_given or family.has_article or _HAS_NO_ARTICLE.match(word):
        return family
    added = (
        Spelling(f"{article} {one.text}", one.price + price, one.rules | ADDED)
        for one in family.spellings[:_NOUNS]
        for article, price in (("al", 0.0), ("el", 0.1))
    )
    return replace(family, spellings=(*family.spellings, *added))


def _one_of(word: str, words: Sequence[str]) -> _Part:
    others = (Spelling(other, _SON_PRICE) for other in words if other != word)
    return _Part((Spelling(word), *others), leans=True)


def _combined(parts: Sequence[_Part]) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Every way to write all parts that is not too dear."""
    done: list[tuple[tuple[str, ...], float, int]] = [((), 0.0, 0)]
    for part in parts:
        done = [
            ((*texts, one.text), price + one.price, rules | one.rules)
            for texts, price, rules in done
            for one in part.spellings
            if price + one.price + price_of(rules | one.rules) <= DEAREST
        ]
    for texts, price, rules in done:
        yield price + price_of(rules), texts


def _inverted(parts: Sequence[_Part], texts: Sequence[str]) -> Iterator[tuple[float, str]]:
    """The family name first: with a comma, and without one where the order is plain to see."""
    start = len(parts) - 1
    while start > 1 and parts[start - 1].leans:
        start -= 1
    family, given = texts[start:], _capitals(texts[:start])
    if parts[0].leans:
        return
    bare = family[-1].removeprefix("al ").removeprefix("el ")
    names = {_capitals(family)}
    if bare not in SPELLINGS:
        names.add(_capitals((*family[:-1], bare)))
    for number, name in enumerate(sorted(names)):
        yield _INVERTED_PRICE + number / 10, f"{name}, {given}"
        if parts[0].is_given and not parts[-1].is_given:
            yield _INVERTED_PRICE + 0.05 + number / 10, f"{name} {given}"


def _capitals(texts: Sequence[str]) -> str:
    return " ".join(word.capitalize() for text in texts for word in text.split())
