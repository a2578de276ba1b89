"""Whether two readings of a page hold the same article, whatever stands around it.

Lines of titles below the title of a box, in a list, or behind the last paragraph are passed over
where they differ, and so are short lines that are no sentences among paragraphs that are; but not
where one stands in the place of one with nearly the same words, nor where a list only lost lines:
boxes exchange whole titles, and who edits an article changes words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from crawler.reading.alignment import Pair, aligned
from crawler.reading.page_noise import Line, article_lines
from crawler.reading.tokens import joined, key_of, keys

_RUN = 3
"""Lines of titles behind the last paragraph that are a list of other articles."""
_ALIKE = 0.75
"""Share of words from which on two lines of titles are one line that was edited …"""
_ALIKE_IF_SHORT, _SHORT = 0.5, 8
"""… of so few words in no box, less is enough: they may be a subtitle …"""
_ALIKE_IF_LABELLED = 0.85
"""… and behind the same label it takes more: what is named there changes at every look."""
_LOOSE = 16
"""Words of a line among paragraphs up to which it may be the site's: a button, a prompt …"""
_COUNTER = 6
"""… and of one that tells a number and may count something."""
_LABEL = re.compile(r"^[^:：]{2,40}[:：](?=\s)")
_DIGITS = re.compile(r"\d+")


def same_article(before: str, after: str) -> bool:
    """Whether two readings of a page hold the same article, whatever else they hold."""
    if key_of(before) == key_of(after):
        return True
    one, other = article_lines(before), article_lines(after)
    return _said(one) == _said(other) or _same_but_for_boxes(one, other)


def _said(lines: Sequence[Line]) -> str:
    return joined([word for line in lines for word in line.said])


def _same_but_for_boxes(one: list[Line], other: list[Line]) -> bool:
    """Whether two texts say the same once the lines of boxes that differ are passed over."""
    boxes = _boxes(one, other)
    kept = _kept(one, other, *boxes)
    passed = [inside.difference(pair[side] for pair in kept) for side, inside in enumerate(boxes)]
    left = [
        [line for place, line in enumerate(lines) if place not in inside]
        for lines, inside in zip((one, other), passed, strict=True)
    ]
    if _said(left[0]) != _said(left[1]):
        return False
    return not (_reworded(one, other, kept, passed) or _shortened(one, other, kept, passed))


def _reworded(
    one: Sequence[Line], other: Sequence[Line], kept: Sequence[Pair], passed: Sequence[set[int]]
) -> bool:
    """Whether a line that was passed over stands for one with nearly the same words."""
    doubtful = [passed[0] - _behind_all(one), passed[1] - _behind_all(other)]
    loose = [_loose(one), _loose(other)]
    for gone, new in _gaps(kept, len(one), len(other)):
        alone = doubtful[0].issuperset(gone) and doubtful[1].issuperset(new)
        if alone and len(gone) == len(new) == 1 and _alike(one[gone[0]], other[new[0]], 0):
            return True
        some = loose[0].intersection(gone), loose[1].intersection(new)
        if any(_alike(one[old], other[now], _SHORT) for old in some[0] for now in some[1]):
            return True
    return False


def _shortened(
    one: Sequence[Line], other: Sequence[Line], kept: Sequence[Pair], passed: Sequence[set[int]]
) -> bool:
    """Whether lists without a title only lost or only gained items: boxes exchange theirs."""
    lists = [
        {place for place in _untitled(lines) if lines[place].is_item} for lines in (one, other)
    ]
    differ = [inside & titles for inside, titles in zip(passed, lists, strict=True)]
    if bool(differ[0]) == bool(differ[1]):
        return False
    side = 0 if differ[0] else 1
    same = lists[side].intersection(pair[side] for pair in kept)
    return any(place - 1 in same or place + 1 in same for place in differ[side])


def _boxes(one: Sequence[Line], other: Sequence[Line]) -> list[set[int]]:
    """The places of lines in boxes, for each text; what the other holds elsewhere is in none."""
    texts = (one, other)
    boxes = [_titled(lines) | _untitled(lines) | _loose(lines) for lines in texts]
    elsewhere = {
        line.key
        for lines, inside in zip(texts, boxes, strict=True)
        for place, line in enumerate(lines)
        if place not in inside
    }
    return [
        {place for place in inside if lines[place].key not in elsewhere}
        for lines, inside in zip(texts, boxes, strict=True)
    ]


