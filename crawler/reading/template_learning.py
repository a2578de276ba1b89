"""From what was taken from an outlet's pages to the rules by which its pages are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from crawler.reading.template_audit import agrees
from crawler.reading.template_blocks import Block
from crawler.reading.template_checks import Measures, broken_promise, too_short
from crawler.reading.template_facts import places_of, sources_of
from crawler.reading.template_reading import Taken, judge_of, taken_from
from crawler.reading.template_views import SIGNIFICANT, Teacher, View, words_of
from crawler.reading.template_votes import Seen, digest, tally, weight_of
from storage.models import ReadingContext
from storage.template_records import Rules

MOST_CONTAINERS = 3
"""Kinds of pages of one outlet: news, opinion, video."""
ENOUGH = 2
"""Pages that must agree."""
_HOLDS = 0.8
"""Share of a page's text that its container must hold."""
_RECALL_COUNTS = 16.0
"""Squared weight of what a container holds over what it holds beside: that can be dropped."""
_OFTEN = 0.2
_MOST_OF_PAGES = 0.5
_AS_OWN = 0.8
"""Of the paragraphs that one page alone has, what is kept in elements that hold articles' text."""
_NEARLY = 0.03
_MOST_NAMES = 260
"""Of blocks, in one template: it is sent with every page."""
_MOST_REPEATED = 150
_AGREES = 0.75
"""F1 of a page's text by template and by its teacher from which on they agree."""
_TELLS_NOTHING = 0.08
"""A longer name is left out where it says nearly the same as the shorter one."""

Chosen = tuple[str, Sequence[View]]
"""CSS of a container, and the pages where it holds the text."""


def rules_from(views: Sequence[View], context: ReadingContext) -> tuple[Rules, list[View]]:
    """The rules for these pages, and the pages that are read well by them."""
    chosen = _containers(views)
    again = _said_again(views, chosen)
    repeated = _repeated(views, chosen, again)
    seen = tally(_votes(chosen, repeated, again))
    rules = Rules(
        containers=tuple(css for css, _ in chosen),
        blocks=_telling(seen),
        repeated=tuple(sorted(repeated))[:_MOST_REPEATED],
    )
    read = [(view, taken) for view in views if (taken := _reads(rules, view)) is not None]
    rules = replace(
        rules,
        promises=_promises([taken.measures for _, taken in read]),
        sources=sources_of(views),
        places=places_of(views, context),
    )
    return rules, [view for view, _ in read]


# ---------------------------------------------------------------- containers


def _containers(views: Sequence[View]) -> list[tuple[str, list[View]]]:
    """CSS of what holds the text, that of most pages first, with the pages where it does.

    A page is held by what is nearly as good for it as the best: else the whole body would do for
    pages of two layouts.
    """
    common = Counter(css for view in views for css in view.ranges)
    shared = [css for css, count in common.items() if count >= ENOUGH]
    scores = [{css: _scores(view, css) for css in shared if css in view.ranges} for view in views]
    left, chosen = list(range(len(views))), list[tuple[str, list[View]]]()
    while len(left) >= ENOUGH and len(chosen) < MOST_CONTAINERS:
        css, held = _best([scores[place] for place in left])
        if len(held) < ENOUGH:
            break
        pages = [left[number] for number in held]
        chosen.append((css, [views[place] for place in pages]))
        left = [place for place in left if place not in pages]
    return chosen


def _scores(view: View, css: str) -> tuple[float, float]:
    recall, precision = view.measure(css)
    return _f(recall, precision, _RECALL_COUNTS), _f(recall, precision, 1.0)


def _best(scores: Sequence[dict[str, tuple[float, float]]]) -> tuple[str, list[int]]:
    """The CSS that is good for most pages, and which these are; of equals the tightest."""
    top = [max((broad for broad, _ in page.values()), default=0.0) for page in scores]
    held: dict[str, list[int]] = {}
    for number, page in enumerate(scores):
        for css, (broad, _) in page.items():
            if broad >= max(_HOLDS, top[number] - _NEARLY):
                held.setdefault(css, []).append(number)

    def worth(css: str) -> tuple[int, float, float, bool, int, str]:
        pages = [scores[number][css] for number in held[css]]
        tight = sum(narrow for _, narrow in pages) / len(pages)
        broad = sum(wide for wide, _ in pages) / len(pages)
        return len(pages), round(broad, 2), round(tight, 3), css != "body", -len(css), css

    best = max(held, key=worth, default="")
    return best, held.get(best, [])


def _f(recall: float, precision: float, weight: float) -> float:
    below = weight * precision + recall
    return (1 + weight) * precision * recall / below if below else 0.0


# ---------------------------------------------------------------- blocks


