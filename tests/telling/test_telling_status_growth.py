"""How fast a workspace grows, told from nights of made-up sizes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.telling.growth import growth

NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)
MB = 1_000_000


def nights(sizes: list[int]) -> list[tuple[datetime, int]]:
    return [(NIGHT + timedelta(days=day), size) for day, size in enumerate(sizes)]


def test_two_nights_foretell_nothing() -> None:
    told = growth(nights([100 * MB, 150 * MB]), 10_000 * MB, NIGHT)

    assert (told.outlook, told.per_night, told.full_on) == ("unknown", None, None)


def test_steady_growth_tells_the_day_on_which_the_disk_is_full() -> None:
    told = growth(nights([50 * MB * day for day in range(1, 11)]), 500 * MB, NIGHT)

    assert told.per_night == told.per_day == 50 * MB
    assert (told.outlook, told.full_on) == ("on", date(2026, 3, 11))


@pytest.mark.parametrize("known", [4, 8, 14, 30, 60])
@pytest.mark.parametrize("when", [0.2, 0.5, 0.9])
def test_one_night_with_an_old_archive_does_not_frighten_anybody(known: int, when: float) -> None:
    sizes = [10 * MB * day + (5_000 * MB if day > when * known else 0) for day in range(known)]

    told = growth(nights(sizes), 18_300 * MB, NIGHT)

    assert told.per_night == 10 * MB
    assert told.outlook == "beyond"


def test_what_a_weekly_tidy_gives_back_counts_for_the_day_but_not_for_the_night() -> None:
    sizes = [40 * MB * day - 273 * MB * (day // 7) for day in range(1, 50)]  # 39 of 40 go again

    told = growth(nights(sizes), 5_000 * MB, NIGHT)

    assert told.per_night == 40 * MB
    assert told.per_day == MB


def test_a_workspace_that_shrinks_is_never_full() -> None:
    told = growth(nights([900 * MB, 800 * MB, 700 * MB, 600 * MB]), 1, NIGHT)

    assert (told.outlook, told.full_on) == ("beyond", None)


def test_several_notes_of_one_day_are_one_night() -> None:
    sizes = [(NIGHT + timedelta(hours=3 * step), MB * step) for step in range(16)]

    assert growth(sizes, 100 * MB, NIGHT).outlook == "unknown"


def test_a_disk_at_its_reserve_is_full_whatever_the_nights_say() -> None:
    assert growth([], 0, NIGHT).outlook == "full"
    assert growth(nights([1, 2, 3, 4]), -5, NIGHT).outlook == "full"


def test_a_night_that_was_missed_does_not_double_the_next_one() -> None:
    sizes = [(NIGHT + timedelta(days=2 * step), 20 * MB * step) for step in range(8)]

    assert growth(sizes, 10**12, NIGHT).per_night == 10 * MB


@given(
    sizes=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10**13)), max_size=30),
    room=st.integers(-(10**12), 10**14),
)
def test_no_sizes_make_it_fail_or_name_a_day_that_is_past(
    sizes: list[tuple[int, int]], room: int
) -> None:
    told = growth([(NIGHT + timedelta(days=day), size) for day, size in sizes], room, NIGHT)

    assert (told.full_on is not None) == (told.outlook == "on")
    assert told.full_on is None or told.full_on >= NIGHT.date()
