"""The main text of a web page, and the parsed page that its other facts are read off.

A page is parsed once; what would make the parser slow or make it drop text without a word is
refused first, with a reason. Zero-width and direction marks are disguised as rare letters before
parsing and put back afterwards, because trafilatura removes them: Sorani and Persian spell with
them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import MANUALLY_CLEANED, Extractor
from trafilatura.utils import repair_faulty_html

from crawler.reading.apart_parts import drop_apart
from crawler.reading.decode import Failure, clean_text
from crawler.reading.further_articles import drop_further
from crawler.reading.layout_tables import unwrap_layout_tables
from crawler.reading.patterns import compile_pattern
from crawler.reading.quick_paths import remembered_paths
from storage.models import Outcome

MAX_CHARACTERS = 4_000_000
MAX_TAGS = 20_000
"""Real pages have under 12,000; time grows with the square (50,000 table cells take a minute)."""
MAX_ATTRIBUTES = 2_000
"""In one tag: lxml's time grows with their square."""

_LONG_TAG = 3 * MAX_ATTRIBUTES  # characters; a tag with more attributes than that is longer
_TAG = re.compile(r"<[a-zA-Z]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_RAW_START = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_RAW_END = re.compile(r"</(?:script|style)\b", re.IGNORECASE)
_LONG_TAGS = re.compile(rf"<[a-zA-Z][^<>]{{{_LONG_TAG},}}")

_MARKS = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e" + "".join(
    map(chr, [*range(0x2060, 0x2065), *range(0x2066, 0x206A), *range(0x0600, 0x0606), 0x06DD])
)
_MARK_IN_TEXT = re.compile(f"[{_MARKS}]")
_MARK_NAMES = {"shy": "\u00ad", "zwnj": "\u200c", "zwj": "\u200d", "lrm": "\u200e", "rlm": "\u200f"}
_MARK_ENTITY = re.compile(
    r"&(?:#[xX]0*([0-9a-fA-F]{2,4})|#0*([0-9]{3,4})|(shy|zwnj|zwj|lrm|rlm))(?:;|(?![\w;]))"
)
_STAND_INS = (0x10600, 0x12000)  # Linear A, else cuneiform: printable letters no newspaper prints

_FIRST_LINES = 4_096
"""Characters in which trafilatura looks for the tags that it repairs."""
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32)))
_NONE = "\ufffe".encode(), "\uffff".encode()  # no characters, as XML has it
_FURNITURE = frozenset(MANUALLY_CLEANED) - {"form", "figure", "head", "script"} | {"img", "meta"}
"""Elements that trafilatura never reads; of forms and figures some hold the text, and the head and
scripts tell it what a page is."""

_ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""lxml.html asks a Python function for the class of each element; forms are nothing here."""

_RECALL = Extractor(output_format="python", recall=True, comments=False, fast=True)
_BALANCED = Extractor(output_format="python", comments=False)

EXTRACTOR_FAILURES = (
    AssertionError,  # escapes trafilatura for some broken pages
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)

# Its "discarding data" warnings are our outcomes, told once with a reason.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. Strings taken from `tree` must pass through `plain()`."""

    tree: html.HtmlElement
    stand_ins: int  # first code point of the letters that stand for marks; 0: it has no marks

    def plain(self, text: str) -> str:
        """`text` with the page's own zero-width and direction marks, without NUL."""
        if self.stand_ins and not text.isascii():
            letters, marks = _marks_of(self.stand_ins)
            text = letters.sub(lambda match: marks[match[0]], text)
        return clean_text(text)


def parse(markup: str) -> Document | Failure:
    """The page's tree, or why it must not or could not be parsed whole."""
    return refused(markup) or parse_checked(markup)


def refused(markup: str) -> Failure | None:
    """Why no parser should see a page: it would take too long, or it is none."""
    if reason := _too_much(markup):
        return Failure(Outcome.UNREADABLE, reason)
    if not _TAG.search(markup):
        return Failure(Outcome.NOT_ARTICLE, "no markup")
    return None


def parse_checked(markup: str) -> Document | Failure:
    """The tree of a page that is not `refused`, or why it could not be parsed whole."""
    shielded, stand_ins = _shield(markup)
    try:
        tree, complete = _parsed(shielded)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        return Failure(Outcome.UNREADABLE, f"unparsable: {type(error).__name__}")
    if not complete:
        return Failure(Outcome.UNREADABLE, "truncated_parse: nested too deep")
    return Document(tree, stand_ins)


def clear_of_others(document: Document) -> None:
    """Take what is of other articles and of readers out of a page's tree, for all who look later.

    Tables that lay the page out become plain blocks first.
    """
    unwrap_layout_tables(document.tree)
    drop_further(document.tree)
    drop_apart(document.tree)


def main_text(document: Document, *, recall: bool = True) -> str | Failure:
    """The article's text as trafilatura finds it, one paragraph a line; "" if there is none.

    `favor_recall` finds 80% of the words on more pages than the default and is faster
    (docs/benchmarks.md). Asked so it looks at nothing but its own rules: comparing with jusText
    and readability takes a third of the time on pages with a short text, and changed 4 of 760.
    The default also asks those. Comments, and dates by it, are never wanted.
    """
    tree = _without_furniture(document.tree) if recall else document.tree
    try:
        with remembered_paths():
            found = bare_extraction(tree, options=_RECALL if recall else _BALANCED)
    except EXTRACTOR_FAILURES as error:
        return Failure(Outcome.UNREADABLE, f"extractor failed: {type(error).__name__}")
    return document.plain(getattr(found, "text", None) or "").strip()


