from __future__ import annotations

from storage import advice
from storage.finding import VISITED, VisitOutcome
from storage.models import STORED, Outcome

SUCCESSES = STORED | {Outcome.UNCHANGED, Outcome.KNOWN}


def test_every_end_that_is_no_success_has_a_next_step() -> None:
    assert set(advice.OUTCOMES) == set(Outcome) - SUCCESSES


def test_every_visit_that_left_us_blind_has_a_next_step() -> None:
    assert set(advice.VISITS) >= set(VisitOutcome) - VISITED


def test_a_next_step_is_one_line_and_a_sentence() -> None:
    lines = [*advice.OUTCOMES.values(), *advice.VISITS.values(), advice.NOT_VISITED[1]]

    assert all(line.endswith(".") and "\n" not in line for line in lines)
