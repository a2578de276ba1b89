"""The text's side of matching: which finds of the automaton stand as names in the text.

The automaton only knows folded letters in a row. Here each find is checked for the edges of
words, for clitics, spacing and punctuation, and for what its mode asks of the written letters.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from crawler.reading.forms import (
    ARTICLES,
    CLITICS,
    Form,
    gaps,
    plain,
    plain_form,
    strict,
    strict_form,
)
from crawler.reading.givennames import (
    BEGIN_LIKE_A_CLITIC,
    GIVEN,
    PARENTS,
    PRECEDING,
    RELATIVES,
    SERVANT,
)
from storage.text import SOFT, fold, fold_apart

Found = tuple[int, tuple[int, tuple[Form, ...]]]
"""What the automaton gives: the last letter, and the length and forms of the key."""

_SHORT = 4  # a one-word Arabic form with fewer letters takes no clitic: "علي" is not in "وعلي"
_PLAIN_EDGES = frozenset(("", " ", ".", ",", ":", "(", ")"))
_LONGEST_PREFIX = max(map(len, ARTICLES))
_ELISIONS = frozenset("l d qu jusqu lorsqu puisqu quoiqu presqu entr dell all nell sull".split())
_CODEC = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_SOFT_CODES = tuple(map(ord, SOFT))
_UNKNOWN = 255
_LENGTHS = np.full(sys.maxunicode + 1, _UNKNOWN, dtype=np.uint8)
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]+) +$")
_BREAK = re.compile(r"\s[-‐-―−]+\s|[—―]")  # a dash between words, not a hyphen within one
_HYPHENATED = re.compile(r"(?<![\w'’])([^\W\d_]{2,})[-‐‑]$")
_NO_FIRST_NAMES = frozenset("pro ex anti non post neo pseudo al el".split())
_SUSPECT = re.compile('["“”„‟«»‹›‐-―−-]')
_QUOTES = re.compile('["“”„‟«»‹›]')


@dataclass(frozen=True, slots=True)
class Hit:
    """A form found at [start, end) of the folded text."""

    form: Form
    start: int
    end: int


class Source:
    """A text, its folded form, the folded place of each squeezed letter, and the offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold_apart(text)
        codes = _codes(self.folded)
        self._hard = np.logical_and.reduce([codes != code for code in _SOFT_CODES])
        self.squeezed = codes[self._hard].tobytes().decode(_CODEC, "surrogatepass")

    @cached_property
    def places(self) -> array[int]:
        """The place in the folded text of each squeezed letter."""
        return _array(np.flatnonzero(self._hard))

    @cached_property
    def _offsets(self) -> array[int]:
        """The offset in the text of each folded letter."""
        lengths = _lengths(self.text)
        return _array(np.repeat(np.arange(len(lengths)), lengths))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of the folded text lies in the text, with the last letter's marks."""
        first, last = self._offsets[start], self._offsets[end - 1] + 1
        while last < len(self.text) and self.text[last] > "\u02ff" and _is_mark(self.text[last]):
            last += 1
        return first, last

    def surface(self, start: int, end: int) -> str:
        """What stands at [start, end) of the folded text."""
        first, last = self.span(start, end)
        return self.text[first:last]

    def parted(self, left: int, right: int) -> bool:
        """Whether an invisible mark, which some type instead of a space, parts two letters."""
        inside = self.text[self._offsets[left] + 1 : self._offsets[right]]
        return "\u200b" in inside or "\u200c" in inside

    def between(self, start: int, end: int) -> str:
        """The text as published between two folded places."""
        return self.text[self._offsets[start] : self._offsets[end]] if start < end else ""


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode(_CODEC, "surrogatepass"), dtype=np.uint32)


def _lengths(text: str) -> npt.NDArray[np.uint8]:
    """How many letters each character of the text is folded to."""
    codes = _codes(text)
    lengths = _LENGTHS[codes]
    for code in np.unique(codes[lengths == _UNKNOWN]).tolist():
        _LENGTHS[code] = len(fold_apart(chr(code)))
    return _LENGTHS[codes]


