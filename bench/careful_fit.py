"""Fits the trees of `crawler/data/blocks.json`: which blocks of a page are its article's text.

    uv run --with scikit-learn python -m bench.careful_fit [--write]

Learns from the pages with whole marked texts in the shared data, one half of each public set; no
outlet is ever judged by trees that saw a page of it: four parts, parted by outlet, are judged by
trees of the other three. `--write` then fits to all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bench.extraction_sets import FULL, GoldPage, full_pages, pages
from bench.shingles import Shingles, overlap, score, shingles, tokens
from crawler.reading.body import main_text, parse
from crawler.reading.careful import evidence_of, lines_of, stated_text
from crawler.reading.careful_blocks import Blocks, blocks_of
from crawler.reading.careful_features import KEPT, features
from crawler.reading.decode import Failure, decode
from crawler.reading.heads import read_head

FILE = Path(__file__).resolve().parents[1] / "crawler" / "data" / "blocks.json"
PARTS = 4
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
    part: int


def marked(page: GoldPage) -> Marked | None:
    """What is learned from one page; None where nothing can be read."""
    decoded = decode(page.html, "text/html")
    document = decoded if isinstance(decoded, Failure) else parse(decoded.text)
    if isinstance(document, Failure):
        return None
    head, taken = read_head(document), main_text(document)
    if isinstance(taken, Failure) or not taken:
        return None
    found = blocks_of(document)
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
    host = page.url if "test.invalid" in page.url else urlsplit(page.url).netloc
    part = zlib.crc32(host.removeprefix("www.").encode()) % PARTS
    return Marked(page, found, places, kept, right, [s / least for s in sizes], part)


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


def judged(found: list[Marked], names: list[str], stay: float, enter: float) -> None:
    """Print the figures of trees on outlets that they have not seen."""
    scores: dict[str, list[Any]] = {}
    for part in range(PARTS):
        model = fit([page for page in found if page.part != part], names)
        for page in (page for page in found if page.part == part):
            likely = model.predict_proba(matrix([page], names))[:, 1]
            limits = [stay if row["kept"] > KEPT else enter for row in page.rows]
            chosen = [
                page.blocks.blocks[place]
                for place, value, limit in zip(page.places, likely, limits, strict=True)
                if value >= limit
            ]
            text = "\n".join(lines_of(page.blocks, chosen))
            scores.setdefault(page.page.set, []).append(overlap(page.page.text, text))
    for name, values in {**scores, "all": [v for some in scores.values() for v in some]}.items():
        full = fmean(value.recall >= 0.8 for value in values)
        print(f"{name:14} {len(values):4} F1 {score(values).f1:.4f} at least 80%: {full:.3f}")


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
    """Fit and judge; write only when told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    parser.add_argument("--judge", action="store_true", help="judge by outlet first")
    asked = parser.parse_args()
    found = [one for page in full_pages(pages(FULL, capped=False)) if (one := marked(page))]
    names = sorted({name for page in found for row in page.rows for name in row})
    if asked.judge:
        judged(found, names, 0.4, 0.4)
    if asked.write:
        text = json.dumps(record(fit(found, names), names), separators=(",", ":"))
        FILE.write_text(text.replace("]],[[", "]],\n[[") + "\n", encoding="utf-8")
        sys.stderr.write(f"{FILE.name}: {len(text)} characters\n")


if __name__ == "__main__":
    main()
