"""Wire credits: believed where credits stand, and nowhere else."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.reading_pages import article
from reading.reading_pages import context as context_of
from reading.reading_pages import page as page_of

from crawler.agencies import load_agencies
from crawler.reading.credits import Credits
from crawler.reading.page import read_page
from storage.models import Agency, AgencyForm, Credit

CASES = Path(__file__).resolve().parents[2] / "bench" / "judged" / "credit_cases.jsonl"
BODY = (
    "عقد مجلس بلدة الرمانة الزرقاء جلسة امتدت حتى المساء بحث فيها توزيع مياه الينبوع على الأحياء "
    "الثلاثة، وقال رئيسه شاهين المسطرة إن القرار سيصدر بعد أسبوعين."
)
ENGLISH = (
    "The council of Lower Plumbridge met on Tuesday to decide how the spring is shared among its "
    "three quarters. Its chair, Hesper Quillfeather, promised an answer within two weeks."
)
MADE_UP = (
    Agency("reed", "Reed Wire", (AgencyForm("Reed Wire"), AgencyForm("RW", "short"))),
    Agency("reed_two", "Second Reed", (AgencyForm("Second Reed"),), outlets=("ma_reed",)),
)


@pytest.fixture(scope="module")
def credits() -> Credits:
    return shipped()


def test_judged_cases_read_as_they_were_judged(credits: Credits) -> None:
    """A wrong credit is worse than a missed one: none of the first, few of the second."""
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    read = [
        (case, _agency(credits.find(case["text"], case["byline"], case.get("outlet", ""))))
        for case in cases
    ]

    wrong = [(case, found) for case, found in read if found not in (None, case["expect"])]
    missed = [case for case, found in read if found is None and case["expect"]]

    assert len(cases) >= 1000
    assert wrong == []
    assert len(missed) <= 3


@pytest.mark.parametrize(
    ("text", "byline", "rule", "surface"),
    [
        (f"الرباط - (و م ع) - {BODY}", None, "dateline", "و م ع"),
        (f"المنامة في 3 مارس / بنا / {BODY}", None, "dateline", "بنا"),
        (f"{BODY}\nالمصدر: وكالة رويترز", "سالم القنديل", "closing", "رويترز"),
        (ENGLISH, "Hesper Quillfeather, AFP", "byline", "AFP"),
        (f"According to Reuters, {ENGLISH}", None, "lead", "Reuters"),
    ],
)
def test_the_place_of_a_credit_is_told(
    text: str, byline: str | None, rule: str, surface: str, credits: Credits
) -> None:
    found = credits.find(text, byline)

    assert found is not None
    assert (found.rule, found.surface.removeprefix("وكالة ")) == (rule, surface)
    assert _said(found, text, byline)[found.start : found.end] == found.surface


def test_an_agency_never_credits_itself_on_its_own_site(credits: Credits) -> None:
    text = f"بغداد (واع) - {BODY}"

    assert credits.find(text, None, "iq_ina") is None
    assert _agency(credits.find(text, None, "iq_nina")) == "ina"


def test_an_agency_that_carries_another_ones_text_credits_it(credits: Credits) -> None:
    text = f"بغداد (واع) - {BODY}\n(أ ف ب)"

    assert _agency(credits.find(text, "واع", "iq_ina")) == "afp"


def test_a_named_agency_outweighs_agencies_without_a_name(credits: Credits) -> None:
    assert _agency(credits.find(f"{BODY}\nالمصدر: رويترز", "وكالات")) == "reuters"


def test_two_agencies_are_none_in_particular(credits: Credits) -> None:
    found = credits.find(BODY, "أ ف ب - رويترز")

    assert (_agency(found), found and found.surface) == ("agencies", "أ ف ب - رويترز")


def test_without_a_word_for_several_two_agencies_are_no_credit() -> None:
    assert Credits(MADE_UP).find(ENGLISH, "Reed Wire / Second Reed") is None


def test_an_abbreviation_counts_in_capitals_only() -> None:
    credits = Credits(MADE_UP)

    assert _agency(credits.find(ENGLISH, "RW")) == "reed"
    assert credits.find(ENGLISH, "rw") is None
    assert _agency(credits.find(ENGLISH, "REED WIRE")) == "reed"


@pytest.mark.parametrize("text", ["الأحد، 4 آب/أغسطس 2013\n", "قال أب لأبنائه - وهو يبتسم - "])
def test_a_month_or_a_father_is_no_agency(text: str, credits: Credits) -> None:
    assert credits.find(text + BODY, None) is None


@pytest.mark.parametrize(
    "head",
    [
        "الرمانة - سبأ: مدينتان وحكاية سد\n",  # a headline whose second part is a word
        "(معا) اسم حملة من أجل الينبوع.\n",
        "رويترز/ شاهين المسطرة\nمنظر عام للينبوع\n",  # who took a picture, and what it shows
        "الألمانية - لغة ثانية في المدرسة\n",
        "أفادت وكالة الأناضول بأن مقرها في البلدة تعرض لسرقة.\n",
        "SPRING TOWN (SPA) - a day of mud and steam\n",
        "Springtown (MENA Newsroom) - ",
    ],
)
def test_words_and_pictures_at_the_head_are_no_credit(head: str, credits: Credits) -> None:
    assert credits.find(f"{head}{BODY}\n{ENGLISH}", None) is None


@pytest.mark.parametrize(
    "tail", ["© AFP", "رويترز\nالأناضول\nروابط مفيدة", "العمانية\nالجزيرة للطيران", "وفا وصدق"]
)
def test_links_pictures_and_words_at_the_end_are_no_credit(tail: str, credits: Credits) -> None:
    assert credits.find(f"{BODY}\n{tail}", None) is None


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        (f"{BODY}\nMAP - 12/03/2026", "map"),
        (f"{BODY}\nوام/شاهين المسطرة/سالم القنديل", "wam"),
        (f"{BODY}\n(النهاية) ك ز / ن ق", "kuna"),
        (f"Baghdad-INA\n{ENGLISH}", "ina"),
        (f"المعلومة/ خاص ..\n{BODY}", "almaalomah"),
    ],
)
def test_the_ways_in_which_agencies_sign(text: str, agency: str, credits: Credits) -> None:
    assert _agency(credits.find(text, None)) == agency


def test_a_credit_inside_a_long_text_is_not_looked_for(credits: Credits) -> None:
    text = f"{ENGLISH}\n\n(AFP)\n\n" + f"{ENGLISH}\n" * 12

    assert credits.find(text, None) is None


def test_a_page_is_read_with_its_credit(credits: Credits) -> None:
    head = '<meta name="author" content="و م ع">'
    page, context = page_of(article(head=head)), replace(context_of(), credits=credits)

    assert read_page(page, context).credit == Credit("map", "byline", 0, 5, "و م ع", "byline")
    assert read_page(page, replace(context, outlet_id="ma_map")).credit is None
    assert read_page(page, replace(context, credits=None)).credit is None


def test_nothing_is_found_without_agencies() -> None:
    assert Credits(()).find(f"(AFP) - {BODY}\nSource: AFP", "AFP") is None


PIECES = st.sampled_from(
    ["AFP", "(AFP)", "و م ع", "/ بنا /", "رويترز", "وكالات", " - ", "\n", ", ", "(", ")", "[", "©",
     "2026", "Source: ", "المصدر: ", "avec ", "Rabat", "بغداد", "photo", ".", "…", "\u200f", "ـ",
     "a", "\u064b", "🕊", "\x00"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, byline=st.none() | TEXTS)
def test_what_is_credited_stands_there(text: str, byline: str | None) -> None:
    found = shipped().find(text, byline)

    if found is not None:
        assert 0 <= found.start < found.end
        assert _said(found, text, byline)[found.start : found.end] == found.surface
        assert found.agency in {agency.id for agency in load_agencies()}


@settings(max_examples=100, deadline=None)
@given(head=TEXTS, filler=st.integers(0, 3))
def test_what_stands_in_the_middle_changes_nothing(head: str, filler: int) -> None:
    first = f"{BODY}\n" * 8
    text = first + head * filler + "\n" + first

    assert shipped().find(text, None) is None


@pytest.mark.parametrize(
    "piece",
    ["(", ")", "- ", "/", "AFP, ", "AFP (", "(AFP ", "و م ع - ", "\n", " ", "a", "© ", "ـ "],
)
def test_hostile_texts_of_four_megabytes_cost_nothing(piece: str, credits: Credits) -> None:
    text = piece * (4_000_000 // len(piece))

    began = time.process_time()
    credits.find(text, text[:400])
    credits.find(text, text)

    assert time.process_time() - began < 1


@cache
def shipped() -> Credits:
    return Credits(load_agencies())


def _said(found: Credit, text: str, byline: str | None) -> str:
    return text if found.field == "text" else byline or ""


def _agency(found: Credit | None) -> str | None:
    return found.agency if found else None
