"""Dates that a page shows its readers: which of them is the article's, if any.

A date counts by what it is called and where it stands. Dates of comments, of other articles, of
events, and today's date on top of the page are passed over; in doubt there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from lxml import html as lxml_html

from crawler.reading.date_text import PUBLISH_LABEL, UPDATE_LABEL, date_key
from crawler.reading.dates import words_beside
from crawler.reading.page_lines import Line, PageLines, Place, in_card, is_other_title
from crawler.reading.page_parts import HEADINGS, called
from storage.models import FoundDate

Reader = Callable[[str], FoundDate | None]

_PUBLISHED_CLASS = re.compile(r"publi|posted|pubdate|entry-date|post-date|date-?create", re.I)
_UPDATED_CLASS = re.compile(r"updat|modif|edited|changed", re.I)
_OTHER_CLASS = re.compile(
    r"join|event|birth|deadline|expir|start-?date|end-?date|due|now\b|today", re.I
)
_DATE_CLASS = re.compile(
    r"date|time|publi|posted|tarikh|tarih|fecha|datum|dateline|\bdt\b|when|created", re.I
)
_MAYBE = re.compile(r"\d{4}|\d[/.\-]\d+[/.\-]\d")
_OF_SOMETHING_ELSE = re.compile(
    r"صوره|ارشيف|photo|archiv|credit|©|copyright|حقوق|deadline|date limite|اخر اجل|الزمان|الموعد"
    r"|موعد|المكان|lieu|venue|event|تاريخ الميلاد|ولد|born|ne le|nee le|وينه|ارشيف"
)
_NOT_PUBLISHED = frozenset(("updated", "other"))
_LONGEST, _LONGEST_CALLED = 160, 220  # characters of a line that may be a date's
_MOST_MARKUP = 5_000  # characters of an element that may be so short, with its white space
_WORDS, _WORDS_CALLED = 8, 16  # words beside a date in it
_SHORT = 24  # characters of a piece of a date that is split over lines
_PIECES = 4
_SHORT_YEAR = re.compile(r"(?<![\d./-])\d\d([./])\d\d\1\d\d(?![\d./-])")
_LONGEST_SHORT = 40  # characters around a date whose year has two digits
_DATE_ATTRIBUTES = (
    *("datetime", "content", "data-date", "data-datetime", "data-published", "data-time"),
    *("data-timestamp", "data-pubdate", "data-utc", "data-epoch", "title"),
)
_ATTRIBUTES = frozenset(_DATE_ATTRIBUTES)
_RELATIVE = re.compile(  # a cheap sign of what parse_relative() reads
    r"منذ|قبل|مس|بارحة|يوم|hier|jourd|il y a|ago|yesterday|today|پێش|دوێن|پێر|مڕۆ|مرۆ"
    r"|ber|duh|[îi]ro",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
TITLES = frozenset((*HEADINGS, "strong", "b"))
_CLOCK = re.compile(r"\d\s?[:h]\s?\d\d")


@dataclass(frozen=True, slots=True)
class Shown:
    """A date on the page: its text, what it states, and how far it is from a sure one."""

    text: str
    found: FoundDate
    doubt: int


def shown_date(
    page: PageLines, read: Reader, today: date | None, slowly: Reader | None = None
) -> Shown | None:
    """The date shown as that of the article, or None; `today` is the day of the visit.

    `slowly` reads languages that `read` does not know; it is asked where nothing else is found.
    """
    shown = _shown_date(page, read, today)
    if shown is None and slowly is not None:
        shown = _shown_date(page, _patient(slowly), today)
    return shown


def _patient(slowly: Reader) -> Reader:
    """A slow reader that is asked only about short texts with a year, and not too often."""
    left = _MOST_SLOW

    def read(text: str) -> FoundDate | None:
        nonlocal left
        if left <= 0 or len(text) > _LONGEST_SLOW or not _DAY_AND_YEAR.search(text):
            return None
        left -= 1
        return slowly(text)

    return read


def _shown_date(page: PageLines, read: Reader, today: date | None) -> Shown | None:
    best: Shown | None = None
    place = -1  # the number of its line
    dated: set[int] = set()  # lines
    for number in islice(_likely(page), _MOST):
        line = page.lines[number]
        for text, name in texts_of(page, number):
            shown = _read(line, text, name, read)
            if shown is not None and _DIGIT.search(line.text):
                dated.add(number)
            if shown is None or (best is not None and best.doubt <= shown.doubt):
                continue
            if _label(page, number) == "updated":
                continue
            if _is_clock(line, shown, today) or _of_another(page, line, shown):
                continue
            if shown.doubt < _BARE or not _in_list(page, number, shown):
                best, place = shown, number
    listed = best is not None and best.doubt >= _BARE and len(dated) > _FEW_DATES
    named = best is not None and best.doubt == _CALLED_ABOVE
    return None if listed and not _is_beside_headline(page, place, named=named) else best


def _is_beside_headline(page: PageLines, number: int, *, named: bool) -> bool:
    """Whether a line stands right above or under the headline, in the same part of the page.

    However many dates the page lists, this is the article's; above, it says more than a day.
    """
    if page.headline is None or abs(number - page.headline) != 1:
        return False
    line, headline = page.lines[number], page.lines[page.headline]
    if line.block.getparent() is not headline.block.getparent():
        return False
    if line.place is Place.UNDER:
        return not any(is_other_title(page, each) for each in page.lines[number + 1 : number + 2])
    return bool(_CLOCK.search(date_key(line.text)) and (named or words_beside(line.text)))


def _likely(page: PageLines) -> Iterator[int]:
    """The numbers of the lines that could hold a date."""
    for number in range(len(page.lines)):
        if number != page.headline and _may_hold_date(page.lines, number):
            yield number


def _may_hold_date(lines: Sequence[Line], number: int) -> bool:
    """Whether a line could hold a date: cheap, since pages have hundreds of lines."""
    line = lines[number]
    size = len(line.text)
    if line.place is Place.ELSEWHERE:
        return False
    if size > _LONGEST_CALLED:
        return line.place is Place.UNDER and any(map(_is_called_date, line.inside))
    if _DIGIT.search(line.text) or (size <= _SHORT * 2 and _RELATIVE.search(line.text)):
        return True
    after = lines[number + 1 : number + 2]
    return size <= _SHORT and any(_DIGIT.search(each.text) for each in after)


def _is_called_date(element: lxml_html.HtmlElement) -> bool:
    return name_of(called(element), str(element.tag)) in ("date", "published")


def _is_clock(line: Line, shown: Shown, today: date | None) -> bool:
    """Whether a date above the headline is that of the visit, which sites print on every page.

    A cached page prints that of some days ago; the article's has a section or an author beside it.
    """
    if line.place is not Place.ABOVE or today is None or shown.doubt <= _LABELLED:
        return False
    age = (today - shown.found.value.date()).days
    return age == 0 or (0 < age <= _CACHED and not words_beside(shown.text))


def _of_another(page: PageLines, line: Line, shown: Shown) -> bool:
    """Whether a date is that of another article; lists do not say "published"."""
    if line.place is Place.UNDER and PUBLISH_LABEL.search(date_key(shown.text)):
        return False
    return in_card(page, line)


def _in_list(page: PageLines, number: int, shown: Shown) -> bool:
    """Whether a date stands beside the headline of another article."""
    if number - 1 == page.headline:
        return False
    if (
        number + 1 == page.headline
        and shown.doubt == _CALLED_ABOVE
        and shown.text != page.lines[number].text
    ):
        return False
    around = page.lines[max(number - 1, 0) : number + 2]
    return any(is_other_title(page, line) for line in around)


def _read(line: Line, text: str, name: str, read: Reader) -> Shown | None:
    """What a text states as the date of the article, if it may be that."""
    key = date_key(text)
    told = PUBLISH_LABEL.search(key) is not None or name == "published"
    doubt = _doubt(line, key, "published" if told else name)
    if doubt is None or not _may_be_date(key, name or ("date" if told else "")):
        return None
    found = read(text) or _with_short_year(text, name, read)
    if found is None or (found.method.startswith("relative") and not (name or told)):
        return None
    most = _WORDS_CALLED if name or told else _WORDS
    return Shown(text, found, doubt) if len(words_beside(text)) <= most else None


def _with_short_year(text: str, name: str, read: Reader) -> FoundDate | None:
    """The date with a year of two digits that stands among words in what is called a date."""
    if not name or len(text) > _LONGEST_SHORT:
        return None
    days = [match[0] for match in _SHORT_YEAR.finditer(text)]
    return read(days[0]) if len(days) == 1 else None


def _may_be_date(key: str, name: str) -> bool:
    """Whether a text could be the date's line, before the costly reading of it."""
    if not 3 <= len(key) <= (_LONGEST_CALLED if name else _LONGEST):
        return False
    if UPDATE_LABEL.search(key) and not PUBLISH_LABEL.search(key):
        return False
    if _OF_SOMETHING_ELSE.search(key) or (not name and key.endswith((".", "؟", "?", "!"))):
        return False
    return bool(name) or _MAYBE.search(key) is not None


