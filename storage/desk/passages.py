"""A text as published, cut into paragraphs, with the places where actors are named.

Pure. Offsets are code points of the stored text; nothing of the text is changed, only line breaks
and empty lines fall away. Where two names overlap, every stretch says whose it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Standing = Literal["counted", "confirmed", "ambiguous", "rejected"]
"""Of a name in an article: counted as read, counted as a person said, not counted because nobody
can say whom it means, or not counted since a person said that it means somebody else."""
_LINE = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A place where an actor is named: `field[start:end] == surface`; `label` as printed by it."""

    actor_id: str
    name: str
    kind: str
    field: str
    start: int
    end: int
    surface: str
    alias: str
    rule: str
    label: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a paragraph; `named` are those whose names lie on it, the shortest name first."""

    text: str
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of a text in its stretches; together they are the line, letter by letter."""

    start: int
    stretches: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(stretch.text for stretch in self.stretches)


def paragraphs(text: str, named: Iterable[Named]) -> tuple[Paragraph, ...]:
    """The lines of a text that are not empty, each cut where a name begins or ends.

    >>> [part.text for part in paragraphs("One.\\n\\nTwo.", [])]
    ['One.', 'Two.']
    """
    places = sorted(named, key=lambda one: (one.start, one.end))
    starts = [one.start for one in places]
    reach = _reach(places)
    found = []
    for line in _LINE.finditer(text):
        if line.group().strip():
            first = bisect_right(reach, line.start())
            last = bisect_right(starts, line.end() - 1)
            cut = tuple(_stretches(text, (line.start(), line.end()), places[first:last]))
            found.append(Paragraph(line.start(), cut))
    return tuple(found)


def _reach(places: Sequence[Named]) -> list[int]:
    """How far the names up to each one reach: what reaches no further lies before a line."""
    ends, furthest = [], 0
    for one in places:
        furthest = max(furthest, one.end)
        ends.append(furthest)
    return ends


def _stretches(text: str, line: tuple[int, int], places: Sequence[Named]) -> Iterator[Stretch]:
    """The pieces between all borders of names, in order."""
    start, end = line
    inside = [one for one in places if one.start < end and start < one.end]
    borders = {start, end}
    for one in inside:
        borders |= {max(one.start, start), min(one.end, end)}
    ordered = sorted(borders)
    under: list[Named] = []
    opened = 0
    for begin, stop in pairwise(ordered):
        while opened < len(inside) and inside[opened].start <= begin:
            under.append(inside[opened])
            opened += 1
        under = [one for one in under if one.end > begin]
        shortest = sorted(under, key=lambda one: (one.end - one.start, one.actor_id))
        yield Stretch(text[begin:stop], tuple(shortest))
