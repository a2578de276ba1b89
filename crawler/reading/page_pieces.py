"""A page as a row of pieces: runs of text, the links that head something, pictures and captions.

It tells pages that list articles or show pictures from articles, whatever their layout: only the
order of the pieces counts, and no name of a class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.body import Document
from crawler.reading.decode import clean_text

MOST_PIECES = 4_000
"""More are not looked at: what a page is shows before that."""
MOST_OF_A_LINK = 60
"""Runs of text in one link that are read: links nest in hostile pages."""
MOST_OF_A_RUN = 1_000
"""Characters of a run."""
MOST_NODES = 100_000
"""Ends of tags that never began and comments make nodes too."""
WORDS_OF_A_TITLE = 4
"""A link of fewer words is a menu's, a tag's or "read more"; of more, these are its label."""

_UNREAD = frozenset("script style noscript template svg iframe select option textarea".split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; or where a link begins a line; or a picture."""

    text: str = ""
    link: str = ""  # the address; its words follow as text
    label: str = ""  # the first words of the link
    caption: bool = False
    picture: bool = False


def pieces_of(document: Document) -> list[Piece]:
    """The pieces of a page that lxml has parsed."""
    return list(islice(_of_lxml(document), MOST_PIECES))


def pieces_in(tree: LexborHTMLParser) -> list[Piece]:
    """The pieces of a page that lexbor has parsed."""
    return list(islice(_of_lexbor(tree), MOST_PIECES))


def _one(text: str) -> str:
    return " ".join(text.split())


def _link(address: str | None, before: str | None, runs: Iterable[str]) -> Iterator[Piece]:
    """A link that leads somewhere and begins its line."""
    if address and not address.startswith("#") and not (before or "").strip():
        said = (run[:MOST_OF_A_RUN].split() for run in islice(runs, MOST_OF_A_LINK))
        label = " ".join(islice(chain.from_iterable(said), WORDS_OF_A_TITLE))
        if label:
            yield Piece(link=address, label=label)


# ---------------------------------------------------------------- lxml


def _of_lxml(document: Document) -> Iterator[Piece]:
    unread: lxml_html.HtmlElement | None = None
    caption = 0
    for event, element in islice(_walked(document), MOST_NODES):
        if event == "start" and unread is None:
            unread = element if element.tag in _UNREAD else None
            caption += element.tag == "figcaption"
            yield from _lxml_start(document, element, caption > 0)
        elif event == "end" and unread in (None, element):
            unread = None
            caption -= element.tag == "figcaption"
            if tail := _one(element.tail or ""):
                yield Piece(document.plain(tail), caption=caption > 0)


def _walked(document: Document) -> Iterator[tuple[str, lxml_html.HtmlElement]]:
    body = document.tree.find("body")
    yield from etree.iterwalk(document.tree if body is None else body, ("start", "end"))


def _lxml_start(
    document: Document, element: lxml_html.HtmlElement, caption: bool
) -> Iterator[Piece]:
    """What an element begins with."""
    if element.tag in _UNREAD:
        return
    if element.tag == "img":
        yield Piece(picture=True)
    if element.tag == "a":
        runs = map(document.plain, element.itertext())
        yield from _link(element.get("href"), _lxml_before(element), runs)
    if text := _one(element.text or ""):
        yield Piece(document.plain(text), caption=caption)


def _lxml_before(element: lxml_html.HtmlElement) -> str | None:
    """The text right before an element, in the same parent."""
    previous = element.getprevious()
    if previous is not None:
        return previous.tail or None
    parent = element.getparent()
    return None if parent is None else parent.text or None


# ---------------------------------------------------------------- lexbor


def _of_lexbor(tree: LexborHTMLParser) -> Iterator[Piece]:
    root = tree.body or tree.root
    stack = [(root.child, False)] if root is not None else []
    for _ in range(MOST_NODES):
        node, caption = stack.pop() if stack else (None, False)
        if node is None:
            if not stack:
                return
            continue
        tag = node.tag or ""
        inside = caption or tag == "figcaption"
        yield from _lexbor_start(node, tag, inside)
        stack.append((node.next, caption))
        if tag not in _UNREAD:
            stack.append((node.child, inside))


def _lexbor_start(node: LexborNode, tag: str, caption: bool) -> Iterator[Piece]:
    if tag == "-text":
        if text := _one(node.text_content or ""):
            yield Piece(clean_text(text), caption=caption)
        return
    if tag == "img":
        yield Piece(picture=True)
    if tag == "a":
        yield from _link(node.attributes.get("href"), _lexbor_before(node), _runs(node))


def _lexbor_before(node: LexborNode) -> str | None:
    previous = node.prev
    if previous is None or previous.tag != "-text":
        return None
    return previous.text_content or None


def _runs(node: LexborNode) -> Iterator[str]:
    """The runs of text in the first nodes of an element."""
    for each in islice(node.traverse(include_text=True), 4 * MOST_OF_A_LINK):
        if each.tag == "-text":
            yield clean_text(each.text_content or "")
