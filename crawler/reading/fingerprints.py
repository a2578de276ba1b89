"""Fingerprints by which copies of a text are recognised, whoever prints them.

Winnowing (Schleimer, Wilkerson and Aiken 2003): of each `WINDOW` consecutive hashes of
`SHINGLE` words the least is kept, so that every run of WINDOW + SHINGLE - 1 equal words
(11 here) leaves at least one equal fingerprint in both texts.
"""

from __future__ import annotations

from hashlib import sha256

import xxhash

from storage.models import Fingerprint
from storage.text import fold, words

VERSION = 2
"""Names the recipe: fold, words, SHINGLE, WINDOW, hash. Raised when any of them changes."""
SHINGLE = 4  # words
WINDOW = 8  # hashes
_BITS = 48


def fingerprint(text: str) -> Fingerprint:
    """The winnowed fingerprints of a text, and a digest that is equal for word-for-word copies.

    >>> fingerprint("Le Conseil, réuni.").exact == fingerprint("le conseil  reuni").exact
    True
    """
    folded = words(fold(text))
    exact = sha256(" ".join(folded).encode()).hexdigest()
    values = tuple(sorted(_winnowed(_hashes(folded))))
    return Fingerprint(VERSION, values, exact, len(folded))


def _hashes(folded: list[str]) -> list[int]:
    """48-bit hashes of each `SHINGLE` words in a row; of the whole where there are fewer."""
    if not folded:
        return []
    if len(folded) < SHINGLE:
        shingles = [" ".join(folded)]
    else:
        shingles = list(map(" ".join, zip(*(folded[n:] for n in range(SHINGLE)), strict=False)))
    return [xxhash.xxh64_intdigest(shingle.encode()) >> (64 - _BITS) for shingle in shingles]


def _winnowed(hashes: list[int]) -> set[int]:
    """The least of each window; of all where there are fewer than a window."""
    if len(hashes) < WINDOW:
        return {min(hashes)} if hashes else set()
    return set(map(min, *(hashes[n:] for n in range(WINDOW))))
