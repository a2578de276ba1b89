"""What changed between two texts, sentence by sentence, and whether it is an edit at all.

`compare` shows what one text kept, added, cut, changed and moved against another. `is_edit` says
whether an outlet changed what an article says, or only noise of the page differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from crawler.reading.alignment import Pair, aligned
from crawler.reading.page_boxes import same_article
from crawler.reading.page_noise import headline_key
from crawler.reading.sentence_split import Span, sentences
from crawler.reading.tokens import Token, joined, keys, tokens

_ALIKE = 0.5
"""Of the words of two sentences, how many they share to be one sentence that was changed."""
_WHOLLY_WITHIN = 5  # words of a sentence that was cut short, or has grown, to be known again
_COMMON = 8
"""Sentences that share a word from which on it tells nothing; bounds the pairs that are weighed."""
_LONGEST = 250
"""Words of a sentence up to which all changes in it are marked; of a longer one, only one."""


class Kind(StrEnum):
    """What became of a sentence."""

    KEPT = "kept"
    ADDED = "added"
    CUT = "cut"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a changed sentence that were exchanged; one of the two may be empty."""

    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence in one text or both; `marks` tell what differs in a changed one."""

    kind: Kind
    before: Span | None
    after: Span | None
    marks: tuple[Mark, ...] = ()

    def wording(self, before: str, after: str) -> tuple[str, str]:
        """The sentence as each of the two texts has it, "" where one has none of it."""
        old = before[self.before.start : self.before.end] if self.before else ""
        return old, after[self.after.start : self.after.end] if self.after else ""


@dataclass(frozen=True, slots=True)
class Changes:
    """All sentences of two texts, in the order of the later one; what was cut, where it stood.

    `share_kept` is the part of the earlier text's words that stands in the later one.
    """

    parts: tuple[Part, ...]
    share_kept: float


@dataclass(frozen=True, slots=True)
class Said:
    """What an article says: its headline and its text."""

    headline: str
    text: str


def is_edit(before: Said, after: Said) -> bool:
    """Whether the outlet changed what the article says; False where only noise differs.

    >>> was = Said("بيان", "قال الناشط إنه بريء.")
    >>> is_edit(was, Said("بيان", "منذ 3 ساعات\\nقال  الناشط إنه بريء .")), is_edit(
    ...     was, Said("بيان", "قال المشتبه به إنه بريء."))
    (False, True)
    """
    if headline_key(before.headline) != headline_key(after.headline):
        return True
    return not same_article(before.text, after.text)


def compare(before: str, after: str) -> Changes:
    """Each sentence of both texts, once: kept, added, cut, changed or moved.

    >>> [str(part.kind) for part in compare("One. Two is here. Three.", "One. Two was here.").parts]
    ['kept', 'changed', 'cut']
    """
    return _Comparison(before, after).changes()


class _Comparison:
    """Two texts on their way to what changed between them."""

    def __init__(self, before: str, after: str) -> None:
        self._texts = before, after
        self._spans = sentences(before), sentences(after)
        self._words = tuple(
            [keys(text[span.start : span.end]) for span in spans]
            for text, spans in zip(self._texts, self._spans, strict=True)
        )

    def changes(self) -> Changes:
        """The parts in order, and the share of words kept."""
        said = [list(map(joined, words)) for words in self._words]
        kept, moved = aligned(*said)
        changed = self._changed(kept + moved)
        places = dict.fromkeys(kept, Kind.KEPT) | dict.fromkeys(moved, Kind.MOVED)
        parts = {pair: self._part(kind, pair) for pair, kind in places.items()}
        found = sum(len(self._words[0][place]) for place, _ in places)
        for pair in changed:
            marks, same = self._marks(pair)
            parts[pair] = self._part(Kind.CHANGED, pair, marks)
            found += same
        total = sum(map(len, self._words[0]))
        return Changes(tuple(self._in_order(parts)), found / total if total else 1.0)

    def _changed(self, equal: Sequence[Pair]) -> list[Pair]:
        """The pairs of other sentences that share most of their words, the likest first taken."""
        rest = [
            set(range(len(words))).difference(pair[side] for pair in equal)
            for side, words in enumerate(self._words)
        ]
        likeness = {
            pair: score
            for pair in self._candidates(rest[0], rest[1])
            if (score := _likeness(self._words[0][pair[0]], self._words[1][pair[1]])) >= _ALIKE
        }
        taken: list[Pair] = []
        for pair in sorted(likeness, key=lambda pair: (-likeness[pair], *_nearness(pair))):
            if pair[0] in rest[0] and pair[1] in rest[1]:
                rest[0].remove(pair[0])
                rest[1].remove(pair[1])
                taken.append(pair)
        return taken

    def _candidates(self, before: set[int], after: set[int]) -> set[Pair]:
        """The pairs that share a word which few of the sentences hold."""
        first, second = (
            _holders(words, places)
            for words, places in zip(self._words, (before, after), strict=True)
        )
        return {
            (one, other)
            for word, holders in first.items()
            if len(holders) <= _COMMON and len(second.get(word, ())) <= _COMMON
            for one in holders
            for other in second.get(word, ())
        }

    def _part(self, kind: Kind, pair: Pair, marks: tuple[Mark, ...] = ()) -> Part:
        return Part(kind, self._spans[0][pair[0]], self._spans[1][pair[1]], marks)

    def _marks(self, pair: Pair) -> tuple[tuple[Mark, ...], int]:
        """What differs between two sentences, and how many words they share."""
        sides = [
            tokens(text, spans[place])
            for text, spans, place in zip(self._texts, self._spans, pair, strict=True)
        ]
        said = [[token.key for token in side] for side in sides]
        marks, same = [], 0
        for same_words, one, other in _differences(*said):
            same += same_words
            if one[0] < one[1] or other[0] < other[1]:
                marks.append(
                    Mark(
                        _place(sides[0], one, self._spans[0][pair[0]]),
                        _place(sides[1], other, self._spans[1][pair[1]]),
                    )
                )
        return tuple(marks), same

    def _in_order(self, parts: dict[Pair, Part]) -> Iterator[Part]:
        """All parts by their place in the later text; a cut one behind what stood before it."""
        placed = {after: part for (_, after), part in parts.items()}
        held = dict(parts.keys())
        keyed = [((after, 0, 0), part) for after, part in placed.items()]
        keyed += [
            ((after, 0, 0), Part(Kind.ADDED, None, span))
            for after, span in enumerate(self._spans[1])
            if after not in placed
        ]
        last = -1
        for before, span in enumerate(self._spans[0]):
            if before in held:
                last = held[before]
            else:
                keyed.append(((last, 1, before), Part(Kind.CUT, span, None)))
        yield from (part for _, part in sorted(keyed, key=lambda one: one[0]))


def _holders(words: Sequence[Sequence[str]], places: set[int]) -> dict[str, list[int]]:
    """For each word the sentences among `places` that hold it."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place in sorted(places):
        for word in set(words[place]):
            holders[word].append(place)
    return holders


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """How much two sentences share, from 0 to 1; a piece of a sentence is like the whole."""
    shared = (Counter(one) & Counter(other)).total()
    fewest = min(len(one), len(other))
    within = shared / fewest if fewest >= _WHOLLY_WITHIN else 0.0
    return max(2 * shared / (len(one) + len(other)), 0.9 * within if within > 0.8 else 0.0)


