"""Lines between and behind an article's paragraphs that say of themselves that they are no part.

The title over readers' comments with all behind it, titles of boxes with other articles and the
headlines under them, lines that lead to another article, tags, and who holds the rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from crawler.reading import noise_words as say
from crawler.reading.apart_parts import SENTENCE_ENDS
from crawler.reading.bylines import is_signature
from crawler.reading.kind_words import ASKS_CONSENT
from crawler.reading.notes import Notes
from crawler.reading.walls import anywhere
from storage.text import fold

WORDS_BEFORE_COMMENTS = 40
LONGEST_LINE = 30
"""Words; longer lines are looked at for nothing but rights."""
LONGEST_HEADLINE = 20
MOST_IN_A_BOX = 12
FIRST_LINES, LAST_LINES = 3, 4
FEWEST_PHRASES = 3
"""Different phrases of a request for consent in one line."""
LONGEST_REQUEST = 900
"""Characters of such a line: a longer one may be a whole article about privacy."""
MOST_OF_A_START = 80
"""Characters of a long line in which it says who holds the rights."""
MOST_OF_A_LINE = 300
"""Characters: a word can be megabytes long."""
_CONSENT = anywhere(ASKS_CONSENT)
_CONSENT_SIGNS = ("partner", "partenaires", "socios", "personal", "cookie", "شركا", "الارتباط")


def without_ends(text: str, notes: Notes) -> str:
    """The text without the lines that say of themselves that they are none of the article's."""
    lines = text.split("\n")
    counts = list(map(_words, lines))
    end = _comments_at(lines, counts)
    dropped = set(range(end, len(lines))) | _boxes(lines[:end], counts)
    dropped |= {place for place in range(end) if _is_apart(lines, counts[place], place, end)}
    if not dropped:
        return text.strip()
    for place in sorted(dropped):
        notes.rejected("block", "line", lines[place], "none of the article by its words")
    return "\n".join(line for place, line in enumerate(lines) if place not in dropped).strip()


def _words(line: str) -> int:
    """The words of a line, as far as they are counted here."""
    return len(line.split(None, WORDS_BEFORE_COMMENTS))


def _comments_at(lines: Sequence[str], counts: Sequence[int]) -> int:
    """The place of the title over what readers wrote; the number of lines if there is none."""
    passed = 0
    for place, (line, count) in enumerate(zip(lines, counts, strict=True)):
        short = count <= LONGEST_HEADLINE
        if short and passed >= WORDS_BEFORE_COMMENTS and is_over_comments(line):
            return place
        passed += count
    return len(lines)


def is_over_comments(line: str) -> bool:
    """Whether a line is the title over what readers wrote."""
    return _words(line) <= LONGEST_HEADLINE and bool(say.COMMENTS.match(_bare(line)))


def _bare(line: str) -> str:
    """A line as it is compared, without the marks of items and headings."""
    return _folded(line[:MOST_OF_A_LINE])


@lru_cache(maxsize=256)
def _folded(line: str) -> str:
    return fold(line.lstrip("-#|*• "))


def _boxes(lines: Sequence[str], counts: Sequence[int]) -> set[int]:
    """Titles of boxes with other articles, and what follows them as long as it is no sentence."""
    inside: set[int] = set()
    left = 0
    for place, line in enumerate(lines):
        count = counts[place]
        if count <= LONGEST_HEADLINE and say.BOX_TITLE.match(_bare(line)):
            left = MOST_IN_A_BOX + 1
        elif left and (count > LONGEST_HEADLINE or line.rstrip().endswith(SENTENCE_ENDS)):
            left = 0
        if left:
            inside.add(place)
            left -= 1
    return inside


def _asks_consent(line: str) -> bool:
    """Whether a line is a request to store things on readers' devices."""
    plain = line[:MOST_OF_A_LINE].lower()
    if len(line) > LONGEST_REQUEST or not any(sign in plain for sign in _CONSENT_SIGNS):
        return False
    return len(set(_CONSENT.findall(_bare(line)))) >= FEWEST_PHRASES


def _is_apart(lines: Sequence[str], count: int, place: int, end: int) -> bool:
    """Whether a line by itself leads elsewhere, names tags, the author, or who holds the rights;
    `count` is that of its words.
    """
    line, last = lines[place], place >= end - LAST_LINES
    if (last or place < FIRST_LINES) and _asks_consent(line):
        return sum(map(len, lines)) > 3 * len(line)  # else it is what the page is
    long = count > LONGEST_LINE
    start = line[:MOST_OF_A_START] if long else line
    if last and say.LEGAL.match(_bare(start)) and "©" not in line[:LONGEST_HEADLINE]:
        return True  # while "© dpa" is how an agency is credited
    if long:
        return False
    if place < FIRST_LINES and is_signature(line):
        return True
    bare = _bare(line)
    return bool(say.READ_ALSO.match(bare) or (last and say.TAGS.match(bare)))
