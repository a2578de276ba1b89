"""Lines between and behind an article's paragraphs that say of themselves that they are no part.

The title over readers' comments with all behind it, titles of boxes with other articles and the
headlines under them, lines that lead to another article, tags, and who holds the rights.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.reading import noise_words as say
from crawler.reading.notes import Notes
from storage.text import fold

WORDS_BEFORE_COMMENTS = 40
LONGEST_LINE = 30
"""Words; longer lines are looked at for nothing but rights."""
LONGEST_HEADLINE = 20
MOST_IN_A_BOX = 12
LAST_LINES = 4
MOST_OF_A_LINE = 300
"""Characters: a word can be megabytes long."""
_SENTENCE_ENDS = (".", "!", "?", "…", "؟", "۔", ":", '."', ".»", ".”")


def without_ends(text: str, notes: Notes) -> str:
    """The text without the lines that say of themselves that they are none of the article's."""
    lines = text.split("\n")
    end = _comments_at(lines)
    dropped = set(range(end, len(lines))) | _boxes(lines[:end])
    dropped |= {place for place in range(end) if _is_apart(lines, place, end)}
    for place in sorted(dropped):
        notes.rejected("block", "line", lines[place], "none of the article by its words")
    return "\n".join(line for place, line in enumerate(lines) if place not in dropped).strip()


def _words(line: str) -> int:
    return len(line.split())


def _comments_at(lines: Sequence[str]) -> int:
    """The place of the title over what readers wrote; the number of lines if there is none."""
    passed = 0
    for place, line in enumerate(lines):
        if passed >= WORDS_BEFORE_COMMENTS and is_over_comments(line):
            return place
        passed += _words(line)
    return len(lines)


def is_over_comments(line: str) -> bool:
    """Whether a line is the title over what readers wrote."""
    return _words(line) <= LONGEST_HEADLINE and bool(say.COMMENTS.match(_bare(line)))


def _bare(line: str) -> str:
    """A line as it is compared, without the marks of items and headings."""
    return fold(line[:MOST_OF_A_LINE].lstrip("-#|*• "))


def _boxes(lines: Sequence[str]) -> set[int]:
    """Titles of boxes with other articles, and what follows them as long as it is no sentence."""
    inside: set[int] = set()
    left = 0
    for place, line in enumerate(lines):
        count = _words(line)
        if count <= LONGEST_HEADLINE and say.BOX_TITLE.match(_bare(line)):
            left = MOST_IN_A_BOX + 1
        elif count > LONGEST_HEADLINE or line.rstrip().endswith(_SENTENCE_ENDS):
            left = 0
        if left:
            inside.add(place)
            left -= 1
    return inside


def _is_apart(lines: Sequence[str], place: int, end: int) -> bool:
    """Whether a line by itself leads elsewhere, names tags, or says who holds the rights."""
    line, last = lines[place], place >= end - LAST_LINES
    if last and say.LEGAL.match(_bare(line)) and "©" not in line[:LONGEST_HEADLINE]:
        return True  # while "© dpa" is how an agency is credited
    if _words(line) > LONGEST_LINE:
        return False
    bare = _bare(line)
    return bool(say.READ_ALSO.match(bare) or (last and say.TAGS.match(bare)))
