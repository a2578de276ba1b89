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

from crawler.reading.unshown import unshown_in

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
_TEXT, _RUN, _UNSEEN, _OTHER = range(4)
_KINDS: dict[str | None, int] = {
    **dict.fromkeys(_UNREAD, _UNSEEN),
    **dict.fromkeys(_INLINE, _RUN),
    "-text": _TEXT,
}
"""What a node is, by its tag; all others are block elements, comments and the like."""
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
    hidden: bool = False  # unless a script shows it

    @property
    def link_share(self) -> float:
        """How much of the text is links, 0 to 1."""
        return self.linked / len(self.text)

    @property
    def names(self) -> tuple[str, str, str]:
        """By which it is known, the most general first."""
        return _names(self.own, self.parent, self.grand, self.link_share > LINKS)


@lru_cache(maxsize=8_192)
def _names(own: str, parent: str, grand: str, links: bool) -> tuple[str, str, str]:
    own = f"{own} +links" if links else own
    near = f"{own} < {parent}"
    return own, near, f"{near} < {grand}"


LINKS = 0.6
"""Share of a text from which on it is one of links: it is known by another name."""


@dataclass(slots=True)
class Span:
    """A block element, and which of the blocks stand in it."""

    node: LexborNode
    start: int
    end: int


_Place = tuple[str, str, str, str]
"""The tag of a block element, its name, and those of the two elements around it."""


@dataclass(slots=True)
class _Walk:
    """One walk over the nodes under a root, in the order of the page.

    What each of the hundreds of nodes of a page costs was measured: hence few calls for a node.
    """

    blocks: list[Block] = field(default_factory=list)
    spans: list[Span] | None = None
    _parts: list[str] = field(default_factory=list)
    _linked: int = 0
    _links: int = 0  # open
    _place: _Place = ("", "", "", "")
    _unshown: frozenset[int] = frozenset()
    _hidden: int = 0  # open
    _open: list[tuple[LexborNode, int, _Place]] = field(default_factory=list)
    """The elements around: for each its first block, or -1 for inline, and the place around it."""

    def run(self, root: LexborNode) -> None:
        """Gather the blocks."""
        above = root.parent
        self._unshown = unshown_in(root, _INLINE)
        self._place = ("", _name_of(above) if above is not None else "", "", "")
        self._enter(root, root.tag or "")
        node, parts = root.first_child, self._parts
        for _ in range(MAX_NODES):
            while node is None:
                last = self._leave()
                if not self._open:
                    return
                node = last.next
            tag = node.tag
            kind = _KINDS.get(tag, _OTHER)
            if kind == _TEXT:
                text = node.text_content or ""
                self._linked += len(text) if self._links else 0
                if parts or not text.isspace():  # most texts are what stands between two tags
                    parts.append(text)
                node = node.next
            elif kind == _UNSEEN or tag is None:
                node = node.next
            else:
                node = self._element(node, tag, inline=kind == _RUN)
        self._flush()

    def _element(self, node: LexborNode, tag: str, *, inline: bool) -> LexborNode | None:
        """Take an element that is read; which node is next, or None where this level ends."""
        if not inline:
            if not tag[0].isalpha():  # comments and the like
                return node.next
            if self._parts or self._linked:
                self._flush()
        child = node.first_child
        if child is None or (inline and self._unshown and node.mem_id in self._unshown):
            return node.next
        if inline:
            self._links += tag == "a"
            self._open.append((node, -1, self._place))
        else:
            self._enter(node, tag)
        return child

    def _enter(self, node: LexborNode, tag: str) -> None:
        """Begin a block element."""
        self._open.append((node, len(self.blocks), self._place))
        if self._unshown:
            self._hidden += node.mem_id in self._unshown
        _, own, parent, _ = self._place
        self._place = (tag, _name_of(node), own, parent)

    def _leave(self) -> LexborNode:
        node, start, around = self._open.pop()
        if start >= 0:
            if self._parts or self._linked:
                self._flush()
            self._place = around
            if self._unshown:
                self._hidden -= node.mem_id in self._unshown
            if self.spans is not None and start < len(self.blocks):
                self.spans.append(Span(node, start, len(self.blocks)))
        elif self._links and node.tag == "a":
            self._links -= 1
        return node

    def _flush(self) -> None:
        """End a block: what was said since the last edge of a block element."""
        text = _one_line("".join(self._parts))
        if text and len(self.blocks) < MAX_BLOCKS:
            linked = min(self._linked, len(text))
            self.blocks.append(Block(text, *self._place, linked, self._hidden > 0))
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


def _one_line(text: str) -> str:
    """`text` with single spaces; most are written so already, which is quickly seen."""
    text = text.strip()
    plain = text.isprintable() and "  " not in text  # no white space but the space is printable
    return text if plain else " ".join(text.split())


def _name_of(node: LexborNode) -> str:
    tag = node.tag or ""
    attributes = node.attributes
    if not attributes:
        return tag
    told = attributes.get
    return _named(
        tag,
        told("class"),
        told("itemprop"),
        told("data-component"),
        told("data-testid"),
        told("role"),
    )


@lru_cache(maxsize=8_192)
def _named(tag: str, classes: str | None, *telling: str | None) -> str:
    """An element's name: tag, classes in alphabetical order, and what roles it is given.

    >>> _named("p", "text  post-4711 text", None, None, None, None)
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
