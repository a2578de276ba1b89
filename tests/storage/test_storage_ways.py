from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.finding import Visit, VisitOutcome, Way
from storage.models import FoundBy
from storage.ways import after

AT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
EARLIER = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
WAY = Way(
    "ma_sahifa",
    FoundBy.FEED,
    "https://sahifa.test/rss",
    etag='"old"',
    last_modified="yesterday",
    body_sha256="aa",
    visited_at=EARLIER,
    unconditional_at=EARLIER,
    failures=2,
)
VISIT = Visit(WAY.outlet_id, WAY.found_by, WAY.url, AT, VisitOutcome.READ, status=200)


def test_a_read_body_brings_its_validators_and_ends_the_failures() -> None:
    way = after(WAY, replace(VISIT, etag='"new"', body_sha256="bb"))

    assert (way.etag, way.last_modified, way.body_sha256) == ('"new"', None, "bb")
    assert (way.failures, way.visited_at, way.unconditional_at) == (0, AT, AT)


def test_not_modified_keeps_the_validators() -> None:
    visit = replace(VISIT, outcome=VisitOutcome.NOT_MODIFIED, status=304, conditional=True)

    way = after(WAY, visit)

    assert (way.etag, way.last_modified, way.unconditional_at) == ('"old"', "yesterday", EARLIER)
    assert way.failures == 0


@pytest.mark.parametrize("outcome", [VisitOutcome.HTML, VisitOutcome.BROKEN])
def test_the_validators_of_a_body_that_could_not_be_read_are_forgotten(
    outcome: VisitOutcome,
) -> None:
    way = after(WAY, replace(VISIT, outcome=outcome, etag='"broken"'))

    assert (way.etag, way.body_sha256, way.failures) == (None, None, 3)


def test_a_network_failure_keeps_the_validators_and_counts() -> None:
    way = after(WAY, replace(VISIT, outcome=VisitOutcome.TIMEOUT, status=None))

    assert (way.etag, way.failures, way.unconditional_at) == ('"old"', 3, EARLIER)


def test_a_visit_that_was_not_made_changes_only_the_last_outcome() -> None:
    way = after(WAY, replace(VISIT, outcome=VisitOutcome.POSTPONED))

    assert way == replace(WAY, last_outcome=VisitOutcome.POSTPONED)


def test_redirects_to_one_place_are_counted_and_forgotten_when_they_end() -> None:
    moved = replace(VISIT, outcome=VisitOutcome.MOVED, moved_to="https://sahifa.test/new")

    twice = after(after(WAY, moved), moved)
    elsewhere = after(twice, replace(moved, moved_to="https://sahifa.test/other"))
    ended = after(twice, VISIT)

    assert (twice.moved_to, twice.moved_times) == ("https://sahifa.test/new", 2)
    assert elsewhere.moved_times == 1
    assert (ended.moved_to, ended.moved_times) == (None, 0)
