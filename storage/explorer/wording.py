"""The words of the pages in English, French and Arabic, from the files in words/.

`words/<area>.toml` has a table for each key, with the three languages in it. A key that counts
something comes in the forms that a language has: hits_one, hits_two, hits_few, hits_many,
hits_other (https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from markupsafe import Markup, escape

Language = Literal["en", "fr", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: Mapping[Language, str] = {"en": "English", "fr": "Français", "ar": "العربية"}
FORMS: Mapping[Language, tuple[str, ...]] = {
    "en": ("one", "other"),
    "fr": ("one", "other"),
    "ar": ("one", "two", "few", "many", "other"),
}
"""The forms of a counted word; where one is not written down, `other` stands for it."""
_FOLDER = Path(__file__).parent / "words"


class NoSuchWords(LookupError):
    """A page asks for words that stand in no file: a mistake of ours."""


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """All words: "area.key" -> language -> text."""
    found = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for key, texts in tomllib.loads(path.read_text("utf-8")).items():
            found[f"{path.stem}.{key}"] = texts
    return found


def say(language: Language, key: str, *, count: int | None = None, **values: object) -> Markup:
    """The words of a key, with the values in the places that are named in braces.

    Values are escaped unless they are Markup. With `count`, the form that the number asks for,
    with the number itself as {count}. Raises NoSuchWords.
    """
    text = _text(language, key) if count is None else _counted(language, key, count)
    if count is not None:
        values = {"count": number(count), **values}
    return escape(text).format(**values) if values else escape(text)


def number(value: float) -> str:
    """A number in Latin digits, its thousands apart by a thin space that does not break.

    >>> number(1234567)
    '1\\u202f234\\u202f567'
    """
    return f"{value:,}".replace(",", "\u202f")


def form(language: Language, count: int) -> str:
    """Which form of a word goes with a number.

    >>> [form("ar", n) for n in (0, 1, 2, 3, 11, 100)]
    ['other', 'one', 'two', 'few', 'many', 'other']
    """
    if language != "ar":
        return "one" if count == 1 or (language == "fr" and count == 0) else "other"
    if count in (1, 2):
        return "one" if count == 1 else "two"
    rest = count % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _counted(language: Language, key: str, count: int) -> str:
    there = catalogue().get(f"{key}_{form(language, count)}", {})
    return there.get(language) or _text(language, f"{key}_other")


def _text(language: Language, key: str) -> str:
    try:
        return catalogue()[key][language]
    except KeyError as missing:
        raise NoSuchWords(f"{key} in {language}") from missing
