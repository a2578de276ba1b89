"""Where the hits stand in the text as published, and a piece of it that shows them.

The index holds folded words; the reader is shown the original. The fold's offset map leads from
one to the other, and is made for the few articles on the page only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from storage.query_terms import Term
from storage.text import fold_map, stem

LENGTH = 200
"""Code points of a snippet, the marks of omission not counted."""
LEAD = 60
"""Code points shown before the first hit, when the text has them."""
_WORD = re.compile(r"[^\W_]+")  # as storage.text.words splits
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_UNINDEXED = frozenset("\u0640\u0621")  # tatweel and the hamza on the line

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text; the marks are offsets in it."""

    text: str
    marks: tuple[Mark, ...]


def hits(text: str, terms: Sequence[Term]) -> list[Mark]:
    """Every place in the text that a term finds, as sorted (start, end) in code points.

    >>> from storage.query import parse
    >>> hits("قال مُحَمَّد: نعم", parse("محمد").terms)
    [(4, 12)]
    """
    folded, offsets = fold_map(text)
    tokens = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded)]
    found = {
        (offsets[start], _end_in(text, offsets[end - 1] + 1))
        for term in terms
        for start, end in _places(tokens, term)
    }
    return _disjoint(sorted(found))


def snippet(text: str, marks: Sequence[Mark]) -> Snippet:
    """The piece of the text with the most hits, on one line, cut between words."""
    start, end = _window(text, _best_start(marks))
    piece = re.sub(r"\s", " ", text[start:end])
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [(a + shift, b + shift) for a, b in marks if start <= a and b <= end]
    return Snippet(before + piece + after, tuple(inside))


def _places(tokens: Sequence[tuple[str, int, int]], term: Term) -> Iterator[Mark]:
    """Where a term stands in the folded text."""
    tests = _tests(term)
    for first in range(len(tokens) - len(tests) + 1):
        row = tokens[first : first + len(tests)]
        if all(test(word) for test, (word, _, _) in zip(tests, row, strict=True)):
            yield row[0][1], row[-1][2]


def _tests(term: Term) -> list[Callable[[str], bool]]:
    """One test for each word of the term, as the index would answer it."""
    if term.kind == "phrase":
        return [wanted.__eq__ for wanted in term.words]
    if term.kind == "prefix":
        return _prefix_tests(term)
    stems = stem(" ".join(term.words)).split()
    return [
        lambda word, wanted=wanted, root=root: word == wanted or stem(word) == root  # type: ignore[misc]  # mypy cannot infer the default arguments of a lambda
        for wanted, root in zip(term.words, stems, strict=True)
    ]


def _prefix_tests(term: Term) -> list[Callable[[str], bool]]:
    """Words in a row, of which the last may go on; the first may carry article and clitics."""
    variants = [form.split() for form in term.beginnings()]
    first = tuple(words[0] for words in variants)
    if len(term.words) == 1:
        return [lambda word: word.startswith(first)]
    middle = [wanted.__eq__ for wanted in term.words[1:-1]]
    return [lambda word: word in first, *middle, lambda word: word.startswith(term.words[-1])]


def _end_in(text: str, end: int) -> int:
    """The end of a hit, taking in what follows its last letter and is not in the index: marks,
    tatweel, a hamza on the line (الماء)."""
    while end < len(text) and (
        text[end] in _UNINDEXED or unicodedata.category(text[end]) in _INVISIBLE
    ):
        end += 1
    return end


def _disjoint(marks: Sequence[Mark]) -> list[Mark]:
    """Sorted marks without overlaps: of two that overlap, their union."""
    merged: list[Mark] = []
    for start, end in marks:
        if merged and start < merged[-1][1]:
            first, last = merged.pop()
            merged.append((first, max(last, end)))
        else:
            merged.append((start, end))
    return merged


def _best_start(marks: Sequence[Mark]) -> int:
    """The first hit of the stretch that holds the most."""
    if not marks:
        return 0
    reach = LENGTH - LEAD
    return max(marks, key=lambda a: (sum(a[0] <= b[0] < a[0] + reach for b in marks), -a[0]))[0]


def _window(text: str, hit: int) -> Mark:
    """About LENGTH code points around a hit, moved to the edges of words."""
    start = 0 if hit <= LEAD else _after_space(text, hit - LEAD, hit)
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = max(text.rfind(" ", hit, end), text.rfind("\n", hit, end))
        end = space if space > hit else end
    return start, end


def _after_space(text: str, start: int, limit: int) -> int:
    match = re.compile(r"\s").search(text, start, limit)
    return match.end() if match else start
