"""Saved real pages served under their own paths, and how well a crawl of them reads.

A folder of sets is expected: `<set>/gold.jsonl` with one JSON record a line (id, url, html,
gold_kind, text …) and `<set>/html/<id>.html.gz`. `https://www.example.com/a?b=1` is served as
`http://www.example.com.test:PORT/a?b=1`, byte for byte and without a declared charset. The feeds
hold links only: no title or date of the gold can leak into a crawl.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from crawler.demo.answers import NOT_FOUND, Answer
from crawler.demo.httpserver import Request
from crawler.demo.workspace import write_private
from storage.models import STORED, Outcome

GROUP = 100
"""Most pages in one feed, and so in one made-up outlet."""

WHOLE = 0.8
"""Share of the gold's words that a page must be stored with to count as read."""

Key = tuple[str, str]  # host without port and .test, unquoted path and query


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page of a set: where it lay on the web and where its bytes lie now."""

    set: str
    url: str
    file: Path
    language: str
    gold: str | None  # the words that must be read, where the whole text is known

    @property
    def key(self) -> Key:
        """What it is found by."""
        return page_key(self.url)


@dataclass(frozen=True, slots=True)
class Group:
    """Some pages of one set, offered in one feed by one made-up outlet."""

    name: str
    pages: tuple[SavedPage, ...]

    @property
    def host(self) -> str:
        """The host that serves the group's feed."""
        return f"{self.name.replace('_', '-')}.saved.test"


@dataclass(frozen=True, slots=True)
class PagesScore:
    """How a crawl did on the pages whose whole text is known."""

    pages: int
    whole: int  # stored with at least `WHOLE` of the gold's words
    no_text: int  # refused as no_text or not_article, and wrongly so
    short: tuple[tuple[str, float], ...]  # stored with fewer words: URL and share
    lost: tuple[tuple[str, str], ...]  # not stored: URL and outcome, "" when never seen

    @property
    def whole_share(self) -> float:
        """Share of pages stored with enough of their words."""
        return self.whole / self.pages if self.pages else 0.0

    @property
    def no_text_share(self) -> float:
        """Share of pages wrongly said to hold no article."""
        return self.no_text / self.pages if self.pages else 0.0


def page_key(url: str) -> Key:
    """A page's key, the same for its real URL and for the one it is served under.

    >>> page_key("https://www.example.com/a%20b/?c=1#d")
    ('example.com', '/a b?c=1')
    >>> page_key("http://www.example.com.test:8080/a b?c=1")
    ('example.com', '/a b?c=1')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".test").removeprefix("www.")
    path = unquote(parts.path).rstrip("/") or "/"
    return host, f"{path}?{unquote(parts.query)}" if parts.query else path


def served_url(url: str, port: int) -> str:
    """The URL under which a page is served."""
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=-._~?[]|") if parts.query else ""
    return f"http://{parts.hostname}.test:{port}{path}{query}"


def gold(pages_dir: Path) -> Iterator[SavedPage]:
    """The served pages whose whole text is known: those that a crawl is scored on."""
    return (page for page in saved_pages(pages_dir) if page.gold)


def saved_pages(pages_dir: Path) -> list[SavedPage]:
    """One page per URL over all sets, by set and URL; one with known text is preferred."""
    found: dict[Key, SavedPage] = {}
    for file in sorted(pages_dir.glob("*/gold.jsonl")):
        for record in _records(file):
            page = _saved_page(file.parent, record)
            held = found.get(page.key)
            if held is None or (page.gold and not held.gold):
                found[page.key] = page
    return sorted(found.values(), key=lambda page: (page.set, page.url))


def _records(file: Path) -> Iterator[dict[str, str]]:
    """The JSON records of a file, one a line; str.splitlines would also split at U+2028."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def _saved_page(folder: Path, record: Mapping[str, str]) -> SavedPage:
    """A page from its gold record; `text_min` leaves out paragraphs that need not be read."""
    url = record["url"]
    whole = record.get("gold_kind") == "full"
    return SavedPage(
        set=folder.name,
        url=url if urlsplit(url).hostname else f"http://hard/{url.rpartition(':')[2]}",
        file=folder / record["html"],
        language=record.get("lang") or "und",
        gold=(record.get("text_min") or record.get("text")) if whole else None,
    )