def _repeated(views: Sequence[View], chosen: Sequence[Chosen], again: set[str]) -> set[str]:
    """Digests of the texts in containers that stand on two pages or more: boxes, notices."""
    times, often = _times(views), enough_to_repeat(len(views))
    held = {view.blocks[place].text for view, place in _in_containers(chosen)} - again
    return {digest(text) for text in held if times[text] >= often}


def _said_again(views: Sequence[View], chosen: Sequence[Chosen]) -> set[str]:
    """Paragraphs that articles share, as who somebody is that the news is about: no frame's.

    They stand on half of the pages at most, in the same elements as most paragraphs that one page
    alone has, and the careful way takes them. On pages of real outlets there were only two of such,
    both text; of the twelve other repeated blocks that the careful way took, six were.
    """
    times, often = _times(views), enough_to_repeat(len(views))
    own: dict[str, list[bool]] = {}
    shared: list[tuple[View, Block]] = []
    for view, place in _in_containers(chosen):
        block = view.blocks[place]
        if view.words[place] < SIGNIFICANT:
            continue
        if times[block.text] < often:
            own.setdefault(block.names[1], []).append(view.kept[place])
        elif times[block.text] <= len(views) * _MOST_OF_PAGES:
            shared.append((view, block))
    places = {name for name, kept in own.items() if sum(kept) >= _AS_OWN * len(kept)}
    frame = {block.text for view, block in shared if not _is_said(view, block, places)}
    return {block.text for _, block in shared} - frame


def _is_said(view: View, block: Block, places: set[str]) -> bool:
    """Whether the careful way takes a block that stands where articles have their own ones."""
    return block.names[1] in places and view.careful.keeps(words_of(block.text))


def _times(views: Sequence[View]) -> Counter[str]:
    """On how many pages each text stands."""
    return Counter(text for view in views for text in {block.text for block in view.blocks})


def _in_containers(chosen: Sequence[Chosen]) -> Iterator[tuple[View, int]]:
    """Each page with the places of the blocks in its container."""
    for css, views in chosen:
        for view in views:
            for start, end in view.ranges[css]:
                for place in range(start, end):
                    yield view, place


def enough_to_repeat(pages: int) -> int:
    """On how many of so many pages a text stands that is the frame's.

    On two of a few; of many on a fifth, since news repeat a paragraph of what happened before.
    """
    return max(ENOUGH, ceil(pages * _OFTEN))


def _votes(
    chosen: Sequence[Chosen], repeated: set[str], again: set[str]
) -> Iterator[tuple[Block, float, float]]:
    """The blocks of all containers, whether they are kept, and their weight.

    What articles share tells nothing: it was cut from what the teacher took. Nor does what is not
    shown and was not taken: it looks like what is.
    """
    for view, place in _in_containers(chosen):
        block = view.blocks[place]
        passed = block.text in again or (block.hidden and not view.kept[place])
        if view.words[place] and not passed:
            share = 0.0 if digest(block.text) in repeated else view.kept[place]
            yield block, share, weight_of(view.words[place])


def _telling(seen: dict[str, Seen]) -> tuple[tuple[str, float, float], ...]:
    """The names that tell most, with what was seen under them; the order is that of the names."""
    told = {name: counts for name, counts in seen.items() if not _says_the_same(name, counts, seen)}
    most = sorted(told, key=lambda name: (-told[name][1], name))[:_MOST_NAMES]
    return tuple((name, round(told[name][0], 1), round(told[name][1], 1)) for name in sorted(most))


def _says_the_same(name: str, counts: Seen, seen: dict[str, Seen]) -> bool:
    """Whether a name of three elements says what the name of two says."""
    shorter = name.rpartition(" < ")[0]
    if " < " not in shorter:
        return False
    near = seen[shorter]
    return abs(near[0] / near[1] - counts[0] / counts[1]) < _TELLS_NOTHING


# ---------------------------------------------------------------- what pages promise


def _reads(rules: Rules, view: View) -> Taken | None:
    """What the rules take from a page that they were learned from, if its teacher agrees."""
    judge = judge_of(rules)
    for css in rules.containers:
        taken = taken_from(view.tree, judge, css, view.reading.headline)
        if taken and agrees(Teacher(taken.text), view.teacher) >= _AGREES:
            loose = replace(rules, promises=(("outside", 9.0), ("left", 9.0), ("linked", 9.0)))
            if not (too_short(taken.text) or broken_promise(taken.measures, loose, view.head)):
                return taken
    return None


def _promises(found: Sequence[Measures]) -> tuple[tuple[str, float], ...]:
    """The worst of each measure; of many pages the worst but one, as one may be odd."""
    named: dict[str, list[float]] = {}
    for measures in found:
        for name, value in measures.as_promises():
            named.setdefault(name, []).append(value)
    skipped = 1 if len(found) >= 8 else 0
    worst = {
        name: sorted(values, reverse=name != "known")[skipped] for name, values in named.items()
    }
    return tuple(sorted(worst.items()))
