"""Titles to tell languages by: our own, pieces of real texts, and both in disguise.

`bench/judged/titles/` holds one file of titles per language, one a line, our own writing about
made-up events: the five languages of the study, and others that must not be taken for them. Two
files are of another kind than their language's main one: `ar_dialect` (Moroccan, Iraqi, Gulf and
Egyptian Arabic in Arabic letters) and `ckb_arabic_letters` (Sorani as typed without its own
letters: half written so, half made from titles like those of `ckb` by changing the letters).
`ary_latn` is Moroccan Arabic in Latin letters, which is none of the five. No native reader has
seen the Kurdish, Amazigh and dialect titles.

Of the shared data: sentences of Tatoeba from 30 characters on, and pieces of 50 characters of
Arabic encyclopedia paragraphs and of real pages, whose language is a guess of whoever saved them
(among the Spanish ones are English picture credits).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TITLES = Path(__file__).parent / "judged" / "titles"
LENGTH = 50
LEAST_SENTENCE = 30
MOST = 500
"""Real pieces of one kind; more would weigh the rest down."""
_TATOEBA = {"ara": "ar", "arz": "ar", "fra": "fr", "eng": "en", "kur": "kmr", "pes": "fa"}
_OF_PAGES = ("ar", "fr", "en", "es", "tr", "fa", "de", "it", "pt")
_ARABIC = re.compile("[\u0620-\u06ff]")


@dataclass(frozen=True)
class Titles:
    """Titles that are all in one language."""

    name: str
    code: str
    texts: tuple[str, ...]


def titles(name: str) -> tuple[str, ...]:
    """Our titles of one file."""
    return tuple((TITLES / f"{name}.txt").read_text("utf-8").splitlines())


def own_sets() -> list[Titles]:
    """All our titles, file by file."""
    names = sorted(file.stem for file in TITLES.glob("*.txt"))
    return [Titles(name, name.partition("_")[0], titles(name)) for name in names]


def by_language(sets: Iterable[Titles]) -> dict[str, tuple[str, ...]]:
    """The texts of all sets by their language."""
    joined: dict[str, tuple[str, ...]] = {}
    for one in sets:
        joined[one.code] = joined.get(one.code, ()) + one.texts
    return joined


def real_sets(data: Path) -> Iterator[Titles]:
    """Real sentences and pieces of texts, where there are any."""
    for name, code in _TATOEBA.items():
        texts = _tatoeba(data, name)
        if texts:
            yield Titles(f"tatoeba {name}", code, texts)
    yield Titles("encyclopedia", "ar", _spread(pieces(_paragraphs(data))))
    pages = _pages(data)
    for code in _OF_PAGES:
        if found := pieces(pages.get(code, ())):
            yield Titles(f"pages {code}", code, _spread(found))


def _tatoeba(data: Path, name: str) -> tuple[str, ...]:
    """Sentences long enough; those of `kur` in Arabic letters are Sorani and left out."""
    lines = [
        line.strip()
        for file in sorted((data / "texts" / "tatoeba").glob(f"*.{name}.txt"))
        for line in file.read_text("utf-8").splitlines()
    ]
    in_arabic = _TATOEBA[name] in ("ar", "fa")
    return tuple(
        line
        for line in lines
        if len(line) >= LEAST_SENTENCE and bool(_ARABIC.search(line)) == in_arabic
    )


def _paragraphs(data: Path) -> Iterator[str]:
    for file in (data / "texts" / "xquad.ar.json", data / "texts" / "arcd.json"):
        for article in json.loads(file.read_text("utf-8"))["data"]:
            yield from (paragraph["context"] for paragraph in article["paragraphs"])


def _pages(data: Path) -> dict[str, list[str]]:
    """The beginnings of the gold texts of saved pages by their guessed language."""
    texts: dict[str, list[str]] = {}
    for file in sorted((data / "pages").glob("*/gold.jsonl")):
        for line in file.read_text("utf-8").strip().split("\n"):  # U+2028 is no line's end here
            row = json.loads(line)
            texts.setdefault(row["lang"], []).append((row.get("text") or "")[:1500])
    return texts


def pieces(texts: Iterable[str]) -> list[str]:
    """The texts cut between words into pieces of about LENGTH characters; rests are dropped."""
    found = []
    for text in texts:
        piece = ""
        for word in text.split():
            if len(piece) + len(word) >= LENGTH + 5 and len(piece) >= LENGTH - 15:
                found.append(piece)
                piece = ""
            piece = f"{piece} {word}".strip()
    return found


def _spread(texts: Sequence[str]) -> tuple[str, ...]:
    """At most MOST of the texts, evenly taken."""
    return tuple(texts[:: len(texts) // MOST + 1])


# ---------------------------------------------------------------- disguises


def _zwnj(text: str) -> str:
    return text.replace("ە", "ه\u200c")


def _without_accents(text: str) -> str:
    """The text without accents of Latin letters; hamza and madda are accents to Unicode, too."""
    if _ARABIC.search(text):
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


_TYPED = str.maketrans("یکۆێڕڵ", "يكويرل")
_NARROW = str.maketrans("پچگژڤ", "بجكزف")
_FORMS = {
    chr(int(parts[1], 16)): chr(code)
    for code in range(0xFE80, 0xFEFD)
    if (parts := unicodedata.decomposition(chr(code)).split())[:1] == ["<isolated>"]
    and len(parts) == 2
}

TYPED: dict[str, Callable[[str], str]] = {
    "ي ك and ه + ZWNJ, own letters kept": lambda text: _zwnj(text).translate(
        str.maketrans("یک", "يك")
    ),
    "no letter of its own": lambda text: _zwnj(text).translate(_TYPED),
    "no letter but Arabic's": lambda text: _zwnj(text).translate(_TYPED).translate(_NARROW),
    "joined ه, no ZWNJ": lambda text: text.replace("ە", "ه").translate(_TYPED),
}
DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "Title Case": str.title,
    "no accents": _without_accents,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "harakat": lambda text: re.sub("([\u0628-\u063a])", "\\1\u064e", text),
    "tatweel": lambda text: re.sub("(?<=[سشبتنم])(?=[\u0620-\u064a])", "\u0640", text),
    "presentation forms": lambda text: "".join(_FORMS.get(char, char) for char in text),
    "direction marks": lambda text: "\u202b" + text.replace(" ", " \u200f") + "\u202c",
    "date and acronym": lambda text: f"2026-11-22 | {text} (UNESCO)",
}
