"""The score of a block: how likely it belongs to the article, by trees fitted to marked pages.

The trees stand in `crawler/data/blocks.json`; `bench/careful_fit.py` makes them. All blocks of a
page go down all trees at once, level by level, as arrays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from operator import itemgetter
from typing import Any

import numpy as np

_AT_ONCE = 2_000
"""Blocks; real pages have under 1,000, and a hostile one must not take the memory."""
_MOST = 30.0
"""Beyond it a score is 0 or 1."""


_Numbers = np.ndarray[Any, np.dtype[np.float64]]
_Places = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Trees:
    """Small decision trees whose leaves are summed up; the nodes of all of them in one row.

    A leaf leads to itself, so that blocks may wait there for those on longer ways.
    """

    names: tuple[str, ...]
    start: float
    levels: int
    roots: _Places
    feature: _Places
    limit: _Numbers
    next: _Places  # two a node: if the feature is not above the limit, and if it is
    leaf: _Numbers

    @classmethod
    def of(cls, record: dict[str, Any]) -> Trees:
        """The trees of a record as it stands in the file."""
        trees = record["trees"]
        roots = [0, *accumulate(map(len, trees[:-1]))]
        nodes = [
            _node(root, place, node)
            for root, tree in zip(roots, trees, strict=True)
            for place, node in enumerate(tree)
        ]
        feature, limit, ways, leaf = zip(*nodes, strict=True)
        return cls(
            tuple(record["names"]),
            record["start"][0],
            max(map(_depth, trees)),
            np.array(roots, dtype=np.intp),
            np.array(feature, dtype=np.intp),
            np.array(limit, dtype=float),
            np.array(ways, dtype=np.intp).ravel(),
            np.array(leaf, dtype=float),
        )

    def scores(self, rows: Sequence[Mapping[str, float]]) -> Iterator[float]:
        """How likely blocks with these features are text, 0 to 1 each, in their order."""
        absent, named = dict.fromkeys(self.names, 0.0), itemgetter(*self.names)
        for first in range(0, len(rows), _AT_ONCE):
            part = rows[first : first + _AT_ONCE]
            values = [named({**absent, **row}) for row in part]
            yield from map(float, self._scored(np.array(values, dtype=float)))

    def _scored(self, values: _Numbers) -> _Numbers:
        blocks, width = values.shape
        row = np.repeat(np.arange(blocks) * width, len(self.roots))
        at = np.tile(self.roots, blocks)
        flat = values.ravel()
        for _ in range(self.levels):
            high = flat.take(row + self.feature.take(at)) > self.limit.take(at)
            at = self.next.take(2 * at + high)
        total = self.start + self.leaf.take(at).reshape(blocks, -1).sum(axis=1)
        scored: _Numbers = 1 / (1 + np.exp(-total.clip(-_MOST, _MOST)))
        return scored


def _node(
    root: int, place: int, node: Sequence[float]
) -> tuple[float, float, tuple[float, float], float]:
    """A node of the file as (feature, limit, ways, leaf), its places counted over all trees."""
    if len(node) == 1:
        return 0, 0.0, (root + place, root + place), node[0]
    feature, limit, below, above = node
    return feature, limit, (root + below, root + above), 0.0


def _depth(tree: Sequence[Sequence[float]]) -> int:
    """Levels between the root and the farthest leaf; nodes stand before those they lead to."""
    levels = [0] * len(tree)
    for place, node in enumerate(tree):
        if len(node) > 1:
            for below in map(int, node[2:]):
                levels[below] = levels[place] + 1
    return max(levels)


@cache
def fitted() -> Trees:
    """The trees that come with the project; read once."""
    text = files("crawler").joinpath("data", "blocks.json").read_text(encoding="utf-8")
    return Trees.of(json.loads(text))
