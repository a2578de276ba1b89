"""Bulletins that return with other names, places, days and figures in the same long wording.

Weather, cables, court notices, relief planes, prices, visits and the like: each filling is a text
of its own, however much of its wording it has in common with yesterday's. `bench/judged/bulletins`
holds our own wording of them by language, in several manners.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "judged" / "bulletins"
LANGUAGES = ("ar", "fr", "en", "ckb")
_SLOT = re.compile(r"\{(?:#(\d+)-(\d+)(?::(\w+))?|([a-z]+)(\d*))\}")


@dataclass(frozen=True, slots=True)
class Form:
    """One bulletin's fixed wording, in a language and a manner, with places to fill."""

    language: str
    manner: str
    kind: str
    headline: str
    text: str

    @property
    def key(self) -> str:
        """Names the form."""
        return f"{self.language}-{self.manner}-{self.kind}"

    @property
    def numbered(self) -> bool:
        """Whether a figure, day or month stands in it, or names of people and places only."""
        return bool(re.search(r"\{(?:#|weekday|month)", self.text))


def forms(*manners: str) -> list[Form]:
    """The forms in these manners, in all languages."""
    return [
        Form(language, manner, form["kind"], form["headline"], form["text"])
        for language in LANGUAGES
        for manner in manners
        for form in _file(language).get(manner, ())
    ]


def fill(form: Form, dice: random.Random) -> tuple[str, str]:
    """Headline and text of one filling; a slot that returns is filled alike."""
    chosen: dict[str, str] = {}
    slot = _filler(form.language, chosen, dice)
    return _SLOT.sub(slot, form.headline), _SLOT.sub(slot, form.text)


def _filler(
    language: str, chosen: dict[str, str], dice: random.Random
) -> Callable[[re.Match[str]], str]:
    lists = _file(language)["fill"]

    def slot(match: re.Match[str]) -> str:
        least, most, name, kind, _ = match.groups()
        if kind is None:
            number = str(dice.randint(int(least), int(most)))
            return chosen.setdefault(name, number) if name else number
        if match[0] not in chosen:
            left = [value for value in lists[kind] if value not in chosen.values()]
            chosen[match[0]] = dice.choice(left)
        return chosen[match[0]]

    return slot


@cache
def _file(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
