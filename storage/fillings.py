"""Whether two texts that share much are two fillings of one form: their words side by side.

Bulletins, cables, court and road notices return in the same wording with other names, places,
figures and days. An outlet that reprints a text cuts it, puts words around it, moves or rewords
a sentence: it does not put another name wherever a name stands. So the texts are aligned, and what
stands in one place in the one and the other is looked at: words that occur nowhere in the other
text are what a form is filled with; an editor's words, or words of a scanner, stand elsewhere too,
or one by one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from storage.text import fold, words

ANCHOR = 3
"""Words in a row, once in each text, that say where these run side by side."""
LONGEST = 10
"""Words of one place at most: longer ones are sentences that were written anew."""
LEAD = 6
"""Words of one text or the other alone, before anything is shared: a beginning written anew."""
SOLID = 8
"""Words in a row that are the same in both: there the text of the one goes on in the other."""
REWRITTEN = 2
"""Places at most in such a beginning that say nothing: more of them are those of a form."""
NEWS = 12
BACKGROUND = 0.67
KNOWN = 0.2
"""Two texts that begin with as many words of their own, share less than the second of the shorter,
and know less than the third of what else is in the other, tell a background of different news."""
UNEVEN = 3
"""Times as many words on the one side as on the other that are no filling for sure."""
LEAST_SHARE = 0.5
"""Of the places that differ, those that are filled otherwise, at least."""
LEAST_DENSITY = 1 / 60
"""Of the words that are shared, as many places: later figures in a long report are few."""
SPELLING = 0.6
"""Of two names, the letters that are the same at both ends, for them to be one name."""
GROWN = 1.15
"""Times as long as its first report is what an outlet tells later, at least."""


class Worded(NamedTuple):
    """A text as a list of folded words, how often each occurs, and where its anchors stand."""

    words: list[str]
    counts: Counter[str]
    anchors: dict[tuple[str, ...], int]


class Place(NamedTuple):
    """What stands in one place in the one text and in the other."""

    one: tuple[str, ...]
    other: tuple[str, ...]


class _Row(NamedTuple):
    """Words that are the same in both texts, one after the other."""

    start: int
    other_start: int
    length: int


def worded(text: str) -> Worded:
    """A text made ready to be held against others."""
    found = words(fold(text))
    runs = Counter(zip(*(found[n:] for n in range(ANCHOR)), strict=False))
    places = enumerate(zip(*(found[n:] for n in range(ANCHOR)), strict=False))
    return Worded(found, Counter(found), {run: n for n, run in places if runs[run] == 1})


def contrary(one: Worded, other: Worded, *, one_outlet: bool = False) -> bool:
    """Whether the two are fillings of one form, or tell but the same background.

    An outlet does not print a text twice: of its own, one place filled otherwise is enough, unless
    the later one has grown, as a report does while the news goes on.
    """
    rows = _rows(one, other)
    if _is_background(rows, one, other):
        return True
    shared, lead, body = _compared(rows, one, other)
    filled = [place for place in lead if _is_filled(place, one, other)]
    places = lead + body if one_outlet or len(filled) > REWRITTEN else body
    filled = [place for place in places if _is_filled(place, one, other)]
    least, most = sorted((len(one.words), len(other.words)))
    if one_outlet and most < GROWN * least:
        return bool(filled)
    count: float = len(filled)
    if not one_outlet:
        sure = sum(_is_sure(place, one, other, filled) for place in filled)
        count = (sure + len(filled)) / 2 if sure else 0
    return count >= max(1, LEAST_SHARE * len(places), LEAST_DENSITY * shared)


def contrary_slots(one: Collection[int], other: Collection[int]) -> bool:
    """The same by the slots of two fingerprints, where a text is not kept.

    A slot is a number or day in 16 bits, below 16 bits of the words before it.
    """
    mine, theirs = _by_place(one), _by_place(other)
    both = mine.keys() & theirs.keys()
    return sum(mine[place].isdisjoint(theirs[place]) for place in both) * 2 > len(both)


def _by_place(slots: Iterable[int]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for slot in slots:
        found[slot >> 16].add(slot & 0xFFFF)
    return found


def _compared(
    rows: Sequence[_Row], one: Worded, other: Worded
) -> tuple[int, list[Place], list[Place]]:
    """How many words run side by side, and the places that differ: in a new lead, behind it."""
    shared = sum(row.length for row in rows)
    lead, body = list[Place](), list[Place]()
    begin = _behind_lead(rows, one, other)
    for number, (row, later) in enumerate(pairwise(rows)):
        gap = Place(
            tuple(one.words[row.start + row.length : later.start]),
            tuple(other.words[row.other_start + row.length : later.other_start]),
        )
        parts = [_trimmed(*part) for part in _parts(gap, one, other)]
        shared += len(gap.one) - sum(len(part.one) for part in parts)
        places = lead if number < begin else body
        places += [part for part in parts if all(0 < len(side) <= LONGEST for side in part)]
    return shared, lead, body


def _is_background(rows: Sequence[_Row], one: Worded, other: Worded) -> bool:
    """Whether they have some sentences in common, and nothing else: neither names nor words.

    A lead that is written anew tells in other words of the same people and places.
    """
    first = next((row for row in rows if row.length >= SOLID), None)
    if first is None or min(first.start, first.other_start) < NEWS:
        return False
    shared = sum(row.length for row in rows)
    if shared >= BACKGROUND * min(len(one.words), len(other.words)):
        return False
    own = _rest(one.words, [(row.start, row.length) for row in rows])
    others = _rest(other.words, [(row.other_start, row.length) for row in rows])
    known = sum(word in other.counts for word in own) / len(own)
    return max(known, sum(word in one.counts for word in others) / len(others)) < KNOWN


def _rest(words: Sequence[str], rows: Iterable[tuple[int, int]]) -> list[str]:
    """The words that stand in no row."""
    found, end = list[str](), 0
    for start, length in rows:
        found += words[end:start]
        end = start + length
    return found + list(words[end:])


def _rows(one: Worded, other: Worded) -> list[_Row]:
    """What runs side by side, in order and without what overlaps."""
    rows: list[_Row] = []
    end, other_end = 0, 0
    for start, other_start in _anchors(one, other):
        if rows and start <= end and start - other_start == end - other_end:  # the row goes on
            last = rows[-1]
            rows[-1] = last._replace(length=start + ANCHOR - last.start)
        else:
            inside = max(0, end - start, other_end - other_start)
            rows.append(_Row(start + inside, other_start + inside, ANCHOR - inside))
        end, other_end = start + ANCHOR, other_start + ANCHOR
    return rows


def _behind_lead(rows: Sequence[_Row], one: Worded, other: Worded) -> int:
    """The first row that is no part of a lead written anew.

    Such a lead has some words in a row in common with the old one, and other words around them.
    """
    if not rows:
        return 0
    openings = set(one.words[: rows[0].start]), set(other.words[: rows[0].other_start])
    if len(openings[0] ^ openings[1]) < LEAD:
        return 0
    return next((n for n, row in enumerate(rows) if row.length >= SOLID), 0)


def _parts(gap: Place, one: Worded, other: Worded) -> Iterator[Place]:
    """What stands between two rows: parted, if it is long, at words that are once in each text.

    A form's places often lie only a word or two apart.
    """
    if max(map(len, gap)) <= LONGEST:
        yield gap
        return
    at = {word: n for n, word in enumerate(gap.other) if other.counts[word] == 1}
    words = enumerate(gap.one)
    both = [(n, at[word]) for n, word in words if word in at and one.counts[word] == 1]
    start, other_start = 0, 0
    for end, other_end in (*_in_order(both), (len(gap.one), len(gap.other))):
        yield Place(gap.one[start:end], gap.other[other_start:other_end])
        start, other_start = end + 1, other_end + 1


def _anchors(one: Worded, other: Worded) -> Iterator[tuple[int, int]]:
    """The longest row of common anchors that stand in the same order in both texts."""
    common = one.anchors.keys() & other.anchors.keys()
    return _in_order(sorted((one.anchors[run], other.anchors[run]) for run in common))


def _in_order(both: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of places in one text, in order, and in the other: the most that are in order there too."""
    if all(before[1] < after[1] for before, after in pairwise(both)):
        return iter(both)
    ends: list[int] = []  # of the rows of each length, the least place in the other text
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(both):
        length = bisect_left(ends, place)
        ends[length : length + 1], last[length : length + 1] = [place], [number]
        before.append(last[length - 1] if length else -1)
    chosen, number = [], last[-1] if last else -1
    while number >= 0:
        chosen.append(both[number])
        number = before[number]
    return reversed(chosen)


