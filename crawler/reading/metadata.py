"""What a page says about its article beside the text: headline, byline, section, addresses.

Each fact is looked for where outlets state it, most reliable place first, and the place is kept
as its method. The page is walked once.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html as lxml_html

from crawler.reading.body import Document
from crawler.reading.jsonld import JsonLd, article_data, names_of, texts_of
from crawler.reading.page_lines import is_apart, is_title
from crawler.reading.urls import clean_url, is_own_host
from storage.models import ReadingContext
from storage.text import fold

MAX_HEADLINE = 500
MAX_FIELD = 300

_SEPARATED = re.compile(r"\s+(?:[|\u2013\u2014\-:\u00b7\u00bb\u2022]|::|//)\s+|\s*\|\s*")
_BY = re.compile(r"^(?:by|par|written by|بقلم|كتب|كتبه|كتبت|نووسینی|ji)\s*:?\s+", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,500}>")
_WALKED = ("meta", "link", "h1", "script", "title")
_SECTION_NAMES = ("article:section", "section", "parsely-section", "sailthru.section")
_BYLINE_NAMES = (
    "author",
    "article:author",
    "byl",
    "dc.creator",
    "parsely-author",
    "cxenseparse:author",
)

Found = tuple[str, str]  # value, method

_SMALL_SCREEN = re.compile(r"handheld|(?:only )?(?:screen and )?\(max-(?:device-)?width")
_MOST_ALTERNATES = 4
_BARE_HOST = re.compile(r"[\w\-]+(?:\.[\w\-]+)+/")
_FRONT = re.compile(r"(?:index|default)\.(?:html?|php|aspx?)|home|index|accueil")
_LANGUAGE = re.compile(r"[a-z]{2}|ckb|kmr")
_CHOOSES_LANGUAGE = re.compile(r"(?:lang|language|hl|locale|l)=[\w\-]{1,10}", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """The elements of a page that state facts, in document order."""

    document: Document
    metas: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: list[tuple[str, str, str]] = field(default_factory=list)  # (rel, href, media)
    headings: list[lxml_html.HtmlElement] = field(default_factory=list)
    data: JsonLd = field(default_factory=JsonLd)
    title: str = ""
    language: str = ""

    def meta(self, *names: str) -> str:
        """The first content of the first of the names that the page has, or ""."""
        return next((value for name in names for value in self.metas.get(name, ())), "")


def read_head(document: Document) -> Head:
    """Gather what states facts, in one walk over the tree."""
    head = Head(document, language=_attribute(document.tree, "lang")[:20].lower())
    scripts: list[str] = []
    for element in document.tree.iter(*_WALKED):
        match element.tag:
            case "meta" if not _of_another(element):
                _add_meta(head, element)
            case "link":
                rel, media = (_attribute(element, name).lower() for name in ("rel", "media"))
                head.links.append((rel, _attribute(element, "href"), media))
            case "h1":
                head.headings.append(element)
            case "title":
                head.title = head.title or one_line(document.plain(element.text_content()))
            case "script" if "ld+json" in _attribute(element, "type").lower():
                scripts.append(document.plain(element.text or ""))
    head.data = article_data(scripts, page_titles(head))
    return head


def page_titles(head: Head) -> list[str]:
    """What the page calls its article beside JSON-LD; its first-level headings if nothing else."""
    stated = [head.meta("og:title"), head.meta("twitter:title"), head.title]
    titles = [line for text in stated if (line := one_line(text))]
    shown = (head.document.plain(element.text_content()) for element in head.headings[:3])
    return titles or [line for text in shown if (line := one_line(text))]


def _attribute(element: lxml_html.HtmlElement, name: str) -> str:
    return (element.get(name) or "").strip()


def _of_another(element: lxml_html.HtmlElement) -> bool:
    """Whether a fact inside the page's body is of a comment or of another article."""
    return bool(element.get("itemprop")) and any(map(is_apart, element.iterancestors()))


def _add_meta(head: Head, element: lxml_html.HtmlElement) -> None:
    content = head.document.plain(_attribute(element, "content"))
    if content:
        for key in ("property", "name", "itemprop"):
            if name := _attribute(element, key).lower():
                head.metas[name].append(content)


