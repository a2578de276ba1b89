"""What stands on a page where an outlet's file says so: CSS that a person wrote, applied by lexbor.

It wins over what is learned and guessed. A selector that fits nothing on a page says nothing of it:
that field is read as without it, and the reading notes which ones these were, so that a file that
has become wrong is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.reading.decode import Failure, clean_text
from crawler.reading.heads import one_line
from crawler.reading.markup import Markup, open_markup
from crawler.reading.metadata import MAX_FIELD, person
from crawler.reading.nodes import fitting, lies_in, outermost
from crawler.reading.notes import Notes
from crawler.reading.published import moment_of
from crawler.reading.titles import MAX_HEADLINE
from crawler.reading.unshown import hides_most, unshown_in
from crawler.reading.urls import clean_url
from crawler.reading.voices import Moment
from storage.models import Reading, ReadingContext
from storage.template_records import Selectors

METHOD = "file"
"""The method of a field that an outlet's file says where to find."""
UNSELECTED = "unselected"
"""Among a reading's methods: the selectors that fitted nothing on the page."""
MAX_SELECTOR = 500
"""Characters; those that people write have under 100."""
MOST_SIGNED = 3
MOST_ASKED = 50
"""Elements that are asked for one value, where those before them say nothing."""
MOST_PARTS = 2_000
"""Elements of one text; further ones are of a page that was made to take long."""

_ANY_PAGE = "<html><head><title>a</title></head><body><p>a</p></body></html>"
_WHOLE = frozenset(("html", "body"))
"""What no selector is meant for: of some pages these have names too (`no-js`)."""
_SIBLINGS = re.compile(r"~(?!=)")
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s"
    " samp small span strike strong sub sup time tt u var wbr".split()
)
_UNREAD = frozenset(
    "script style noscript template svg iframe object select textarea button canvas video"
    " audio head -comment !doctype".split()
)
_TIMES, _IMAGES = ("datetime", "content"), ("content", "src", "data-src", "href")
_FIELDS = {
    "headline": "headline",
    "text": "text",
    "byline": "byline",
    "published": "published_at",
    "section": "section",
    "image": "image_url",
}
"""The names of selectors, and the fields of a reading that they are for."""


def wrong_selector(css: str) -> str:
    """Why a text cannot serve as a selector, or "": the parser that applies it is asked."""
    if not css.strip():
        return "is empty"
    if len(css) > MAX_SELECTOR:
        return f"has more than {MAX_SELECTOR} characters"
    if len(_SIBLINGS.findall(css)) > 1:
        return 'has "~" more than once, which may take minutes on one page'
    try:
        found = LexborHTMLParser(_ANY_PAGE).css(css)
    except SelectolaxError:
        return f'"{css}" is no CSS selector that can be used'
    if any(node.tag in _WHOLE for node in found):
        return f'"{css}" fits the whole page'
    return ""


def without_dropped(markup: Markup, selectors: Selectors | None) -> Markup | Failure:
    """The page without what the outlet's file drops; for whichever way it is read afterwards."""
    if selectors is None or not selectors.drop:
        return markup
    tree = LexborHTMLParser(markup.text)  # one of its own: the page's is for reading only
    dropped = 0
    for css in selectors.drop:
        fits = (node for node in fitting(tree, css) if node.tag not in _WHOLE)
        for node in list(outermost(fits)):
            node.decompose()
            dropped += 1
    return open_markup(tree.html or "") if dropped else markup


def written_over(
    reading: Reading, markup: Markup, context: ReadingContext, notes: Notes
) -> Reading:
    """The reading with every field that the outlet's file says where to find, as it stands there.

    Fields whose selector fits nothing stay as they were read, and are named under `UNSELECTED`.
    """
    selectors = context.selectors
    if selectors is None:
        return reading
    missed = []
    for name, field in _FIELDS.items():
        css = getattr(selectors, name)
        if css is None:
            continue
        found = _found(name, markup.tree, css, reading, context)
        if found:
            reading = _with(reading, field, found, notes)
        else:
            missed.append(name)
            notes.rejected(field, METHOD, css, "this selector of the outlet's file fits nothing")
    return _noting(reading, missed)


def _noting(reading: Reading, missed: list[str]) -> Reading:
    if not missed:
        return reading
    return replace(reading, methods=(*reading.methods, (UNSELECTED, ", ".join(missed))))


