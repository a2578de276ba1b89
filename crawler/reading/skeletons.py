"""Finds what sounds like a name that is known, in either script: its consonants are the same.

Of known pairs of spellings the consonants join about three in four words, and a few hundred in a
million that have nothing in common: good for asking a person, not for deciding. So a find counts
only where the passage speaks of the actor in another way as well, and is only ever suggested.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.reading.forms import context_pattern
from crawler.reading.variants import squeezed
from storage.models import Actor, Mention
from storage.text import fold

PASSAGE = 300
"""Characters on either side in which a passage must speak of the actor."""
LEAST_CONSONANTS = 5
"""Names with fewer sound like too many others."""
_MOST_WORDS = 6
_ARABIC_CLASSES = {
    **dict.fromkeys("بپ", "b"),
    **dict.fromkeys("تطث", "t"),
    **dict.fromkeys("جژگڭݣ", "j"),
    **dict.fromkeys("دذضظ", "d"),
    **dict.fromkeys("سص", "s"),
    **dict.fromkeys("شچ", "S"),
    **dict.fromkeys("قكکڪ", "k"),
    **dict.fromkeys("فڤڨ", "f"),
    **dict.fromkeys("حهھہ", "h"),
    **dict.fromkeys("رڕ", "r"),
    **dict.fromkeys("لڵ", "l"),
    **dict.fromkeys("اأإآٱعئ", "A"),
    **dict.fromkeys("وۆۇؤ", "W"),
    **dict.fromkeys("يىیېێ", "Y"),
    **{"خ": "x", "ز": "z", "غ": "G", "م": "m", "ن": "n"},
}
_ENDS_UNHEARD = re.compile("[ةهەۀ]$")
_LATIN_SOUNDS = (
    *(("sh|ch|sch", "S"), ("kh|x", "X"), ("^rh|gh", "G"), ("th", "t"), ("dh", "d"), ("dj", "j")),
    *(("ph", "f"), ("c(?=[eiy])", "s"), ("[qc]", "k"), ("g", "j"), ("p", "b"), ("v", "f")),
    *(("^(?:ou|w)(?=[aeiou])", "W"), ("^y(?=[aeiou])", "Y"), ("h$", ""), (r"(.)\1", r"\1")),
    *(("^[aeiouy]", "A"), ("[aeiouyw_]", ""), ("X", "x")),
)
_SOUNDS = tuple((re.compile(pattern), sound) for pattern, sound in _LATIN_SOUNDS)
_SILENT = frozenset(("al", "el", "bin", "ben", "ibn", "ال", "بن", "ابن"))
_ABD = re.compile("^abd(?:oul|[ueao]l)?(?=.)")
_ABD_ARABIC = re.compile("^عبد ?ال(?=.)")
_LETTER = "(?:[^\\W\\d_]|[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u0300-\u036f])"
_WORD = re.compile(f"{_LETTER}+(?:['’ʿʾ`]{_LETTER}+)*")
_BETWEEN = re.compile(r"[ \t\u00a0\-‐‑]{1,3}|\n")
_CLITICS = "وفبكل"


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """The consonants of a word as they sound; a vowel shows only where the word begins with it.

    >>> skeleton("Raissouni"), skeleton("الريسوني"), skeleton("Raisuni")
    ('rsn', 'rsn', 'rsn')
    >>> skeleton("Khawaja"), skeleton("خواجة"), skeleton("Ehab"), skeleton("إيهاب")
    ('xj', 'xj', 'Ahb', 'Ahb')
    """
    folded = fold(word).replace("'", "").replace(" ", "")
    if not folded or folded in _SILENT:
        return ""
    if folded[0].isascii():
        return _of_latin(folded)
    return _of_arabic(unicodedata.normalize("NFKC", word))


def sounds_of(name: str) -> list[str]:
    """The skeletons of the words of a name that are heard.

    >>> sounds_of("Abdulhadi al-Khawaja"), sounds_of("عبد الهادي الخواجة")
    (['Abdhd', 'xj'], ['Abd', 'hd', 'xj'])
    """
    return [sound for word in _WORD.findall(name) if (sound := skeleton(word))]


def _of_latin(folded: str) -> str:
    if len(folded) > 5 and folded[:2] in ("al", "el"):
        folded = folded[2:]
    sound = _ABD.sub("abd_", folded)  # not the dh of Abdhadi
    for pattern, becomes in _SOUNDS:
        sound = pattern.sub(becomes, sound)
    return sound


def _of_arabic(word: str) -> str:
    word = _ABD_ARABIC.sub("عبد", word)
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    letters = [_ARABIC_CLASSES.get(char, "") for char in _ENDS_UNHEARD.sub("", word)]
    heard = [letter for letter in letters if letter]
    return "".join(
        letter for place, letter in enumerate(heard) if place == 0 or letter not in "AWY"
    )


@dataclass(frozen=True, slots=True)
class SoundsLike:
    """A place of a text that sounds like a form of an actor: `text[start:end]`."""

    actor_id: str
    form: str
    start: int
    end: int


class Names:
    """The names of persons by the way they sound."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        """Learn the forms of two words or more of each person."""
        self._forms: dict[str, dict[str, str]] = defaultdict(dict)
        self._known: dict[str, set[str]] = {}
        self._contexts: dict[str, re.Pattern[str] | None] = {}
        for actor in actors:
            if actor.kind == "person" and not actor.suppress:
                self._learn(actor)
        self._begins = frozenset(key[:size] for key in self._forms for size in range(len(key) + 1))

    def _learn(self, actor: Actor) -> None:
        texts = (*(alias.text for alias in actor.aliases), *actor.anti_aliases)
        self._known[actor.id] = {squeezed(text) for text in texts}
        self._contexts[actor.id] = context_pattern(actor.context)
        for alias in actor.aliases:
            sounds = sounds_of(alias.text)
            key = "".join(sounds)
            if len(sounds) > 1 and len(key) >= LEAST_CONSONANTS and not alias.generated:
                self._forms[key].setdefault(actor.id, alias.text)

    def new_spellings(self, text: str, mentions: Sequence[Mention]) -> Iterator[SoundsLike]:
        """What sounds like an actor, is no mention, and stands where the actor is spoken of.

        `mentions` are those of this very text. The passage must hold a context word of the actor,
        or another mention.
        """
        spans = sorted((mention.start, mention.end) for mention in mentions)
        taken = 0
        for found in self._alike(text):
            if found.start < taken or _overlaps(spans, found):
                continue
            if self._is_new(text, found) and self._is_spoken_of(text, found, mentions):
                taken = found.end
                yield found

    def _is_new(self, text: str, found: SoundsLike) -> bool:
        return squeezed(text[found.start : found.end]) not in self._known[found.actor_id]

    def _is_spoken_of(self, text: str, found: SoundsLike, mentions: Sequence[Mention]) -> bool:
        begin, end = max(0, found.start - PASSAGE), found.end + PASSAGE
        if any(m.actor_id == found.actor_id and begin <= m.start < end for m in mentions):
            return True
        pattern = self._contexts[found.actor_id]
        around = f"{text[begin : found.start]}\n{text[found.end : end]}"
        return pattern is not None and pattern.search(fold(around)) is not None

    def _alike(self, text: str) -> Iterator[SoundsLike]:
        """Every run of words that sounds like a name, the longest first at each place."""
        words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
        for first, (start, _, word) in enumerate(words):
            if not _may_begin(word):
                continue
            for skipped in _starts(word):
                run = _run(words, first, skipped, text)
                for end, forms in reversed(list(self._matches(run))):
                    for actor_id, form in forms.items():
                        yield SoundsLike(actor_id, form, start + skipped, end)

    def _matches(self, run: Iterator[tuple[str, int]]) -> Iterator[tuple[int, Mapping[str, str]]]:
        """The ends at which a run of words sounds like a name, with the forms."""
        key = ""
        for number, (word, end) in enumerate(run):
            key += skeleton(word)
            if key not in self._begins:
                return
            if number and key in self._forms:
                yield end, self._forms[key]


def _may_begin(word: str) -> bool:
    """A name begins with a capital, where there are capitals."""
    return word[0].isupper() or word[0] == word[0].swapcase()


def _starts(word: str) -> tuple[int, ...]:
    """How many letters before the name may be other words: و and the like in Arabic."""
    return (0, 1) if word[0] in _CLITICS and len(word) > 3 else (0,)


def _run(
    words: Sequence[tuple[int, int, str]], first: int, skipped: int, text: str
) -> Iterator[tuple[str, int]]:
    """Words that follow each other with nothing but a space or hyphen between them."""
    before = None
    for start, end, word in words[first : first + _MOST_WORDS]:
        if before is not None and not _BETWEEN.fullmatch(text, before, start):
            return
        if before is not None and not _may_begin(word) and fold(word) not in _SILENT:
            return
        yield (word if before is not None else word[skipped:]), end
        before = end


def _overlaps(spans: Sequence[tuple[int, int]], found: SoundsLike) -> bool:
    """Whether a place touches one of the sorted spans."""
    near = bisect_left(spans, (found.start, 0))
    before = spans[max(0, near - 3) : near]
    after = spans[near : bisect_right(spans, (found.end, 0))]
    return any(start < found.end and found.start < end for start, end in (*before, *after))
