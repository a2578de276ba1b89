"""The pieces of a query: words, phrases, fields, operators and parentheses, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.errors import SearchError
from storage.query_fields import Field, field_name, read_field
from storage.query_terms import Term
from storage.rows import clean
from storage.stems import as_typed
from storage.text import fold, words

MAX_TERMS = 100

_VALUE = r'(?:"[^"]*"|[^\s()",]+)'
_FIELD = re.compile(
    rf"(?P<minus>-?)(?P<name>[A-Za-z]{{2,20}}):(?P<values>{_VALUE}?(?:,{_VALUE}?)*)"
)
_TOKEN = re.compile(r'"(?P<phrase>[^"]*)"|(?P<open>\()|(?P<close>\))|(?P<word>[^\s()"]+)')
_ELIDED = frozenset("l d j n s t c m qu".split())
"""What French writes before a vowel with an apostrophe: who looks for l'AMDH means AMDH."""
_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query, as typed; `operand` is what it looks for, if it does."""

    kind: Literal["operator", "open", "close", "term", "scope", "end"]
    text: str
    at: int
    operand: Term | Field | None = None


def tokens(text: str) -> list[Token]:
    """The tokens of a query, and one that ends it. Raises SearchError with the place."""
    found = list(_split(text))
    if sum(token.kind == "term" for token in found) > MAX_TERMS:
        raise SearchError(f"a query has at most {MAX_TERMS} words", found[MAX_TERMS].at)
    ended = [*found, Token("end", "", len(text))]
    # "a AND NOT b" is what people write for "a NOT b".
    pairs = zip(ended, [*ended[1:], ended[-1]], strict=True)
    return [token for token, after in pairs if (token.text, after.text) != ("AND", "NOT")]


def _split(text: str) -> Iterator[Token]:
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


def _field_at(text: str, start: int) -> tuple[int, Token] | None:
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
        return match.end(), Token("term", match[0], start, found)
    return match.end(), Token("scope", match[0], start)


def _token(match: re.Match[str], text: str) -> Token:
    at = match.start()
    if text == "(":
        return Token("open", text, at)
    if text == ")":
        return Token("close", text, at)
    if text in _OPERATORS:
        return Token("operator", text, at)
    term = _term(text, is_phrase=match["phrase"] is not None)
    if term and term.kind == "prefix" and not term.is_long_enough:
        raise SearchError("the beginning of a word needs two letters or more", at, text)
    return Token("term", text, at, term)


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
