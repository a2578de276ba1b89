"""Trees for the judging of pages that the shipped trees were fitted to: those of the other sites.

The trees in `crawler/data/blocks.json` were fitted to the marked pages of the shared data. So that
no page is judged by trees that saw a page of its site, those pages are read with trees that were
fitted to the other sites alone: the sites are parted into four, and `bench/judged/blocks_folds.json
.gz` holds the trees of each three parts, and which sites were seen. All other pages are read with
the shipped trees. `bench/careful_fit.py` writes both.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from bench.extraction_readers import Reader, Taken
from bench.extraction_sets import GoldPage
from crawler.reading import careful
from crawler.reading.careful_trees import Trees

FILE = Path(__file__).parent / "judged" / "blocks_folds.json.gz"
PARTS = 4
_SHORT = 3
"""Letters of `co`, `com`, `org` before a country: a site's name stands before them."""


@dataclass(frozen=True, slots=True)
class Folds:
    """The trees of each part's other parts, and the sites that were seen."""

    trees: tuple[Trees, ...]
    sites: frozenset[int]

    def of(self, page: GoldPage) -> Trees | None:
        """The trees that did not see the page's site; None where the shipped ones did not."""
        site = site_of(page)
        return self.trees[site % PARTS] if site in self.sites else None


def site_of(page: GoldPage) -> int:
    """A number for the site that a page is of; a page of no known site is one of its own."""
    host = urlsplit(page.url).netloc.lower()
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-2]) <= _SHORT
    name = page.url if host.endswith("test.invalid") else ".".join(labels[-3 if short else -2 :])
    return zlib.crc32(name.encode())


def part_of(page: GoldPage) -> int:
    """The part that a page's site is in."""
    return site_of(page) % PARTS


@cache
def folds() -> Folds:
    """The trees that come with the bench; read once."""
    record = json.loads(gzip.decompress(FILE.read_bytes()))
    return Folds(tuple(map(Trees.of, record["trees"])), frozenset(record["sites"]))


def write(trees: list[dict[str, Any]], pages: list[GoldPage]) -> None:
    """Put the trees of all parts and the sites that they were fitted to into the file."""
    record = {"sites": sorted({site_of(page) for page in pages}), "trees": trees}
    FILE.write_bytes(gzip.compress(json.dumps(record, separators=(",", ":")).encode(), mtime=0))


@contextmanager
def trees_unseen(page: GoldPage) -> Iterator[None]:
    """Inside, pages are read with trees that saw no page of this page's site."""
    trees = folds().of(page)
    if trees is None:
        yield
        return
    with patch.object(careful, "fitted", lambda: trees):
        yield


def unseen(reader: Reader) -> Reader:
    """The same reader, each page with trees that saw no page of its site."""

    def read(page: GoldPage) -> Taken:
        with trees_unseen(page):
            return reader(page)

    return read
