"""Names of persons in a text, found by their folded words and put out of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storage.text import fold, fold_apart, fold_map, words

SEVERAL = "person-several"
"""Stands for a form that several watched persons share."""
_WORD = re.compile(r"[^\W_]+")
# Written together with the word that follows: and, so, by, for, as; and "for the".
_CLITICS = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "ا", "يا")
_LONGEST_ENDING = 3
_LONG_ENOUGH = 4
"""Letters of a word that may bear an ending, as Kurdish and Arabic add them to names."""
_REMEMBERED = 50_000
"""Words of which it is remembered what they begin: an archive has the same ones all over."""
_MOST_TORN = 6
"""Words of a name that may be left of it at the end of a piece."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name stands: its first word, how many, and the letters of that word before it."""

    first: int
    words: int
    before: int
    name: str


class Names:
    """The written forms of persons, each with the pseudonym that takes its place.

    A form is found as whole words, whatever stands between them, also with a particle written
    before it or an ending after it. It may take more than the name: never less.

    >>> names = Names([("Amal Example", "person-1")])
    >>> names.replaced("wrote AMAL-Example, and Amal Other")
    'wrote person-1, and Amal Other'
    """

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        meant: defaultdict[Words, set[str]] = defaultdict(set)
        for form, pseudonym in forms:
            if split := tuple(words(fold(form))):
                meant[split].add(pseudonym)
        self._beginning: defaultdict[str, list[tuple[Words, str]]] = defaultdict(list)
        self._edges: dict[Words, str] = {}
        self._known: dict[str, list[tuple[int, Words, str]]] = {}
        for form_words, whose in meant.items():
            name = next(iter(whose)) if len(whose) == 1 else SEVERAL
            self._beginning[form_words[0]].append((form_words, name))
            self._add_edges(form_words, name)
        for several in self._beginning.values():
            several.sort(key=lambda pair: (-len(pair[0]), pair))

    def replaced(self, text: str, *, torn: bool = False) -> str:
        """The text with pseudonyms; `torn`: a name may be cut off where it begins or ends."""
        told = words(fold(text))
        places = [*self._found(told), *(self._torn(told) if torn else ())]
        if not places:  # as in most texts: where each letter came from need not be known
            return text
        written = _words_of(text)
        return _with(text, (_span(text, written, place) for place in places))

    def scattered(self, text: str) -> str:
        """The same where the words of a name may stand apart and in any order, as in questions."""
        told = words(fold(text))
        there, places = set(told), []
        for form, name in (pair for several in self._beginning.values() for pair in several):
            if there.issuperset(form):
                places += [_Place(at, 1, 0, name) for at, word in enumerate(told) if word in form]
        written = _words_of(text)
        return _with(text, (_span(text, written, place) for place in places))

    def _found(self, told: Sequence[str]) -> Iterator[_Place]:
        """The longest form that begins with each word, and nothing inside of it."""
        at = 0
        while at < len(told):
            place = self._at(told, at)
            if place is not None:
                yield place
            at += place.words if place else 1

    def _at(self, told: Sequence[str], at: int) -> _Place | None:
        for before, form, name in self._begun_by(told[at]):
            if _follows(form, told[at + 1 : at + len(form)]):
                return _Place(at, len(form), before, name)
        return None

    def _begun_by(self, word: str) -> Sequence[tuple[int, Words, str]]:
        """The forms that a word may begin, each with the letters that stand before it."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[word] = list(self._begin(word))
        return known

    def _begin(self, word: str) -> Iterator[tuple[int, Words, str]]:
        for clitic in _CLITICS:
            rest = word[len(clitic) :] if word.startswith(clitic) else ""
            for form, name in self._beginning.get(rest, ()):
                yield len(clitic), form, name
            for length in range(1, _LONGEST_ENDING + 1):  # a name of one word, with an ending
                for form, name in self._beginning.get(rest[:-length], ()):
                    if len(form) == 1 and len(form[0]) >= _LONG_ENOUGH:
                        yield len(clitic), form, name

    def _add_edges(self, form: Words, name: str) -> None:
        for length in range(1, len(form)):
            for part in (form[:length], form[-length:]):
                known = self._edges.setdefault(part, name)
                if known != name:
                    self._edges[part] = SEVERAL

    def _torn(self, told: Sequence[str]) -> Iterator[_Place]:
        """Parts of names at both ends of a piece."""
        for length in range(min(len(told), _MOST_TORN), 0, -1):
            for first in {0, len(told) - length}:
                name = self._edges.get(tuple(told[first : first + length]))
                if name is not None:
                    yield _Place(first, length, 0, name)


def _follows(form: Words, following: Sequence[str]) -> bool:
    """Whether the rest of a form stands there."""
    if len(following) < len(form) - 1:
        return False
    rest = tuple(following)
    return rest[:-1] == form[1:-1] and (not rest or _is_or_ends(rest[-1], form[-1]))


def _is_or_ends(word: str, name: str) -> bool:
    """Whether a word is the last one of a name, or that with an ending."""
    more = len(word) - len(name)
    return word.startswith(name) and (
        more == 0 or (more <= _LONGEST_ENDING and len(name) >= _LONG_ENOUGH)
    )


def _words_of(text: str) -> list[Sequence[int]]:
    """The offsets of the letters of each word."""
    folded, offsets = fold_map(text)
    return [offsets[found.start() : found.end()] for found in _WORD.finditer(folded)]


def _span(text: str, written: Sequence[Sequence[int]], place: _Place) -> tuple[int, int, str]:
    """A place in the text as written."""
    last = written[place.first + place.words - 1][-1]
    return written[place.first][place.before], _end(text, last), place.name


def _end(text: str, last: int) -> int:
    """Behind a letter and all the marks that folding drops."""
    end = last + 1
    while end < len(text) and not fold_apart(text[end]):
        end += 1
    return end


def _with(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    pieces, done = [], 0
    for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done:
            pieces += [text[done:start], name]
            done = end
        elif end > done:
            done = end  # it overlaps the one before: both go
    return "".join([*pieces, text[done:]])
