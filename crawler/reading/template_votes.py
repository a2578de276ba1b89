"""How likely a block of a page belongs to the article: what was seen of blocks with its names.

Where little or nothing was seen, the kind of element decides: 30,000 blocks of 680 pages with a
text that people had marked (docs/benchmarks.md) give how often each kind is part of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from math import sqrt

from crawler.reading.template_blocks import LINKS, Block

LIKELY = 0.5
"""From which on a block is kept."""
_SURE = 0.8
_PARAGRAPH = 100
"""Characters from which on a block that is surely kept marks where the text begins and ends."""
_PRIOR_WEIGHT = (6.0, 3.0, 3.0)
"""Against which what was seen is weighed: a block counts the root of its words, 5.5 at most."""
_AT_THE_EDGE = 0.4
"""Before the first and behind the last paragraph four of ten such blocks are still of the text."""
_OTHER_PARTS = re.compile(
    r"meta\b|related|shar(?:e|ing)|social|teaser|topic|caption|byline|author|comment|newsletter"
    r"|promo|popular|most-|trending|\binfo\b|footer|\bdate|timestamp|embed|tags\b|breadcrumb|\bmenu"
    r"|\bad-|advert|subscri|recommend|credit|copyright|rating|read-?more|also-read|lightbox|modal"
    r"|disclaimer|sign-?up|donat",
    re.IGNORECASE,
)
_OTHER_TAGS = re.compile(r"(?:figure|figcaption|aside|footer|nav|header|form)\b")
_IN_OTHER_PARTS = 0.04
"""Share of the blocks in captions, boxes and the like that people marked as text. Extractors take
more of them, so what they keep counts against it only where much of all text stands in such ones.
"""
_STRANGE = 0.5
"""For a long block that is no paragraph, where an outlet has all its text in paragraphs: a box."""
_NEW_BOX = 0.4
"""For a block in an element with a name of its own that held text on no page learned from: on 44
other pages of their outlets eight of 18 such were text, and a name in a box is a wrong mention.
"""
_TAG_OF_NAME = re.compile(r"[.\[ ]")
_LEAST_AGAINST, _PART_OF_ALL = 12.0, 0.15
_NOTHING = (0.0, 0.0)
_LENGTHS = (120, 80, 40)
"""Characters at which what is known of kinds of elements changes."""
_MOST_TOLD = 4_000

Seen = tuple[float, float]
"""Weight of the blocks with a name that were kept, and of all of them."""


@dataclass(frozen=True)
class Judge:
    """Tells how likely blocks are part of an article."""

    seen: Mapping[str, Seen]
    repeated: frozenset[str]
    _told: dict[tuple[object, ...], float] = field(default_factory=dict)

    def likely(self, blocks: Sequence[Block]) -> list[float]:
        """For each block of a page's container, how likely it is part of the article; 0 to 1."""
        found = [0.0 if self._repeats(block) else self._likely(block, 1.0) for block in blocks]
        sure = [
            place
            for place, block in enumerate(blocks)
            if found[place] > _SURE and len(block.text) > _PARAGRAPH
        ]
        if sure:
            for place in (*range(sure[0]), *range(sure[-1] + 1, len(blocks))):
                if found[place]:
                    found[place] = self._likely(blocks[place], _AT_THE_EDGE)
        return found

    def knows(self, block: Block) -> bool:
        """Whether a block of the same kind in the same kind of element was seen."""
        return block.names[1] in self.seen

    def _repeats(self, block: Block) -> bool:
        """Whether several pages share a block's text."""
        return bool(self.repeated) and digest(block.text) in self.repeated

    def _likely(self, block: Block, share: float) -> float:
        """How likely a block is; blocks that look alike are told once, as pages have dozens."""
        size = len(block.text)
        long = (size >= _LENGTHS[0]) + (size >= _LENGTHS[1]) + (size >= _LENGTHS[2])
        look = (block.own, block.parent, block.grand, block.link_share > LINKS, long, share)
        told = self._told.get(look)
        if told is None:
            if len(self._told) > _MOST_TOLD:
                self._told.clear()
            told = self._told[look] = self._by_names(block, share)
        return told

    def _by_names(self, block: Block, share: float) -> float:
        own, near, far = block.names
        if _is_in_other_part(block):
            return self._weighed(near, _IN_OTHER_PARTS, max(_LEAST_AGAINST, self._against))
        strange = own not in self.seen and block.tag not in {*_PRIORS, *self._tags}
        likely = prior(block) * share * (_STRANGE if strange else 1.0)
        for name, weight in zip((own, near, far), _PRIOR_WEIGHT, strict=True):
            likely = self._weighed(name, likely, weight)
        return likely * (_NEW_BOX if self._is_in_new_box(block) else 1.0)

    def _is_in_new_box(self, block: Block) -> bool:
        """Whether a block lies in an element that has a name of its own and held no text so far."""
        named = block.names[1] not in self.seen and not block.parent.isalnum()
        quoted = block.parent.startswith("blockquote")
        return bool(self._holders) and named and not quoted and block.parent not in self._holders

    def _weighed(self, name: str, likely: float, weight: float) -> float:
        kept, total = self.seen.get(name, _NOTHING)
        return (kept + weight * likely) / (total + weight)

    @cached_property
    def _tags(self) -> frozenset[str]:
        """The kinds of elements in which the outlet has its texts."""
        kept: dict[str, float] = {}
        for name, (weight, _) in self.seen.items():
            if " < " not in name:
                tag = _TAG_OF_NAME.split(name, maxsplit=1)[0]
                kept[tag] = kept.get(tag, 0.0) + weight
        return frozenset(tag for tag, weight in kept.items() if weight * 20 >= sum(kept.values()))

    @cached_property
    def _holders(self) -> frozenset[str]:
        """The names of the elements in which the outlet's texts stand."""
        pairs = ((name.split(" < "), kept) for name, (kept, _) in self.seen.items())
        return frozenset(names[1] for names, kept in pairs if len(names) > 1 and kept)

    @cached_property
    def _against(self) -> float:
        """The weight of what an element is called, which only a good part of all text outweighs."""
        kept = sum(kept for name, (kept, _) in self.seen.items() if " < " not in name)
        return kept * _PART_OF_ALL


