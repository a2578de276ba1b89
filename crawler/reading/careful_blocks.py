"""The blocks of a page: each piece of text between two breaks, and the elements that hold it.

One walk over the tree; what is summed up afterwards is summed once, from the leaves to the root,
so that time grows with the size of the page alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml import html as lxml_html

from crawler.reading.body import Document

TOKEN = re.compile(r"\w+")
GRAM = 4
"""Words in a row by which one text is found in another."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meta nobr q"
    " rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_UNREAD = frozenset(
    "head script style noscript template svg math iframe object select option datalist textarea"
    " input canvas video audio map progress meter".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_OTHER = re.compile(
    r"related|more-?(?:on|from|stories|news|articles|posts)|most-?(?:read|view|popular)|popular"
    r"|trending|recommend|read-?(?:more|next|also)|also-?read|see-?also|up-?next|next-?(?:up|post)"
    r"|teaser|outbrain|taboola|promo|sponsor|advert|(?:^|[-_ ])ads?(?:[-_ ]|$)|banner|carousel"
    r"|side-?bar|widget|recirc|latest|similar|external-links|ذات-صلة",
    re.IGNORECASE,
)
_TALK = re.compile(r"comment(?!ary)|disqus|respond|\brepl(?:y|ies)\b|تعليق", re.IGNORECASE)
_PROMPT = re.compile(
    r"shar(?:e|ing)|social|newsletter|subscri|sign-?up|follow|paywall|cookie|consent|gdpr|donat"
    r"|membership|register|modal|popup|overlay|toolbar|tools|print|button|(?:^|[-_ ])btn",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"by-?line|author|(?:^|[-_ ])bio|meta|(?:pub|post|article|entry)?-?dat(?:e|um)(?:[-_ ]|$)|time"
    r"|tags?(?:[-_ ]|$)|topics?|categor|keyword|bread-?crumb|kicker|info(?:[-_ ]|$)|rating|label",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:^|[-_ ])nav|navi|menu|foot(?:er)?(?:[-_ ]|$)|masthead|site-?head|top-?bar|copyright"
    r"|legal|colophon|logo|search|login|language",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"caption|credit|photo|image|gallery|figure|media|video|player|slide|legende|bildunter",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"stand-?first|sub-?(?:title|head|line)|(?:^|[-_ ])(?:dek|deck|lead|lede|intro|summary"
    r"|abstract|excerpt|teaser-?text|chapeau|vorspann)|description",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?:article|entry|post|story|page|news|main|text|single|content|art|detail)s?[-_]*"
    r"(?:body|text|content|copy|main)|articlebody|body-?(?:text|copy|content)|rich-?text"
    r"|paragraph|fulltext|wysiwyg|prose",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"(?:fact|info|text|side|pull)-?box|pull-?quote|quote|factbox|aside", re.IGNORECASE
)
LABELS = {
    "other": _OTHER,
    "talk": _TALK,
    "prompt": _PROMPT,
    "about": _ABOUT,
    "frame": _FRAME,
    "picture": _PICTURE,
    "lead": _LEAD,
    "text": _TEXT,
    "box": _BOX,
}
"""What the names that an element is given say about it."""


@dataclass(slots=True)
class Frame:
    """An element that breaks lines, with what it holds in all."""

    tag: str
    parent: int
    labels: frozenset[str]
    style: str  # tag and first classes: what looks the same on a page
    size: int = 0  # characters
    linked: int = 0  # … in links
    prose: int = 0  # … in paragraphs with a sentence
    kept: float = 0.0  # … that another extractor keeps


