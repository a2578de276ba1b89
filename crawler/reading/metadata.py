"""What a page says about its article beside headline, byline and text: section, addresses.

Each fact is looked for where outlets state it, most reliable place first, and the place is kept
as its method.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.reading.heads import Head, one_line
from crawler.reading.jsonld import texts_of
from crawler.reading.notes import SILENT, Notes
from crawler.reading.urls import clean_url, is_own_host
from storage.models import ReadingContext

MAX_FIELD = 300

_BY = re.compile(r"^(?:by|par|written by|بقلم|كتب|كتبه|كتبت|نووسینی|ji)\s*:?\s+", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,500}>")
_SECTION_NAMES = ("article:section", "section", "parsely-section", "sailthru.section")

Found = tuple[str, str]  # value, method

_SMALL_SCREEN = re.compile(r"handheld|(?:only )?(?:screen and )?\(max-(?:device-)?width")
_MOST_ALTERNATES = 4
_MOST_NOTED = 10
_BARE_HOST = re.compile(r"[\w\-]+(?:\.[\w\-]+)+/")
_FRONT = re.compile(r"(?:index|default)\.(?:html?|php|aspx?)|home|index|accueil")
_LANGUAGE = re.compile(r"[a-z]{2}|ckb|kmr")
_CHOOSES_LANGUAGE = re.compile(r"(?:lang|language|hl|locale|l)=[\w\-]{1,10}", re.IGNORECASE)


# ---------------------------------------------------------------- persons, section, addresses


def person(text: str) -> str:
    """Who signed, without "by" and markup.

    >>> person("By  Sana <b>Example</b>")
    'Sana Example'
    """
    return _BY.sub("", one_line(_TAG.sub("", text)))[:MAX_FIELD]


def section(head: Head, hint: str | None = None, notes: Notes = SILENT) -> Found:
    """The section in which the article stands, or ("", "")."""
    return _first("section", _sections(head, hint), notes)


def _sections(head: Head, hint: str | None) -> Iterator[Found]:
    for value in texts_of(head.data.article.get("articleSection"))[:1]:
        yield one_line(value)[:MAX_FIELD], "jsonld"
    if value := head.meta(*_SECTION_NAMES):
        yield one_line(value)[:MAX_FIELD], "meta"
    if hint:
        yield one_line(hint)[:MAX_FIELD], "feed"


def image_url(head: Head, base: str, notes: Notes = SILENT) -> Found:
    """The article's picture, or ("", "")."""
    return _first("image_url", _images(head, base, notes), notes)


def _images(head: Head, base: str, notes: Notes) -> Iterator[Found]:
    stated = [(head.meta("og:image", "og:image:url", "twitter:image"), "meta")]
    stated += [(url, "jsonld") for url in texts_of(head.data.article.get("image"), key="url")]
    for value, method in stated:
        if url := clean_url(value, base):
            yield url, method
        elif value:
            notes.rejected("image_url", method, value, "no address of a page or picture")


def _first(field: str, places: Iterator[Found], notes: Notes) -> Found:
    """What the best place states; where somebody asks, also what is passed over for it."""
    best = next(places, ("", ""))
    for value, method in islice(places, _MOST_NOTED) if notes.wanted else ():
        if value != best[0]:
            notes.rejected(field, method, value, f"{best[1]} states another")
    return best


def canonical_url(head: Head, base: str, context: ReadingContext) -> Found:
    """The address that the page calls its own, if it lies on the outlet's hosts and is no front
    page; ("", "") otherwise, since any site can claim any address.
    """
    stated = [(href, "link") for rel, href, _ in head.links if rel == "canonical" and href]
    stated += [(value, "meta") for value in map(_whole_address, head.metas.get("og:url", ()))]
    for href, method in stated:
        url = clean_url(href, base)
        if url and is_own_host(url, context.domains) and not is_front_page(url):
            return url, method
    return "", ""


def alternates(head: Head, base: str, context: ReadingContext) -> tuple[tuple[str, str], ...]:
    """The page's AMP, mobile and print views that it names, as (kind, address)."""
    found: dict[str, str] = {}
    for rel, href, media in head.links:
        kind = "amp" if rel == "amphtml" else _shown_on(media) if rel == "alternate" else ""
        url = clean_url(href, base) if kind and href else None
        if kind and url and is_own_host(url, context.domains) and not is_front_page(url):
            found.setdefault(url, kind)
    return tuple((kind, url) for url, kind in list(found.items())[:_MOST_ALTERNATES])


def _shown_on(media: str) -> str:
    """The view that a page for such a medium is, or ""."""
    if media == "print":
        return media
    return "mobile" if _SMALL_SCREEN.match(media) else ""


def _whole_address(value: str) -> str:
    """What og:url says, which must be whole: `example.ma/a` names a host, and `a/b` nothing."""
    if value.startswith(("/", "http:", "https:")):
        return value
    return f"https://{value}" if _BARE_HOST.match(value) else ""


def is_front_page(url: str) -> bool:
    """Whether `url` is a site's front page, also in one language (`/ar/`, `/?lang=ar`)."""
    path, _, query = url.partition("://")[2].partition("/")[2].partition("#")[0].partition("?")
    segments = [segment for segment in path.lower().split("/") if segment]
    if segments and _FRONT.fullmatch(segments[-1]):
        del segments[-1]
    language = len(segments) == 1 and _LANGUAGE.fullmatch(segments[0])
    plain = not query or _CHOOSES_LANGUAGE.fullmatch(query)
    return bool(plain and (not segments or language))
