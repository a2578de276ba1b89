"""Languages, and the fingerprints of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading.reading_pages import ARABIC, ENGLISH, FRENCH, KURMANJI, SORANI

from crawler.reading.fingerprints import SHINGLE, WINDOW, fingerprint
from crawler.reading.languages import identify

OTHERS = {
    "fa": "او گفت که این خبر درست نیست و مردم شهر در کنار رودخانه برای آزادی گرد هم آمدند.",
    "ur": "انہوں نے کہا کہ یہ خبر درست نہیں ہے اور لوگ دریا کے کنارے جمع ہوئے تھے۔",
    "tr": "Dernek salı günü yaptığı açıklamada barışçıl toplantının yasaklandığını söyledi.",
    "es": "La asociación dijo el martes que la reunión pacífica frente al edificio fue prohibida.",
    "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ ⵜⴳⴰ ⵜⵓⵜⵍⴰⵢⵜ ⵏ ⵉⵎⴰⵣⵉⵖⵏ",
}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", ARABIC),
        ("ckb", SORANI),
        ("kmr", KURMANJI),
        ("fr", FRENCH),
        ("en", ENGLISH),
        *OTHERS.items(),
    ],
)
def test_a_text_is_in_its_language_whatever_is_expected(code: str, text: str) -> None:
    for prior in (None, "ar", "fr"):
        assert identify(text, prior=prior).code == code


def test_sorani_typed_with_arabic_letters_is_sorani() -> None:
    typed = SORANI.replace("ە", "ه\u200c").replace("ی", "ي").replace("ک", "ك")

    assert identify(typed).code == "ckb"


def test_arabic_with_latin_names_in_it_is_arabic() -> None:
    assert identify(f"{ARABIC} (Riverbank Rights Association, RRA)").code == "ar"


@pytest.mark.parametrize("text", ["", "RRA", "2026", "…", "Rûdaw"])
def test_too_little_text_is_in_the_expected_language_or_undetermined(text: str) -> None:
    assert identify(text).code == "und"
    assert identify(text, prior="kmr").code == "kmr"


def test_an_expected_language_of_another_script_does_not_count() -> None:
    assert identify("RRA", prior="ar").code in ("und", "ar")
    assert identify("كلمتان فقط", prior="fr").code != "fr"


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert identify(text).code


# ---------------------------------------------------------------- fingerprints


def test_other_spellings_and_punctuation_are_the_same_text() -> None:
    one = fingerprint("قالت الجمعيةُ إنّ «الإنسان» حرّ.")
    other = fingerprint("قالت الجمعيه ان الانسان حر")

    assert one == other


def test_one_other_word_is_another_text() -> None:
    assert fingerprint("قالت الجمعية كلمة").exact != fingerprint("قالت الجمعية كلمتين").exact


@given(st.lists(st.integers(0, 50), max_size=40), st.lists(st.integers(0, 50), max_size=40))
def test_a_shared_run_leaves_a_shared_fingerprint(before: list[int], after: list[int]) -> None:
    shared = [f"common{number}" for number in range(SHINGLE + WINDOW - 1)]
    one = " ".join([*map(str, before), *shared])
    other = " ".join([*shared, *map(str, after)])

    assert set(fingerprint(one).values) & set(fingerprint(other).values)


@given(st.text())
def test_fingerprints_are_sorted_and_of_48_bits(text: str) -> None:
    print_ = fingerprint(text)

    assert list(print_.values) == sorted(set(print_.values))
    assert all(0 <= value < 2**48 for value in print_.values)
    assert bool(print_.values) == bool(print_.words)
