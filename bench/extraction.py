"""How well and how cheaply articles are taken out of pages, beside what others do.

`python -m bench.extraction` needs the shared data, or pages marked with `marsad gold`
(`--gold FOLDER_OR_FILES`). Every reader reads each page right after the others, in random order,
so that CPU times may be divided by each other.

Quick runs while working: `--quick` takes trafilatura's answers on unknown outlets from
`bench/cache` and leaves the other peers out; `--sets aed,fundus_eval --limit 50` takes fewer pages;
`--what unknown`, `known` or `scripts` only a part.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from typing import Any

from bench import extraction_cache, extraction_known, extraction_marked, extraction_scripts
from bench.careful_folds import unseen
from bench.extraction_known import KNOWN, Told
from bench.extraction_peers import peers
from bench.extraction_readers import HERE, OURS, TRAFILATURA, Reader
from bench.extraction_scores import Judged, grouped, judged, summary, table
from bench.extraction_sets import SETS, GoldPage, pages
from bench.pages import SHARED

SEED = 8
"""Of the order of the readers on each page."""
FEW = 5
"""Pages of a language below which it is told with the others."""
PARTS = ("unknown", "known", "scripts")
LAST_LINE = tuple(
    "f1_unknown f1_trafilatura headline day day_invented f1_known f1_known_other_pages known_ms"
    " trafilatura_ms f1_arabic_script f1_sorani_script".split()
)
Figures = dict[str, Any]


def main() -> None:
    """Measure and print; with --json the figures of the order are the last line."""
    options = _options()
    logging.disable(logging.CRITICAL)  # the libraries' own words on broken pages
    warnings.simplefilter("ignore")
    if options.gold:
        extraction_marked.tell(extraction_marked.marked(options.gold))
        return
    figures: Figures = {}
    for part in options.what.split(","):
        figures |= MEASURED[part](options)
    if options.json:
        print(json.dumps({name: value for name, value in figures.items() if name not in LAST_LINE}))
        print(json.dumps({name: figures.get(name) for name in LAST_LINE}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--data", type=Path, default=SHARED, help="the shared data folder")
    parser.add_argument("--sets", default=",".join(SETS), help="sets of pages, with commas between")
    parser.add_argument("--limit", type=int, help="pages of each set at most")
    parser.add_argument("--what", default=",".join(PARTS), help="parts, with commas between")
    parser.add_argument("--quick", action="store_true", help="trafilatura from the cache, no peers")
    parser.add_argument(
        "--gold", nargs="+", type=Path, help="judge only on pages that people marked"
    )
    return parser.parse_args()


# ---------------------------------------------------------------- outlets that are not known


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


@contextmanager
def _readers(*, quick: bool) -> Iterator[dict[str, Reader]]:
    """Marsad first, then those beside it; with `quick` trafilatura alone, from the cache.

    Marsad with trees that saw no page of the site (`careful_folds`).
    """
    ours = {OURS: unseen(HERE[OURS])}
    if not quick:
        with peers() as apart:
            yield {**HERE, **ours, **apart}
        return
    others = extraction_cache.cached({name: HERE[name] for name in HERE if name != OURS})
    yield {**ours, **others}
    extraction_cache.save(others)


def _unknown(options: argparse.Namespace) -> Figures:
    found = pages(options.sets.split(","), limit=options.limit, data=options.data)
    with _readers(quick=options.quick) as readers:
        told = run(found, readers)
    table("all pages", {name: summary(rows) for name, rows in told.items()})
    _tables(told)
    ours, theirs = summary(told[OURS]), summary(told[TRAFILATURA])
    return {
        "f1_unknown": _rounded(ours["f1"]),
        "f1_trafilatura": _rounded(theirs["f1"]),
        "headline": _rounded(ours["headline"]),
        "headline_trafilatura": _rounded(theirs["headline"]),
        "day": _rounded(ours["day"]),
        "day_trafilatura": _rounded(theirs["day"]),
        "day_invented": ours["invented"],
        "day_invented_trafilatura": theirs["invented"],
        "gold_words_80": _rounded(ours["gold80"]),
        "unknown_ms": _rounded(ours["ms"]),
    }


def _tables(told: Mapping[str, Sequence[Judged]]) -> None:
    """Ours and trafilatura's by set and by language; languages of few pages together."""
    counts = Counter(one.page.language for one in told[OURS])

    def language(one: Judged) -> str:
        name = one.page.language
        return name if counts[name] >= FEW else "other languages"

    for name in (OURS, TRAFILATURA):
        for title, key in (("set", lambda one: one.page.set), ("language", language)):
            groups = grouped(told[name], key)
            table(f"{name}, by {title}", {key: summary(rows) for key, rows in groups.items()})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


# ---------------------------------------------------------------- outlets that are known


def _known(options: argparse.Namespace) -> Figures:
    """By template; the milliseconds are of one run, on the same pages."""
    asked = [name for name in extraction_known.SETS if name in options.sets.split(",")]
    found = pages(asked, limit=options.limit, data=options.data, capped=False)
    room = extraction_known.classroom(SEED)
    told: dict[str, Told] = {}
    for name, lessons in extraction_known.ways(found).items():
        if lessons:
            told[name] = room.told(lessons)
            extraction_known.tell(name, told[name])
    print(f"\nlearning: {fmean(room.learning):.0f} ms of CPU for each page learned from")
    own, others = (
        told.get(f"fundus_eval, {way}") for way in ("its own pages", "all pages but one")
    )
    return _known_figures(own, others) if own and others else {}


def _known_figures(own: Told, others: Told) -> Figures:
    return {
        "f1_known": _rounded(summary(own[KNOWN])["f1"]),
        "f1_known_trafilatura": _rounded(summary(own[TRAFILATURA])["f1"]),
        "f1_known_other_pages": _rounded(summary(others[KNOWN])["f1"]),
        "f1_known_other_pages_trafilatura": _rounded(summary(others[TRAFILATURA])["f1"]),
        "known_ms": round(extraction_known.extraction_ms(own[KNOWN]), 2),
        "known_read_page_ms": _rounded(summary(own[KNOWN])["ms"]),
        "trafilatura_ms": _rounded(summary(own[TRAFILATURA])["ms"]),
    }


# ---------------------------------------------------------------- scripts


def _scripts(options: argparse.Namespace) -> Figures:
    asked = [name for name in extraction_scripts.SETS if name in options.sets.split(",")]
    told = extraction_scripts.told(pages(asked, limit=options.limit, data=options.data))
    extraction_scripts.tell(told)
    ours = told[OURS]
    return {
        "f1_latin_script": _rounded(ours.f1(extraction_scripts.ORIGINAL)),
        "f1_arabic_script": _rounded(ours.f1("arabic")),
        "f1_sorani_script": _rounded(ours.f1("sorani")),
        "zwnj_kept": list(ours.zwnj),
    }


MEASURED = {"unknown": _unknown, "known": _known, "scripts": _scripts}

if __name__ == "__main__":
    main()