def groups(pages_dir: Path) -> list[Group]:
    """The pages in groups of `GROUP` at most, each of one set."""
    made = []
    for name, members in groupby(saved_pages(pages_dir), key=lambda page: page.set):
        pages = tuple(members)
        for start in range(0, len(pages), GROUP):
            part = pages[start : start + GROUP]
            made.append(Group(f"{name}_{start // GROUP + 1}", part))
    return made


class SavedPages:
    """Answers for the saved pages and for the feeds that lead to them."""

    def __init__(self, pages_dir: Path, port: int) -> None:
        self._groups, self._port = groups(pages_dir), port

    def answer(self, request: Request) -> Answer:
        """The page or feed that a request asks for."""
        if request.path == "/feed.xml" and request.host in self._feeds:
            return self._feeds[request.host]
        page = self._pages.get(page_key(f"http://{request.host}{request.target}"))
        if page is None:
            return NOT_FOUND
        return Answer(content_type="text/html", packed=page.file.read_bytes())

    @cached_property
    def _pages(self) -> dict[Key, SavedPage]:
        return {page.key: page for group in self._groups for page in group.pages}

    @cached_property
    def _feeds(self) -> dict[str, Answer]:
        return {group.host: self._feed(group) for group in self._groups}

    def _feed(self, group: Group) -> Answer:
        """RSS with links and nothing else."""
        links = (escape(served_url(page.url, self._port)) for page in group.pages)
        items = "".join(f"<item><link>{link}</link></item>\n" for link in links)
        feed = (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"<title>{group.name}</title><link>http://{group.host}:{self._port}/</link>"
            f"<description>{group.name}</description>\n{items}</channel></rss>\n"
        )
        return Answer(content_type="application/rss+xml", body=feed.encode())


def lay_out_pages(root: Path, port: int, pages_dir: Path) -> list[str]:
    """Write one outlet file for each group below a workspace's root; returns the outlets' ids."""
    for group in groups(pages_dir):
        write_private(root / "outlets" / "gb" / f"{group.name}.toml", _outlet(group, port))
    return [f"gb_{group.name}" for group in groups(pages_dir)]


def _outlet(group: Group, port: int) -> str:
    """An outlet file: the hosts of the group's pages are its domains."""
    hosts = sorted({f"{urlsplit(page.url).hostname}.test" for page in group.pages})
    languages = [code for code, _ in Counter(page.language for page in group.pages).most_common()]
    return (
        "# Saved pages, served on loopback for measuring only.\n"
        'country = "gb"\ncovers = ["gb"]\ntimezone = "UTC"\nkind = "portal"\n'
        f"languages = {json.dumps([code for code in languages if code != 'und'] or ['en'])}\n"
        f"domains = {json.dumps([group.host, *hosts])}\n"
        f'[name]\nen = "Saved pages {group.name}"\n'
        '[alignment]\nlabel = "unknown"\n'
        f'[[feeds]]\nurl = "http://{group.host}:{port}/feed.xml"\ngrade = "A"\n'
        'evidence = "served by the demo newsroom"\n'
    )


def score(rows: Iterable[Mapping[str, object]], pages_dir: Path) -> PagesScore:
    """Hold a crawl against the gold. Rows need `url`, `outcome` and `text` (None: not stored)."""
    ends = {page_key(str(row["url"])): row for row in rows}
    whole, refused = 0, 0
    short: list[tuple[str, float]] = []
    lost: list[tuple[str, str]] = []
    pages = list(gold(pages_dir))
    for page in pages:
        row = ends.get(page.key, {"outcome": "", "text": None})
        share = recall(page.gold or "", str(row["text"] or ""))
        if row["outcome"] not in STORED:
            lost.append((page.url, str(row["outcome"])))
            refused += row["outcome"] in (Outcome.NO_TEXT, Outcome.NOT_ARTICLE)
        elif share < WHOLE:
            short.append((page.url, round(share, 3)))
        else:
            whole += 1
    return PagesScore(len(pages), whole, refused, tuple(short), tuple(lost))


def recall(wanted: str, text: str) -> float:
    """The share of the wanted words (a multiset of case-folded `\\w+`) that a text has.

    >>> recall("One two two", "two ONE three")
    0.6666666666666666
    """
    words = _words(wanted)
    total = words.total()
    return (words & _words(text)).total() / total if total else 1.0


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))
