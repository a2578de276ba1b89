"""What is wrong with a question, in the reader's language.

The search language tells its mistakes in English sentences, for the command line too. Each of them
is known here by its shape; words/mistakes.toml says it in three languages.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from storage.explorer.rendering import Speaker, foreign

_UNKNOWN = r'the database knows no (?P<word>[\w-]+ ".*?")'
_SHAPES = {
    "too_long": r"a query has at most (?P<most>\d+) characters",
    "too_many": r"a query has at most (?P<most>\d+) words",
    "too_many_values": r"a question has at most (?P<most>\d+) values of filters",
    "no_word": r"there is no word to look for in this",
    "not_opened": r"this parenthesis was never opened",
    "not_closed": r"this parenthesis is never closed",
    "too_deep": r"parentheses nest at most (?P<most>\d+) deep",
    "no_end_of_quote": r"this quotation mark is never closed",
    "needs_before": r"(?P<word>AND|OR|NOT) needs something before it",
    "needs_after": r"(?P<word>AND|OR|NOT) needs a word after it",
    "not_what": r"NOT needs a word before it, to leave something out of",
    "scope_alone": r"in:headline needs a word beside it",
    "scope_after_not": r"NOT takes in:headline with its words: (?P<example>.*)",
    "scope_unknown": r"only in:headline is known",
    "minus": r"to leave out, write (?P<example>NOT .*)",
    "too_short": r"the beginning of a word needs two letters or more",
    "no_field": r'there is no field "(?P<word>.*):"; did you mean (?P<example>\S+)\?.*',
    "no_space": r"no space after the comma, as in (?P<example>.*)",
    "no_value": r"(?P<word>\w+): needs a value right after the colon, as in (?P<example>.*)",
    "story_number": r"story: takes the number of an article, as in story:17",
    "one_day": r"(?P<word>\w+): takes one day, month or year",
    "no_day": r'(?:\w+: )?"(?P<word>.*)" is no day; write (?P<example>2026-03-01)(?:, .*)?',
    "no_month": r'"(?P<word>.*)" is no month; write 2026-03',
    "days_apart": r"no day is both from (?P<first>\S+) on and before (?P<last>\S+?): .*",
    "order": r"the order is newest, oldest or best",
    "no_place": r'"(?P<word>.*)" is no place in a list: begin at its start',
    "no_article": r"there is no article (?P<word>\d+)",
    "no_page": r"this page of the concordance does not exist",
    "unknown": _UNKNOWN,
    "unknown_near": _UNKNOWN + r"(?:; | \()did you mean (?P<near>[^?()]*)\?\)?",
    "unknown_known": _UNKNOWN + r"; it knows (?P<near>.*)",
}
_KNOWN = {key: re.compile(shape, re.DOTALL) for key, shape in _SHAPES.items()}


def told(speaker: Speaker, message: str) -> Markup:
    """The sentence of a SearchError in the language of the page; as it is where nobody knows it."""
    for key, shape in _KNOWN.items():
        if (found := shape.fullmatch(message)) is not None:
            pieces: dict[str, Any] = {
                name: foreign(text) for name, text in found.groupdict("").items()
            }
            return speaker.t(f"mistakes.{key}", **pieces)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(foreign(message, "en"))