@dataclass(slots=True)
class Block:
    """The text between two breaks."""

    text: str
    frame: int
    linked: int  # characters in links
    links: int
    bold: bool
    tokens: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """All blocks of a page in their order, and the frames they stand in."""

    blocks: list[Block]
    frames: list[Frame]

    def chain(self, frame: int) -> Iterable[Frame]:
        """A frame and those around it, the innermost first."""
        while frame >= 0:
            yield self.frames[frame]
            frame = self.frames[frame].parent

    def nearest(self, frame: int, tag: str) -> int:
        """The innermost frame of a tag around a block; -1 if there is none."""
        while frame >= 0 and self.frames[frame].tag != tag:
            frame = self.frames[frame].parent
        return frame


def blocks_of(document: Document) -> Blocks:
    """The blocks of a page; scripts and the fields of forms are no text."""
    tree = document.tree
    body = tree.find("body")
    walk = _Walk(document)
    events = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    for event, element in events:
        if event == "end":
            walk.end(element)
        elif not walk.start(element):
            events.skip_subtree()
    walk.flush()
    return Blocks(walk.blocks, walk.frames)


class _Walk:
    """Gathers text until an element that breaks lines begins or ends."""

    def __init__(self, document: Document) -> None:
        self._plain = document.plain
        self.blocks: list[Block] = []
        self.frames: list[Frame] = []
        self._open: list[int] = [-1]
        self._parts: list[str] = []
        self._linked = self._links = self._depth = 0
        self._bold = self._strong = self._size = 0
        self._passed: object = None

    def start(self, element: lxml_html.HtmlElement) -> bool:
        """Open an element; False where it is passed over with all that it holds."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNREAD:
            self._passed = element
            return False
        if tag in _INLINE:
            self._depth += tag == "a"
            self._links += tag == "a"
            self._strong += tag in ("b", "strong")
        else:
            self.flush()
            if tag != "br":
                self._enter(element, tag)
        if element.text:
            self._write(element.text)
        return True

    def end(self, element: lxml_html.HtmlElement) -> None:
        """Close an element."""
        tag = element.tag
        if element is self._passed:
            self._passed = None
        elif tag in _INLINE:
            self._depth -= tag == "a"
            self._strong -= tag in ("b", "strong")
        elif tag != "br":
            self.flush()
            self._open.pop()
        if element.tail:
            self._write(element.tail)

    def _enter(self, element: lxml_html.HtmlElement, tag: str) -> None:
        classes, name = element.get("class") or "", element.get("id") or ""
        item = element.get("itemprop") or ""
        labels = labels_of(f"{classes[:300]} {name[:100]} {item[:50]}")
        if _is_hidden(element):
            labels |= {"hidden"}
        style = f"{tag}.{' '.join(classes[:100].split()[:2])}"
        self.frames.append(Frame(tag, self._open[-1], labels, style))
        self._open.append(len(self.frames) - 1)

    def _write(self, text: str) -> None:
        size = len(text.strip())
        if size:
            self._size += size
            self._linked += size if self._depth else 0
            self._bold += size if self._strong else 0
        self._parts.append(text)

    def flush(self) -> None:
        """End the block, if it has text; the next one begins."""
        if not self._size:  # nothing but white space, as between most tags
            self._parts.clear()
            self._links = int(self._depth > 0)
            return
        text = " ".join(self._plain("".join(self._parts)).split())
        if text and self._open[-1] >= 0:
            bold = self._bold * 10 >= len(text) * 8
            block = Block(text, self._open[-1], min(self._linked, len(text)), self._links, bold)
            block.tokens = TOKEN.findall(text.lower())
            if block.tokens:
                self.blocks.append(block)
        self._parts = []
        self._linked = self._bold = self._size = 0
        self._links = int(self._depth > 0)


def _is_hidden(element: lxml_html.HtmlElement) -> bool:
    """Whether it shows only when a script wills so, as texts behind a subscription do too."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style[:500]))


@lru_cache(maxsize=16_384)
def labels_of(names: str) -> frozenset[str]:
    """What an element is by its names."""
    if not names.strip():
        return frozenset()
    return frozenset(label for label, pattern in LABELS.items() if pattern.search(names))