def digest(text: str) -> str:
    """By which a text that pages share is known again."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def weight_of(words: int) -> float:
    """How much a block with so many words counts: a long one more, none very much."""
    return sqrt(min(words, 30))


def prior(block: Block) -> float:
    """How often a block of this kind is part of the article where nothing is known of it."""
    long, linked = len(block.text), block.link_share > LINKS
    known = _PRIORS.get(block.tag, _OTHER)
    return next(share for least, share in known[linked] if long >= least)


def _is_in_other_part(block: Block) -> bool:
    """Whether one of the elements around a block is called something that is no article."""
    return _is_other_part(block.own) or _is_other_part(block.parent) or _is_other_part(block.grand)


@lru_cache(maxsize=16_384)
def _is_other_part(name: str) -> bool:
    return bool(_OTHER_TAGS.match(name) or _OTHER_PARTS.search(name))


def _shares(*shares: tuple[int, float], linked: float) -> tuple[tuple[tuple[int, float], ...], ...]:
    """For blocks of words and of links: from so many characters on, this share."""
    return shares, ((0, linked),)


_PRIORS = {
    "p": _shares((80, 0.97), (40, 0.85), (0, 0.7), linked=0.3),
    "h1": _shares((0, 0.1), linked=0.1),
    **dict.fromkeys(("h2", "h3"), _shares((0, 0.85), linked=0.4)),
    **dict.fromkeys(("h4", "h5", "h6"), _shares((0, 0.6), linked=0.2)),
    **dict.fromkeys(("li", "dd"), _shares((80, 0.9), (0, 0.6), linked=0.2)),
    **dict.fromkeys(("td", "th"), _shares((40, 0.5), (0, 0.2), linked=0.1)),
    **dict.fromkeys(("blockquote", "pre", "center"), _shares((0, 0.7), linked=0.3)),
}
_OTHER = _shares((120, 0.85), (0, 0.25), linked=0.05)


def tally(kept: Iterator[tuple[Block, float, float]]) -> dict[str, Seen]:
    """What was seen under each name, of blocks with the share that is kept and their weight."""
    seen: dict[str, Seen] = {}
    for block, share, weight in kept:
        for name in block.names:
            before = seen.get(name, (0.0, 0.0))
            seen[name] = (before[0] + share * weight, before[1] + weight)
    return seen
