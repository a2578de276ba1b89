"""The parts of a page whose links say nothing of what is new: menus, footers, most-read boxes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice

from lxml import html as lxml_html

from crawler.reading.body import Document
from storage.text import fold

_CHROME_TAGS = frozenset(("nav", "footer"))
_CHROME_ROLES = frozenset(("navigation", "contentinfo", "search", "menu", "menubar", "tablist"))
_CHROME_WORDS = frozenset(
    "menu submenu nav navbar navigation navmenu breadcrumb breadcrumbs footer social share sharing "
    "tags tagcloud pagination pager langs languages topbar copyright login".split()
)
_WORDS = re.compile(r"[-_\s]+|(?<=[a-z])(?=[A-Z])")
_POPULAR_CLASS = re.compile(
    r"most[-_]?(?:read|view|popular|comment|shared|visited|watched|seen)|(?<![a-z])popular"
    r"|trending|top[-_]?(?:read|view|10|ten|5|five)|plus[-_]?lus?(?![a-z])|mostnews|top[-_]?rated",
    re.IGNORECASE,
)
_POPULAR_TITLES = tuple(
    map(
        fold,
        (
            *("الأكثر", "أكثر المقالات", "أكثر الأخبار", "أكثر المواضيع", "رائج", "ترند", "متداول"),
            *("most read", "most popular", "most viewed", "most shared", "popular", "trending"),
            *(
                "top read",
                "top 10",
                "les plus",
                "le plus lu",
                "les articles les plus",
                "populaires",
            ),
            *("plus lus", "زۆرترین", "پڕبینەر", "پڕخوێنەر", "herî zêde", "herî pir", "yên herî"),
        ),
    )
)
_TITLES = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "span",
    "strong",
    "b",
    "p",
    "li",
    "a",
    "header",
)
_LONGEST_TITLE = 40  # characters
_MOST_SHARE = 0.5  # of a page's links: what holds more of them is the page, whatever its class


def chrome_and_boxes(
    document: Document,
) -> tuple[Mapping[object, bool], Mapping[object, bool]]:
    """The elements that hold menus and the like, and those that hold popular articles.

    An element that holds most of the page's links is neither.
    """
    elements = list(document.tree.iter())
    counts = _links_in(elements)
    most = max(counts.get(document.tree, 0) * _MOST_SHARE, 1)
    chrome: dict[object, bool] = {}
    boxes: dict[object, bool] = {}
    for element in elements:
        if isinstance(element.tag, str) and counts.get(element, 0) <= most:
            chrome[element] = _is_chrome(element)
            boxes[element] = bool(_POPULAR_CLASS.search(_named(element)))
    for element in elements:
        box = _titled_box(document, element, counts, most)
        if box is not None:
            boxes[box] = True
    return chrome, boxes


def _links_in(elements: list[lxml_html.HtmlElement]) -> Counter[object]:
    """How many anchors each element holds; linear in the elements."""
    counts: Counter[object] = Counter()
    for element in reversed(elements):
        counts[element] += element.tag == "a"
        parent = element.getparent()
        if parent is not None:
            counts[parent] += counts[element]
    return counts


def _is_chrome(element: lxml_html.HtmlElement) -> bool:
    if element.tag in _CHROME_TAGS or (element.get("role") or "").lower() in _CHROME_ROLES:
        return True
    if element.tag in ("body", "html", "main", "article"):
        return False
    if element.tag == "header":
        return element.getparent() is not None and element.getparent().tag in ("body", "div")
    return bool(_CHROME_WORDS.intersection(_WORDS.split(_named(element).lower())))


def _named(element: lxml_html.HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:300]


def _titled_box(
    document: Document, element: lxml_html.HtmlElement, counts: Counter[object], most: float
) -> lxml_html.HtmlElement | None:
    """The box whose title an element is, if that says "most read"."""
    if element.tag not in _TITLES or counts[element] > 1:
        return None
    text = "".join(islice(element.itertext(), 4)).strip()
    if not 3 <= len(text) <= _LONGEST_TITLE:
        return None
    if not fold(document.plain(text)).startswith(_POPULAR_TITLES):
        return None
    parent = element.getparent()
    while parent is not None and counts[parent] <= counts[element]:
        parent = parent.getparent()
    return None if parent is None or counts[parent] > most else parent
