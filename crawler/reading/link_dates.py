"""The dates that a list shows beside its links, where it is sure whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from lxml import html as lxml_html

from crawler.reading.body import Document
from crawler.reading.chronology import shows_since
from crawler.reading.heads import one_line
from crawler.reading.page_links import PageLink
from crawler.reading.published import moment_of
from crawler.reading.visible_dates import name_of
from crawler.reading.voices import Moment
from storage.models import Precision, ReadingContext

_LEVELS = 5  # elements around an anchor that may be the article's card
_MOST_ANCHORS = 12  # in a card
_MOST_ELEMENTS = 80  # of a card
_LONGEST_DATE = 60
_DIGIT = re.compile(r"\d")
_SURE = frozenset((Precision.SECOND, Precision.MINUTE, Precision.DAY))
_HOLDERS = ("time", "span", "div", "p", "small", "em", "i", "li", "td", "b")


def date_beside(link: PageLink, document: Document, context: ReadingContext) -> Moment | None:
    """The date that the article's card shows, to the day at least; None where it shows none or
    two, and for "two hours ago": the page may be an old copy."""
    if link.anchor is None:
        return None
    raws = set(_dates_in(_card(link.anchor), document))
    if len(raws) != 1:
        return None
    moment = moment_of(raws.pop(), "listing", context)
    sure = moment is not None and moment.precision in _SURE and moment.method == "listing"
    return moment if sure else None


def list_shows_since(moments: list[Moment | None]) -> datetime | None:
    """Since when a list with these dates shows everything; see `chronology.shows_since`.

    Of a day without a clock the list may show the end only: it counts from the next day on.
    """
    since = shows_since([moment.at if moment else None for moment in moments])
    oldest = [moment for moment in moments if moment and moment.at == since]
    if since is not None and any(moment.precision is Precision.DAY for moment in oldest):
        return since + timedelta(days=1)
    return since


def _card(anchor: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """The widest element around an anchor in which all links lead where it does."""
    card, href = anchor, anchor.get("href")
    for element in islice(anchor.iterancestors(), _LEVELS):
        if element.tag in ("body", "html", "main"):
            break
        anchors = list(islice(element.iter("a"), _MOST_ANCHORS + 1))
        others = {a.get("href") for a in anchors if a.get("href") not in (href, None)}
        if len(anchors) > _MOST_ANCHORS or others:
            break
        card = element
    return card


def _dates_in(card: lxml_html.HtmlElement, document: Document) -> Iterator[str]:
    """What a card states as a date: for machines, else in an element that is called one."""
    shown = []
    for element in islice(card.iter(*_HOLDERS), _MOST_ELEMENTS):
        stated = element.get("datetime") if element.tag == "time" else None
        if stated:
            yield document.plain(stated)[:_LONGEST_DATE]
            return
        if name_of((element.get("class") or "")[:200], element.tag) in ("date", "published"):
            text = one_line(document.plain("".join(islice(element.itertext(), 8))))
            if 4 <= len(text) <= _LONGEST_DATE and _DIGIT.search(text):
                shown.append(text)
    yield from shown[:1] if len(set(shown)) == 1 else shown[:2]
