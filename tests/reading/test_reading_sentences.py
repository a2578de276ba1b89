"""Sentences: where they end in each language, and that nothing is lost on the way."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.sentence_split import sentences

HOSTILE = st.text(alphabet="اب aB.!?؟؛…\n\r\t«»\"'()1،\u200f-•", max_size=200)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["قالت الجمعية إنها ستعود.", "هل يجيب المجلس؟", "لا أحد يعلم!"],
        ["«لن نصمت.»", "هكذا قالت نجوى الوادي؛", "ثم غادرت."],
        ["حضر د. كنان الهضبة و أ.د. سلمى الواحة الجلسة.", "وغاب م. يونس التلال."],
        ["بلغت النسبة 3.5 في المئة.", "وكانت 2,1 قبل عام."],
        ["M. Coteau et Mme. Duprey sont venus.", "Le Dr. Oasis, non."],
        ["L'art. 12 dit « non. »", "Et l'art. 13 ?", "Rien (encore.)", "Fin…"],
        ["J. R. Meadow met the U.S. envoy at 8 a.m. on Monday.", "Nobody else came."],
        ['"Why now?" she asked.', "He did not say."],
        ["It is No. 5 of 12.", "He said no.", "Then he left."],
        ["بەڕێز د. ئازاد کانی هات.", "کێ قسەی کرد؟", "هیچ کەس."],
        ["Dr. Azad Kanî hat.", "Kî axivî?", "Kes nehat!"],
        ["1. المطلب الأول.", "2. المطلب الثاني."],
        ["- First of all.", "• Second, too."],
    ],
)
def test_sentences_end_where_a_reader_says_so(expected: list[str]) -> None:
    assert split(" ".join(expected) if expected[0][0] not in "1-" else "\n".join(expected)) == (
        expected
    )


def test_a_line_break_ends_a_sentence_and_is_in_none() -> None:
    text = "عنوان فرعي\n\nPremière ligne\r\nثالثة\u2029Fourth"

    assert split(text) == ["عنوان فرعي", "Première ligne", "ثالثة", "Fourth"]


def test_a_space_that_an_arabic_paper_left_out_joins_no_sentences() -> None:
    assert split("انتهت الجلسة.وغادر الجميع؟نعم") == ["انتهت الجلسة.", "وغادر الجميع؟", "نعم"]


def test_an_address_is_no_end() -> None:
    assert split("See almithal.test/a.b?c=d for more.") == ["See almithal.test/a.b?c=d for more."]


@given(text=HOSTILE)
def test_sentences_and_the_space_between_are_the_text(text: str) -> None:
    spans, rebuilt, last = sentences(text), "", 0
    for start, end in spans:
        assert start >= last
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        rebuilt, last = rebuilt + text[last:end], end

    assert rebuilt + text[last:] == text
    assert not text[last:].strip()


@pytest.mark.parametrize(
    "piece", [".", "؟»", " .", "«", "a.", "د.", "ا.ب", "\n.", " \u200f", ". »"]
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    started = time.process_time()

    sentences(piece * (200_000 // len(piece)))

    assert time.process_time() - started < 3
