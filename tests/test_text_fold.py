"""Folding: one key for spellings of the same word."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import storage.text
from storage.text import fold, fold_apart, fold_map, stem, words

ANY = st.text(st.characters(exclude_categories=()))


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
        ("من يحمي الشهود؟", "من يحمي الشهود?"),
        ("قالوا، ثم؛ ٥٠٪", "قالوا, ثم; 50%"),
        ("نعم؛لا", "نعم;لا"),
        ("«العدالة»", '"العدالة"'),
        ("« la paix »", "“la paix”"),
        ("‘paix’", "'paix'"),
        ("et après…", "et après..."),
        ("e\u0301te\u0301", "été"),
        ("S\u0327e\u0302rko", "Şêrko"),
        ("می\u200cخواهم", "میخواهم"),
        ("گۆڤار", "كوفار"),
        ("ڕێ", "ری"),
        ("ناوه\u200cند", "ناوەند"),
        ("\u202bعدالة\u202c", "عدالة"),
        ("عدا\u061cلة", "عدالة"),
        ("ﷲ", "الله"),
        ("ﻻ", "لا"),
        ("𝐀𝐦𝐝𝐡", "amdh"),
        ("مئة", "ميه"),
        ("شيء", "شي"),
    ],
)
def test_spellings_of_one_word_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_same_title_is_the_same_in_each_class() -> None:
    file = Path(__file__).parents[1] / "bench" / "judged" / "same_title.jsonl"
    pairs = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    assert len({pair["class"] for pair in pairs}) == 14
    assert [pair for pair in pairs if fold(pair["one"]) != fold(pair["other"])] == []
    assert all(pair["one"] != pair["other"] for pair in pairs)


@pytest.mark.parametrize(("one", "other"), [("حق", "حقوق"), ("amdh", "amdhr"), ("قلم", "كلم")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_the_map_goes_with_the_folded_text(text: str) -> None:
    folded, offsets = fold_map(text)

    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(ANY)
def test_folding_apart_is_folding_but_for_the_spaces(text: str) -> None:
    apart = fold_apart(text)

    assert " ".join(apart.split()) == fold(text)
    assert apart == "".join(map(fold_apart, text))


@given(ANY)
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