def _array(numbers: npt.NDArray[np.integer[Any]]) -> array[int]:
    """The numbers where a single one is read quickly, which numpy does not do."""
    found = array("i")
    found.frombytes(numbers.astype(np.intc).tobytes())
    return found


def _is_mark(char: str) -> bool:
    return char in "ءـ" or unicodedata.combining(char) > 0


def checked(found: Iterable[Found], source: Source) -> Iterator[Hit]:
    """The automaton's finds that stand as words in the text."""
    places, folded = source.places, source.folded
    for last, (length, forms) in found:
        first = last - length + 1
        start, end = places[first], places[last] + 1
        if end < len(folded) and folded[end] != " " and _joined(folded[end - 1], folded[end]):
            continue
        prefix = _prefix(folded, start)
        if len(prefix) > _LONGEST_PREFIX:
            continue
        for form in forms:
            if _stands(form, prefix, (first, start, end), source):
                yield Hit(form, start - 2 * _with_article(form, prefix), end)


def _stands(form: Form, prefix: str, place: tuple[int, int, int], source: Source) -> bool:
    """Whether a form stands at a place (its first squeezed letter, folded start and end)."""
    first, start, end = place
    return (
        _prefix_fits(form, prefix)
        and (source.folded[start:end] == form.bare or _spacing_fits(form, first, source))
        and _edges_fit(form, start - len(prefix), end, source.folded)
        and not _part_of_another_name(form, prefix, start, source)
        and _surface_fits(form, start, end, source)
    )


# ---------------------------------------------------------------- edges and clitics


def _joined(one: str, other: str) -> bool:
    """Whether two letters are of one word; a change of script is an edge: "منظمةAMDH"."""
    return one.isalpha() and other.isalpha() and _is_arabic(one) == _is_arabic(other)


def _is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff"


def _prefix(folded: str, start: int) -> str:
    """What of its word stands before a hit; no more letters are looked at than a clitic has."""
    if not start or folded[start - 1] == " ":
        return ""
    begin = start
    while (
        begin > 0 and start - begin <= _LONGEST_PREFIX and _joined(folded[begin - 1], folded[begin])
    ):
        begin -= 1
    return folded[begin:start]


def _prefix_fits(form: Form, prefix: str) -> bool:
    if not prefix:
        return not (form.article and (form.single or form.mode == "anti"))
    if form.personal and not form.article and prefix.endswith("ال"):
        return False  # العلي is a family, not Ali
    if form.mode == "anti" and form.article:
        return prefix in ARTICLES
    if form.term or not form.single:
        return prefix in CLITICS or prefix in ARTICLES
    if form.article:
        return prefix in ARTICLES
    return prefix in CLITICS and len(form.bare) >= _SHORT


def _with_article(form: Form, prefix: str) -> bool:
    """Whether the article that the form was stored without stands before the hit."""
    return form.article and prefix.endswith("ال")


def _edges_fit(form: Form, begin: int, end: int, folded: str) -> bool:
    """What digits and apostrophes around the word say; other letters were looked at before."""
    before, after = folded[begin - 1 : begin] if begin else "", folded[end : end + 1]
    if before in _PLAIN_EDGES and after in _PLAIN_EDGES:
        return True
    if before.isdecimal() and (form.single or form.bare[0].isdecimal()):
        return False
    if after.isdecimal() and (form.single or form.bare[-1].isdecimal()):
        return False
    if before == "'" and not _after_elision(folded, begin - 1):
        return False
    return after != "'" or _before_ending(form, folded, end + 1)


def _after_elision(folded: str, apostrophe: int) -> bool:
    """Whether an apostrophe parts two words: l'AMDH, not O'Brien; after Arabic it is a quote."""
    begin = apostrophe
    while begin > 0 and apostrophe - begin < 8 and folded[begin - 1].isalnum():
        begin -= 1
    word = folded[begin:apostrophe]
    return not word or _is_arabic(word[0]) or word in _ELISIONS


