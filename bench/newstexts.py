"""News texts in four languages: the real ones of saved pages, and these in other words.

Public pages with a known text are English for the most part. Each of their words is replaced
one to one by a word of the other language of like frequency, and the punctuation by that
language's own: what comes out says nothing, and repeats itself as often as news does.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bench.bulletins import FOLDER
from bench.mentions import documents
from bench.mentions import sentences as short_sentences
from crawler.reading.fingerprints import fingerprint
from storage.text import fold

LEAST = 150
"""Words of a text that is used."""
LANGUAGES = ("ar", "fr", "en", "ckb")
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_TITLES = Path(__file__).parent / "judged" / "titles"
_MARKS = str.maketrans({",": "،", "?": "؟", ";": "؛"})
_LETTERS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "ckb": "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ"}


@cache
def texts(data: Path | None, language: str) -> tuple[str, ...]:
    """Distinct news texts in a language: at least `LEAST` words each."""
    english = _distinct(_gold(data)) if data else _made_up()
    if language == "en":
        return english
    return tuple(_transplanted(english, language, data))


def vocabulary(data: Path | None, language: str) -> list[str]:
    """Words of a language as often as its texts use them, for what is written into texts."""
    return [word for text in texts(data, language)[:120] for word in WORD.findall(text)]


def _gold(data: Path) -> Iterable[str]:
    for file in sorted((data / "pages").glob("*/gold.jsonl")):
        for line in file.read_text(encoding="utf-8").split("\n")[:-1]:  # U+2028 ends no line
            page = json.loads(line)
            text = page.get("text") or ""
            if page["gold_kind"] == "full" and page["lang"] == "en" and len(text.split()) >= LEAST:
                yield text


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    """Without those that share much with an earlier one: some pages are in two sets."""
    kept: list[str] = []
    known: set[int] = set()
    for text in found:
        values = fingerprint(text).values
        if len(known.intersection(values)) < len(values) / 20:
            kept.append(text)
            known.update(values)
    return tuple(kept)


def _made_up() -> tuple[str, ...]:
    """Without saved pages: sentences of made-up words, of lengths as news has them."""
    dice = random.Random(7)
    words = _invented("en", 6000, set())
    ranks = [1 / (rank + 8) for rank in range(len(words))]
    return tuple(
        " ".join(
            " ".join(dice.choices(words, ranks, k=dice.randint(9, 28))).capitalize() + "."
            for _ in range(dice.randint(10, 30))
        )
        for _ in range(400)
    )


def _transplanted(english: tuple[str, ...], language: str, data: Path | None) -> Iterable[str]:
    counts = Counter(word.lower() for text in english for word in WORD.findall(text))
    others = _words(language, len(counts), data)
    table = dict(zip((word for word, _ in counts.most_common()), others, strict=True))
    for text in english:
        replaced = WORD.sub(lambda match: table[match[0].lower()], text)
        yield replaced.translate(_MARKS) if language in _LETTERS else replaced


def _words(language: str, count: int, data: Path | None) -> list[str]:
    """As many words, the real ones first, those of most texts foremost; no two fold alike."""
    found: dict[str, str] = {}
    ranked = Counter(word for text in _real(language, data) for word in WORD.findall(text))
    for word, _ in ranked.most_common():
        found.setdefault(fold(word), word)
    real = list(found.values())[:count]
    return real + _invented(language, count - len(real), set(found))


def _real(language: str, data: Path | None) -> Iterable[str]:
    yield (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    yield (_TITLES / f"{language}.txt").read_text(encoding="utf-8")
    if data and language == "ar":
        yield from (text for paper in documents(data) for text in paper)
    elif data and language == "fr":
        yield from short_sentences(data, "fra")


def _invented(language: str, count: int, taken: set[str]) -> list[str]:
    """Words that nobody uses, in a language's letters."""
    dice = random.Random(f"words {language}")
    found: list[str] = []
    while len(found) < count:
        word = _word(language, dice)
        if fold(word) not in taken:
            taken.add(fold(word))
            found.append(word)
    return found


def _word(language: str, dice: random.Random) -> str:
    if language in _LETTERS:
        return "".join(dice.choices(_LETTERS[language], k=dice.randint(4, 8)))
    pairs = (dice.choice("bcdfglmnprstv") + dice.choice("aeiou") for _ in range(dice.randint(2, 4)))
    return "".join(pairs) + dice.choice(("", "n", "s", "r", "t"))
