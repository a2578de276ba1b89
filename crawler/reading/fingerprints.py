"""Fingerprints by which copies of a text are recognised, whoever prints them.

Winnowing (Schleimer, Wilkerson and Aiken 2003): of each `WINDOW` consecutive hashes of
`SHINGLE` words the least is kept, so that every run of WINDOW + SHINGLE - 1 equal words
(11 here) leaves at least one equal fingerprint in both texts.

Two fillings of one form (a bulletin, an exchange rate, a cable) share nearly all of their words.
What stands in the form's places tells them apart: those of numbers and days are kept as `slots`.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import xxhash
from numpy.typing import NDArray

from crawler.reading.calendars import MONTHS, WEEKDAYS
from storage.models import Fingerprint
from storage.text import fold, words

VERSION = 3
"""Names the recipe: fold, words, SHINGLE, WINDOW, hash, slots. Raised when any of them changes."""
SHINGLE = 4  # words
WINDOW = 8  # hashes
_BITS = 48
_SLOTS = 40
"""At most, the first of a text: what is cut off its end leaves the others as they are."""
_SLOT_BITS = 16  # of the words before a number, and of the number


def fingerprint(text: str) -> Fingerprint:
    """The winnowed fingerprints of a text, and a digest that is equal for word-for-word copies.

    >>> fingerprint("Le Conseil, réuni.").exact == fingerprint("le conseil  reuni").exact
    True
    """
    folded = words(fold(text))
    whole = " ".join(folded).encode()
    values = _winnowed(_hashes(whole))
    return Fingerprint(VERSION, values, sha256(whole).hexdigest(), len(folded), _slots(folded))


def _hashes(whole: bytes) -> NDArray[np.uint64]:
    """48-bit hashes of each `SHINGLE` words in a row; of the whole where there are fewer."""
    said = whole.split(b" ")
    rows = zip(*(said[start:] for start in range(SHINGLE)), strict=False)
    shingles = map(b" ".join, rows) if len(said) >= SHINGLE else (whole,) if whole else ()
    return np.fromiter(map(xxhash.xxh64_intdigest, shingles), np.uint64) >> np.uint64(64 - _BITS)


def _winnowed(hashes: NDArray[np.uint64]) -> tuple[int, ...]:
    """The least of each window, in order; of all where there are fewer than a window."""
    if len(hashes) < WINDOW:
        return (int(hashes.min()),) if len(hashes) else ()
    for width in (1, 2, 4):  # the least of two, of four, and then of WINDOW in a row
        hashes = np.minimum(hashes[:-width], hashes[width:])
    return tuple(np.unique(hashes).tolist())


def _slots(folded: list[str]) -> tuple[int, ...]:
    """Each number or day of a text, below the two words before it; numbers in a row are one."""
    slots: dict[int, None] = {}
    before: list[str] = []
    end = 0
    said = set(folded)
    starts = {*filter(str.isdecimal, said), *(said & WEEKDAYS.keys())}
    for place in [n for n, word in enumerate(folded) if word in starts]:
        if place < end:
            continue  # in the row of the one before it
        before = [*before, *folded[max(end, place - 2) : place]][-2:]
        row: list[str] = []
        end = place
        while end < len(folded) and (value := _value(folded[end], in_date=bool(row))):
            row.append(value)
            end += 1
        slots[_slot(before, row)] = None
    return tuple(sorted(list(slots)[:_SLOTS]))


def _value(word: str, *, in_date: bool) -> str:
    """What a number or day says, in any script and language; "" for any other word.

    Names of months are words elsewhere ("may"): they count after a number or the day's name.
    """
    if word.isdecimal():
        return word
    day = WEEKDAYS.get(word)
    if day:
        return f"day {day}"
    month = MONTHS.get(word) if in_date else None
    return f"month {month}" if month else ""


def _slot(before: list[str], values: list[str]) -> int:
    place, value = (xxhash.xxh64_intdigest(" ".join(w).encode()) for w in (before, values))
    keep = 64 - _SLOT_BITS
    return (place >> keep) << _SLOT_BITS | value >> keep
