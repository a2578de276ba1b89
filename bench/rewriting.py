"""What newsrooms, scanners and typists do to a text that they take over: one function for each."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_ARABIC_LETTER = re.compile("[\u0620-\u064a]")
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+|\n+")
_TO_ARABIC = {ord(str(n)): chr(0x660 + n) for n in range(10)}
_FROM_ARABIC = {0x660 + n: str(n) for n in range(10)}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who takes a text over: words of its language, and what it puts around every text."""

    words: Sequence[str]
    lead: str
    tail: str
    byline: str


def desk(words: Sequence[str], name: str) -> Desk:
    """An outlet's desk: 40 words before and 60 behind all it prints."""
    dice = random.Random(f"desk {name}")
    lead, tail, byline = (" ".join(dice.choices(words, k=count)) for count in (40, 60, 5))
    return Desk(words, lead, tail, byline)


Edit = Callable[[str, Desk, random.Random], str]


def byline(text: str, desk: Desk, dice: random.Random) -> str:
    """Another dateline before the text, the outlet's own credit behind it."""
    opening = " ".join(dice.choices(desk.words, k=4))
    return f"{desk.byline} - {opening}: {text.partition(' ')[2]}\n{desk.byline}"


def diacritics(text: str, _: Desk, dice: random.Random) -> str:
    """Vowel signs on a third of Arabic letters; no accents on Latin ones."""
    if _ARABIC_LETTER.search(text):
        return "".join(
            char + dice.choice(_HARAKAT) if _ARABIC_LETTER.match(char) and dice.random() < 0.35
            else char
            for char in text
        )  # fmt: skip
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text)).upper()


def digits(text: str, _: Desk, __: random.Random) -> str:
    """Figures in the other digits."""
    return text.translate(_FROM_ARABIC if re.search("[٠-٩]", text) else _TO_ARABIC)


def punctuation(text: str, _: Desk, dice: random.Random) -> str:
    """Other quotation marks, dashes and commas, and some of them left out."""
    return re.sub(r"[^\w\s]", lambda _: dice.choice(("", ",", " -", "،", "»", ".")), text)


def boilerplate(text: str, desk: Desk, _: random.Random) -> str:
    """The desk's 40 words before the text and 60 behind it."""
    return f"{desk.lead}\n{text}\n{desk.tail}"


def first(share: float) -> Edit:
    """The first part of the text only."""

    def cut(text: str, _: Desk, __: random.Random) -> str:
        words = text.split(" ")
        return " ".join(words[: max(1, round(len(words) * share))])

    return cut


def replaced(share: float) -> Edit:
    """A share of the words replaced by others of the language."""

    def replace(text: str, desk: Desk, dice: random.Random) -> str:
        words = text.split(" ")
        for place in dice.sample(range(len(words)), round(len(words) * share)):
            words[place] = dice.choice(desk.words)
        return " ".join(words)

    return replace


def misread(share: float) -> Edit:
    """Letters as a scanner misreads them: another one, none, or two."""

    def misread_in(text: str, desk: Desk, dice: random.Random) -> str:
        letters = "".join(desk.words[:200])
        choices = (lambda _: dice.choice(letters), lambda _: "", lambda char: char * 2)
        return "".join(
            dice.choice(choices)(char) if char.isalpha() and dice.random() < share else char
            for char in text
        )

    return misread_in


def tidied(text: str, _: Desk, dice: random.Random) -> str:
    """One sentence cut, two others in each other's place."""
    parts = [part for part in _SENTENCE_END.split(text) if part]
    if len(parts) < 4:
        return text
    del parts[dice.randrange(1, len(parts))]
    place = dice.randrange(1, len(parts) - 1)
    parts[place], parts[place + 1] = parts[place + 1], parts[place]
    return " ".join(parts)


def reworded(text: str, desk: Desk, dice: random.Random) -> str:
    """An editor's hand: a thirtieth of the words are others, long ones that stand there once."""
    words = text.split(" ")
    places = [n for n, word in enumerate(words) if len(word) > 4 and words.count(word) == 1]
    others = [word for word in desk.words if len(word) > 4]
    for place in dice.sample(places, min(len(places), len(words) // 30)):
        words[place] = dice.choice(others)
    return " ".join(words)


def updated(text: str, desk: Desk, dice: random.Random) -> str:
    """Later figures in two places, and another paragraph behind."""
    words = text.split(" ")
    figures = [n for n, word in enumerate(words) if word.isdecimal() and len(word) < 4]
    for place in dice.sample(figures, min(2, len(figures))):
        words[place] = str(int(words[place]) + dice.randint(1, 5))
    return " ".join(words) + "\n" + " ".join(dice.choices(desk.words, k=45)) + "."


def in_turn(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(text: str, desk: Desk, dice: random.Random) -> str:
        for one in edits:
            text = one(text, desk, dice)
        return text

    return edit


def inside(text: str, host: str, dice: random.Random) -> str:
    """Three sentences of the text in the midst of 250 words of another."""
    parts = [part for part in _SENTENCE_END.split(text) if part]
    begin = dice.randrange(max(1, len(parts) - 2))
    words = host.split(" ")[:250]
    place = dice.randrange(60, min(200, len(words)))
    before, after = " ".join(words[:place]), " ".join(words[place:])
    return f"{before} {' '.join(parts[begin : begin + 3])} {after}"


NEEDED: dict[str, Edit] = {
    "byline, dateline, credit": byline,
    "+40 words before, +60 behind": boilerplate,
    "first 50%": first(0.5),
    "first 30%": first(0.3),
    "10% of words replaced": replaced(0.1),
}
"""Edits after which a copy must be known as one."""
FURTHER: dict[str, Edit] = {
    "diacritics": diacritics,
    "digits": digits,
    "punctuation": punctuation,
    "headline, sentence cut, two moved": tidied,
    "an editor's words, 1 in 30": reworded,
    "later figures, a paragraph more": updated,
    "20% of words replaced": replaced(0.2),
    "2% of letters misread": misread(0.02),
    "5% of letters misread": misread(0.05),
    "50%, byline, +100 words": in_turn(first(0.5), byline, boilerplate),
    "30%, byline, +100 words": in_turn(first(0.3), byline, boilerplate),
}
EDITS = NEEDED | FURTHER
