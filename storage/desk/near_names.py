"""What in a text is almost a name: a word less, a letter other, an article missing.

Pure: texts and names in, places out. Whether it is the actor is for a person to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from storage.desk.typed_names import squeezed, without_clitics
from storage.text import fold, words

Why = Literal["article", "letter", "sound", "word"]
"""In what it differs: an article, a letter of one word, the spelling of its sounds, a word less."""
SHORTEST = 4
"""Letters of a word of which one may differ: of three letters, every other word differs in one."""
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u0300-\u036f])*")
_BETWEEN = re.compile(r"[ \t\u00a0'’\-‐‑]{1,3}|\n")
_VOWELS = re.compile("[aeiouyw]|[اويى]")
_TWICE = re.compile(r"(.)\1+")
_SAME_SOUND = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        *(("sh|ch", "S"), ("kh", "x"), ("gh", "G"), ("th", "t"), ("dh|z", "d"), ("dj", "j")),
        *(("[qc]", "k"), ("h$|ه$", ""), ("[ةت]$", "")),
    )
)
_FEWEST_CONSONANTS = 3


class Word(NamedTuple):
    """A word of a text, where it stands, and how it compares."""

    start: int
    end: int
    folded: str
    bare: str


class Place(NamedTuple):
    """A place that is almost a name: `text[start:end]`."""

    start: int
    end: int
    why: Why
    form: str


@dataclass(frozen=True, slots=True)
class Name:
    """A written form of two words or more, folded and without articles.

    `drops`: which of its words may be missing.
    """

    form: str
    folded: tuple[str, ...]
    bare: tuple[str, ...]
    drops: tuple[int, ...]

    @classmethod
    def of(cls, form: str, *, is_person: bool) -> Name | None:
        """A form as a name; None for a single word, to which half a text is near."""
        folded = tuple(words(fold(form)))
        if len(folded) < 2:
            return None
        # The first word of an organisation says what it is and the last one whose: without
        # either it is another one. Of a person any of three may be left out.
        inner = range(len(folded)) if is_person else range(1, len(folded) - 1)
        drops = tuple(inner) if len(folded) > 2 else ()
        return cls(form, folded, tuple(map(bare, folded)), drops)


class NearNames:
    """Finds what is almost one of the names of an actor, and is no known form of it."""

    def __init__(self, names: Iterable[Name], known: Iterable[str]) -> None:
        """Look for these names; `known` are all written forms of the actor."""
        self._known = {_key(words(fold(form))) for form in known}
        self._with: dict[str, list[tuple[Name, int]]] = {}
        for name in names:
            for at, word in enumerate(name.bare):
                self._with.setdefault(word, []).append((name, at))

    def places(self, text: str) -> list[Place]:
        """Every place, each once: of several that overlap, the longest."""
        there = list(_words(text))
        found = {place for at in range(len(there)) for place in self._at(there, at, text)}
        longest: list[Place] = []
        for place in sorted(found, key=lambda one: (one.start - one.end, one)):
            if all(place.end <= other.start or other.end <= place.start for other in longest):
                longest.append(place)
        return sorted(longest)

    def _at(self, there: Sequence[Word], at: int, text: str) -> Iterator[Place]:
        """Places that have one word of a name, as it is, at this word of the text."""
        for form in {there[at].bare, *_behind_clitics(there[at].folded)}:
            for name, number in self._with.get(form, ()):
                for run, why in _runs(name, number, there, at):
                    known = _key([word.folded for word in run]) in self._known
                    if not known and _are_tied(run, text):
                        start = run[0].start + _clitics(run[0], name.bare, text)
                        yield Place(start, run[-1].end, why, name.form)


def _runs(
    name: Name, number: int, there: Sequence[Word], at: int
) -> Iterator[tuple[Sequence[Word], Why]]:
    """Runs of words that are almost the name, of which word `number` stands at `at`."""
    whole = _run(there, at - number, len(name.bare))
    why = _difference(name, whole) if whole else None
    if why is not None:
        yield whole, why
    for missing in name.drops:
        left = [word for place, word in enumerate(name.bare) if place != missing]
        run = _run(there, at - number + (missing < number), len(left))
        if missing != number and run and not _others(left, run):
            yield run, "word"


def bare(folded: str) -> str:
    """A folded word without its article.

    >>> bare("المحمره"), bare("اله")
    ('محمره', 'اله')
    """
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded


def near(one: str, other: str) -> Why | None:
    """In what two words differ, where it is little enough to be the same name; else None.

    >>> near("raissouni", "raisuni"), near("المنصوري", "المنصوره"), near("حسن", "حسين")
    ('sound', 'letter', None)
    """
    if one == other or min(len(one), len(other)) < SHORTEST:
        return None
    if _one_letter(one, other):
        return "letter"
    sound = _sound(one)
    return "sound" if len(sound) >= _FEWEST_CONSONANTS and sound == _sound(other) else None


def _words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        yield Word(match.start(), match.end(), folded, bare(folded))


def _behind_clitics(folded: str) -> Iterator[str]:
    return (bare(rest) for rest in without_clitics(folded))


def _clitics(word: Word, wanted: Sequence[str], text: str) -> int:
    """How many letters of the first word are written before the name."""
    if word.bare in wanted:
        return 0
    for rest in without_clitics(word.folded):
        before = word.folded[: len(word.folded) - len(rest)]
        if bare(rest) in wanted and fold(text[word.start : word.start + len(before)]) == before:
            return len(before)
    return 0


def _run(there: Sequence[Word], first: int, length: int) -> Sequence[Word]:
    """So many words from one on; none where there are not so many."""
    inside = first >= 0 and first + length <= len(there)
    return there[first : first + length] if inside else ()


def _are_tied(run: Sequence[Word], text: str) -> bool:
    """Whether nothing but a space or a hyphen stands between the words."""
    return all(_BETWEEN.fullmatch(text, one.end, next_.start) for one, next_ in pairwise(run))


def _difference(name: Name, run: Sequence[Word]) -> Why | None:
    """The one thing in which a run of words differs from a name."""
    others = _others(name.bare, run)
    if not others:
        return "article"
    return near(name.bare[others[0]], run[others[0]].bare) if len(others) == 1 else None


def _others(wanted: Sequence[str], run: Sequence[Word]) -> list[int]:
    """The places of the words that are not those of the name."""
    return [at for at, word in enumerate(run) if not _is(word, wanted[at], first=at == 0)]


def _key(folded: Sequence[str]) -> str:
    """What known forms are compared by: the matcher looks past the article of the first word."""
    return squeezed((bare(folded[0]), *folded[1:])) if folded else ""


def _is(word: Word, wanted: str, *, first: bool) -> bool:
    return word.bare == wanted or (first and wanted in _behind_clitics(word.folded))


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter was changed, added, left out, or changed places with its neighbour."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return True
    if len(one) != len(other):
        long, short = sorted((one, other), key=len, reverse=True)
        return long[same + 1 :] == short[same:]
    swapped = one[same : same + 2] == other[same : same + 2][::-1]
    return one[same + 1 :] == other[same + 1 :] or (
        swapped and one[same + 2 :] == other[same + 2 :]
    )


def _sound(word: str) -> str:
    """The consonants of a folded word, roughly as they sound."""
    for pattern, sound in _SAME_SOUND:
        word = pattern.sub(sound, word)
    return _TWICE.sub(r"\1", _VOWELS.sub("", word))
