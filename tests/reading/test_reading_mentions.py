"""Actors found in texts."""

from __future__ import annotations

import doctest
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler.reading.forms
import crawler.reading.labelwords
import crawler.reading.mentions
from crawler.reading.mentions import Matcher
from storage.models import Actor, Alias
from storage.text import fold

JUDGED = Path(__file__).parents[2] / "bench" / "judged"


def judged(name: str) -> list[dict[str, Any]]:
    """The rows of a file of cases that are measured with, too."""
    lines = (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def count(alias: str, text: str) -> int:
    return len(Matcher.for_names({"x": [alias]}).find(text))


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("عبد الكريم المثالي", "قال عبد الكريم المثالي أمس"),
        ("عبد الكريم المثالي", "قال عبدالكريم المثالي أمس"),
        ("عبد الكريم المثالي", "وعبد الكريم المثالى"),
        ("عبد الكريم المثالي", "لِعَبْدِ الكَريم المِثالي"),
        ("عبد الكريم المثالي", "«عبـد الكريم\u00a0المثالي»"),
        ("عبد الكريم المثالي", "#عبد_الكريم_المثالي"),
        ("جمعية الضفة للحقوق", "والجمعية الضفة للحقوق"),
        ("الجمعية المثالية للحقوق", "للجمعية المثالية للحقوق"),
        ("الجمعية المثالية للحقوق", "بالجمعية المثالية للحقوق"),
        ("Abdelkrim El Mithali", "ABDELKRIM ELMITHALI"),
        ("Abdelkrim El Mithali", "Abdel Krim El-Mithali's"),
        ("Élodie Façade", "elodie facade"),
        ("Ros'a Rive", "Rosa Rive"),
        ("RRA", "d’RRA (RRA"),
        ("شنۆ نموونەیی", "شنۆ نموونەیی"),
        ("شنۆ نموونەیی", "شنو نموونه\u200cیی"),
    ],
)
def test_a_name_is_found_as_the_press_writes_it(alias: str, text: str) -> None:
    assert count(alias, text) >= 1


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("عبد الكريم المثالي", "عبد الكريم المثاليون"),
        ("سام المثالي", "حسام المثالي"),
        ("علي", "على الطريق"),
        ("علي", "وعلي"),
        ("المثالي", "مثالي"),
        ("RRA", "rra RRAX"),
        ("Alice", "al ice"),
        ("Rive Droite", "Rivedroite"),
        ("Rive Droite", "la riverive droite"),
    ],
)
def test_what_only_looks_like_a_name_is_not_found(alias: str, text: str) -> None:
    assert count(alias, text) == 0


@pytest.mark.parametrize("case", judged("mention_cases"), ids=lambda case: case["kind"])
def test_a_case_is_counted_as_a_reader_would(case: dict[str, Any]) -> None:
    assert count(case["alias"], case["text"]) == case["expect"]


def test_names_of_others_stay_apart() -> None:
    pairs = judged("hard_negatives")
    joined = [pair for pair in pairs if count(pair["alias"], pair["text"])]
    alike = [
        pair
        for pair in pairs
        if " " in pair["alias"]
        and " " in pair["text"]
        and fold(pair["alias"]) == fold(pair["text"])
    ]

    assert len(pairs) >= 60
    assert joined == alike == []


@pytest.mark.parametrize("module", ["forms", "labelwords", "mentions"])
def test_the_examples_in_the_docstrings_are_true(module: str) -> None:
    failed, attempted = doctest.testmod(getattr(crawler.reading, module))

    assert attempted
    assert not failed


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("إلهام المثالية", "لهام المثالية"),
        ("الله أكبر", "له أكبر"),
        ("الآن هنا", "أن هنا"),
    ],
)
def test_not_every_alif_and_lam_is_an_article(alias: str, text: str) -> None:
    assert count(alias, alias) == 1
    assert count(alias, text) == 0


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("حسن المثالي", "محمد حسن المثالي"),
        ("حسن المثالي", "علي بن حسن المثالي"),
        ("حسن المثالي", "أبو حسن المثالي"),
        ("Hasan Mithali", "Ahmed Hasan Mithali"),
        ("Hasan Mithali", "Ali bin Hasan Mithali"),
    ],
)
def test_a_part_of_a_longer_name_is_another_person(alias: str, text: str) -> None:
    assert count(alias, f"x {text} y") == 0
    for mark in (", ", ": ", "\n", " «", " - "):
        assert count(alias, text.replace(alias, f"{mark}{alias}")) == 1


def test_a_family_name_behind_another_given_name_is_a_relatives() -> None:
    forms = tuple(map(Alias, ("Hasan Mithali", "Mithali", "حسن المثالي", "المثالي")))
    matcher = Matcher([Actor("x", "person", aliases=forms)])

    found = matcher.find(
        "Hasan Mithali, said Mithali, Zainab Mithali and Dr Mithali; حسن المثالي ثم زينب المثالي"
    )

    assert [mention.surface for mention in found] == [
        *("Hasan Mithali", "Mithali", "Mithali", "حسن المثالي")
    ]


def test_a_name_in_capitals_is_found_in_any_width() -> None:
    assert count("RRA", "ＲＲＡ and R\u200bR\u00adA") == 2


