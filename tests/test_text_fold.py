"""Folding: one key for spellings of the same word."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import storage.text
from storage.text import fold, fold_map, stem, words


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, attempted = doctest.testmod(storage.text)

    assert attempted > 5
    assert failed == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الإنسان", "الانسان"),
        ("الإنسان", "الإنـــسان"),
        ("الإنسان", "الإِنْسَانُ"),
        ("ﺍﻹﻧﺴﺎﻥ", "الإنسان"),
        ("علي", "على"),
        ("الخواجة", "الخواجه"),
        ("٢٠٢٦", "2026"),
        ("۲۰۲۶", "2026"),
        ("کوردستان", "كوردستان"),
        ("شێروان", "شيروان"),
        ("هە\u200cوال", "ههوال"),
        ("Société", "SOCIETE"),
        ("Rojnamevanên", "rojnamevanen"),
        ("Al-Khawaja", "al  khawaja"),
        ("l’AMDH", "l'AMDH"),
        ("cœur", "coeur"),
        ("أݣادير", "اكادير"),
    ],
)
def test_spellings_of_one_word_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("حق", "حقوق"), ("amdh", "amdhr"), ("قلم", "كلم")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_map_goes_with_the_folded_text(text: str) -> None:
    folded, offsets = fold_map(text)

    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.text())
def test_each_folded_letter_comes_from_the_letter_it_points_to(text: str) -> None:
    folded, offsets = fold_map(text)

    for char, offset in zip(folded, offsets, strict=True):
        source = fold(f"a{text[offset]}b")
        assert char in source or char == " "


@given(st.text())
def test_stems_are_the_stems_of_the_words(text: str) -> None:
    folded = fold(text)

    assert len(stem(folded).split(" ")) == max(1, len(words(folded)))


def test_clitics_and_endings_do_not_part_a_word_from_its_stem() -> None:
    forms = ["صحفي", "الصحفي", "والصحفيون", "للصحفيين", "بالصحفيين"]

    assert len({stem(fold(form)) for form in forms}) == 1