def _before_ending(form: Form, folded: str, begin: int) -> bool:
    """Whether an ending stands behind an apostrophe: AMDH's, Kurmanji HDP'ê, but not Sana'a."""
    end = begin
    while end < len(folded) and end - begin < 4 and folded[end].isalpha():
        end += 1
    ending = folded[begin:end]
    if ending in ("", "s") or _is_arabic(ending[0]):
        return True
    return len(ending) <= 3 and (form.cased or not form.single)


# ---------------------------------------------------------------- inside the name, and beside it


def _spacing_fits(form: Form, first: int, source: Source) -> bool:
    """Spaces stand where the form has them, but for hashtags; apostrophes never count."""
    places, folded = source.places, source.folded
    tagged = folded[max(0, places[first] - 1)] in "#@"
    for number, wanted in enumerate(gaps(form.bare, free=not form.single), first):
        if wanted is None:
            continue
        left, right = places[number], places[number + 1]
        between = right - left > 1 and folded[left + 1 : right].strip("'") != ""
        between = between or (wanted and source.parted(left, right))
        if between != wanted and not (tagged and wanted):
            return False
    return True


def _part_of_another_name(form: Form, prefix: str, start: int, source: Source) -> bool:
    """Whether what stands before makes it another person: Wisam for Sam, a father's name."""
    if form.mode == "anti":
        return False
    given = form.bare.partition(" ")[0]
    if len(prefix) == 1:
        return prefix + given in BEGIN_LIKE_A_CLITIC
    if form.article and prefix == "ال":
        start -= 2
    elif prefix:
        return False
    if form.kind and not form.single and not form.personal:
        return False
    word = _word_before(source, start)
    if not form.single and not form.personal:
        return word in SERVANT or _after_first_name(source, start)
    if form.single:
        relative = form.kind == "person" and word in RELATIVES and word not in form.words
        return relative or (word in SERVANT and not form.term)
    parent = word in PARENTS or (given in GIVEN and word in PRECEDING)
    return parent or _after_first_name(source, start)


def _word_before(source: Source, start: int) -> str:
    """The folded word in front of a place, if only spaces part them; a name, not the verb said."""
    before = _WORD_BEFORE.search(source.folded, max(0, start - 12), start)
    if before is None or source.between(before.end(1), start).strip(" \u00a0\u0640\u200c\u200f"):
        return ""
    small = before[1].isascii() and source.between(before.start(1), before.end(1)).islower()
    return "" if small and before[1] not in PARENTS else before[1]


def _after_first_name(source: Source, start: int) -> bool:
    """Whether a hyphen joins the name to a given name: Anne-Claire X is not Claire X."""
    if _is_arabic(source.folded[start]):
        return False
    first = source.span(start, start + 1)[0]
    if first < 2 or source.text[first - 1] not in "-‐‑":
        return False
    word = _HYPHENATED.search(source.text, max(0, first - 20), first)
    return word is not None and word[1].istitle() and fold(word[1]) not in _NO_FIRST_NAMES


def _surface_fits(form: Form, start: int, end: int, source: Source) -> bool:
    """What the mode and the length of the form ask of the written letters themselves."""
    surface = source.surface(start, end)
    if form.cased:
        return plain(surface).replace(".", "") == plain_form(form.alias).replace(".", "")
    if form.mode == "exact":
        return plain_form(form.alias).endswith(plain(surface))
    if form.term and form.single:  # نشطاء is not نشطا, "active"
        return plain_form(form.alias).count("ء") <= plain(surface).count("ء")
    if form.single:
        return strict_form(form.alias).endswith(strict(surface))
    if not _SUSPECT.search(surface):
        return True
    broken = _BREAK.search(surface) and not _BREAK.search(form.alias)
    return not broken and _quotes_fit(surface, start, end, source)


def _quotes_fit(surface: str, start: int, end: int, source: Source) -> bool:
    """No quotation ends or begins within the name, unless it is of the name's own words."""
    quotes = len(_QUOTES.findall(surface))
    if quotes % 2 == 0:
        return True
    first, last = source.span(start, end)
    text = source.text
    around = text[max(0, first - 2) : first].strip()[-1:] + text[last : last + 2].strip()[:1]
    return bool(_QUOTES.search(around))
