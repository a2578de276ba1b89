"""Mends the text of an XML feed before a parser sees it; all steps take linear time.

What is mended: entity declarations (bombs), control characters, lone ampersands, HTML entities,
CDATA that nobody closes, a feed cut in the middle, and runs that make feedparser take minutes
(kurtmckee/feedparser#562: 50 kB of author cost 28 s).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.entities import html5

MAX_ITEMS = 3_000
"""Items of one feed that are read; a longer one takes minutes and is an archive."""
MAX_PERSON = 1_000
"""Characters of an author."""
MAX_PERSONS = 5 * MAX_ITEMS
"""Authors in one feed."""
_PROLOGUE = 50_000  # characters in which a document type must be declared
_NEARBY = 60_000  # characters in which a person's element must be closed
MAX_COMMENT_MARKS = 200
"""Escaped comment openings in one feed; news has none."""

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_BARE_LESS = re.compile(r"<(?![A-Za-z_/!?])")
_ITEM = re.compile(r"<(?:[\w-]+:)?(item|entry)(?=[\s>/])")
_ITEM_END = re.compile(r"</(?:[\w-]+:)?(?:item|entry)\s*>")
_ROOT = re.compile(r"<((?:[\w-]+:)?(?:rss|feed|RDF|rdf))(?=[\s>])")
_CHANNEL = re.compile(r"<((?:[\w-]+:)?channel)(?=[\s>])")
_CHANNEL_END = re.compile(r"</(?:[\w-]+:)?channel\s*>")
_PERSON = re.compile(
    r"<(author|managingEditor|webMaster|name|email|(?:dc|itunes|media):(?:creator|author|credit|"
    r"publisher|contributor|name|email)|contributor)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_CDATA_OWNER_END = re.compile(
    r"</(?:title|description|link|guid|summary|content|content:encoded|category|author|dc:\w+)\s*>"
)
_TAG = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Mended:
    """A feed's text that is fit for a parser: `items` started in it, `reason` says what was cut."""

    xml: str
    items: int
    reason: str


def mend(text: str) -> Mended:
    """The feed with an honest XML declaration and without what breaks or stalls parsers."""
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    text = _DOCTYPE.sub("", text[:_PROLOGUE], count=1) + text[_PROLOGUE:]
    text = _CONTROL.sub("", text)
    text = without_comments(text)
    text = _outside_cdata(text, _escaped)
    text, reason = _whole_items(text)
    text = _short_persons(text)
    if text.count("&lt;!--") > MAX_COMMENT_MARKS:
        text = text.replace("&lt;!--", "")
    items = sum(len(_ITEM.findall(piece)) for piece, _ in _pieces(text))
    return Mended(f'<?xml version="1.0" encoding="utf-8"?>\n{text}', items, reason)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text as pairs: markup, and the CDATA section that follows it ("" after the last).

    A section that is not closed before the next one opens ends where its element does.
    """
    first, *rest = text.split(_CDATA)
    markup = first
    for piece in rest:
        content, closed, after = piece.partition(_CDATA_END)
        if not closed:
            end = _CDATA_OWNER_END.search(piece)
            place = end.start() if end else len(piece)
            content, after = piece[:place], piece[place:]
        yield markup, f"{_CDATA}{content}{_CDATA_END}"
        markup = after
    yield markup, ""


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    return "".join(change(markup) + cdata for markup, cdata in _pieces(text))


def without_comments(text: str) -> str:
    """The text without XML comments outside CDATA; one that never ends loses only its mark."""
    return _outside_cdata(text, _drop_comments) if "<!--" in text else text


def _drop_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    return first + "".join(
        piece.partition("-->")[2] if "-->" in piece else piece.lstrip("-") for piece in rest
    )


def _escaped(markup: str) -> str:
    """Markup whose ampersands and less-than signs all mean something to an XML parser."""
    return _BARE_LESS.sub("&lt;", _AMPERSAND.sub(_reference, markup))


def _reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        return match[0] if _is_xml_char(name) else ""
    if name in _XML_ENTITIES:
        return match[0]
    char = html5.get(f"{name};")
    return char if char and char not in "<>&" else f"&amp;{name};"


def _is_xml_char(name: str) -> bool:
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    allowed = code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF
    return allowed or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def _whole_items(text: str) -> tuple[str, str]:
    """The text with whole items only, at most MAX_ITEMS of them, and its root closed."""
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    root = _ROOT.search(text)
    if root is None:
        return text, ""
    if len(ends) > MAX_ITEMS:
        return _closed(text, ends[MAX_ITEMS - 1], root[1]), f"only the first {MAX_ITEMS} entries"
    if re.search(rf"</{re.escape(root[1])}\s*>", text[-2000:]):
        return text, ""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if not starts:
        return text, "cut short"
    return _closed(text, ends[-1] if ends else starts[0], root[1]), "cut short"


def _closed(text: str, end: int, root: str) -> str:
    """The text up to `end`, with its channel and root closed."""
    head = text[:end]
    channel = _CHANNEL.search(head)
    closing = f"</{channel[1]}>" if channel and not _CHANNEL_END.search(head) else ""
    return f"{head}{closing}</{root}>"


def _short_persons(text: str) -> str:
    """The text with overlong authors cut, whatever markup they hold; without a flood of them."""
    if sum(1 for _ in _PERSON.finditer(text)) > MAX_PERSONS:
        return _PERSON.sub("", text)
    kept: list[str] = []
    place = 0
    for match in _PERSON.finditer(text):
        if match.start() < place or match[0].endswith("/>"):
            continue
        end = _person_end(text, match)
        if end - match.end() > MAX_PERSON:
            inner = _TAG.sub(" ", text[match.end() : match.end() + MAX_PERSON])
            kept += [text[place : match.end()], inner.replace("<", " ")[: MAX_PERSON // 4]]
            place = end
    return "".join([*kept, text[place:]])


def _person_end(text: str, match: re.Match[str]) -> int:
    """Where a person's element ends, or its text if the element is not closed nearby."""
    limit = match.end() + _NEARBY
    closing = text.find(f"</{match[1]}", match.end(), limit)
    following = _ITEM_END.search(text, match.end(), limit)
    if closing == -1 or (following and following.start() < closing):
        opening = text.find("<", match.end())
        return len(text) if opening == -1 else opening
    return closing
