"""Whether what a template took from a page is what it promises, found out cheaply.

Each measure is compared with its worst value on the pages that were learned from. Characters are
counted, not words: not every script writes spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from crawler.reading.heads import Head
from crawler.reading.jsonld import texts_of
from crawler.reading.template_blocks import Block
from crawler.reading.template_votes import Judge
from storage.template_records import Rules

_PARAGRAPH = 80
"""Characters from which on a <p> outside of the container may be text that was left out."""
_MOST_PARAGRAPHS = 400
_LEAST = 160
"""Characters of text; what has fewer is a brief, a video or no article: the careful way tells."""
_SLACK_OUTSIDE, _SLACK_LEFT, _SLACK_LINKED = 0.35, 0.3, 0.2
"""How much worse than the worst page that was learned from a page may be."""
_LEAST_KNOWN = 0.5
_STATED = 600
"""Characters from which on a text in JSON-LD is no mere teaser …"""
_OF_STATED = 0.6
"""… and the share of it that must at least be found on the page."""
_TAGS = re.compile(r"<[^>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Measures:
    """How a page looks under a template; shares are of the characters that were kept."""

    kept: int  # characters
    known: float  # in blocks of kinds that were seen while learning
    linked: float  # in links
    left: float  # that were left out of the container in blocks of kinds never seen
    outside: float  # in paragraphs outside of it

    def as_promises(self) -> tuple[tuple[str, float], ...]:
        """The shares by name."""
        names = ("known", "linked", "left", "outside")
        return tuple((name, round(float(getattr(self, name)), 3)) for name in names)


def measures(
    tree: LexborHTMLParser, blocks: Sequence[Block], kept: Sequence[Block], judge: Judge
) -> Measures:
    """What can be said of a page whose container has these blocks, of which those are kept."""
    size = sum(len(block.text) for block in kept)
    whole = max(1, size)
    known = sum(len(block.text) for block in kept if judge.knows(block))
    taken = {id(block) for block in kept}
    left = sum(
        len(block.text)
        for block in blocks
        if id(block) not in taken
        and len(block.text) >= _PARAGRAPH
        and not judge.knows(block)
        and block.link_share < _SLACK_OUTSIDE
    )
    outside = _paragraphs(tree) - sum(len(block.text) for block in blocks if block.tag == "p")
    return Measures(
        size,
        known / whole,
        sum(block.linked for block in kept) / whole,
        left / whole,
        max(0, outside) / whole,
    )


def _paragraphs(tree: LexborHTMLParser) -> int:
    """The characters of the paragraphs of a page that are long."""
    sizes = (len(node.text().strip()) for node in tree.css("p")[:_MOST_PARAGRAPHS])
    return sum(size for size in sizes if size >= _PARAGRAPH)


def broken_promise(found: Measures, rules: Rules, head: Head) -> str:
    """Which promise of the template the page does not keep, in a few words; "" for none."""
    if found.known < min(_LEAST_KNOWN, rules.promise("known", 0.0)):
        return f"{found.known:.0%} of it in places seen before"
    if found.outside > rules.promise("outside", 0.0) + _SLACK_OUTSIDE:
        return f"text outside of its place: {found.outside:.0%} of what is in it"
    if found.left > rules.promise("left", 0.0) + _SLACK_LEFT:
        return f"blocks of unknown kinds: {found.left:.0%} of what was taken"
    if found.linked > rules.promise("linked", 0.0) + _SLACK_LINKED:
        return f"{found.linked:.0%} of it are links"
    return _stated_otherwise(found, head)


def too_short(text: str) -> str:
    """Whether what is left of a text is no article's for sure, in a few words; "" if it may be."""
    return f"only {len(text)} characters of text" if len(text) < _LEAST else ""


def _stated_otherwise(found: Measures, head: Head) -> str:
    """Whether the page states a much longer text for machines than was taken."""
    bodies = texts_of(head.data.article.get("articleBody")) if head.data.sure else []
    if not bodies or found.kept >= len(bodies[0]) * _OF_STATED:
        return ""
    stated = len(_TAGS.sub("", bodies[0]))
    if stated < _STATED or found.kept >= stated * _OF_STATED:
        return ""
    return f"{found.kept} characters where the page states {stated}"
