"""The text of a page whose layout nothing is known of.

Trafilatura finds where the article stands; then each block of the page is weighed by what it is,
where it stands, what the elements around it are called, and what trafilatura and the page's own
data say (`careful_features`). What trafilatura took of boxes, prompts and other articles is left
out, and what it missed between two paragraphs is put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.reading.body import Document, clear_of_others, main_text
from crawler.reading.careful_blocks import TOKEN, Block, Blocks, blocks_of
from crawler.reading.careful_features import KEPT, Evidence, Witness, features, is_prose
from crawler.reading.careful_trees import fitted
from crawler.reading.decode import Failure
from crawler.reading.heads import Head, one_line, page_titles
from crawler.reading.jsonld import texts_of
from crawler.reading.notes import SILENT, Notes
from crawler.reading.unshown import HIDDEN, parted

STAY, ENTER = 0.4, 0.4
"""Score from which on a block stays that trafilatura took, and one enters that it did not."""
_LEAST = 0.3
"""Of trafilatura's text; with less left of it the page is like none that was learned from."""
_SHORT, _MUCH_MORE, _TWICE = 1000, 2.5, 2
"""Characters of a text that is short; how many times as much in paragraphs makes it doubtful, and
how many times as much a second answer must hold. Of 760 pages 13 are asked again (2026-11-23)."""
_LEAST_STATED = 25
"""Words from which on a text in the page's data may be taken for the article."""
_WITNESS, _WHOLE = 400, 0.6
"""Characters, and share of what the page shows, from which on that text tells what is missing."""
_CELL = 60  # characters of a cell that shares its line with others
_TITLE_PARTS = re.compile(r"\s[|–—\-·:»]\s")


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, one paragraph a line, and the method that found it."""

    text: str
    method: str  # "blocks", "trafilatura" or "jsonld"


def careful_text(document: Document, head: Head, notes: Notes = SILENT) -> Body | Failure:
    """The article's text, "" if there is none; a failure where the extractor fails."""
    found = found_text(document, notes)
    if isinstance(found, Failure):
        return found
    stated = stated_text(head)
    shown = _shown(*found, head, stated, notes)
    few = len(shown.text.split()) * 2 < len(stated.split())
    if few and len(stated.split()) >= _LEAST_STATED:
        notes.rejected("text", shown.method, shown.text, "the page's data holds twice as much")
        shown = Body(stated, "jsonld")
    notes.chose("text", shown.method, shown.text)
    return shown


def found_text(document: Document, notes: Notes = SILENT) -> tuple[str, Blocks] | Failure:
    """What trafilatura takes for the text, and the page's blocks.

    Where that is short and the page has paragraphs for much more, it is asked again in its other
    way, which compares what it finds with what other extractors find.
    """
    clear_of_others(document)
    taken = main_text(document)
    if isinstance(taken, Failure):
        return taken
    page = blocks_of(document)
    if 0 < len(taken) < _SHORT:
        prose = sum(len(block.text) for block in page.blocks if is_prose(block))
        more = main_text(document, recall=False) if prose > _MUCH_MORE * len(taken) else ""
        if not isinstance(more, Failure) and len(more) > _TWICE * len(taken):
            notes.rejected("text", "trafilatura", taken, "the page has paragraphs for much more")
            return more, page
    return taken, page


def stated_text(head: Head) -> str:
    """The article's text in the page's data, without the markup that some outlets leave there."""
    for text in texts_of(head.data.article.get("articleBody")):
        lines = re.sub(r"<(?:br|/p|/div|/li)\b[^>]{0,200}>", "\n", text)
        plain = re.sub(r"<[^>]{0,500}>", "", lines)
        return "\n".join(line for raw in plain.splitlines() if (line := one_line(raw)))
    return ""


def _shown(taken: str, page: Blocks, head: Head, stated: str, notes: Notes) -> Body:
    """What the page shows of the article: its blocks, or what trafilatura finds if that is more."""
    if not taken:
        return Body("", "trafilatura")
    chosen = list(_chosen(page, evidence_of(head, taken, stated), notes))
    chosen = _to_be_seen(page, chosen, notes)
    text = "\n".join(lines_of(page, chosen))
    if len(text) < _LEAST * len(taken):
        notes.rejected("text", "blocks", text, "much less than trafilatura finds")
        return Body(taken, "trafilatura")
    return Body(text, "blocks")


def _to_be_seen(page: Blocks, chosen: list[Block], notes: Notes) -> list[Block]:
    """The blocks that are shown; all, where more of the text is hidden: as by a subscription."""
    shown, hidden = parted(chosen, page.is_hidden)
    for block in hidden:
        notes.rejected("text", "blocks", block.text, HIDDEN)
    return shown


def evidence_of(head: Head, taken: str, stated: str) -> Evidence:
    """What trafilatura took and what a page states, as its blocks are weighed by it."""
    enough = len(stated) > max(_WITNESS, _WHOLE * len(taken))
    titles = [*page_titles(head), *texts_of(head.data.article.get("headline"))]
    parts = [part for title in titles for part in _TITLE_PARTS.split(title)]
    names = ("description", "og:description", "twitter:description")
    leads = [*map(head.meta, names), *texts_of(head.data.article.get("description"))]
    return Evidence(
        Witness.of(taken),
        Witness.of(stated) if enough else None,
        {*map(_key, titles), *(key for part in parts if len(key := _key(part)) > 2)},
        {key for lead in leads if len(key := _key(lead)) > 3},
    )


def _key(text: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(text.lower()))


def _chosen(page: Blocks, evidence: Evidence, notes: Notes) -> Iterator[Block]:
    """The blocks that are text, in their order; a paragraph that is repeated only once."""
    weighed = [
        (block, row)
        for block, row in zip(page.blocks, features(page, evidence), strict=True)
        if row is not None
    ]
    scores = fitted().scores([row for _, row in weighed])
    seen = set()
    for (block, row), score in zip(weighed, scores, strict=True):
        kept = row["kept"] > KEPT
        said = (block.text, page.is_hidden(block))
        again = len(block.text) >= _CELL and said in seen
        if not again and score >= (STAY if kept else ENTER):
            seen.add(said)
            yield block
        elif kept:
            why = "repeated" if again else f"unlikely to be of the article ({score:.0%})"
            notes.rejected("text", "trafilatura", block.text, why)


def lines_of(page: Blocks, chosen: list[Block]) -> Iterator[str]:
    """The lines of a text: items marked, short cells of a row of a table on one line."""
    row: list[str] = []
    before = -1
    item = -1
    for block in chosen:
        now = page.nearest(block.frame, "tr") if len(block.text) < _CELL else -1
        if row and now != before:
            yield " | ".join(row)
            row = []
        before = now
        if now >= 0:
            row.append(block.text)
            continue
        inside = page.nearest(block.frame, "li")
        yield f"- {block.text}" if inside >= 0 and inside != item else block.text
        item = inside
    if row:
        yield " | ".join(row)
