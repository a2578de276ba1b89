"""What is known of each block of a page that tells whether it belongs to the article.

Every feature is a number of about 0 to 1 that means the same in every script: sizes, places,
links, names of elements, and what trafilatura and the page's own data say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log1p

from crawler.reading import noise_words as say
from crawler.reading.apart_parts import BOX, titled
from crawler.reading.careful_blocks import GRAM, HEADINGS, TOKEN, Block, Blocks, Frame
from crawler.reading.page_noise import is_furniture
from storage.text import fold

_ENDS, _BEHIND_ENDS = tuple(".!?…。！？۔؟:;؛"), "'\"”’»«“)]"
_COMMA = re.compile("[,،;؛、，]")
_BAR = re.compile(r"\s[|•·›»>/]\s|©")
_WIDE = 1000  # characters that are much, in a logarithm
_PROSE = 60  # characters from which on a sentence is a paragraph
_NEAR = 2  # neighbours on either side
_BOX = 12  # lines behind the title of a box that may be of it
_SAID = 300  # characters in which a line says what it is
_SURE = 0.7
KEPT = 0.5
"""Share of a block from which on trafilatura keeps it."""
_SAYINGS = {
    "leads": (say.READ_ALSO, say.BOX_LINE, say.AD_LINE, say.MAYBE_READ_ALSO),
    "prompts": (say.PROMPT,),
    "titles_box": (say.BOX_TITLE, say.AD),
    "legal": (say.LEGAL,),
    "photo": (say.PHOTO,),
    "tags": (say.TAGS, say.HOME),
    "comments": (say.COMMENTS,),
}


@dataclass(frozen=True, slots=True)
class Witness:
    """What another way of reading the page found: its lines and its words in a row."""

    lines: frozenset[tuple[str, ...]]
    grams: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, text: str) -> Witness:
        """The witness that a text is."""
        lines = [tuple(TOKEN.findall(line)) for line in text.lower().splitlines()]
        words = [word for line in lines for word in line]
        return cls(frozenset(lines), frozenset(grams(words)))

    def share(self, tokens: tuple[str, ...]) -> float:
        """How much of a block it holds, 0 to 1; a few words only as a line of their own."""
        if tokens in self.lines:
            return 1.0
        if len(tokens) < GRAM:
            return 0.0
        found = sum(map(self.grams.__contains__, grams(tokens)))
        return found / (len(tokens) - GRAM + 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a page beside its blocks."""

    kept: Witness
    """Trafilatura's text."""
    stated: Witness | None = None
    """The text in its structured data."""
    titles: Collection[tuple[str, ...]] = ()
    leads: Collection[tuple[str, ...]] = ()


