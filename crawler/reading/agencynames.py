"""Names of news agencies as credits spell them: which agency a few words stand for, if any."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from storage.models import Agency, AgencyForm
from storage.text import fold, words

LONGEST = 90
"""No credit is longer, not even one that names four agencies."""
SEVERAL = "agencies"
"""Whom a credit to more than one agency names: no agency in particular."""

_BEFORE = frozenset(
    "by par por de from via the la le l with avec per selon source agence agences agency agencia "
    "agenzia ajansa "
    "wakalat وكاله وكالات عن من المصدر بقلم نقلا مراسل ئاژانسي ازانسي ازانسا لگهل لكهل و الي ل "
    "staff newsroom reporters writers".split()
)
_AFTER = frozenset(
    "technology business sports political science medical national foreign entertainment "
    "staff writer writers reporter reporters correspondent correspondents newsroom desk agency "
    "agence news service للانباء الاخباريه الخبريه للاخبار s editor editors bureau team".split()
)
_AND = re.compile(
    r"\s(?:and|et|with|avec|in|à|at|from|of|for|via|y|û|مع|من|في|عن|و|لە|لەگەڵ)\s"
    r"|\sو(?!كال)(?=\w{3})"  # the Arabic "and" is written as a part of the next word
)
_BETWEEN = re.compile(
    '[|/\\\\,،;؛:()\\[\\]{}«»"“”•·*+&\n@–—]|\\s[-ـ]|[-ـ]\\s|(?<=[\u0620-\u06d5])-(?=[\u0620-\u06d5])'
)
_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"\sو\w")
"""Another word that "and" joins to an abbreviation: then that is a word as well."""
_DATE_TAIL = re.compile(r"\s(?:(?:le|on|at|في|يوم)\s)?\d{1,2}\b.*", re.DOTALL)
_ALEFS = str.maketrans("أإآٱیىکڪھ", "اااايىككه")


@dataclass(frozen=True, slots=True)
class Named:
    """An agency and where it is named; mode is that of the form (name, short, word)."""

    agency: str
    start: int
    end: int
    mode: str


class AgencyNames:
    """The forms of all agencies, by what they look like when spelling is put aside."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._forms: dict[str, list[tuple[str, AgencyForm]]] = {}
        known = list(agencies)
        for agency, form in ((one, form) for one in known for form in one.forms):
            self._forms.setdefault(key(form.text), []).append((agency.id, form))
        self._words = {word for spelled in self._forms for word in spelled.split()}
        self._longest = max((len(spelled.split()) for spelled in self._forms), default=0)
        self._unnamed = frozenset(one.id for one in known if one.unnamed)

    def is_unnamed(self, agency: str) -> bool:
        """Whether an id stands for agencies without a name."""
        return agency in self._unnamed

    def whole(self, text: str, start: int, end: int) -> Named | None:
        """The agency that exactly `text[start:end]` names, helping words around it aside."""
        if end - start > LONGEST:
            return None
        spans = [match.span() for match in _WORD.finditer(text, start, end)]
        folded = [fold(text[a:b]) for a, b in spans]
        if not any(len(word) == 1 or word.removeprefix("l'") in self._words for word in folded):
            return None  # as nearly always
        for first, last in _without_help(folded):
            found = self._named(text, spans[first][0], spans[last][1])
            if found is not None and (found.mode != "word" or last == len(spans) - 1):
                return found  # a word with another behind it ("MENA desk") is a word
        return None

    def among(
        self, text: str, start: int, end: int, beside: Callable[[str], bool] = lambda part: True
    ) -> Named | None:
        """The agency that one of several parts names; two agencies are none in particular.

        `beside` tells what may stand beside a name: with anything else there is no credit.
        """
        found = self.whole(text, start, end)
        if found is not None or end - start > 3 * LONGEST:
            return found
        parts = [(span, self.whole(text, *span)) for span in self._parts(text, start, end)]
        if not all(named or beside(text[slice(*span)]) for span, named in parts):
            return None
        one = self._one_of([named for _, named in parts if named])
        joined = one is not None and one.mode == "word" and _JOINED.match(text, one.end, end)
        return None if joined else one

    def at_start(self, text: str, start: int, end: int) -> Named | None:
        """The longest name that `text[start:end]` begins with."""
        spans = [match.span() for match in _WORD.finditer(text, start, min(end, start + LONGEST))]
        for last in range(min(len(spans), self._longest + 3), 0, -1):
            found = self.whole(text, start, spans[last - 1][1])
            if found is not None:
                return found
        return None

    def at_end(self, text: str, start: int, end: int) -> Named | None:
        """The longest name that `text[start:end]` ends with."""
        begin = max(start, end - LONGEST)
        spans = [match.span() for match in _WORD.finditer(text, begin, end)]
        for first in range(max(0, len(spans) - self._longest - 3), len(spans)):
            found = self.whole(text, spans[first][0], end)
            if found is not None:
                return found
        return None

    def _named(self, text: str, start: int, end: int) -> Named | None:
        surface = text[start:end]
        for agency, form in self._forms.get(key(surface), ()):
            if form.mode == "name" or _as_written(surface, form.text):
                return Named(agency, start, end, form.mode)
        return None

    def _one_of(self, named: list[Named]) -> Named | None:
        certain = [one for one in named if not self.is_unnamed(one.agency)]
        if len({one.agency for one in named}) < 2:
            return named[0] if named else None
        if len({one.agency for one in certain}) == 1 and len(certain) == len(named):
            return certain[0]
        if SEVERAL not in self._unnamed:
            return None
        return Named(SEVERAL, named[0].start, max(one.end for one in named), "name")

    def _parts(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        for first, last in _split(_BETWEEN, text, start, end):
            if self.whole(text, first, last) is not None:
                yield first, last
            else:
                dated = _DATE_TAIL.search(text, first, last)
                yield from _split(_AND, text, first, dated.start() if dated else last)


def key(text: str) -> str:
    """What spellings of one name have in common: folded words, single letters drawn together.

    >>> key("أ.ف.ب") == key("ا ف ب"), key("Agence France-Presse")
    (True, 'agence france presse')
    """
    spelled: list[str] = []
    single = False
    for word in words(fold(text)):
        if len(word) == 1 and single:
            spelled[-1] += word
        else:
            spelled.append(word)
        single = len(word) == 1
    return " ".join(spelled)


def _as_written(surface: str, form: str) -> bool:
    """Whether an abbreviation has the very letters: in capitals where the form has them, together
    or apart as in the form (أ ب is an agency, آب a month, A.P. somebody's initials).
    """
    return _letters(surface) == _letters(form)


def _letters(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).translate(_ALEFS).replace("ـ", "")
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _without_help(folded: list[str]) -> Iterator[tuple[int, int]]:
    """The first and last word of what is left without helping words, the most words first."""
    before = next((n for n, word in enumerate(folded) if word not in _BEFORE), len(folded) - 1)
    after = next((n for n, word in enumerate(reversed(folded)) if word not in _AFTER), 0)
    cuts = product(range(min(before, 4) + 1), range(min(after, 3) + 1))
    for first, cut in sorted(cuts, key=sum):
        if first < len(folded) - cut:
            yield first, len(folded) - cut - 1


def _split(between: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    place = start
    for match in between.finditer(text, start, end):
        if match.start() > place:
            yield place, match.start()
        place = match.end()
    if place < end:
        yield place, end
