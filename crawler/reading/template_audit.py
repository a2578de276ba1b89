"""Compares what a template took from a page with what the careful way took."""

from __future__ import annotations

from crawler.reading.template_views import Teacher
from storage.models import Reading

AGREES = 0.7
"""F1 of word sequences. On outlets with a right template 19 of 20 pages have over 0.8."""


def audit(taken: Reading, careful: Reading) -> str:
    """In which way two readings of a page differ seriously, in a few words; "" if they agree."""
    if careful.outcome is not None:
        return f"{careful.outcome.value} by the careful way"
    share = agreement(taken.text, careful.text)
    return "" if share >= AGREES else f"{share:.0%} of the words are the same"


def agreement(text: str, other: str) -> float:
    """F1 of the word sequences of two texts, 0 to 1."""
    return agrees(Teacher(text), Teacher(other))


def agrees(one: Teacher, other: Teacher) -> float:
    """F1 of the word sequences of two texts, 0 to 1."""
    both = len(one.sequences & other.sequences)
    return 2 * both / ((len(one.sequences) + len(other.sequences)) or 1)
