"""Whether a word of an actor's surroundings stands near a hit.

Near is at most `WORDS` words away, and in the same or the next paragraph: what is further away is
about something else as often as not. A headline is the paragraph before the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crawler.reading.hits import Hit, Source

WORDS = 40
"""Words between a hit and a context word that still belong together."""
PARAGRAPHS = 1
"""Ends of paragraphs between the two."""
_REACH = 480  # folded letters; 40 words are some 260
_BLOCK = 512
_LONGEST = 80  # letters of a context phrase
_END_OF_PARAGRAPH = re.compile(r"""[.!?؟:…»”"')\]]\s*\n|\n\s*\n""")


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
        return any(
            self._close(end, hit.start) if end <= hit.start else self._close(hit.end, start)
            for start, end in self._around(hit, pattern)
            if end <= hit.start or start >= hit.end
        )

    def _around(self, hit: Hit, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Context words in the blocks around a hit."""
        first, last = max(0, hit.start - _REACH) // _BLOCK, (hit.end + _REACH) // _BLOCK
        for block in range(first, last + 1):
            key = (hit.form.actor_id, block)
            if key not in self._found:
                self._found[key] = self._in_block(block, pattern)
            yield from self._found[key]

    def _in_block(self, block: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        begin, end = block * _BLOCK, (block + 1) * _BLOCK
        spans = (m.span() for m in pattern.finditer(self._source.folded, begin, end + _LONGEST))
        return [span for span in spans if span[0] < end]

    def _close(self, start: int, end: int) -> bool:
        if end - start > _REACH or len(self._source.folded[start:end].split()) > WORDS:
            return False
        return len(_END_OF_PARAGRAPH.findall(self._source.between(start, end))) <= PARAGRAPHS