def _kept(
    one: Sequence[Line], other: Sequence[Line], boxes: set[int], other_boxes: set[int]
) -> list[Pair]:
    """The places of lines in both texts, those of boxes only between lines that are of none."""
    before = [place for place in range(len(one)) if place not in boxes]
    after = [place for place in range(len(other)) if place not in other_boxes]
    sure, _ = aligned([one[place].key for place in before], [other[place].key for place in after])
    anchors = [(before[first], after[second]) for first, second in sure]
    kept = list(anchors)
    for gone, new in _gaps(anchors, len(one), len(other)):
        inner, _ = aligned([one[place].key for place in gone], [other[place].key for place in new])
        kept += [(gone[first], new[second]) for first, second in inner]
    return sorted(kept)


def _gaps(kept: Sequence[Pair], before: int, after: int) -> Iterator[tuple[range, range]]:
    """What stands between two lines that both texts hold."""
    last = (-1, -1)
    for pair in (*kept, (before, after)):
        yield range(last[0] + 1, pair[0]), range(last[1] + 1, pair[1])
        last = pair


def _titled(lines: Sequence[Line]) -> set[int]:
    """The places of lines that stand below the title of a box."""
    inside: set[int] = set()
    for place, line in enumerate(lines):
        behind = range(place + 1, min(place + 1 + line.opens, len(lines)))
        inside.update(takewhile(lambda n: not lines[n].is_prose, behind))
    return inside


def _behind_all(lines: Sequence[Line]) -> set[int]:
    """The places in boxes with a title that no paragraph follows: no article goes on there."""
    last = max((place for place, line in enumerate(lines) if line.is_prose), default=-1)
    return {place for place in _titled(lines) if place > last}


def _untitled(lines: Sequence[Line]) -> set[int]:
    """The places of lines in lists without a title, but for those that the text announces."""
    inside, announced = set(), False
    for place, line in enumerate(lines):
        if not line.is_item:
            announced = line.announces
        elif not announced and not line.is_prose:
            inside.add(place)
    return (inside | _closing_run(lines)) - _titled(lines)


def _closing_run(lines: Sequence[Line]) -> set[int]:
    """The places of the lines of titles behind the last paragraph, where they are a list.

    Where paragraphs end without a full stop, short ones at the end look like titles.
    """
    if not _is_of_sentences(lines):
        return set()
    prose = [place for place, line in enumerate(lines) if line.is_prose]
    run = {place for place in range(prose[-1] + 1, len(lines)) if lines[place].said}
    announced = lines[prose[-1]].announces
    return set() if announced or len(run) < _RUN else run


def _loose(lines: Sequence[Line]) -> set[int]:
    """The places of short lines that are no sentences, in a text that is made of sentences.

    A button, a prompt, advertising, one other article behind a label: no list of words holds all
    of them. A subtitle that is put in or taken out is passed over with them.
    """
    if not _is_of_sentences(lines):
        return set()
    announced, boxed = False, _titled(lines) | _untitled(lines)
    loose = set()
    for place, line in enumerate(lines):
        announced = line.announces or (announced and line.is_item)
        if not announced and place not in boxed and line.said and not line.stops:
            short = len(line.said) <= _LOOSE or bool(_LABEL.match(line.text))
            loose.update([place] if short and not line.is_prose else [])
    return loose


def _is_of_sentences(lines: Sequence[Line]) -> bool:
    """Whether most paragraphs end with a full stop; else a short one looks like a title."""
    prose = [line for line in lines if line.is_prose]
    return bool(prose) and sum(line.stops for line in prose) * 2 >= len(prose)


def _alike(one: Line, other: Line, short: int) -> bool:
    """Whether two lines have most of their words in common, but for a label and a counter."""
    said, now = _unlabelled(one, other)
    if len(said) <= _COUNTER and _without_numbers(said) == _without_numbers(now):
        return False
    least = _ALIKE_IF_SHORT if max(len(said), len(now)) <= short else _ALIKE
    if len(said) < len(one.said):
        least = _ALIKE_IF_LABELLED
    shared = (Counter(said) & Counter(now)).total()
    return 2 * shared >= least * (len(said) + len(now))


def _unlabelled(one: Line, other: Line) -> tuple[list[str], list[str]]:
    """What two lines say, without the label that both begin with: "Read this: …"."""
    label, same = _LABEL.match(one.text), _LABEL.match(other.text)
    if label and same and (said := keys(label[0])) == keys(same[0]):
        return one.said[len(said) :], other.said[len(said) :]
    return one.said, other.said


def _without_numbers(said: Sequence[str]) -> list[str]:
    return [_DIGITS.sub("", word) for word in said]
