"""The blocks of a page: each piece of text between two breaks, and the elements that hold it.

One walk over the tree; what is summed up afterwards is summed once, from the leaves to the root,
so that time grows with the size of the page alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import html as lxml_html
from lxml.etree import XPath

from crawler.reading.body import Document
from crawler.reading.patterns import search_set
from crawler.reading.unshown import is_unshown

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
_HIDES: frozenset[str] = frozenset(("hidden",))
_MAYBE_HIDDEN = XPath("descendant-or-self::*[@hidden or @aria-hidden or @style]")
"""What only a script shows, as texts behind a subscription are too."""

_LABELS = {
    "other": (
        r"related|more-?(?:on|from|stories|news|articles|posts)|most-?(?:read|view|popular)|popular"
        r"|trending|recommend|read-?(?:more|next|also)|also-?read|see-?also|up-?next|next-?(?:up|post)"
        r"|teaser|outbrain|taboola|promo|sponsor|advert|(?:^|[-_ ])ads?(?:[-_ ]|$)|banner|carousel"
        r"|side-?bar|widget|recirc|latest|similar|external-links|ذات-صلة"
    ),
    "talk": r"comment(?:$|[^a]|a$|a[^r]|ar$|ar[^y])|disqus|respond|\brepl(?:y|ies)\b|تعليق",
    "prompt": (
        r"shar(?:e|ing)|social|newsletter|subscri|sign-?up|follow|paywall|cookie|consent|gdpr|donat"
        r"|membership|register|modal|popup|overlay|toolbar|tools|print|button|(?:^|[-_ ])btn"
    ),
    "about": (
        r"by-?line|author|(?:^|[-_ ])bio|meta|(?:pub|post|article|entry)?-?dat(?:e|um)(?:[-_ ]|$)"
        r"|time|tags?(?:[-_ ]|$)|topics?|categor|keyword|bread-?crumb|kicker|info(?:[-_ ]|$)|rating"
        r"|label"
    ),
    "frame": (
        r"(?:^|[-_ ])nav|navi|menu|foot(?:er)?(?:[-_ ]|$)|masthead|site-?head|top-?bar|copyright"
        r"|legal|colophon|logo|search|login|language"
    ),
    "picture": (
        r"caption|credit|photo|image|gallery|figure|media|video|player|slide|legende|bildunter"
    ),
    "lead": (
        r"stand-?first|sub-?(?:title|head|line)|(?:^|[-_ ])(?:dek|deck|lead|lede|intro|summary"
        r"|abstract|excerpt|teaser-?text|chapeau|vorspann)|description"
    ),
    "text": (
        r"(?:article|entry|post|story|page|news|main|text|single|content|art|detail)s?[-_]*"
        r"(?:body|text|content|copy|main)|articlebody|body-?(?:text|copy|content)|rich-?text"
        r"|paragraph|fulltext|wysiwyg|prose"
    ),
    "box": r"(?:fact|info|text|side|pull)-?box|pull-?quote|quote|factbox|aside",
}
"""What the names that an element is given say about it; "commentary" is no talk."""
_NAMED, _PATTERNS = tuple(_LABELS), search_set(_LABELS.values())


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
    hidden: bool = False  # or stands in one that is


@dataclass(slots=True)
class Block:
    """The text between two breaks."""

    text: str
    frame: int
    linked: int  # characters in links
    links: int
    bold: bool
    tokens: tuple[str, ...] = ()


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

    def is_hidden(self, block: Block) -> bool:
        """Whether a block is not to be seen unless a script shows it."""
        return self.frames[block.frame].hidden

    def nearest(self, frame: int, tag: str) -> int:
        """The innermost frame of a tag around a block; -1 if there is none."""
        while frame >= 0 and self.frames[frame].tag != tag:
            frame = self.frames[frame].parent
        return frame


def blocks_of(document: Document) -> Blocks:
    """The blocks of a page; scripts and the fields of forms are no text."""
    tree = document.tree
    body = tree.find("body")
    root = tree if body is None else body
    walk = _Walk(document, _MAYBE_HIDDEN(root))
    walk.read_frame(root)
    return Blocks(walk.blocks, walk.frames)


class _Walk:
    """Gathers text until an element that breaks lines begins or ends.

    It goes into elements by calling itself: no page that was parsed is deeper than 256 of them.
    """

    def __init__(self, document: Document, unsure: Iterable[lxml_html.HtmlElement]) -> None:
        self._plain = document.plain
        self._unsure = frozenset(unsure)
        self.blocks: list[Block] = []
        self.frames: list[Frame] = []
        self._open = -1
        self._parts: list[str] = []
        self._linked = self._links = self._depth = 0
        self._bold = self._strong = self._size = 0

    def read_frame(self, element: lxml_html.HtmlElement) -> None:
        """Read an element that breaks lines."""
        self._flush()
        around, self._open = self._open, len(self.frames)
        frame = _frame(element, around)
        frame.hidden = around >= 0 and self.frames[around].hidden
        if element in self._unsure and is_unshown(element.get):
            frame.labels |= _HIDES
            frame.hidden = True
        self.frames.append(frame)
        self._read(element)
        self._flush()
        self._open = around

    def _read_inline(self, element: lxml_html.HtmlElement, tag: str) -> None:
        if element in self._unsure and is_unshown(element.get, is_inline=True):
            return
        link, strong = tag == "a", tag in ("b", "strong")
        self._depth += link
        self._links += link
        self._strong += strong
        self._read(element)
        self._depth -= link
        self._strong -= strong

    def _read(self, element: lxml_html.HtmlElement) -> None:
        """Read what an element holds."""
        if text := element.text:
            self._write(text)
        for child in element:
            tag = child.tag
            if tag == "br":
                self._flush()
                self._read(child)
            elif tag in _INLINE:
                self._read_inline(child, tag)
            elif tag in _UNREAD or not isinstance(tag, str):
                pass
            elif child.text or len(child):
                self.read_frame(child)
            else:
                self._flush()  # a picture, or an empty place
            if text := child.tail:
                self._write(text)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        if text.isspace():
            return
        size = len(text.strip())
        self._size += size
        self._linked += size if self._depth else 0
        self._bold += size if self._strong else 0

    def _flush(self) -> None:
        """End the block, if it has text; the next one begins."""
        if self._size:
            self._end_block()
        self._parts.clear()
        self._links = int(self._depth > 0)

    def _end_block(self) -> None:
        text = " ".join(self._plain("".join(self._parts)).split())
        tokens = tuple(TOKEN.findall(text.lower()))
        if tokens and self._open >= 0:
            linked, bold = min(self._linked, len(text)), self._bold * 10 >= len(text) * 8
            self.blocks.append(Block(text, self._open, linked, self._links, bold, tokens))
        self._linked = self._bold = self._size = 0


def _frame(element: lxml_html.HtmlElement, around: int) -> Frame:
    """The frame that an element is, in another one."""
    classes, tag = element.get("class") or "", element.tag
    name, item = element.get("id") or "", element.get("itemprop") or ""
    labels, style = look_of(tag, classes[:300], name[:100], item[:50])
    return Frame(tag, around, labels, style)


@lru_cache(maxsize=16_384)
def look_of(tag: str, classes: str, name: str, item: str) -> tuple[frozenset[str], str]:
    """What an element is by its names, and how it looks: its tag and first classes."""
    names = f"{classes} {name} {item}"
    labels = frozenset(_NAMED[place] for place in _PATTERNS.Match(names) or ())
    return labels, f"{tag}.{' '.join(classes[:100].split()[:2])}"