def _without_furniture(tree: html.HtmlElement) -> html.HtmlElement:
    """A copy without what trafilatura drops too, but only after it went through it several times.

    Where all paragraphs stand in such parts it keeps the parts, and so they stay.
    """
    kept = (next(one.iterancestors(*_FURNITURE), None) is None for one in tree.iter("p"))
    if not any(kept):
        return tree
    reduced = copy(tree)
    etree.strip_elements(reduced, *_FURNITURE, with_tail=False)
    return reduced


def _too_much(markup: str) -> str:
    """Which limit the markup breaks, found in linear time; "" for none."""
    if len(markup) > MAX_CHARACTERS:
        return f"over {MAX_CHARACTERS} characters"
    if markup.count("<") > MAX_TAGS and len(_TAG.findall(markup)) > MAX_TAGS:
        return f"over {MAX_TAGS} tags"
    if not any(piece[:1].isalpha() and _has_too_many(piece) for piece in _long_runs(markup)):
        return ""  # nearly every page, found in a fraction of the time; a script may look like one
    if any(
        _has_too_many(tag[0])
        for piece in _outside_scripts(markup)
        for tag in _LONG_TAGS.finditer(piece)
    ):
        return f"over {MAX_ATTRIBUTES} attributes in a tag"
    return ""


def _long_runs(markup: str) -> Iterator[str]:
    """What stands between two `<` that are so far apart that a long tag may stand there."""
    step, start = _LONG_TAG // 2, 0
    while start < len(markup):
        if markup.rfind("<", start, start + step) >= 0:
            start += step
            continue
        end = markup.find("<", start)
        end = len(markup) if end < 0 else end
        begin = markup.rfind("<", 0, start) + 1
        if end - begin > _LONG_TAG:
            yield markup[begin:end]
        start = end + 1


def _has_too_many(tag: str) -> bool:
    """Whether a long tag, which may have more behind it, has too many attributes."""
    end = tag.find(">")
    if -1 < end < _LONG_TAG:
        return False
    names = _QUOTED.sub(" ", tag)
    return len(names.split(None, MAX_ATTRIBUTES + 1)) > MAX_ATTRIBUTES


def _outside_scripts(markup: str) -> Iterator[str]:
    """The markup without scripts and styles, in which `a<b` is no tag; in linear time."""
    first, *rest = _RAW_START.split(markup)
    yield first
    for piece in rest:
        end = _RAW_END.search(piece)
        yield piece[end.end() :] if end else ""


def _parsed(markup: str) -> tuple[html.HtmlElement, bool]:
    """The tree, and whether the parser got to the end (libxml2 stops at 256 levels)."""
    parser = html.HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
    )
    parser.set_element_class_lookup(_ELEMENTS)
    tree = html.document_fromstring(_repaired(markup), parser=parser)
    return tree, not parser.error_log.filter_from_fatals()


def _repaired(markup: str) -> bytes:
    """What libxml2 reads whole: without control characters and a document type that stops it.

    Only the first lines are repaired by trafilatura, which looks for these characters slowly.
    """
    line = markup.find("\n", _FIRST_LINES)
    end = len(markup) if line < 0 else line
    start = repair_faulty_html(markup[:end], markup[:50].lower())
    sent = (start + markup[end:]).encode("utf-8", "ignore")
    return sent.translate(None, _CONTROLS).replace(_NONE[0], b"").replace(_NONE[1], b"")


# ---------------------------------------------------------------- marks


def _shield(markup: str) -> tuple[str, int]:
    """The markup with letters for its marks and mark entities, and the first of these letters."""
    markup = _MARK_ENTITY.sub(_entity_mark, markup)
    if markup.isascii() or not _MARK_IN_TEXT.search(markup):
        return markup, 0
    first = next(
        (code for code in _STAND_INS if not _any_of(code, code + 63).search(markup)),
        _STAND_INS[0],
    )
    letters = {mark: letter for letter, mark in _marks_of(first)[1].items()}
    return _MARK_IN_TEXT.sub(lambda match: letters[match[0]], markup), first


def _any_of(first: int, last: int) -> Any:
    """What finds characters from one code point to another; `re` is slow on such rare ones."""
    return compile_pattern(f"[{chr(first)}-{chr(last)}]")


def _entity_mark(match: re.Match[str]) -> str:
    """The mark that an entity stands for; any other entity stays."""
    if match[3]:
        return _MARK_NAMES[match[3]]
    char = chr(int(match[1], 16) if match[1] else int(match[2]))
    return char if char in _MARKS else match[0]


@cache
def _marks_of(first: int) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the letters that stand for marks, and the mark for each."""
    marks = {chr(first + number): mark for number, mark in enumerate(_MARKS)}
    return re.compile(f"[{chr(first)}-{max(marks)}]"), marks
