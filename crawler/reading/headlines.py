"""The headline of an article: as readers see it where the page shows it, else as stated.

Sites write one headline for readers (the first-level heading) and others for search engines and
social networks, with their own name before or behind it. The one that readers see is the
article's; what is stated for machines tells which heading that is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from crawler.reading.heads import Head
from crawler.reading.jsonld import texts_of
from crawler.reading.notes import SILENT, Notes
from crawler.reading.titles import (
    LEAST,
    MAX_HEADLINE,
    MOST_WORDS_OF_A_NAME,
    SEPARATED,
    Found,
    Site,
    Title,
    plain,
    word_count,
)
from storage.text import fold, words

_PARTING = re.compile(  # not at the end, where some data have a full stop more
    r"(?<=\w)[:,;.!?،؛؟](?=.*\w)|[\"\u201c-\u201f\u2013\u2014\u00ab\u00bb]| --? "
    r"|(?<!\w)['\u2018-\u201b\u2039\u203a]|['\u2018-\u201b\u2039\u203a](?!\w)"
)
_AROUND = " |-\u2013\u2014:\u00b7\u00bb\u2022/~_\uff5c\uff1a()[]"
_STAMP = re.compile(  # folded; "from the pen of", or a date, behind a title
    r"بقلم\b|.*?\b\d{1,4}([./-])\d\d?\1\d{2,4}\b"
)
_LONE = 4  # words of a heading that is believed though nothing repeats it
_LONG_WORD = 5  # letters of a word that is not in every heading
_SPEAKING = 5  # words from which on an address says what the article is called
_AKIN = 0.4  # of the words of the shorter of two, for both to say the same


def headline(site: Site, hint: str | None = None, notes: Notes = SILENT) -> Found:
    """The headline without the site's name, and where it came from; ("", "") if there is none.

    `site` has what the page states; `hint` is what a feed said.
    """
    head = site.head
    stated = list(_stated(site, notes))
    told = plain(hint or "")
    if shown := _shown(_Headings(head, site), _titles(stated), notes):
        return _with_marks(shown, [*site.titles, *stated], notes)
    first = site.titles[0][0] if site.titles else ""
    if told and (not stated or _is_one_end(told, first)):
        return told, "feed"
    if stated:
        return stated[0]
    return (head.headings[0][:MAX_HEADLINE], "h1") if head.headings else ("", "")


def _stated(site: Site, notes: Notes) -> Iterator[Found]:
    """The headlines in the data that outlets write for machines, without the site, best first."""
    cuts: dict[str, str] = {}  # most say the same several times
    for value, method in site.titles:
        if value not in cuts:
            cut = site.cut(value)
            cuts[value] = "" if site.is_name(cut) else cut
            if cut != value:
                notes.rejected("headline", method, value, "ends or begins with the site's name")
        if cuts[value]:
            yield cuts[value], method


def _titles(stated: Sequence[Found]) -> list[Title]:
    made = {value: Title(value) for value, _ in stated}
    return [made[value] for value, _ in stated]


def _is_one_end(told: str, title: str) -> bool:
    """Whether a feed's headline is a title without something in front or behind: a site's name."""
    key, whole = fold(told), fold(title)
    return key.count(" ") >= 1 and key != whole and (whole.startswith(key) or whole.endswith(key))


def _with_marks(shown: Found, stated: Sequence[Found], notes: Notes) -> Found:
    """A heading with the marks between its words, where only what is stated for machines has them.

    Layouts write a kicker and its colon apart, or the colon as a picture: "Kicker Title". The
    marks are those that most of the data have.
    """
    text, method = shown
    spoken, marks = words(fold(text)), _marks(text)
    times = Counter(value for value, _ in stated)
    marked = [value for value in times if _marks(value) > marks and words(fold(value)) == spoken]
    if not marked:
        return shown
    notes.rejected("headline", method, text, "lacks marks that the page's data have")
    most = max(marked, key=lambda value: times[value])
    return most, dict(reversed(stated))[most]


def _marks(text: str) -> int:
    """Marks that part a headline; a space before one, where none belongs, spoils it."""
    return len(_PARTING.findall(text))


# ---------------------------------------------------------------- what readers see


@dataclass
class _Headings:
    """The headings that a page shows, but for the site's name."""

    head: Head
    site: Site

    @cached_property
    def first(self) -> list[Title]:
        """Those of the first level."""
        named = [Title(each[:MAX_HEADLINE]) for each in self.head.headings if each]
        kept = {each.key: each for each in reversed(named) if not self.site.is_name(each.text)}
        return [each for key, each in reversed(kept.items()) if key]

    @cached_property
    def lesser(self) -> list[Title]:
        """Those of the second level."""
        return [Title(each[:MAX_HEADLINE]) for each in self.head.subheadings]


def _shown(shown: _Headings, titles: Sequence[Title], notes: Notes) -> Found | None:
    """The heading that is the headline; None if none is for certain."""
    headings, site = shown.first, shown.site
    if own := _of_data(shown) or _in_front_of_a_bar(shown):
        _reject(headings, "the page's data have the heading below it", notes)
        return own.text, "h2"
    ranks = [_rank(heading, titles, alone=len(headings) == 1) for heading in headings]
    best = min(ranks, default=_NONE)
    if best < _NONE:
        return _cut(headings[ranks.index(best)], titles, site, best), "h1"
    lone = None if (own := _repeated(titles, shown)) else _alone(headings, titles)
    if lone:
        return _cut(lone, titles, site, _NONE), "h1"
    _reject(headings, "no title of the page is like it", notes)
    below = own or _below(shown, titles)
    return (below.text, "h2") if below else None


def _reject(headings: Sequence[Title], why: str, notes: Notes) -> None:
    for heading in headings:
        notes.rejected("headline", "h1", heading.text, why)


