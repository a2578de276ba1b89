"""Where the hits stand in the text as published, and a piece of it that shows them.

The index holds folded words; the reader is shown the original. What a word
of the text is in the index is found out word by word, and for the few articles on the page only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.query_terms import Term
from storage.stems import as_typed, is_kurdish, letters
from storage.text import fold, stem, words

LENGTH = 200
"""Code points of a snippet, the marks of omission not counted."""
LEAD = 60
"""Code points shown before the first hit, when the text has them."""
# A word as published: what folding keeps of it, and the marks and signs that it drops.
_KEPT = "[^\\W_]"
_DROPPED = (
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0300-\u036f\u00ad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufb50-\ufdff\ufe00-\ufe0f\ufe20-\ufefc]"
)
_WORD = re.compile(f"(?:{_KEPT}+|{_DROPPED}+)+")
_OF_WORD = re.compile(f"{_KEPT}|{_DROPPED}")
_LEADING = re.compile("[\u00ad\u0610-\u061a\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")

Mark = tuple[int, int]
Test = Callable[[str, str], bool]
"""Of a word, folded and as written."""
Row = list[Test]
"""One test for each word of a term."""


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
    return Marker(terms).hits(text)


class Marker:
    """Finds the hits of the same terms in one text after the other."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._rows = [_tests(term) for term in terms]
        self._beginning: dict[str, list[Row]] = {}  # rows of tests that a word as written begins

    def hits(self, text: str) -> list[Mark]:
        """As `hits()` says."""
        if not self._rows:
            return []
        return joined(list(self._places(text)))

    def _places(self, text: str) -> Iterator[Mark]:
        for written in set(_WORD.findall(text)):
            rows = self._beginning.get(written)
            if rows is None:
                rows = self._beginning[written] = self._begun_by(written)
            for row in rows:
                yield from _places(text, written, row[1:])

    def _begun_by(self, written: str) -> list[Row]:
        return [row for row in self._rows if _holds(row[0], written)]


def snippet(text: str, marks: Sequence[Mark]) -> Snippet:
    """The piece of the text with the most hits, on one line, cut between words."""
    start, end = _window(text, _best_start(marks))
    piece = re.sub(r"\s", " ", text[start:end])
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [(a + shift, b + shift) for a, b in marks if start <= a and b <= end]
    return Snippet(before + piece + after, tuple(inside))


@lru_cache(maxsize=50_000)
def _folded(written: str) -> tuple[str, ...]:
    """The word as indexed; of a ligature that stands for a whole formula, its words."""
    return tuple(words(fold(written)))


def _holds(test: Test, written: str) -> bool:
    return any(test(folded, written) for folded in _folded(written))


def _places(text: str, written: str, others: Sequence[Test]) -> Iterator[Mark]:
    """Where a word stands, followed by such others."""
    signs = _LEADING.match(written)
    for start in _occurrences(text, written):
        end = _end_of_row(text, start + len(written), others)
        if end is not None:
            yield start + (signs.end() if signs else 0), end


def _occurrences(text: str, written: str) -> Iterator[int]:
    """Where it stands as a whole word."""
    start = text.find(written)
    while start >= 0:
        end = start + len(written)
        begins = start == 0 or not _OF_WORD.match(text, start - 1)
        if begins and not _OF_WORD.match(text, end):
            yield start
        start = text.find(written, end)


def _end_of_row(text: str, end: int, tests: Sequence[Test]) -> int | None:
    """Where the row of words ends that begins behind `end`; None if it is another one."""
    following = _WORD.finditer(text, end)
    for test in tests:
        match = next(following, None)
        if match is None or not _holds(test, match.group()):
            return None
        end = match.end()
    return end


def _tests(term: Term) -> Row:
    """One test for each word of the term, as the index would answer it."""
    if term.is_kurdish:
        return _kurdish_tests(term)
    if term.kind == "phrase":
        return [_is_one_of(wanted) for wanted in term.words]
    if term.kind == "prefix":
        return _prefix_tests(term)
    roots = stem(" ".join(term.words)).split()
    forms = frozenset(term.forms())
    pairs = zip(term.words, roots, strict=True)
    return [_is_form_of(wanted, root, forms) for wanted, root in pairs]


def _is_one_of(*wanted: str) -> Test:
    return lambda folded, _: folded in wanted


def _is_form_of(wanted: str, root: str, forms: frozenset[str]) -> Test:
    """The word itself, one of the same stem, or one of its Kurdish forms."""
    begins = root[:2]  # a stem has its first letters from the word: most words stop here

    def test(folded: str, written: str) -> bool:
        if folded == wanted or (forms and not forms.isdisjoint(as_typed(written))):
            return True
        same = begins in folded and stem(folded) == root
        return same and not any(map(is_kurdish, as_typed(written)))

    return test


def _kurdish_tests(term: Term) -> Row:
    """Words with the same Kurdish letters; a single one in its other forms too."""
    if term.kind == "word" and len(term.letters) == 1:
        return [_is_typed(frozenset(term.forms()))]
    tests = [_is_typed(frozenset({kept})) for kept in term.letters]
    if term.kind == "prefix":
        starts = term.forms() if len(term.letters) == 1 else term.letters[-1:]
        tests[-1] = lambda _, written: letters(written).startswith(starts)
    return tests


def _is_typed(forms: frozenset[str]) -> Test:
    return lambda _, written: not forms.isdisjoint(words(letters(written)))


def _prefix_tests(term: Term) -> Row:
    """Words in a row, of which the last may go on; the first may carry article and clitics."""
    variants = [form.split() for form in term.beginnings()]
    first = tuple(form[0] for form in variants)
    if len(term.words) == 1:
        return [lambda folded, _: folded.startswith(first)]
    middle = [_is_one_of(wanted) for wanted in term.words[1:-1]]
    last = term.words[-1]
    return [_is_one_of(*first), *middle, lambda folded, _: folded.startswith(last)]


def joined(marks: Sequence[Mark]) -> list[Mark]:
    """Marks of any order, sorted and without overlaps."""
    return _disjoint(sorted(set(marks)))


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
