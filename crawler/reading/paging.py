"""The next page of a list: what a page calls so, or the number after its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.reading.body import Document
from crawler.reading.page_links import PageLink, base_of, head_links
from crawler.reading.url_anatomy import address_parts
from crawler.reading.urls import clean_url, is_own_host
from storage.text import fold

_NEXT = frozenset(
    map(
        fold,
        (
            *("التالي", "التالية", "الصفحة التالية", "الأقدم", "أخبار أقدم", "المقالات الأقدم"),
            *("next", "next page", "older", "older posts", "older entries", "older articles"),
            *("suivant", "suivante", "suivants", "page suivante", "articles plus anciens"),
            *("دواتر", "پاشتر", "لاپەڕەی دواتر", "pêşve", "ya din", "rûpela din", "paşê"),
            *("»", "›", ">", ">>", "→", "التالي »", "next »", "suivant »", "next ›", "التالي ›"),
        ),
    )
)
_PAGE_NUMBER = re.compile(
    r"(?P<before>.*?(?:[?&](?:page|paged|pg|p|pagenum|pageno|page_no|currentpage|pn|صفحة)="
    r"|/(?:page|p|pages|صفحة)[/\-]))(?P<number>\d{1,6})(?P<after>(?:[/&.].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_LAST_NUMBER = re.compile(r"(?P<before>.*?)/(?P<number>\d{1,4})/?")
_STEPS = re.compile(
    r"(?P<before>.*?[?&](?:start|offset|from|limitstart|skip)=)(?P<number>\d{1,7})(?P<after>(?:&.*)?)",
    re.IGNORECASE | re.DOTALL,
)


def next_page(
    document: Document, address: str, links: Iterable[PageLink], domains: Iterable[str]
) -> str | None:
    """The address of the page after this one, on the outlet's hosts, or None.

    What the page says with rel=next is believed first, then a link that is called "next", then
    one to the number after this page's own. It must differ from this page in a number only.
    """
    owned = tuple(domains)
    listed = list(links)
    named = (*_said(document, address), *_called(listed))
    for url in named:
        if _is_other(url, address, owned) and (_continues(url, address) or _is_step(url, address)):
            return url
    following = (url for url in _counted(listed, address) if _is_other(url, address, owned))
    return next((url for url in following if _continues(url, address)), None)


def page_number(url: str) -> int | None:
    """Which page of a list an address is, as far as it says so: `?page=3`, `/page/3`.

    >>> page_number("https://x.ma/news?page=3"), page_number("https://x.ma/news")
    (3, None)
    """
    found = _PAGE_NUMBER.fullmatch(_tail(url)) or _STEPS.fullmatch(_tail(url))
    return int(found["number"]) if found else None


def _said(document: Document, address: str) -> Iterator[str]:
    base = base_of(document, address)
    for element in head_links(document, "next"):
        if url := clean_url(document.plain(element.get("href") or ""), base):
            yield url


def _called(links: Iterable[PageLink]) -> Iterator[str]:
    for link in links:
        said = (fold(text).strip() for text in (*link.texts, *link.titles))
        if any(text in _NEXT for text in said):
            yield link.url


def _counted(links: Iterable[PageLink], address: str) -> Iterator[str]:
    """Links that are called by the number after this page's own."""
    following = str((page_number(address) or 1) + 1)
    for link in links:
        if following in link.texts and page_number(link.url) is not None:
            yield link.url


def _is_other(url: str, address: str, domains: tuple[str, ...]) -> bool:
    return url != address and is_own_host(url, domains)


def _continues(url: str, address: str) -> bool:
    """Whether an address goes on from another one, as the number of a page does, upwards."""
    number, own = page_number(url), page_number(address)
    if number is None:
        return False
    least = 0 if _is_steps(url) else 1
    return number > (least if own is None else own) and _stem(url) == _stem(address)


def _is_step(url: str, address: str) -> bool:
    """Whether an address has the next number at its end: `/news/2` after `/news`."""
    found = _LAST_NUMBER.fullmatch(_tail(url))
    own = _LAST_NUMBER.fullmatch(_tail(address))
    if found is None:
        return False
    if own is not None and own["before"] == found["before"]:
        return int(found["number"]) == int(own["number"]) + 1
    return found["number"] == "2" and found["before"] == _tail(address).rstrip("/")


def _is_steps(url: str) -> bool:
    return _PAGE_NUMBER.fullmatch(_tail(url)) is None


def _stem(url: str) -> str:
    """The path of a list without the number of its page."""
    path = _tail(url).partition("?")[0]
    found = _PAGE_NUMBER.fullmatch(path)
    if found:
        path = re.sub(r"/[^/]*[/\-]?$", "", found["before"].rstrip("/-"))
    return path.rstrip("/").lower()


def _tail(url: str) -> str:
    """Path and query of an address, in the letters of all scripts."""
    path, query, _ = address_parts(url)
    return path + (f"?{query}" if query else "")
