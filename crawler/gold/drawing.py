"""Which captures people mark: some of an outlet's, spread over time, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

from storage.articles import StoredCapture


def drawn(captures: Sequence[StoredCapture], number: int, seed: int) -> list[StoredCapture]:
    """So many captures, or all if there are fewer: one of each stretch of time, by lot.

    The stretches hold equally many captures, so that the outlet's whole time is looked at and a
    layout of last year counts as well. The lot is a digest of seed and address: drawn again, the
    same ones come, also when others were fetched since within the last stretch.
    """
    ordered = sorted(captures, key=lambda one: (one.fetched_at, one.article_id))
    bounds = [len(ordered) * part // number for part in range(number + 1)]
    stretches = [ordered[first:last] for first, last in pairwise(bounds) if last > first]
    return [min(stretch, key=lambda one: _lot(one, seed)) for stretch in stretches]


def _lot(capture: StoredCapture, seed: int) -> bytes:
    return sha256(f"{seed} {capture.url}".encode()).digest()
