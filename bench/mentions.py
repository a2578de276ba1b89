"""How well names are found: noise, false hits, hard cases, speed; a plain whole-word search beside.

Recall: the Arabic forms of two words or more of the shipped watchlists are planted at borders of
words into Arabic texts, each noise is put on, and what is found at the planted place is counted.
ب and ل are written onto a form as Arabic does it: بالجمعية, but للجمعية; بجمعية and لجمعية where the
form has no article.

False hits: 6,000 phrases of two or three words from one half of the texts are looked for in the
other half, where none of them was planted; overlapping hits count once, the leftmost and longest.
The whole-word search is given the same chance to know a phrase when it stands there in another
spelling or behind a clitic: it searches plain text, that is text without marks and tatweel, with
one alif, one ya, one ha, and each clitic letter cut off wherever the phrase begins a word without
it. What the matcher finds more than that is not there. The ratio to a search in the text as
published is shown too; it is higher by the spellings which that search misses.

Speed: CPU time for an article of some 2,500 characters made of the texts' paragraphs.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.noise import COMBINED, LATIN, NOISES, PREFIXED, Noise
from bench.pages import SHARED
from crawler.reading.mentions import Matcher
from crawler.watchlists import WatchedActor
from storage.text import fold

JUDGED = Path(__file__).parent / "judged"
SEED = 20261122
PLANTS = 500
"""Planted names in each class of noise."""
PHRASES = 6000
ALIASES = 10_000
ARTICLE = 2500
_WORD_EDGES = r"(?<!\w){}(?!\w)"


# ---------------------------------------------------------------- material


def rows(name: str) -> list[dict[str, Any]]:
    """Judged rows of our own."""
    return _rows(JUDGED / f"{name}.jsonl")


def _rows(file: Path) -> list[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def documents(data: Path) -> list[list[str]]:
    """The Arabic question sets: the paragraphs of each of their articles."""
    return [
        [str(paragraph["context"]) for paragraph in article["paragraphs"]]
        for name in ("xquad.ar.json", "arcd.json")
        for article in json.loads((data / "texts" / name).read_text(encoding="utf-8"))["data"]
    ]


def sentences(data: Path, *parts: str) -> list[str]:
    """Short sentences in some languages."""
    folder = data / "texts" / "tatoeba"
    files = (file for file in sorted(folder.glob("*.txt")) if file.name.split(".")[1] in parts)
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def shipped_names(script: str) -> dict[str, list[str]]:
    """The forms of two words or more of the shipped watchlists, by actor, in one script."""
    names = {
        actor.id: [form.text for form in actor.forms if _fits(form.text, script)]
        for actor in _watched()
        if actor.kind != "term"
    }
    return {actor: forms for actor, forms in names.items() if forms}


def _watched() -> Iterator[WatchedActor]:
    from crawler.watchlists import shipped  # type: ignore[attr-defined]

    yield from shipped()


def _fits(text: str, script: str) -> bool:
    arabic = bool(re.search("[\u0600-\u06ff]", text))
    return " " in text and arabic == (script == "ar") and text.upper() != text * (not arabic)


# ---------------------------------------------------------------- recall
