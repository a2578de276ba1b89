"""What the shipped watchlists count is right, on passages judged by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.precision import (
    JUDGED,
    Judged,
    Measured,
    figures,
    judged_rows,
    plain_finder,
    shipped_actors,
    tally,
)

BESIDE = "found beside"


@pytest.fixture(scope="module")
def rows() -> list[Judged]:
    return judged_rows(JUDGED)


@pytest.fixture(scope="module")
def measured(rows: list[Judged]) -> Measured:
    return Measured(rows, shipped_actors())


def test_every_judged_place_is_where_it_says(rows: list[Judged]) -> None:
    misplaced = [row.id for row in rows if not row.text[row.at :].startswith(row.surface)]

    assert misplaced == []


def test_ids_and_places_stand_once(rows: list[Judged]) -> None:
    ids = Counter(row.id for row in rows)
    places = Counter((row.text, row.actor, row.at) for row in rows)

    assert [key for key, times in (ids | places).items() if times > 1] == []


def test_every_judged_actor_is_known_or_suppressed(rows: list[Judged]) -> None:
    shipped = {actor.id for actor in shipped_actors()}

    assert {row.actor for row in rows} - shipped == {"bh_rased"}


def test_both_halves_hold_every_class_of_some_size(rows: list[Judged]) -> None:
    groups = {part: Counter(row.group for row in rows if row.part == part) for part in "ab"}
    both = groups["a"] + groups["b"]
    big = {name for name, n in both.items() if n >= 4}

    assert all(groups[part][name] for part in "ab" for name in big)


@pytest.mark.parametrize("part", "abcd")
def test_98_of_100_counted_mentions_are_right(
    part: str, rows: list[Judged], measured: Measured
) -> None:
    found = tally([row for row in rows if row.part == part], measured.counted)

    assert found.precision >= 0.98, part
    assert found.recall >= 0.96, part


@pytest.mark.parametrize("part", "ef")
def test_what_was_written_last_fares_nearly_as_well(
    part: str, rows: list[Judged], measured: Measured
) -> None:
    found = tally([row for row in rows if row.part == part], measured.counted)

    assert found.judged >= 60
    assert found.precision >= 0.95, part
    assert found.recall >= 0.92, part


def test_everyday_inflections_of_the_terms_are_found(
    rows: list[Judged], measured: Measured
) -> None:
    inflected = [row for row in rows if row.group.startswith("inflected")]
    found = tally(inflected, measured.counted)

    assert found.judged - found.right >= 200
    assert found.precision >= 0.97
    assert found.recall >= 0.95


def test_a_person_counts_beside_the_role_that_the_person_is_known_for(
    rows: list[Judged], measured: Measured
) -> None:
    found = tally([row for row in rows if row.group == "role of a person"], measured.counted)

    assert found.judged >= 50
    assert found.precision >= 0.97
    assert found.recall >= 0.95


def test_the_set_is_large_and_half_of_it_is_traps(rows: list[Judged], measured: Measured) -> None:
    marked = [row for row in rows if row.group != BESIDE]
    found = tally(marked, measured.counted)

    assert found.counted >= 300
    assert found.judged - found.right >= 300
    assert found.precision >= 0.98
    assert found.recall >= 0.96


def test_whole_words_alone_would_be_wrong_by_the_hundred(rows: list[Judged]) -> None:
    marked = [row for row in rows if row.group != BESIDE]
    found = tally(marked, plain_finder(shipped_actors()))

    assert found.counted - found.counted_right > 300


def test_next_to_every_counted_mention_of_the_passages_was_judged(
    rows: list[Judged], measured: Measured
) -> None:
    unjudged = [(mention.surface, text) for text, mention in measured.unjudged()]

    assert len(unjudged) <= 0.01 * len(rows), unjudged


def test_the_figures_have_the_names_that_reports_use() -> None:
    found = figures(None)

    assert found["mention_precision"] >= 0.98
    assert found["judged_hits"] == len(judged_rows())
    assert {"mention_precision_b", "mention_recall_judged", "plain_precision"} <= found.keys()
