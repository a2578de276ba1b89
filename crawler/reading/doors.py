"""What a site's page tells about the ways into the site: its feeds, its sections, its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from crawler.reading import metadata
from crawler.reading.body import Document, parse
from crawler.reading.decode import Failure, clean_text, decode, unpack
from crawler.reading.door_records import Doors
from crawler.reading.feeds import MAX_BYTES, feed_links
from crawler.reading.heads import Head, one_line, read_head
from crawler.reading.urls import clean_url, is_own_host
from crawler.reading.walls import FEW_WORDS, wall
from storage.models import Outcome, Page

MOST_FEEDS = 12
"""Feeds of one page that are worth trying; some sites name one for each tag."""
MOST_SECTIONS = 8
MAX_NAME = 120

_FEED_WORD = re.compile(
    r"(?:^|[/._=?&-])(?:rss\d*|feeds?|atom|rdf|خلاصات)(?:$|[/._=?&-])", re.IGNORECASE
)
_OTHER_FILE = re.compile(r"\.(?:png|svg|gif|jpe?g|webp|css|js|ico|pdf|zip|mp[34])$", re.IGNORECASE)
_OTHER_SERVICE = re.compile(r"(?:^|\.)(?:feedly\.com|inoreader\.com|facebook\.com|x\.com)$")
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)", re.IGNORECASE)
_NO_SECTION = re.compile(
    r"about|contact|login|log-in|signin|register|privacy|terms|policy|advert|subscri|newsletter|"
    r"search|recherche|mentions|connexion|inscription|publicite|apropos|a-propos|cookie|sitemap|"
    r"rss|feed|author|auteur|tag|video|photo|gallery|galerie|podcast|live|account|cart|whoweare",
    re.IGNORECASE,
)
_SECTION_PATH = re.compile(r"(?:/[^/]{1,40}){1,3}/?")
_LONG_NUMBER = re.compile(r"\d{3}")
_MOST_DASHES = 3
_MOST_WORDS = 4
_TEXT_TAGS = ("body", "p", "div", "li", "a", "span", "h1", "h2", "h3", "td")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_KURDISH = {"ku-arab": "ckb", "ku-iq": "ckb", "ku-latn": "kmr", "ku-tr": "kmr"}


def read_doors(page: Page, domains: Iterable[str]) -> Doors:
    """What a page of a site on the hosts `domains` tells about the ways into it."""
    body = unpack(page, MAX_BYTES)
    decoded = body if isinstance(body, Failure) else decode(body, page.header("content-type"))
    document = decoded if isinstance(decoded, Failure) else parse(decoded.text)
    if isinstance(document, Failure):
        return Doors(reason=document.reason)
    head = read_head(document)
    links = list(_links(document, page.final_url))
    return Doors(
        feeds=tuple(feed_links(document, page.final_url)[:MOST_FEEDS]),
        feed_links=_unique((link.url for link in links if link.is_feed), MOST_FEEDS),
        sections=_sections(links, tuple(domains), page.final_url),
        names=_names(head),
        language=_language(head.language),
        wall=_wall(document, head),
    )


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    text: str
    is_feed: bool
    in_menu: bool


def _links(document: Document, base: str) -> Iterator[_Link]:
    """The links in a page's text that can be followed."""
    for a in document.tree.iter("a"):
        url = clean_url(document.plain(a.get("href") or ""), base)
        if url is None or _OTHER_FILE.search(urlsplit(url).path):
            continue
        text = clean_text(one_line(document.plain(a.text_content())))[:MAX_NAME]
        in_menu = next(a.iterancestors("nav", "header"), None) is not None
        yield _Link(url, text, _is_feed(url, a.get("type") or ""), in_menu)


def _is_feed(url: str, said: str) -> bool:
    """Whether a link looks like one to a feed: by its type, or by a word of its address."""
    parts = urlsplit(url)
    if _OTHER_SERVICE.search(parts.hostname or ""):
        return False
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return bool(_FEED_TYPE.match(said) or _FEED_WORD.search(address))


def _sections(links: list[_Link], domains: tuple[str, ...], base: str) -> tuple[str, ...]:
    """The pages that menus lead to, else those that any short link leads to."""
    found = [link for link in links if _is_section(link, domains, base)]
    in_menus = [link.url for link in found if link.in_menu]
    return _unique(in_menus or (link.url for link in found), MOST_SECTIONS)


def _is_section(link: _Link, domains: tuple[str, ...], base: str) -> bool:
    """Whether a link leads to a page of the same site that lists articles of one kind."""
    parts = urlsplit(link.url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return (
        not link.is_feed
        and is_own_host(link.url, domains)
        and not metadata.is_front_page(link.url)
        and link.url != base
        and (link.in_menu if parts.query else bool(_SECTION_PATH.fullmatch(parts.path)))
        and not _NO_SECTION.search(parts.path)
        and not _LONG_NUMBER.search(last)
        and last.count("-") <= _MOST_DASHES
        and 0 < len(link.text.split()) <= _MOST_WORDS
    )


def _names(head: Head) -> tuple[str, ...]:
    """What the page calls its site, the surest first."""
    title = [part.strip() for part in re.split(r"\s+[|\u2013\u2014\-:»•]\s+", head.title)]
    told = (
        head.meta("og:site_name"),
        head.meta("application-name", "apple-mobile-web-app-title"),
        *head.data.publishers,
        min(filter(None, title), key=len, default=""),
    )
    return _unique((one_line(name)[:MAX_NAME] for name in told if name.strip()), 4)


def _language(said: str) -> str:
    """The language of an html tag as a code of ours; "" where it says none that we know.

    >>> _language("ar-IQ"), _language("ku-Latn"), _language("ku"), _language("x-none")
    ('ar', 'kmr', '', '')
    """
    if said in _KURDISH or said.partition("-")[0] == "ku":
        return _KURDISH.get(said.lower(), "")
    first = said.replace("_", "-").partition("-")[0]
    return first if _LANGUAGE.fullmatch(first) else ""


def _wall(document: Document, head: Head) -> str:
    """What stands in the page's place where a site keeps machines out; "" where nothing does."""
    instead = wall(head.title, "", len(list(islice(_words(document), FEW_WORDS))))
    return instead.reason if instead and instead.outcome is Outcome.BLOCKED else ""


def _words(document: Document) -> Iterator[str]:
    """The words that a reader sees."""
    for element in document.tree.iter(
        "body", "p", "div", "li", "a", "span", "h1", "h2", "h3", "td"
    ):
        for text in (element.text, *(child.tail for child in element)):
            yield from (text or "").split()


def _unique(values: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:most]