def test_the_surface_stands_at_the_offsets_with_its_marks() -> None:
    text = "قال: وعَبْدِ الكريم المثاليِّ، أمس"

    (mention,) = Matcher.for_names({"x": ["عبد الكريم المثالي"]}).find(text)

    assert text[mention.start : mention.end] == mention.surface == "عَبْدِ الكريم المثاليِّ"


def test_the_longest_name_wins() -> None:
    matcher = Matcher.for_names({"short": ["Rive Droite"], "long": ["Amis de la Rive Droite"]})

    assert [m.actor_id for m in matcher.find("les Amis de la Rive Droite")] == ["long"]


def test_a_place_that_names_two_actors_is_kept_and_marked() -> None:
    found = Matcher.for_names({"b": ["Ali Mithali"], "a": ["Ali Mithali"]}).find("Ali Mithali")

    assert [(m.actor_id, m.ambiguous) for m in found] == [("a", True), ("b", True)]


def actor(mode: str = "auto", **facts: tuple[str, ...]) -> Actor:
    aliases = facts.pop("aliases", ("الضفة",))
    forms = tuple(Alias(text, mode=mode) for text in aliases)
    return Actor("x", "cso", aliases=forms, **facts)  # type: ignore[arg-type]


def test_one_word_needs_a_context_word_near() -> None:
    matcher = Matcher([actor(context=("جمعية", "حقوق"))])

    assert not matcher.find("زار الضفة صباحا")
    assert len(matcher.find("قالت الجمعية إن الضفة تدافع عن الناس")) == 1
    assert not matcher.find("قالت الجمعية " + "كلمة " * 80 + " الضفة")


def test_a_word_in_capitals_counts_in_capitals_only() -> None:
    matcher = Matcher([actor(aliases=("RIVE",), context=("droits",))])

    assert len(matcher.find("les droits, dit RIVE, pas la rive")) == 1
    assert not matcher.find("RIVE seule")


def test_the_whole_name_is_context_for_one_word() -> None:
    matcher = Matcher([actor(aliases=("جمعية الضفة للحقوق", "الضفة"))])

    assert len(matcher.find("جمعية الضفة للحقوق" + " كلمة" * 90 + " الضفة")) == 2


def test_an_anti_alias_spoils_what_it_touches() -> None:
    matcher = Matcher([actor(aliases=("سام المثالي",), anti_aliases=("وسام المثالي",))])

    assert not matcher.find("قال وسام المثالي")
    assert len(matcher.find("قال سام المثالي")) == 1


def test_exact_forms_are_not_folded() -> None:
    matcher = Matcher([actor("exact", aliases=("Le Pont",))])

    assert len(matcher.find("lu dans Le Pont")) == 1
    assert not matcher.find("sur le pont")


def test_terms_need_no_context_and_take_the_article() -> None:
    matcher = Matcher([Actor("term_activist", "term", aliases=(Alias("ناشط"),))])

    assert [m.rule for m in matcher.find("قال الناشط وللناشط")] == ["term", "term"]


def test_suppressed_actors_and_empty_watchlists_find_nothing() -> None:
    assert Matcher([]).find("أي نص") == []
    assert (
        Matcher([Actor("x", "cso", aliases=(Alias("أي نص"),), suppress=True)]).find("أي نص") == []
    )
    assert Matcher.for_names({"x": ["", " ", "ـ"]}).find("أي نص") == []


NAMES = {"a": ["عبد الكريم المثالي", "الضفة"], "b": ["RRA", "Al Rive", "ab"], "c": ["ە", "علاء"]}
MATCHER = Matcher.for_names(NAMES)
PIECES = [name for names in NAMES.values() for name in names]
SCRAPS = (
    *PIECES, *" و ال \u200c ـ ﷲ ’ - ß \n لل ب « » “ ” . 1 ٢ # _ \u0651 😀 ﻷ …".split(" "), " ",
    "\ud800", "é", "e\u0301", "a" + "\u0301" * 50, "محمد", "بن", "'s", "O'",
)  # fmt: skip
MESS = st.lists(st.sampled_from(SCRAPS)).map("".join)
ANY = st.text(st.characters(exclude_categories=()))


@given(MESS | ANY)
def test_mentions_are_true_and_do_not_overlap(text: str) -> None:
    found = MATCHER.find(text)

    for mention in found:
        assert text[mention.start : mention.end] == mention.surface
        plain = fold(mention.surface).translate(str.maketrans("", "", " '_."))
        wanted = fold(mention.alias).replace(" ", "").replace("'", "")
        assert plain.endswith(wanted.removeprefix("ال"))
    spans = [(mention.start, mention.end) for mention in found]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@given(MESS, MESS)
def test_an_article_has_the_mentions_of_its_fields(headline: str, text: str) -> None:
    fields = {"headline": headline, "text": text}
    found = MATCHER.find_in(headline, text)

    for mention in found:
        assert fields[mention.field][mention.start : mention.end] == mention.surface
    for field, content in fields.items():
        spans = [(m.actor_id, m.start, m.end) for m in found if m.field == field]
        assert spans == [(m.actor_id, m.start, m.end) for m in MATCHER.find(content)]
