"""Pages to measure with: real ones where the shared data is there, else made from the demo's."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Data to measure with, beside the checkout; never part of the project."""
LEAST, MOST = 100_000, 120_000
"""Bytes of a page."""
SMALLEST = 60_000
"""Real pages from here on are padded up to LEAST with a comment, to have enough of them."""
PER_OUTLET = 50


def page_sets(folder: Path, outlets: int) -> int:
    """Write `outlets` sets of PER_OUTLET pages in the layout of saved pages; returns the pages."""
    wanted = outlets * PER_OUTLET
    made = 0
    for number, (url, html) in enumerate(_pages()):
        if number == wanted:
            break
        _write(folder / f"set{number // PER_OUTLET}", number, url, html)
        made += 1
    if made < wanted:
        raise SystemExit(f"only {made} of {wanted} pages of {LEAST}-{MOST} bytes are there")
    return made


def _write(folder: Path, number: int, url: str, html: bytes) -> None:
    (folder / "html").mkdir(parents=True, exist_ok=True)
    name = f"html/{number:05d}.html.gz"
    (folder / name).write_bytes(gzip.compress(html, 1))
    record = {"id": f"{number:05d}", "set": folder.name, "url": url, "html": name, "lang": "en"}
    with (folder / "gold.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**record, "gold_kind": "none"}) + "\n")


def _pages() -> Iterator[tuple[str, bytes]]:
    """URL and bytes of each page; all pages of a set lie on one host, as an outlet's do."""
    if not SHARED.is_dir():
        raise SystemExit(
            f"bench.crawl needs saved pages in {SHARED.name}/pages beside the checkout"
        )
    for number, html in enumerate(_sized()):
        yield f"http://outlet{number // PER_OUTLET}.example/news/{number}", html


def _sized() -> Iterator[bytes]:
    files = sorted((SHARED / "pages").glob("*/html/*.html.gz"), key=lambda path: path.name)
    for least, most in ((LEAST, MOST), (SMALLEST, LEAST)):
        for file in files:
            html = gzip.decompress(file.read_bytes())
            if least <= len(html) < most:
                yield html + b"<!--" + b" pad" * ((LEAST - len(html)) // 4) + b"-->"