def one_line(text: str) -> str:
    """`text` on one line with single spaces; entities that were escaped twice are resolved."""
    return " ".join(html.unescape(text).split())


# ---------------------------------------------------------------- headline


def headline(head: Head, hint: str | None = None) -> Found:
    """The headline without the site's name, and where it came from; ("", "") if there is none.

    A heading that the title or JSON-LD repeats is the headline as readers see it.
    """
    stated = [fold(value) for value, _ in _stated_headlines(head)]
    for element in head.headings[:5]:
        text = one_line(head.document.plain(element.text_content()))[:MAX_HEADLINE]
        if text and is_title(text, stated):
            return text, "h1"
    told = one_line(_TAG.sub("", hint or ""))[:MAX_HEADLINE]
    for value, method in _stated_headlines(head):
        if _is_one_end(told, value):
            return told, "feed"
        return _without_site(value, head)[:MAX_HEADLINE], method
    return (told, "feed") if told else _first_heading(head)


def _is_one_end(told: str, title: str) -> bool:
    """Whether a feed's headline is a title without something in front or behind: a site's name."""
    key, whole = fold(told), fold(title)
    return key.count(" ") >= 1 and key != whole and (whole.startswith(key) or whole.endswith(key))


def _stated_headlines(head: Head) -> Iterator[Found]:
    """Headlines from the data that outlets write for machines, best first."""
    for value in texts_of(head.data.article.get("headline")):
        yield one_line(_TAG.sub("", value)), "jsonld"
    for name in ("og:title", "twitter:title", "dc.title"):
        if value := head.meta(name):
            yield one_line(value), "meta"
    if head.title:
        yield head.title, "title"


def _without_site(title: str, head: Head) -> str:
    """The title without the parts at its end or start that name the site or a section."""
    parts = _SEPARATED.split(title)
    if len(parts) < 2:
        return title
    sites = {fold(name) for name in (head.meta("og:site_name"), *head.data.publishers) if name}
    if fold(parts[-1]) in sites or (not sites and len(parts[-1].split()) <= 4):
        return title[: title.rindex(parts[-1])].rstrip(" |-–—:·»•/")
    if fold(parts[0]) in sites:
        return title[title.index(parts[0]) + len(parts[0]) :].lstrip(" |-–—:·»•/")
    return title


def _first_heading(head: Head) -> Found:
    for element in head.headings:
        if text := one_line(head.document.plain(element.text_content())):
            return text[:MAX_HEADLINE], "h1"
    return "", ""


# ---------------------------------------------------------------- byline, section, addresses


def byline(head: Head, hint: str | None = None) -> Found:
    """Who signed the article, or ("", "")."""
    names = names_of(head.data.article.get("author")) or names_of(head.data.article.get("creator"))
    if names:
        return _person(", ".join(dict.fromkeys(names))), "jsonld"
    for name in _BYLINE_NAMES:
        for value in head.metas.get(name, ()):
            if not value.startswith(("http:", "https:", "/")):
                return _person(value), "meta"
    for element in head.document.tree.iterfind(".//a[@rel='author']"):
        if text := _person(head.document.plain(element.text_content())):
            return text, "link"
    return (_person(hint), "feed") if hint else ("", "")


def _person(text: str) -> str:
    return _BY.sub("", one_line(_TAG.sub("", text)))[:MAX_FIELD]


def section(head: Head, hint: str | None = None) -> Found:
    """The section in which the article stands, or ("", "")."""
    for value in texts_of(head.data.article.get("articleSection")):
        return one_line(value)[:MAX_FIELD], "jsonld"
    if value := head.meta(*_SECTION_NAMES):
        return one_line(value)[:MAX_FIELD], "meta"
    return (one_line(hint)[:MAX_FIELD], "feed") if hint else ("", "")


def image_url(head: Head, base: str) -> Found:
    """The article's picture, or ("", "")."""
    if url := clean_url(head.meta("og:image", "og:image:url", "twitter:image"), base):
        return url, "meta"
    for value in texts_of(head.data.article.get("image"), key="url"):
        if url := clean_url(value, base):
            return url, "jsonld"
    return "", ""


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
