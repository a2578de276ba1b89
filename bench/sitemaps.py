"""CPU seconds and memory of reading long sitemaps, each in a process of its own.

Run as `python -m bench.sitemaps`; with --json the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from crawler.reading.sitemap_records import SitemapLook
from crawler.reading.sitemaps import read_sitemap
from storage.models import Page, ReadingContext

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://example.ma/sitemap.xml"
CONTEXT = ReadingContext("ma_example", "ma", ("ar",), "Africa/Casablanca", ("example.ma",), now=NOW)
SIZES = (50_000, 500_000)


def _dated(number: int) -> str:
    return f"<lastmod>{(NOW - timedelta(minutes=7 * number)).isoformat()}</lastmod>"


def _news(number: int) -> str:
    at = (NOW - timedelta(minutes=7 * number)).isoformat()
    return (
        f"<news:news><news:publication_date>{at}</news:publication_date><news:title>عنوان {number}"
    )


KINDS: dict[str, Callable[[int], str]] = {
    "undated": lambda number: "",
    "lastmod": _dated,
    "news": lambda number: _news(number) + "</news:title></news:news>",
}


def body(kind: str, size: int) -> bytes:
    """A sitemap of so many pages, as a gzip file."""
    more = KINDS[kind]
    urls = "".join(f"<url><loc>https://example.ma/a/{n}</loc>{more(n)}</url>" for n in range(size))
    return gzip.compress(f"<urlset>{urls}</urlset>".encode(), 1)


def measured(kind: str, size: int) -> tuple[float, int, str]:
    """CPU seconds, megabytes at most, and what came of it."""
    packed = body(kind, size)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_one, (packed,))


def _one(packed: bytes) -> tuple[float, int, str]:
    page = Page(URL, URL, 200, (), packed, NOW)
    look = SitemapLook(NOW - timedelta(days=3), b"")
    began = time.process_time()
    reading = read_sitemap(page, CONTEXT, look)
    seconds = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return seconds, most, f"{reading.outcome}, {len(reading.entries)} entries"


def figures() -> dict[str, float]:
    """The figures, printed as they come."""
    found: dict[str, float] = {}
    for size in SIZES:
        for kind in KINDS:
            seconds, megabytes, told = measured(kind, size)
            print(f"{size:>7,} {kind:8} {seconds:6.2f} s {megabytes:5} MB  {told}")
            found[f"sitemap_{kind}_{size}_seconds"] = round(seconds, 2)
            found[f"sitemap_{kind}_{size}_mb"] = megabytes
    return found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    told = figures()
    if parser.parse_args().json:
        print(json.dumps(told))


if __name__ == "__main__":
    main()
