"""What the parts of a page are called: which of them are not the article, and which stand by it.

Classes name comments, side bars, footers. A few words there may be the article's date and author.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from lxml import html as lxml_html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OTHER_TAGS = frozenset("aside footer nav figcaption".split())  # old systems put all in a form
_OTHER_PARTS = re.compile(  # "date-and-comments" and "comments-link" stand by the headline
    r"(?<!-and-)comment(?!s?-?(?:count|num|link|off|closed|open))|disqus|\brepl(?:y|ies)\b|respond"
    r"|related"
    r"|side-?bar|widget|footer|copyright|colophon|most-?(?:read|view|popular)|popular|trending"
    r"|latest|recent|ticker|breaking-|newsletter|also-read|recommend|caption|archive-list"
    r"|prev-?(?:and-?)?next|next-?prev|post-?nav|nav-?links|(?:previous|next)-?(?:post|article)"
    r"|تعليق|ذات-صلة",
    re.IGNORECASE,
)
_NOTES = re.compile(r"side-?bar|caption", re.IGNORECASE)
_FOOTERS = re.compile(r"footer", re.IGNORECASE)
_ARTICLE_FOOTER = re.compile(r"article|entry|post|author|meta|story", re.IGNORECASE)
_NOTE_TAGS = frozenset("aside footer div p span section ul li".split())
_PICTURES = ("img", "picture", "video", "figure", "svg")
_NOTE = 300  # characters
_LINK = 5  # words of a link that may be another article's headline


def called(element: lxml_html.HtmlElement) -> str:
    """The class, id, role and kind that an element is given."""
    keys = ("class", "id", "role", "itemprop", "itemtype", "pubdate")
    return " ".join(value for key in keys if (value := element.get(key)))


def is_apart(element: lxml_html.HtmlElement) -> bool:
    """Whether an element is called a part of the page that is not the article."""
    return called_apart(element.tag, element.get("class"), element.get("id"))


@lru_cache(maxsize=16_384)
def called_apart(tag: object, classes: str | None, name: str | None) -> bool:
    """Whether an element with that class and id is a part of the page that is not the article."""
    if tag in _OTHER_TAGS or not isinstance(tag, str):
        return True
    if tag in ("html", "body", "main"):
        return False
    label = f"{classes or ''} {name or ''}"
    if not _OTHER_PARTS.search(label):
        return False
    # page builders call every block a widget
    names = [name for name in label.split() if not name.startswith(("elementor", "wp-"))]
    return any(map(_OTHER_PARTS.search, names))


def is_note(element: lxml_html.HtmlElement) -> bool:
    """Whether a part that is called apart may be a few words of the article: its date and author.

    That is an <aside> or side bar without headings and links to other articles, and what is set
    like a caption with no picture beside it.
    """
    label = _label(element)
    if element.tag != "aside" and not _NOTES.search(label):
        return False
    if not _is_short(element, _NOTES.sub("", label)):
        return False
    if "caption" in label.lower():
        return not _is_beside_picture(element)
    return _has_no_other(element)


def is_footer(element: lxml_html.HtmlElement, around: Collection[lxml_html.HtmlElement]) -> bool:
    """Whether a part is the short footer of the article, and not that of the page or a teaser.

    `around` is what the headline lies in.
    """
    label = _label(element)
    if element.tag != "footer" and not _FOOTERS.search(label):
        return False
    article = next(element.iterancestors("article"), None)
    if article not in around and (article is not None or not _ARTICLE_FOOTER.search(label)):
        return False
    return _is_short(element, _FOOTERS.sub("", label)) and _has_no_other(element)


def _label(element: lxml_html.HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_short(element: lxml_html.HtmlElement, label: str) -> bool:
    """Whether an element holds a few words, and is not called apart for any other reason."""
    if element.tag not in _NOTE_TAGS or called_apart("div", label, None):
        return False
    return len(element.text_content()) <= _NOTE


def _has_no_other(element: lxml_html.HtmlElement) -> bool:
    """Whether a part has no heading and no link that may be another article's headline."""
    if next(element.iter(*HEADINGS), None) is not None:
        return False
    return all(len(link.text_content().split()) < _LINK for link in element.iter("a"))


def _is_beside_picture(element: lxml_html.HtmlElement) -> bool:
    """Whether a picture stands in, right before, or right after an element."""
    if next(element.iterancestors("figure"), None) is not None:
        return True
    near = (element.getprevious(), element, element.getnext())
    return any(next(one.iter(*_PICTURES), None) is not None for one in near if one is not None)
