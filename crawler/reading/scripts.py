"""The part of a text that is in one script: what there is to tell a language from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

OTHER = "Zzzz"
"""The ISO 15924 code for a script that is none of those told apart here."""

_READ = 20_000  # characters looked at
_COUNTED = 600  # of them, evenly taken, to tell the script
_PART = 120  # characters of each of three passages; more change nothing and cost time
_WINDOW = 600  # characters of a long text in which a passage is looked for

_SCRIPTS = {
    "Arab": re.compile("[\u0620-\u064a\u066e-\u06d5\u06ee-\u06ff]+"),
    "Latn": re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+"),
    "Tfng": re.compile("[\u2d30-\u2d7f]+"),
}
_OTHERS = {
    script: re.compile("|".join(runs.pattern for name, runs in _SCRIPTS.items() if name != script))
    for script in (*_SCRIPTS, OTHER)
}
_LETTERS = re.compile(r"[^\W\d_]+")
_PRESENTATION = re.compile("[\ufb00-\ufdff\ufe70-\ufefc\uff00-\uffef]")


@dataclass(frozen=True)
class Writing:
    """The largest part of a text in one script: passages of it, and its share of the whole."""

    script: str
    passages: tuple[str, ...]
    """All of a short text; beginning, end and middle of a long one."""
    letters: int
    """Of the whole text; of a long one, of some hundred characters of it."""
    share: float


def writing(text: str) -> Writing | None:
    """The largest part of the text in one script; None if it holds no letter.

    >>> writing("Le mot « حرية » dans le texte")
    Writing(script='Latn', passages=('Le mot « » dans le texte',), letters=20, share=0.8)
    """
    read = text[:_READ]
    thin = _composed(read[:: len(read) // _COUNTED + 1])
    letters = letter_count(thin)
    if letters == 0:
        return None
    sizes = {script: _length(runs, thin) for script, runs in _SCRIPTS.items()}
    sizes[OTHER] = letters - sum(sizes.values())
    script = max(sizes, key=lambda name: sizes[name])
    share = min(1.0, sizes[script] / letters)  # blocks of scripts hold marks and gaps as well
    return Writing(script, _passages(read, script), letters, share)


def letter_count(text: str) -> int:
    """How many letters a text holds.

    >>> letter_count("2026: الرباط, Rabat")
    11
    """
    return _length(_LETTERS, text)


def _composed(text: str) -> str:
    """The text with letters as they are typed: composed, and no presentation forms."""
    if _PRESENTATION.search(text):
        return unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFC", text)


def _length(runs: re.Pattern[str], text: str) -> int:
    return sum(map(len, runs.findall(text)))


def _passages(read: str, script: str) -> tuple[str, ...]:
    """All of a short text; of a long one beginning, end and middle, for quotes are passages."""
    if len(read) >= 3 * _WINDOW:  # these places only: making all of it plain takes longer
        middle = (len(read) - _WINDOW) // 2
        windows = (read[:_WINDOW], read[-_WINDOW:], read[middle : middle + _WINDOW])
        first, last, other = (_plain(window, script) for window in windows)
        if min(len(first), len(last), len(other)) >= _PART:
            return first[:_PART], last[-_PART:], _middle(other)
    plain = _plain(read, script)
    if len(plain) <= 3 * _PART:
        return (plain,)
    return plain[:_PART], plain[-_PART:], _middle(plain)


def _middle(plain: str) -> str:
    start = (len(plain) - _PART) // 2
    return plain[start : start + _PART]


def _plain(text: str, script: str) -> str:
    """A text in one script on one line.

    Quotes in other scripts, and Latin names and tags, mislead the model.
    """
    composed = _composed(text)
    own = composed if composed.isascii() else _OTHERS[script].sub(" ", composed)
    return " ".join(own.split())
