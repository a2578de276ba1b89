"""Run by `bench.story_peers` in an environment of its own: datasketch, rensa and simhash.

Reads `{"texts": [...], "pairs": [[one, other], ...]}` from stdin, where a text is folded words with
spaces between, and writes for each tool which pairs it takes for copies and microseconds a text.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

# By name: they are not among this project's packages, and a type checker does not find them.
datasketch, rensa, simhash = map(import_module, ("datasketch", "rensa", "simhash"))

PERMUTATIONS = 128
WORDS = 3
Pairs = Sequence[Sequence[int]]


def shingles(text: str) -> list[str]:
    """Each three words in a row."""
    found = text.split()
    return [" ".join(found[n : n + WORDS]) for n in range(max(1, len(found) - WORDS + 1))]


def _minhash(text: str) -> Any:
    made = datasketch.MinHash(num_perm=PERMUTATIONS)
    made.update_batch([shingle.encode() for shingle in shingles(text)])
    return made


def _rensa(text: str) -> Any:
    made = rensa.RMinHash(PERMUTATIONS, 42)
    made.update(shingles(text))
    return made


def _simhash(text: str) -> Any:
    return simhash.Simhash(text.split())


def _made(make: Callable[[str], Any], texts: Sequence[str]) -> tuple[list[Any], float]:
    started = time.process_time()
    made = [make(text) for text in texts]
    return made, (time.process_time() - started) / len(texts) * 1e6


def _candidates(made: Sequence[Any], pairs: Pairs, threshold: float) -> list[bool]:
    """Which pairs the index brings together, each article asked once."""
    index = datasketch.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    for number, one in enumerate(made):
        index.insert(number, one)
    found = {number: set(index.query(made[number])) for number in {pair[0] for pair in pairs}}
    return [other in found[one] for one, other in pairs]


def main() -> None:
    """Read, compare, write."""
    asked = json.load(sys.stdin)
    texts, pairs = asked["texts"], asked["pairs"]
    told: dict[str, dict[str, Any]] = {}
    made, cost = _made(_minhash, texts)
    for least in (0.8, 0.3):
        told[f"MinHashLSH {least}"] = {"hits": _candidates(made, pairs, least), "us": cost}
    made, cost = _made(_rensa, texts)
    for least in (0.8, 0.3):
        hits = [made[one].jaccard(made[other]) >= least for one, other in pairs]
        told[f"rensa {least}"] = {"hits": hits, "us": cost}
    made, cost = _made(_simhash, texts)
    for most in (3, 10):
        hits = [made[one].distance(made[other]) <= most for one, other in pairs]
        told[f"simhash {most} bits"] = {"hits": hits, "us": cost}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
