"""Which pieces of one text stand in another: those in the same order, and those moved.

Each piece is paired with the equal one that is as many-th of its kind; of the pairs the longest
run in one order counts as kept in place. The cost is n log n, also for hostile texts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence

Pair = tuple[int, int]


def aligned(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[list[Pair], list[Pair]]:
    """The places of equal pieces as (kept in order, moved), each by the place before.

    >>> aligned("abcd", "axdbc")
    ([(0, 0), (1, 3), (2, 4)], [(3, 2)])
    """
    places = {piece: place for place, piece in enumerate(_numbered(after))}
    pairs = [
        (place, places[piece]) for place, piece in enumerate(_numbered(before)) if piece in places
    ]
    kept = _longest_run([after_place for _, after_place in pairs])
    in_order = [pair for number, pair in enumerate(pairs) if number in kept]
    return in_order, [pair for number, pair in enumerate(pairs) if number not in kept]


def _numbered(pieces: Iterable[Hashable]) -> Iterator[tuple[Hashable, int]]:
    """Each piece with how many equal ones stood before it."""
    seen: Counter[Hashable] = Counter()
    for piece in pieces:
        yield piece, seen[piece]
        seen[piece] += 1


def _longest_run(values: Sequence[int]) -> set[int]:
    """The places of a longest rising run of distinct values."""
    ends: list[int] = []  # the least value that a run of each length ends with …
    places: list[int] = []  # … and its place
    previous: list[int] = []
    for place, value in enumerate(values):
        length = bisect_left(ends, value)
        previous.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        places[length : length + 1] = [place]
    run: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        run.add(place)
        place = previous[place]
    return run
