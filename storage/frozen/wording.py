"""What is said of frozen sets in English, French and Arabic, from words.toml."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from storage.bidi import is_right_to_left

Language = Literal["en", "fr", "ar"]
_COMMA = {"en": ", ", "fr": ", ", "ar": "، "}
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"
_FALLS_APART = re.compile("[-/:.…%+]")
"""What lets a date or a digest fall apart among Arabic words: 2026-11-23 would read 23-11-2026."""


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def say(language: Language, key: str, **values: object) -> str:
    """The words of a key; each value keeps its own direction, numbers get their thousands apart."""
    kept = {name: told(language, value) for name, value in values.items()}
    return _words()[key][language].format(**kept)


def told(language: Language, value: object) -> str:
    """A value as it stands among the words of a language."""
    text = number(value)
    apart = language == "ar" and _FALLS_APART.search(text) and not is_right_to_left(text)
    return f"{_LEFT_TO_RIGHT}{text}{_END}" if apart else text


def number(value: object) -> str:
    """A value as text: a number with a comma between its thousands, 1,234."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def listed(language: Language, some: list[str]) -> str:
    """Several things with commas between them; in words where there are none."""
    return _COMMA[language].join(some) or say(language, "none")
