"""Pieces of text in several directions on one line of plain text or a terminal."""

import re
import unicodedata

ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_LETTERS = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
_NAME = re.compile(f"{_LETTERS}(?:[ '\"«»–-]+{_LETTERS})*")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def isolated(text: str) -> str:
    """A piece that keeps its direction to itself, so that its neighbours stay where they are.

    Its own direction controls go, an open one of which would turn the rest of the line around,
    and so do control characters, with which a text could steer the terminal.
    """
    shown = harmless(text)
    return f"{ISOLATE}{shown}{END_OF_ISOLATE}" if is_right_to_left(shown) else shown


def with_names_isolated(sentence: str) -> str:
    """A sentence from left to right, in which each name that runs the other way keeps to itself.

    >>> with_names_isolated("of: أخبار اليوم, ANF") == "of: \u2068أخبار اليوم\u2069, ANF"
    True
    """
    return _NAME.sub(lambda name: f"{ISOLATE}{name[0]}{END_OF_ISOLATE}", harmless(sentence))


def harmless(text: str) -> str:
    """A piece on one line, without what steers a terminal or turns other pieces around."""
    return _CONTROLS.sub("", "".join(map(_visible, text)))


def is_right_to_left(text: str) -> bool:
    """Whether any letter of it is written from right to left."""
    return any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text)


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) == "Cc" else char
