"""Which language a text is in: py3langid's scores, the words of the text, and what is expected.

py3langid calls all Sorani `sdh` (it has no `ckb`) and Kurmanji `ku`; Egyptian and Moroccan Arabic
are told from Arabic only by models that are often wrong, so they are Arabic here; Amazigh in Latin
letters is `zgh`, though the model learned it as Kabyle.

What the model says is a log-probability for each language of the text's script. To it is added
what the smallest words and the letters say (`language_words`), what the model says of the text in
the letters of Sorani, if it may be Sorani typed with others (`sorani`), and what is expected of
the text; then the sums are made probabilities again. `bench.languages` measures the outcome.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from copy import copy
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crawler.reading.language_words import WORD, evidence
from crawler.reading.scripts import OTHER, Writing, letter_count, writing
from crawler.reading.sorani import in_sorani_letters
from storage.models import Language

UNDETERMINED = "und"
MIN_SCORE = 0.5
MIN_SCORE_OF_FEW = 0.8
"""Asked of a text with fewer letters than FEW_LETTERS: names score high in anything."""
FEW_LETTERS = 20
FEWEST_LETTERS = 8
"""With fewer letters a text says nothing; it is in the expected language, if there is one."""

_FAR = (
    "ca ro pl sv no da nl hu fi sq cs sk sl hr lt lv et mt eu cy ga la vi id ms tl uz so sw ha"
    " rw om ht"
).split()
"""Languages in Latin letters that no outlet of the region writes: they keep Kurmanji, which the
model gives to anything that it has not seen, from being found in them."""
LABELS = {
    "Arab": {
        **{"ar": "ar", "arz": "ar", "ary": "ar", "sdh": "ckb"},
        **{"fa": "fa", "ur": "ur", "ps": "ps", "ug": "ug"},
    },
    "Latn": {
        **{"ku": "kmr", "sdh": "kmr", "fr": "fr", "en": "en", "es": "es", "de": "de", "it": "it"},
        **{"pt": "pt", "tr": "tr", "az": "az", "kab": "zgh"},
        **{code: code for code in _FAR},
    },
    OTHER: {code: code for code in "ru uk bg sr el he hy ka am hi bn th zh ja ko".split()},
}
"""For each script the model's labels that may be right, and our codes for them."""
_UNKNOWN_TO_MODEL = {"zza": ("kmr", 1.0), "ary": (None, 2.0)}
"""Languages in Latin letters that the model does not know: what it takes them for (None: for
anything), and how far behind that they begin. They count where a word of theirs is found."""
_BEHIND = dict.fromkeys((*_FAR, "zgh"), -2.0)

