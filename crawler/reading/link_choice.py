"""Which links of a page lead to articles: by the outlet's pattern, by what was learned, by blocks.

Without a pattern or known articles the page itself has to tell: links with a headline whose
address numbers, dates or titles something are taken as examples, and what has their shape, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.reading.page_links import PageLink
from crawler.reading.patterns import compile_pattern
from crawler.reading.url_anatomy import anatomy
from crawler.reading.url_shapes import (
    Shapes,
    is_sure_form,
    learn,
    may_be_article,
    names_list,
    seen_by_patterns,
)
from storage.text import fold

_LEAST_IN_BLOCK = 3
_LEAST_OF_A_FORM = 2  # of all examples on a page
_LEAST_NEW_FORM, _SHARE_OF_NEW_FORM = 5, 0.3  # links, and beside those that look as known ones do
_HEADLINE_WORDS, _HEADLINE_CHARACTERS = 4, 20
_LONGEST_HEADLINE = 250
_BUTTON_WORDS = 5  # of "read the whole story"; longer texts that begin so are headlines
_ELLIPSIS = re.compile(r"\s*(?:\.{2,}|…|\[…\]|\[\.\.\.\])\s*$")
_NO_HEADLINES = tuple(
    map(
        fold,
        (
            *("اقرأ", "إقرأ", "المزيد", "التفاصيل", "شاهد", "لقراءة", "تابع", "عرض الكل", "تحميل"),
            *("read more", "read the", "read full", "more ", "continue", "view all", "see all"),
            *("see more", "details", "next ", "previous", "lire la", "lire plus", "lire aussi"),
            *("lire l", "en savoir", "voir tout", "voir plus", "voir la", "voir les", "suite"),
            *("زیاتر", "خوێندنەوە", "درێژە", "bixwîne", "zêdetir", "berdewam", "page "),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The links that were taken for articles, and the rule by which."""

    links: tuple[PageLink, ...]
    rule: str  # pattern, learned or blocks


def by_pattern(links: Iterable[PageLink], pattern: str) -> Choice:
    """The links whose path and query the outlet's pattern meets; raises re2.error for a bad one."""
    compiled = compile_pattern(pattern)
    return Choice(
        tuple(link for link in links if compiled.search(seen_by_patterns(link.url))), "pattern"
    )


def by_shapes(links: Sequence[PageLink], shapes: Shapes) -> Choice:
    """The links that look like articles that are known, and those in blocks that are as plain.

    An outlet that begins to publish under another shape as well is not to be lost for ever: many
    links that are headlines count beside what was learned.
    """
    fitting = {link.url for link in links if _fits(link, shapes)}
    more = by_blocks(links).links
    counts = Counter(anatomy(link.url).form for link in more)
    enough = max(_LEAST_NEW_FORM, len(fitting) * _SHARE_OF_NEW_FORM)
    for link in more:
        form = anatomy(link.url).form
        if counts[form] >= enough and is_sure_form(form) and form not in shapes.of_form:
            fitting.add(link.url)
    return Choice(tuple(link for link in links if link.url in fitting), "learned")


def by_blocks(links: Sequence[PageLink]) -> Choice:
    """The links that look like articles by the page alone."""
    blocks = Counter(link.path for link in links if headline_of(link))
    examples = [link for link in links if _is_example(link, blocks)]
    shapes = learn((link.url for link in examples), least=_LEAST_OF_A_FORM)
    taken = {link.url for link in examples if is_sure_form(anatomy(link.url).form)}
    taken |= {link.url for link in examples if blocks[link.path] >= _LEAST_IN_BLOCK}
    fitting = (link for link in links if not link.in_chrome and _fits(link, shapes))
    taken |= {link.url for link in fitting if may_be_article(link.url)}
    return Choice(tuple(link for link in links if link.url in taken), "blocks")


def headline_of(link: PageLink) -> str:
    """The headline by which a page calls an article, or "": the longest text that is one.

    A shortened one counts only where the anchor's title tells the rest.
    """
    said = [text for text in (link.headed or link.texts) if is_headline(text)]
    whole = [text for text in said if not _ELLIPSIS.search(text)]
    if whole:
        return max(whole, key=len)
    for text in said:
        start = _ELLIPSIS.sub("", text)
        for title in link.titles:
            if title.startswith(start) and not _ELLIPSIS.search(title):
                return title
    return ""


def is_headline(text: str) -> bool:
    """Whether a link's text may be the headline of an article, in any language."""
    size, words = len(text), len(text.split())
    if size > _LONGEST_HEADLINE:
        return False
    if words <= _BUTTON_WORDS and fold(text).startswith(_NO_HEADLINES):
        return False
    return (words >= _HEADLINE_WORDS and size >= _HEADLINE_CHARACTERS - 4) or (
        words == _HEADLINE_WORDS - 1 and size >= _HEADLINE_CHARACTERS
    )


def _fits(link: PageLink, shapes: Shapes) -> bool:
    """Whether a link has a learned shape; where only a title tells, its text must be a title."""
    if not shapes.fits(link.url):
        return False
    return is_sure_form(anatomy(link.url).form) or not link.texts or _says_title(link)


def _says_title(link: PageLink) -> bool:
    return any(len(text.split()) > 2 or len(text) >= _HEADLINE_CHARACTERS for text in link.texts)


def _is_example(link: PageLink, blocks: Counter[str]) -> bool:
    """Whether a link surely leads to an article: it has a headline and an article's address."""
    if link.in_chrome or not any(map(is_headline, link.texts)) or names_list(link.url):
        return False
    return may_be_article(link.url) or (bool(link.headed) and blocks[link.path] >= _LEAST_IN_BLOCK)
