"""Reads feeds: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed, as broken as outlets serve them.

We unpack, decode and mend the text (feedxml.py) and give feedparser only bytes of our own making:
it would open a body that looks like a path, and one bad byte garbles a whole Arabic feed.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from crawler.reading.body import Document
from crawler.reading.chronology import shows_since
from crawler.reading.decode import Decoded, Failure, clean_text, decode, unpack
from crawler.reading.feedxml import Mended, mend
from crawler.reading.heads import one_line
from crawler.reading.published import moment_of
from crawler.reading.urls import clean_url
from crawler.reading.walls import wall
from storage.finding import Entry, FeedReading, VisitOutcome
from storage.models import Hints, Outcome, Page, ReadingContext

MAX_BYTES = 8_000_000
"""Unpacked; see crawler.reading.page.MAX_BYTES."""
MAX_SUMMARY = 2_000

_FAILED = {
    Outcome.TOO_LARGE: VisitOutcome.TOO_LARGE,
    Outcome.NETWORK_ERROR: VisitOutcome.NETWORK_ERROR,
}
_XML_ROOT = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FEED_TYPES = re.compile(r"application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)|text/xml", re.I)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_HIDDEN = re.compile(r"<(?:script|style|noscript)\b", re.IGNORECASE)
_SHOWN_AGAIN = re.compile(r"</(?:script|style|noscript)", re.IGNORECASE)
_HEAD = 100_000
"""Characters of a web page that are looked at: a wall is short."""
_TAG = re.compile(r"<[^<>]{0,2000}>")

Found = tuple[Entry | None, str]  # an entry, or why there is none


def read_feed(page: Page, context: ReadingContext) -> FeedReading:
    """The entries of a feed in its order, or why there are none.

    An entry without a usable link, or with that of an earlier one, is listed in `ignored`.
    """
    body = unpack(page, min(MAX_BYTES, context.max_bytes))
    if isinstance(body, Failure):
        return FeedReading(_FAILED.get(body.outcome, VisitOutcome.BROKEN), body.reason)
    if not body.strip():
        return FeedReading(VisitOutcome.BROKEN, "empty body")
    decoded = decode(body, page.header("content-type"))
    if isinstance(decoded, Failure):
        return FeedReading(VisitOutcome.BROKEN, decoded.reason)
    text = decoded.text.lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return _read_json(text, decoded, page, context)
    if _is_web_page(text):
        return _web_page(text, decoded.charset)
    return _read_xml(text, decoded, page, context)


def feed_links(document: Document, base: str) -> list[str]:
    """The feeds that the link tags of a web page at `base` name, in order, without repetition."""
    urls = (
        clean_url(document.plain(link.get("href") or ""), base)
        for link in document.tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower()
        and _FEED_TYPES.match((link.get("type") or "").strip())
    )
    return list(dict.fromkeys(url for url in urls if url))


def _is_web_page(text: str) -> bool:
    head = text[:4000]
    html = _HTML_ROOT.search(head)
    xml = _XML_ROOT.search(head)
    return html is not None and (xml is None or html.start() < xml.start())


def _web_page(text: str, charset: str) -> FeedReading:
    """A web page in the place of a feed: a challenge is a wall, any other one a page."""
    title = _TITLE.search(text[:_HEAD])
    shown, *rest = _HIDDEN.split(text[:_HEAD])
    shown += " ".join(_SHOWN_AGAIN.split(part, maxsplit=1)[-1] for part in rest if "</" in part)
    failure = wall(one_line(title[1]) if title else "", "", len(_TAG.sub(" ", shown).split()))
    if failure is not None and failure.outcome is Outcome.BLOCKED:
        return FeedReading(VisitOutcome.BLOCKED, failure.reason, charset=charset)
    return FeedReading(VisitOutcome.HTML, "a web page", charset=charset)


def _reading(
    found: Iterable[Found], title: str, reason: str, charset: str, context: ReadingContext
) -> FeedReading:
    """The reading made of what was found; entries that repeat a link are ignored."""
    entries: dict[str, Entry] = {}
    ignored: list[str] = []
    for number, (entry, why) in enumerate(found, start=1):
        if entry is None:
            ignored.append(f"entry {number}: {why}")
        elif entry.url in entries:
            ignored.append(f"entry {number}: same link as an earlier one")
        else:
            entries[entry.url] = entry
    outcome = VisitOutcome.READ if entries or ignored else VisitOutcome.EMPTY
    dates = [entry.hints.published_at for entry in entries.values()]
    return FeedReading(
        outcome,
        reason,
        title=clean_text(one_line(_TAG.sub("", title)))[:200],
        entries=tuple(entries.values()),
        ignored=tuple(ignored),
        newest_raw=_newest_raw(entries.values()),
        newest_at=max(filter(None, dates), default=None),
        shows_since=shows_since(dates),
        charset=charset,
    )


def _newest_raw(entries: Iterable[Entry]) -> str | None:
    """The newest date as found; the first one where none can be read."""
    stated = [entry.hints for entry in entries if entry.hints.published_raw]
    dated = [hints for hints in stated if hints.published_at]
    if dated:
        return max(dated, key=lambda hints: hints.published_at or 0).published_raw
    return stated[0].published_raw if stated else None


# ---------------------------------------------------------------- XML


def _read_xml(text: str, decoded: Decoded, page: Page, context: ReadingContext) -> FeedReading:
    import feedparser

    mended = mend(text)
    parsed = feedparser.parse(
        io.BytesIO(mended.xml.encode()),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": page.final_url,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.entries and (mended.items or mended.reason or not parsed.get("version")):
        cause = parsed.get("bozo_exception")
        reason = f"no entry could be read: {type(cause).__name__}" if cause else "not a feed"
        return FeedReading(VisitOutcome.BROKEN, mended.reason or reason, charset=decoded.charset)
    found = [_xml_entry(entry, page.final_url, context) for entry in parsed.entries]
    reason = _losses(mended, len(found), decoded)
    title = str(parsed.feed.get("title") or "")
    return _reading(found, title, reason, decoded.charset, context)


def _losses(mended: Mended, parsed: int, decoded: Decoded) -> str:
    """What was lost or repaired on the way, in words; "" for a feed that was whole."""
    reasons = [mended.reason] if mended.reason else []
    if mended.items > parsed:
        reasons.append(f"{mended.items - parsed} of {mended.items} entries lost")
    if decoded.replaced:
        reasons.append(f"{decoded.replaced} bad bytes")
    return "; ".join(reasons)


def _xml_entry(entry: Any, base: str, context: ReadingContext) -> Found:
    headline = _plain(entry.get("title"))
    url = next(_links(entry, _base(entry, base)), None)
    if url is None:
        return None, f"no usable link ({(headline or 'untitled')[:60]})"
    tags = entry.get("tags") or [{}]
    updated = dict.get(entry, "updated")  # its own get() answers with the publication date
    return _entry(
        url,
        {
            "headline": headline,
            "published_raw": entry.get("published") or updated,
            "modified_raw": updated,
            "summary": _plain(entry.get("summary")),
            "byline": _plain(entry.get("author")),
            "section": _plain(tags[0].get("term")),
            "guid": entry.get("id"),
        },
        context,
    )


def _base(entry: Any, base: str) -> str:
    """The address to which an entry's links are relative: its xml:base, else the feed's own."""
    stated = (entry.get("title_detail") or {}).get("base")
    return clean_url(stated, base) or base if stated else base


def _links(entry: Any, base: str) -> Iterator[str]:
    """The usable links of an entry, best first."""
    links = entry.get("links") or []
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    alternates.sort(key=lambda link: "html" not in (link.get("type") or "html"))
    candidates = [
        entry.get("feedburner_origlink"),
        *(link.get("href") for link in alternates),
        entry.get("link"),
        entry.get("id") if _is_web_address(entry.get("id")) else None,
    ]
    for href in candidates:
        if isinstance(href, str) and (url := clean_url(href, base)):
            yield url


def _is_web_address(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower().startswith(("http://", "https://"))


# ---------------------------------------------------------------- JSON Feed


def _read_json(text: str, decoded: Decoded, page: Page, context: ReadingContext) -> FeedReading:
    """JSON Feed 1.0 and 1.1."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return FeedReading(VisitOutcome.BROKEN, f"no JSON: {type(error).__name__}")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return FeedReading(VisitOutcome.BROKEN, "JSON, and no JSON Feed", charset=decoded.charset)
    found = [_json_entry(item, page.final_url, context) for item in items]
    return _reading(found, _text(feed.get("title")) or "", "", decoded.charset, context)