def grams(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All GRAM words in a row."""
    return zip(*(tokens[start:] for start in range(GRAM)), strict=False)


@dataclass(slots=True)
class _Page:
    """What is summed up over a page before its blocks are looked at one by one."""

    blocks: list[Block]
    frames: list[Frame]
    shares: list[float]
    stated: list[float]
    prose_at: list[bool]
    size: int = 1
    prose: int = 1
    styles: dict[str, list[float]] = field(default_factory=dict)
    first: int = 0
    last: int = -1
    title: int = -1
    behind: list[float] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)


def features(page: Blocks, evidence: Evidence) -> list[dict[str, float] | None]:
    """The features of each block, what is absent is 0; None for blocks that are never text."""
    whole = _summed(page, evidence)
    rows: list[dict[str, float] | None] = []
    for place, block in enumerate(page.blocks):
        if not _may_belong(whole, place):
            rows.append(None)
            continue
        row: dict[str, float] = {}
        _own(row, block)
        _said(row, whole, place)
        _witnessed(row, whole, place, evidence)
        _placed(row, whole, place)
        _framed(row, whole, page, block, whole.shares[place])
        rows.append(row)
    return rows


def _may_belong(whole: _Page, place: int) -> bool:
    """Whether a block is worth a look: trafilatura keeps it, or it is long or beside one kept."""
    if whole.shares[place] > KEPT:
        return True
    block = whole.blocks[place]
    if block.linked * 2 >= len(block.text):
        return False
    near = whole.shares[max(place - _NEAR, 0) : place + 1 + _NEAR]
    return len(block.text) >= _PROSE or any(near)


def _summed(page: Blocks, evidence: Evidence) -> _Page:
    shares = [evidence.kept.share(block.tokens) for block in page.blocks]
    stated = [evidence.stated.share(b.tokens) if evidence.stated else 0.0 for b in page.blocks]
    prose = list(map(is_prose, page.blocks))
    behind = _behind(page.blocks, prose)
    whole = _Page(page.blocks, page.frames, shares, stated, prose, behind=behind)
    for place, block in enumerate(page.blocks):
        _add(whole, block, place)
    for frame in reversed(page.frames):
        if frame.parent >= 0:
            outer = page.frames[frame.parent]
            outer.size += frame.size
            outer.linked += frame.linked
            outer.prose += frame.prose
            outer.kept += frame.kept
    if page.frames:
        whole.size, whole.prose = page.frames[0].size + 1, page.frames[0].prose + 1
    sure = [place for place, share in enumerate(shares) if share > _SURE and prose[place]]
    whole.first, whole.last = (sure[0], sure[-1]) if sure else (0, -1)
    whole.title = _title(page, evidence.titles)
    return whole


def _add(whole: _Page, block: Block, place: int) -> None:
    """Add a block to the element that holds it, and to all that look like it."""
    size, share, frame = len(block.text), whole.shares[place], whole.frames[block.frame]
    frame.size += size
    frame.linked += block.linked
    frame.prose += size if whole.prose_at[place] else 0
    frame.kept += size * share
    sums = whole.styles.setdefault(frame.style, [0.0, 0.0, 0.0])
    sums[0] += size
    sums[1] += size * share
    sums[2] += block.linked
    whole.seen[block.tokens] = whole.seen.get(block.tokens, 0) + 1


def _title(page: Blocks, titles: Collection[tuple[str, ...]]) -> int:
    """The place of the heading that the page's titles name, or of its first heading."""
    first = -1
    for place, block in enumerate(page.blocks):
        frame = page.frames[block.frame]
        outer = page.frames[frame.parent].tag if frame.parent >= 0 else ""
        if frame.tag not in HEADINGS and outer not in HEADINGS:
            continue
        if block.tokens in titles:
            return place
        if first < 0 and "h1" in (frame.tag, outer):
            first = place
    return first


def is_prose(block: Block) -> bool:
    """Whether a block looks like a paragraph: a sentence that is not mostly a link."""
    size = len(block.text)
    if size < _PROSE or block.linked * 2 >= size:
        return False
    return size > 3 * _PROSE or _is_ended(block.text)


def _is_ended(text: str) -> bool:
    """Whether a text ends as sentences do; quotation marks and brackets may stand behind."""
    return text.rstrip(_BEHIND_ENDS).endswith(_ENDS)


def _own(row: dict[str, float], block: Block) -> None:
    """What a block is by itself."""
    size = len(block.text)
    row["size"] = log1p(size) / log1p(_WIDE)
    row["tiny"] = float(size < 20)
    row["short"] = float(size < 60)
    row["long"] = float(size > 200)
    row["linked"] = block.linked / size
    row["all_linked"] = float(block.linked >= size * 0.9)
    row["links"] = min(block.links, 5) / 5
    ended = _is_ended(block.text)
    row["ended"] = float(ended)
    row["ended_long"] = float(ended and size > 60)
    row["commas"] = float(bool(_COMMA.search(block.text)))
    row["bars"] = float(bool(_BAR.search(block.text)))
    row["bold"] = float(block.bold)
    row["digits"] = sum(map(str.isdigit, block.tokens)) / len(block.tokens)


def _said(row: dict[str, float], whole: _Page, place: int) -> None:
    """What its own words say of it: an invitation, the title of a box, a clock, a credit."""
    block = whole.blocks[place]
    if len(block.text) <= _SAID:
        folded = fold(block.text)
        for name, patterns in _SAYINGS.items():
            if any(pattern.match(folded) for pattern in patterns):
                row[f"says_{name}"] = 1.0
        row["furniture"] = float(is_furniture(block.text))
    row["behind_box"] = whole.behind[place]


def _behind(blocks: Sequence[Block], prose: Sequence[bool]) -> list[float]:
    """For each block how near it stands behind the title of a box: 1 to 0; paragraphs end it."""
    left, found = 0, []
    for block, ends in zip(blocks, prose, strict=True):
        left = 0 if ends else max(left - 1, 0)
        found.append(left / _BOX)
        if len(block.text) < _PROSE and titled(block.text) & BOX:
            left = _BOX + 1
    return found


def _witnessed(row: dict[str, float], whole: _Page, place: int, evidence: Evidence) -> None:
    """What trafilatura and the page's data say of it and of those around it."""
    shares = whole.shares
    share = shares[place]
    row["kept"] = share
    row["kept_short"] = share * row["short"]
    row["kept_linked"] = share * row["linked"]
    row["kept_ended"] = share * row["ended"]
    row["dropped_ended_long"] = (1 - share) * row["ended_long"]
    row["dropped_long"] = (1 - share) * row["long"]
    before, after = shares[max(place - _NEAR, 0) : place], shares[place + 1 : place + 1 + _NEAR]
    row["kept_before"] = sum(before) / _NEAR
    row["kept_after"] = sum(after) / _NEAR
    row["kept_beside"] = (before[-1] if before else 0.0) * (after[0] if after else 0.0)
    row["dropped_beside"] = (1 - share) * row["kept_beside"]
    if evidence.stated is not None:
        row["stated"] = whole.stated[place]
        row["unstated"] = 1 - whole.stated[place]
    tokens = whole.blocks[place].tokens
    row["is_title"] = float(tokens in evidence.titles)
    row["is_lead"] = float(tokens in evidence.leads)
    again = whole.seen[tokens]
    row["again"] = float(again > 1)
    row["again_long"] = float(again > 1 and not row["short"])


def _placed(row: dict[str, float], whole: _Page, place: int) -> None:
    """Where it stands: to the title, and to what trafilatura keeps."""
    row["above_title"] = float(place < whole.title)
    row["under_title"] = float(whole.title >= 0 and 0 < place - whole.title <= 3)
    row["before_kept"] = float(place < whole.first)
    row["after_kept"] = float(place > whole.last)
    row["inside"] = float(whole.first <= place <= whole.last)
    far = whole.first - place if place < whole.first else place - whole.last
    row["far"] = min(max(far, 0), 20) / 20
    row["at_edge"] = float(place in (whole.first, whole.last))
    row["between"] = float(whole.title < place < whole.first)
    row["depth_in_page"] = place / len(whole.blocks)


def _framed(row: dict[str, float], whole: _Page, page: Blocks, block: Block, share: float) -> None:
    """What the elements around it are called and hold."""
    chain = list(page.chain(block.frame))
    tag = chain[0].tag
    row[f"tag_{tag if tag in _TAGS else 'other'}"] = 1.0
    _called(row, whole, chain)
    size = len(block.text)
    for name, frame in zip(("parent", "outer", "far"), chain[1:4], strict=False):
        others = frame.size - size
        row[f"{name}_kept"] = (frame.kept - size * share) / others if others > 0 else 0.0
        row[f"{name}_alone"] = float(others <= 0)
        row[f"{name}_linked"] = frame.linked / frame.size
        row[f"{name}_prose"] = frame.prose / whole.prose
    looks, kept, linked = whole.styles[chain[0].style]
    row["style_alone"] = float(looks <= size)
    row["style_kept"] = (kept - size * share) / (looks - size) if looks > size else 0.0
    row["style_linked"] = linked / looks
    row["style_size"] = (looks - size) / whole.size


def _called(row: dict[str, float], whole: _Page, chain: Sequence[Frame]) -> None:
    """What the elements around it are, up to the one that holds most of the page's paragraphs."""
    for level, frame in enumerate(chain):
        if frame.prose * 2 > whole.prose:
            break
        if frame.tag in _AROUND:
            row[f"in_{frame.tag}"] = 1.0
        if frame.labels:
            row.update(_named("called", frame.labels))
            if level < _NEAR:
                row.update(_named("near", frame.labels))
    row["in_text"] = float(any("text" in frame.labels for frame in chain))
    tags = {frame.tag for frame in chain}
    row["in_article"], row["in_main"] = float("article" in tags), float("main" in tags)


@lru_cache(maxsize=4_096)  # elements of a page are called much the same
def _named(how: str, labels: frozenset[str]) -> Mapping[str, float]:
    """The features that tell what an element is called."""
    return {f"{how}_{label}": 1.0 for label in labels}


_TAGS = frozenset("p div li td h1 h2 h3 h4 blockquote figcaption span section article".split())
_AROUND = frozenset(
    "aside footer nav header form figure figcaption table ul ol blockquote address details dl"
    " button dialog".split()
)
