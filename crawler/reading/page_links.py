"""The links of a web page: where each leads, what it is called, and in what part it stands.

One link for each address, however many anchors lead there: a picture, a headline, "read more".
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from lxml import html as lxml_html

from crawler.reading.body import Document
from crawler.reading.heads import one_line
from crawler.reading.link_boxes import chrome_and_boxes
from crawler.reading.urls import clean_url

MAX_LINKS = 3_000
"""Different addresses of a page; no list of articles has so many."""

_LONGEST_TEXT = 300
_LEVELS = 6  # of elements around an anchor by which its place is told
_CLASSES = 3
_NUMBERS = re.compile(r"\d+")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_QUERY_SAFE = "/%:@!$&()*+,;=~-._[]|?{}^`\\'"


@dataclass(slots=True)
class PageLink:
    """An address to which a page links.

    `texts` are what its anchors say, `headed` those of them that are headings; `path` is the
    chain of elements around the best anchor, without numbers, which the items of a list share.
    """

    url: str
    place: int
    texts: list[str] = field(default_factory=list)
    headed: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    path: str = ""
    in_chrome: bool = True  # every anchor stands in a menu, header or footer
    in_box: bool = True  # every anchor stands in a box of most-read or popular articles
    anchor: lxml_html.HtmlElement | None = None


def page_links(document: Document, address: str, charset: str = "utf-8") -> list[PageLink]:
    """The links of a page at `address` in order, without those that lead to the page itself."""
    tree = document.tree
    base = base_of(document, address)
    chrome, boxes = chrome_and_boxes(document)
    here = {clean_url(address), base}
    found: dict[str, PageLink] = {}
    for place, anchor in enumerate(tree.iter("a")):
        url = _address(document.plain(anchor.get("href") or ""), base, charset)
        if url is None or url in here:
            continue
        if url not in found and len(found) >= MAX_LINKS:
            break
        link = found.setdefault(url, PageLink(url, place))
        _add(link, document, anchor, (chrome, boxes))
    return list(found.values())


def head_links(document: Document, rel: str) -> Iterator[lxml_html.HtmlElement]:
    """The link and anchor elements with a word in their `rel`."""
    for element in document.tree.iter("link", "a"):
        if rel in (element.get("rel") or "").lower().split():
            yield element


def base_of(document: Document, address: str) -> str:
    """The address to which the links of a page are relative."""
    for element in document.tree.iter("base"):
        if href := element.get("href"):
            return clean_url(document.plain(href), address) or address
    return address


def _address(href: str, base: str, charset: str) -> str | None:
    """Where an anchor leads; letters in a query are written as the page's charset has them."""
    if not href or (href.startswith("#") and not href.startswith(("#!", "#/"))):
        return None
    path, mark, query = href.partition("?")
    if mark and charset != "utf-8" and not query.isascii():
        query, hash_mark, fragment = query.partition("#")
        href = path + mark + _encoded(query, charset) + hash_mark + fragment
    return clean_url(href, base)


def _encoded(query: str, charset: str) -> str:
    try:
        codec = codecs.lookup(charset).name
        return quote(query.encode(codec, "xmlcharrefreplace"), safe=_QUERY_SAFE)
    except (LookupError, UnicodeError):
        return query


def _add(
    link: PageLink,
    document: Document,
    anchor: lxml_html.HtmlElement,
    apart: tuple[Mapping[object, bool], Mapping[object, bool]],
) -> None:
    """Note one more anchor of a link."""
    chrome, boxes = apart
    around = list(_around(anchor))
    outside = not any(chrome.get(element) for element in around)
    link.in_chrome = link.in_chrome and not outside
    link.in_box = link.in_box and any(boxes.get(element) for element in around)
    heading, text = _text(document, anchor)
    heading = heading or any(element.tag in _HEADINGS for element in around[1:4])
    better = text and (not link.texts or (outside and (heading and not link.headed)))
    if better or link.anchor is None:
        link.path, link.anchor = _path(around), anchor
    if text:
        (link.headed if heading else link.texts).append(text)
        if heading:
            link.texts.append(text)
    if title := one_line(document.plain(anchor.get("title") or ""))[:_LONGEST_TEXT]:
        link.titles.append(title)


def _around(anchor: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    yield anchor
    yield from anchor.iterancestors()


def _text(document: Document, anchor: lxml_html.HtmlElement) -> tuple[bool, str]:
    """What an anchor says, and whether that is a heading in it: a card holds more than one."""
    for element in anchor.iter(*_HEADINGS):
        if text := _said(document, element):
            return True, text
    return False, _said(document, anchor)


def _said(document: Document, element: lxml_html.HtmlElement) -> str:
    """The text of an element, as far as a headline can go."""
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(piece)
        size += len(piece)
        if size > 4 * _LONGEST_TEXT:
            break
    return one_line(document.plain(" ".join(pieces)))[: _LONGEST_TEXT + 1]


def _path(around: list[lxml_html.HtmlElement]) -> str:
    """The names of the elements around an anchor, nearest first, with their classes."""
    return " ".join(_label(element) for element in around[:_LEVELS])


def _label(element: lxml_html.HtmlElement) -> str:
    classes = Counter(_NUMBERS.sub("", element.get("class") or "").lower().split())
    return ".".join([str(element.tag), *sorted(classes)[:_CLASSES]])
