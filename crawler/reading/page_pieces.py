"""A page as a row of pieces: runs of text, the links that head something, pictures and captions.

It tells pages that list articles or show pictures from articles, whatever their layout: only the
order of the pieces counts, and no name of a class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.body import Document
from crawler.reading.decode import clean_text

MOST_PIECES = 4_000
"""More are not looked at: what a page is shows before that."""
MOST_OF_A_LINK = 60
"""Runs of text in one link that are read: links nest in hostile pages."""
WORDS_OF_A_TITLE = 4
"""A link of fewer words is a menu's, a tag's or "read more"."""

_UNREAD = frozenset("script style noscript template svg iframe select option textarea".split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, a link that begins its line, or a picture."""

    text: str = ""
    link: str = ""  # address of the link that the text is, if it can be a headline
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


# ---------------------------------------------------------------- lxml


def _of_lxml(document: Document) -> Iterator[Piece]:
    body = document.tree.find("body")
    root = document.tree if body is None else body
    skipped: lxml_html.HtmlElement | None = None
    caption = 0
    for event, element in etree.iterwalk(root, ("start", "end")):
        if event == "start":
            if skipped is not None:
                continue
            if element.tag in _UNREAD:
                skipped = element
                continue
            caption += element.tag == "figcaption"
            piece, whole = _lxml_start(document, element, caption > 0)
            if piece is not None:
                yield piece
            skipped = element if whole else None
            continue
        if skipped is element:
            skipped = None
        if skipped is None:
            caption -= element.tag == "figcaption"
            if tail := _one(element.tail or ""):
                yield Piece(document.plain(tail), caption=caption > 0)


def _lxml_start(
    document: Document, element: lxml_html.HtmlElement, caption: bool
) -> tuple[Piece | None, bool]:
    """What an element begins with, and whether all of it has been said by that."""
    if element.tag == "img":
        return Piece(picture=True), False
    if element.tag == "a" and element.get("href"):
        runs = islice(element.itertext(), MOST_OF_A_LINK)
        text = "" if _lxml_before(element) else document.plain(_one(" ".join(runs)))
        if len(text.split()) >= WORDS_OF_A_TITLE:
            return Piece(text, link=element.get("href") or "", caption=caption), True
    text = document.plain(_one(element.text or ""))
    return (Piece(text, caption=caption), False) if text else (None, False)


def _lxml_before(element: lxml_html.HtmlElement) -> str:
    """The text right before an element, in the same parent."""
    previous = element.getprevious()
    if previous is not None:
        return (previous.tail or "").strip()
    parent = element.getparent()
    return "" if parent is None else (parent.text or "").strip()


# ---------------------------------------------------------------- lexbor


def _of_lexbor(tree: LexborHTMLParser) -> Iterator[Piece]:
    root = tree.body or tree.root
    stack: list[tuple[LexborNode, bool]] = []
    if root is not None:
        stack.append((root, False))
    while stack:
        node, caption = stack.pop()
        tag = node.tag
        if tag in _UNREAD:
            continue
        if tag == "-text":
            if text := _one(node.text_content or ""):
                yield Piece(clean_text(text), caption=caption)
            continue
        caption = caption or tag == "figcaption"
        piece, whole = _lexbor_start(node, tag or "", caption)
        if piece is not None:
            yield piece
        if not whole:
            stack += [(child, caption) for child in _children(node)]


def _lexbor_start(node: LexborNode, tag: str, caption: bool) -> tuple[Piece | None, bool]:
    if tag == "img":
        return Piece(picture=True), True
    href = (node.attributes.get("href") or "") if tag == "a" else ""
    if href:
        text = "" if _lexbor_before(node) else _one(clean_text(" ".join(_runs(node))))
        if len(text.split()) >= WORDS_OF_A_TITLE:
            return Piece(text, link=href, caption=caption), True
    return None, False


def _lexbor_before(node: LexborNode) -> str:
    previous = node.prev
    if previous is None or previous.tag != "-text":
        return ""
    return (previous.text_content or "").strip()


def _runs(node: LexborNode) -> list[str]:
    """The first runs of text in an element."""
    found = (
        each.text_content or ""
        for each in islice(node.traverse(include_text=True), 4 * MOST_OF_A_LINK)
        if each.tag == "-text"
    )
    return list(islice(found, MOST_OF_A_LINK))


def _children(node: LexborNode) -> list[LexborNode]:
    """The children of a node, last first."""
    children = []
    child = node.last_child
    while child is not None:
        children.append(child)
        child = child.prev
    return children
