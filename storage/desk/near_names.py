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
    """Finds what is almost one of the names of an actor."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._starting: dict[str, list[tuple[Name, int]]] = {}
        self._known = set()
        for name in names:
            self._known.add(squeezed(name.bare))
            for at, word in enumerate(name.bare):
                self._starting.setdefault(word, []).append((name, at))

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
            for name, number in self._starting.get(form, ()):
                yield from self._whole(name, there, at - number, text)
                yield from self._shorter(name, number, there, at, text)

    def _whole(self, name: Name, there: Sequence[Word], first: int, text: str) -> Iterator[Place]:
        run = _run(there, first, len(name.bare), text)
        why = _difference(name, run) if run else None
        if why is not None:
            yield Place(run[0].start, run[-1].end, why, name.form)

    def _shorter(
        self, name: Name, number: int, there: Sequence[Word], at: int, text: str
    ) -> Iterator[Place]:
        for missing in name.drops:
            if missing == number:
                continue
            left = tuple(word for place, word in enumerate(name.bare) if place != missing)
            run = _run(there, at - number + (missing < number), len(left), text)
            if run and _same(run, left) and squeezed(left) not in self._known:
                yield Place(run[0].start, run[-1].end, "word", name.form)


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


def _run(there: Sequence[Word], first: int, length: int, text: str) -> Sequence[Word]:
    """So many words in a row with nothing but a space or hyphen between; none where there are not."""
    if first < 0 or first + length > len(there):
        return ()
    run = there[first : first + length]
    tied = all(_BETWEEN.fullmatch(text, a.end, b.start) for a, b in pairwise(run))
    return run if tied else ()


def _difference(name: Name, run: Sequence[Word]) -> Why | None:
    """The one thing in which a run of words differs from a name."""
    other = [at for at, word in enumerate(run) if not _is(word, name.bare[at], first=at == 0)]
    if not other:
        inside = zip(name.folded[1:], run[1:], strict=True)
        return "article" if any(known != word.folded for known, word in inside) else None
    if len(other) > 1:
        return None
    (at,) = other
    return near(name.bare[at], run[at].bare)


def _same(run: Sequence[Word], wanted: Sequence[str]) -> bool:
    return all(_is(word, wanted[at], first=at == 0) for at, word in enumerate(run))


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
    return one[same + 1 :] == other[same + 1 :] or (swapped and one[same + 2 :] == other[same + 2 :])


def _sound(word: str) -> str:
    """The consonants of a folded word, roughly as they sound."""
    for pattern, sound in _SAME_SOUND:
        word = pattern.sub(sound, word)
    return _TWICE.sub(r"\1", _VOWELS.sub("", word))
