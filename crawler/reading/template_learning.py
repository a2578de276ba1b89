"""From what teachers took from an outlet's pages to the rules by which its pages are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.reading.template_audit import agrees
from crawler.reading.template_blocks import Block
from crawler.reading.template_checks import Measures, broken_promise
from crawler.reading.template_facts import places_of, sources_of
from crawler.reading.template_reading import Taken, judge_of, taken_from
from crawler.reading.template_views import Teacher, View
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
_NEARLY = 0.005
_MOST_NAMES = 260
"""Of blocks, in one template: it is sent with every page."""
_MOST_REPEATED = 150
_AGREES = 0.75
"""F1 of a page's text by template and by its teacher from which on they agree."""
_TELLS_NOTHING = 0.08
"""A longer name is left out where it says nearly the same as the shorter one."""


def rules_from(views: Sequence[View], context: ReadingContext) -> tuple[Rules, list[View]]:
    """The rules for these pages, and the pages that are read well by them."""
    chosen = _containers(views)
    repeated = _repeated(views)
    seen = tally(_votes(chosen, repeated))
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
    """CSS of what holds the text, best first, with the pages where it does."""
    left, chosen = list(views), list[tuple[str, list[View]]]()
    while len(left) >= ENOUGH and len(chosen) < MOST_CONTAINERS:
        css = _best(left)
        held = [view for view in left if css and view.measure(css)[0] >= _HOLDS]
        if len(held) < ENOUGH:
            break
        chosen.append((css, held))
        left = [view for view in left if view not in held]
    return chosen


def _best(views: Sequence[View]) -> str:
    """The CSS that fits the texts of most pages best; of nearly equal ones the tightest."""
    common = Counter(css for view in views for css in view.ranges)
    scored = []
    for css, count in common.items():
        if count >= ENOUGH:
            found = [view.measure(css) for view in views]
            broad = sum(_f(*pair, _RECALL_COUNTS) for pair in found) / len(views)
            tight = sum(_f(*pair, 1.0) for pair in found) / len(views)
            scored.append((broad, round(tight, 3), -len(css), css))
    if not scored:
        return ""
    top = max(scored)[0]
    return max((item for item in scored if item[0] >= top - _NEARLY), key=lambda item: item[1:])[-1]


def _f(recall: float, precision: float, weight: float) -> float:
    below = weight * precision + recall
    return (1 + weight) * precision * recall / below if below else 0.0


# ---------------------------------------------------------------- blocks


def _repeated(views: Sequence[View]) -> set[str]:
    """Digests of the texts that stand on two pages or more: frames, boxes, notices."""
    times = Counter(text for view in views for text in {block.text for block in view.blocks})
    held = {
        block.text
        for view in views
        for block, share in zip(view.blocks, view.kept, strict=True)
        if share > 0
    }
    return {digest(text) for text, count in times.items() if count >= ENOUGH and text in held}


def _votes(
    chosen: Sequence[tuple[str, Sequence[View]]], repeated: set[str]
) -> Iterator[tuple[Block, float, float]]:
    """The blocks of all containers with the share of teachers that keep them, and their weight."""
    for css, views in chosen:
        for view in views:
            for start, end in view.ranges[css]:
                for place in range(start, end):
                    if view.words[place]:
                        block = view.blocks[place]
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
        if taken and agrees(Teacher(taken.text), view.teachers[0]) >= _AGREES:
            loose = replace(rules, promises=(("outside", 9.0), ("left", 9.0), ("linked", 9.0)))
            if not broken_promise(taken.measures, loose, view.head):
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