def _trimmed(one: Sequence[str], other: Sequence[str]) -> Place:
    """Without the equal words at either end."""
    first, least = 0, min(len(one), len(other))
    while first < least and one[first] == other[first]:
        first += 1
    last = 0
    while last < least - first and one[-1 - last] == other[-1 - last]:
        last += 1
    return Place(tuple(one[first : len(one) - last]), tuple(other[first : len(other) - last]))


def _is_filled(place: Place, one: Worded, other: Worded) -> bool:
    """Whether most words of both sides are unknown to the other text, or their figures differ."""
    if _figures(place.one) and _figures(place.other):
        return _figures(place.one) != _figures(place.other)
    strange, other_strange = _strange(place, one, other)
    most = 2 * strange >= len(place.one) and 2 * other_strange >= len(place.other)
    return most and not _spelled_alike("".join(place.one), "".join(place.other))


def _is_sure(place: Place, one: Worded, other: Worded, filled: Sequence[Place]) -> bool:
    """Figures, names of several words, and what is another one wherever it stands.

    A single word may be an editor's; so may figures put into words, and what is put briefly.
    """
    figures = [bool(_figures(side)) for side in place]
    least, most = sorted(map(len, place))
    if any(figures) or most > UNEVEN * least:
        return all(figures)
    return min(_strange(place, one, other)) >= 2 or filled.count(place) > 1


def _strange(place: Place, one: Worded, other: Worded) -> tuple[int, int]:
    return (
        sum(word not in other.counts for word in place.one),
        sum(word not in one.counts for word in place.other),
    )


def _figures(side: Sequence[str]) -> str:
    """The figures in a row: 1,500 and 1500 are the same."""
    return "".join(word for word in side if word.isdecimal())


def _spelled_alike(one: str, other: str) -> bool:
    """Whether the ends that two names have in common are most of them: the same one, respelled."""
    least, begin, end = min(len(one), len(other)), 0, 0
    while begin < least and one[begin] == other[begin]:
        begin += 1
    while end < least - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    return begin + end >= SPELLING * max(len(one), len(other))
