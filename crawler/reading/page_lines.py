"""A page as lines of text, each with its place: beside the headline, after it, or elsewhere.

Dates stand all over a page; where one stands tells whether it is the article's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from lxml import etree
from lxml import html as lxml_html

from crawler.reading.body import Document
from crawler.reading.dates import words_beside
from crawler.reading.page_parts import HEADINGS, called, is_apart, is_footer, is_note
from storage.text import fold

_PARAGRAPH = 120
"""Characters from which on a line is a paragraph."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code em font i ins label mark q s small span strike strong"
    " sub sup time tt u var meta data".split()
)
_UNREAD = frozenset("script style noscript template svg iframe select option textarea".split())
_UNSEEN = _UNREAD | {"title", "desc", etree.Comment}
_TOP_PARTS = re.compile(  # "headerfont" says how a line is set
    r"top-?bar|top-?head|masthead|site-?header|^header(?![\w-]*font)|main-?header|navbar|\bmenu|clock|today"
    r"|current-?(?:date|time)|date-?now|now-?date|weather|logo|\btoolbar|prayer|hijri",
    re.IGNORECASE,
)
_OTHER_HEADINGS = re.compile(  # over a key: what follows is not the article
    r"(?:ال)?تعليقات|(?:ال)?ردود|شارك براي|اترك تعليق|اقرا ايضا|مواضيع ذات|مقالات ذات|اخبار ذات"
    r"|الاكثر قراءه|commentaires?|comments?|leave a (?:reply|comment)|a lire aussi|lire aussi"
    r"|articles? (?:similaires|lies)|related|most read|read also|كومينت|بابهته|nirxandin|sirove"
)


_BEGUN = 3  # paragraphs


class Place(Enum):
    """Where a line stands."""

    ABOVE = "above"  # close before the headline
    UNDER = "under"  # after the headline, before the text
    LEAD = "lead"  # after the first paragraph
    AFTER = "after"  # later in the article's part of the page
    ELSEWHERE = "elsewhere"  # lists, comments, frames


@dataclass(slots=True)
class Line:
    """The text between two breaks of a page, and the elements it is made of."""

    text: str
    block: lxml_html.HtmlElement
    inside: list[lxml_html.HtmlElement] = field(default_factory=list)
    apart: bool = False  # stands for a part of the page that is no article
    linked: bool = False  # nothing but links
    place: Place = Place.ELSEWHERE
    next_to_headline: bool = False  # right above it


@dataclass(slots=True)
class PageLines:
    """All lines of a page, which of them is the headline, and the keys of its titles."""

    document: Document
    lines: list[Line]
    headline: int | None
    keys: list[str]
    _sizes: dict[lxml_html.HtmlElement, int] = field(default_factory=dict)
    _around: frozenset[lxml_html.HtmlElement] | None = None
    cards: dict[lxml_html.HtmlElement, bool] = field(default_factory=dict)  # asked for once each

    @property
    def around_headline(self) -> frozenset[lxml_html.HtmlElement]:
        """The elements that the headline lies in."""
        if self._around is None:
            line = None if self.headline is None else self.lines[self.headline]
            self._around = frozenset(line.block.iterancestors() if line else ())
        return self._around

    def size_of(self, element: lxml_html.HtmlElement) -> int:
        """The characters of an element; counted once, or a page of lists would take for ever."""
        if element not in self._sizes:
            self._sizes[element] = len(element.text_content())
        return self._sizes[element]

    def text_of(self, element: lxml_html.HtmlElement) -> str:
        """The text of an element on one line, with the page's own marks."""
        return " ".join(self.document.plain(" ".join(element.itertext())).split())


def page_lines(document: Document, titles: Sequence[str]) -> PageLines:
    """The lines of a page with their places; `titles` are what the page calls its article."""
    keys = [key for title in titles if (key := fold(title))]
    top = _heading(document, keys)
    notes: set[lxml_html.HtmlElement] = set()
    around = {*top.iterancestors(), top} if top is not None else set()
    lines = _lines(document, around, notes)
    headline = _headline_line(lines, top, keys)
    _place(lines, headline, notes)
    return PageLines(document, lines, headline, keys)


# ---------------------------------------------------------------- headline


def _heading(document: Document, keys: list[str]) -> lxml_html.HtmlElement | None:
    """The heading that a title repeats, or the only first-level one, or one that holds a title."""
    first = list(document.tree.iter("h1"))[:10]
    lesser: list[lxml_html.HtmlElement] = []
    for element in [*first, *document.tree.iter("h2", "h3")][:60]:
        text = document.plain(element.text_content())
        if is_title(text, keys):
            return element
        if len(lesser) == 0 and _holds_title(text, keys):
            lesser.append(element)
    full = [element for element in first if element.text_content().strip()]
    return full[0] if len(full) == 1 else next(iter(lesser), None)


