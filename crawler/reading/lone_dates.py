"""Dates that are believed only because a page shows no other: under the lead, or opening the text.

`visible_dates` finds what is labelled or stands beside the headline. Where that finds nothing, one
date alone may still be the article's; of two different ones neither is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from crawler.reading.calendars import WEEKDAYS
from crawler.reading.date_text import UPDATE_LABEL, date_key
from crawler.reading.dates import words_beside
from crawler.reading.page_lines import Line, PageLines, Place, in_card, is_paragraph
from crawler.reading.visible_dates import LONE, TITLES, Reader, Shown, texts_of
from storage.models import FoundDate

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[\u0660-\u0669\u06f0-\u06f9]{4}")
_OPENING = 70  # characters of a paragraph in which a dateline may stand
_END = re.compile(r"[.):|/\u2013\u2014\-](?=\s|$)|(?=[\u00ab\u201e\u201c])")
_MOST_CUTS = 4
_PLACE_WORDS = 3  # beside the date of a dateline
_NEAR = 4  # lines after the lead
_BESIDE = 4  # words beside a date that stands alone in its line
_MOST_FURTHER = 20
_MOST_DATED = 100  # lines with a year that are asked what they are called
_LONGEST = 60  # characters of such a line
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = ("date", "published")


def lone_date(page: PageLines, read: Reader, today: date | None) -> Shown | None:
    """The one date under the lead, at the beginning of the text, or in its markup; else None.

    That of the visit, `today`, does not count: sites print it on every page.
    """
    for places in (_under_lead, _datelines, _called):
        found = [(text, each) for text in places(page) if (each := read(text))]
        days = {each.value.date() for _, each in found if not each.method.startswith("relative")}
        if len(days) == 1 and today not in days:
            return Shown(*found[0], LONE)
    return _in_microdata(page, read, today)


def _under_lead(page: PageLines) -> Iterator[str]:
    """Lines of a date alone close after the first paragraph, and all such lines further down.

    Where days differ, they are those of a chronicle.
    """
    lead = [line for line in page.lines if line.place is Place.LEAD][:_NEAR]
    near = [line.text for line in lead if _is_bare(page, line)]
    yield from near
    if near:
        further = (line for line in page.lines if line.place is Place.AFTER)
        yield from islice((line.text for line in further if _is_bare(page, line)), _MOST_FURTHER)


def _is_bare(page: PageLines, line: Line) -> bool:
    """Whether a line says little beside a date, and nothing of a change or another article.

    Dates as headings are those of a chronicle.
    """
    if len(line.text) > _LONGEST or not _YEAR.search(line.text):
        return False
    if any(element.tag in TITLES for element in (line.block, *line.inside)):
        return False
    few = len(words_beside(line.text)) <= _BESIDE
    return few and not UPDATE_LABEL.search(date_key(line.text)) and not in_card(page, line)


def _datelines(page: PageLines) -> Iterator[str]:
    """How the text begins, up to the mark that ends a dateline."""
    first = (line for line in page.lines if line.place is Place.UNDER and is_paragraph(line))
    for line in islice(first, 1):
        opening = line.text[:_OPENING]
        for mark in islice(_END.finditer(opening), _MOST_CUTS):
            text = opening[: mark.start()]
            if _YEAR.search(text) and len(words_beside(text)) <= _PLACE_WORDS:
                yield text
                return


def _called(page: PageLines) -> Iterator[str]:
    """What is called a date further down, where it is no other article's."""
    further = (
        number
        for number, line in enumerate(page.lines)
        if line.place in (Place.LEAD, Place.AFTER) and _YEAR.search(line.text)
    )
    for number in islice(further, _MOST_DATED):
        if _is_bare(page, page.lines[number]):
            named = (text for text, name in texts_of(page, number) if name in _NAMES)
            yield from islice((text for text in named if not _is_clock(text)), 1)


def _is_clock(text: str) -> bool:
    """Whether a text is a day with its weekday and nothing else, as pages print today's."""
    words = _WORD.findall(date_key(text))
    return any(word in WEEKDAYS for word in words) and not words_beside(text)


def _in_microdata(page: PageLines, read: Reader, today: date | None) -> Shown | None:
    """The day that all elements marked as dates of publication state, wherever they stand."""
    found: list[tuple[str, FoundDate]] = []
    for element in islice(page.document.tree.iterfind(".//*[@itemprop='datePublished']"), 20):
        text = element.get("content") or element.get("datetime") or ""
        if text and (each := read(page.document.plain(text))):
            found.append((text, each))
    days = {each.value.date() for _, each in found}
    return Shown(*found[0], LONE) if len(days) == 1 and today not in days else None
