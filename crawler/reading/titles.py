"""The titles that a page states for machines, and what in them is only the site's name.

Sites put their own name before or behind a title, and call themselves like their host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from crawler.reading.heads import Head, one_line
from crawler.reading.jsonld import texts_of
from storage.text import fold, words

MAX_HEADLINE = 500
LEAST = 3
"""Words that two headings or titles must share in one piece to be taken for the same."""

Found = tuple[str, str]  # value, method

_TAG = re.compile(r"<[^>]{0,500}>")
SEPARATED = re.compile(  # in a line with single spaces
    r" (?:[|\u2013\u2014\-:\u00b7\u00bb\u2022/~]|::|//) | ?[|\uff5c] ?| ?\uff1a ?"
    r"|(?<=[^\x00-\x7f])_| _ |(?<=\w): "
)
_LABELS = frozenset(  # folded, own compilation; around a headline, for the kind of article
    "opinion editorial analysis commentary comment column perspective review explainer exclusive"
    " video watch photos live gallery podcast interview updated update tribune edito chronique"
    " analyse avis entretien reportage meinung kommentar راي مقال تحليل افتتاحيه فيديو صور"
    " بالفيديو بالصور شاهد عاجل حصري".split()
)
MOST_WORDS_OF_A_NAME = 4
_LONGEST_NAME = 120  # characters
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # written without spaces


def plain(text: str) -> str:
    """A title on one line, without markup."""
    return one_line(_TAG.sub("", text))[:MAX_HEADLINE]


def raw_titles(head: Head) -> Iterator[Found]:
    """The titles as they are stated and the method of each, those of JSON-LD first."""
    for value in texts_of(head.data.article.get("headline")):
        yield plain(value), "jsonld"
    for name in ("og:title", "twitter:title", "dc.title"):
        if value := head.meta(name):
            yield plain(value), "meta"
    if head.title:
        yield plain(head.title), "title"


@dataclass
class Site:
    """What a site is called, as far as a page and its address tell."""

    head: Head
    url: str

    @cached_property
    def titles(self) -> list[Found]:
        """The page's titles as they are stated (`raw_titles`)."""
        return list(raw_titles(self.head))

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names as they are compared: folded, letters and figures only."""
        stated = (
            *self.head.metas.get("og:site_name", ()),
            *self.head.data.publishers,
            self._behind_title(),
        )
        keys = {key for name in stated if (key := squeezed(one_line(name)[:MAX_HEADLINE]))}
        return frozenset(keys - {squeezed(value) for value, _ in self.titles})

    def _behind_title(self) -> str:
        """What stands behind the last separator in the title, if the site is called so.

        It is where no other headline has it; or where a heading is only that, and before it
        stands more: the name of a blog above its posts.
        """
        title = plain(self.head.title)
        *_, mark = (None, *SEPARATED.finditer(title))
        if mark is None:
            return ""
        told = [self.head.meta("og:title"), self.head.meta("twitter:title"), *self.head.headings]
        told += texts_of(self.head.data.article.get("headline"))
        keys = {fold(text) for text in told}
        rest, last = fold(title[: mark.start()]), fold(title[mark.end() :])
        is_heading = last in keys and ":" not in mark[0] and word_count(rest) > word_count(last)
        return last if rest and (rest in keys or is_heading) else ""

    @cached_property
    def labels(self) -> frozenset[str]:
        """The parts of the host that may be a name: all but the last one and the short ones."""
        return frozenset(part for part in self._host.split(".")[:-1] if len(part) > 2)

    @cached_property
    def _host(self) -> str:
        host = self.url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
        return host.removeprefix("www.")

    @cached_property
    def _called(self) -> frozenset[str]:
        """What of the host is a name: the beginning, letters and figures only."""
        host = squeezed(self._host)
        keys = {key for label in self.labels if host.startswith(key := squeezed(label))}
        return frozenset(key for key in {host, *keys} if len(key) > 2)

    @cached_property
    def sections(self) -> frozenset[str]:
        """The sections that the page says the article stands in, folded."""
        stated = texts_of(self.head.data.article.get("articleSection"))
        stated += [self.head.meta("article:section"), self.head.meta("section")]
        return frozenset(key for text in stated if (key := fold(text)))

    def is_name(self, text: str) -> bool:
        """Whether a text is nothing but what the site is called."""
        if len(text) > _LONGEST_NAME:
            return False
        key = squeezed(text)
        if not key or key in self.names:
            return bool(key)
        if key.removeprefix("the") in self._called:
            return True
        few = 1 < len(text.split()) <= MOST_WORDS_OF_A_NAME
        return few and any(begin in self.labels for begin in _beginnings(text))

    def is_label(self, text: str) -> bool:
        """Whether a text is a section's name, or one for a kind of article."""
        key = fold(text)
        return key in self.sections or key in _LABELS

    def cut(self, title: str) -> str:
        """The title without the parts at its end or start that name the site or a section."""
        ends = [(match.start(), match.end()) for match in SEPARATED.finditer(title)]
        parts = _parts(title, ends)
        if len(parts) < 2:
            return title
        kept = len(parts)
        while kept > 1 and (self.is_name(parts[kept - 1]) or self.is_label(parts[kept - 1])):
            kept -= 1
        first = 1 if kept > 1 and self.is_name(parts[0]) else 0
        if kept == len(parts) and not first and not self.names and self._may_be_name(parts):
            kept -= 1
        start = ends[0][1] if first else 0
        return title[start : ends[kept - 1][0] if kept < len(parts) else None].strip() or title

    def _may_be_name(self, parts: Sequence[str]) -> bool:
        """Whether the last part is short, and what is before it a headline of its own."""
        short = word_count(fold(parts[-1])) <= MOST_WORDS_OF_A_NAME
        return short and word_count(fold(" ".join(parts[:-1]))) >= LEAST


def _parts(title: str, ends: Sequence[tuple[int, int]]) -> list[str]:
    """What stands between separators that begin and end at `ends`."""
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(title)]
    return [title[start:stop] for start, stop in zip(starts, stops, strict=True)]


@lru_cache(maxsize=2_000)
def squeezed(text: str) -> str:
    """What a title or heading says, however its parts are set apart: folded, without spaces."""
    return "".join(words(fold(text)))


def _beginnings(text: str) -> Iterator[str]:
    """The first word, the first two without the space between them, and so on, but not all."""
    return accumulate(words(fold(text))[:-1])


def word_count(key: str) -> int:
    """Words; two characters of scripts that write no spaces count as one."""
    return len(key.split()) + len(_WIDE.findall(key)) // 2


class Title:
    """A title or heading as it is compared."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.key = fold(text)
        self.size = word_count(self.key)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, folded."""
        return frozenset(words(self.key))