def _holds_title(text: str, keys: list[str]) -> bool:
    """Whether a heading is a title of four words or more with a few words before it."""
    key = fold(text)
    return any(
        title.count(" ") >= 3 and key.endswith(title) and len(key) < 2 * len(title)
        for title in keys
    )


def is_title(text: str, keys: list[str]) -> bool:
    """Whether a text is a title, or three words or more of one."""
    key = fold(text)
    return any(key == title or (key.count(" ") >= 2 and key in title) for title in keys)


def _headline_line(
    lines: list[Line], top: lxml_html.HtmlElement | None, keys: list[str]
) -> int | None:
    found = _line_of(lines, top) if top is not None else None
    if found is not None and not _in_text(lines, found):
        return found
    last = None
    for number, line in enumerate(lines):
        if last is not None and is_paragraph(line):
            break
        if not line.apart and not line.linked and is_title(line.text, keys):
            last = number
    return found if last is None else last


def _line_of(lines: list[Line], top: lxml_html.HtmlElement) -> int | None:
    """The number of the line that a heading is in."""
    for number, line in enumerate(lines):
        if line.block is top or top in line.inside or top in line.block.iterancestors():
            return number
    return None


def _in_text(lines: list[Line], number: int) -> bool:
    """Whether a line stands after the text has begun: a lesser heading there is a link's."""
    return sum(map(is_paragraph, lines[:number])) >= _BEGUN


# ---------------------------------------------------------------- lines


def _lines(
    document: Document,
    around: set[lxml_html.HtmlElement],
    notes: set[lxml_html.HtmlElement],
) -> list[Line]:
    """The lines of a page; `around` are the headline and all that it lies in.

    Parts beside the article that may hold its date are gathered in `notes`.
    """
    body = document.tree.find("body")
    root = document.tree if body is None else body
    found: list[Line | None] = []
    writer = _Writer(document)
    found.append(writer.start(root))
    _gather(root, writer, around, notes, found)
    found += [writer.end(root), writer.flush(root)]
    return [line for line in found if line is not None]


def _gather(
    parent: lxml_html.HtmlElement,
    writer: _Writer,
    around: set[lxml_html.HtmlElement],
    notes: set[lxml_html.HtmlElement],
    found: list[Line | None],
) -> None:
    """Find the lines of an element; markup is at most 254 levels deep."""
    for child in parent:
        if child.tag in _UNREAD or not isinstance(child.tag, str):
            writer.write(child.tail or "")
        elif child not in around and _is_passed(child, around, notes):
            found += [writer.flush(parent), Line("", child, apart=True)]
            writer.write(child.tail or "")
        else:
            found.append(writer.start(child))
            _gather(child, writer, around, notes, found)
            found.append(writer.end(child))


def _is_passed(
    element: lxml_html.HtmlElement,
    around: set[lxml_html.HtmlElement],
    notes: set[lxml_html.HtmlElement],
) -> bool:
    """Whether a part is passed over; one that may hold the article's date is noted instead."""
    if not is_apart(element) or is_footer(element, around):
        return False
    if is_note(element):
        notes.add(element)
        return False
    return True


class _Writer:
    """Gathers text until a block begins or ends."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._parts: list[str] = []
        self._inside: list[lxml_html.HtmlElement] = []
        self._linked = self._bare = 0  # characters in links and outside of them
        self._links = 0  # links that are open

    def start(self, element: lxml_html.HtmlElement) -> Line | None:
        """Open an element."""
        line = None if element.tag in _INLINE else self.flush(element.getparent())
        self._links += element.tag == "a"
        if element.tag in _INLINE:
            self._inside.append(element)
        if element.text:
            self.write(element.text)
        return line

    def end(self, element: lxml_html.HtmlElement) -> Line | None:
        """Close an element."""
        line = None if element.tag in _INLINE else self.flush(element)
        self._links -= element.tag == "a"
        if element.tail:
            self.write(element.tail)
        return line

    def write(self, text: str) -> None:
        """Add text to the line."""
        size = len(text.strip())
        if not size:
            return
        if self._links:
            self._linked += size
        else:
            self._bare += size
        self._parts.append(text)

    def flush(self, block: lxml_html.HtmlElement | None) -> Line | None:
        """The line, if it has text; the next one begins."""
        if not self._parts:
            return None
        text = " ".join(self._document.plain(" ".join(self._parts)).split())
        linked = self._linked > 0 and self._bare <= 3
        self._parts, self._linked, self._bare = [], 0, 0
        if not text or block is None:
            return None
        inside, self._inside = self._inside, []
        return Line(text, block, inside, linked=linked)


# ---------------------------------------------------------------- places

_FAR_ABOVE = 120  # characters between a date and the headline under it
_LINES_ABOVE = 6


def _place(lines: list[Line], headline: int | None, notes: set[lxml_html.HtmlElement]) -> None:
    """Set the place of each line."""
    if headline is None:
        for line in lines:
            other = line.apart or _is_in(line, notes)
            line.place = Place.ELSEWHERE if other else Place.AFTER
        return
    _place_after(lines[headline + 1 :], notes)
    above = lines[max(headline - _LINES_ABOVE, 0) : headline]
    _place_above(above, lines[headline])
    for line in above[-1:]:
        line.next_to_headline = line.place is Place.ABOVE


def is_paragraph(line: Line) -> bool:
    """Whether a line is one of an article's text."""
    return len(line.text) >= _PARAGRAPH and not line.linked


