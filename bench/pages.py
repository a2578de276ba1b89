"""Pages to measure with: real ones where the shared data is there, else made from the demo's."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from crawler.demo.articles import sites

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
    pages = _sized() if SHARED.is_dir() else _made()
    for number, html in enumerate(pages):
        yield f"http://outlet{number // PER_OUTLET}.example/news/{number}", html


def _made() -> Iterator[bytes]:
    """Pages without any saved ones: the demo's words in a new order, in plenty of markup.

    Cheaper to read than real pages are; figures made with them say so by their floor.
    """
    articles = [article for site in sites() for article in site.articles]
    words = [word for article in articles for word in " ".join(article.paragraphs).split()]
    for seed in count():
        dice = random.Random(seed)
        paragraphs = (" ".join(dice.choices(words, k=60)) for _ in range(12))
        chrome = (
            f'<li class="c{n % 9}"><a href="/x/{n}">{" ".join(dice.choices(words, k=6))}</a></li>'
            for n in range(900)
        )
        text = "".join(f"<p>{paragraph}.</p>" for paragraph in paragraphs)
        html = (
            f"<html><head><title>Page {seed}</title></head><body><ul>{''.join(chrome)}</ul>"
            f"<article><h1>Page {seed}</h1>{text}</article></body></html>"
        ).encode()
        yield html + b"<!--" + b" pad" * (max(LEAST - len(html), 0) // 4) + b"-->"


def _sized() -> Iterator[bytes]:
    files = sorted((SHARED / "pages").glob("*/html/*.html.gz"), key=lambda path: path.name)
    for least, most in ((LEAST, MOST), (SMALLEST, LEAST)):
        for file in files:
            html = gzip.decompress(file.read_bytes())
            if least <= len(html) < most:
                yield html + b"<!--" + b" pad" * ((LEAST - len(html)) // 4) + b"-->"
