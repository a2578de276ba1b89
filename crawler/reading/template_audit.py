"""Compares what a template took from a page with what the careful way took."""

from __future__ import annotations

from datetime import date

from crawler.reading.template_views import Teacher, words_of
from storage.models import Precision, Reading
from storage.text import fold

AGREES = 0.7
"""F1 of word sequences. None of 146 pages under a right template had less."""
MOST_MORE = 0.1
"""Share of a template's text that the careful way did not take; one of these pages had more.

What only the careful way takes counts little: it took a tenth more on ten of these pages, and 2% of
that was part of the text that people had marked.
"""


def audit(taken: Reading, careful: Reading) -> str:
    """In which way two readings of a page differ seriously, in a few words; "" if they agree."""
    if careful.outcome is not None:
        return f"{careful.outcome.value} by the careful way"
    if fold(taken.headline) != fold(careful.headline):
        return "another headline"
    if _day(taken) != _day(careful):
        return "another day"
    own, other = Teacher(taken.text), Teacher(careful.text)
    share = agrees(own, other)
    if share < AGREES:
        return f"{share:.0%} of the words are the same"
    more = _more(taken.text, other)
    return f"{more:.0%} of the text are taken by the template only" if more > MOST_MORE else ""


def _day(reading: Reading) -> tuple[date | None, Precision]:
    """The day of publication and how exactly it is known: on 140 right pages both ways gave one."""
    at = reading.published_at
    return at and at.date(), reading.published_precision


def _more(text: str, other: Teacher) -> float:
    """The share of a text that stands in lines which are not part of another."""
    lines = text.splitlines()
    more = sum(len(line) for line in lines if not other.keeps(words_of(line)))
    return more / max(1, len(text))


def agrees(one: Teacher, other: Teacher) -> float:
    """F1 of the word sequences of two texts, 0 to 1."""
    both = len(one.sequences & other.sequences)
    return 2 * both / ((len(one.sequences) + len(other.sequences)) or 1)
