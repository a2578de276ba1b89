"""When an article was published and changed: every place that may say so, most reliable first.

JSON-LD, meta tags, <time datetime>, the feed, the text beside the headline, the URL. A time in
the future is no time; a date that nobody states is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import chain, islice
from urllib.parse import unquote

from crawler.reading.date_text import MAX_LENGTH, date_key
from crawler.reading.dates import parse_date
from crawler.reading.decode import Failure
from crawler.reading.heads import Head, page_titles
from crawler.reading.jsonld import texts_of
from crawler.reading.lone_dates import lone_date
from crawler.reading.markup import Markup
from crawler.reading.notes import SILENT, Notes
from crawler.reading.number_order import is_month_first
from crawler.reading.own_clock import by_own_clock
from crawler.reading.page_lines import page_lines
from crawler.reading.visible_dates import shown_date, stated_time
from crawler.reading.voices import (
    NO_ZONE,
    VAGUE,
    Moment,
    agree,
    believed,
    kinds,
    month_first,
    zone_of,
)
from storage.models import FoundDate, Precision, ReadingContext

_PUBLISHED_NAMES = (
    *("article:published_time", "datepublished", "og:published_time", "og:article:published_time"),
    *("publish-date", "publishdate", "publish_date", "publication_date", "article.published"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued"),
    *("dcterms.issued", "prism.publicationdate", "citation_publication_date", "citation_date"),
    *("citation_online_date", "article_date_original", "rnews:datepublished", "bt:pubdate"),
    *("dcterms.created", "dc.date.created", "pubdate"),
)
_VAGUE_NAMES = ("dc.date", "dcterms.date", "date")
"""Some systems fill these with the day of the last change: a date beside the headline is better."""
_MODIFIED_NAMES = (
    *("article:modified_time", "og:updated_time", "datemodified", "article.updated"),
    *("last-modified", "dcterms.modified"),
)
_URL_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<mark>[/\-]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])/"
    r"|(?<!\d)(?P<year2>(?:19|20)\d\d)(?P<mark2>[/\-])(?P<month2>0?[1-9]|1[0-2])(?P=mark2)"
    r"(?P<day2>0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<year3>(?:19|20)\d\d)-(?P<month3>0[1-9]|1[0-2])/(?P<day3>0[1-9]|[12]\d|3[01])/"
    r"|/(?P<year4>(?:19|20)\d\d)/(?P<month4>[a-z]{3})/(?P<day4>0?[1-9]|[12]\d|3[01])/"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_IN_SCRIPT = re.compile(
    r"(?:\"|&quot;)(?:datePublished|published_?[aA]t|publish_?[dD]ate|publicationDate)"
    r"\\?(?:\"|&quot;)\s{0,9}:\s{0,9}\\?(?:\"|&quot;)"
    r"(?P<at>\d{4}-\d\d-\d\d(?:[T ][\d:.+Z\-]{5,24})?)"
)
_MOST_IN_SCRIPTS = 50
_DAY_AND_MONTH = re.compile(r"(?<!\d)\d\d?\s?([/.\-])\s?\d\d?\s?\1\s?(?:\d{4}|\d\d)(?!\d)")


_DOUBTFUL = {"islamic": (1, 1), "relative_week": (6, 0), "relative": (0, 0), "dateparser": (0, 0)}
"""Forms that are told beside the place, and the days before and after that may be meant."""


def published(
    head: Head,
    markup: Markup,
    url: str,
    context: ReadingContext,
    trusted: str | Moment | None = None,
    notes: Notes = SILENT,
) -> Moment | None:
    """When the article was published, by the most reliable place that nothing else belies.

    What is `trusted`, a method or what a page shows, was right on the outlet's other pages: it is
    taken without a look at all that readers see, if nothing that is told disagrees.
    """
    _tell_unread(head, context, notes)
    found = _found(head, markup, url, context, trusted, notes)
    # of an outlet whose zone is known the day is counted in that: there is nothing to look for
    unknown = context.timezone == NO_ZONE
    return by_own_clock(found, markup.text) if found and unknown else found


def _found(
    head: Head,
    markup: Markup,
    url: str,
    context: ReadingContext,
    trusted: str | Moment | None,
    notes: Notes,
) -> Moment | None:
    """The time by what is told without a look at the page; where that is not enough, with one."""
    told = [moment for moment in _told(head, url, context) if moment]
    first = trusted if isinstance(trusted, Moment) else next(iter(told), None)
    if first and trusted in (first, first.method) and all(agree(first, one) for one in told):
        return first
    if len(told) > 1 and kinds(told) > 1 and all(agree(told[0], other) for other in told):
        return told[0]
    voices = [*told, *(moment for moment in _seen(head, markup, context) if moment)]
    changed = modified(head, context, None)
    if any(voice.swapped for voice in voices) and is_month_first(markup.text, url, context):
        voices = [month_first(voice, voices) for voice in voices]
    found = believed(voices, changed.at if changed else None, context)
    if found is None:
        return _from_scripts(markup.text, context)
    for voice in voices:
        if not agree(voice, found):
            notes.rejected("published_at", voice.method, voice.raw, "another place is believed")
    return found


def _tell_unread(head: Head, context: ReadingContext, notes: Notes) -> None:
    """Note what is stated as the time of publication and states none, or one that lies ahead."""
    if not notes.wanted:
        return
    stated = (("jsonld", _in_jsonld(head)), ("meta", chain(_in_meta(head), _in_vague(head))))
    for method, raws in stated:
        for raw in raws:
            if moment_of(raw, method, context) is None:
                why = "no day, or one that lies ahead of the visit"
                notes.rejected("published_at", method, raw, why)


def _told(head: Head, url: str, context: ReadingContext) -> Iterator[Moment | None]:
    """What is said of the article without a look at the page that readers see."""
    yield _first(_in_jsonld(head), "jsonld", context)
    yield _first(_in_meta(head), "meta", context) or _vague(head, context)
    yield _from_hints(context)
    yield _from_url(url, context)


def _seen(head: Head, markup: Markup, context: ReadingContext) -> Iterator[Moment | None]:
    """What stands beside the article: in attributes, and in its visible text."""
    document = markup.document
    if isinstance(document, Failure):
        return
    page = page_lines(document, _titles(head, context))
    today = context.now.astimezone(zone_of(context)).date() if context.now else None
    at = stated_time(page, lambda raw: _parsed(raw, context), today)
    if at:
        yield _moment(at.found, at.text, "time", context, doubt=at.doubt)
    shown = shown_date(
        page,
        lambda raw: _parsed(raw, context, last_resort=False),
        today,
        slowly=lambda raw: _parsed(raw, context),
    )
    if at is None and shown is None:
        shown = lone_date(page, lambda raw: _parsed(raw, context), today)
    if shown:
        yield _moment(shown.found, shown.text, "visible", context, doubt=shown.doubt)


def _vague(head: Head, context: ReadingContext) -> Moment | None:
    """What meta tags state that name a date without saying of what."""
    moment = _first(_in_vague(head), "meta", context)
    return replace(moment, doubt=VAGUE) if moment else None


def _titles(head: Head, context: ReadingContext) -> list[str]:
    stated = texts_of(head.data.article.get("headline")) if head.data.sure else []
    return [
        *page_titles(head),
        *stated,
        *([context.hints.headline] if context.hints.headline else []),
    ]


def _first(raws: Iterator[str], method: str, context: ReadingContext) -> Moment | None:
    """The first of the texts that is a time."""
    return next((moment for raw in raws if (moment := moment_of(raw, method, context))), None)


def modified(head: Head, context: ReadingContext, after: datetime | None) -> Moment | None:
    """When the outlet says that it last changed the article, if that is not before `after`."""
    return next(
        (moment for moment in _changes(head, context) if after is None or moment.at >= after), None
    )


def _changes(head: Head, context: ReadingContext) -> Iterator[Moment]:
    stated = [(value, "jsonld") for value in texts_of(head.data.article.get("dateModified"))]
    stated += [(head.meta(name), "meta") for name in _MODIFIED_NAMES]
    for raw, method in stated:
        if raw and (moment := moment_of(raw, method, context)):
            yield moment


def moment_of(raw: str, method: str, context: ReadingContext) -> Moment | None:
    """`raw` as a time, in the outlet's zone where it names none; None if it names no day."""
    found = _parsed(raw, context)
    return None if found is None else _moment(found, raw, method, context)