def _place_after(lines: list[Line], notes: set[lxml_html.HtmlElement]) -> None:
    """Set the places behind the headline; notes further down are those of something else."""
    paragraphs = 0
    zones = (Place.UNDER, Place.LEAD, Place.AFTER)
    for line in lines:
        if line.apart:
            continue
        begun = paragraphs or (line.block.tag in HEADINGS and line.block.tag != "h1")
        if begun and len(line.text) < 60 and _OTHER_HEADINGS.match(fold(line.text)):
            return
        if paragraphs > 1 and _is_in(line, notes):
            continue
        line.place = zones[min(paragraphs, 2)]
        paragraphs += is_paragraph(line)


def _is_in(line: Line, parts: set[lxml_html.HtmlElement]) -> bool:
    """Whether a line stands in one of some parts."""
    around = (line.block, *line.block.iterancestors()) if parts else ()
    return any(element in parts for element in around)


def _place_above(lines: list[Line], headline: Line) -> None:
    """The lines right before the headline, up to a menu or what stands on top of every page."""
    around = {*headline.block.iterancestors(), headline.block}
    distance = links = 0
    for line in reversed(lines):
        links += line.linked
        if line.apart and not _is_read(line.block):
            continue  # an icon, or a place for an advertisement
        if distance > _FAR_ABOVE or links > 1 or line.apart or _on_top(line, around):
            return
        line.place = Place.ABOVE
        distance += len(line.text)


def _on_top(line: Line, around: set[lxml_html.HtmlElement]) -> bool:
    """Whether a line stands in what is printed on top of every page, such as today's date."""
    inside = filter(_is_read, line.inside)
    for element in (*inside, line.block, *line.block.iterancestors()):
        if element in around:
            continue
        if _is_top(element) or any(_TOP_PARTS.search(n) for n in called(element).split()):
            return True
    return False


def _is_read(element: lxml_html.HtmlElement) -> bool:
    """Whether an element holds text that readers see; the names of drawings are none."""
    for each in element.iter():
        own = "" if each.tag in _UNSEEN else each.text
        after = "" if each is element else each.tail
        if (own and own.strip()) or (after and after.strip()):
            return True
    return False


def _is_top(element: lxml_html.HtmlElement) -> bool:
    """Whether an element is the head of a page, and not that of an article in it."""
    return element.tag == "header" and next(element.iterancestors("article"), None) is None


_CARD = 400  # characters of a block that shows another article
_CARD_LINK = 5  # words of the link that is its headline
_CARD_LINKS = 20
_SHARING = re.compile(
    r"^(?:#|mailto:|javascript:|whatsapp:|tg:)|shar|facebook|twitter|telegram|//x\.com"
)


def in_card(page: PageLines, line: Line) -> bool:
    """Whether a line stands in a small block with the headline of another article alone."""
    own = page.around_headline
    for block in (line.block, *line.block.iterancestors()):
        if block.tag in ("body", "html") or block in own or page.size_of(block) > _CARD:
            return False
        if block not in page.cards:
            links = islice(block.iter("a"), _CARD_LINKS)
            page.cards[block] = any(_leads_elsewhere(page, link) for link in links)
        if page.cards[block]:
            return True
    return False


def _leads_elsewhere(page: PageLines, link: lxml_html.HtmlElement) -> bool:
    """Whether a link is another article's headline; articles link to themselves with their date."""
    text = page.text_of(link)
    if len(text.split()) < _CARD_LINK or is_title(text, page.keys) or _names_own(text, page.keys):
        return False
    if _SHARING.search(link.get("href") or "#"):
        return False
    return len(words_beside(text)) >= _CARD_LINK


def _names_own(text: str, keys: list[str]) -> bool:
    """Whether a text holds a title of the page: "1 comment on ..."."""
    key = fold(text)
    return any(title in key for title in keys if title.count(" ") >= 2)


def is_other_title(page: PageLines, line: Line) -> bool:
    """Whether a line is nothing but a link to another article."""
    long = line.linked and len(line.text.split()) >= _CARD_LINK
    return long and not is_title(line.text, page.keys)
