"""How alike two texts are: shingles of four words, and the longest run of words in common.

Precision, recall and F1 are those of the public article-extraction-benchmark of Scrapinghub
(github.com/scrapinghub/article-extraction-benchmark, `evaluate.py`): a page's shingles are the
runs of four `\\w+` tokens with their counts, precision and recall are means over pages, and F1 is
that of the two means. ROUGE-L is the F1 of the longest common subsequence of the same tokens
(Lin 2004), over the whole text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.gold.shingles import Overlap, Score, Shingles, overlap, score, shingles, tokens

__all__ = [
    "Overlap",
    "Score",
    "Shingles",
    "best_overlap",
    "f1",
    "overlap",
    "rouge_l",
    "score",
    "shingles",
    "tokens",
]


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


def _joined(paragraphs: Sequence[str], taken: Sequence[bool]) -> str:
    return "\n".join(one for one, is_in in zip(paragraphs, taken, strict=True) if is_in)
