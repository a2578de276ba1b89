"""Faults planted at random in a made-up press of thirty outlets, over fourteen nights.

Visits, database and rules are the real ones. Around the faults there is what is no fault: single
visits that fail, quiet weekends, a holiday and a day of rest that no calendar knows, two nights on
which our own machine was off, pinned and repeated items, edits, and outlets that publish twice a
week.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.newsroom.faultplan import plant
from tests.newsroom.faultsets import BEFORE, Outcome, Scene, play, prepare
from tests.newsroom.faulttruth import NAMES

FIRST = date(2026, 9, 14)
SCENE = Scene(
    seed=1,
    first=FIRST,
    holidays=frozenset({("iq", date(2026, 10, 3))}),
    quiet=frozenset({("ma", date(2026, 10, 6))}),
)
SEEDS = (1, 2, 3, 4, 5, 6)

Prepared = tuple[Path, dict[int, datetime]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("press") / "quiet"
    return folder, prepare(SCENE, folder)


@pytest.fixture(scope="module", params=SEEDS)
def outcome(
    request: pytest.FixtureRequest, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp(f"set{request.param}") / "w"
    yield play(SCENE, request.param, *prepared, folder)


def test_every_planted_fault_is_named_once(outcome: Outcome) -> None:
    assert [(one.fault, one.events) for one in outcome.verdicts if not one.once] == []


def test_within_one_visit_of_being_decidable_and_with_when_it_was_seen_first(
    outcome: Outcome,
) -> None:
    late = [one for one in outcome.verdicts if not (one.in_time and one.first_seen)]

    assert late == []


def test_with_its_end(outcome: Outcome) -> None:
    assert [one for one in outcome.verdicts if not one.ended] == []


def test_and_nothing_else_is_named(outcome: Outcome) -> None:
    assert [
        (one.event.kind, one.event.outlet_id, one.event.evidence) for one in outcome.false
    ] == []


def test_there_are_twenty_kinds_and_two_to_eight_in_a_set() -> None:
    sets = []
    for seed in SEEDS:
        world = SCENE.world()
        plant(world, seed, BEFORE)
        sets.append(len(world.faults))

    assert len(NAMES) >= 20
    assert all(2 <= size <= 8 for size in sets)
