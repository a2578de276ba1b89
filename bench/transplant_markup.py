"""A page's words replaced while its markup stays: texts, names in meta elements, JSON-LD.

Nothing is parsed and written again: tags, comments and scripts keep their characters. A word that
inline tags cut in two (`<span class="dropcap">T</span>he`) is one word.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_QUOTED = r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*>"
_TOKEN = re.compile(
    r"(?P<comment><!--.*?-->)"
    rf"|(?P<raw><(?P<name>script|style)\b{_QUOTED}.*?</(?P=name)\s*>)"
    rf"|(?P<tag></?[a-zA-Z!?]{_QUOTED}|</?[a-zA-Z!?][^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_PART = re.compile(
    r"(?P<kept>https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+)"
    r"|(?P<word>[^\W\d_]+)|(?P<mark>,(?!\s*\d)|[;?])"
)
"""A comma before a number belongs to a date or a number."""
_MARKS = {",": "،", ";": "؛", "?": "؟"}
_INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|small|mark|sup|sub|abbr|cite|q)\b", re.I)
_ATTRIBUTE = re.compile(
    r"""(?P<head>\s(?:alt|title|aria-label)\s*=\s*)(["'])(?P<value>.*?)\2""", re.S
)
_CONTENT = re.compile(r"""(?P<head>\scontent\s*=\s*)(["'])(?P<value>.*?)\2""", re.S | re.I)
_NAMED = re.compile(
    r"""\s(?:name|property|itemprop)\s*=\s*["']?[\w.:-]*"""
    r"(?:title|headline|description|author|byl|site_name|section|tag|keywords|name|alt)\b",
    re.I,
)
_LOCALE = re.compile(r"og:locale|content-language|dc\.language|[\"']inLanguage", re.I)
_META = re.compile(r"<meta\b", re.I)
_CHARSET = re.compile(r"""(charset\s*=\s*["']?)[\w-]+""", re.I)
_JSON_LD = re.compile(r"<script\b[^>]*ld\+json", re.I)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.S)
_INSIDE_JSON = re.compile(r"<[^>]*>|&#?\w+;")
_TEXT_KEYS = frozenset(
    "headline alternativeHeadline name alternateName description articleBody articleSection"
    " keywords abstract caption text title author creator legalName about genre".split()
)

Replace = Callable[[str], str]
"""What stands instead of a word."""


@dataclass
class Piece:
    """A stretch of the page's source; `flow` numbers the run of text it belongs to, 0: none."""

    kind: str  # text, tag, raw, comment
    source: str
    flow: int = 0


def pieces(markup: str) -> list[Piece]:
    """The page's source in order; texts are without entities, and numbered by the run of text."""
    found: list[Piece] = []
    flow, end = 1, 0
    for token in _TOKEN.finditer(markup):
        if token.start() > end:
            found.append(_text(markup[end : token.start()], flow))
        kind = "comment" if token["comment"] else "raw" if token["raw"] else "tag"
        found.append(Piece(kind, token[0]))
        flow += kind == "raw" or (kind == "tag" and not _INLINE.match(token[0]))
        end = token.end()
    return [*found, _text(markup[end:], flow)]


def flows(found: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The texts of each run, which only inline tags cut."""
    runs: dict[int, list[Piece]] = {}
    for piece in found:
        if piece.kind == "text":
            runs.setdefault(piece.flow, []).append(piece)
    yield from runs.values()


def replaced(text: str, instead: Replace, *, marks: bool = True) -> str:
    """A text with every word replaced, and punctuation as Arabic writes it."""
    return _PART.sub(lambda part: _instead(part, instead, marks), text)


def replace_flow(run: Sequence[Piece], instead: Replace, *, marks: bool = True) -> None:
    """Replace the words of a run of texts, in place; a word over several is shared out."""
    if len(run) == 1:
        run[0].source = replaced(run[0].source, instead, marks=marks)
        return
    text = "".join(piece.source for piece in run)
    ends, total = [], 0
    for piece in run:
        total += len(piece.source)
        ends.append(total)
    out = [""] * len(run)
    for new, start, end in _parts(text, instead, marks):
        _share(new, start, end, ends, out)
    for piece, source in zip(run, out, strict=True):
        piece.source = source


def replace_names(
    found: Sequence[Piece], instead: Replace, *, frame: Replace | None = None, marks: bool = True
) -> None:
    """Replace the words of titles, descriptions and names in tags and JSON-LD, in place.

    `frame` is for those of links and pictures, where it differs.
    """

    def said(text: str, by: Replace = instead) -> str:
        return replaced(unicodedata.normalize("NFC", text), by, marks=marks)

    for piece in found:
        if piece.kind == "raw" and _JSON_LD.match(piece.source):
            piece.source = _json_replaced(piece.source, said)
        elif piece.kind == "tag" and _META.match(piece.source):
            piece.source = _meta_replaced(piece.source, said)
        elif piece.kind == "tag":
            piece.source = _ATTRIBUTE.sub(
                lambda value: _value(value, lambda text: said(text, frame or instead)), piece.source
            )


def set_language(found: Sequence[Piece], language: str, direction: str) -> None:
    """Say language, direction and UTF-8 wherever the page says such things, in place."""
    for piece in found:
        if piece.kind == "tag" and re.match(r"<html\b", piece.source, re.I):
            bare = re.sub(
                r"""\s(?:xml:)?(?:lang|dir)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", "", piece.source
            )
            piece.source = f'{bare[:5]} lang="{language}" dir="{direction}"{bare[5:]}'
        elif piece.kind == "tag" and _META.match(piece.source):
            piece.source = _meta_in(piece.source, language)
        elif piece.kind == "raw" and _JSON_LD.match(piece.source):
            piece.source = re.sub(r'("inLanguage"\s*:\s*)"[^"]*"', rf'\1"{language}"', piece.source)