def _nearness(pair: Pair) -> tuple[int, int]:
    return abs(pair[0] - pair[1]), sum(pair)


Stretch = tuple[int, int]


def _differences(one: list[str], other: list[str]) -> Iterator[tuple[int, Stretch, Stretch]]:
    """The words that differ, as (equal words before them, stretch of one, stretch of other)."""
    if max(len(one), len(other)) > _LONGEST:
        yield from _middle(one, other)
        return
    same = 0
    for tag, start, end, other_start, other_end in SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            same = end - start
        else:
            yield same, (start, end), (other_start, other_end)
            same = 0
    if same:
        yield same, (0, 0), (0, 0)


def _middle(one: list[str], other: list[str]) -> Iterator[tuple[int, Stretch, Stretch]]:
    """All between the first word and the last that differ."""
    least = min(len(one), len(other))
    head = next((n for n in range(least) if one[n] != other[n]), least)
    tail = next((n for n in range(least - head) if one[-1 - n] != other[-1 - n]), least - head)
    yield head + tail, (head, len(one) - tail), (head, len(other) - tail)


def _place(side: Sequence[Token], stretch: Stretch, whole: Span) -> Span:
    """The place of a stretch of words; of none, the place between two words."""
    start, end = stretch
    if start < end:
        return Span(side[start].start, side[end - 1].end)
    if start < len(side):
        return Span(side[start].start, side[start].start)
    return Span(side[-1].end, side[-1].end) if side else Span(whole.start, whole.start)
