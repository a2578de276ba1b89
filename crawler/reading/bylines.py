"""Who signed an article: as stated for machines, else in the line under the headline.

A site's own name, an address and a number are no byline; a wrong name is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.decode import clean_text
from crawler.reading.heads import Head, is_node_apart, one_line
from crawler.reading.jsonld import names_of
from crawler.reading.metadata import person
from crawler.reading.notes import SILENT, Notes
from crawler.reading.shown_text import shown_text
from crawler.reading.titles import Site

Found = tuple[str, str]  # value, method

_NAMES = (
    *("author", "article:author", "byl", "dc.creator", "parsely-author", "cxenseparse:author"),
    *("article.author", "dcterms.creator", "sailthru.author"),
)
_NO_NAME = re.compile(r"(?:https?:|/|#|www\.)|[^@\s]+@[^@\s]+$|[\d\W_]+$")
_SHOWN = "[itemprop~='author' i], [class*='byline' i], [class*='author' i]"
"""Elements that may be called after an author; each selector is one walk over the whole page."""
_CALLED = re.compile(  # a class of them
    r"(?:^|\s)(?:byline|author|author-name)(?:\s|$)|byline__name|byline-name|author__name"
    r"|(?:article|entry|post)-author",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:by|par|von|written by|reported by|por|di|door|بقلم|كتب|كتبه|كتبت|إعداد|نووسینی|ji)"
    r"(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:(?:author|auteure?|autora?|autore|الكاتبة?|نووسەر)\s*[:：]|view all posts by)\s*",
    re.IGNORECASE,
)
_END = re.compile(r"(?:[|\u2022\u00b7/\n]|\s[\u2013\u2014-](?:\s|$)|[,،]\s|\d).*$", re.DOTALL)
_AROUND = " ,;|-\u2013\u2014"
_LONGEST = 80  # characters of a line that holds a byline
_MOST_WORDS = 6
_MOST_SHOWN = 12
_OTHER_WORDS = re.compile(
    r"\b(?:about|more|follow|share|read|view|posts?|articles?|staff|comments?|subscribe|author|"
    r"authors|contact|updated|published|photo|image)\b|الكاتب|المزيد|مقالات|تعليق",
    re.IGNORECASE,
)


def byline(
    site: Site,
    hint: str | None = None,
    tree: Callable[[], LexborHTMLParser] | None = None,
    notes: Notes = SILENT,
) -> Found:
    """Who signed the article and where that stands; ("", "") if nobody is known to have.

    `site` has what the page states; `hint` is what a feed said; `tree` gives the page, and is
    asked only where nothing is stated.
    """
    for value, method in _stated(site.head, hint):
        name = _name(value, site)
        if not name or _NO_NAME.match(name) or site.is_name(name):
            notes.rejected("byline", method, value, "no person's name, or the site's own")
        else:
            return name, method
    shown = next(_shown(tree(), site), "") if tree is not None else ""
    return (shown, "visible") if shown else ("", "")


def _name(stated: str, site: Site) -> str:
    """A byline without a word for who wrote, and without addresses and the site's name behind.

    An agency's name stays: who is credited is told by it.
    """
    whole, _, behind = _TITLE.sub("", person(stated).strip()).partition(" |")
    if behind and not any(map(site.is_name, behind.split())):
        whole = f"{whole} |{behind}"
    parts = whole.strip(_AROUND).split(", ")
    while len(parts) > 1 and ("@" in parts[-1] or site.is_name(parts[-1])):
        parts.pop()
    return ", ".join(parts)


def _stated(head: Head, hint: str | None) -> Iterator[Found]:
    """Bylines in the data that outlets write for machines, best first."""
    for key in ("author", "creator"):
        names = [name.strip(" ,;") for name in names_of(head.data.article.get(key))]
        if whole := ", ".join(dict.fromkeys(filter(None, names))):
            yield whole, "jsonld"
    for key in _NAMES:
        for value in head.metas.get(key, ()):
            yield value, "meta"
    for value in head.signed:
        yield value, "link"
    if hint:
        yield hint, "feed"


def _shown(tree: LexborHTMLParser, site: Site) -> Iterator[str]:
    """The names that the page shows in elements called after an author, in their order."""
    for node in islice(_of_article(filter(_is_called, tree.css(_SHOWN))), _MOST_SHOWN):
        text = one_line(clean_text(shown_text(node.inner_html or "")))
        said = _TITLE.sub("", text[: _LONGEST + 1])
        name = _END.sub("", _BEFORE.sub("", said)).partition(" (")[0].strip(f"{_AROUND}:")
        if len(text) <= _LONGEST and _is_person(name) and not site.is_name(name):
            yield name


def _is_called(node: LexborNode) -> bool:
    """Whether an element is called after an author, and not only like one."""
    attributes = node.attributes
    named = "author" in (attributes.get("itemprop") or "").lower().split()
    return named or bool(_CALLED.search(attributes.get("class") or ""))


def _of_article(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """The nodes that are no part of a comment or of another article."""
    return (node for node in nodes if not is_node_apart(node))


def is_signature(line: str) -> bool:
    """Whether a line only says who wrote the text: a word for that, a colon, a name."""
    said = _BEFORE.match(line[:_LONGEST])
    if said is None or ":" not in said[0] or len(line) > _LONGEST:
        return False
    name = line[said.end() :].strip()
    return 0 < len(name.split()) <= _MOST_WORDS and name[-1] not in '.!?؟…:"»”'


def _is_person(name: str) -> bool:
    """Whether a text may be a person's name: two to six words, the first with a capital."""
    words = name.split()
    few = 2 <= len(words) <= _MOST_WORDS
    return few and not name[0].islower() and not _OTHER_WORDS.search(name)
