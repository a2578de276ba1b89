"""A pattern proposed for an outlet's file, made of the addresses of some of its articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crawler.reading.patterns import compile_pattern
from crawler.reading.url_anatomy import address_parts, anatomy
from crawler.reading.url_shapes import Shape, is_sure_form, learn, seen_by_patterns

LEAST_EXAMPLES = 3
"""From fewer addresses no pattern is proposed."""

_MOST_FORMS = 3
_LEAST_MATCHED = 0.9  # of the examples
_MOST_WRONG = 0.02  # of the links that are no articles
_MOST_JOINTS = 3  # of a title's words that are asked for
_TEXT = r"[^/?#]+"
_NO_NUMBER = r"[^/?#]*[^/?#\d][^/?#]*"
_JOINT = r"(?:[-_+~,.]|%20)"
_KINDS = {
    "day": r"\d{4}[-/_.]?\d{1,2}[-/_.]?\d{1,2}",
    "month": r"\d{4}/\d{1,2}",
    "year": r"\d{4}",
    "code": r"[0-9A-Za-z-]{8,}",
}
_PIECE = re.compile(r"([?&#]?)(/?)([^/?&#]*)")
_PARAMETER = re.compile(r"(.*)=([a-z-]*)")


def propose_pattern(urls: Iterable[str], others: Iterable[str] = ()) -> str | None:
    """A pattern of google-re2 that the path and query of these articles meet, and those of
    `others`, links of the same pages that are no articles, do not; None where there is none.

    >>> propose_pattern([f"https://x.ma/news/{n}.html" for n in (1001, 1002, 1003)])
    '^/(?i:news)/\\\\d{3,}\\\\.html(?:[/?#]|$)'
    """
    examples = list(dict.fromkeys(urls))
    shapes = learn(examples, least=LEAST_EXAMPLES)
    by_form: dict[str, list[str]] = defaultdict(list)
    for url in examples:
        by_form[anatomy(url).form].append(url)
    known = sorted(shapes.of_form.items(), key=lambda pair: -pair[1].count)[:_MOST_FORMS]
    wrong = list(others)
    for narrow in (False, True):
        told = [_expression(form, shape, by_form[form], narrow) for form, shape in known]
        pattern = "|".join(dict.fromkeys(filter(None, told)))
        if pattern and _holds(pattern, examples, wrong):
            return pattern
    return None


def _holds(pattern: str, examples: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a pattern meets nearly all examples, and next to none of the others."""
    compiled = compile_pattern(pattern)
    matched = sum(bool(compiled.search(seen_by_patterns(url))) for url in examples)
    wrong = sum(bool(compiled.search(seen_by_patterns(url))) for url in others)
    return matched >= _LEAST_MATCHED * len(examples) and wrong <= _MOST_WRONG * len(others)


def _expression(form: str, shape: Shape, examples: Sequence[str], narrow: bool) -> str:
    """The pattern of one form; "" where nothing in it tells an article.

    A narrow one wants titles as long as the shortest example, where "about us" fits as well.
    """
    if narrow:
        titles = zip(*(anatomy(url).titles for url in examples), strict=True)
        shape = replace(shape, titles=tuple(map(min, titles)))
    path, mark, query = form.partition("?")
    if not is_sure_form(form) and not shape.titles:
        return ""
    if is_sure_form(form):
        shape = replace(shape, titles=tuple(1 for _ in shape.titles))
    values = _Values(shape)
    told = "".join(_segment(piece, values) for piece in _pieces(path))
    told = told if told.startswith("/") else f"/{told}"
    if not mark:
        return f"^{told}(?:[/?#]|$)"
    named = {name: values.of(kind) for name, kind in map(_named, query.split("&"))}
    chosen = _in_order(named, examples) or _first_sure(query, named)
    return f"^{told}\\?{chosen}" if chosen else ""


class _Values:
    """Gives each part of a form its expression; words, digits and titles are used up in order."""

    def __init__(self, shape: Shape) -> None:
        self._words = iter(shape.words)
        self._digits = iter(shape.digits)
        self._titles = iter(shape.titles)

    def of(self, kind: str) -> str:
        """The expression of a part of this kind, with its extension."""
        bare, dot, extension = kind.partition(".")
        if dot and bare not in _ALL_KINDS:  # a script, whose name is the kind
            next(self._words, None)
            return _any_case(kind)
        return self._bare(bare) + (re.escape(dot + extension) if dot else "")

    def _bare(self, kind: str) -> str:
        if kind == "word":
            return self._word(next(self._words, None))
        if kind == "number":
            return _digits(next(self._digits, 1))
        if kind == "title":
            joints = min(next(self._titles, 1) - 1, _MOST_JOINTS)
            times = "+" if joints < 2 else f"{{{joints},}}"
            return f"{_TEXT}(?:{_JOINT}{_TEXT}){times}" if joints > 0 else _NO_NUMBER
        if kind == "name-number":
            name = self._word(next(self._words, None))
            return f"{name}[-_.:]?{_digits(next(self._digits, 1))}"
        if kind == "number-title":
            next(self._titles, None)
            return f"{_digits(next(self._digits, 1))}[-_]{_TEXT}"
        if kind == "title-number":
            next(self._titles, None)
            return f"{_TEXT}[-_]{_digits(next(self._digits, 1))}"
        return _KINDS.get(kind, "")

    def _word(self, known: frozenset[str] | None) -> str:
        if not known:
            return _TEXT
        listed = [_any_case(word) for word in sorted(known)]
        return listed[0] if len(listed) == 1 else f"(?:{'|'.join(listed)})"


_ALL_KINDS = frozenset(
    (*_KINDS, "word", "number", "title", "name-number", "number-title", "title-number")
)


def _pieces(path: str) -> Iterator[tuple[str, str]]:
    """Each segment of a form as (what stands before it, its kind)."""
    for found in _PIECE.finditer(path):
        if found[0]:
            yield ("#!" if found[1] == "#" else "") + found[2], found[3]


def _segment(piece: tuple[str, str], values: _Values) -> str:
    before, kind = piece
    return before + (values.of(kind) if kind else "")


def _digits(least: int) -> str:
    return rf"\d{{{least},}}" if least > 1 else r"\d+"


def _any_case(word: str) -> str:
    return f"(?i:{re.escape(word)})".replace("'", r"\x27")  # it may stand in quotes in a file


def _named(pair: str) -> tuple[str, str]:
    """Name and kind of a parameter; a number alone has no name."""
    found = _PARAMETER.fullmatch(pair)
    return (found[1], found[2]) if found else ("", pair)


def _in_order(named: dict[str, str], examples: Sequence[str]) -> str:
    """All parameters, where the examples have them in one order; else ""."""
    orders = {tuple(name for name in _names(url) if name in named and name) for url in examples} - {
        ()
    }
    if len(orders) != 1:
        return ""
    told = (f"{re.escape(name)}={named[name]}(?:&|$)" for name in orders.pop())
    return "(?:.*&)?" + "(?:.*&)?".join(told)


def _first_sure(query: str, named: dict[str, str]) -> str:
    """The parameter that numbers the article."""
    for name, kind in map(_named, query.split("&")):
        if is_sure_form(f"?{name}={kind}"):
            return f"(?:.*&)?{re.escape(name)}={named[name]}" if name else named[name]
    return ""


def _names(url: str) -> Iterator[str]:
    for pair in address_parts(url)[1].split("&"):
        yield pair.partition("=")[0]
