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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.errors import SearchError
from storage.query_fields import Field, field_name, read_field
from storage.query_terms import Group, Node, Term, fields_in, in_headline, wanted_terms
from storage.rows import clean
from storage.stems import as_typed
from storage.stopwords import is_stopword
from storage.text import fold, words

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_TERMS", "Group", "Query", "Term", "parse"]

MAX_LENGTH = 2_000
MAX_TERMS = 100
MAX_DEPTH = 12  # FTS5's own parser stack holds about a hundred entries

# Quotation marks of word processors and of French and Arabic typing; one character for one.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"\x00": " "})
_VALUE = r'(?:"[^"]*"|[^\s()",]+)'
_FIELD = re.compile(
    rf"(?P<minus>-?)(?P<name>[A-Za-z]{{2,20}}):(?P<values>{_VALUE}?(?:,{_VALUE}?)*)"
)
_TOKEN = re.compile(r'"(?P<phrase>[^"]*)"|(?P<open>\()|(?P<close>\))|(?P<word>[^\s()"]+)')
_ELIDED = frozenset("l d j n s t c m qu".split())
"""What French writes before a vowel with an apostrophe: who looks for l'AMDH means AMDH."""
_OPERATORS = frozenset({"AND", "OR", "NOT"})
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
    text = re.sub("[\ud800-\udfff]", " ", text.translate(_QUOTES))
    if not text.strip():
        return None
    if len(text) > MAX_LENGTH:
        raise SearchError(f"a query has at most {MAX_LENGTH} characters", MAX_LENGTH)
    node = _Parser(_tokens(_paired(text) if any_words else text), any_words).whole()
    if node is None:
        raise SearchError("there is no word to look for in this", 0)
    return Query(node)


def _paired(text: str) -> str:
    """A question in plain language may leave a quotation mark or a parenthesis open."""
    if text.count('"') % 2:
        text = text.replace('"', " ")
    if text.count("(") != text.count(")"):
        text = re.sub("[()]", " ", text)
    return text


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["operator", "open", "close", "term", "scope", "end"]
    text: str
    at: int
    operand: Term | Field | None = None


def _tokens(text: str) -> list[_Token]:
    found = list(_split(text))
    if sum(token.kind == "term" for token in found) > MAX_TERMS:
        raise SearchError(f"a query has at most {MAX_TERMS} words", found[MAX_TERMS].at)
    ended = [*found, _Token("end", "", len(text))]
    # "a AND NOT b" is what people write for "a NOT b".
    pairs = zip(ended, [*ended[1:], ended[-1]], strict=True)
    return [token for token, after in pairs if (token.text, after.text) != ("AND", "NOT")]


def _split(text: str) -> Iterator[_Token]:
    position = 0
    while match := _TOKEN.search(text, position):
        start, end = match.span()
        _refuse_open_quote(text, position, start)
        if named := _field_at(text, start):
            position, token = named
        else:
            starred = match["phrase"] is not None and text[end : end + 1] == "*"
            position = end + starred
            token = _token(match, text[start:position])
        yield token
    _refuse_open_quote(text, position, len(text))


def _refuse_open_quote(text: str, start: int, end: int) -> None:
    """Between two tokens lies white space only, or a quotation mark without its fellow."""
    if (at := text.find('"', start, end)) >= 0:
        raise SearchError("this quotation mark is never closed", at, text[at : at + 20])


def _field_at(text: str, start: int) -> tuple[int, _Token] | None:
    """The field that begins here and where it ends; None where there are only words."""
    match = _FIELD.match(text, start)
    name = field_name(match["name"], match.start("name")) if match else None
    if match is None or name is None:
        return None
    _refuse_open_quote(text, match.end(), match.end() + 1)
    if match["minus"]:
        raise SearchError(f"to leave out, write NOT {match[0][1:]}", start, match[0])
    found = read_field(name, match["values"], start)
    if isinstance(found, Field):
        return match.end(), _Token("term", match[0], start, found)
    return match.end(), _Token("scope", match[0], start)


def _token(match: re.Match[str], text: str) -> _Token:
    at = match.start()
    if text == "(":
        return _Token("open", text, at)
    if text == ")":
        return _Token("close", text, at)
    if text in _OPERATORS:
        return _Token("operator", text, at)
    term = _term(text, is_phrase=match["phrase"] is not None)
    if term and term.kind == "prefix" and not term.is_long_enough:
        raise SearchError("the beginning of a word needs two letters or more", at, text)
    return _Token("term", text, at, term)


def _term(text: str, *, is_phrase: bool) -> Term | None:
    """The term of a token, or None when nothing in it can be looked for."""
    found = tuple(words(fold(clean(text))))
    if not found:
        return None
    kept = as_typed(clean(text))
    kept = kept if len(kept) == len(found) else ()
    if is_phrase and not text.endswith("*"):
        return Term("phrase", found, kept)
    elided = len(found) > 1 and found[0] in _ELIDED and fold(text).startswith(f"{found[0]}'")
    start = 1 if elided else 0
    return Term("prefix" if text.endswith("*") else "word", found[start:], kept[start:])


@dataclass(slots=True)
class _Parser:
    """Recursive descent; NOT binds closest, then AND (also unwritten), then OR."""

    tokens: list[_Token]
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
    def _next(self) -> _Token:
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

    def _inside(self, opening: _Token) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SearchError(f"parentheses nest at most {MAX_DEPTH} deep", opening.at, "(")
        inner = self._scoped()
        if self._next.kind != "close":
            raise SearchError("this parenthesis is never closed", opening.at, "(")
        self.position += 1
        self.depth -= 1
        return inner


def _scope_among(tokens: list[_Token]) -> _Token | None:
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


def _without(node: Node | None, excluded: list[Node | None], start: _Token) -> Node | None:
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
