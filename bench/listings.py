"""Links to articles on pages that list them: by blocks, as learned, by a proposed pattern.

The truth is known on front pages that we make. Real front pages are in no set of shared data; the
real article pages there tell only whether the shape of a page's own, known address is found by its
other links.
"""

from __future__ import annotations

import gzip
import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.areas import tell_figures
from bench.front_pages import FrontPage, front_pages
from crawler.reading.listing_records import ListingReading, ListingRule
from crawler.reading.listings import read_listing
from crawler.reading.patterns import compile_pattern
from crawler.reading.url_patterns import propose_pattern
from crawler.reading.url_shapes import LEAST_EXAMPLES, learn, seen_by_patterns
from crawler.reading.urls import url_key
from storage.models import Page, ReadingContext
from storage.times import utc_now

_SECOND_LEVEL = (".co.uk", ".com.au", ".com.br", ".co.za", ".org.uk", ".co.jp", ".co.kr")


class Tally:
    """True and false choices over many pages."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = self.pages = self.whole = 0
        self.worst: list[tuple[float, str]] = []

    def add(self, name: str, chosen: Collection[str], truth: Collection[str]) -> None:
        """Count one page."""
        right = len(set(chosen) & set(truth))
        wrong, missed = len(set(chosen)) - right, len(set(truth)) - right
        self.right, self.wrong, self.missed = (
            self.right + right,
            self.wrong + wrong,
            self.missed + missed,
        )
        self.pages += 1
        self.whole += not wrong and not missed
        self.worst = sorted([*self.worst, (2 * right / (2 * right + wrong + missed), name)])[:3]

    def figures(self, name: str) -> dict[str, Any]:
        """Precision, recall, pages without any mistake, and the worst page."""
        return {
            f"{name}_precision": round(self.right / max(1, self.right + self.wrong), 4),
            f"{name}_recall": round(self.right / max(1, self.right + self.missed), 4),
            f"{name}_pages_right": f"{self.whole} of {self.pages}",
            f"{name}_worst_f1": f"{self.worst[0][0]:.3f} ({self.worst[0][1]})"
            if self.worst
            else "",
        }


def figures(data: Path | None) -> dict[str, Any]:
    """All figures; those of real pages only where the shared data is."""
    return made() | (real(data) if data else {})


def made() -> dict[str, Any]:
    """Choices on the made front pages."""
    tallies = {name: Tally() for name in ("blocks", "learned", "pattern", "proposed")}
    seconds: list[float] = []
    for front in front_pages():
        began = time.perf_counter()
        reading = _read(front, ListingRule())
        seconds.append(time.perf_counter() - began)
        tallies["blocks"].add(front.name, _urls(reading), front.articles)
        learned = _read(front, ListingRule(known=front.known))
        tallies["learned"].add(front.name, _urls(learned), front.articles)
        _add_pattern(tallies["pattern"], front, propose_pattern(front.known))
        _add_proposed(tallies["proposed"], front, reading)
    found = {
        "made_pages": len(seconds),
        "made_page_ms": round(1000 * sum(seconds) / len(seconds), 1),
    }
    for name, tally in tallies.items():
        found |= tally.figures(name)
    return found


def _add_pattern(tally: Tally, front: FrontPage, pattern: str | None) -> None:
    """What a pattern made of other articles chooses on the page."""
    chosen = _urls(_read(front, ListingRule(pattern=pattern))) if pattern else []
    tally.add(f"{front.name}: {pattern}", chosen, front.articles)


def _add_proposed(tally: Tally, front: FrontPage, reading: ListingReading) -> None:
    """What a pattern made of the page's own blocks says of articles that it does not show."""
    pattern = propose_pattern(_urls(reading), reading.other_links)
    compiled = compile_pattern(pattern) if pattern else None
    met = [url for url in front.known if compiled and compiled.search(seen_by_patterns(url))]
    tally.add(f"{front.name}: {pattern}", met, front.known)


def _read(front: FrontPage, rule: ListingRule) -> ListingReading:
    host = urlsplit(front.url).hostname or ""
    header = ("Content-Type", f"text/html; charset={front.charset}")
    page = Page(front.url, front.url, 200, (header,), front.body, utc_now())
    return read_listing(page, _context(host, page), rule)


def _context(domain: str, page: Page) -> ReadingContext:
    return ReadingContext("xx_made", "iq", ("ar",), "UTC", (domain,), now=page.fetched_at)


def _urls(reading: ListingReading) -> list[str]:
    return [link.url for link in reading.links]


# ---------------------------------------------------------------- real pages


def real(data: Path) -> dict[str, Any]:
    """What a real page's links tell of addresses that are known to be articles."""
    hosts = _by_host(data)
    read = found = 0
    seconds: list[float] = []
    for domain, pages in sorted(hosts.items()):
        url, file = next(iter(pages.items()))
        page = Page(url, url, 200, (("Content-Type", "text/html"),), _body(file), utc_now())
        began = time.perf_counter()
        reading = read_listing(page, _context(domain, page), ListingRule())
        seconds.append(time.perf_counter() - began)
        if len(reading.links) >= LEAST_EXAMPLES:
            read += 1
            found += learn(_urls(reading)).fits(url)
    return {
        "real_article_pages": len(hosts),
        "real_with_5_links": read,
        "real_own_shape_found": round(found / max(1, read), 4),
        "real_page_ms": round(1000 * sum(seconds) / len(seconds), 1),
        "real_slowest_ms": round(1000 * max(seconds), 1),
        **_left_out(hosts.values()),
    }


def _left_out(hosts: Iterable[dict[str, Path]]) -> dict[str, Any]:
    """Whether an article's address has the shape learned from the others of its host.

    These are of many years, so that redesigns lie between them.
    """
    fits = told = 0
    for pages in hosts:
        urls = list(pages)
        if len(urls) > LEAST_EXAMPLES:
            told += len(urls)
            fits += sum(learn(other for other in urls if other != url).fits(url) for url in urls)
    return {"real_left_out": told, "real_left_out_fits": round(fits / max(1, told), 4)}


def _by_host(data: Path) -> dict[str, dict[str, Path]]:
    """The saved pages by domain: address -> file, each article once."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for url, file in _pages(data):
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        labels = 3 if host.endswith(_SECOND_LEVEL) else 2
        domain = ".".join(host.split(".")[-labels:])
        if url_key(url) not in map(url_key, found[domain]):
            found[domain][url] = file
    return found


def _pages(data: Path) -> Iterator[tuple[str, Path]]:
    for gold in sorted((data / "pages").glob("*/gold.jsonl")):
        with gold.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                url, file = row["url"], gold.parent / row["html"]
                if url.startswith("http") and "test.invalid" not in url and file.exists():
                    yield url, file


def _body(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


if __name__ == "__main__":
    tell_figures(__doc__, figures)
