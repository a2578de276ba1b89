"""Stories are a function of the set of articles, whatever the order and the interruptions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from storyworlds import (
    OUTLETS,
    Told,
    expected,
    judge,
    made,
    moved,
    open_world,
    stories,
    write,
)

from storage import stories as settling
from storage.database import Database, open_database

FORM = frozenset(range(1000, 1030))
"""What each filling of a form shares."""


def text(name: int, share: int = 40) -> frozenset[int]:
    return frozenset(range(name * 100, name * 100 + share))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worlds") / "marsad.db"
    open_world(path).close()
    return path


@pytest.fixture
def world(empty: Path, tmp_path: Path) -> Iterator[Database]:
    with copied(empty, tmp_path) as db:
        yield db


def copied(empty: Path, folder: Path | str) -> Database:
    return open_database(shutil.copy(empty, Path(folder) / "marsad.db"))


def fill(db: Database, *told: Told) -> None:
    for one in told:
        write(db, one)


@st.composite
def articles(draw: st.DrawFn, number: int) -> Told:
    """Texts of few phrases, so that forms, copies and roundups come about."""
    phrases = draw(st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True))
    values = {value for phrase in phrases for value in range(phrase * 10, phrase * 10 + 6)}
    values |= draw(st.sets(st.integers(200, 215), max_size=4))
    words = draw(st.sampled_from([60, 60, 60, 60, 20, 9]))
    slots = draw(st.sets(st.sampled_from([0x10001, 0x10002, 0x20001, 0x20002]), max_size=2))
    return Told(
        id=number,
        hours=draw(st.integers(0, 190) | st.integers(700, 800)),
        outlet=draw(st.sampled_from(OUTLETS)),
        values=frozenset(values),
        words=words,
        slots=frozenset(slots),
        headline=draw(st.sampled_from(["A headline", "a  headline", "another", ""])),
        version=draw(st.sampled_from([3, 3, 3, 2])),
        withdrawn=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def worlds(draw: st.DrawFn, most: int = 26) -> list[Told]:
    count = draw(st.integers(2, most))
    return [draw(articles(number)) for number in range(1, count + 1)]


@st.composite
def histories(draw: st.DrawFn) -> list[list[tuple[object, ...]]]:
    """Rounds of writes and judgements, each followed by settling."""
    first = draw(worlds(18))
    numbers = st.integers(1, len(first) + 6)
    change = st.one_of(
        numbers.flatmap(articles).map(lambda told: ("write", told)),
        st.tuples(st.just("same_story"), numbers, numbers),
        st.tuples(st.just("other_story"), numbers, numbers),
    )
    rounds = draw(st.lists(st.lists(change, min_size=1, max_size=6), min_size=1, max_size=4))
    return [[("write", told) for told in first], *rounds]


RELAXED = settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(rounds=histories(), chunk=st.integers(1, 9))
@RELAXED
def test_whatever_came_and_changed_the_stories_are_those_of_the_set(
    empty: Path, rounds: list[list[tuple[object, ...]]], chunk: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "CHUNK", chunk)
        with copied(empty, folder) as db:
            told, judged = _live(db, rounds)
            incremental = made(db)
            settling.rebuild(db)
            rebuilt = made(db)

    assert incremental == expected(told.values(), *judged)
    assert rebuilt == incremental


def _live(
    db: Database, rounds: list[list[tuple[object, ...]]]
) -> tuple[dict[int, Told], tuple[set[tuple[int, int]], set[tuple[int, int]]]]:
    told: dict[int, Told] = {}
    latest: dict[tuple[int, ...], tuple[str, int, int]] = {}
    for actions in rounds:
        for kind, *rest in actions:
            if kind == "write":
                (one,) = rest
                assert isinstance(one, Told)
                write(db, one)
                told[one.id] = one
                continue
            a, b = rest
            if a != b and told.keys() >= {a, b}:
                judge(db, kind, a, b)
                latest[tuple(sorted((a, b)))] = (kind, a, b)
        settling.settle(db)
    joined = {tuple(sorted((a, b))) for kind, a, b in latest.values() if kind == "same_story"}
    parted = {(a, b) for kind, a, b in latest.values() if kind == "other_story"}
    return told, (joined, parted)  # type: ignore[return-value]  # pairs are of two


@given(world=worlds(), random=st.randoms(use_true_random=False))
@settings(RELAXED, max_examples=15)
def test_ten_orders_make_the_same_stories(empty: Path, world: list[Told], random: object) -> None:
    found = []
    for _ in range(10):
        random.shuffle(world)  # type: ignore[attr-defined]  # a random.Random
        with TemporaryDirectory() as folder, copied(empty, folder) as db:
            for start in range(0, len(world), 7):
                fill(db, *world[start : start + 7])
                settling.settle(db)
            found.append(made(db))

    assert all(one == found[0] for one in found)
    assert found[0] == expected(world, (), ())


def test_copies_of_a_text_are_one_story(world: Database) -> None:
    fill(
        world,
        Told(1, 0, "ma_one", text(1)),
        Told(2, 5, "ma_two", text(1)),
        Told(3, 9, "iq_three", text(1, 14)),
        Told(4, 9, "iq_three", text(2)),
    )

    done = settling.settle(world)

    assert stories(world) == {1: 1, 2: 1, 3: 1, 4: 4}
    assert (done.articles, done.stories, done.changed) == (4, 1, 2)
    assert world.unsettled() == 0


def test_settling_twice_does_nothing_the_second_time(world: Database) -> None:
    fill(world, Told(1, 0, "ma_one", text(1)), Told(2, 5, "ma_two", text(1)))
    settling.settle(world)
    before = made(world)

    done = settling.settle(world)

    assert done.articles == 0
    assert made(world) == before


def test_a_roundup_is_a_pair_and_no_member(world: Database) -> None:
    fill(
        world,
        Told(1, 0, "ma_one", text(1, 20)),
        Told(2, 6, "ma_two", text(1, 20) | text(2, 90) | text(3, 90)),
    )

    settling.settle(world)

    assert stories(world) == {1: 1, 2: 2}
    assert world.value("SELECT containment FROM near_pairs") == 1.0


def test_word_for_word_copies_are_one_story_after_a_year(world: Database) -> None:
    fill(world, Told(1, 0, "ma_one", text(1)), Told(2, 9000, "ma_two", text(1)))

    settling.settle(world)

    assert stories(world) == {1: 1, 2: 1}


def test_other_texts_are_one_story_within_three_days_only(world: Database) -> None:
    near = text(1) | {1}
    fill(
        world,
        Told(1, 0, "ma_one", text(1)),
        Told(2, 72, "ma_two", near),
        Told(3, 145, "iq_three", text(1) | {3}),
    )

    settling.settle(world)

    assert stories(world) == {1: 1, 2: 1, 3: 3}


def test_a_short_text_asks_for_the_same_headline(world: Database) -> None:
    fill(
        world,
        Told(1, 0, "ma_one", text(1), words=9, headline="À regarder"),
        Told(2, 1, "ma_two", text(1), words=9, headline="a regarder"),
        Told(3, 2, "iq_three", text(1), words=9, headline="autre"),
    )

    settling.settle(world)

    assert stories(world) == {1: 1, 2: 1, 3: 3}


def test_what_is_printed_on_three_days_is_no_evidence_on_the_fourth(world: Database) -> None:
    days = [Told(day, day * 24, "ma_one", FORM | text(day)) for day in range(1, 4)]
    fill(
        world,
        *days,
        Told(4, 4 * 24, "ma_two", FORM | text(4)),
        Told(5, 4 * 24 + 2, "iq_three", FORM | text(5)),
        Told(6, 2 * 24 + 3, "iq_five", FORM),
    )

    settling.settle(world)

    found = stories(world)
    assert found[4] == 4
    assert found[5] == 5
    assert found[6] == 1, "on the second day it was no form yet"


def test_a_late_archive_opens_the_days_around_it_again(world: Database) -> None:
    fill(
        world,
        Told(4, 4 * 24, "ma_two", FORM | text(4)),
        Told(5, 4 * 24 + 2, "iq_three", FORM | text(5)),
    )
    settling.settle(world)
    assert stories(world) == {4: 4, 5: 4}

    fill(world, *(Told(day, day * 24, "ma_one", FORM | text(day)) for day in range(1, 4)))
    settling.settle(world)

    assert stories(world)[5] == 5


def test_what_is_no_form_any_more_is_evidence_again(world: Database) -> None:
    days = [Told(day, day * 24, "ma_one", FORM | text(day)) for day in range(1, 4)]
    fill(world, *days)
    fill(world, Told(4, 96, "ma_two", FORM | text(4)), Told(5, 98, "iq_three", FORM | text(5)))
    settling.settle(world)
    assert stories(world)[5] == 5

    write(world, moved(days[1], values=text(2)))
    settling.settle(world)

    assert stories(world)[5] == 3, "the first of those that it shares the phrases with"


def test_who_lost_its_only_copy_stands_alone_again(world: Database) -> None:
    first = Told(1, 0, "ma_one", text(1))
    fill(world, first, Told(2, 9000, "ma_two", text(1)))
    settling.settle(world)

    write(world, moved(first, values=text(3)))
    settling.settle(world)

    assert stories(world) == {1: 1, 2: 2}


def test_fillings_of_one_form_with_other_numbers_are_two_stories(world: Database) -> None:
    first, second = frozenset([0x10001, 0x20001]), frozenset([0x10002, 0x20002])
    fill(
        world,
        Told(1, 0, "ma_one", FORM | text(1, 5), slots=first),
        Told(2, 20, "ma_two", FORM | text(2, 5), slots=second),
        Told(3, 21, "iq_three", FORM | text(1, 3), slots=first),
    )

    settling.settle(world)

    assert stories(world) == {1: 1, 2: 2, 3: 1}


def test_an_outlet_joins_its_own_story_only_by_nearly_the_same_text(world: Database) -> None:
    fill(
        world,
        Told(1, 0, "ma_one", text(1)),
        Told(2, 3, "ma_one", text(1, 20) | text(2, 25)),
        Told(3, 5, "ma_one", text(1) | text(3, 30)),
    )

    settling.settle(world)

    assert stories(world) == {1: 1, 2: 2, 3: 1}


def test_the_first_counted_article_names_the_story(world: Database) -> None:
    fill(
        world,
        Told(1, 0, "ma_one", text(1), withdrawn=True),
        Told(2, 5, "ma_two", text(1)),
        Told(3, 6, "iq_three", text(1)),
    )

    settling.settle(world)

    assert stories(world) == {1: 2, 2: 2, 3: 2}
    assert [tuple(row) for row in world.all("SELECT id, articles FROM stories")] == [(2, 2)]


def test_people_join_and_part(world: Database) -> None:
    fill(
        world,
        Told(1, 0, "ma_one", text(1)),
        Told(2, 1, "ma_two", text(1)),
        Told(3, 2, "iq_three", text(1)),
        Told(4, 3, "bh_four", text(4)),
    )
    settling.settle(world)

    judge(world, "other_story", 1, 2)
    judge(world, "same_story", 3, 4)
    settling.settle(world)

    assert stories(world) == {1: 1, 2: 2, 3: 2, 4: 2}


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE articles SET published_at = '2026-03-02T00:00:00Z' WHERE id = 1",
        "UPDATE articles SET withdrawn = 1 WHERE id = 1",
        "UPDATE articles SET credit = 'afp' WHERE id = 1",
        "UPDATE fingerprints SET words = 61 WHERE article_id = 1",
        "DELETE FROM fingerprints WHERE article_id = 1",
    ],
)
def test_what_stories_are_made_of_asks_for_settling_when_it_changes(
    world: Database, changed: str
) -> None:
    fill(world, Told(1, 0, "ma_one", text(1)), Told(2, 5, "ma_two", text(1)))
    settling.settle(world)

    with world.write():
        world.execute(changed)

    assert world.value("SELECT count(*) FROM articles WHERE NOT settled") == 1


def test_the_same_again_asks_for_nothing(world: Database) -> None:
    told = Told(1, 0, "ma_one", text(1))
    fill(world, told)
    settling.settle(world)

    write(world, told)

    assert world.unsettled() == 0
