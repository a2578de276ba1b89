"""Generates spellings of a known form, for the matcher to find beside it.

A form of a person is respelled as newspapers in the other languages do; a form of an organisation
only where a word has two right spellings. Everything that the matcher takes for equal by itself
is left out. What is made here is a guess: each variant is marked as generated, and a watchlist's
check refuses those that could be somebody or something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from crawler.reading.variants_arabic import arabic_variants
from crawler.reading.variants_latin import from_kurmanji, latin_variants
from storage.text import SOFT, fold

MOST = 50
"""Variants of one form, at most."""
_SOFT = str.maketrans("", "", SOFT)
_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[a-z]")
_WORD_PAIRS = (  # both spellings are right, whoever is named; own knowledge
    ("centre", "center"),
    ("organisation", "organization"),
    ("defence", "defense"),
    ("labour", "labor"),
    ("programme", "program"),
    ("yezidi", "yazidi"),
    ("and", "&"),
    ("droits de l'Homme", "droits humains"),
    ("الصحفيين", "الصحافيين"),
    ("الصحفيون", "الصحافيون"),
    ("الصحفيات", "الصحافيات"),
    ("صحفيين", "صحافيين"),
    ("الصحفية", "الصحافية"),
    ("الصحفي", "الصحافي"),
    ("هيئة", "هيأة"),
    ("الهيئة", "الهيأة"),
    ("لهيئات", "لهيآت"),
    ("شؤون", "شئون"),
    ("الفدرالية", "الفيدرالية"),
    ("فدرالية", "فيدرالية"),
    ("الديمقراطية", "الديموقراطية"),
    ("للديمقراطية", "للديموقراطية"),
    ("والديمقراطية", "والديموقراطية"),
    ("الديمقراطي", "الديموقراطي"),
    ("الأوروبية", "الأوربية"),
    ("الأمازيغية", "الامازيغية"),
)
_LONGEST = 300
"""Letters; no name that is looked for is longer."""
_REWRITES = tuple(
    (re.compile(rf"(?<![\w']){re.escape(a)}(?![\w'])", re.IGNORECASE), b)
    for pair in _WORD_PAIRS
    for a, b in (pair, pair[::-1])
)
_ANY = re.compile(
    rf"(?<!\w)(?:{'|'.join(re.escape(word) for pair in _WORD_PAIRS for word in pair)})(?!\w)",
    re.IGNORECASE,
)


@lru_cache(maxsize=5_000)
def variants(text: str, *, kind: str, language: str | None) -> tuple[str, ...]:
    """Generated spellings of one form, the most likely first; none of one word, none of terms.

    Not for acronyms and forms that must be as written: the caller leaves those out.

    >>> variants("Nabeel Rajab", kind="person", language="en")[:3]
    ('Nabeel Rajeb', 'Nabil Rajab', 'Nebil Rajab')
    >>> variants("Gulf Centre for Justice", kind="cso", language="en")
    ('Gulf Center for Justice',)
    """
    folded = fold(text)
    if kind == "term" or len(folded.split()) < 2 or len(text) > _LONGEST:
        return ()
    made = _of_person(text, folded, language) if kind == "person" else _of_organisation(text)
    found: dict[str, str] = {}
    own = squeezed(text)
    for _, variant in sorted(made):
        key = squeezed(variant)
        if key and key != own:
            found.setdefault(key, variant)
            if len(found) == MOST:
                break
    return tuple(found.values())


@lru_cache(maxsize=20_000)
def squeezed(text: str) -> str:
    """The letters by which the matcher compares a form: folded, no spaces, no first article.

    >>> squeezed("Al-Khawaja") == squeezed("AlKhawaja"), squeezed("السيد أحمد")
    (True, 'سيداحمد')
    """
    folded = fold(text).strip()
    if folded.startswith("ال") and " " in folded:
        folded = folded[2:]
    return folded.translate(_SOFT)


def _of_person(text: str, folded: str, language: str | None) -> Iterator[tuple[float, str]]:
    if _ARABIC.search(folded):
        return arabic_variants(text, language=language)
    if language == "kmr":
        return latin_variants(fold(from_kurmanji(text)))
    return latin_variants(folded) if _LATIN.search(folded) else iter(())


def _of_organisation(text: str) -> Iterator[tuple[float, str]]:
    """The form with one word, or every word, in its other right spelling."""
    plain = text.replace("’", "'")
    if not _ANY.search(plain):
        return
    whole = plain
    for price, (pattern, becomes) in enumerate(_REWRITES):
        one = pattern.sub(partial(_in_case, becomes), plain)
        if one != plain:
            yield float(price), one
            whole = pattern.sub(partial(_in_case, becomes), whole)
    yield float(len(_REWRITES)), whole


def _in_case(becomes: str, found: re.Match[str]) -> str:
    """The other spelling, with a capital where the first one has it."""
    return becomes[0].upper() + becomes[1:] if found[0][0].isupper() else becomes