_DOUBTS = {
    ("published", Place.UNDER): 0,
    ("published", Place.ABOVE): 1,
    ("published", Place.LEAD): 1,
    ("date", Place.UNDER): 2,
    ("", Place.UNDER): 3,
    ("date", Place.LEAD): 4,
    ("", Place.LEAD): 5,
    ("published", Place.AFTER): 6,
    ("date", Place.ABOVE): 7,
    ("", Place.ABOVE): 8,
}
_CALLED_ABOVE = _DOUBTS["date", Place.ABOVE]
_LABELLED = 1  # the most doubt of a date that is said to be of publication
_CACHED = 7  # days
_BARE = 3  # the least doubt of a date that nothing calls a date
_MOST = 500  # dates of a page that are looked at
_MOST_SLOW = 8  # texts of a page that are read in other languages than ours
_LONGEST_SLOW = 60  # characters
_DAY_AND_YEAR = re.compile(
    r"(?<!\d)\d{1,2}(?!\d)\D.{2,30}(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d\D.{1,20}\d"
)
LONE = 9  # of a date that is believed where the article's part of the page has no other
_FEW_DATES = 3  # more lines of them are a list of other articles


def _doubt(line: Line, key: str, name: str) -> int | None:
    """How unsure a date of this name is in this place; None where it may be any date."""
    if line.place is Place.LEAD and not name and not _CLOCK.search(key):
        return None  # days as headings in a chronicle
    if name == "" and line.block.tag in TITLES and not line.next_to_headline:
        return None
    return _DOUBTS.get((name, line.place))


