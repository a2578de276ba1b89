"""What is said of frozen sets in English, French and Arabic, from words.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "fr", "ar"]
_COMMA = {"en": ", ", "fr": ", ", "ar": "، "}


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def say(language: Language, key: str, **values: object) -> str:
    """The words of a key; numbers among the values get their thousands apart."""
    told = {name: number(value) for name, value in values.items()}
    return _words()[key][language].format(**told)


def number(value: object) -> str:
    """A value as text: a number with a comma between its thousands, 1,234."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def listed(language: Language, some: list[str]) -> str:
    """Several things with commas between them; in words where there are none."""
    return _COMMA[language].join(some) or say(language, "none")
