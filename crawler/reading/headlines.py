"""The headline of an article: as readers see it where the page shows it, else as stated.

Sites write one headline for readers (the first-level heading) and others for search engines and
social networks, with their own name before or behind it. The one that readers see is the
article's; what is stated for machines tells which heading that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from crawler.reading.heads import Head, one_line
from crawler.reading.jsonld import texts_of
from crawler.reading.notes import SILENT, Notes
from storage.text import fold, words

MAX_HEADLINE = 500

Found = tuple[str, str]  # value, method

_TAG = re.compile(r"<[^>]{0,500}>")
_SEPARATED = re.compile(  # in a line with single spaces
    r" (?:[|\u2013\u2014\-:\u00b7\u00bb\u2022/~]|::|//) | ?[|\uff5c] ?| ?\uff1a ?"
    r"|(?<=[^\x00-\x7f])_| _ |(?<=\w): "
)
_PARTING = re.compile(r"(?<=\w)[:,;.!?]|[\"\u2013\u2014\u201c\u201d\u00ab\u00bb]| - ")
_SHARES = " |-\u2013\u2014:\u00b7\u00bb\u2022/~_\uff5c\uff1a"
_LABELS = frozenset(  # folded; what stands before or behind a headline for the kind of article
    "opinion editorial analysis commentary comment column perspective review explainer exclusive"
    " video watch photos live gallery podcast interview updated update tribune edito chronique"
    " analyse avis entretien reportage meinung kommentar راي مقال تحليل افتتاحيه فيديو صور"
    " بالفيديو بالصور شاهد عاجل حصري".split()
)
_LEAST = 3  # words that a heading must share with a title in one piece to be taken for it
_LONE = 4  # words of a heading that is believed though nothing repeats it
_AKIN = 0.4  # of the words of the shorter of two, for both to say the same
_MOST_WORDS_OF_A_NAME = 4
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # written without spaces


def headline(head: Head, url: str, hint: str | None = None, notes: Notes = SILENT) -> Found:
    """The headline without the site's name, and where it came from; ("", "") if there is none.

    `url` is the page's address: sites are called like their host. `hint` is what a feed said.
    """
    site = Site(head, url)
    stated = list(_stated(head, site, notes))
    told = _plain(hint or "")
    if shown := _shown(head, [Title(value) for value, _ in stated], site, notes):
        return _with_marks(shown, [*_raw(head), *stated], notes)
    if told and (not stated or any(_is_one_end(told, value) for value, _ in islice(_raw(head), 1))):
        return told, "feed"
    if stated:
        return stated[0]
    return (head.headings[0][:MAX_HEADLINE], "h1") if head.headings else ("", "")


def _plain(text: str) -> str:
    return one_line(_TAG.sub("", text))[:MAX_HEADLINE]


def _is_one_end(told: str, title: str) -> bool:
    """Whether a feed's headline is a title without something in front or behind: a site's name."""
    key, whole = fold(told), fold(title)
    return key.count(" ") >= 1 and key != whole and (whole.startswith(key) or whole.endswith(key))


def _with_marks(shown: Found, stated: Sequence[Found], notes: Notes) -> Found:
    """A heading with the marks between its words, where only what is stated for machines has them.

    Layouts write a kicker and its colon apart, or the colon as a picture: "Kicker Title".
    """
    text, method = shown
    spoken = words(fold(text))
    for value, source in stated:
        if _marks(value) > _marks(text) and words(fold(value)) == spoken:
            notes.rejected("headline", method, text, "lacks marks that the page's data have")
            return value, source
    return shown


def _marks(text: str) -> int:
    """Marks that part a headline; a space before one, where none belongs, spoils it."""
    return len(_PARTING.findall(text))


# ---------------------------------------------------------------- what is stated for machines


def _stated(head: Head, site: Site, notes: Notes) -> Iterator[Found]:
    """The headlines in the data that outlets write for machines, without the site, best first."""
    for value, method in _raw(head):
        cut = site.cut(value)
        if cut != value:
            notes.rejected("headline", method, value, "ends or begins with the site's name")
        if cut and not site.is_name(cut):
            yield cut, method


def _raw(head: Head) -> Iterator[Found]:
    for value in texts_of(head.data.article.get("headline")):
        yield _plain(value), "jsonld"
    for name in ("og:title", "twitter:title", "dc.title"):
        if value := head.meta(name):
            yield _plain(value), "meta"
    if head.title:
        yield _plain(head.title), "title"


@dataclass
class Site:
    """What a site is called, as far as a page and its address tell."""

    head: Head
    url: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names as they are compared: folded, letters and figures only."""
        stated = (
            *self.head.metas.get("og:site_name", ()),
            *self.head.data.publishers,
            self._behind_title(),
        )
        keys = {key for name in stated if (key := _squeezed(one_line(name)))}
        return frozenset(keys - {_squeezed(value) for value, _ in _raw(self.head)})

    def _behind_title(self) -> str:
        """What stands behind a separator in the title and in none of the other headlines."""
        title = self.head.title[:MAX_HEADLINE]
        marks = list(_SEPARATED.finditer(title))
        if not marks:
            return ""
        told = [self.head.meta("og:title"), self.head.meta("twitter:title"), *self.head.headings]
        told += texts_of(self.head.data.article.get("headline"))
        rest = fold(title[: marks[-1].start()])
        return title[marks[-1].end() :] if rest and rest in map(fold, told) else ""

    @cached_property
    def host(self) -> str:
        """The host without `www.`, letters and figures only, and its own label before them."""
        host = self.url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
        return host.removeprefix("www.")

    @cached_property
    def labels(self) -> frozenset[str]:
        """The parts of the host that may be a name: all but the last ones."""
        return frozenset(part for part in self.host.split(".")[:-1] if len(part) > 2)

    @cached_property
    def sections(self) -> frozenset[str]:
        """The sections that the page says the article stands in, folded."""
        stated = texts_of(self.head.data.article.get("articleSection"))
        stated += [self.head.meta("article:section"), self.head.meta("section")]
        return frozenset(key for text in stated if (key := fold(text)))

    def is_name(self, text: str) -> bool:
        """Whether a text is nothing but what the site is called."""
        key = _squeezed(text)
        if not key or key in self.names:
            return bool(key)
        bare = key.removeprefix("the")
        host = _squeezed(self.host)
        if host.startswith(bare) and len(bare) > 2 and bare in {host, *map(_squeezed, self.labels)}:
            return True
        first = words(fold(text))[:1]
        few = len(text.split()) <= _MOST_WORDS_OF_A_NAME
        return few and bool(first) and first[0] in self.labels and len(text.split()) > 1

    def is_label(self, text: str) -> bool:
        """Whether a text is a section's name, or one for a kind of article."""
        key = fold(text)
        return key in self.sections or key in _LABELS

    def cut(self, title: str) -> str:
        """The title without the parts at its end or start that name the site or a section."""
        ends = [(match.start(), match.end()) for match in _SEPARATED.finditer(title)]
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
        short = len(parts[-1].split()) <= _MOST_WORDS_OF_A_NAME
        return short and _size(fold(" ".join(parts[:-1]))) >= _LEAST


