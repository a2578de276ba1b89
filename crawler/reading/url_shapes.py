"""Shapes of addresses: what those of an outlet's articles have in common and no other has.

Learned from addresses that are known to be articles. A word that nearly all of them have in the
same place must stand there; where many stand, any may, except those that name lists and services.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.reading.url_anatomy import Anatomy, address_parts, anatomy

LEAST_EXAMPLES = 5
"""With fewer known articles nothing is learned from them."""

_LEAST_SHARE = 0.02  # of all examples that a form must have, and at least two of them
_FEW_WORDS = 3  # different words in one place up to which only these may stand there …
_TIMES_EACH = 8  # … if there are so many examples of each on average
_SURE_KINDS = re.compile(r"number|code|day|month")
_NUMBER_IN_TITLE = re.compile(r"number-title|title-number")
_SECTIONS = re.compile(r"^(?:/word)+(?=/)")
_ANY_DEPTH = "/words"
_PARAMETER = re.compile(r"[?&]([^=&]*)=[^&]*")
_LISTS = re.compile(
    r"tags?|topics?|search|categor(?:y|ies)|cat|authors?|auteurs?|writers?|columnists?|keywords?"
    r"|hashtag|labels?|themes?|sections?|rubriques?|mots?|mot-cle|recherche|archives?|page|pages"
    r"|login|signin|signup|register|account|user|users|profile|members?|subscribe|subscription"
    r"|newsletter|contact(?:-?us)?|about(?:-?us)?|privacy(?:-policy)?|terms(?:-.*)?|policy|cookies?"
    r"|.*privac.*|.*datenschutz|impressum|shop|store|products?|galler(?:y|ies)|albums?"
    r"|advertis\w*|jobs|careers|feed|feeds|rss|sitemap|print|share|email|calendar|schedule|weather"
    r"|prayer\w*|gold\w*|currency|a-propos|mentions-legales|qui-sommes-nous|cgu|publicite|contactez.*"
    r"|وسم|وسوم|تصنيف|تصنيفات|قسم|أقسام|اقسام|كاتب|كتاب|كُتّاب|بحث|اتصل.*|تواصل.*|من-نحن|عن-.{2,12}"
    r"|سياسة-الخصوصية|شروط.*|ارشيف|أرشيف|تاج|نووسەر|گەڕان|پەیوەندی|دەربارە.*|derbare|peywendi|nivîskar"
    r"|wp-content|wp-admin|wp-login|cdn-cgi|static|assets|images?|img|uploads?|css|js|ajax|api",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the articles of one form have in common.

    `words` has for each place of a word those that may stand there, None for any. `digits` and
    `titles` are the least numbers of digits and of words that titles have.
    """

    count: int
    words: tuple[frozenset[str] | None, ...]
    digits: tuple[int, ...]
    titles: tuple[int, ...]

    def fits(self, one: Anatomy) -> bool:
        """Whether an address of this form is one of this shape."""
        pairs = zip(one.words, self.words, strict=True)
        if not all(word in known if known else not is_list_word(word) for word, known in pairs):
            return False
        numbered = is_sure_form(one.form)  # then a title may be as short as it likes
        titled = numbered or _reaches(one.titles, self.titles)
        return titled and _reaches(one.digits, self.digits)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of an outlet's articles, by form; none where too little is known.

    `at_any_depth` has those whose articles stand in sections and in sections of sections, by the
    form in which these are one.
    """

    of_form: Mapping[str, Shape]
    at_any_depth: Mapping[str, Shape] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.of_form)

    def fits(self, url: str) -> bool:
        """Whether an address looks like that of an article of this outlet."""
        one = anatomy(url)
        shape = self.of_form.get(one.form)
        if shape is None and "title" in one.form:  # the number may belong to the title
            shape = self.of_form.get(_NUMBER_IN_TITLE.sub("title", one.form))
            one = one._replace(digits=shape.digits if shape else ())
        if shape is None:
            one = _without_sections(anatomy(url))
            shape = self.at_any_depth.get(one.form)
        return shape is not None and shape.fits(one)


NO_SHAPES = Shapes({})


def learn(urls: Iterable[str], least: int = LEAST_EXAMPLES) -> Shapes:
    """The shapes of the addresses of articles; none from fewer than `least` of them.

    >>> shapes = learn([f"https://x.ma/news/{number}.html" for number in range(100, 110)])
    >>> shapes.fits("https://x.ma/news/912.html"), shapes.fits("https://x.ma/tag/912.html")
    (True, False)
    """
    parts = [one for one in map(anatomy, dict.fromkeys(urls)) if one.form != "/"]
    if len(parts) < least:
        return NO_SHAPES
    enough = max(min(2, least), len(parts) * _LEAST_SHARE)
    depths: dict[str, set[str]] = defaultdict(set)
    for one in parts:
        depths[_without_sections(one).form].add(one.form)
    deep = (one for one in map(_without_sections, parts) if len(depths[one.form]) > 1)
    return Shapes(_shapes(parts, enough), _shapes(deep, enough))


def _shapes(parts: Iterable[Anatomy], enough: float) -> dict[str, Shape]:
    examples: dict[str, list[Anatomy]] = defaultdict(list)
    for one in parts:
        examples[one.form].append(one)
    return {form: _shape(of) for form, of in examples.items() if len(of) >= enough}


def _without_sections(one: Anatomy) -> Anatomy:
    """An address in whose form the sections that lead to it are one, and only those that name
    lists are kept of their words."""
    named = tuple(filter(is_list_word, one.words))[:1]
    return one._replace(form=_SECTIONS.sub(_ANY_DEPTH, one.form), words=named or ("",))


def is_list_word(word: str) -> bool:
    """Whether a word in an address names a list of pages or a service, in any language."""
    return _LISTS.fullmatch(word) is not None


def names_list(url: str) -> bool:
    """Whether any word of an address names a list or a service."""
    return any(map(is_list_word, anatomy(url).words))


def may_be_article(url: str) -> bool:
    """Whether an address alone may be an article's: it has a number, a day, a code or a title,
    and no word in it names a list."""
    one = anatomy(url)
    named = is_sure_form(one.form) or any(size > 2 for size in one.titles)
    return named and not any(map(is_list_word, one.words))


def is_sure_form(form: str) -> bool:
    """Whether a form holds more than words and a title: something that numbers articles.

    The number of a page or of a section is none: `?page=2`, `?cat=7`.
    """
    chosen = _PARAMETER.sub(lambda found: "" if is_list_word(found[1]) else found[0], form)
    return _SURE_KINDS.search(chosen) is not None


def seen_by_patterns(url: str) -> str:
    """What of an address an outlet's pattern is searched in: path, query and route, with the
    letters of all scripts as people write them.

    >>> seen_by_patterns("https://x.ma/%D8%A3/5?id=3")
    '/أ/5?id=3'
    """
    path, query, route = address_parts(url)
    return path + (f"?{query}" if query else "") + (f"#!{route}" if route else "")


def _shape(examples: Sequence[Anatomy]) -> Shape:
    """What the examples of one form have in common."""
    return Shape(
        count=len(examples),
        words=tuple(map(_allowed, zip(*(one.words for one in examples), strict=True))),
        digits=tuple(map(_least, zip(*(one.digits for one in examples), strict=True))),
        titles=tuple(map(_shortest, zip(*(one.titles for one in examples), strict=True))),
    )


def _allowed(words: Sequence[str]) -> frozenset[str] | None:
    """The words that may stand in a place, or None for any."""
    known = frozenset(words)
    few = len(known) <= _FEW_WORDS and len(words) >= _TIMES_EACH * (len(known) - 1)
    return known if few else None


def _least(digits: Sequence[int]) -> int:
    """The least digits of a number that is an article's; one less than seen where few were."""
    return max(1, min(digits) - (len(digits) < 20))


def _shortest(titles: Sequence[int]) -> int:
    """The least words of a title: two thirds of what nine of ten have."""
    usual = sorted(titles)[len(titles) // 10]
    return max(1, usual * 2 // 3)


def _reaches(sizes: Sequence[int], least: Sequence[int]) -> bool:
    return all(size >= low for size, low in zip(sizes, least, strict=True))
