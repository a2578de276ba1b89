"""A page as the learner of templates sees it: its blocks, and which of them its teacher keeps."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.reading.heads import Head
from crawler.reading.template_blocks import Block, Span, blocks_and_spans, is_of_its_article
from storage.models import Reading

LENGTH = 3
"""Words of the sequences by which a block is looked for in a teacher's text."""
_SHORT = 6
"""Words up to which a block is looked for as a whole."""
SIGNIFICANT = 8
"""Words from which on a block tells where the text stands; shorter ones are found by chance."""
_MOST_WORDS = 4_000
_PLAIN_NAME = re.compile(r"[A-Za-z_-][\w-]{1,60}")
_NAME_WITHOUT_DIGITS = re.compile(r"[A-Za-z_-]{2,60}")
_WHOLE = ("body", "article", "main")
_NO_CONTAINERS = frozenset("p h1 h2 h3 h4 h5 h6 li dd dt figcaption tr".split())
_TELLING = ("itemprop", "data-component", "data-testid", "role")
_MOST_CLASSES = 8


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, as far as it is looked at; single letters of scripts
    without spaces.
    """
    found = _WORDS.findall(text.lower())
    return found[:_MOST_WORDS]


_WORDS = re.compile(
    "[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+"
)


class Teacher:
    """A text that is taken for the article's, by which blocks are told apart."""

    def __init__(self, text: str) -> None:
        lines = [words_of(line) for line in text.splitlines()]
        self._lines = {" ".join(line) for line in lines}
        said = [word for line in lines for word in line]
        self._whole = f" {' '.join(said)} "
        self.sequences = set(_sequences(said))

    def keeps(self, words: Sequence[str]) -> bool:
        """Whether a block of these words is part of the text."""
        if len(words) <= _SHORT:
            said = " ".join(words)
            return said in self._lines or (len(words) > 2 and f" {said} " in self._whole)
        found = [sequence in self.sequences for sequence in _sequences(words)]
        return sum(found) * 2 > len(found)

    def resembles(self, other: Teacher) -> bool:
        """Whether two texts are of one article."""
        both = len(self.sequences & other.sequences)
        return both * 2 > min(len(self.sequences), len(other.sequences))


def parts_of_line(line: str) -> list[tuple[str, ...]]:
    """The word sequences of a line; the line itself where it has too few words for one."""
    words = words_of(line)
    return list(_sequences(words)) or [tuple(words)]


def _sequences(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(LENGTH)), strict=False)


@dataclass(slots=True)
class View:
    """One page: its blocks, whether its teacher keeps each, and what CSS selects."""

    tree: LexborHTMLParser
    head: Head
    teacher: Teacher
    reading: Reading
    blocks: list[Block]
    words: list[int]
    kept: list[bool]
    ranges: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _careful: Teacher | None = None
    _kept_before: list[int] = field(default_factory=list)
    _all_before: list[int] = field(default_factory=list)

    @property
    def careful(self) -> Teacher:
        """All that the careful way took, with what the pages share."""
        if self._careful is None:
            self._careful = Teacher(self.reading.text)
        return self._careful

    def measure(self, css: str) -> tuple[float, float]:
        """Of the text, how much an element holds, and how much of what it holds is text."""
        kept = held = 0
        for start, end in self.ranges.get(css, ()):
            kept += self._kept_before[end] - self._kept_before[start]
            held += self._all_before[end] - self._all_before[start]
        whole = self._kept_before[-1]
        return (kept / whole if whole else 0.0), (kept / held if held else 0.0)

    def weigh(self) -> None:
        """Count the words before each block: those of long blocks that stand there but once."""
        times = Counter(block.text for block in self.blocks)
        counted = [
            count if count >= SIGNIFICANT and times[block.text] == 1 else 0
            for count, block in zip(self.words, self.blocks, strict=True)
        ]
        kept = [count if kept else 0 for count, kept in zip(counted, self.kept, strict=True)]
        self._all_before = [0, *accumulate(counted)]
        self._kept_before = [0, *accumulate(kept)]


def view_of(tree: LexborHTMLParser, head: Head, text: str, reading: Reading) -> View | None:
    """A page with the text that a teacher took from it, or None if it has nothing to see."""
    root = tree.body
    if root is None or not text:
        return None
    blocks, spans = blocks_and_spans(root)
    teacher = Teacher(text)
    said = [words_of(block.text) for block in blocks]
    kept = [teacher.keeps(words) for words in said]
    view = View(tree, head, teacher, reading, blocks, list(map(len, said)), kept)
    view.weigh()
    view.ranges = _ranges(spans)
    return view


def _ranges(spans: Iterable[Span]) -> dict[str, list[tuple[int, int]]]:
    """For each selector, the blocks in the outermost elements that it fits."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        if span.node.tag not in _NO_CONTAINERS:
            for css in selectors_of(span.node):
                found[css].append((span.start, span.end))
    return {css: _outermost(ranges) for css, ranges in found.items()}


def _outermost(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(ranges, key=lambda item: (item[0], -item[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def selectors_of(node: LexborNode) -> Iterator[str]:
    """Short CSS that fits an element and is likely to fit the same one on other pages."""
    tag, attributes = node.tag or "", node.attributes
    if tag in _WHOLE:
        yield tag
    classes = dict.fromkeys((attributes.get("class") or "")[:500].split())
    for name in list(classes)[:_MOST_CLASSES]:
        if _PLAIN_NAME.fullmatch(name) and not is_of_its_article(name):
            yield f"{tag}.{name}"
    identity = attributes.get("id") or ""
    if _NAME_WITHOUT_DIGITS.fullmatch(identity):
        yield f"{tag}#{identity}"
    for key in _TELLING:
        value = attributes.get(key) or ""
        if _PLAIN_NAME.fullmatch(value):
            yield f'{tag}[{key}="{value}"]'
