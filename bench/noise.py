"""The ways in which a name is printed otherwise than in the watchlist, each as a noise for texts.

A noise takes the text before a name, the name and the text behind it, and gives all three anew:
what befalls letters befalls the whole text, what befalls a name befalls it alone.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Planted = tuple[str, str, str]
Noise = Callable[[Planted, random.Random], Planted]

_HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\u061c\ufeff"
_JOINING = re.compile("[بتثجحخسشصضطظعغفقكلمنهي]")
_GLUED = re.compile(r"(?<!\w)(عبد|أبو|ابو|أبي|آل|بن) ")
_FORMS: dict[str, list[str]] = {}
for _code in (*range(0xFE80, 0xFEFD), *range(0xFB50, 0xFBB2)):
    _plain = unicodedata.normalize("NFKC", chr(_code))
    if len(_plain) == 1:
        _FORMS.setdefault(_plain, []).append(chr(_code))


def _everywhere(change: Callable[[str, random.Random], str]) -> Noise:
    """A noise of letters."""

    def noise(planted: Planted, dice: random.Random) -> Planted:
        before, name, after = planted
        return change(before, dice), change(name, dice), change(after, dice)

    return noise


def _sprinkled(marks: str, share: float, letters: re.Pattern[str]) -> Noise:
    def change(text: str, dice: random.Random) -> str:
        return "".join(
            char + dice.choice(marks) if letters.match(char) and dice.random() < share else char
            for char in text
        )

    return _everywhere(change)


def _replaced(table: dict[str, str]) -> Noise:
    numbers = str.maketrans(table)
    return _everywhere(lambda text, _: text.translate(numbers))


def _in_name(pattern: str, *choices: str) -> Noise:
    """A noise of the name alone."""

    def noise(planted: Planted, dice: random.Random) -> Planted:
        before, name, after = planted
        return before, re.sub(pattern, lambda _: dice.choice(choices), name), after

    return noise


def _prefixed(*prefixes: str) -> Noise:
    """A proclitic before the name; ل and the article that it meets become لل."""

    def noise(planted: Planted, dice: random.Random) -> Planted:
        before, name, after = planted
        prefix = dice.choice(prefixes)
        if prefix.endswith("ل") and name.startswith("ال"):
            return before, prefix.removesuffix("ل").removesuffix("ل") + "لل" + name[2:], after
        return before, prefix + name, after

    return noise


def both(*noises: Noise) -> Noise:
    """One noise after the other."""

    def noise(planted: Planted, dice: random.Random) -> Planted:
        for one in noises:
            planted = one(planted, dice)
        return planted

    return noise


def _glue(planted: Planted, _: random.Random) -> Planted:
    before, name, after = planted
    return before, _GLUED.sub(r"\1", name), after


_LETTER = re.compile("[\u0620-\u064a]")
NOISES: dict[str, Noise] = {
    "none": _everywhere(lambda text, _: text),
    "diacritics on 35%": _sprinkled(_HARAKAT, 0.35, _LETTER),
    "tatweel 15%": _sprinkled("ـ", 0.15, _JOINING),
    "zero-width, bidi 10%": _sprinkled(_INVISIBLE, 0.10, re.compile(".", re.DOTALL)),
    "no-break space": _replaced({" ": "\u00a0"}),
    "two spaces, newline": _in_name(" ", "  ", "\n", " \n "),
    "Persian ی ک": _replaced({"ي": "ی", "ى": "ی", "ك": "ک"}),
    "presentation forms": _everywhere(
        lambda text, dice: "".join(dice.choice(_FORMS.get(char, [char])) for char in text)
    ),
    "hamza dropped": _replaced({"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ي", "ء": ""}),
    "ة as ه": _replaced({"ة": "ه"}),
    "final ي as ى": _everywhere(lambda text, _: re.sub(r"ي(?!\w)", "ى", text)),
    "عبد, أبو glued": _glue,
    "و before": _prefixed("و"),
}
PREFIXED: dict[str, Noise] = {
    "ب before": _prefixed("ب"),
    "ل, لل before": _prefixed("ل"),
    "ول, ولل before": _prefixed("ول"),
    "وب, ف, ك before": _prefixed("وب", "ف", "ك", "فل"),
}
COMBINED: dict[str, Noise] = {
    "harakat and ول": both(PREFIXED["ول, ولل before"], NOISES["diacritics on 35%"]),
    "glued, hamza dropped": both(_glue, NOISES["hamza dropped"]),
    "zero-width, tatweel": both(NOISES["tatweel 15%"], NOISES["zero-width, bidi 10%"]),
    "presentation forms, و": both(NOISES["و before"], NOISES["presentation forms"]),
    "Persian, ب, newline": both(
        PREFIXED["ب before"], NOISES["Persian ی ک"], NOISES["two spaces, newline"]
    ),
    "ة as ه, ي as ى, harakat": both(
        NOISES["ة as ه"], NOISES["final ي as ى"], NOISES["diacritics on 35%"]
    ),
}
LATIN: dict[str, Noise] = {
    "decomposed": _everywhere(lambda text, _: unicodedata.normalize("NFD", text)),
    "capitals": _everywhere(lambda text, _: text.upper()),
    "small letters": _everywhere(lambda text, _: text.lower()),
    "no accents": _everywhere(
        lambda text, _: re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
    ),
    "l’, d’, qu’ before": _prefixed("l’", "d'", "qu’"),
    "hyphen, space": _in_name("[- ]", "-", " ", "‑"),
    "’s behind": lambda planted, _: (planted[0], planted[1] + "’s", planted[2]),
}
