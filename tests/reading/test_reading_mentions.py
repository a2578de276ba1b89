"""Actors found in texts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.mentions import Matcher
from storage.models import Actor, Alias
from storage.text import fold


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
MESS = st.lists(st.sampled_from([*PIECES, " ", "و", "ال", "\u200c", "ـ", "ﷲ", "’", "-", "ß", "\n"]))


@given(MESS.map("".join) | st.text())
def test_mentions_are_true_and_do_not_overlap(text: str) -> None:
    found = MATCHER.find(text)

    for mention in found:
        assert text[mention.start : mention.end] == mention.surface
        plain = fold(mention.surface).replace(" ", "").replace("'", "")
        wanted = fold(mention.alias).replace(" ", "").replace("'", "")
        assert plain.removeprefix("ال") == wanted.removeprefix("ال")
    spans = [(mention.start, mention.end) for mention in found]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
