"""Fingerprints: equal for copies, and slots that tell the fillings of a form apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.fingerprints import SHINGLE, VERSION, WINDOW, fingerprint
from storage.fillings import contrary_slots

WORDS = [f"word{number}" for number in range(400)]


def text(seed: int, length: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_a_text_is_printed_alike_whatever_its_marks_and_spelling() -> None:
    plain = "قال رئيس البلدية إن المدرسة القديمة ستفتح أبوابها يوم الاثنين 12 مارس أمام 300 تلميذ"
    vowelled = (
        "قالَ رئيسُ البلديةِ إنّ المدرسه القديمه ستفتح ابوابها، يوم الإثنين ١٢ مارس أمام ٣٠٠ تلميذ."
    )

    assert fingerprint(plain) == fingerprint(vowelled)
    assert fingerprint(plain).version == VERSION


@given(seed=st.integers(0, 10_000), start=st.integers(0, 150), length=st.integers(11, 60))
def test_eleven_words_in_a_row_leave_a_common_fingerprint(
    seed: int, start: int, length: int
) -> None:
    whole = text(seed)
    part = " ".join(whole.split()[start : start + length])
    around = f"{text(seed + 1, 40)} {part} {text(seed + 2, 40)}"

    if len(part.split()) >= WINDOW + SHINGLE - 1:
        assert set(fingerprint(whole).values) & set(fingerprint(around).values)


def test_a_text_without_words_has_none() -> None:
    assert fingerprint("… !").values == ()
    assert fingerprint("… !").slots == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Le dirham vaut 9,87 lundi 3 mars 2026", "Le dirham vaut 9,91 mardi 4 mars 2026"),
        ("درجة الحرارة العظمى ٣٤ والرطوبة ٤٠", "درجة الحرارة العظمى 36 والرطوبة 45"),
        ("The relief plane number 4 left on Monday", "The relief plane number 5 left on Tuesday"),
        ("نرخی دۆلار ١٤٧٠ دینار لە ڕۆژی دووشەممە", "نرخی دۆلار ١٤٨٥ دینار لە ڕۆژی هەینی"),
        ("Bihayê dolar 1470 e roja duşem", "Bihayê dolar 1485 e roja înî"),
    ],
)  # fmt: skip
def test_fillings_of_one_form_contradict_each_other(one: str, other: str) -> None:
    assert contrary_slots(fingerprint(one).slots, fingerprint(other).slots)
    assert not contrary_slots(fingerprint(one).slots, fingerprint(one).slots)


def test_a_cut_text_agrees_with_the_whole_one() -> None:
    whole = (
        "On lundi 3 mars 2026 the river rose by 4 metres and 120 houses stood empty in 3 villages"
    )
    half = "On lundi 3 mars 2026 the river rose by 4 metres and"

    assert set(fingerprint(half).slots) < set(fingerprint(whole).slots)


def test_the_same_moment_written_in_another_script_is_the_same_slot() -> None:
    assert fingerprint("في ١٢ مارس").slots == fingerprint("في 12 مارس").slots


def test_months_are_words_elsewhere() -> None:
    assert fingerprint("they may go, may come, may stay").slots == ()


def test_there_are_at_most_forty_the_first_ones() -> None:
    many = " ".join(f"thing{n} costs {n}" for n in range(90))
    first = " ".join(f"thing{n} costs {n}" for n in range(40))

    assert fingerprint(many).slots == fingerprint(first).slots
    assert len(fingerprint(many).slots) == 40