_SHARPNESS = {"Arab": 1.0, "Latn": 3.0, OTHER: 1.0}
"""By what the model's logs are multiplied: among many languages it doubts itself too much."""
_LEAST_LOG = -12.0
_LEAST_RESPELLED = -2.0
"""So far behind begins, at worst, a language whose letters were perhaps not at hand."""
_PRIOR, _EXPECTED = 2.0, 1.0
_ENDS, _SURE = 2, 0.99
_PERSIAN_KEYS = re.compile("[یک]")
_ARABIC_KEYS = str.maketrans("یک", "يك")
_UNSEEN = re.compile(  # tatweel, harakat, marks of direction; a ZWNJ is part of the spelling
    "[\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


_INITIAL = re.compile(r"\b[^\W\d_]")
_MOST_CAPITALS = 0.9
"""The model takes a title with more of them for German, which capitalizes fewer words itself."""


class _Identifier(Protocol):
    nb_ptc: NDArray[np.float16]

    def rank(self, text: str) -> list[tuple[str, float]]: ...

    def set_languages(self, langs: Collection[str]) -> None: ...


@cache
def _identifiers() -> dict[str, _Identifier]:
    """The model for the labels of each script, loaded once per process on first use (some 0.3 s).

    A text is in one script: what it has to do with the languages of others is not worked out.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return {script: _of_labels(whole, labels) for script, labels in LABELS.items()}


def _of_labels(whole: _Identifier, labels: Collection[str]) -> _Identifier:
    """The model for some labels only; its table lies in memory as it is read, row by row."""
    identifier = copy(whole)
    identifier.set_languages(sorted(labels))
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)
    return identifier


def identify(text: str, *, prior: str | None = None, expected: Collection[str] = ()) -> Language:
    """The language of `text`: a BCP 47 code, `und` when unsure, and how sure (0 to 1).

    `prior` is the most likely language and `expected` others that would be no surprise: both
    count where they are written in the text's script, and `prior` decides (with score 0) where
    the text is too short or says too little. A text in two scripts has the language of the larger
    part, and its score is no higher than the share of that part.
    """
    written = writing(text)
    if written is None:
        return Language(prior or UNDETERMINED, 0.0)
    if written.script == "Tfng":
        return Language("zgh", written.share)
    prior = prior if prior and _fits(prior, written.script) else None
    code, probability = _best(written, prior, expected)
    score = min(probability * written.share, 1.0)
    if probability >= _wanted(written.letters):
        return Language(code, score)
    return Language(prior, 0.0) if prior else Language(UNDETERMINED, score)


def _wanted(letters: int) -> float:
    """The least probability at which a text with so many letters is believed."""
    if letters < FEWEST_LETTERS:
        return math.inf
    return MIN_SCORE_OF_FEW if letters < FEW_LETTERS else MIN_SCORE


def _fits(code: str, script: str) -> bool:
    """Whether the language may be written in the script."""
    return (code in LABELS["Arab"].values()) == (script == "Arab")


def _best(written: Writing, prior: str | None, expected: Collection[str]) -> tuple[str, float]:
    """The most probable language and its probability, on average over the passages' letters.

    Where beginning and end are surely in one language the middle is not looked at.
    """
    hopes = dict.fromkeys(expected, _EXPECTED) | ({prior: _PRIOR} if prior else {})
    total: dict[str, float] = defaultdict(float)
    for number, passage in enumerate(written.passages):
        if number == _ENDS and max(total.values()) >= _SURE * sum(total.values()):
            break
        letters = letter_count(passage)
        logs = _logs(passage, written.script)
        hoped = {code: log + hopes.get(code, 0.0) for code, log in logs.items()}
        for code, probability in _probabilities(hoped):
            total[code] += probability * letters
    best = max(total, key=lambda code: total[code])
    return best, total[best] / (sum(total.values()) or 1.0)


def _probabilities(logs: dict[str, float]) -> Iterator[tuple[str, float]]:
    most = max(logs.values())
    weights = {code: math.exp(log - most) for code, log in logs.items()}
    whole = sum(weights.values())
    for code, weight in weights.items():
        yield code, weight / whole


def _logs(passage: str, script: str) -> dict[str, float]:
    """For each language of the script what model and evidence say, as logs."""
    plain = _bare(passage)
    said = evidence(plain, script)
    logs = {code: _SHARPNESS[script] * log for code, log in _model_logs(plain, script).items()}
    if script == "Arab":
        for code, spelled in _respelled(passage, plain, said):
            logs[code] = max(logs[code], _LEAST_RESPELLED) + _odds(code, spelled)
    if script == "Latn":
        logs |= _logs_of_unknown(logs, said)
    return {code: log + said.get(code, 0.0) + _BEHIND.get(code, 0.0) for code, log in logs.items()}


def _logs_of_unknown(logs: dict[str, float], said: dict[str, float]) -> dict[str, float]:
    """The logs of languages that the model does not know but a word of the text speaks for."""
    return {
        code: (logs[like] if like else max(logs.values())) - behind
        for code, (like, behind) in _UNKNOWN_TO_MODEL.items()
        if said.get(code, 0.0) >= WORD
    }


def _respelled(passage: str, plain: str, said: dict[str, float]) -> Iterator[tuple[str, str]]:
    """The languages whose letters were perhaps not at hand, and the passage in their letters."""
    arabic = said.get("ar", 0.0)
    if arabic < said.get("ckb", 0.0) + 2 * WORD and (spelled := in_sorani_letters(passage)):
        yield "ckb", _bare(spelled)
    if arabic > said.get("fa", 0.0) and _PERSIAN_KEYS.search(plain):
        yield "ar", plain.translate(_ARABIC_KEYS)


def _odds(code: str, spelled: str) -> float:
    """How much likelier than all others a language is for a text in its letters, as a log."""
    logs = _model_logs(spelled, "Arab")
    return logs[code] - math.log(sum(math.exp(log) for other, log in logs.items() if other != code))


def _bare(text: str) -> str:
    """The text without marks and capitals that the model did not learn from."""
    bare = _UNSEEN.sub("", text)
    return bare.lower() if _is_capitalized(bare) else bare


def _is_capitalized(text: str) -> bool:
    """Whether it is in capitals, or Nearly Every Word Begins With One."""
    initials = _INITIAL.findall(text)
    capital = sum(map(str.isupper, initials))
    return capital > _MOST_CAPITALS * len(initials) or sum(map(str.isupper, text)) * 2 > len(text)


def _model_logs(text: str, script: str) -> dict[str, float]:
    """What the model gives to the languages written in the script, under our codes."""
    codes = LABELS[script]
    shares = dict.fromkeys(codes.values(), 0.0)
    for label, share in _identifiers()[script].rank(text):
        shares[codes[label]] += share
    least = math.exp(_LEAST_LOG)
    return {code: math.log(max(share, least)) for code, share in shares.items()}
