"""Two fillings of one form are told from two printings of one text."""

from __future__ import annotations

import random

import pytest

from storage.fillings import contrary, worded

FORM = (
    "The court of {town} has put off the hearing of {person} until {day}, the defence said after a "
    "session of {count} minutes behind closed doors. The families had come to {town} early in the "
    "morning and waited outside the gate, as they had done at every session before it."
)
ARABIC = (
    "أعلنت مديرية المياه في {town} أن الضخ سيتوقف يوم {day} في حي {person} مدة {count} ساعات بسبب "
    "أعمال صيانة في الخط الناقل، ودعت السكان إلى خزن ما يحتاجون إليه من الماء قبل ذلك الموعد."
)
FIRST = {"town": "Oasis Hill", "person": "Salim Qarawi", "day": "Sunday", "count": "40"}
SECOND = {"town": "Palm Valley", "person": "Dana Hewler", "day": "Thursday", "count": "25"}
ONE = {"town": "الزهور", "person": "البستان الكبير", "day": "الأحد", "count": "4"}
TWO = {"town": "المرسى", "person": "السوق القديم", "day": "الخميس", "count": "7"}


@pytest.mark.parametrize(
    ("form", "one", "other"), [(FORM, FIRST, SECOND), (ARABIC, ONE, TWO)], ids=["en", "ar"]
)
def test_other_names_and_figures_all_along_are_another_filling(
    form: str, one: dict[str, str], other: dict[str, str]
) -> None:
    first, second = worded(form.format(**one)), worded(form.format(**other))

    assert contrary(first, second)
    assert contrary(second, first)


@pytest.mark.parametrize("form", [FORM.format(**FIRST), ARABIC.format(**ONE)], ids=["en", "ar"])
def test_a_text_is_no_filling_of_itself_cut_framed_or_respelled(form: str) -> None:
    whole, half = worded(form), worded(form[: len(form) // 2])
    framed = worded(f"From our own desk this morning. {form} Read more on our pages.")

    assert not contrary(whole, whole)
    assert not contrary(whole, half)
    assert not contrary(half, framed)


def test_words_that_an_editor_changed_here_and_there_make_no_filling() -> None:
    dice = random.Random(3)
    vocabulary = [f"word{number}" for number in range(150)]
    text = dice.choices(vocabulary, k=250)
    edited = [dice.choice(vocabulary) if dice.random() < 0.1 else word for word in text]

    assert not contrary(worded(" ".join(text)), worded(" ".join(edited)))


def test_one_later_figure_in_a_long_report_makes_no_filling() -> None:
    report = " ".join(f"word{number}" for number in range(200))

    assert not contrary(
        worded(f"{report} 12 hurt {report}x"), worded(f"{report} 15 hurt {report}x")
    )


def test_texts_with_nothing_in_common_say_nothing() -> None:
    assert not contrary(worded("one two three four"), worded("five six seven eight"))
    assert not contrary(worded(""), worded("five six seven eight"))
