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

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A folded word and where it stands in the text as written."""

    folded: str
    offsets: Sequence[int]  # of each of its letters
    end: int


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
        for form_words, whose in meant.items():
            name = next(iter(whose)) if len(whose) == 1 else SEVERAL
            self._beginning[form_words[0]].append((form_words, name))
            self._add_edges(form_words, name)
        for several in self._beginning.values():
            several.sort(key=lambda pair: (-len(pair[0]), pair))

    def replaced(self, text: str, *, torn: bool = False) -> str:
        """The text with pseudonyms; `torn`: a name may be cut off where it begins or ends."""
        found = _words_of(text)
        spans = self._torn(found) if torn else []
        at = 0
        while at < len(found):
            span = self._at(found, at)
            if span is not None:
                spans.append(span[0])
            at += span[1] if span else 1
        return _with(text, spans)

    def _at(self, found: Sequence[_Word], at: int) -> tuple[tuple[int, int, str], int] | None:
        """The longest form that begins with this word: its place, and how many words it has."""
        word = found[at]
        for clitic in _CLITICS:
            if not word.folded.startswith(clitic):
                continue
            rest = word.folded[len(clitic) :]
            for form, name in self._begun_by(rest, alone=True):
                if self._holds(form, rest, found[at + 1 : at + len(form)]):
                    start = word.offsets[len(clitic)]
                    return (start, found[at + len(form) - 1].end, name), len(form)
        return None

    def _begun_by(self, word: str, *, alone: bool) -> Iterator[tuple[Words, str]]:
        yield from self._beginning.get(word, ())
        if alone and len(word) > _LONG_ENOUGH:  # a name of one word, with an ending
            for length in range(1, _LONGEST_ENDING + 1):
                for form, name in self._beginning.get(word[:-length], ()):
                    if len(form) == 1 and len(form[0]) >= _LONG_ENOUGH:
                        yield form, name

    def _holds(self, form: Words, first: str, following: Sequence[_Word]) -> bool:
        if len(form) == 1:
            return True
        if len(following) < len(form) - 1 or first != form[0]:
            return False
        told = [word.folded for word in following]
        return tuple(told[:-1]) == form[1:-1] and _is_or_ends(told[-1], form[-1])

    def _add_edges(self, form: Words, name: str) -> None:
        for length in range(1, len(form)):
            for part in (form[:length], form[-length:]):
                known = self._edges.setdefault(part, name)
                if known != name:
                    self._edges[part] = SEVERAL

    def _torn(self, found: Sequence[_Word]) -> list[tuple[int, int, str]]:
        """Parts of names at both ends of a piece."""
        spans = []
        for length in range(min(len(found), 6), 0, -1):
            for part in (found[:length], found[-length:]):
                name = self._edges.get(tuple(word.folded for word in part))
                if name is not None:
                    spans.append((part[0].offsets[0], part[-1].end, name))
        return spans


def _is_or_ends(word: str, name: str) -> bool:
    """Whether a word is the last one of a name, or that with an ending."""
    more = len(word) - len(name)
    return word.startswith(name) and (
        more == 0 or (more <= _LONGEST_ENDING and len(name) >= _LONG_ENOUGH)
    )


def _words_of(text: str) -> list[_Word]:
    folded, offsets = fold_map(text)
    return [
        _Word(
            match.group(),
            offsets[match.start() : match.end()],
            _end(text, offsets[match.end() - 1]),
        )
        for match in _WORD.finditer(folded)
    ]


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