def _with(reading: Reading, field: str, found: str | Moment, notes: Notes) -> Reading:
    """The reading with a field as the file says."""
    before, known = dict(reading.methods).get(field), getattr(reading, field)
    if before:
        notes.rejected(field, before, known, "the outlet's file says where it stands")
    notes.chose(field, METHOD, found.at if isinstance(found, Moment) else found)
    methods = tuple(pair for pair in reading.methods if pair[0] != field)
    reading = replace(reading, methods=(*methods, (field, METHOD)))
    if isinstance(found, Moment):
        return _published(reading, found)
    value: dict[str, Any] = {field: found}
    return replace(reading, **value)


def _published(reading: Reading, found: Moment) -> Reading:
    kept = reading.modified_at if (reading.modified_at or found.at) >= found.at else None
    return replace(
        reading,
        published_at=found.at,
        published_precision=found.precision,
        published_raw=clean_text(found.raw),
        modified_at=kept,
        methods=tuple(p for p in reading.methods if kept or p[0] != "modified_at"),
    )


# ---------------------------------------------------------------- the values


def _found(
    name: str, tree: LexborHTMLParser, css: str, reading: Reading, context: ReadingContext
) -> str | Moment | None:
    """What a selector finds for a field, or nothing."""
    nodes = fitting(tree, css)
    match name:
        case "text":
            return "\n".join(_shown_lines(tree, nodes[:MOST_PARTS]))
        case "published":
            moments = (moment_of(raw, METHOD, context) for raw in _stated(nodes, _TIMES))
            return next(filter(None, moments), None)
        case "image":
            return next(
                filter(None, (clean_url(u, reading.final_url) for u in _sources(nodes))), ""
            )
        case "byline":
            names = dict.fromkeys(map(person, _stated(nodes, ("content",))))
            return ", ".join([*names][:MOST_SIGNED])[:MAX_FIELD]
    longest = MAX_HEADLINE if name == "headline" else MAX_FIELD
    return next(_stated(nodes, ("content",)), "")[:longest]


def _shown_lines(tree: LexborHTMLParser, nodes: list[LexborNode]) -> list[str]:
    """The lines in elements, none twice, without what is hidden unless that is the most."""
    parts = list(outermost(nodes))
    whole = [line for node in parts for line in lines_of(node)]
    hidden = unshown_in(tree.root, _INLINE) if tree.root else None
    if not hidden:
        return whole
    known = dict.fromkeys(hidden, True)
    seen = (node for node in parts if not lies_in(node, known))
    shown = [line for node in seen for line, _ in placed_lines(node, hidden)]
    return whole if hides_most(shown, whole) else shown


def _stated(nodes: list[LexborNode], attributes: tuple[str, ...]) -> Iterator[str]:
    """What each element says on one line: in the first of these attributes, else as its text."""
    for node in nodes[:MOST_ASKED]:
        told = next(_attributes(node, attributes), None) or " ".join(lines_of(node))
        if line := one_line(clean_text(told)):
            yield line


def _sources(nodes: list[LexborNode]) -> Iterator[str]:
    return (value for node in nodes for value in _attributes(node, _IMAGES))


def _attributes(node: LexborNode, names: tuple[str, ...]) -> Iterator[str]:
    attributes = node.attributes
    return (value for name in names if (value := (attributes.get(name) or "").strip()))


def lines_of(node: LexborNode) -> Iterator[str]:
    """The text in an element, one line for each paragraph, heading or other break; in its order."""
    return (line for line, _ in placed_lines(node))


def placed_lines(
    node: LexborNode, passed: frozenset[int] = frozenset()
) -> Iterator[tuple[str, LexborNode]]:
    """The same, each with the element that its first letters stand in.

    What lies in an element whose identity (`mem_id`) is among those passed over is left out.
    """
    parts: list[tuple[str, LexborNode]] = []
    for piece in (*_pieces(node, passed), None):
        if piece is not None:
            parts.append(piece)
            continue
        if line := " ".join("".join(text for text, _ in parts).split()):
            yield clean_text(line), next(at for text, at in parts if text.strip())
        parts = []


def _pieces(node: LexborNode, passed: frozenset[int]) -> Iterator[tuple[str, LexborNode] | None]:
    """The texts in an element, and None where a line breaks; without recursion: pages are deep."""
    waiting: list[LexborNode | None] = [node]
    while waiting:
        one = waiting.pop()
        if one is None:
            yield None
        elif one.is_text_node:
            yield one.text_content or "", one.parent or one
        elif one.tag not in _UNREAD and one.mem_id not in passed:
            inner = [*one.iter(include_text=True)]
            if one.tag not in _INLINE:
                yield None
                waiting.append(None)
            waiting.extend(reversed(inner))
