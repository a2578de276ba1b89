"""What stands around a name: context words, the other field, anti-aliases, homonyms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.reading.mentions import Matcher
from storage.models import Actor, Alias

FULL, SHORT = "جمعية الضفة للحقوق", "الضفة"


def actor(
    actor_id: str = "x", *aliases: str, mode: str = "auto", **facts: tuple[str, ...]
) -> Actor:
    forms = tuple(Alias(text, mode=mode) for text in aliases or (SHORT,))
    return Actor(actor_id, "cso", aliases=forms, **facts)  # type: ignore[arg-type]  # facts are tuples


def found(matcher: Matcher, text: str) -> list[tuple[str, bool]]:
    return [(mention.actor_id, mention.ambiguous) for mention in matcher.find(text)]


NEAR = Matcher([actor(context=("حقوق", "ناشط"))])
FILLER = "كلمة "


@pytest.mark.parametrize(
    "text",
    [
        "دافعت الضفة عن الحقوق",
        "ناشط في الضفة",
        f"الضفة {FILLER * 38} وبحقوق",
        "قالت الضفة ذلك.\nوالناشط معها",
        "قالت الضفة ذلك\n\nوالناشط معها",
        f"{FILLER * 500} الضفة والحقوق {FILLER * 500}",
        f"{FILLER * 101}الضفة {FILLER * 30}حقوق",
        "سطر منكسر عن الضفة\nوسطر آخر منكسر\nوسطر فيه ناشط",
    ],
)
def test_a_context_word_counts_within_forty_words_and_one_paragraph_on(text: str) -> None:
    assert found(NEAR, text) == [("x", False)]


@pytest.mark.parametrize(
    "text",
    [
        "زار الضفة صباحا",
        f"الضفة {FILLER * 41} حقوق",
        "قالت الضفة ذلك.\nخبر آخر هنا.\nوالناشط في خبر ثالث",
        "قالت الضفة ذلك\n\nخبر آخر هنا\n\nوالناشط في خبر ثالث",
        "الضفةحقوق",
        "محقوق الضفة",
    ],
)
def test_a_context_word_further_away_does_not_count(text: str) -> None:
    assert found(NEAR, text) == []


def test_articles_are_read_as_a_reader_would() -> None:
    file = Path(__file__).parents[2] / "bench" / "judged" / "context_cases.jsonl"
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    right = [
        bool(
            Matcher([actor("x", case["alias"], context=tuple(case["context"]))]).find_in(
                case["headline"], case["text"]
            )
        )
        == bool(case["expect"])
        for case in cases
    ]

    assert len(cases) >= 30
    assert sum(right) / len(right) >= 0.95


def test_a_form_is_not_its_own_context() -> None:
    matcher = Matcher([actor("x", "حقوق", context=("حقوق",))])

    assert found(matcher, "عن حقوق هنا") == []
    assert found(matcher, "عن حقوق أو حقوق هنا") == [("x", False), ("x", False)]


# ---------------------------------------------------------------- headline and text


def in_article(matcher: Matcher, headline: str, text: str) -> list[tuple[str, str]]:
    fields = {"headline": headline, "text": text}
    mentions = matcher.find_in(headline, text)
    for mention in mentions:
        assert fields[mention.field][mention.start : mention.end] == mention.surface
    return [(mention.field, mention.surface) for mention in mentions]


def test_a_word_in_the_headline_counts_where_the_text_has_the_full_name() -> None:
    matcher = Matcher([actor("x", FULL, SHORT)])
    long = FILLER * 300

    assert in_article(matcher, "الضفة تحتج", f"{long}{FULL}") == [
        ("headline", SHORT),
        ("text", FULL),
    ]
    assert in_article(matcher, FULL, f"{long}الضفة") == [("headline", FULL), ("text", SHORT)]
    assert in_article(matcher, "الضفة تحتج", long) == []


def test_the_headline_is_the_paragraph_before_the_first() -> None:
    assert in_article(NEAR, "الضفة تحتج", "قال ناشط ذلك.\nثم عاد.") == [("headline", SHORT)]
    assert in_article(NEAR, "ناشط يحتج", "زار الضفة.\nثم عاد.") == [("text", SHORT)]
    assert in_article(NEAR, "الضفة تحتج", "قيل ذلك.\nثم عاد ناشط.") == []


def test_no_name_goes_from_the_headline_into_the_text() -> None:
    matcher = Matcher([actor("x", FULL)])

    assert in_article(matcher, "جمعية الضفة", "للحقوق") == []
    assert in_article(matcher, "", FULL) == [("text", FULL)]
    assert in_article(matcher, FULL, "") == [("headline", FULL)]


# ---------------------------------------------------------------- sure forms


def test_a_name_inside_a_longer_one_of_another_makes_nothing_sure() -> None:
    matcher = Matcher([actor("x", FULL, SHORT), actor("y", f"أصدقاء {FULL}")])

    assert found(matcher, f"أصدقاء {FULL} في الضفة") == [("y", False)]


# ---------------------------------------------------------------- anti-aliases


@pytest.mark.parametrize("before", ["", "و", "ل", "ب", "وب", "كـ"])
def test_an_anti_alias_works_behind_clitics(before: str) -> None:
    matcher = Matcher([actor("x", "سام المثالي", anti_aliases=("وسام المثالي", "درع سام المثالي"))])

    assert found(matcher, f"قال {before}وسام المثالي") == []
    assert found(matcher, f"قال {before}درع سام المثالي") == []
    assert found(matcher, f"{before} سام المثالي") == [("x", False)]


def test_an_anti_alias_of_one_word_takes_article_and_clitics() -> None:
    matcher = Matcher([actor("x", "الضفة", mode="exact", anti_aliases=("ضفة النهر", "ضفتان"))])

    assert found(matcher, "على الضفة") == [("x", False)]
    assert found(matcher, "على الضفة النهر") == []


def test_a_name_that_holds_an_anti_alias_stands() -> None:
    matcher = Matcher([actor("x", FULL, SHORT, anti_aliases=("الضفة للحقوق",))])

    assert found(matcher, f"{FULL} و الضفة للحقوق") == [("x", False)]


def test_an_anti_alias_is_its_own_actors() -> None:
    matcher = Matcher([actor("x", FULL, anti_aliases=(f"{FULL} الكبرى",)), actor("y", FULL)])

    assert found(matcher, FULL) == [("x", True), ("y", True)]
    assert found(matcher, f"{FULL} الكبرى") == [("y", False)]


# ---------------------------------------------------------------- one place, two actors


HOMONYMS = Matcher(
    [actor("a", "Freedom Now", context=("Rabat",)), actor("b", "Freedom Now", context=("Manama",))]
)


def test_of_two_actors_the_one_with_context_is_meant() -> None:
    assert found(HOMONYMS, "Freedom Now said in Rabat") == [("a", False)]
    assert found(HOMONYMS, "Freedom Now said in Manama") == [("b", False)]


def test_without_context_or_with_both_it_stays_open() -> None:
    both = [("a", True), ("b", True)]

    assert found(HOMONYMS, "Freedom Now said") == both
    assert found(HOMONYMS, "Freedom Now said in Rabat and Manama") == both


def test_the_rest_of_the_article_tells_who_is_meant() -> None:
    matcher = Matcher([actor("a", "Freedom Now", "Freedom Now Rabat"), actor("b", "Freedom Now")])

    text = f"Freedom Now Rabat {'word ' * 90} Freedom Now"

    assert found(matcher, text) == [("a", False), ("a", False)]


def test_two_forms_that_need_context_are_told_apart_by_it() -> None:
    matcher = Matcher(
        [actor("a", "Rive", context=("Rabat",)), actor("b", "Rive", context=("Manama",))]
    )

    assert found(matcher, "Rive in Rabat") == [("a", False)]
    assert found(matcher, "Rive in Rabat, Manama") == [("a", True), ("b", True)]
    assert found(matcher, "Rive") == []


def test_an_open_place_makes_no_other_form_sure() -> None:
    matcher = Matcher([actor("a", "Freedom Now", "Rive"), actor("b", "Freedom Now")])

    assert found(matcher, "Freedom Now and Rive") == [("a", True), ("b", True)]


class TestWhichOfTwoStands:
    """Overlapping names, sets of terms, and anti-aliases with an article."""

    def test_the_longest_of_overlapping_names_wins_even_if_it_begins_later(self) -> None:
        matcher = Matcher.for_names(
            {"meeting": ["لقاء الجمعية"], "association": ["الجمعية المغربية لحقوق الإنسان"]}
        )
        [mention] = matcher.find("عقد لقاء الجمعية المغربية لحقوق الإنسان")
        assert mention.actor_id == "association"

    def test_one_word_of_a_set_of_terms_does_not_vouch_for_the_others(self) -> None:
        words = (Alias("société civile"), Alias("association", mode="context"))
        terms = Actor("term_cso", "term", aliases=words, context=("militants",))
        text = "La société civile était là. L'association de ces deux plantes est rare."
        assert [m.surface for m in Matcher([terms]).find(text)] == ["société civile"]

    @pytest.mark.parametrize(("text", "found"), [("حضر نشطاء", 1), ("كان السوق نشطا", 0)])
    def test_a_term_with_a_hamza_at_its_end_needs_it(self, text: str, found: int) -> None:
        activists = Actor("term_activist", "term", aliases=(Alias("نشطاء"),))
        assert len(Matcher([activists]).find(text)) == found

    @pytest.mark.parametrize(("text", "found"), [("سجاد العراقي", 1), ("السجاد العراقي", 0)])
    def test_an_anti_alias_with_an_article_needs_the_article(self, text: str, found: int) -> None:
        person = Actor(
            "sajjad", "person", aliases=(Alias("سجاد العراقي"),), anti_aliases=("السجاد العراقي",)
        )
        assert len(Matcher([person]).find(text)) == found
