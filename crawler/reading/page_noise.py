"""The lines of a read text, and which of them are the page's own: clocks, counters, prompts.

Here are those that are noise by themselves, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from crawler.reading import noise_words as say
from crawler.reading.sentence_split import LINE_ENDS, sentences
from crawler.reading.tokens import joined, key_of, keys
from storage.text import fold, words

_LINES = re.compile(f"[{LINE_ENDS}]+")
_PARTS = re.compile(r"\s[|•·]\s|\s\|\||[•·|](?=\s)")
_TAIL = r"[\s\"'”’»)\]]*$"  # what may stand behind the last mark of a line
_STOP = re.compile(rf"[.۔]{_TAIL}")
_ENDS = re.compile(rf"[.۔!?؟…]{_TAIL}")
_TRAILS_OFF = re.compile(rf"(?:\.\.\.|…|\[…?\.*\]){_TAIL}")
_ASIDE = re.compile(r"[(\[]([^()\[\]\n]{1,80})[)\]]")
_STEPS = re.compile(r"\s[>›»/|]\s|[>›»]")
_ASKS = re.compile(rf"[?؟]{_TAIL}")
_ANNOUNCES = re.compile(r"[:：][\s\"'”’»)]*$")
_COUNT_OF_NEWS = re.compile(r"^\s*\(\d{1,3}\+?\)\s*")
_NUMBER = re.compile(r"\d")
_PARAGRAPH = 25
"""Words from which on a line is a paragraph and no title, also without a full stop."""
_QUESTION = 10  # … with a question mark: titles ask too
_SENTENCE = 4  # … with a full stop
_LONGEST_FURNITURE, _LONGEST_PROMPT, _LONGEST_LEGAL = 20, 45, 80  # words
_BEGINNING = 40  # characters that mostly hold a word that is no furniture
_BOX, _AD_BOX = 12, 3
"""Lines behind the title of a box that may belong to it."""


@dataclass(frozen=True)
class Line:
    """One line of a text, what it says, and what it looks like."""

    text: str
    folded: str
    said: list[str]
    opens: int = 0  # lines behind it that may be of the box that it opens

    @cached_property
    def key(self) -> str:
        """What the line says."""
        return joined(self.said)

    @cached_property
    def is_item(self) -> bool:
        """Whether it is an item of a list, as the extractor writes them."""
        return self.text.startswith("- ")

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is a paragraph of an article and no title."""
        if _TRAILS_OFF.search(self.text):
            return False
        if _STOP.search(self.text) or self.announces:
            return len(self.said) >= _SENTENCE
        return len(self.said) >= (_QUESTION if _ASKS.search(self.text) else _PARAGRAPH)

    @cached_property
    def announces(self) -> bool:
        """Whether what follows is announced: "they demand:"."""
        return bool(_ANNOUNCES.search(self.text))

    @cached_property
    def stops(self) -> bool:
        """Whether it ends as a sentence does."""
        return bool(_ENDS.search(self.text))


def headline_key(headline: str) -> str:
    """What a headline says, without counters and clocks beside it.

    >>> headline_key("(3) بيان | منذ ساعة") == headline_key("بيان") != headline_key("بيان؟")
    True
    """
    plain = _COUNT_OF_NEWS.sub("", headline)
    return key_of(" ".join(_spoken_parts(plain)))


def article_lines(text: str) -> list[Line]:
    """The lines of a text that are no noise by themselves; box titles stay, to be known by."""
    lines: list[Line] = []
    for raw in _LINES.split(text):
        for piece in _pieces(raw):
            line = _line(piece)
            if line.said or line.opens:
                lines.append(line)
    return _without_comments(lines)


def _pieces(raw: str) -> Iterator[str]:
    """A line; in two where behind a sentence of it the reader is led elsewhere."""
    for start, end in sentences(raw)[1:]:
        if _is_invitation(fold(raw[start:end])):
            yield raw[:start]
            yield raw[start:]
            return
    yield raw


def _line(raw: str) -> Line:
    """A line without what is furniture in it; with nothing said where all of it is."""
    folded = fold(raw)
    text = _ASIDE.sub(lambda aside: "" if _is_meta_aside(aside[1]) else aside[0], raw)
    text = " | ".join(_spoken_parts(text))
    opens = _opens(folded)
    line = Line(text, folded, _without_updates(keys(text)), opens)
    return Line(text, folded, [], opens) if opens or _is_noise(line, raw) else line