def _of_data(shown: _Headings) -> Title | None:
    """The lesser heading that JSON-LD has, or og:title where the first-level one is in a path.

    Sites that write the first-level heading for search engines show the article's own below it;
    some write it at the end of the path from the front page.
    """
    head = shown.head
    named = [Title(plain(value)) for value in texts_of(head.data.article.get("headline"))]
    if own := _repeated(named, shown):
        return own
    path = {fold(text) for text in head.trail}
    if not path or any(heading.key not in path for heading in shown.first):
        return None
    shared = [Title(shown.site.cut(plain(each))) for each in head.metas.get("og:title", ())[:1]]
    kicked = (each for each in shared if _is_kicked(each, shown))
    return _repeated(shared, shown) or next(kicked, None)


def _repeated(titles: Sequence[Title], shown: _Headings) -> Title | None:
    """The lesser heading that is one of the titles, where no first-level one is."""
    keys = {title.key for title in titles if title.size >= LEAST}
    if not keys or any(heading.key in keys for heading in shown.first):
        return None
    return next((each for each in shown.lesser if each.key in keys), None)


def _is_kicked(title: Title, shown: _Headings) -> bool:
    """Whether a lesser heading is a kicker and this title, which no first-level one has in it."""
    if title.size < LEAST or any(title.key in heading.key for heading in shown.first):
        return False
    return any(each.text.endswith(f" {title.text}") for each in shown.lesser)


def _in_front_of_a_bar(shown: _Headings) -> Title | None:
    """The lesser heading that a first-level one repeats with more behind it: "… | Section | Site".

    Such a heading is the window's title once more, mostly for those who do not see the page.
    """
    barred = [each for each in shown.first if " | " in each.text]
    if not barred:
        return None
    window = fold(plain(shown.head.title))
    begins = {fold(each.text.partition(" | ")[0]) for each in barred if each.key == window}
    fitting = (each for each in shown.lesser if each.key in begins and each.size >= LEAST)
    return next(fitting, None)


def _alone(headings: Sequence[Title], titles: Sequence[Title]) -> Title | None:
    """The one long heading, or of several the one with a long word of a title."""
    said = {word for title in titles for word in title.words if len(word) >= _LONG_WORD}
    long = [heading for heading in headings if heading.size >= _LONE]
    near = [heading for heading in long if heading.words & said]
    return next((some[0] for some in (long, near) if len(some) == 1), None)


def _below(shown: _Headings, titles: Sequence[Title]) -> Title | None:
    """The lesser heading that says what a title says, or else what the address says."""
    lesser = [each for each in shown.lesser if not shown.site.is_name(each.text)]
    if found := next((each for each in lesser if _covers(each, titles)), None):
        return found
    address = _words_of_address(shown.site.url)
    if len(address) < _SPEAKING:
        return None
    return next((each for each in lesser if address <= each.words), None)


def _words_of_address(url: str) -> frozenset[str]:
    """The words in the part of an address that has most, without numbers and a file's ending."""
    parts = re.sub(r"\.\w{1,5}$", "", urlsplit(url).path).split("/")
    told = (words(fold(unquote(part).replace("_", " "))) for part in parts)
    return max((frozenset(w for w in each if not w.isdigit()) for each in told), key=len)


_SAME, _PART, _WITH_MORE, _LIKE, _NONE = range(5)


def _rank(heading: Title, titles: Sequence[Title], *, alone: bool) -> int:
    """How a heading bears out the titles: the same, a part of one, more than one, like one."""
    key, size = heading.key, heading.size
    if any(key == title.key for title in titles):
        return _SAME
    if size >= LEAST and any(key in title.key for title in titles):
        return _PART
    in_all = alone and bool(titles) and all(key in title.key for title in titles)
    if in_all and any(key in map(fold, SEPARATED.split(title.text)) for title in titles):
        return _PART
    if any(title.size >= LEAST and title.key in key for title in titles):
        return _WITH_MORE
    return _LIKE if any(_akin(heading, title) for title in titles) else _NONE


def _covers(heading: Title, titles: Sequence[Title]) -> bool:
    """Whether a lesser heading is a title, or most of one."""
    size = heading.size
    return size >= LEAST and any(
        heading.key in title.key and size * 2 > title.size for title in titles
    )


def _akin(one: Title, other: Title) -> bool:
    """Whether two say the same in other words."""
    least = min(len(one.words), len(other.words))
    return least >= LEAST and len(one.words & other.words) >= _AKIN * least


def _cut(heading: Title, titles: Sequence[Title], site: Site, rank: int) -> str:
    """A heading without a label, or the site's name, around what a title says."""
    agreed = len(titles) > 1 and len({title.key for title in titles}) == 1
    for title in titles if rank == _WITH_MORE else ():
        if title.size >= LEAST and _is_dressed(heading.key, title.key, site, agreed=agreed):
            return title.text
    return site.cut(heading.text) if "|" in heading.text else heading.text


def _is_dressed(heading: str, title: str, site: Site, *, agreed: bool) -> bool:
    """Whether a heading is a title with a kicker in front of it, or a name or label behind.

    "Kicker: Title" is a headline of its own, unless the kicker is one word and `agreed`: all that
    is stated leaves it out.
    """
    before, found, after = heading.partition(title)
    kicker, behind = before.strip(_AROUND), after.strip(_AROUND)
    if not found or word_count(kicker) > MOST_WORDS_OF_A_NAME:
        return False
    if before.rstrip().endswith(":") and not site.is_label(kicker):
        return agreed and word_count(kicker) == 1 and not behind
    if agreed and (after.startswith(" |") or _STAMP.match(behind)):
        return True
    glued = after[:1].isalnum()
    return glued or not behind or site.is_name(behind) or site.is_label(behind)
