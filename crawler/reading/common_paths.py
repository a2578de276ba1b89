"""Addresses at which sites keep their feeds and sitemaps where no page of theirs says so.

They are guesses: one counts only when an answer to it has been read. The lists are short on
purpose, since each guess is a request to a site that has not asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import urljoin

FEEDS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/?feed=rss2",
    "/atom.xml",
    "/feed/rss",
    "/index.xml",
    "/feeds/posts/default",
    "/feed.json",
    "/atom",
    "/rss/feed",
)
"""WordPress first, which most small outlets use; then Drupal, Joomla, static sites, Blogger."""
FEEDS_OF_A_LANGUAGE = ("/{code}/feed", "/{code}/rss", "/{code}/rss.xml", "/{code}/atom.xml")
SITEMAPS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/wp-sitemap.xml",
    "/sitemap.xml.gz",
    "/sitemap_news.xml",
)
MOST_LANGUAGES = 3


def feed_guesses(front: str, languages: Iterable[str]) -> Iterator[str]:
    """Where a site may keep its feeds: the common places, then those of its languages.

    >>> list(feed_guesses("https://example.ma/home", ["ar"]))[-4:-2]
    ['https://example.ma/ar/feed', 'https://example.ma/ar/rss']
    """
    codes = list(dict.fromkeys(language.partition("-")[0] for language in languages))
    forms = FEEDS_OF_A_LANGUAGE
    spoken = (form.format(code=code) for code in codes[:MOST_LANGUAGES] for form in forms)
    return (urljoin(front, path) for path in chain(FEEDS, spoken))


def sitemap_guesses(front: str) -> Iterator[str]:
    """Where a site may keep its sitemaps."""
    return (urljoin(front, path) for path in SITEMAPS)


def same_place(url: str) -> str:
    """What two addresses have in common that only differ in scheme, `www.` or a last slash.

    >>> same_place("http://www.example.ma/feed/") == same_place("https://example.ma/feed")
    True
    """
    address = url.partition("://")[2].removeprefix("www.")
    path, mark, query = address.partition("?")
    return path.rstrip("/") + mark + query
