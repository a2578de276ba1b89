"""Pages in Arabic or Sorani letters, made from pages whose text is known.

No public Arabic or Kurdish news pages come with their text. So every word of page and gold is
replaced one-to-one by a word of the other script: the page's commonest word by the commonest,
and so on. Punctuation becomes Arabic, language and direction are set, the markup stays, and so do
digits, dates and addresses. What a reader finds on both can then be compared page by page.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, islice, product
from pathlib import Path

from bench import transplant_markup
from bench.extraction_sets import GoldPage, NoPages, pages
from bench.pages import SHARED
from crawler.reading.decode import Decoded, decode

ZWNJ = "\u200c"
_ARABIC_WORD = re.compile("[\u0621-\u064a]{2,}")
_LATIN_WORD = re.compile("[a-z]{2,}")
_ZONES = frozenset("am pm utc gmt est edt cst cdt pst pdt cet cest bst".split())
_KEYS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)


@dataclass(frozen=True)
class Script:
    """What a page is written in instead: a language, and its words, the commonest first."""

    name: str
    language: str
    words: Sequence[str]
    direction: str = "rtl"

    @property
    def marks(self) -> bool:
        """Whether it has a comma and a question mark of its own."""
        return self.direction == "rtl"


@dataclass
class Dictionary:
    """A word of the script for each word, always the same; names of months and days stay."""

    script: Script
    kept: frozenset[str] = frozenset()
    known: dict[str, str] = field(default_factory=dict)

    def __call__(self, word: str) -> str:
        """What stands instead of a word, whatever its case."""
        key = unicodedata.normalize("NFC", word).casefold()
        if key in self.kept:
            return word
        if key not in self.known:
            self.known[key] = self._next()
        return self.known[key]

    def text(self, text: str) -> str:
        """A text in the script."""
        clean = unicodedata.normalize("NFC", text)
        return transplant_markup.replaced(clean, self, marks=self.script.marks)

    def _next(self) -> str:
        """The commonest word not used yet; when they run out, two of them in one."""
        words, number = self.script.words, len(self.known)
        if number < len(words):
            return words[number]
        first, second = divmod(number - len(words), len(words))
        return words[first] + words[second]


def dictionary(script: Script, language: str, *texts: str) -> Dictionary:
    """A dictionary by frequency: the commonest word of the texts is the script's commonest."""
    made = Dictionary(script, _dated(language))
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", "\n".join(texts)).casefold())
    for word, _ in Counter(words).most_common():
        made(word)
    return made


def transplanted(
    page: GoldPage, script: Script, shared: Dictionary | None = None
) -> GoldPage | None:
    """The page and its gold in the script; None where the page cannot be decoded.

    With a `shared` dictionary what several pages repeat stays the same on all of them.
    """
    text = decode(page.html, "text/html")
    if not isinstance(text, Decoded):
        return None
    found = transplant_markup.pieces(text.text)
    shown = " ".join(piece.source for piece in found if piece.kind == "text")
    made = shared or dictionary(script, page.language, shown, page.text, page.headline)
    for run in transplant_markup.flows(found):
        transplant_markup.replace_flow(run, made, marks=script.marks)
    transplant_markup.replace_names(found, made, marks=script.marks)
    transplant_markup.set_language(found, script.language, script.direction)
    return in_script(page, made, transplant_markup.joined(found))


def in_script(page: GoldPage, made: Dictionary, markup: str) -> GoldPage:
    """The gold in the script, with the page that was made."""
    return replace(
        page,
        id=f"{page.id}-{made.script.name}",
        language=made.script.language,
        file=None,
        markup=markup.encode(),
        text=made.text(page.text),
        paragraphs=tuple(map(made.text, page.paragraphs)),
        headline=made.text(page.headline),
    )


def zwnj_kept(gold: str, found: str) -> tuple[int, int]:
    """Of the words with a ZWNJ that were found in any spelling, how many still have it."""
    pattern = rf"\w+(?:{ZWNJ}\w*)+"
    here = Counter(re.findall(pattern, found))
    bare = Counter(re.findall(r"\w+", found))
    wanted = Counter(re.findall(pattern, gold))
    kept = (wanted & here).total()
    lost = wanted - here
    dropped = sum(min(number, bare[word.replace(ZWNJ, "")]) for word, number in lost.items())
    return kept, kept + dropped


# ---------------------------------------------------------------- words


@cache
def arabic(data: Path = SHARED) -> Script:
    """Arabic words by how often they stand in the shared texts; raises NoPages without them."""
    found: Counter[str] = Counter()
    for text in _arabic_texts(data / "texts"):
        found.update(_ARABIC_WORD.findall(text))
    return Script("arabic", "ar", [word for word, _ in found.most_common()])


@cache
def english(data: Path = SHARED) -> Script:
    """English words by how often they stand in saved articles: other words in the same script."""
    found: Counter[str] = Counter()
    for page in pages(("scrapinghub", "aed"), data=data):
        found.update(_LATIN_WORD.findall(page.text.lower()))
    return Script("english", "en", [word for word, _ in found.most_common()], "ltr")


@cache
def sorani() -> Script:
    """Words in Sorani letters, of one to three syllables, in an order that is always the same.

    Each fifth writes an inner ە the old way, as ه with a zero-width non-joiner.
    """
    return Script("sorani", "ckb", list(islice(_sorani_words(), 30_000)))


def _sorani_words() -> Iterator[str]:
    """A few of one syllable, as prepositions are, then of two and of three in turn."""
    syllables = ["".join(pair) for pair in product("بپتجچدرزسشفڤقکگلڵمنوهیڕ", "ەاێۆوی")]
    two, three = (map("".join, product(syllables, repeat=length)) for length in (2, 3))
    longer = (word for pair in zip(two, _every(7, three), strict=False) for word in pair)
    for number, word in enumerate(chain(syllables[::6], longer)):
        inner = "ە" in word[:-1] and number % 5 == 0
        yield word[:-1].replace("ە", f"ه{ZWNJ}") + word[-1] if inner else word


def _every(step: int, words: Iterator[str]) -> Iterator[str]:
    """Each so-many-th word, so that neighbours are not nearly the same."""
    return islice(words, 0, None, step)


def _arabic_texts(folder: Path) -> Iterator[str]:
    """Every text of the shared data in Arabic."""
    files = sorted(folder.glob("tatoeba/ara-*"))
    if not files:
        raise NoPages(f"no texts in {folder}: the bench needs the shared data")
    for file in files:
        yield file.read_text(encoding="utf-8")
    for name in ("xquad.ar.json", "arcd.json"):
        for article in json.loads((folder / name).read_text(encoding="utf-8"))["data"]:
            yield from (paragraph["context"] for paragraph in article["paragraphs"])


@cache
def _dated(language: str) -> frozenset[str]:
    """Names of months and weekdays in English and the page's language, and of zones."""
    from dateparser.data import languages_info
    from dateparser.languages.loader import LocaleDataLoader

    wanted = [code for code in {"en", language} if code in languages_info.language_order]
    names = {
        part
        for locale in LocaleDataLoader().get_locales(languages=wanted)
        for key in _KEYS
        for name in locale.info.get(key, ())
        for part in re.findall(r"[^\W\d_]{3,}", name.casefold())
    }
    return frozenset(names | _ZONES)
