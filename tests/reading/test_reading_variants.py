"""Spellings that are generated from a known form, and what sounds like one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.reading.mentions import Matcher
from crawler.reading.skeletons import Names, skeleton
from crawler.reading.variants import MOST, squeezed, variants
from storage.models import Actor, Alias

KINDS = st.sampled_from(["person", "cso", "network", "term", "", "political"])
LANGUAGES = st.sampled_from([None, "ar", "en", "fr", "ckb", "kmr", "es"])
NAME_LIKE = st.lists(
    st.sampled_from(
        "Abdul Hadi al- El Khawaja bin Ben Ould Abu Hassan عبد الهادي بن أبو الدين آل Şêrwan "
        "' - d’ de ـ ئە Ghali ouch sh ee Aa".split()
    ),
    max_size=12,
).map(" ".join)


def person(text: str, language: str | None = None) -> tuple[str, ...]:
    return variants(text, kind="person", language=language)


def finds(known: str, text: str, kind: str = "person", language: str | None = None) -> bool:
    """Whether the matcher finds `text` whole by a known form and its variants."""
    made = variants(known, kind=kind, language=language)
    aliases = (Alias(known), *(Alias(one, generated=True) for one in made))
    found = Matcher([Actor("x", kind, aliases=aliases)]).find(text)
    return any((m.start, m.end) == (0, len(text)) for m in found)


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ("Abdulhadi al-Khawaja", "Abd el-Hadi El Khawaja"),
        ("Abdulhadi al-Khawaja", "Abdelhadi Khawaja"),
        ("Abdulhadi al-Khawaja", "Khawaja, Abdulhadi"),
        ("Abdulhadi al-Khawaja", "KHAWAJA Abdulhadi"),
        ("Samir Bin Tarik", "Samir Ibn Tarik"),
        ("Samir ben Tarik", "Sameer bin Tariq"),
        ("Mahdi Abu Wahid", "Mehdi Abou Wahid"),
        ("Hassan Mansouri", "Hasan Mansoori"),
        ("Mohammed Hachemi", "Muhammad Hashimi"),
        ("Hicham Zerouali", "Hisham Zeruali"),
        ("Soumaya Rachdi", "Sumaya Rashdi"),
        ("Houssein Ghandour", "Hussain Ghandoor"),
        ("Abderrazak Lamrani", "Abdul Razzaq Lamrani"),
        ("Ihab Zayani", "Ehab Zayani"),
        ("عبد الجليل السنبلاوي", "عبدالجليل سنبلاوي"),
        ("نبيل سنبلاوي", "نبيل السنبلاوي"),
        ("سمير بن طارق", "سمير ابن طارق"),
        ("مهدي أبو سنبلة", "مهدي أبي سنبلة"),
        ("نادية سنبلاوي", "ناديا سنبلاوي"),
        ("Şêrwan Xoşnaw", "Sherwan Khoshnaw"),
        ("شێروان ئەحمەد", "شيروان أحمد"),
    ],
)
def test_a_person_is_found_in_another_spelling(known: str, seen: str) -> None:
    language = {"Ş": "kmr", "ش": "ckb"}.get(known[0])

    assert not finds(known, seen, kind="term", language=language)
    assert finds(known, seen, language=language)


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ("Abdellatif Zayani", "Abd el-Latif Zayani"),
        ("Abdulhadi Zayani", "Abd ul-Hadi Zayani"),
        ("Noureddine Zayani", "Nour Eddine Zayani"),
        ("Nour Eddine Zayani", "Noureddine Zayani"),
        ("Salman Khairallah", "Salman Khair Allah"),
        ("نور الدين الزياني", "نورالدين الزياني"),
        ("سلمان خيرالله", "سلمان خير الله"),
    ],
)
def test_what_differs_by_a_space_needs_no_variant(known: str, seen: str) -> None:
    assert finds(known, seen, kind="term")


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("محمد علي", "محمدعلي"),
        ("Hassan Mansouri", "Hussein Mansouri"),
        ("Salim Mansouri", "Salem Mansouri"),
        ("Hamid Mansouri", "Hamed Mansouri"),
        ("Amir Mansouri", "Omar Mansouri"),
        ("Said Mansouri", "Saad Mansouri"),
        ("Karim Mansouri", "Karima Mansouri"),
        ("Suad al-Ali", "Suad Ali"),
        ("Ali Hassan", "Hassan Ali"),
        ("محمد علي", "علي محمد"),
        ("محمد علي", "محمود علي"),
        ("سعاد العلي", "سعاد علي"),
        ("نور الدين", "نور دين"),
        ("حسن عبد النبي", "حسن عبد نبي"),
        ("عمر الراضي", "عمرو الراضي"),
    ],
)
def test_another_name_is_not_generated(known: str, other: str) -> None:
    assert not finds(known, other)


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ("Palm Centre for Justice", "Palm Center for Justice"),
        ("Organisation of the Palm", "Organization of the Palm"),
        ("جمعية الصحفيين في السدرة", "جمعية الصحافيين في السدرة"),
        ("الهيئة السدرية للماء", "الهيأة السدرية للماء"),
        ("Ligue des droits de l’Homme de Sidra", "Ligue des droits humains de Sidra"),
    ],
)
def test_an_organisation_is_found_in_its_other_right_spelling(known: str, seen: str) -> None:
    assert finds(known, seen, kind="cso")


def test_an_organisation_is_not_respelled_like_a_person() -> None:
    assert variants("Hassan Mansouri Foundation", kind="cso", language="en") == ()
    assert variants("مؤسسة السنبلة", kind="cso", language="ar") == ()


@pytest.mark.parametrize("text", ["Khawaja", "الخواجة", "", "  ", "AMDH", "5", "Abdul-", "«»"])
def test_one_word_has_no_variants(text: str) -> None:
    assert person(text) == ()


def test_sets_of_terms_have_no_variants() -> None:
    assert variants("Human Rights Centre", kind="term", language="en") == ()


def test_the_most_likely_spelling_comes_first() -> None:
    assert "Hisham Mansouri" in person("Hicham Mansouri")[:8]
    assert person("Abdulhadi al-Khawaja")[0] == "Abdulhadi Khawaja"


@given(text=st.one_of(st.text(), NAME_LIKE), kind=KINDS, language=LANGUAGES)
@settings(max_examples=300, deadline=None)
def test_variants_are_few_new_and_the_same_each_time(
    text: str, kind: str, language: str | None
) -> None:
    made = variants(text, kind=kind, language=language)

    keys = [squeezed(one) for one in made]
    assert len(made) <= MOST
    assert all(keys)
    assert len({squeezed(text), *keys}) == len(keys) + 1
    assert made == variants.__wrapped__(text, kind=kind, language=language)


@pytest.mark.parametrize("word", ["ou", "sh", "aa", "أبو", "Abdul", "بن", "ee", "-"])
def test_a_long_form_takes_no_long_time(word: str) -> None:
    for size in (7, 8, 60, 5_000):
        assert len(person(" ".join([word] * size))) <= MOST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Raissouni", "الريسوني"),
        ("Khawajah", "خواجة"),
        ("Alkhawaja", "الخواجة"),
        ("Abderrahman", "عبد الرحمن"),
        ("Abdulhadi", "عبدالهادي"),
        ("Ghali", "Rhali"),
        ("Bouachrine", "بوعشرين"),
        ("Ehab", "إيهاب"),
        ("Wahid", "Ouahid"),
        ("Yusuf", "يوسف"),
    ],
)
def test_what_sounds_alike_has_one_skeleton_in_both_scripts(one: str, other: str) -> None:
    assert skeleton(one) == "".join(map(skeleton, other.split()))


@given(text=st.text())
def test_any_word_has_a_skeleton(text: str) -> None:
    assert skeleton(text) == skeleton(text)


ZAYANI = Actor(
    "bh_zayani", "person", aliases=(Alias("Tarek Zayani"),), context=("fishermen", "صيادين")
)


def new_spellings(text: str, actor: Actor = ZAYANI) -> list[str]:
    mentions = Matcher([actor]).find(text)
    return [text[f.start : f.end] for f in Names([actor]).new_spellings(text, mentions)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fishermen thank Tariq Al-Ziyani.", ["Tariq Al-Ziyani"]),
        ("Tarek Zayani came. So did Taareq Zeyanee, as every year.", ["Taareq Zeyanee"]),
        ("قال وطارق الزياني لجمعية الصيادين.", ["طارق الزياني"]),
        ("Tariq Al-Ziyani was at home.", []),
        ("The fishermen thank Tarek Zayani.", []),
        ("The fishermen thank tariq ziyani.", []),
        ("The fishermen thank Tariq, Ziyani.", []),
        ("The fishermen thank Tarek Zaydan.", []),
    ],
)
def test_a_new_spelling_needs_a_passage_about_the_person(text: str, expected: list[str]) -> None:
    assert new_spellings(text) == expected


def test_a_known_form_that_lacks_context_is_no_new_spelling() -> None:
    actor = Actor(
        "x", "person", aliases=(Alias("Tarek Zayani", mode="context"), Alias("Taher Zayani"))
    )

    assert new_spellings("Taher Zayani and Tarek-Zayani", actor) == []


@given(text=st.text(alphabet="TarekZyniطارق الزيني -'\n.,و", max_size=200))
@settings(deadline=None)
def test_new_spellings_lie_in_the_text_and_outside_of_mentions(text: str) -> None:
    text = f"fishermen {text}"
    mentions = Matcher([ZAYANI]).find(text)

    for found in Names([ZAYANI]).new_spellings(text, mentions):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip()
        assert all(m.end <= found.start or found.end <= m.start for m in mentions)