def stated_time(page: PageLines, read: Reader, today: date | None) -> Shown | None:
    """The date that the article's <time>, or another element's attribute, states for machines."""
    best: Shown | None = None
    lone: dict[date, Shown] = {}
    for number, text, name in islice(_attributes(page), _MOST):
        line = page.lines[number]
        found = read(text) if name not in _NOT_PUBLISHED else None
        if found is None or _label(page, number) == "updated":
            continue
        doubt = _DOUBTS.get((name, line.place))
        shown = Shown(text, found, LONE if doubt is None else doubt)
        if _is_clock(line, shown, today) or in_card(page, line):
            continue
        if doubt is None:
            lone[found.value.date()] = shown
        elif best is None or doubt < best.doubt:
            best = shown
    return best or (next(iter(lone.values())) if len(lone) == 1 else None)


def _attributes(page: PageLines) -> Iterator[tuple[int, str, str]]:
    """The attributes that state a time: the line's number, the text, what the element is called."""
    for number, line in enumerate(page.lines):
        if line.place is Place.ELSEWHERE:
            continue
        for element in dict.fromkeys((*line.inside, line.block)):
            if element.tag == "meta" or _ATTRIBUTES.isdisjoint(element.keys()):
                continue
            name = name_of(called(element), element.tag)
            for key in _DATE_ATTRIBUTES if name else ():
                if text := page.document.plain(element.get(key) or ""):
                    yield number, text, name
                    break


# ---------------------------------------------------------------- texts


def texts_of(page: PageLines, number: int) -> Iterator[tuple[str, str]]:
    """The texts of a line that may state a date, each with what it is called."""
    line = page.lines[number]
    blocked = False
    for element in line.inside:
        name = _by_words(page, number, name_of(called(element), element.tag))
        if name in _NOT_PUBLISHED:
            blocked = True
        elif name and page.size_of(element) <= _MOST_MARKUP and (text := page.text_of(element)):
            yield text, name
    name = _by_words(page, number, _block_name(page, line))
    if blocked or name in _NOT_PUBLISHED:
        return
    yield line.text, name
    if len(line.text) <= _SHORT and not line.linked:
        yield _pieces(page.lines[number : number + _PIECES]), name


def _by_words(page: PageLines, number: int, name: str) -> str:
    """What a date is called: a class may be another field's; what readers see counts more."""
    if name == "updated" and _label(page, number) == "published":
        return "published"
    return name


def _label(page: PageLines, number: int) -> str:
    """What the words of a line, or a label in the short line before it, call its date; or ""."""
    key = date_key(page.lines[number].text)
    if not _DIGIT.search(key) or len(key) > _LONGEST:
        return ""
    published, updated = PUBLISH_LABEL.search(key), UPDATE_LABEL.search(key)
    if published or updated:
        return ("" if updated else "published") if published else "updated"
    before = page.lines[number - 1].text if number else ""
    label = before if len(before) <= _SHORT and before.endswith((":", "\uff1a")) else ""
    return "updated" if UPDATE_LABEL.search(date_key(label)) else ""


def _pieces(lines: Sequence[Line]) -> str:
    """A line and the short ones after it: a label, or a day, month and year in boxes."""
    pieces = []
    for line in lines:
        if len(line.text) > _SHORT or line.place is not lines[0].place:
            break
        pieces.append(line.text)
    return " ".join(pieces) if len(pieces) > 1 else ""


def _block_name(page: PageLines, line: Line) -> str:
    """What the block of a line, or the small one around it, is called."""
    parent = line.block.getparent()
    for block in (line.block, parent):
        if block is None or block.tag in ("body", "article", "main"):
            break
        if name := name_of(called(block), block.tag):
            small = block is line.block or page.size_of(block) <= _LONGEST_CALLED
            return name if small else ""
    return ""


@lru_cache(maxsize=4096)
def name_of(label: str, tag: str = "") -> str:
    """What a class says of a date: published, updated, other, date, or nothing."""
    if _OTHER_CLASS.search(label):
        return "other"
    if _PUBLISHED_CLASS.search(label):
        return "published"
    others = [word for word in label.split() if word != "updated"]  # WordPress says it of any date
    if _UPDATED_CLASS.search(
        label if not _DATE_CLASS.search(" ".join(others)) else " ".join(others)
    ):
        return "updated"
    return "date" if tag == "time" or _DATE_CLASS.search(label) else ""
