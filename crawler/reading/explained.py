"""Why one page is read as it is: each field's value and what was rejected, each line of the page.

For a person with one page before them; nothing of it is stored, and reading is the same without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.reading.decode import Failure, decode, unpack
from crawler.reading.markup import Markup, open_markup
from crawler.reading.notes import Note, Notes
from crawler.reading.page import MAX_BYTES, read_page
from crawler.reading.selected import placed_lines, without_dropped
from storage.models import Page, Reading, ReadingContext
from storage.text import fold

BLOCK = "block"
"""The field of notes about a piece of the page, kept in the text or not."""
_LONG = 30
"""Letters from which on a line that stands within the text is not there by chance."""
_MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of the page: where it stands, and whether it is of the article's text."""

    text: str
    where: str  # the element around it and those around that, as a selector would name them
    kept: bool
    why: str = ""  # it was left out, where the reader said so


@dataclass(frozen=True, slots=True)
class Explained:
    """A reading and how it came about."""

    reading: Reading
    read_by: str
    decisions: tuple[Note, ...]
    lines: tuple[PageLine, ...]


def explained(page: Page, context: ReadingContext) -> Explained:
    """A page as `read_page` reads it, with every decision that was made."""
    notes = Notes()
    reading = read_page(page, context, notes)
    decisions = tuple(note for note in notes.taken if note.field != BLOCK)
    lines = tuple(_lines(page, context, reading, notes))
    return Explained(reading, _read_by(reading, context), decisions, lines)


def _read_by(reading: Reading, context: ReadingContext) -> str:
    """Which way the page was read, and why not by its outlet's template."""
    methods = dict(reading.methods)
    if reading.template_id is not None:
        return f"by the learned template {reading.template_id[:12]}"
    if "audit" in methods:
        return f"carefully, after an audit of the template: {methods['audit']}"
    if "fallback" in methods:
        return f"carefully, since the learned template did not fit: {methods['fallback']}"
    if context.template is not None:
        return "carefully: what was learned of its outlet is no template"
    return "carefully: no template is known of its outlet"


def _lines(
    page: Page, context: ReadingContext, reading: Reading, notes: Notes
) -> Iterator[PageLine]:
    """The page from top to bottom."""
    markup = _markup(page, context)
    body = markup.tree.body if markup else None
    if body is None:
        return
    whole = {_key(line) for line in reading.text.splitlines()}
    text = _key(reading.text.replace("\n", " "))
    said = {_key(note.value): note.why for note in notes.taken if note.field == BLOCK and note.why}
    said |= {_key(reading.headline): "is the headline"} if reading.headline else {}
    dropped = set(_dropped(markup, context)) if markup else set()
    for number, (line, node) in enumerate(placed_lines(body)):
        if number >= _MOST_LINES:
            return
        key = _key(line)
        kept = key in whole or (len(key) >= _LONG and key in text)
        why = "the outlet's file drops it" if line in dropped else said.get(key, "")
        yield PageLine(line, _where(node), kept, "" if kept else why)


def _dropped(markup: Markup, context: ReadingContext) -> Iterator[str]:
    """The lines that the outlet's file takes away before the page is read."""
    left = without_dropped(markup, context.selectors)
    if left is not markup and not isinstance(left, Failure) and left.tree.body is not None:
        kept = {line for line, _ in placed_lines(left.tree.body)}
        body = markup.tree.body
        yield from (line for line, _ in (placed_lines(body) if body else ()) if line not in kept)


def _markup(page: Page, context: ReadingContext) -> Markup | None:
    body = unpack(page, min(MAX_BYTES, context.max_bytes))
    if isinstance(body, Failure) or not body.strip():
        return None
    text = decode(body, page.header("content-type") or "")
    markup = text if isinstance(text, Failure) else open_markup(text.text)
    return None if isinstance(markup, Failure) else markup


def _key(line: str) -> str:
    """A line as it is known again: list marks are the reader's, letters the page's."""
    return fold(line).lstrip("-|•* ")


def _where(node: LexborNode) -> str:
    """An element as a selector would name it, below the nearest one around it that has a name."""
    names = [_name(node)]
    above = node.parent
    while above is not None and above.is_element_node and above.tag not in ("body", "html"):
        if "." in (name := _name(above)) or "#" in name:
            names.append(name)
            break
        above = above.parent
    return " ".join(reversed(names))


def _name(node: LexborNode) -> str:
    attributes = node.attributes
    if name := (attributes.get("id") or "").strip():
        return f"{node.tag}#{name}"
    classes = (attributes.get("class") or "").split()
    return f"{node.tag}.{classes[0]}" if classes else str(node.tag)
