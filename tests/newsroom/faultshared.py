"""The six sets of planted faults, each played once for all tests, whichever process asks first."""

from __future__ import annotations

import fcntl
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom.faultsets import Outcome, Scene, play, prepare

FIRST = date(2026, 9, 14)
SCENE = Scene(
    seed=1,
    first=FIRST,
    holidays=frozenset({("iq", date(2026, 10, 3))}),
    quiet=frozenset({("ma", date(2026, 10, 6))}),
)
SEEDS = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Played:
    """A set of faults: what was named, and the workspace it was named in, which nobody changes."""

    outcome: Outcome
    folder: Path


def played(factory: pytest.TempPathFactory, seed: int) -> Played:
    """The set of a seed; the first who asks for it in this session of tests plays it."""
    place = _place(factory)
    times: dict[int, datetime] = _once(
        place / "quiet.pickle", lambda: prepare(SCENE, place / "quiet")
    )
    folder = place / f"set{seed}"
    outcome: Outcome = _once(
        place / f"set{seed}.pickle", lambda: play(SCENE, seed, place / "quiet", times, folder)
    )
    return Played(outcome, folder)


def _place(factory: pytest.TempPathFactory) -> Path:
    """A folder of this session of tests: workers of one session have theirs side by side."""
    base = factory.getbasetemp()
    place = (base.parent if base.name.startswith("popen-") else base) / "faultsets"
    place.mkdir(exist_ok=True)
    return place


def _once(path: Path, make: Callable[[], Any]) -> Any:
    """What is kept at a path; made by the first who asks, while the others wait."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(make()))
        return pickle.loads(path.read_bytes())