def joined(found: Sequence[Piece]) -> str:
    """The page again."""
    return "".join(
        html.escape(piece.source, quote=False) if piece.kind == "text" else piece.source
        for piece in found
    )


def _text(source: str, flow: int) -> Piece:
    """A text without entities and in one spelling, so that gold and page have the same words."""
    return Piece("text", unicodedata.normalize("NFC", html.unescape(source)), flow)


def _parts(text: str, instead: Replace, marks: bool) -> Iterator[tuple[str, int, int]]:
    """Each stretch of a text: what stands there now, and where the old one was."""
    end = 0
    for part in _PART.finditer(text):
        for place in range(end, part.start()):
            yield text[place], place, place + 1
        end = part.end()
        yield _instead(part, instead, marks), part.start(), end
    for place in range(end, len(text)):
        yield text[place], place, place + 1


def _instead(part: re.Match[str], instead: Replace, marks: bool) -> str:
    if part["word"]:
        return instead(part["word"])
    return _MARKS[part["mark"]] if part["mark"] and marks else part[0]


def _share(new: str, start: int, end: int, ends: Sequence[int], out: list[str]) -> None:
    """Put a new word where the old one was: each piece gets as many letters, the last the rest."""
    place = next(number for number, stop in enumerate(ends) if start < stop)
    while end > ends[place]:
        length = min(ends[place] - start, max(len(new) - 1, 0))
        out[place] += new[:length]
        new, start, place = new[length:], ends[place], place + 1
    out[place] += new


def _value(found: re.Match[str], said: Replace) -> str:
    return f"{found['head']}{found[2]}{html.escape(said(html.unescape(found['value'])))}{found[2]}"


def _meta_replaced(tag: str, said: Replace) -> str:
    if not _NAMED.search(tag) or _address(tag):
        return tag
    return _CONTENT.sub(lambda value: _value(value, said), tag)


def _address(tag: str) -> bool:
    content = _CONTENT.search(tag)
    return content is not None and bool(re.match(r"\s*(?:https?:)?/", content["value"]))


def _meta_in(tag: str, language: str) -> str:
    if _LOCALE.search(tag):
        return _CONTENT.sub(lambda found: f"{found['head']}{found[2]}{language}{found[2]}", tag)
    return _CHARSET.sub(r"\1utf-8", tag)


def _json_replaced(script: str, said: Replace) -> str:
    """JSON-LD with the words of its names and texts replaced; addresses, types, dates stay."""
    key = ""

    def value(found: re.Match[str]) -> str:
        nonlocal key
        if found[2]:
            key = found[1]
            return found[0]
        if key not in _TEXT_KEYS or re.match(r"https?:", found[1]):
            return found[0]
        return _json_text(found[0], said)

    start = script.index(">") + 1
    return script[:start] + _STRING.sub(value, script[start:])


def _json_text(quoted: str, said: Replace) -> str:
    try:
        text = json.loads(quoted, strict=False)
    except ValueError:
        return quoted
    parts: list[str] = []
    end = 0
    for markup in _INSIDE_JSON.finditer(text):
        parts += [said(text[end : markup.start()]), markup[0]]
        end = markup.end()
    parts.append(said(text[end:]))
    return json.dumps("".join(parts), ensure_ascii=False).replace("</", "<\\/")
