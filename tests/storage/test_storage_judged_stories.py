"""People say which articles are one story: whatever they name first, until they take it back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import MADE, rows_of

from storage.errors import CannotJudge, UnknownArticle
from storage.judged_stories import pairs
from storage.judgement_rows import Kind
from storage.judgements import JudgementStore

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

NOBODY: frozenset[tuple[int, int]] = frozenset()


@pytest.fixture
def judge(desk: Desk) -> JudgementStore:
    """Who judges three articles that were settled, each of a story of its own."""
    for slug in "123":
        desk.store(slug, f"نص الخبر رقم {slug}")
    desk.db.execute("UPDATE articles SET settled = 1")
    return JudgementStore(desk.db, clock=desk.clock)


def unsettled(desk: Desk) -> set[int]:
    return {row["id"] for row in desk.db.all("SELECT id FROM articles WHERE NOT settled")}


def test_the_pairs_that_people_joined_and_parted(desk: Desk, judge: JudgementStore) -> None:
    judge.same_story(3, 1, **MADE)
    judge.other_story(3, 2, **MADE)

    assert pairs(desk.db) == ({(1, 3)}, {(3, 2)})


def test_articles_are_named_by_address_as_well(desk: Desk, judge: JudgementStore) -> None:
    judge.same_story("https://sahifa.test/1", "https://sahifa.test/2", **MADE)

    assert pairs(desk.db) == ({(1, 2)}, NOBODY)


def test_of_several_on_one_pair_the_latest_counts(desk: Desk, judge: JudgementStore) -> None:
    first = judge.same_story(1, 2, **MADE)
    second = judge.other_story(2, 1, **MADE)

    assert pairs(desk.db) == (NOBODY, {(2, 1)})
    assert second.other == first.judgement
    assert [(one.id, one.superseded_by) for one in judge.list()] == [(1, 2), (2, None)]


def test_another_pair_is_another_matter(desk: Desk, judge: JudgementStore) -> None:
    judge.same_story(1, 2, **MADE)
    judged = judge.other_story(1, 3, **MADE)
    judge.leave_out(1, **MADE)

    assert judged.other is None
    assert pairs(desk.db) == ({(1, 2)}, {(1, 3)})
    assert all(one.active for one in judge.list())


def test_one_that_is_withdrawn_brings_back_the_one_before(
    desk: Desk, judge: JudgementStore
) -> None:
    judge.same_story(1, 2, **MADE)
    judge.other_story(1, 2, **MADE)

    back = judge.withdraw(2, **MADE)
    held = pairs(desk.db)
    judge.withdraw(1, **MADE)

    assert back.other is not None
    assert (back.other.id, back.judgement.other_id) == (1, 2)
    assert held == ({(1, 2)}, NOBODY)
    assert pairs(desk.db) == (NOBODY, NOBODY)


def test_both_articles_are_settled_anew_and_nobody_else(desk: Desk, judge: JudgementStore) -> None:
    judged = judge.same_story(1, 3, **MADE)
    asked_for = unsettled(desk)
    desk.db.execute("UPDATE articles SET settled = 1")
    taken_back = judge.withdraw(1, **MADE)

    assert asked_for == unsettled(desk) == {1, 3}
    assert judged.unsettles
    assert taken_back.unsettles


def test_a_judgement_on_something_else_settles_nothing(desk: Desk, judge: JudgementStore) -> None:
    assert not judge.language(1, "fr", **MADE).unsettles
    assert unsettled(desk) == set()


def test_what_it_changed_is_told_after_stories_were_settled(
    desk: Desk, judge: JudgementStore
) -> None:
    judged = judge.same_story(2, 1, **MADE)
    desk.db.execute("UPDATE articles SET story_id = 1, settled = 1 WHERE id IN (1, 2)")

    settled = judge.settled(judged)

    assert {number: story.story_id for number, story in settled.before.stories.items()} == {
        1: 1,
        2: 2,
    }
    assert {story.articles for story in settled.after.stories.values()} == {2}
    assert settled.judgement == judged.judgement


def test_a_story_does_not_count_who_was_left_out(desk: Desk, judge: JudgementStore) -> None:
    desk.db.execute("UPDATE articles SET story_id = 1")
    judge.leave_out(3, **MADE)

    assert judge.other_story(2, 1, **MADE).before.stories[2].articles == 2


def test_it_is_listed_and_shown_with_both_articles(desk: Desk, judge: JudgementStore) -> None:
    judge.same_story(1, 2, **MADE)

    for number in (1, 2):
        assert [one.kind for one in judge.list(article_id=number)] == [Kind.SAME_STORY]
        found = desk.articles.get(number)
        assert found is not None
        assert [(row["other_id"], row["active"]) for row in found["judgements"]] == [(2, True)]
    assert judge.list(article_id=3) == []


def test_it_is_exported_with_the_other_article(desk: Desk, judge: JudgementStore) -> None:
    judge.other_story(2, 3, **MADE)
    judge.withdraw(1, **MADE)

    rows = rows_of(desk, "judgements")

    assert [(row["kind"], row["article_id"], row["other_id"]) for row in rows] == [
        ("other_story", "2", "3"),
        ("withdraw", "2", "3"),
    ]
    assert list(rows[0])[-1] == "other_id"


def test_an_article_is_not_judged_against_itself(judge: JudgementStore) -> None:
    with pytest.raises(CannotJudge, match="both are article 1"):
        judge.same_story(1, "https://sahifa.test/1", **MADE)
    with pytest.raises(CannotJudge, match="both are article 2"):
        judge.other_story(2, 2, **MADE)


def test_an_article_that_is_not_there_cannot_be_judged(desk: Desk, judge: JudgementStore) -> None:
    for pair in ((1, 99), (99, 1), ("https://nowhere.test/", 1)):
        with pytest.raises(UnknownArticle):
            judge.same_story(*pair, **MADE)
    assert (judge.list(), unsettled(desk)) == ([], set())


ACTIONS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["same_story", "other_story"]),
            st.permutations([1, 2, 3]).map(lambda numbers: tuple(numbers[:2])),
        ),
        st.tuples(st.just("withdraw"), st.integers(1, 8)),
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(ACTIONS)
def test_what_stands_is_what_was_said_last_of_each_pair(
    desk_type: type[Desk], actions: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_type(Path(folder) / "marsad.db")
        for slug in "123":
            desk.store(slug, f"نص رقم {slug}")
        store = JudgementStore(desk.db, clock=desk.clock)
        latest = judge_all(store, actions)
        found = pairs(desk.db)
        active = {(one.kind, one.article_id, one.other_id) for one in store.list() if one.active}
        desk.db.close()

    joined = {tuple(sorted(pair)) for verb, pair in latest if verb == "same_story"}
    assert found == (joined, {pair for verb, pair in latest if verb == "other_story"})
    assert active == {(verb, *pair) for verb, pair in latest}


def judge_all(
    store: JudgementStore, actions: list[tuple[str, Any]]
) -> list[tuple[str, tuple[int, int]]]:
    """Judge and withdraw; gives what stands of each pair, worked out in plain Python."""
    said: dict[int, tuple[str, tuple[int, int]]] = {}
    for verb, value in actions:
        if verb != "withdraw":
            number = getattr(store, verb)(*value, **MADE).judgement.id
            said[number] = (verb, value)
        elif said.pop(value, None):
            store.withdraw(value, **MADE)
    latest = {frozenset(pair): (verb, pair) for _, (verb, pair) in sorted(said.items())}
    return list(latest.values())
