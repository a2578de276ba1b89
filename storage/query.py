"""The query language: words, "phrases", prefix*, fields, AND OR NOT and parentheses.

Fields look like `actor:ma_amdh`, `country:ma,iq` or `after:2026-03` (storage.query_fields has
them all) and join with words and operators as words do. `in:headline` makes all that stands
beside it, in the whole query or in its parentheses, look into headlines only.

An open quote, an open parenthesis, a dangling operator and a misspelt field are errors, with
their place. Everything else that a person (or an attacker) types is words to look for, also
those with a colon in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from storage.errors import SearchError
from storage.query_fields import Field
from storage.query_terms import Group, Node, Term, fields_in, in_headline, wanted_terms
from storage.query_tokens import MAX_TERMS, Token, tokens
from storage.stopwords import is_stopword

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_TERMS", "Group", "Query", "Term", "as_read", "parse"]

MAX_LENGTH = 2_000
MAX_DEPTH = 12  # FTS5's own parser stack holds about a hundred entries

# Quotation marks of word processors and of French and Arabic typing, and the Arabic comma.
_TYPED = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"\x00": " ", "،": ","})
# Who copies from right-to-left text copies these along, and sees none of them: nor does a place
# count them.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_OPERANDS = frozenset({"term", "open", "scope"})


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    node: Node

    @property
    def match(self) -> str:
        """In FTS5's own language; empty where that cannot say it, because of a field."""
        return "" if isinstance(self.node, Field) or self.fields else self.node.match()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words whose hits are marked."""
        return tuple(wanted_terms(self.node))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, for asking whether the database knows their values."""
        return tuple(fields_in(self.node))


def parse(text: str, *, any_words: bool = False) -> Query | None:
    """Understand a query; None for an empty one, which means: everything.

    With `any_words`, words side by side need not all occur: one is enough, and stop words count
    only where there is nothing else. Raises SearchError with the place of a mistake.

    >>> parse("حقوق AND (منظمة OR جمعية)").match.count(" OR ")
    4
    """
    text = as_read(text)
    if not text.strip():
        return None
    if len(text) > MAX_LENGTH:
        raise SearchError(f"a query has at most {MAX_LENGTH} characters", MAX_LENGTH)
    node = _Parser(tokens(_paired(text) if any_words else text), any_words).whole()
    if node is None:
        raise SearchError("there is no word to look for in this", 0)
    return Query(node)


def as_read(text: str) -> str:
    """What was typed as it is read: the places of mistakes are counted in this."""
    text = _DIRECTION_MARKS.sub("", text.translate(_TYPED))
    return re.sub("[\ud800-\udfff]", " ", text)


def _paired(text: str) -> str:
    """A question in plain language may leave a quotation mark or a parenthesis open."""
    if text.count('"') % 2:
        text = text.replace('"', " ")
    if text.count("(") != text.count(")"):
        text = re.sub("[()]", " ", text)
    return text


@dataclass(slots=True)
class _Parser:
    """Recursive descent; NOT binds closest, then AND (also unwritten), then OR."""

    tokens: list[Token]
    any_words: bool
    position: int = 0
    depth: int = 0

    def whole(self) -> Node | None:
        """The whole query."""
        node = self._scoped()
        if self._next.kind == "close":
            raise SearchError("this parenthesis was never opened", self._next.at, ")")
        return node

    @property
    def _next(self) -> Token:
        return self.tokens[self.position]

    def _scoped(self) -> Node | None:
        """Alternatives, in headlines only where `in:headline` stands among them."""
        begin = self.position
        node = self._either()
        scope = _scope_among(self.tokens[begin : self.position])
        if scope is None:
            return node
        if node is None:
            raise SearchError("in:headline needs a word beside it", scope.at, scope.text)
        return in_headline(node)

    def _either(self) -> Node | None:
        """One or more conjunctions with OR between."""
        parts = [self._all()]
        while self._next.text == "OR":
            self._take_operator()
            parts.append(self._all())
        return _group("OR", parts)

    def _all(self) -> Node | None:
        """Operands side by side, with AND, or with NOT before those to leave out."""
        start = self._next
        if start.kind == "operator":
            raise SearchError(f"{start.text} needs something before it", start.at, start.text)
        wanted = [self._operand()]
        excluded: list[Node | None] = []
        loose = self.any_words
        while self._next.kind in _OPERANDS or self._next.text in ("AND", "NOT"):
            leaves_out = self._next.text == "NOT"
            if self._next.kind == "operator":
                loose = loose and leaves_out
                self._take_operator()
            self._refuse_scope(leaves_out=leaves_out)
            (excluded if leaves_out else wanted).append(self._operand())
        return _without(_group("AND", _loosened(wanted) if loose else wanted), excluded, start)

    def _take_operator(self) -> None:
        operator = self._next
        self.position += 1
        if self._next.kind not in _OPERANDS:
            raise SearchError(f"{operator.text} needs a word after it", operator.at, operator.text)

    def _refuse_scope(self, *, leaves_out: bool) -> None:
        if leaves_out and self._next.kind == "scope":
            what = "NOT takes in:headline with its words: NOT (in:headline word)"
            raise SearchError(what, self._next.at, self._next.text)

    def _operand(self) -> Node | None:
        token = self._next
        if token.kind not in _OPERANDS:
            return None
        self.position += 1
        return self._inside(token) if token.kind == "open" else token.operand

    def _inside(self, opening: Token) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SearchError(f"parentheses nest at most {MAX_DEPTH} deep", opening.at, "(")
        inner = self._scoped()
        if self._next.kind != "close":
            raise SearchError("this parenthesis is never closed", opening.at, "(")
        self.position += 1
        self.depth -= 1
        return inner


def _scope_among(tokens: list[Token]) -> Token | None:
    """`in:headline` among these tokens, in no parentheses of its own."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "scope" and not depth:
            return token
    return None


def _loosened(wanted: list[Node | None]) -> list[Node | None]:
    """The same operands, of which the words have become alternatives, those in phrases too."""
    terms = [part for part in wanted if isinstance(part, Term)]
    fields = [part for part in wanted if not isinstance(part, Term)]
    single = [word for term in terms for word in _single_words(term)]
    telling = [term for term in single if not all(map(is_stopword, term.words))]
    phrases = [term for term in terms if term.kind == "phrase" and len(term.words) > 1]
    return [_group("OR", [*phrases, *(telling or single)]), *fields]


def _single_words(term: Term) -> list[Term]:
    """The words of a phrase, for where they stand apart; any other term as it is."""
    if term.kind != "phrase":
        return [term]
    kept = term.letters or [""] * len(term.words)
    pairs = zip(term.words, kept, strict=True)
    return [Term("word", (word,), (own,) if own else ()) for word, own in pairs]


def _without(node: Node | None, excluded: list[Node | None], start: Token) -> Node | None:
    unwanted = tuple(part for part in excluded if part is not None)
    if not unwanted:
        return node
    if node is None:
        raise SearchError("NOT needs a word before it, to leave something out of", start.at)
    return Group("AND", (node,), unwanted)


def _group(operator: Literal["AND", "OR"], parts: list[Node | None]) -> Node | None:
    present = tuple(part for part in parts if part is not None)
    if len(present) < 2:
        return present[0] if present else None
    return Group(operator, present)
