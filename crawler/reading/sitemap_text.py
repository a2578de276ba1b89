"""Pulls the entries out of a sitemap's text, whatever state its XML is in; in linear time.

No XML parser: nesting, entities, wrong or missing namespaces and markup that is cut or broken
cannot stall or stop it, and 500,000 entries take seconds. Only elements of the sitemap's own and of
the news namespace are looked at, so an image's address or a video's date never counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import chain, islice, pairwise

from crawler.reading.feedxml import without_comments

MAX_LISTED = 500_000
"""Entries of one sitemap that are read; the protocol allows 50,000."""
_HEAD = 20_000  # characters in which the root element must begin
_TAIL = 10_000  # characters in which it must end
_LONGEST = 50_000  # characters of one entry that are looked at

_PREFIX = r"(?:[A-Za-z_][\w.\-]{0,40}:)?"
_START = re.compile(
    rf"<((?!(?:image|video|news|xhtml):){_PREFIX})(url|sitemap)(?=[\s>/])[^<>]*>", re.IGNORECASE
)
_ROOT = re.compile(
    rf"<{_PREFIX}(urlset|sitemapindex|rss|feed|rdf|html|head|body)(?=[\s>/])|<!doctype\s+(html)",
    re.IGNORECASE,
)
_NEWS_NAMESPACE = re.compile(r"xmlns:([A-Za-z_][\w.\-]{0,40})\s*=\s*[\"'][^\"'<>]*sitemap-news")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_VALUE = r"(?:\s+[^<>]*)?>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))"
_LINE = re.compile(r"[^\r\n]+")
_ADDRESSES = re.compile(r"(?:#[^\r\n]{0,500}\s+){0,20}https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry as it stands in the text; "" for what it does not say."""

    loc: str
    lastmod: str = ""
    published: str = ""
    title: str = ""
    language: str = ""
    is_part: bool = False  # an index's <sitemap>, not a <url>


@dataclass(frozen=True, slots=True)
class Outline:
    """What kind of document a text is, and how much of it is there."""

    root: str  # urlset, sitemapindex, rss, html … in lower case; "text", or "" for none of them
    whole: bool = True


def outline(text: str) -> Outline:
    """The root of a document, and whether that is closed."""
    if _ADDRESSES.match(text):
        return Outline("text")
    found = _ROOT.search(text[:_HEAD])
    root = (found[1] or found[2]).lower() if found else ""
    if not root and _START.search(text[:_HEAD]):
        root = "urlset"
    closing = rf"</{_PREFIX}{root}\s*>|<{_PREFIX}{root}(?:\s[^<>]*)?/>\s*\Z"
    tail = max(0, len(text) - _TAIL)
    return Outline(root, bool(re.compile(closing, re.IGNORECASE).search(text, tail)))


def listed(text: str, *, whole: bool = True) -> Iterator[Listed]:
    """The entries of a urlset or index, at most `MAX_LISTED`.

    Of a text that is cut (not `whole`), the last entry counts only if it is closed.
    """
    text = without_comments(text)
    fields = _Fields.of(text)
    starts: Iterator[re.Match[str] | None] = chain(_START.finditer(text), (None,))
    for start, following in islice(pairwise(starts), MAX_LISTED):
        assert start is not None  # only the last of them is
        if following is None and not whole and not _is_closed(text, start):
            return
        yield fields.read(text, start, len(text) if following is None else following.start())


def lines(text: str) -> Iterator[Listed]:
    """The entries of a plain-text sitemap: an address on each line; at most `MAX_LISTED`."""
    stripped = (match[0].strip() for match in _LINE.finditer(text))
    said = (line for line in stripped if line and not line.startswith("#"))
    return (Listed(line) for line in islice(said, MAX_LISTED))


def count(text: str) -> int:
    """How many entries begin in a text."""
    return sum(1 for _ in _START.finditer(text))


def _is_closed(text: str, start: re.Match[str]) -> bool:
    closing = rf"</{re.escape(start[1])}{start[2]}\s*>"
    return bool(re.compile(closing, re.IGNORECASE).search(text, start.end()))


class _Fields:
    """Finds the values of an entry. Prefixes are those that this sitemap uses."""

    def __init__(self, news: str) -> None:
        """`news` is the prefix of the news namespace."""
        prefix = rf"(?:{re.escape(news)}:)?"
        self._published = _element(prefix, "publication_date")
        self._title = _element(prefix, "title")
        self._language = _element(prefix, "language")

    @classmethod
    def of(cls, text: str) -> _Fields:
        """The fields of a document, by the namespaces that its head declares."""
        declared = _NEWS_NAMESPACE.search(text[:_HEAD])
        return cls(declared[1] if declared else "news")

    def read(self, text: str, start: re.Match[str], end: int) -> Listed:
        """One entry; its text ends where the next one begins."""
        piece = text[start.end() : min(end, start.end() + _LONGEST)]
        prefix, is_part = start[1], len(start[2]) > len("url")
        loc = _value(_own(prefix, "loc"), piece).partition("<")[0]
        lastmod = _value(_own(prefix, "lastmod"), piece) if "astmod" in piece else ""
        if is_part or "ublication_date" not in piece:
            return Listed(loc, lastmod, is_part=is_part)
        return Listed(
            loc,
            lastmod,
            _value(self._published, piece),
            _value(self._title, piece),
            _value(self._language, piece),
        )


@lru_cache(maxsize=64)
def _own(prefix: str, name: str) -> re.Pattern[str]:
    """An element in the namespace of its parent, whose prefix this is, or without a prefix."""
    return _element(f"(?:{re.escape(prefix)})?" if prefix else "", name)


def _element(prefix: str, name: str) -> re.Pattern[str]:
    return re.compile(f"<{prefix}{name}{_VALUE}", re.IGNORECASE | re.DOTALL)


def _value(pattern: re.Pattern[str], piece: str) -> str:
    """An element's text with its references resolved; those without a semicolon are none, for
    `&copy=1` is a parameter."""
    found = pattern.search(piece)
    if found is None:
        return ""
    if found[1] is not None:
        return found[1].strip()
    value = found[2].strip()
    return _REFERENCE.sub(lambda match: unescape(match[0]), value) if "&" in value else value