def _parsed(raw: str, context: ReadingContext, *, last_resort: bool = True) -> FoundDate | None:
    now = context.now or datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
    language = context.languages[0] if context.languages else None
    local = now if context.now is None else now.astimezone(zone_of(context))
    found = _parse(raw[:MAX_LENGTH], language, context.country, local, last_resort)
    if found is None or (found.method.startswith("relative") and context.now is None):
        return None
    return found


@lru_cache(maxsize=64)
def _parse(
    raw: str, language: str | None, country: str, now: datetime, last_resort: bool
) -> FoundDate | None:
    """What a text states; a page says the same in several places."""
    return parse_date(raw, language=language, country=country, now=now, last_resort=last_resort)


def _moment(
    found: FoundDate, raw: str, method: str, context: ReadingContext, *, doubt: int = 0
) -> Moment | None:
    """What was found as a time, and its place with a form that leaves doubt beside it."""
    zone = zone_of(context)
    precision = _certain(found)
    if precision is None:
        return None
    at = found.value.replace(tzinfo=zone)
    if found.precision is not Precision.DAY and found.utc_offset is not None:
        at = found.value.replace(tzinfo=timezone(timedelta(minutes=found.utc_offset)))
    name = f"{method}:{found.method}" if found.method in _DOUBTFUL else method
    wall = None if found.utc_offset is None else found.value
    moment = Moment(
        at.astimezone(UTC), precision, raw.strip()[:200], name, wall, _swapped(found, at), doubt
    )
    return _not_later(moment, context)


