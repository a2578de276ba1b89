"""Whether a word of an actor's surroundings stands near a hit.

Near is at most `WORDS` words away, and in the same or the next paragraph: what is further away is
about something else as often as not. A headline is the paragraph before the first.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from crawler.reading.hits import Hit, Source

WORDS = 40
"""Words between a hit and a context word that still belong together."""
PARAGRAPHS = 1
"""Ends of paragraphs between the two."""
_REACH = 480  # folded letters; 40 words are some 260
_BLOCK = 512
_LONGEST = 80  # letters of a context phrase
SEAM = "\n\ue000\n"
"""Between headline and text; no name, label or sentence goes across it."""
_END_OF_PARAGRAPH = re.compile(rf"""[.!?؟:…»”"')\]]\s*\n|\n\s*\n|{SEAM}""")


class Contexts:
    """The context words of all actors in one text; each block is looked through once."""

    def __init__(self, source: Source, patterns: Mapping[str, re.Pattern[str] | None]) -> None:
        self._source = source
        self._patterns = patterns
        self._found: dict[tuple[str, int], list[tuple[int, int]]] = {}

    def near(self, hit: Hit) -> bool:
        """Whether a context word of the hit's actor is near."""
        pattern = self._patterns[hit.form.actor_id]
        if pattern is None:
            return False
        before, after = self._before(hit, pattern), self._after(hit, pattern)
        return (before is not None and self._close(before, hit.start)) or (
            after is not None and self._close(hit.end, after)
        )

    def _before(self, hit: Hit, pattern: re.Pattern[str]) -> int | None:
        """The end of the nearest context word before the hit."""
        last, first = hit.start // _BLOCK, max(0, hit.start - _REACH) // _BLOCK
        for block in range(last, first - 1, -1):
            words = self._words(hit.form.actor_id, block, pattern)
            place = bisect_right(words, hit.start, key=lambda word: word[1])
            if place:
                return words[place - 1][1]
        return None

    def _after(self, hit: Hit, pattern: re.Pattern[str]) -> int | None:
        """The start of the nearest context word behind the hit."""
        for block in range(hit.end // _BLOCK, (hit.end + _REACH) // _BLOCK + 1):
            words = self._words(hit.form.actor_id, block, pattern)
            place = bisect_left(words, hit.end, key=lambda word: word[0])
            if place < len(words):
                return words[place][0]
        return None

    def _words(self, actor: str, block: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """The context words that begin in a block."""
        if (actor, block) not in self._found:
            self._found[actor, block] = self._in_block(block, pattern)
        return self._found[actor, block]

    def _in_block(self, block: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        begin, end = block * _BLOCK, (block + 1) * _BLOCK
        spans = (m.span() for m in pattern.finditer(self._source.folded, begin, end + _LONGEST))
        return [span for span in spans if span[0] < end]

    def _close(self, start: int, end: int) -> bool:
        if end - start > _REACH or len(self._source.folded[start:end].split()) > WORDS:
            return False
        return len(_END_OF_PARAGRAPH.findall(self._source.between(start, end))) <= PARAGRAPHS
