"""When an article was published and changed: every place that may say so, most reliable first.

JSON-LD, meta tags, <time datetime>, the feed, the text beside the headline, the URL. A time in
the future is no time; a date that nobody states is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from lxml import html as lxml_html

from crawler.reading.dates import parse_date
from crawler.reading.jsonld import texts_of
from crawler.reading.metadata import Head, one_line
from storage.models import FoundDate, Precision, ReadingContext

_PUBLISHED_NAMES = (
    *("article:published_time", "datepublished", "og:published_time", "og:article:published_time"),
    *("publish-date", "publishdate", "publish_date", "publication_date", "article.published"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued"),
    *("dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "pubdate", "date"),
)
_MODIFIED_NAMES = (
    *("article:modified_time", "og:updated_time", "datemodified", "article.updated"),
    *("last-modified", "dcterms.modified"),
)
_DATE_CLASS = re.compile(r"date|time|publi|posted|\btarikh|\bdt\b", re.IGNORECASE)
_NOT_PUBLISHED = re.compile(r"updat|modif|edited|related|sidebar|comment|footer|copyright", re.I)
_UPDATED = re.compile(r"updat|modif|edited|mis [àa] jour|actualis|تحديث|تعديل|نوێ", re.I)
_URL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/\-]?(0[1-9]|1[0-2])[/\-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_NEAR_AFTER, _NEAR_BEFORE = 60, 20  # elements around the headline that may hold its date
_LONGEST_VISIBLE = 120  # characters
_SURE_VISIBLE = frozenset(("iso", "named", "numeric", "kurdish_solar", "islamic"))
_URL_TOLERANCE = timedelta(days=2)  # an address is made when the draft is


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as stored: aware UTC, how much of it is known, as found, and where."""

    at: datetime
    precision: Precision
    raw: str
    method: str


def zone_of(context: ReadingContext) -> ZoneInfo:
    """The outlet's zone; its name was checked when the outlet's file was read."""
    return ZoneInfo(context.timezone)


def published(head: Head, url: str, context: ReadingContext) -> Moment | None:
    """When the article was published, by the most reliable place that says so."""
    for raw, method in _stated(head):
        if moment := moment_of(raw, method, context):
            return moment
    if found := _from_hints(context):
        return found
    by_url = _from_url(url, context)
    visible = _visible(head, context)
    if visible and by_url and abs(visible.at - by_url.at) > _URL_TOLERANCE:
        return by_url  # such as today's date in the page's head
    return visible or by_url


def modified(head: Head, context: ReadingContext, after: datetime | None) -> Moment | None:
    """When the outlet says that it last changed the article, if that is not before `after`."""
    stated = [(value, "jsonld") for value in texts_of(head.data.article.get("dateModified"))]
    stated += [(head.meta(name), "meta") for name in _MODIFIED_NAMES]
    for raw, method in stated:
        moment = moment_of(raw, method, context) if raw else None
        if moment and (after is None or moment.at >= after):
            return moment
    return None


def moment_of(raw: str, method: str, context: ReadingContext) -> Moment | None:
    """`raw` as a time, in the outlet's zone where it names none; None if it names no day."""
    found = _parsed(raw, context)
    return None if found is None else _moment(found, raw, method, context)


def _parsed(raw: str, context: ReadingContext, *, last_resort: bool = True) -> FoundDate | None:
    now = context.now or datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
    language = context.languages[0] if context.languages else None
    local = now if context.now is None else now.astimezone(zone_of(context))
    found = parse_date(
        raw, language=language, country=context.country, now=local, last_resort=last_resort
    )
    if found is None or found.precision in (Precision.MONTH, Precision.YEAR):
        return None
    return None if found.method == "relative" and context.now is None else found


def _moment(found: FoundDate, raw: str, method: str, context: ReadingContext) -> Moment | None:
    zone = zone_of(context)
    if found.precision is Precision.DAY:
        return _not_later(datetime.combine(found.value, time(), zone), found, raw, method, context)
    if found.utc_offset is None:
        at = found.value.replace(tzinfo=zone)
    else:
        at = found.value.replace(tzinfo=timezone(timedelta(minutes=found.utc_offset)))
    return _not_later(at, found, raw, method, context)