def _swapped(found: FoundDate, at: datetime) -> datetime | None:
    """The time with day and month exchanged, where the numbers leave that open."""
    if found.method != "numeric" or at.day > 12 or not _DAY_AND_MONTH.search(date_key(found.raw)):
        return None
    return at.replace(month=at.day, day=at.month).astimezone(UTC)


def _certain(found: FoundDate) -> Precision | None:
    """The smallest unit in which all days that may be meant lie; None where not even a year is.

    An Islamic date may be a day off by local sighting; "two weeks ago" is rounded down.
    """
    before, after = _DOUBTFUL.get(found.method, (0, 0))
    if not before and not after:
        return found.precision
    first, last = found.value - timedelta(days=before), found.value + timedelta(days=after)
    if first.year != last.year:
        return None
    return Precision.MONTH if first.month == last.month else Precision.YEAR


def _not_later(moment: Moment, context: ReadingContext) -> Moment | None:
    """The moment; of one that lies ahead on the day of the visit, only the day is believed."""
    if context.now is None or moment.at <= context.now:
        return moment
    zone = zone_of(context)
    day = datetime.combine(moment.at.astimezone(zone), time(), zone)
    if day > context.now:
        return None
    return replace(moment, at=day.astimezone(UTC), precision=Precision.DAY)


# ---------------------------------------------------------------- places


def _in_jsonld(head: Head) -> Iterator[str]:
    """What JSON-LD states of the article."""
    for key in ("datePublished", "dateCreated", "uploadDate") if head.data.sure else ():
        yield from texts_of(head.data.article.get(key))


def _in_meta(head: Head) -> Iterator[str]:
    """What meta tags state of the article."""
    for name in _PUBLISHED_NAMES:
        yield from head.metas.get(name, ())[:1]


def _in_vague(head: Head) -> Iterator[str]:
    """What meta tags state as some date or other."""
    for name in _VAGUE_NAMES:
        yield from head.metas.get(name, ())[:1]


def _from_scripts(text: str, context: ReadingContext) -> Moment | None:
    """The only day of publication in the data of a page's programs; with several, none."""
    found = islice(_IN_SCRIPT.finditer(text), _MOST_IN_SCRIPTS)
    moments = [moment_of(match["at"], "jsonld:script", context) for match in found]
    told = [moment for moment in moments if moment]
    alone = bool(told) and len(told) == len(moments) and len({one.at.date() for one in told}) == 1
    recent = alone and context.now is not None and context.now - told[0].at < timedelta(days=1)
    return told[0] if alone and not recent else None


def _from_hints(context: ReadingContext) -> Moment | None:
    hints = context.hints
    if hints.published_at is None or (context.now and hints.published_at > context.now):
        return None
    precision = Precision.SECOND
    if hints.published_at.astimezone(zone_of(context)).time() == time():
        precision = Precision.DAY
    return Moment(hints.published_at.astimezone(UTC), precision, hints.published_raw or "", "feed")


def _from_url(url: str, context: ReadingContext) -> Moment | None:
    """The day in the address; eight figures count only as a folder: else they number articles."""
    match = _URL_DAY.search(
        "/" + unquote(url.partition("://")[2].partition("/")[2]).partition("?")[0]
    )
    if match is None:
        return None
    year, month, day = (
        next(match[f"{name}{n}"] for n in ("", 2, 3, 4) if match[f"{name}{n}"])
        for name in ("year", "month", "day")
    )
    if month.isalpha():
        month = str(_MONTHS.index(month) + 1) if month in _MONTHS else ""
    return moment_of(f"{year}-{month}-{day}", "url", context) if month else None
