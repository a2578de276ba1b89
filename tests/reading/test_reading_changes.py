"""What one text kept, added, cut, changed and moved against another."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.changes import Changes, Kind, Part, compare
from crawler.reading.sentence_split import Span

BEFORE = (
    "قالت جمعية الضفة إن السلطات منعت وقفة سلمية. وأوقف الناشط سالم بن ضفة يوم الأحد."
    "\nودعت الجمعية إلى احترام الحريات. ولم يرد المجلس."
)
WORDS = ("سالم", "منع", "3.5", "Oued", "l’été", "«لا»", "new", "not")
SENTENCES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda said: " ".join(said) + "."),
    max_size=8,
)
TEXTS = SENTENCES.map("\n".join) | SENTENCES.map(" ".join) | st.text(max_size=60)


def piece(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def told(before: str, after: str, kind: Kind) -> list[tuple[str, str]]:
    return [
        (piece(before, part.before), piece(after, part.after))
        for part in compare(before, after).parts
        if part.kind is kind
    ]


def kinds(changes: Changes) -> set[Kind]:
    return {part.kind for part in changes.parts}


def test_a_cut_sentence_is_told_where_it_stood() -> None:
    after = BEFORE.replace(" وأوقف الناشط سالم بن ضفة يوم الأحد.", "")

    found = compare(BEFORE, after)

    assert [str(part.kind) for part in found.parts] == ["kept", "cut", "kept", "kept"]
    assert told(BEFORE, after, Kind.CUT) == [("وأوقف الناشط سالم بن ضفة يوم الأحد.", "")]


def test_a_changed_word_is_marked_within_its_sentence() -> None:
    after = BEFORE.replace("الناشط", "المشتبه به")

    (changed,) = [part for part in compare(BEFORE, after).parts if part.kind is Kind.CHANGED]

    (mark,) = changed.marks
    assert (piece(BEFORE, mark.before), piece(after, mark.after)) == ("الناشط", "المشتبه به")


def test_quotation_marks_put_around_a_word_are_a_change() -> None:
    after = BEFORE.replace("الناشط", "«الناشط»")

    assert kinds(compare(BEFORE, after)) == {Kind.KEPT, Kind.CHANGED}


def test_spelling_digits_and_the_shape_of_quotes_are_none() -> None:
    before = 'Le 12 mai, « l’été » de 1 250 élus coûte 3,5 %.\nمُحَمَّد قال "لا" للإدارة.'
    after = "Le ١٢ mai, “l'été” de 1250 élus coûte 3.5%. محــمد قال «لا» للادارة ."

    assert kinds(compare(before, after)) == {Kind.KEPT}


def test_a_lead_and_a_tail_are_added_around_the_kept_text() -> None:
    after = f"الرباط: خاص بالجريدة.\n{BEFORE}\nوتابعت الجريدة الموضوع لاحقا."

    found = compare(BEFORE, after)

    assert [str(part.kind) for part in found.parts] == ["added", *["kept"] * 4, "added"]
    assert found.share_kept == 1.0


def test_a_sentence_that_goes_to_the_end_is_moved() -> None:
    after = BEFORE.removeprefix("قالت جمعية الضفة إن السلطات منعت وقفة سلمية. ")
    after += " قالت جمعية الضفة إن السلطات منعت وقفة سلمية."

    assert [str(part.kind) for part in compare(BEFORE, after).parts] == [*["kept"] * 3, "moved"]


def test_the_first_half_of_a_sentence_is_the_sentence_cut_short() -> None:
    before = "The union of the hill said on Monday that wages had not been paid, and that it would"
    before += " go to court over the delay if the council went on being silent about it."
    after = "The union of the hill said on Monday that wages had not been paid."

    (part,) = compare(before, after).parts

    assert part.kind is Kind.CHANGED
    assert piece(before, part.marks[0].before).startswith("and that it would")


def test_the_share_kept_counts_words_of_the_earlier_text() -> None:
    assert compare("One two three four. Five six.", "One two three four.").share_kept == 4 / 6
    assert compare("", "Something.").share_kept == 1.0
    assert compare("Something.", "").share_kept == 0.0


@given(text=TEXTS)
def test_a_text_keeps_all_of_itself(text: str) -> None:
    found = compare(text, text)

    assert kinds(found) <= {Kind.KEPT}
    assert found.share_kept == 1.0


@given(before=TEXTS, after=TEXTS)
def test_the_parts_hold_every_sentence_of_both_texts_once(before: str, after: str) -> None:
    parts = compare(before, after).parts

    old = sorted(part.before for part in parts if part.before)
    new = [part.after for part in parts if part.after]
    assert _solid(before, old)
    assert new == sorted(new)
    assert _solid(after, new)


@given(before=TEXTS, after=TEXTS)
def test_what_is_added_one_way_is_cut_the_other(before: str, after: str) -> None:
    there, back = compare(before, after).parts, compare(after, before).parts

    assert _spans(there, Kind.CUT, 0) == _spans(back, Kind.ADDED, 1)
    assert _spans(there, Kind.ADDED, 1) == _spans(back, Kind.CUT, 0)


@given(before=TEXTS, after=TEXTS)
def test_marks_lie_within_their_sentences(before: str, after: str) -> None:
    for part in compare(before, after).parts:
        for mark in part.marks:
            assert part.before is not None
            assert part.after is not None
            assert part.before.start <= mark.before.start <= mark.before.end <= part.before.end
            assert part.after.start <= mark.after.start <= mark.after.end <= part.after.end


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a. " * 20_000, "b. " * 20_000),
        ("كلمة " * 20_000, "كلمة أخرى " * 10_000),
        ("one two. " * 8_000, "two one. " * 8_000),
        (" ".join(f"w{n % 50}." for n in range(9_000)), " ".join(f"w{n % 49}." for n in range(99))),
    ],
)  # fmt: skip
def test_hostile_texts_are_compared_in_seconds(before: str, after: str) -> None:
    started = time.process_time()

    compare(before, after)

    assert time.process_time() - started < 5


def _solid(text: str, spans: list[Span]) -> bool:
    """Whether the spans and white space between them are the text."""
    last = 0
    for start, end in spans:
        if start < last or text[last:start].strip():
            return False
        last = end
    return not text[last:].strip()


def _spans(parts: tuple[Part, ...], kind: Kind, side: int) -> list[Span]:
    return sorted(
        span for part in parts if part.kind is kind and (span := (part.before, part.after)[side])
    )
