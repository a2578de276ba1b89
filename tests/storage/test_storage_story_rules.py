"""The rules by which a group of near texts is parted into stories."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from storage.story_rules import SAME, Judged, Member, Pair, partition

NOBODY = Judged()
NEAR = Pair(0.4, 0.6)
FAINT = Pair(0.2, 0.3)
FORM = Pair(0.7, 0.8, contrary=True)


def member(number: int, outlet: str = "", exact: bytes | None = None) -> Member:
    return Member(number, number * 3600, outlet or f"outlet_{number}", f"url/{number}", exact)


def told(
    members: list[Member], pairs: dict[tuple[int, int], Pair], judged: Judged = NOBODY
) -> list[list[int]]:
    return [[one.id for one in story] for story in partition(members, pairs, judged)]


def test_each_goes_to_the_one_it_is_most_like() -> None:
    members = [member(n) for n in (1, 2, 3)]

    assert told(members, {(2, 1): Pair(0.05, 0.6), (3, 1): FAINT, (3, 2): NEAR}) == [[1], [2, 3]]


def test_a_chain_of_resemblance_does_not_join_strangers() -> None:
    members = [member(n) for n in range(1, 7)]
    pairs = {(n + 1, n): FAINT for n in range(1, 6)}

    assert told(members, pairs) == [[1, 2, 3], [4, 5, 6]]


def test_a_story_that_does_not_agree_sends_it_to_the_next_best() -> None:
    members = [member(n) for n in range(1, 6)]
    pairs = {(2, 1): NEAR, (3, 1): NEAR, (3, 2): NEAR, (5, 1): Pair(0.5, 0.7), (5, 4): FAINT}

    assert told(members, pairs) == [[1, 2, 3], [4, 5]]


def test_a_roundup_of_two_stories_is_of_neither() -> None:
    members = [member(n) for n in (1, 2, 3)]

    assert told(members, {(3, 1): FAINT, (3, 2): Pair(0.15, 0.6)}) == [[1], [2], [3]]
    assert told(members, {(3, 1): FAINT, (3, 2): Pair(0.07, 0.6)}) == [[1, 3], [2]]
    assert told(members, {(3, 1): NEAR, (3, 2): Pair(0.35, 0.6)}) == [[1, 3], [2]]


def test_another_filling_of_a_form_is_another_story() -> None:
    members = [member(n) for n in (1, 2, 3)]

    assert told(members, {(2, 1): FORM, (3, 1): FORM, (3, 2): FAINT}) == [[1], [2, 3]]


def test_a_filling_of_one_member_keeps_out_of_a_small_story() -> None:
    members = [member(n) for n in (1, 2, 3)]

    assert told(members, {(2, 1): NEAR, (3, 1): FORM, (3, 2): NEAR}) == [[1, 2], [3]]


def test_word_for_word_copies_are_one_story_without_a_pair() -> None:
    members = [member(1, exact=b"x"), member(2), member(900, exact=b"x")]

    assert told(members, {}) == [[1, 900], [2]]


def test_what_is_kept_out_leaves_the_others_together() -> None:
    members = [member(n) for n in (1, 2, 3)]
    pairs = {(2, 1): NEAR, (3, 1): NEAR, (3, 2): NEAR}

    assert told(members, pairs, Judged(parted={(1, 2)})) == [[2, 3], [1]]


def test_a_joint_does_not_override_a_parting() -> None:
    members = [member(n) for n in (1, 2, 3)]
    judged = Judged(joined={(1, 2), (2, 3)}, parted={(1, 3)})

    assert told(members, {}, judged) == [[1, 2], [3]]


@given(seed=st.integers(0, 500))
def test_every_article_is_in_one_story_whatever_the_order(seed: int) -> None:
    dice = random.Random(seed)
    members = [member(n, f"outlet_{n % 4}", dice.choice([None, b"x"])) for n in range(1, 15)]
    pairs = {
        (late, early): dice.choice([NEAR, FAINT, FORM, SAME])
        for late in range(2, 15)
        for early in range(1, late)
        if dice.random() < 0.3
    }
    judged = Judged({(1, 5), (2, 9)}, {(3, 4)})
    found = told(members, pairs, judged)

    dice.shuffle(members)

    assert sorted(one for story in found for one in story) == list(range(1, 15))
    assert sorted(told(members, pairs, judged)) == sorted(found)
    assert not any({3, 4} <= set(story) for story in found)