def _parts(title: str, ends: Sequence[tuple[int, int]]) -> list[str]:
    """What stands between separators that begin and end at `ends`."""
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(title)]
    return [title[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _squeezed(text: str) -> str:
    return "".join(words(fold(text)))


def _size(key: str) -> int:
    """Words; two characters of scripts that write no spaces count as one."""
    return len(key.split()) + len(_WIDE.findall(key)) // 2


# ---------------------------------------------------------------- what readers see


class Title:
    """A stated headline as it is compared."""

    __slots__ = ("key", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.key = fold(text)
        self.words = frozenset(words(self.key))


def _shown(head: Head, titles: Sequence[Title], site: Site, notes: Notes) -> Found | None:
    """The heading that is the headline; None if none is for certain."""
    named = [Title(text[:MAX_HEADLINE]) for text in head.headings if not site.is_name(text)]
    headings = list({heading.key: heading for heading in named if heading.key}.values())
    lesser = [Title(text[:MAX_HEADLINE]) for text in head.subheadings]
    if own := _of_data(headings, lesser, head):
        return own.text, "h2"
    ranks = [_rank(heading, titles, alone=len(headings) == 1) for heading in headings]
    best = min(ranks, default=_NONE)
    if best < _NONE:
        return _cut(headings[ranks.index(best)], titles, site, best), "h1"
    long = [heading for heading in headings if _size(heading.key) >= _LONE]
    if len(long) == 1:
        return _cut(long[0], titles, site, _NONE), "h1"
    for heading in lesser:
        if _covers(heading, titles) and not site.is_name(heading.text):
            return heading.text, "h2"
    for heading in headings:
        notes.rejected("headline", "h1", heading.text, "no title of the page is like it")
    return None


def _of_data(headings: Sequence[Title], lesser: Sequence[Title], head: Head) -> Title | None:
    """The lesser heading that is the headline in JSON-LD, where no heading of the first level is.

    Sites that write the first-level heading for search engines show the article's own below it.
    """
    keys = {fold(_plain(value)) for value in texts_of(head.data.article.get("headline"))}
    if not keys or any(heading.key in keys for heading in headings):
        return None
    return next((each for each in lesser if each.key in keys and _size(each.key) >= _LEAST), None)


_SAME, _PART, _WITH_MORE, _LIKE, _NONE = range(5)


def _rank(heading: Title, titles: Sequence[Title], *, alone: bool) -> int:
    """How a heading bears out the titles: the same, a part of one, more than one, like one."""
    key, size = heading.key, _size(heading.key)
    if any(key == title.key for title in titles):
        return _SAME
    if size >= _LEAST and any(key in title.key for title in titles):
        return _PART
    in_all = alone and bool(titles) and all(key in title.key for title in titles)
    if in_all and any(key in map(fold, _SEPARATED.split(title.text)) for title in titles):
        return _PART
    if any(_size(title.key) >= _LEAST and title.key in key for title in titles):
        return _WITH_MORE
    return _LIKE if any(_akin(heading, title) for title in titles) else _NONE


def _covers(heading: Title, titles: Sequence[Title]) -> bool:
    """Whether a lesser heading is a title, or most of one."""
    size = _size(heading.key)
    return size >= _LEAST and any(
        heading.key in title.key and size * 2 > _size(title.key) for title in titles
    )


def _akin(one: Title, other: Title) -> bool:
    """Whether two say the same in other words."""
    least = min(len(one.words), len(other.words))
    return least >= _LEAST and len(one.words & other.words) >= _AKIN * least


def _cut(heading: Title, titles: Sequence[Title], site: Site, rank: int) -> str:
    """A heading without a label, or the site's name, around what a title says."""
    for title in titles if rank == _WITH_MORE else ():
        if _size(title.key) >= _LEAST and _is_dressed(heading.key, title.key, site):
            return title.text
    return site.cut(heading.text) if "|" in heading.text else heading.text


def _is_dressed(heading: str, title: str, site: Site) -> bool:
    """Whether a heading is a title with a kicker in front of it, or a name or label behind.

    "Kicker: Title" is a headline of its own.
    """
    before, found, after = heading.partition(title)
    if not found or _size(before) > _MOST_WORDS_OF_A_NAME:
        return False
    if before.rstrip().endswith(":") and not site.is_label(before.strip(_SHARES)):
        return False
    glued = after[:1].isalnum()
    behind = after.strip(_SHARES)
    return glued or not behind or site.is_name(behind) or site.is_label(behind)
