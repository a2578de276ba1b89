"""Ordinary words of our languages, to tell a phrase from somebody's name."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from crawler.reading.names import GIVEN_ARABIC, SPELLINGS
from storage.text import fold, words


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """The folded words of `crawler/data/vocabulary.txt`."""
    text = files("crawler").joinpath("data", "vocabulary.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(words(fold(" ".join(lines))))


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    return frozenset((*SPELLINGS, *map(fold, GIVEN_ARABIC)))


def is_ordinary(text: str, *, person: bool) -> bool:
    """Whether a phrase is made of ordinary words; of a person, with given names among them.

    >>> is_ordinary("Freedom Now", person=False), is_ordinary("علي مدني", person=True)
    (True, True)
    >>> is_ordinary("Nadia's School", person=False), is_ordinary("Nabeel Rajab", person=True)
    (False, False)
    """
    ordinary, names = ordinary_words(), _given_names() if person else frozenset()
    rest = [word for word in words(fold(text)) if word not in names]
    return bool(rest) and all(word in ordinary for word in rest)


def is_given_name(text: str) -> bool:
    """Whether a text is one word, and that a given name of many people.

    >>> is_given_name("Fatima"), is_given_name("Raissouni")
    (True, False)
    """
    return fold(text) in _given_names()
