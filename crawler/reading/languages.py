"""Which language a text is in: py3langid with the labels of the region, and what it cannot know.

py3langid calls all Sorani `sdh` (it has no `ckb`) and Kurmanji `ku`; Egyptian and Moroccan Arabic
are told from Arabic only by models that are often wrong, so they are Arabic here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import Protocol

from storage.models import Language

MIN_LETTERS = 20
"""Texts with fewer letters are decided by the prior, if there is one."""
MIN_SCORE = 0.5
_FEWEST_LETTERS = 8
_IN_ARABIC_LETTERS = frozenset(("ar", "ckb", "fa", "ur", "ps", "ug", "sdh"))
_SAMPLE = 1500  # characters; more change nothing and cost time

_LABELS = [
    *("ar", "arz", "ary", "fa", "ur", "ps", "ug", "ku", "sdh", "tr", "az"),
    *("fr", "en", "es", "de", "it", "nl", "pt", "ru", "he", "hy"),
]
_CODES = {"sdh": "ckb", "ku": "kmr", "arz": "ar", "ary": "ar"}
_SORANI_LETTERS = re.compile("[ەێۆڕڵڤ]|ه\u200c")
_ARABIC_ONLY = re.compile("[ةىأإثذضصظطحؤ]")
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC_SCRIPT = re.compile("[\u0620-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_TIFINAGH = re.compile("[\u2d30-\u2d7f]")
UNDETERMINED = "und"


class _Identifier(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


@cache
def _identifier() -> _Identifier:
    """The model, loaded once per process on first use (some 0.3 s)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = _loaded(LanguageIdentifier, MODEL_FILE)
    return identifier


def _loaded(identifier_class: type, model_file: str) -> _Identifier:
    identifier = identifier_class.from_model_file(model_file, norm_probs=True)  # type: ignore[attr-defined]  # untyped package
    identifier.set_languages(_LABELS)
    return identifier  # type: ignore[no-any-return]  # untyped package


def identify(text: str, *, prior: str | None = None) -> Language:
    """The language of `text`: a BCP 47 code, `und` when unsure, and how sure (0 to 1).

    `prior` is the language to expect; it decides where the text is too short or says too little,
    unless it is not written in the text's script.
    """
    sample = unicodedata.normalize("NFC", text[:_SAMPLE])
    letters = len(_LETTER.findall(sample))
    if letters == 0:
        return Language(prior or UNDETERMINED, 0.0)
    if len(_TIFINAGH.findall(sample)) * 2 > letters:
        return Language("zgh", 1.0)
    if prior and (prior in _IN_ARABIC_LETTERS) != _in_arabic_letters(sample, letters):
        prior = None
    code, score = _classified(sample, letters)
    if score >= (MIN_SCORE if letters >= MIN_LETTERS else _wanted_of_few(letters, prior)):
        return Language(code, score)
    return Language(prior, 0.0) if prior else Language(UNDETERMINED, score)


def _wanted_of_few(letters: int, prior: str | None) -> float:
    """The score asked of a text with few letters; names and acronyms score high in anything."""
    if prior or letters < _FEWEST_LETTERS:
        return 1.1  # never
    return 0.9


def _in_arabic_letters(sample: str, letters: int) -> bool:
    return len(_ARABIC_SCRIPT.findall(sample)) * 2 > letters


def _classified(sample: str, letters: int) -> tuple[str, float]:
    """The model's answer in our codes, corrected by the letters of Sorani."""
    if _written_in_sorani(sample, letters):
        return "ckb", 1.0
    scores: dict[str, float] = defaultdict(float)
    for label, score in _identifier().rank(_without_latin(sample, letters)):
        scores[_CODES.get(label, label)] += float(score)
    return max(scores.items(), key=lambda item: item[1])


def _written_in_sorani(sample: str, letters: int) -> bool:
    """Whether letters that only Kurdish writes make up more of it than Arabic's own do.

    Sorani writes ە in one letter of seven; Uyghur and Persian do not write ێ, ڕ and ڵ beside it.
    """
    sorani = _SORANI_LETTERS.findall(sample)
    if len(sorani) < 3 or len(sorani) * 20 < letters:
        return False
    kinds = set(sorani) & set("ێۆڕڵ")
    return bool(kinds) and len(_ARABIC_ONLY.findall(sample)) < len(sorani)


def _without_latin(sample: str, letters: int) -> str:
    """A text in Arabic letters without its Latin names and tags, which mislead the model."""
    return re.sub(r"[A-Za-z]+", " ", sample) if _in_arabic_letters(sample, letters) else sample
