"""What a query looks for: words in the index, fields, and groups of these joined by operators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from storage.query_fields import Field
from storage.stems import first_r, inflected, is_kurdish
from storage.text import stem

_WRITTEN_BEFORE = ("", "و", "ال", "وال", "بال", "كال", "فال", "لل", "ولل")
"""What Arabic writes in front of a noun without a space: a prefix search looks behind it."""

Kind = Literal["word", "phrase", "prefix"]


@dataclass(frozen=True, slots=True)
class Term:
    """What to look for: folded words in a row. A prefix is the beginning of the last one.

    `letters` are the same words with Kurdish letters, of words that were typed with them.
    """

    kind: Kind
    words: tuple[str, ...]
    letters: tuple[str, ...] = ()
    in_headline: bool = False

    @property
    def is_kurdish(self) -> bool:
        """Whether only words with the same Kurdish letters are meant."""
        return any(map(is_kurdish, self.letters))

    @property
    def is_long_enough(self) -> bool:
        """Whether a prefix tells something: the article alone begins half of all Arabic words."""
        return len(self.words) > 1 or (len(self.words[0]) > 1 and self.words[0] != "ال")

    def match(self) -> str:
        """The term in FTS5's own language."""
        folded, stemmed = self._columns()
        if self.is_kurdish:
            return f"{stemmed} : ({self._in_kurdish()})"
        joined = " ".join(self.words)
        if self.kind == "phrase":
            return f"{folded} : {_quoted(joined)}"
        if self.kind == "prefix":
            starts = " OR ".join(f"{_quoted(start)} *" for start in self.beginnings())
            return f"{folded} : ({starts})"
        stems = dict.fromkeys((stem(joined), *self.forms()))
        either = " OR ".join(map(_quoted, stems))
        return f"({folded} : {_quoted(joined)} OR {stemmed} : ({either}))"

    def beginnings(self) -> tuple[str, ...]:
        """The forms that a prefix stands for: bare, and behind article and clitics."""
        first, rest = self.words[0], self.words[1:]
        if not "\u0620" <= first[0] <= "\u06ff":
            return (" ".join(self.words),)
        bare = first[2:] if first.startswith("ال") and len(first) > 3 else first
        return tuple(" ".join((before + bare, *rest)) for before in _WRITTEN_BEFORE)

    def forms(self) -> tuple[str, ...]:
        """The forms of a single word that was typed with Kurdish letters; of others, the row."""
        if len(self.letters) != 1 or self.kind == "phrase":
            return (" ".join(self.letters),) if self.letters else ()
        either = first_r(self.letters[0])
        if self.kind == "prefix":
            return either
        return tuple(form for spelled in either for form in inflected(spelled))

    def _columns(self) -> tuple[str, str]:
        if self.in_headline:
            return "headline_folded", "headline_stemmed"
        return "folded", "stemmed"

    def _in_kurdish(self) -> str:
        """As a Kurdish article has the words, and as an article of another language has them."""
        pairs = zip(self.words, self.letters, strict=True)
        quoted_there = " ".join(kept if is_kurdish(kept) else stem(word) for word, kept in pairs)
        goes_on = " *" if self.kind == "prefix" else ""
        rows = dict.fromkeys((*self.forms(), quoted_there))
        return " OR ".join(_quoted(row) + goes_on for row in rows)


@dataclass(frozen=True, slots=True)
class Group:
    """Operands joined by one operator, without those in `excluded`."""

    operator: Literal["AND", "OR"]
    parts: tuple[Node, ...]
    excluded: tuple[Node, ...] = ()

    def match(self) -> str:
        """The group in FTS5's own language; only for a group of words."""
        wanted = joined(self.operator, self.parts)
        if not self.excluded:
            return wanted
        return f"({wanted} NOT {joined('OR', self.excluded)})"


Node = Term | Field | Group


def joined(operator: str, parts: tuple[Node, ...]) -> str:
    """Parts of words in FTS5's own language, in parentheses where they are needed."""
    matches = [part.match() for part in parts if not isinstance(part, Field)]
    return matches[0] if len(matches) == 1 else "(" + f" {operator} ".join(matches) + ")"


def is_textual(node: Node) -> bool:
    """Whether the index alone can answer: there is no field in it."""
    if isinstance(node, Group):
        return all(map(is_textual, (*node.parts, *node.excluded)))
    return isinstance(node, Term)


def in_headline(node: Node) -> Node:
    """The same, looked for in headlines only."""
    if isinstance(node, Group):
        parts, excluded = (tuple(map(in_headline, part)) for part in (node.parts, node.excluded))
        return Group(node.operator, parts, excluded)
    return replace(node, in_headline=True)


def wanted_terms(node: Node) -> Iterator[Term]:
    """The words to mark in what is found: all but the excluded ones."""
    if isinstance(node, Term):
        yield node
    if isinstance(node, Group):
        for part in node.parts:
            yield from wanted_terms(part)


def fields_in(node: Node) -> Iterator[Field]:
    """Every field, excluded ones too."""
    if isinstance(node, Field):
        yield node
    if isinstance(node, Group):
        for part in (*node.parts, *node.excluded):
            yield from fields_in(part)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ") + '"'