def _json_entry(item: object, base: str, context: ReadingContext) -> Found:
    if not isinstance(item, dict):
        return None, "no object"
    headline = _plain(item.get("title"))
    guid = item.get("id")
    candidates = [item.get("url"), item.get("external_url"), guid if _is_web_address(guid) else ""]
    urls = (clean_url(href, base) for href in candidates if isinstance(href, str))
    url = next((url for url in urls if url), None)
    if url is None:
        return None, f"no usable link ({(headline or 'untitled')[:60]})"
    summary = item.get("summary") or item.get("content_text") or item.get("content_html")
    return _entry(
        url,
        {
            "headline": headline,
            "published_raw": item.get("date_published") or item.get("date_modified"),
            "modified_raw": item.get("date_modified"),
            "summary": _plain(summary),
            "byline": _plain(_first_name(item)),
            "section": _plain(_first(item.get("tags"))),
            "guid": guid,
        },
        context,
    )


def _first(values: object) -> object:
    return values[0] if isinstance(values, list) and values else None


def _first_name(item: dict[str, Any]) -> object:
    author = _first(item.get("authors")) or item.get("author")
    return author.get("name") if isinstance(author, dict) else None


# ---------------------------------------------------------------- both


def _entry(url: str, facts: dict[str, Any], context: ReadingContext) -> Found:
    """An entry with its hints; the date counts only where its day is sure."""
    values = {name: _text(value) for name, value in facts.items()}
    raw = values["published_raw"]
    moment = moment_of(raw, "feed", context) if raw else None
    hints = Hints(published_at=moment.at if moment else None, **values)
    return Entry(url, hints), ""


def _text(value: object) -> str | None:
    """A value as text that can be stored, or None for nothing."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    return clean_text(str(value)).strip()[:MAX_SUMMARY] or None


def _plain(value: object) -> str | None:
    """A text without markup, on one line."""
    text = _text(value)
    return (one_line(_TAG.sub(" ", text)) or None) if text else None
