"""How well and how cheaply articles are taken out of pages, beside what others do.

`python -m bench.extraction` needs the shared data (or pages marked with `marsad gold`: --gold).
All readers read each page one after the other, in random order, in one run.

Quick runs while working: `--quick` takes trafilatura's answers from bench/cache and leaves the
other peers out; `--sets aed,fundus_eval --limit 50 --what unknown` cuts it further.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import extraction_cache
from bench.extraction_readers import HERE, OURS, Reader
from bench.extraction_scores import Judged, grouped, judged, summary, table
from bench.extraction_sets import SETS, GoldPage, pages
from bench.pages import SHARED

SEED = 8
"""Of the order of the readers on each page."""


def run(
    found: Sequence[GoldPage], readers: Mapping[str, Reader], *, rouge: bool = True
) -> dict[str, list[Judged]]:
    """Every reader on every page, in random order; the first page is read once more, to warm up."""
    order = random.Random(SEED)
    for reader in readers.values():
        reader(found[0])
    told: dict[str, list[Judged]] = {name: [] for name in readers}
    for number, page in enumerate(found):
        for name in order.sample(list(readers), len(readers)):
            told[name].append(judged(page, readers[name](page), rouge=rouge))
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(found)} pages", end="", file=sys.stderr)
    return told


def readers_of(*, quick: bool) -> dict[str, Reader]:
    """Marsad first, then those beside it; with `quick` from the cache."""
    if not quick:
        return dict(HERE)
    others = {name: reader for name, reader in HERE.items() if name != OURS}
    return {OURS: HERE[OURS], **extraction_cache.cached(others)}


def tables(told: Mapping[str, Sequence[Judged]]) -> None:
    """All pages, then ours and the first peer's by set and by language."""
    table("all pages", {name: summary(found) for name, found in told.items()})
    for name, found in list(told.items())[:2]:
        by_set = grouped(found, lambda one: one.page.set)
        table(f"{name}, by set", {key: summary(group) for key, group in by_set.items()})
        by_language = grouped(found, lambda one: one.page.language)
        table(f"{name}, by language", {key: summary(group) for key, group in by_language.items()})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--data", type=Path, default=SHARED, help="the shared data folder")
    parser.add_argument("--sets", default=",".join(SETS), help="sets of pages, with commas between")
    parser.add_argument("--limit", type=int, help="pages of each set at most")
    parser.add_argument("--what", default="unknown,known,scripts")
    parser.add_argument("--quick", action="store_true", help="trafilatura from the cache, no peers")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the libraries' own words on broken pages
    warnings.simplefilter("ignore")
    found = pages(options.sets.split(","), limit=options.limit, data=options.data)
    readers = readers_of(quick=options.quick)
    told = run(found, readers)
    extraction_cache.save(readers)
    tables(told)


if __name__ == "__main__":
    main()
