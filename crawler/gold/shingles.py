"""How much two texts have in common: runs of four words, counted, page by page and over pages.

The measure is that of Scrapinghub's public benchmark of article extraction
(github.com/scrapinghub/article-extraction-benchmark, `evaluate.py`).
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
        return harmonic(self.precision or 0.0, self.recall or 0.0)


@dataclass(frozen=True, slots=True)
class Score:
    """Mean precision, mean recall, and the F1 of these two, over some pages."""

    precision: float
    recall: float
    pages: int

    @property
    def f1(self) -> float:
        """The F1 of the two means."""
        return harmonic(self.precision, self.recall)


def tokens(text: str) -> list[str]:
    """The words of a text as they stand."""
    return _TOKEN.findall(text)


def shingles(text: str) -> Shingles:
    """Each run of four words with its count; a shorter text is one shingle."""
    found = tokens(text)
    runs = (tuple(found[n : n + SIZE]) for n in range(max(1, len(found) - SIZE + 1)))
    return Counter(run for run in runs if run)


def overlap(known: str, found: str) -> Overlap:
    """What a found text shares with the known one.

    >>> overlap("a b c d e", "a b c d").recall
    0.5
    """
    one, other = shingles(known), shingles(found)
    both = (one & other).total()
    extra, missed = other.total() - both, one.total() - both
    whole = both + extra + missed
    return Overlap(both / whole, extra / whole, missed / whole) if whole else Overlap(0, 0, 0)


def harmonic(one: float, other: float) -> float:
    """The harmonic mean of two shares: the F1 of a precision and a recall."""
    return 2 * one * other / (one + other) if one + other else 0.0


def score(overlaps: Iterable[Overlap]) -> Score:
    """The score of some pages; one without any found text has no precision, only recall 0."""
    kept = list(overlaps)
    return Score(
        _mean(kept, lambda one: one.precision), _mean(kept, lambda one: one.recall), len(kept)
    )


def _mean(overlaps: Sequence[Overlap], take: Callable[[Overlap], float | None]) -> float:
    values = [value for one in overlaps if (value := take(one)) is not None]
    return fmean(values) if values else 0.0
