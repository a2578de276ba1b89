"""The score of a block: how likely it belongs to the article, by trees fitted to marked pages.

The trees stand in `crawler/data/blocks.json`; `bench/careful_fit.py` makes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any

Node = tuple[int, float, int, int]  # feature, limit, node if not above it, node if above
Leaf = tuple[float]


@dataclass(frozen=True, slots=True)
class Trees:
    """Small decision trees whose leaves are summed up."""

    names: tuple[str, ...]
    start: float
    trees: tuple[tuple[Node | Leaf, ...], ...]

    @classmethod
    def of(cls, record: dict[str, Any]) -> Trees:
        """The trees of a record as it stands in the file."""
        trees = tuple(tuple(map(tuple, tree)) for tree in record["trees"])
        return cls(tuple(record["names"]), record["start"][0], trees)

    def score(self, row: Mapping[str, float]) -> float:
        """How likely a block with these features is text, 0 to 1."""
        values = [row.get(name, 0.0) for name in self.names]
        total = self.start + sum(_leaf(tree, values) for tree in self.trees)
        return 1 / (1 + exp(-max(min(total, 30.0), -30.0)))


def _leaf(tree: Sequence[Node | Leaf], values: Sequence[float]) -> float:
    node = tree[0]
    while len(node) > 1:
        feature, limit, below, above = node
        node = tree[below if values[feature] <= limit else above]
    return node[0]


@cache
def fitted() -> Trees:
    """The trees that come with the project; read once."""
    text = files("crawler").joinpath("data", "blocks.json").read_text(encoding="utf-8")
    return Trees.of(json.loads(text))
