"""Faults planted at random in a made-up press of thirty outlets, over fourteen nights.

Visits, database and rules are the real ones. Around the faults there is what is no fault: single
visits that fail, quiet weekends, a holiday and a day of rest that no calendar knows, two nights on
which our own machine was off, pinned and repeated items, edits, and outlets that publish twice a
week.
"""

from __future__ import annotations

import pytest

from tests.newsroom.faultplan import plant
from tests.newsroom.faultsets import BEFORE, Outcome
from tests.newsroom.faultshared import SCENE, SEEDS, played
from tests.newsroom.faulttruth import NAMES


@pytest.fixture(scope="module", params=SEEDS)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return played(tmp_path_factory, request.param).outcome


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
