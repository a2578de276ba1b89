"""What differs between two looks at a page, as a task for a worker."""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import fold, words

Words = tuple[str, str]
"""Headline and text."""
_SEQUENCE = 3  # words


@dataclass(frozen=True, slots=True)
class Difference:
    """What of two readings differs by more than noise, and how much they have in common.

    `common` is the share of the shorter text's three-word sequences that the other one has, and
    `headline_common` that of the shorter headline's words.
    """

    headline: bool = False
    text: bool = False
    common: float = 1.0
    headline_common: float = 1.0


def difference(before: Words, after: Words) -> Difference:
    """What of headline and text differs by more than noise."""
    from crawler.reading.changes import Said, is_edit  # much to load, and for workers only

    if not is_edit(Said(*before), Said(*after)):
        return Difference()
    headline = is_edit(Said(before[0], ""), Said(after[0], ""))
    text = is_edit(Said("", before[1]), Said("", after[1]))
    return Difference(
        headline=headline,
        text=text or not headline,
        common=_common(before[1], after[1], _SEQUENCE),
        headline_common=_common(before[0], after[0], 1),
    )


def _common(before: str, after: str, length: int) -> float:
    """How much of the shorter text the other one has, in sequences of so many words."""
    old, new = (_sequences(words(fold(text)), length) for text in (before, after))
    fewest = min(len(old), len(new))
    return len(old & new) / fewest if fewest else float(old == new)


def _sequences(said: list[str], length: int) -> set[tuple[str, ...]]:
    return set(zip(*(said[start:] for start in range(length)), strict=False))
