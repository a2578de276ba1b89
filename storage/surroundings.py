"""What stands before and after a place in a text: never half a letter, rarely half a word."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_SPACES = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"
_JOINS_WHAT_FOLLOWS = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_JAMO = range(0x1160, 0x1200)  # vowels and finals of Korean, written after a letter
_FARTHEST = 64
"""Code points: whoever puts more marks than that on one letter writes no text."""


def around(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    """Up to `width` characters before and after [start, end), each on one line.

    They are cut between words, or where there is no space, between letters with all their marks.

    >>> around("one two three four five", 8, 13, 6)
    ('… two ', ' four …')
    """
    return _before(text, start, width), _after(text, end, width)


def is_edge(text: str, at: int) -> bool:
    """Whether a text may be cut at an offset without tearing a written character apart.

    >>> [is_edge("e\u0301a", at) for at in range(4)]
    [True, False, True, True]
    """
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    if unicodedata.category(right)[0] == "M" or right in _JOINERS or left == _JOINS_WHAT_FOLLOWS:
        return False
    code = ord(right)
    if code in _SKIN_TONES or code in _TAGS or code in _JAMO:
        return False
    return left + right != "\r\n" and not _inside_flag(text, at)


def _inside_flag(text: str, at: int) -> bool:
    """A flag is a pair of letters of a kind of their own: odd places lie inside one."""
    first = at
    while first > max(0, at - _FARTHEST) and ord(text[first - 1]) in _FLAG_LETTERS:
        first -= 1
    return (at - first) % 2 == 1 and ord(text[at]) in _FLAG_LETTERS


def _before(text: str, start: int, width: int) -> str:
    first = _edge(text, max(0, start - width), -1)
    piece = text[first:start]
    if first == 0:
        return _one_line(_from_a_word(piece))
    if not text[first - 1].isspace():  # begins inside a word: without it, if others are left
        ends = (space.end() for space in _SPACES.finditer(piece))
        cut = next((end for end in ends if is_edge(piece, end)), 0)
        piece = piece[cut:] if piece[cut:].strip() else piece
    return f"{ELLIPSIS} {_one_line(_from_a_word(piece))}"


def _from_a_word(piece: str) -> str:
    """A piece without the space before it; a space that bears a mark is a letter."""
    space = _SPACES.match(piece)
    return piece[space.end() :] if space and is_edge(piece, space.end()) else piece


def _after(text: str, end: int, width: int) -> str:
    last = _edge(text, min(len(text), end + width), +1)
    piece = text[end:last]
    if last == len(text):
        return _one_line(piece).rstrip()
    if not text[last].isspace():
        spaces = list(_SPACES.finditer(piece))
        cut = spaces[-1].start() if spaces else 0
        piece = piece[:cut] if piece[:cut].strip() else piece
    return f"{_one_line(piece).rstrip()} {ELLIPSIS}"


def _edge(text: str, at: int, step: int) -> int:
    """The nearest edge in a direction."""
    for _ in range(_FARTHEST):
        if is_edge(text, at):
            break
        at += step
    return at


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text)
