"""The text blocks of a page in reading order, each with the names by which a template knows it.

A block is the text between two edges of block elements, or between line breaks. It is known by the
element that it stands directly in, by that and the one around it, and by all three. Digits in names
are all the same: they number articles, days and columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

MAX_NODES = 60_000
"""Nodes looked at in one page; real ones have under 20,000."""
MAX_BLOCKS = 6_000
MOST_CLASSES = 5
"""Of one element, in alphabetical order: utility styles have dozens that tell nothing."""
MAX_NAME = 90
"""Characters of an element's name."""

_UNREAD = frozenset(
    "script style noscript template svg iframe object video audio canvas button select textarea"
    " head title link meta input map datalist dialog menu".split()
)
_INLINE = frozenset(
    "a abbr acronym amp-img b bdi bdo big cite code data del dfn em font i img ins kbd label mark"
    " nobr picture q rp rt ruby s samp small source span strike strong sub sup time tt u var"
    " wbr".split()
)
_TELLING = ("itemprop", "data-component", "data-testid", "role")
_DIGITS = re.compile(r"\d+")
_OF_ITS_ARTICLE = re.compile(
    r"(tags?|authors?|categor(?:y|ies)|topics?|terms?|keywords?|persons?|users?)[-_].+"
)
"""A class that tells what one article is about or whose it is, as WordPress sets them: of it, the
first word is kept, since the others may be somebody's name."""


@dataclass(slots=True)
class Block:
    """A text on one line, where it stands, and how much of it is links."""

    text: str
    tag: str
    own: str
    parent: str
    grand: str
    linked: int  # characters

    @property
    def link_share(self) -> float:
        """How much of the text is links, 0 to 1."""
        return self.linked / len(self.text)

    @property
    def names(self) -> tuple[str, str, str]:
        """By which it is known, the most general first."""
        own = f"{self.own} +links" if self.link_share > LINKS else self.own
        near = f"{own} < {self.parent}"
        return own, near, f"{near} < {self.grand}"


LINKS = 0.6
"""Share of a text from which on it is one of links: it is known by another name."""


@dataclass(slots=True)
class Span:
    """A block element, and which of the blocks stand in it."""

    node: LexborNode
    start: int
    end: int


@dataclass(slots=True)
class _Walk:
    """One walk over the nodes under a root, in the order of the page."""

    blocks: list[Block] = field(default_factory=list)
    spans: list[Span] | None = None
    _parts: list[str] = field(default_factory=list)
    _linked: int = 0
    _links: int = 0  # open
    _names: list[str] = field(default_factory=list)
    _tags: list[str] = field(default_factory=list)
    _open: list[tuple[LexborNode, str, int]] = field(default_factory=list)  # start: -1 for inline

    def run(self, root: LexborNode) -> None:
        """Gather the blocks."""
        above = root.parent
        self._names = ["", _name_of(above) if above is not None else ""]
        self._tags = [""]
        self._enter(root, root.tag or "")
        node = root.first_child
        for _ in range(MAX_NODES):
            while node is None:
                last = self._leave()
                if not self._open:
                    return
                node = last.next
            node = self._seen(node)
            if len(self.blocks) >= MAX_BLOCKS:
                return
        self._flush()

    def _seen(self, node: LexborNode) -> LexborNode | None:
        """Take a node; which one is next, or None where this level ends."""
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            self._parts.append(text)
            self._linked += len(text) if self._links else 0
            return node.next
        if tag is None or tag in _UNREAD or not tag[0].isalpha():
            return node.next
        inline = tag in _INLINE
        if not inline:
            self._flush()
        child = node.first_child
        if child is None:
            return node.next
        self._enter(node, tag)
        return child

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag in _INLINE and self._open:
            self._links += tag == "a"
            self._open.append((node, tag, -1))
        else:
            self._names.append(_name_of(node))
            self._tags.append(tag)
            self._open.append((node, tag, len(self.blocks)))

    def _leave(self) -> LexborNode:
        node, tag, start = self._open[-1]
        if start >= 0:
            self._flush()
            self._names.pop()
            self._tags.pop()
            if self.spans is not None and start < len(self.blocks):
                self.spans.append(Span(node, start, len(self.blocks)))
        elif tag == "a":
            self._links -= 1
        self._open.pop()
        return node

    def _flush(self) -> None:
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        if text:
            own, parent, grand = self._names[-1], self._names[-2], self._names[-3]
            linked = min(self._linked, len(text))
            self.blocks.append(Block(text, self._tags[-1], own, parent, grand, linked))
        self._parts.clear()
        self._linked = 0


def blocks_in(root: LexborNode) -> list[Block]:
    """The blocks under an element, in reading order."""
    walk = _Walk()
    walk.run(root)
    return walk.blocks


def blocks_and_spans(root: LexborNode) -> tuple[list[Block], list[Span]]:
    """The blocks under an element, and the elements that have some of them; inner ones first."""
    walk = _Walk(spans=[])
    walk.run(root)
    return walk.blocks, walk.spans or []


def _name_of(node: LexborNode) -> str:
    tag = node.tag or ""
    attributes = node.attributes
    if not attributes:
        return tag
    telling = tuple(attributes.get(key) for key in _TELLING)
    return _named(tag, attributes.get("class"), telling)


@lru_cache(maxsize=8_192)
def _named(tag: str, classes: str | None, telling: tuple[str | None, ...]) -> str:
    """An element's name: tag, classes in alphabetical order, and what roles it is given.

    >>> _named("p", "text  post-4711 text", (None, None, None, None))
    'p.post-#.text'
    """
    kinds = sorted({kind_of_class(name) for name in (classes or "")[:500].split()})
    roles = (f"[{key}={value[:40]}]" for key, value in zip(_TELLING, telling, strict=True) if value)
    name = ".".join((tag, *kinds[:MOST_CLASSES])) + _DIGITS.sub("#", "".join(roles))
    return name[:MAX_NAME]


def is_of_its_article(name: str) -> bool:
    """Whether a class tells what one article is about or whose it is."""
    return _OF_ITS_ARTICLE.fullmatch(name) is not None


def kind_of_class(name: str) -> str:
    """A class as templates keep it: without numbers, and without what its article is about.

    >>> kind_of_class("post-4711"), kind_of_class("tag-basma-example")
    ('post-#', 'tag-')
    """
    kind = _OF_ITS_ARTICLE.fullmatch(name)
    return f"{kind[1]}-" if kind else _DIGITS.sub("#", name[:60])
