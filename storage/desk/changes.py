"""What differs between two texts, for people who read: line by line, the changed words marked.

How texts are compared is handed in (`crawler.reading.changes.compare`): its parts are sentences, in
the order of the later text. Here they become lines again, and what did not change can be folded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Protocol

_BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
Said = Literal["same", "cut", "added", "moved"]


class Place(Protocol):
    """A piece of a text, in code points."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends; the same place where it is nothing."""


class Exchange(Protocol):
    """Words of a changed sentence that were exchanged; one of the two may be empty."""

    @property
    def before(self) -> Place:
        """In the earlier text."""

    @property
    def after(self) -> Place:
        """In the later text."""


class Part(Protocol):
    """A sentence in one text or both: kept, added, cut, changed or moved."""

    @property
    def kind(self) -> str:
        """What became of it."""

    @property
    def before(self) -> Place | None:
        """In the earlier text."""

    @property
    def after(self) -> Place | None:
        """In the later text."""

    @property
    def marks(self) -> Sequence[Exchange]:
        """What differs in a changed one."""


class Changes(Protocol):
    """All sentences of two texts; `share_kept` of the earlier one's words, 0 to 1."""

    @property
    def parts(self) -> Sequence[Part]:
        """In the order of the later text; what was cut stands where it stood."""

    @property
    def share_kept(self) -> float:
        """The part of the earlier text's words that stands in the later one."""


Compare = Callable[[str, str], Changes]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they stand in both texts, only the earlier, or only the later one."""

    text: str
    said: Said


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that follow each other and all changed, or all did not."""

    changed: bool
    lines: tuple[Line, ...]


def blocks(compare: Compare, before: str, after: str) -> tuple[Block, ...]:
    """Both texts as one, in the order of the later one."""
    lines = _Lines(before, after).of(compare(before, after).parts)
    grouped = groupby(lines, key=lambda line: any(piece.said != "same" for piece in line))
    return tuple(Block(changed, tuple(group)) for changed, group in grouped)


class _Lines:
    """Sentences on their way back into the lines they stood in."""

    def __init__(self, before: str, after: str) -> None:
        self._texts = before, after
        self._ends = [0, 0]  # of what was last seen on either side

    def of(self, parts: Sequence[Part]) -> Iterator[Line]:
        """The lines of all parts."""
        line: list[Piece] = []
        last: Part | None = None
        for part in parts:
            if last is not None and self._begins_line(last, part):
                yield tuple(_joined(line))
                line = []
            line += self._pieces(part)
            self._pass(part)
            last = part
        if line:
            yield tuple(_joined(line))

    def _begins_line(self, last: Part, part: Part) -> bool:
        """Whether a line ends between two sentences, in the text that both of them stand in."""
        in_later = part.after is not None and (last.after is not None or part.before is None)
        side, place = (1, part.after) if in_later else (0, part.before)
        assert place is not None, "a sentence stands in one text at least"
        end = self._ends[side]
        between = self._texts[side][end : place.start]
        return place.start < end or _BREAK.search(between) is not None

    def _pass(self, part: Part) -> None:
        if part.after is not None:
            self._ends[1] = part.after.end
        if part.before is not None and str(part.kind) != "moved":
            self._ends[0] = max(self._ends[0], part.before.end)

    def _pieces(self, part: Part) -> list[Piece]:
        if str(part.kind) == "changed" and part.before and part.after:
            return list(self._marked(part.before, part.after, part.marks))
        said = _SAID[str(part.kind)]
        return [Piece(self._wording(part), said)]

    def _wording(self, part: Part) -> str:
        if part.after is not None:
            return self._texts[1][part.after.start : part.after.end]
        assert part.before is not None, "a sentence stands in one text at least"
        return self._texts[0][part.before.start : part.before.end]

    def _marked(self, before: Place, after: Place, marks: Sequence[Exchange]) -> Iterator[Piece]:
        """A changed sentence: the later wording, and what it stands for where it differs."""
        old, new = self._texts
        at = after.start
        for mark in marks:
            yield Piece(new[at : mark.after.start], "same")
            yield Piece(old[mark.before.start : mark.before.end], "cut")
            yield Piece(new[mark.after.start : mark.after.end], "added")
            at = max(at, mark.after.end)
        yield Piece(new[at : after.end], "same")


_SAID: dict[str, Said] = {"kept": "same", "cut": "cut", "added": "added", "moved": "moved"}


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and with white space where two of them would run together."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and _run_together(last, piece):
            yield Piece(" ", "same")
        yield piece
        last = piece


def _run_together(one: Piece, other: Piece) -> bool:
    """Whether there is no space between two pieces that are not from one stretch of a text."""
    if one.said == other.said == "same":
        return not one.text[-1].isspace() and not other.text[0].isspace()
    apart = one.text[-1].isspace() or other.text[0].isspace()
    return not apart and (other.text[0].isalnum() or other.said != "same")
