"""How alike two texts are: shingles of four words, and the longest run of words in common.

Precision, recall and F1 are those of the public article-extraction-benchmark of Scrapinghub
(github.com/scrapinghub/article-extraction-benchmark, `evaluate.py`): a page's shingles are the
runs of four `\\w+` tokens with their counts, precision and recall are means over pages, and F1 is
that of the two means. ROUGE-L is the F1 of the longest common subsequence of the same tokens
(Lin 2004), over the whole text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

SIZE = 4
"""Words in a shingle."""
_TOKEN = re.compile(r"\w+")
Shingles = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share: shares of shingles in both, only in the found, only in the known."""

    both: float
    extra: float
    missed: float

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        found = self.both + self.extra
        return self.both / found if found else None

    @property
    def recall(self) -> float | None:
        """The share of the known text that was found; None where none is known."""
        known = self.both + self.missed
        return self.both / known if known else None

    @property
    def f1(self) -> float:
        """The F1 of this one page, 0 where nothing was found."""
        return _harmonic(self.precision or 0.0, self.recall or 0.0)


@dataclass(frozen=True, slots=True)
class Score:
    """Mean precision, mean recall, and the F1 of these two, over some pages."""

    precision: float
    recall: float
    pages: int

    @property
    def f1(self) -> float:
        """The F1 of the two means."""
        return _harmonic(self.precision, self.recall)


def tokens(text: str) -> list[str]:
    """The words of a text as they stand."""
    return _TOKEN.findall(text)


def shingles(text: str) -> Shingles:
    """Each run of four words with its count; a shorter text is one shingle."""
    found = tokens(text)
    runs = (tuple(found[n : n + SIZE]) for n in range(max(1, len(found) - SIZE + 1)))
    return Counter(run for run in runs if run)


def overlap(known: str, found: str) -> Overlap:
    """What a found text shares with the known one."""
    return _overlap(shingles(known), shingles(found))


def best_overlap(required: Sequence[str], optional: Sequence[bool], found: str) -> Overlap:
    """The overlap with the reading of the gold that suits the found text best.

    `optional` says of each paragraph whether it may be left out. The evaluation of Fundus
    (github.com/dobbersc/fundus-evaluation, `scorers.py`) tries every choice of them; here they are
    put in one after the other where that raises the F1, which is the same in all but rare cases.
    """
    taken = [not one for one in optional]
    best = overlap(_joined(required, taken), found)
    for place, one in enumerate(optional):
        if one:
            trial = [*taken[:place], True, *taken[place + 1 :]]
            other = overlap(_joined(required, trial), found)
            if other.f1 > best.f1:
                best, taken = other, trial
    return best


def f1(pairs: Iterable[tuple[str, str]]) -> Score:
    """The score of pairs of known and found texts."""
    return score(overlap(known, found) for known, found in pairs)


def score(overlaps: Iterable[Overlap]) -> Score:
    """The score of some pages; one without any found text has no precision, only recall 0."""
    kept = list(overlaps)
    return Score(
        _mean(kept, lambda one: one.precision), _mean(kept, lambda one: one.recall), len(kept)
    )


def rouge_l(known: str, found: str) -> float:
    """The F1 of the longest common subsequence of words; needs rapidfuzz."""
    from rapidfuzz.distance import LCSseq

    one, other = _numbered(tokens(known), tokens(found))
    if not one or not other:
        return 0.0
    return 2 * LCSseq.similarity(one, other) / (len(one) + len(other))


def _numbered(one: list[str], other: list[str]) -> tuple[list[int], list[int]]:
    """Both as numbers: a word is compared once, when it gets its number."""
    numbers: dict[str, int] = {}
    for word in (*one, *other):
        numbers.setdefault(word, len(numbers))
    return [numbers[word] for word in one], [numbers[word] for word in other]


def _overlap(known: Shingles, found: Shingles) -> Overlap:
    both = (known & found).total()
    extra, missed = found.total() - both, known.total() - both
    whole = both + extra + missed
    return Overlap(both / whole, extra / whole, missed / whole) if whole else Overlap(0, 0, 0)


def _joined(paragraphs: Sequence[str], taken: Sequence[bool]) -> str:
    return "\n".join(one for one, is_in in zip(paragraphs, taken, strict=True) if is_in)


def _mean(overlaps: Sequence[Overlap], take: Callable[[Overlap], float | None]) -> float:
    values = [value for one in overlaps if (value := take(one)) is not None]
    return fmean(values) if values else 0.0


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
