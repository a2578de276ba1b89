"""What a robots.txt says besides what it forbids: where the sitemaps are."""

from __future__ import annotations

import re

from crawler.reading.urls import clean_url

MAX_SITEMAPS = 100
_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2083})", re.IGNORECASE | re.MULTILINE)


def robots_sitemaps(text: str, base: str | None = None) -> list[str]:
    """The sitemaps that a robots.txt names, in order, without repetition; absolute web addresses.

    `base` is the address of the robots.txt, for those that it names without their host.

    >>> robots_sitemaps("User-agent: *\\nSitemap: https://example.ma/s.xml\\nsitemap: /none.xml")
    ['https://example.ma/s.xml']
    """
    text = text.lstrip("\ufeff").replace("\r", "\n")
    urls = (clean_url(found[1], base) for found in _LINE.finditer(text))
    return list(dict.fromkeys(url for url in urls if url))[:MAX_SITEMAPS]
