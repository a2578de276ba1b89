"""The query language: words, "phrases", prefix*, AND OR NOT and parentheses, to FTS5.

Only an open quote, an open parenthesis or a dangling operator is an error, with its place.
Everything else that a person (or an attacker) types is words to look for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.errors import SearchError
from storage.rows import clean
from storage.text import fold, stem, words

MAX_LENGTH = 2_000
MAX_TERMS = 100
MAX_DEPTH = 12  # FTS5's own parser stack holds about a hundred entries

# Quotation marks of word processors and of French and Arabic typing; one character for one.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"\x00": " "})
_TOKEN = re.compile(r'"(?P<phrase>[^"]*)"|(?P<open>\()|(?P<close>\))|(?P<word>[^\s()"]+)')
_OPERATORS = frozenset({"AND", "OR", "NOT"})

_WRITTEN_BEFORE = ("", "و", "ال", "وال", "بال", "كال", "فال", "لل", "ولل")
"""What Arabic writes in front of a noun without a space: a prefix search looks behind it."""

Kind = Literal["word", "phrase", "prefix"]


@dataclass(frozen=True, slots=True)
class Term:
    """What to look for: folded words in a row. A prefix is the beginning of the last one."""

    kind: Kind
    words: tuple[str, ...]

    def match(self) -> str:
        """The term in FTS5's own language."""
        joined = " ".join(self.words)
        if self.kind == "phrase":
            return f"folded : {_quoted(joined)}"
        if self.kind == "prefix":
            starts = " OR ".join(f"{_quoted(start)} *" for start in self.beginnings())
            return f"folded : ({starts})"
        return f"(folded : {_quoted(joined)} OR stemmed : {_quoted(stem(joined))})"

    def beginnings(self) -> tuple[str, ...]:
        """The forms that a prefix stands for: bare, and behind article and clitics."""
        first, rest = self.words[0], self.words[1:]
        if not "\u0620" <= first[0] <= "\u06ff":
            return (" ".join(self.words),)
        bare = first[2:] if first.startswith("ال") and len(first) > 3 else first
        return tuple(" ".join((before + bare, *rest)) for before in _WRITTEN_BEFORE)


@dataclass(frozen=True, slots=True)
class Group:
    """Terms and groups joined by one operator, without those in `excluded`."""

    operator: Literal["AND", "OR"]
    parts: tuple[Term | Group, ...]
    excluded: tuple[Term | Group, ...] = ()

    def match(self) -> str:
        """The group in FTS5's own language, in parentheses where they are needed."""
        wanted = _joined(self.operator, self.parts)
        if not self.excluded:
            return wanted
        return f"({wanted} NOT {_joined('OR', self.excluded)})"


Node = Term | Group


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood: its FTS5 form, and the terms whose hits are marked."""

    match: str
    terms: tuple[Term, ...]


def parse(text: str) -> Query | None:
    """Understand a query; None for an empty one, which means: everything.

    Raises SearchError with the place of the mistake.

    >>> parse("حقوق AND (منظمة OR جمعية)").match.count(" OR ")
    4
    """
    text = re.sub("[\ud800-\udfff]", " ", text.translate(_QUOTES))
    if not text.strip():
        return None
    if len(text) > MAX_LENGTH:
        raise SearchError(f"a query has at most {MAX_LENGTH} characters", MAX_LENGTH)
    node = _Parser(_tokens(text)).whole()
    if node is None:
        raise SearchError("there is no word to look for in this", 0)
    return Query(node.match(), tuple(_wanted(node)))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["operator", "open", "close", "term", "end"]
    text: str
    at: int
    term: Term | None = None


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
        _refuse_open_quote(text, position, match.start())
        position = match.end()
        if match["phrase"] is not None and text[position : position + 1] == "*":
            position += 1
        yield _token(match, text[match.start() : position])
    _refuse_open_quote(text, position, len(text))


def _refuse_open_quote(text: str, start: int, end: int) -> None:
    """Between two tokens lies white space only, or a quotation mark without its fellow."""
    if (at := text.find('"', start, end)) >= 0:
        raise SearchError("this quotation mark is never closed", at)


def _token(match: re.Match[str], text: str) -> _Token:
    at = match.start()
    if text == "(":
        return _Token("open", text, at)
    if text == ")":
        return _Token("close", text, at)
    if text in _OPERATORS:
        return _Token("operator", text, at)
    return _Token("term", text, at, _term(text, is_phrase=match["phrase"] is not None))


def _term(text: str, *, is_phrase: bool) -> Term | None:
    """The term of a token, or None when nothing in it can be looked for."""
    found = tuple(words(fold(clean(text))))
    if not found:
        return None
    if text.endswith("*"):
        return Term("prefix", found)
    return Term("phrase" if is_phrase else "word", found)


@dataclass(slots=True)
class _Parser:
    """Recursive descent; NOT binds closest, then AND (also unwritten), then OR."""

    tokens: list[_Token]
    position: int = 0
    depth: int = 0

    def whole(self) -> Node | None:
        """The whole query."""
        node = self._either()
        if self._next.kind == "close":
            raise SearchError("this parenthesis was never opened", self._next.at)
        return node

    @property
    def _next(self) -> _Token:
        return self.tokens[self.position]

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
            raise SearchError(f"{start.text} needs something before it", start.at)
        wanted = [self._operand()]
        excluded: list[Node | None] = []
        while self._next.kind in ("term", "open") or self._next.text in ("AND", "NOT"):
            leaves_out = self._next.text == "NOT"
            if self._next.kind == "operator":
                self._take_operator()
            (excluded if leaves_out else wanted).append(self._operand())
        return _without(_group("AND", wanted), excluded, start.at)

    def _take_operator(self) -> None:
        operator = self._next
        self.position += 1
        if self._next.kind not in ("term", "open"):
            raise SearchError(f"{operator.text} needs a word after it", operator.at)

    def _operand(self) -> Node | None:
        token = self._next
        if token.kind not in ("term", "open"):
            return None
        self.position += 1
        return token.term if token.kind == "term" else self._inside(token)

    def _inside(self, opening: _Token) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SearchError(f"parentheses nest at most {MAX_DEPTH} deep", opening.at)
        inner = self._either()
        if self._next.kind != "close":
            raise SearchError("this parenthesis is never closed", opening.at)
        self.position += 1
        self.depth -= 1
        return inner


def _without(node: Node | None, excluded: list[Node | None], at: int) -> Node | None:
    unwanted = tuple(part for part in excluded if part is not None)
    if not unwanted:
        return node
    if node is None:
        raise SearchError("NOT needs a word before it, to leave something out of", at)
    return Group("AND", (node,), unwanted)


def _group(operator: Literal["AND", "OR"], parts: list[Node | None]) -> Node | None:
    present = tuple(part for part in parts if part is not None)
    if len(present) < 2:
        return present[0] if present else None
    return Group(operator, present)


def _joined(operator: str, parts: tuple[Node, ...]) -> str:
    if len(parts) == 1:
        return parts[0].match()
    return "(" + f" {operator} ".join(part.match() for part in parts) + ")"


def _wanted(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
        return
    for part in node.parts:
        yield from _wanted(part)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ") + '"'
