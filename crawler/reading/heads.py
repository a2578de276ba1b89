"""What a page states about its article, gathered in one walk by either parser as plain strings."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Protocol

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.body import Document
from crawler.reading.jsonld import JsonLd, article_data
from crawler.reading.nodes import ancestors
from crawler.reading.page_parts import called_apart, is_apart
from crawler.reading.shown_text import shown_text

_WALKED = ("meta", "link", "h1", "h2", "script", "title", "a")
_SELECTED = "meta, link[rel], h1, h2, script[type*='ld+json' i], title, a[rel~='author' i]"
_RELATIONS = frozenset(("canonical", "amphtml", "alternate"))
_MOST_HEADINGS = 10
_MOST_SIGNED = 3
_MOST_ITEMS = 300
_NEAR = 4  # elements from a heading outwards that tell whether it stands in a breadcrumb


@dataclass(slots=True)
class Head:
    """The facts that a page states, in document order."""

    metas: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: list[tuple[str, str, str]] = field(default_factory=list)  # (rel, href, media)
    headings: list[str] = field(default_factory=list)  # of the first level, on one line each
    trail: list[str] = field(default_factory=list)  # those of them in the path to the page
    subheadings: list[str] = field(default_factory=list)  # of the second level, the first ones
    signed: list[str] = field(default_factory=list)  # texts of links to an author
    data: JsonLd = field(default_factory=JsonLd)
    title: str = ""
    language: str = ""

    def meta(self, *names: str) -> str:
        """The first content of the first of the names that the page has, or ""."""
        return next((value for name in names for value in self.metas.get(name, ())), "")


class _Element(Protocol):
    """An element of either parser."""

    tag: str

    def attribute(self, name: str) -> str:
        """Its value without marks and white space around; "" if it is not there."""

    def text(self) -> str:
        """All text in it."""

    def markup(self) -> str:
        """Its own, for those with elements inside; else ""."""

    def apart(self) -> bool:
        """Whether it is of a comment or of another article."""

    def in_trail(self) -> bool:
        """Whether it is of the path from the front page to this one: a breadcrumb."""


class _LxmlElement:
    __slots__ = ("_document", "_element", "tag")

    def __init__(self, document: Document, element: lxml_html.HtmlElement) -> None:
        self.tag = str(element.tag)
        self._document, self._element = document, element

    def attribute(self, name: str) -> str:
        value = self._element.get(name)
        return self._document.plain(value).strip() if value else ""

    def text(self) -> str:
        return self._document.plain(str(self._element.text_content()))

    def markup(self) -> str:
        element = self._element
        return self._document.plain(_serialized(element)) if len(element) else ""

    def apart(self) -> bool:
        return any(map(_element_apart, self._element.iterancestors()))

    def in_trail(self) -> bool:
        near = islice(chain((self._element,), self._element.iterancestors()), _NEAR)
        return any(_is_trail(each.get("class"), each.get("id")) for each in near)


class _LexborElement:
    """Its strings are clean: lexbor writes U+FFFD for NUL and surrogates, as HTML asks."""

    __slots__ = ("_apart", "_attributes", "_node", "tag")

    def __init__(self, node: LexborNode, apart: dict[int, bool]) -> None:
        """`apart` remembers for the page what is known of the elements around its facts."""
        self.tag = node.tag or ""
        self._node, self._attributes, self._apart = node, node.attributes, apart

    def attribute(self, name: str) -> str:
        value = self._attributes.get(name)
        return value.strip() if value else ""

    def text(self) -> str:
        return self._node.text()

    def markup(self) -> str:
        return (self._node.inner_html or "") if _has_elements(self._node) else ""

    def apart(self) -> bool:
        around = self._node.parent
        key = 0 if around is None else around.mem_id
        if key not in self._apart:
            self._apart[key] = is_node_apart(self._node)
        return self._apart[key]

    def in_trail(self) -> bool:
        near = islice(chain((self._node,), ancestors(self._node)), _NEAR)
        named = (each.attributes for each in near)
        return any(_is_trail(each.get("class"), each.get("id")) for each in named)


def read_head(document: Document) -> Head:
    """The facts of a page that lxml has parsed."""
    elements = (
        _LxmlElement(document, element)
        for element in document.tree.iter(*_WALKED)
        if element.tag != "a" or element.get("rel")
    )
    language = (document.tree.get("lang") or "").strip()
    return _gathered(elements, language)


def head_of(tree: LexborHTMLParser) -> Head:
    """The facts of a page that lexbor has parsed."""
    root = tree.root
    language = (root.attributes.get("lang") or "").strip() if root is not None else ""
    apart: dict[int, bool] = {}
    return _gathered((_LexborElement(node, apart) for node in tree.css(_SELECTED)), language)


def _serialized(element: lxml_html.HtmlElement) -> str:
    whole = str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
    return whole[whole.index(">") + 1 : whole.rindex("<")]


def _has_elements(node: LexborNode) -> bool:
    return next(node.iter(include_text=False), None) is not None


def _shown(element: _Element) -> str:
    """The text of a heading, with a space where readers see a break."""
    markup = element.markup()
    return one_line(shown_text(markup) if markup else element.text())


def is_node_apart(node: LexborNode) -> bool:
    """Whether a node lies in a part of the page that is no article: comments, other articles."""
    return any(map(_node_apart, ancestors(node)))


def _node_apart(node: LexborNode) -> bool:
    """Whether a node is no part of the article; what holds the headline is called after others."""
    attributes = node.attributes
    apart = called_apart(node.tag, attributes.get("class"), attributes.get("id"))
    return apart and node.css_first("h1") is None


def _element_apart(element: lxml_html.HtmlElement) -> bool:
    return is_apart(element) and next(element.iter("h1"), None) is None


def _is_trail(*names: str | None) -> bool:
    return any("crumb" in name.lower() for name in names if name)


def _gathered(elements: Iterable[_Element], language: str) -> Head:
    head = Head(language=language[:20].lower())
    scripts: list[str] = []
    items = 0  # facts inside the body, of which each is asked what it lies in
    for element in elements:
        if element.tag == "meta":
            item = element.attribute("itemprop")
            items += bool(item)
            if not item or items <= _MOST_ITEMS:
                _add_meta(head, element, item)
        elif element.tag != "script":
            _ADD[element.tag](head, element)
        elif "ld+json" in element.attribute("type").lower():
            scripts.append(element.text())
    head.data = article_data(scripts, page_titles(head))
    return head


def _add_meta(head: Head, element: _Element, item: str) -> None:
    content = element.attribute("content") or element.attribute("value")
    if not content or (item and element.apart()):
        return
    for name in (element.attribute("property"), element.attribute("name"), item):
        if name:
            head.metas[name.lower()].append(content)


def _add_link(head: Head, element: _Element) -> None:
    rel = element.attribute("rel").lower()
    if rel in _RELATIONS:
        head.links.append((rel, element.attribute("href"), element.attribute("media").lower()))


def _add_title(head: Head, element: _Element) -> None:
    head.title = head.title or one_line(element.text())


def _add_heading(head: Head, element: _Element) -> None:
    if len(head.headings) < _MOST_HEADINGS and (text := _shown(element)):
        head.headings.append(text)
        if element.in_trail():
            head.trail.append(text)


def _add_subheading(head: Head, element: _Element) -> None:
    if len(head.subheadings) < _MOST_HEADINGS and (text := _shown(element)):
        head.subheadings.append(text)


def _add_signed(head: Head, element: _Element) -> None:
    if "author" in element.attribute("rel").lower().split() and len(head.signed) < _MOST_SIGNED:
        head.signed.append(one_line(element.text()))


_ADD = {
    "link": _add_link,
    "title": _add_title,
    "h1": _add_heading,
    "h2": _add_subheading,
    "a": _add_signed,
}


def page_titles(head: Head) -> list[str]:
    """What the page calls its article beside JSON-LD; its first-level headings if nothing else."""
    stated = [head.meta("og:title"), head.meta("twitter:title"), head.title]
    titles = [line for text in stated if (line := one_line(text))]
    return titles or head.headings[:3]


def one_line(text: str) -> str:
    """`text` on one line with single spaces; entities that were escaped twice are resolved."""
    return " ".join(html.unescape(text).split())