def _spoken_parts(text: str) -> list[str]:
    """The parts of a line between bars and dots, without clocks, counters and buttons."""
    parts = [part for part in _PARTS.split(text) if part.strip() and not is_furniture(part)]
    if parts:
        spans = sentences(parts[-1])
        while len(spans) > 1 and is_furniture(parts[-1][spans[-1].start :]):
            parts[-1] = parts[-1][: spans.pop().start]
    return parts


def _without_updates(said: list[str]) -> list[str]:
    """The words without "last updated 22 November 14:05" where it stands among them."""
    for label in say.UPDATED:
        if label[0] in said:
            for place in range(len(said) - len(label), -1, -1):
                if tuple(said[place : place + len(label)]) == label:
                    del said[place : _end_of_time(said, place + len(label))]
    return said


def _end_of_time(said: Sequence[str], start: int) -> int:
    """Where a date or clock ends that begins here; the words before here where there is none."""
    end = start
    for place in range(start, len(said)):
        word = said[place]
        if word[0].isdigit() or (end > start and word in say.AFTER_CLOCK):
            end = place + 1
        elif word not in say.CLOCK and word not in say.CALENDAR:
            break
    return end


def _is_meta_aside(text: str) -> bool:
    """Whether brackets hold a counter or a clock: "(12 تعليقا)", "(mis à jour il y a 3 h)"."""
    return is_furniture(text) and bool(say.SAYS_META.intersection(words(fold(text))))


def is_furniture(text: str) -> bool:
    """Whether a text is a clock, a date, counters or buttons, and nothing else.

    >>> is_furniture("آخر تحديث: 22 نوفمبر 2026 - 14:05"), is_furniture("1.2K vues · 3 partages")
    (True, True)
    >>> is_furniture("سقوط 3 قتلى"), is_furniture("Trois jours après")
    (False, False)
    """
    begun = words(fold(text[:_BEGINNING]))[:-1]  # the last one may be cut
    if not all(word.isdigit() or _is_furniture_word(word) for word in begun):
        return False  # nearly every text, found in a fifth of the time
    folded = fold(text)
    found = [word for word in words(folded) if not word.isdigit()]
    if not found:
        return True
    if len(found) > _LONGEST_FURNITURE or not all(map(_is_furniture_word, found)):
        return False
    if _NUMBER.search(folded) or say.SINCE.match(folded):
        return True
    return len(found) <= 1 or all(word in say.BUTTONS or word in say.COUNTED for word in found)


def _is_furniture_word(word: str) -> bool:
    if word in say.FURNITURE or not word[0].isdigit():
        return word in say.FURNITURE
    unit = word.strip("0123456789")
    return unit in say.FURNITURE or unit in say.ORDINALS or "h" in word


def _opens(folded: str) -> int:
    """How many lines behind this one may be of the box that it is the title of."""
    if say.BOX_TITLE.match(folded):
        return _BOX
    return _AD_BOX if say.AD.match(folded) else 0


def _is_noise(line: Line, raw: str) -> bool:
    """Whether a line is noise wherever it stands."""
    count, folded = len(line.said), line.folded
    if not line.said:
        return True
    if count <= _LONGEST_PROMPT and _is_invitation(folded):
        return True
    if count <= _LONGEST_LEGAL and _is_notice(folded):
        return True
    return not line.is_prose and _is_small_print(line, raw)


def _is_invitation(folded: str) -> bool:
    """Whether a line leads elsewhere: another article, an advertiser, a newsletter."""
    leads = (say.READ_ALSO, say.BOX_LINE, say.AD_LINE, say.PROMPT)
    return any(pattern.match(folded) for pattern in leads)


def _is_notice(folded: str) -> bool:
    """Whether a line tells of cookies or of who holds the rights."""
    if say.LEGAL.match(folded):
        return True
    return bool(say.COOKIES.search(folded) and say.COOKIES_OF.search(folded))


def _is_small_print(line: Line, raw: str) -> bool:
    """Whether a line is one of tags, steps from the home page, a photographer's name, weather."""
    folded = line.folded
    if say.MAYBE_READ_ALSO.match(folded):
        return True
    if say.TAGS.match(folded) or say.PHOTO.match(folded):
        return True
    if say.HOME.match(folded) and _STEPS.search(raw):
        return True
    return len(line.said) <= 8 and bool(say.DEGREES.search(folded))


def _without_comments(lines: list[Line]) -> list[Line]:
    """The lines before those that readers wrote, which stand behind the larger part of a text."""
    total, passed = sum(len(line.said) for line in lines), 0
    for place, line in enumerate(lines):
        passed += len(line.said)
        if passed * 2 > total and say.COMMENTS.match(line.folded):
            return lines[:place]
    return lines
