"""What the index holds beside folded words: stems, and Kurdish words with their own letters.

The same functions make the index and read the query, and all of it is plain text, so that any
SQLite can search the file.

Kurdish letters carry meaning (شێر is a lion, شیر is milk), and Arabic stemming would break
Kurdish words: so these stand in the stemmed column letter for letter, and a query typed with
such a letter looks nowhere else. The folded column merges all of them for a query typed with
Arabic letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from storage.text import fold, stem, words

_KURDISH = re.compile("[ێۆڕڵە]")
_TYPED = re.compile("[ێۆڕڵەیکگپچژھ]|ه\u200c")
_KURMANJI = re.compile("[êîûşçÊÎÛŞÇ\u0302\u0327]")
_KEPT = frozenset("ێۆڕڵەگپچژڤئ")
_UNIFIED = str.maketrans({"ي": "ی", "ك": "ک"})


class _LetterTable(dict[int, str]):
    """Folding that spares Kurdish letters; a `str.translate` table that fills itself."""

    def __missing__(self, code: int) -> str:
        plain = chr(code)
        if "\ufb50" <= plain <= "\ufefc":
            plain = unicodedata.normalize("NFKC", plain)
        # Between two letters a space stays a space, and a mark goes.
        kept = [c if c in _KEPT else fold(f"x{c}x")[1:-1].translate(_UNIFIED) for c in plain]
        letters = "".join(kept)
        if code < 0x10000:
            self[code] = letters
        return letters


_LETTERS = _LetterTable()


def letters(text: str) -> str:
    """Folded, but with the letters that Sorani Kurdish tells apart; only ی ک ھ are unified.

    A heh before a zero-width non-joiner is the vowel ە of keyboards that lack it.

    >>> letters("شێر") == letters("شیر"), letters("شيري") == letters("شیری")
    (False, True)
    >>> letters("کورده\\u200cکان") == letters("کوردەکان")
    True
    """
    composed = unicodedata.normalize("NFC", text)
    composed = re.sub("[هھہ]\u200c", "ە", composed)
    return " ".join(composed.translate(_LETTERS).split())


def is_kurdish(word: str) -> bool:
    """Whether a word of `letters()` has a letter that only Kurdish writes."""
    return _KURDISH.search(word) is not None


def as_typed(text: str) -> tuple[str, ...]:
    """The words of a text with their Kurdish letters, if it has any; Kurmanji ones with accents.

    >>> as_typed("شێر"), as_typed("Jîn"), as_typed("شير"), as_typed("jin")
    (('شێر',), ('jîn',), (), ())
    """
    if _TYPED.search(text):
        return tuple(words(letters(text)))
    return tuple(words(_lower(text))) if _KURMANJI.search(text) else ()


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def stems(text: str, language: str) -> str:
    """The stemmed column for a text: stems, and Kurdish words as they are written.

    >>> stems("الناشطون في ھەولێر", "ar"), stems("مافی مرۆڤ", "ckb"), stems("Jîn", "kmr")
    ('ناشط في هەولێر', 'مافی مرۆڤ', 'jîn')
    """
    if language == "kmr":
        return " ".join(words(_lower(text)))
    if language != "ckb" and not _KURDISH.search(text) and "\u200c" not in text:
        return stem(fold(text))
    kept = words(letters(text))
    if language == "ckb":
        return " ".join(kept)
    return " ".join(word if is_kurdish(word) else stem(fold(word)) for word in kept)


def first_r(word: str) -> tuple[str, ...]:
    """The ways to write a Sorani word: the first r is always ڕ, and many papers write ر.

    >>> first_r("رێگا"), first_r("شێر")
    (('رێگا', 'ڕێگا'), ('شێر',))
    """
    return (f"ر{word[1:]}", f"ڕ{word[1:]}") if word[:1] in ("ر", "ڕ") else (word,)


_ENDINGS = ("ی", "ێک", "ێکی", "ەکە", "ەکەی", "ەکان", "ەکانی", "ان", "انی")
_AFTER_VOWEL = ("ی", "یەک", "یەکی", "کە", "کەی", "کان", "کانی", "یان", "یانی")
_VOWELS = frozenset("اەۆێوی")
_SHORTEST = 3


def inflected(word: str) -> tuple[str, ...]:
    """The common forms of a Sorani word of `letters()`: bare, a, the, of, and the plurals.

    >>> "ڕۆژنامەوانەکان" in inflected("ڕۆژنامەوان"), "ڕۆژنامەوان" in inflected("ڕۆژنامەوانێک")
    (True, True)
    """
    if not "\u0620" <= word[:1] <= "\u06ff":
        return (word,)
    bare = {word, *_bare(word)}
    return tuple(sorted(bare | {base + ending for base in bare for ending in _endings(base)}))


def _bare(word: str) -> Iterator[str]:
    """What is left without an ending, where that keeps a letter that only Kurdish writes."""
    for ending in {*_ENDINGS, *_AFTER_VOWEL}:
        base = word[: -len(ending)]
        fits = word.endswith(ending) and ending in _endings(base)
        if fits and len(base) >= _SHORTEST and is_kurdish(base) == is_kurdish(word):
            yield base


def _endings(base: str) -> tuple[str, ...]:
    return _AFTER_VOWEL if base[-1:] in _VOWELS else _ENDINGS
