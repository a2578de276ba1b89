from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import stems as module
from storage import stopwords
from storage.stems import as_typed, inflected, is_kurdish, letters, stems
from storage.text import fold, stem, words

KURDISH = st.text(st.sampled_from("شێیيرکكگڵلۆوەهھ\u200c ـ\u064fabîÎş،«"), max_size=40)

# A noun of each shape in its everyday forms: a, the, the (plural), plural, of.
PARADIGMS = {
    "ڕۆژنامەوان": ["ڕۆژنامەوانێک", "ڕۆژنامەوانەکە", "ڕۆژنامەوانەکان", "ڕۆژنامەوانان"],
    "کرێکار": ["کرێکارێک", "کرێکارەکە", "کرێکارەکان", "کرێکاران", "کرێکاری"],
    "کۆمەڵە": ["کۆمەڵەیەک", "کۆمەڵەکە", "کۆمەڵەکان", "کۆمەڵەی"],
    "مامۆستا": ["مامۆستایەک", "مامۆستاکە", "مامۆستاکان", "مامۆستایان", "مامۆستای"],
    "هەولێر": ["هەولێری"],
}
APART = [
    ("شێر", "شیر"),
    ("کوڕ", "کور"),
    ("گوڵ", "گول"),
    ("کەڕ", "کەر"),
    ("دڵ", "دل"),
    ("زۆر", "زور"),
    ("پۆل", "پول"),
]


@pytest.mark.parametrize("example", [module, stopwords])
def test_the_examples_in_the_docstrings_are_true(example: object) -> None:
    assert doctest.testmod(example).failed == 0  # type: ignore[arg-type]  # a module


@pytest.mark.parametrize(("word", "form"), [(w, f) for w, fs in PARADIGMS.items() for f in fs])
def test_a_kurdish_word_is_found_in_its_everyday_forms(word: str, form: str) -> None:
    assert form in inflected(word)
    assert word in inflected(form)


@pytest.mark.parametrize(("one", "other"), APART)
def test_words_that_differ_by_a_kurdish_letter_stay_apart(one: str, other: str) -> None:
    assert letters(one) != letters(other)
    assert fold(one) == fold(other)
    assert set(inflected(letters(one))).isdisjoint(inflected(letters(other)))


@pytest.mark.parametrize(
    ("typed", "same"),
    [("هەولێر", "ھەولێر"), ("هەولێر", "هه‌ولێر"), ("کوردستان", "كوردستان"), ("مافی", "مافي")],
)
def test_keyboards_are_unified(typed: str, same: str) -> None:
    assert letters(typed) == letters(same)


@given(text=KURDISH)
def test_letters_differ_from_folding_by_kurdish_letters_only(text: str) -> None:
    kept = letters(text)

    assert letters(kept) == kept
    assert fold(kept) == fold(text)
    assert len(words(kept)) == len(words(fold(text)))


@given(word=KURDISH.filter(lambda text: len(as_typed(text)) == 1))
def test_every_form_keeps_a_kurdish_letter_if_the_word_has_one(word: str) -> None:
    (typed,) = as_typed(word)

    assert typed in inflected(typed)
    assert all(map(is_kurdish, inflected(typed))) or not is_kurdish(typed)


@given(text=KURDISH, language=st.sampled_from(["ar", "ckb", "kmr", "und"]))
def test_any_text_has_stems_without_signs(text: str, language: str) -> None:
    found = stems(text, language)

    assert found == " ".join(words(found))


@given(text=st.text(st.sampled_from("ابتحقوي هة لأabc"), max_size=40))
def test_without_kurdish_letters_the_stems_are_those_of_the_words(text: str) -> None:
    assert stems(text, "ar") == stem(fold(text))
