"""Fits the trees of `crawler/data/blocks.json`: which blocks of a page are its article's text.

    uv run --with scikit-learn python -m bench.careful_fit --write
    python -m bench.careful_fit --judge

Learns from the pages with whole marked texts in the shared data, one half of each public set.
`--write` fits trees to all of them, and to each three of four parts of their sites
(`careful_folds`); `--judge` tells how the whole of `read_page` does on pages of sites that its
trees have not seen, beside trafilatura. Fitting takes minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bench import careful_folds, extraction_cache
from bench.careful_folds import PARTS, part_of, unseen
from bench.extraction_readers import HERE, OURS, TRAFILATURA
from bench.extraction_scores import Judged, grouped, judged, summary, table
from bench.extraction_sets import FULL, GoldPage, full_pages, pages
from bench.shingles import Shingles, shingles, tokens
from crawler.reading.body import parse
from crawler.reading.careful import evidence_of, found_text, stated_text
from crawler.reading.careful_blocks import Blocks
from crawler.reading.careful_features import KEPT, features
from crawler.reading.decode import Failure, decode
from crawler.reading.heads import read_head

FILE = Path(__file__).resolve().parents[1] / "crawler" / "data" / "blocks.json"
FEW = 20
"""Pages of a set or a language below which no figure is told."""
ROUNDS, LEAVES, RATE, LEAST_ROWS = 160, 16, 0.1, 80
"""Trees, leaves of each, how much each corrects, and blocks in a leaf at least."""
MOST_WORDS = 150
"""A longer block counts as one of so many words."""
BESIDE = 1.5
"""Words that a block weighs more than it has: where one is missing, runs of words break."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A page with the features of its blocks, and how much of each is in the marked text."""

    page: GoldPage
    blocks: Blocks
    places: list[int]
    rows: list[dict[str, float]]
    right: list[float]
    weights: list[float]


def marked(page: GoldPage) -> Marked | None:
    """What is learned from one page; None where nothing can be read."""
    decoded = decode(page.html, "text/html")
    document = decoded if isinstance(decoded, Failure) else parse(decoded.text)
    if isinstance(document, Failure):
        return None
    head, text = read_head(document), found_text(document)
    if isinstance(text, Failure) or not text[0]:
        return None
    taken, found = text
    rows = features(found, evidence_of(head, taken, stated_text(head)))
    places = [place for place, row in enumerate(rows) if row is not None]
    kept = [row for row in rows if row is not None]
    gold, words = shingles(page.text), tokens(page.text.lower())
    whole = f" {' '.join(words)} "
    lines = {" ".join(tokens(line.lower())) for line in page.text.splitlines()}
    right = [_right(found.blocks[place].text, gold, whole, lines) for place in places]
    sizes = [min(len(found.blocks[place].tokens), MOST_WORDS) + BESIDE for place in places]
    taken_words = sum(s for s, row in zip(sizes, kept, strict=True) if row["kept"] > KEPT)
    least = max(len(words), taken_words, 50)
    return Marked(page, found, places, kept, right, [size / least for size in sizes])


def _right(text: str, gold: Shingles, whole: str, lines: set[str]) -> float:
    """How much of a block is in the marked text; of few words only a line is surely the same."""
    own = shingles(text)
    said = " ".join(tokens(text.lower()))
    if said.count(" ") >= 3:
        return (own & gold).total() / own.total()
    return 1.0 if said in lines else 0.5 * (f" {said} " in whole)


def matrix(found: list[Marked], names: list[str]) -> Any:
    """The features of all blocks, a row each."""
    place = {name: number for number, name in enumerate(names)}
    values = np.zeros((sum(len(page.rows) for page in found), len(names)), np.float32)
    for number, row in enumerate(row for page in found for row in page.rows):
        for name, value in row.items():
            if name in place:
                values[number, place[name]] = value
    return values


def fit(found: list[Marked], names: list[str]) -> Any:
    """The trees fitted to some pages."""
    ensemble = import_module("sklearn.ensemble")  # only this command needs it
    model = ensemble.HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=LEAST_ROWS,
        l2_regularization=1.0,
        max_bins=64,
        early_stopping=False,
        random_state=1,
    )
    right = np.array([value for page in found for value in page.right]) > 0.5
    weights = np.array([value for page in found for value in page.weights])
    return model.fit(matrix(found, names), right, sample_weight=weights / weights.mean())


def judge(found: list[GoldPage]) -> None:
    """Print the figures of `read_page` on sites that its trees have not seen, and trafilatura's."""
    others = extraction_cache.cached({TRAFILATURA: HERE[TRAFILATURA]})
    readers = {OURS: unseen(HERE[OURS]), **others}
    told = {
        name: [judged(page, read(page), rouge=False) for page in found]
        for name, read in readers.items()
    }
    extraction_cache.save(others)
    table("all", {name: summary(rows) for name, rows in told.items()})
    for title in ("set", "language"):
        groups = {name: grouped(rows, _by(title)) for name, rows in told.items()}
        for key, rows in groups[OURS].items():
            if len(rows) >= FEW:
                table(f"{title} {key}", {name: summary(groups[name][key]) for name in groups})


def _by(title: str) -> Callable[[Judged], str]:
    return lambda one: str(getattr(one.page, title))


def record(model: Any, names: list[str]) -> dict[str, Any]:
    """The trees as they are written."""
    trees = []
    for (predictor,) in model._predictors:
        trees.append([_node(node) for node in predictor.nodes])
    return {"start": [float(model._baseline_prediction[0, 0])], "names": names, "trees": trees}


def _node(node: Any) -> list[float]:
    if node["is_leaf"]:
        return [round(float(node["value"]), 4)]
    limit = round(float(node["num_threshold"]), 5)
    return [int(node["feature_idx"]), limit, int(node["left"]), int(node["right"])]


def main() -> None:
    """Judge the trees as they are; write new ones only when told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name} and the folds")
    parser.add_argument("--judge", action="store_true", help="tell figures of unseen sites")
    asked = parser.parse_args()
    gold = full_pages(pages(FULL, capped=False))
    if asked.write:
        write([one for page in gold if (one := marked(page))])
    if asked.judge:
        judge(gold)


def write(found: list[Marked]) -> None:
    """Write the trees of all pages, and those of each three parts of the sites."""
    names = sorted({name for page in found for row in page.rows for name in row})
    parts = [
        record(fit([one for one in found if part_of(one.page) != part], names), names)
        for part in range(PARTS)
    ]
    careful_folds.write(parts, [one.page for one in found])
    text = json.dumps(record(fit(found, names), names), separators=(",", ":"))
    FILE.write_text(text.replace("]],[[", "]],\n[[") + "\n", encoding="utf-8")
    sys.stderr.write(f"{FILE.name}: {len(text)} characters\n")


if __name__ == "__main__":
    main()