def _not_later(
    at: datetime, found: FoundDate, raw: str, method: str, context: ReadingContext
) -> Moment | None:
    """The moment; of one that lies ahead on the day of the visit, only the day is believed."""
    precision = found.precision
    if context.now is not None and at > context.now:
        zone = zone_of(context)
        at = datetime.combine(at.astimezone(zone), time(), zone)
        precision = Precision.DAY
        if at > context.now:
            return None
    return Moment(at.astimezone(UTC), precision, raw.strip()[:200], method)


# ---------------------------------------------------------------- places


def _stated(head: Head) -> Iterator[tuple[str, str]]:
    """What the page states for machines."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for value in texts_of(head.data.article.get(key)):
            yield value, "jsonld"
    for name in _PUBLISHED_NAMES:
        for value in head.metas.get(name, ())[:1]:
            yield value, "meta"
    for value in _times(head):
        yield value, "time"


def _times(head: Head) -> list[str]:
    """The datetime of the <time> that is most likely the article's own."""
    stated = [
        (element.get("datetime") or "", _labels(element))
        for element in head.times
        if element.get("datetime") and not _NOT_PUBLISHED.search(_labels(element))
    ]
    sure = [
        value for value, labels in stated if re.search("pubdate|publi|entry-date", labels, re.I)
    ]
    if sure:
        return sure[:1]
    days = {value[:10] for value, _ in stated}
    after = [
        element for element in head.times if element.get("datetime") and _follows(element, head)
    ]
    if len(days) == 1:
        return [stated[0][0]]
    return [after[0].get("datetime") or ""] if after else []


def _labels(element: lxml_html.HtmlElement) -> str:
    """What an element and its parent are called."""
    parent = element.getparent()
    named = [element] if parent is None else [element, parent]
    values = (node.get(key) for node in named for key in ("class", "id", "itemprop", "pubdate"))
    return " ".join(value for value in values if value)


def _follows(element: lxml_html.HtmlElement, head: Head) -> bool:
    """Whether an element shares a near ancestor with the first heading."""
    if not head.headings:
        return False
    near = set()
    node = head.headings[0].getparent()
    for _ in range(3):
        if node is not None and node.tag != "body":
            near.add(node)
            node = node.getparent()
    return any(ancestor in near for ancestor in element.iterancestors())


def _from_hints(context: ReadingContext) -> Moment | None:
    hints = context.hints
    if hints.published_at is None or (context.now and hints.published_at > context.now):
        return None
    precision = Precision.SECOND
    if hints.published_at.astimezone(zone_of(context)).time() == time():
        precision = Precision.DAY
    return Moment(hints.published_at.astimezone(UTC), precision, hints.published_raw or "", "feed")


def _from_url(url: str, context: ReadingContext) -> Moment | None:
    match = _URL_DATE.search(unquote(url.partition("://")[2].partition("/")[2]))
    return moment_of("-".join(match.groups()), "url", context) if match else None


def _visible(head: Head, context: ReadingContext) -> Moment | None:
    """A full date in a short text beside the headline, those called dates first."""
    near = list(_near_headline(head))
    called = [element for element in near if _DATE_CLASS.search(_labels(element))]
    for element in [*head.times[:3], *called, *near]:
        raw = one_line(head.document.plain("".join(element.itertext())))
        if not 6 <= len(raw) <= _LONGEST_VISIBLE or _UPDATED.search(raw):
            continue
        if _NOT_PUBLISHED.search(_labels(element)):
            continue
        found = _parsed(raw, context, last_resort=False)
        if found and _is_sure(found, element):
            return _moment(found, raw, "visible", context)
    return None


def _is_sure(found: FoundDate, element: lxml_html.HtmlElement) -> bool:
    """Relative times count only in elements that are called dates or times."""
    if found.method == "relative":
        return element.tag == "time" or _DATE_CLASS.search(_labels(element)) is not None
    return found.method in _SURE_VISIBLE


def _near_headline(head: Head) -> Iterator[lxml_html.HtmlElement]:
    """Elements with text around the first heading, those after it first."""
    if not head.headings:
        return
    heading = head.headings[0]
    for axis, count in (("following", _NEAR_AFTER), ("preceding", _NEAR_BEFORE)):
        path = f"({axis}::*[self::span or self::div or self::p or self::li or self::time or self::a"
        path += " or self::small or self::b or self::strong or self::em or self::td]"
        yield from heading.xpath(f"{path})[position() <= {count}]")
