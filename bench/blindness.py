"""How surely troubles are named: faults planted at random in made-up presses, night after night.

    python -m bench.blindness --seeds 40 --json

Two worlds: `tuned` is the one that the rules were made with, under other faults; `held_out` has
other rhythms (more uneven days, shorter ones, more hiccups, no two nights off but one night
without a line) and was never looked at while they were made.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zoneinfo
from collections import Counter
from datetime import date
from pathlib import Path

from tests.newsroom.faultsets import Outcome, Scene, play, prepare
from tests.newsroom.faultworld import Habits

TUNED = Scene(
    seed=1,
    first=date(2026, 9, 14),
    holidays=frozenset({("iq", date(2026, 10, 3))}),
    quiet=frozenset({("ma", date(2026, 10, 6))}),
)
HELD_OUT = Scene(
    seed=7,
    first=date(2026, 10, 12),
    holidays=frozenset({("ma", date(2026, 10, 31)), ("ma", date(2026, 11, 6))}),
    quiet=frozenset({("bh", date(2026, 11, 3))}),
    off=(),
    offline=(19,),
    habits=Habits(
        rates=(0.5, 0.5, 0.7, 1, 1, 2, 3, 4, 4, 5, 6, 6, 7, 8, 9, 9, 10, 10, 12, 12, 14, 15, 15, 17,
               18, 20, 22, 25, 30, 40),
        weekends=(0.0, 0.2, 0.5, 0.8, 1.2),
        evenness=8.0,
        hours=(8, 21),
        hiccups=0.06,
    ),
)  # fmt: skip
FIRST_SEED = 100
"""The six sets of the tests have the seeds 1 to 6."""


def measure(scene: Scene, seeds: int) -> dict[str, object]:
    """Play so many sets in one world, and count."""
    counted: Counter[str] = Counter()
    others: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "quiet"
        times = prepare(scene, prepared)
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            outcome = play(scene, seed, prepared, times, Path(folder) / str(seed))
            counted.update(_counts(outcome))
            others.update(one.event.kind for one in outcome.false if one.event.outlet_id)
    return {"fault_sets": seeds, **counted, "false_names_by_kind": dict(others)}


def _counts(outcome: Outcome) -> Counter[str]:
    told = outcome.verdicts
    return Counter(
        {
            "faults": len(told),
            "named_once": sum(one.once for one in told),
            "late": sum(one.once and not one.in_time for one in told),
            "ends_right": sum(one.ended for one in told),
            "false_names": sum(bool(one.event.outlet_id) for one in outcome.false),
            "offline_named": sum(not one.event.outlet_id for one in outcome.false),
        }
    )


def main() -> None:
    """Measure both worlds and print the figures, as one line of JSON if that is asked for."""
    parser = argparse.ArgumentParser(description="How surely troubles are named.")
    parser.add_argument("--seeds", type=int, default=40, help="sets of faults in each world")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    wanted = parser.parse_args()
    zoneinfo.reset_tzpath(to=[])
    figures = {
        name: measure(scene, wanted.seeds)
        for name, scene in (("tuned", TUNED), ("held_out", HELD_OUT))
    }
    print(json.dumps(figures, indent=None if wanted.json else 2))


if __name__ == "__main__":
    main()
