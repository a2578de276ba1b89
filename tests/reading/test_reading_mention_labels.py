"""The label in print: what stands beside a name, word for word."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler.reading.labels
from crawler.reading.mentions import Matcher
from storage.models import Actor, Alias

PEOPLE = (
    "عبد الكريم المثالي", "Abdelkrim El Mithali", "Nimûne Azadî", "شنۆ نموونەیی", "Élodie Façade"
)  # fmt: skip
GROUPS = ("جمعية الضفة للحقوق", "Rive Droite Watch", "Amis de la Rive")
MATCHER = Matcher(
    [
        Actor("person", "person", aliases=tuple(map(Alias, PEOPLE))),
        Actor("group", "cso", aliases=(*map(Alias, GROUPS), Alias("RDW", mode="acronym"))),
        Actor("term", "term", aliases=(Alias("وقفة سلمية"),)),
    ]
)


def label(text: str) -> str:
    """The label of the first mention, which stands where it says."""
    mention = MATCHER.find(text)[0]
    if mention.label_start is None:
        assert mention.label == ""
    else:
        assert text[mention.label_start :].startswith(mention.label) and mention.label
    return mention.label


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال الناشط الحقوقي عبد الكريم المثالي أمس", "الناشط الحقوقي"),
        ("«الناشط الحقوقي» عبد الكريم المثالي", "«الناشط الحقوقي»"),
        ("قال المشتبه به عبد الكريم المثالي أمس", "المشتبه به"),
        ("قال المشتبه فيه عبد الكريم المثالي أمس", "المشتبه فيه"),
        ("ما يسمى بـ«الناشط الحقوقي» عبد الكريم المثالي", "ما يسمى بـ«الناشط الحقوقي»"),
        ("ما يسمى بالناشط الحقوقي عبد الكريم المثالي", "ما يسمى بالناشط الحقوقي"),
        ("المدعو عبد الكريم المثالي", "المدعو"),
        ("إن المدعو «عبد الكريم المثالي» حضر", "المدعو"),
        ("ما يسمى بـ جمعية الضفة للحقوق", "ما يسمى"),
        ("ما تسمى جمعية الضفة للحقوق", "ما تسمى"),
        ("حضر «عبد الكريم المثالي» الجلسة", "«عبد الكريم المثالي»"),
        ("عبد الكريم المثالي، الناشط الحقوقي، قال", "الناشط الحقوقي"),
        ("عبد الكريم المثالي (ناشط حقوقي) قال", "ناشط حقوقي"),
        ("عبد الكريم المثالي، وهو ناشط حقوقي بارز، قال", "ناشط حقوقي بارز"),
        (
            "رئيس الجمعية المغربية لحقوق الإنسان عبد الكريم المثالي",
            "رئيس الجمعية المغربية لحقوق الإنسان",
        ),
        ("قال المحامي والناشط الحقوقي عبد الكريم المثالي", "المحامي والناشط الحقوقي"),
        ("قال المحامي للناشط الحقوقي عبد الكريم المثالي", "للناشط الحقوقي"),
        ("محامي الناشط عبد الكريم المثالي", "الناشط"),
        ("محاكمة الصحفي المعتقل عبد الكريم المثالي", "الصحفي المعتقل"),
        ("والناشطة البحرينية الدكتورة عبد الكريم المثالي", "الناشطة البحرينية"),
        ("الإرهابي عبد الكريم المثالي", "الإرهابي"),
        ("المدافع عن حقوق الإنسان عبد الكريم المثالي", "المدافع عن حقوق الإنسان"),
        ("المنظمة الحقوقية جمعية الضفة للحقوق", "المنظمة الحقوقية"),
        ("الناشط «الحقوقي» عبد الكريم المثالي", "الناشط «الحقوقي»"),
        ("عبد الكريم المثالي الناشط الحقوقي.", "الناشط الحقوقي"),
        ("the activist Abdelkrim El Mithali said", "activist"),
        (
            "The prominent human rights activist Abdelkrim El Mithali said",
            "prominent human rights activist",
        ),
        ('the so-called "activist" Abdelkrim El Mithali', 'so-called "activist"'),
        ("the so-called activist Abdelkrim El Mithali", "so-called activist"),
        ("so-called Rive Droite Watch", "so-called"),
        ("Abdelkrim El Mithali, a human rights activist, said", "human rights activist"),
        ("Abdelkrim El Mithali, the jailed activist from the coast", "jailed activist"),
        ("the jailed activist Abdelkrim El Mithali", "jailed activist"),
        ("Police jailed activist Abdelkrim El Mithali", "activist"),
        ("Jailed blogger Abdelkrim El Mithali", "Jailed blogger"),
        ("He left. “Detained Syrian lawyer Abdelkrim El Mithali", "Detained Syrian lawyer"),
        ("what it called the “extremist” Abdelkrim El Mithali", "what it called the “extremist”"),
        ("قال المعارض السوري البارز عبد الكريم المثالي", "المعارض السوري البارز"),
        ("أكدت الحقوقية عبد الكريم المثالي", "الحقوقية"),
        ("l'opposante tunisienne Élodie Façade", "opposante tunisienne"),
        ("activist and lawyer Abdelkrim El Mithali", "activist and lawyer"),
        ("women’s rights defender Abdelkrim El Mithali", "women’s rights defender"),
        ("rights group Rive Droite Watch said", "rights group"),
        ("human rights “activist” Abdelkrim El Mithali", "human rights “activist”"),
        ("“human rights activist” Abdelkrim El Mithali", "“human rights activist”"),
        ("A prominent activist, Abdelkrim El Mithali, was", "prominent activist"),
        ("Abdelkrim El Mithali, 45, a blogger, said", "blogger"),
        ("“Abdelkrim El Mithali” said", "“Abdelkrim El Mithali”"),
        ("« militant des droits humains » Abdelkrim El Mithali", "« militant des droits humains »"),
        (
            "le défenseur des droits de l’homme Abdelkrim El Mithali",
            "défenseur des droits de l’homme",
        ),
        ("Abdelkrim El Mithali, militant des droits humains, a dit", "militant des droits humains"),
        ("l’activiste Abdelkrim El Mithali", "activiste"),
        ("l'ancien détenu politique Abdelkrim El Mithali", "ancien détenu politique"),
        ("l’avocat du militant Abdelkrim El Mithali", "militant"),
        ("le dénommé Abdelkrim El Mithali", "dénommé"),
        ("un certain Abdelkrim El Mithali", "un certain"),
        ("le soi-disant militant Abdelkrim El Mithali", "soi-disant militant"),
        ("la prétendue Amis de la Rive", "prétendue"),
        ("l’ONG Amis de la Rive", "ONG"),
        (
            "le président de l’Association marocaine des droits humains, Abdelkrim El Mithali, a",
            "président de l’Association marocaine des droits humains",
        ),
        (
            "la journaliste et militante féministe Élodie Façade",
            "journaliste et militante féministe",
        ),
        (
            "Élodie Façade, journaliste indépendante et fondatrice du site, a",
            "journaliste indépendante et fondatrice du site",
        ),
        ("« Élodie Façade »", "« Élodie Façade »"),
        ("چالاکوانی مافی مرۆڤ شنۆ نموونەیی", "چالاکوانی مافی مرۆڤ"),
        ("ڕۆژنامەنووس شنۆ نموونەیی", "ڕۆژنامەنووس"),
        ("ڕۆژنامەنووسی زیندانیکراو شنۆ نموونەیی گوتی", "ڕۆژنامەنووسی زیندانیکراو"),
        ("شنۆ نموونەیی، چالاکوانی مەدەنی، گوتی", "چالاکوانی مەدەنی"),
        ("بەناو چالاکوان شنۆ نموونەیی", "بەناو چالاکوان"),
        ("«شنۆ نموونەیی»", "«شنۆ نموونەیی»"),
        ("çalakvan Nimûne Azadî got", "çalakvan"),
        ("çalakvana mafên mirovan Nimûne Azadî", "çalakvana mafên mirovan"),
        ("rojnamevanê girtî Nimûne Azadî", "rojnamevanê girtî"),
        ("Nimûne Azadî, parêzera mafên mirovan, got", "parêzera mafên mirovan"),
        ("qaşo çalakvan Nimûne Azadî", "qaşo çalakvan"),
        ("“çalakvan” Nimûne Azadî", "“çalakvan”"),
        ("اعتقلت الشرطة الناشطة النسوية عبد الكريم المثالي", "الناشطة النسوية"),
        ("وصفت الصحيفة عبد الكريم المثالي بـ«الناشط الحقوقي»", "«الناشط الحقوقي»"),
        (
            "قال عبد الكريم المثالي، رئيس مركز الخليج لحقوق الإنسان، إن",
            "رئيس مركز الخليج لحقوق الإنسان",
        ),
        ("الكاتب والمدون عبد الكريم المثالي", "الكاتب والمدون"),
        ("عضو المكتب المركزي للجمعية عبد الكريم المثالي", "عضو المكتب المركزي للجمعية"),
        ("الحقوقي البارز عبد الكريم المثالي", "الحقوقي البارز"),
        ("سجين الرأي عبد الكريم المثالي", "سجين الرأي"),
        ("معتقل الرأي عبد الكريم المثالي", "معتقل الرأي"),
        ("المعارض المنفي عبد الكريم المثالي", "المعارض المنفي"),
        (
            "الناشط الحقوقي والمعتقل السياسي السابق عبد الكريم المثالي",
            "الناشط الحقوقي والمعتقل السياسي السابق",
        ),
        ('"الناشط" عبد الكريم المثالي', '"الناشط"'),
        ("المدعو/ عبد الكريم المثالي", "المدعو"),
        ("المتهم عبد الكريم المثالي", "المتهم"),
        ("العميل عبد الكريم المثالي", "العميل"),
        ("من يسمى بالحقوقي عبد الكريم المثالي", "من يسمى بالحقوقي"),
        ("الأمين العام السابق للحزب عبد الكريم المثالي", "الأمين العام السابق للحزب"),
        ("الناشطان عبد الكريم المثالي وزيد", "الناشطان"),
        ("وكان الصحافي الاستقصائي عبد الكريم المثالي", "الصحافي الاستقصائي"),
        ("قائد الحراك عبد الكريم المثالي", "قائد الحراك"),
        ("زعيم حراك الريف عبد الكريم المثالي", "زعيم حراك الريف"),
        (
            "the self-proclaimed human rights defender Abdelkrim El Mithali",
            "self-proclaimed human rights defender",
        ),
        ("exiled Bahraini blogger Abdelkrim El Mithali said", "exiled Bahraini blogger"),
        (
            "Moroccan investigative journalist Abdelkrim El Mithali",
            "Moroccan investigative journalist",
        ),
        ("convicted terrorist Abdelkrim El Mithali", "terrorist"),
        ("leading opposition figure Abdelkrim El Mithali", "leading opposition figure"),
        (
            "Abdelkrim El Mithali, a prominent Bahraini rights defender and co-founder of it,",
            "prominent Bahraini rights defender and co-founder",
        ),
        ("Abdelkrim El Mithali (a lawyer) said", "lawyer"),
        ("Nobel laureate Abdelkrim El Mithali", "Nobel laureate"),
        ("rights advocate Abdelkrim El Mithali", "rights advocate"),
        ("Abdelkrim El Mithali — a freelance journalist — was", "freelance journalist"),
        (
            'a so-called "human rights activist", Abdelkrim El Mithali, was',
            'so-called "human rights activist"',
        ),
        ("the human-rights activist Abdelkrim El Mithali", "human-rights activist"),
        ("the hunger striker Abdelkrim El Mithali", "hunger striker"),
        ("the outlawed Rive Droite Watch", "outlawed"),
        ("the London-based group Rive Droite Watch", "London-based group"),
        ("the exile group Rive Droite Watch", "exile group"),
        ("le journaliste d’investigation Élodie Façade", "journaliste d’investigation"),
        ("la militante amazighe Élodie Façade", "militante amazighe"),
        ("le leader du Hirak Abdelkrim El Mithali", "leader du Hirak"),
        (
            "l'opposant politique et ancien détenu Abdelkrim El Mithali",
            "opposant politique et ancien détenu",
        ),
        ("le pseudo-militant Abdelkrim El Mithali", "pseudo-militant"),
        ("le sieur Abdelkrim El Mithali", "sieur"),
        ("celui qui se présente comme militant, Abdelkrim El Mithali,", "militant"),
        ("le journaliste emprisonné Abdelkrim El Mithali", "journaliste emprisonné"),
        (
            "le « défenseur des droits humains » Abdelkrim El Mithali",
            "« défenseur des droits humains »",
        ),
        (
            "l’avocate et militante des droits des femmes Élodie Façade",
            "avocate et militante des droits des femmes",
        ),
        ("la « journaliste » Élodie Façade", "« journaliste »"),
        ("Abdelkrim El Mithali (militant associatif) a", "militant associatif"),
        ("Abdelkrim El Mithali, le célèbre avocat, a", "célèbre avocat"),
        ("چالاکوانی سیاسی شنۆ نموونەیی", "چالاکوانی سیاسی"),
        ("چالاکوانی کۆمەڵگەی مەدەنی شنۆ نموونەیی", "چالاکوانی کۆمەڵگەی مەدەنی"),
        ("پارێزەرێکی مافی مرۆڤ شنۆ نموونەیی", "پارێزەرێکی مافی مرۆڤ"),
        ("ڕۆژنامەنووس و چالاکوان شنۆ نموونەیی", "ڕۆژنامەنووس و چالاکوان"),
        ("«چالاکوان» شنۆ نموونەیی", "«چالاکوان»"),
        ("شنۆ نموونەیی، ڕۆژنامەنووسێکی سەربەخۆ، گوتی", "ڕۆژنامەنووسێکی سەربەخۆ"),
        ("بەناو «چالاکوان» شنۆ نموونەیی", "بەناو «چالاکوان»"),
        ("پارێزەر شنۆ نموونەیی", "پارێزەر"),
        ("çalakvanê siyasî Nimûne Azadî", "çalakvanê siyasî"),
        ("rojnamevana kurd Nimûne Azadî", "rojnamevana kurd"),
        ("parêzvana mafên mirovan Nimûne Azadî", "parêzvana mafên mirovan"),
        ("rojnamevan û nivîskar Nimûne Azadî", "rojnamevan û nivîskar"),
        ("Nimûne Azadî, rojnamevan, got", "rojnamevan"),
        ("hevseroka komeleyê Nimûne Azadî", "hevseroka komeleyê"),
        ("bi navê çalakvan Nimûne Azadî", "bi navê çalakvan"),
        ("siyasetmedarê kurd Nimûne Azadî", "siyasetmedarê kurd"),
        ("parlamentera berê Nimûne Azadî", "parlamentera berê"),
        ("Nimûne Azadî (çalakvan) got", "çalakvan"),
        ("Mafparêz Nimûne Azadî", "Mafparêz"),
        ("Bahrain’s former chairman Abdelkrim El Mithali", "former chairman"),
        ("le président de l’AMDH, Abdelkrim El Mithali, a", "président de l’AMDH"),
        ("the so-called ‘activist’ Abdelkrim El Mithali", "so-called ‘activist’"),
        ("'activist' Abdelkrim El Mithali", "'activist'"),
        ("‘Abdelkrim El Mithali’ said", "‘Abdelkrim El Mithali’"),
        ("activists' lawyer Abdelkrim El Mithali", "activists' lawyer"),
        ("عبد الكريم المثالي، أحد أبرز نشطاء الحراك، قال", "أحد أبرز نشطاء الحراك"),
        ("الصحفي المضرب عن الطعام عبد الكريم المثالي", "الصحفي المضرب عن الطعام"),
        ("ڕۆژنامەنووسێک بە ناوی شنۆ نموونەیی", "بە ناوی"),
        ("Rive Droite Watch, a London-based rights group, said", "London-based rights group"),
        ("la soi-disant ONG Amis de la Rive", "soi-disant ONG"),
    ],
)
def test_a_label_is_kept_as_printed(text: str, expected: str) -> None:
    assert label(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "رئيس جمعية الضفة للحقوق",
        "زار الناشط. عبد الكريم المثالي عاد",
        "قال الناشط إن عبد الكريم المثالي عاد",
        "التقى عبد الكريم المثالي الناشط محمدا",
        "الطريق عبد الكريم المثالي",
        "الناشط وعبد الكريم المثالي",
        "السيد عبد الكريم المثالي",
        "تحدث ناشطون في جمعية الضفة للحقوق",
        "Abdelkrim El Mithali, journalist Ann Other and",
        "the activist said Abdelkrim El Mithali",
        "He met the activist. Abdelkrim El Mithali left",
        "Mr Abdelkrim El Mithali",
        "Abdelkrim El Mithali, activists said, was",
        "president of Rive Droite Watch",
        "the road Abdelkrim El Mithali took",
        "les militants de RDW",
        "Élodie Façade, selon son avocat, a",
        "un livre d’Élodie Façade",
        "le militant. Élodie Façade",
        "کتێبی شنۆ نموونەیی",
        "شار. شنۆ نموونەیی",
        "pirtûka Nimûne Azadî",
        "Çalakvan hat. Nimûne Azadî çû",
        "Abdelkrim El Mithali, who calls himself an activist",
        "قال عبد الكريم المثالي في بيان",
        "كتاب «الطريق» عبد الكريم المثالي",
        "le maire Abdelkrim El Mithali, selon le journal, a",
        "the road to freedom, Abdelkrim El Mithali said, is long",
        "وقالت المحامية إن الناشط غاب وعبد الكريم المثالي حضر",
        "Abdelkrim El Mithali (1950-2020) wrote",
        "شەقامی گشتی شنۆ نموونەیی",
        "roja yekem Nimûne Azadî",
        "the activists' Rive Droite Watch",
        "Abdelkrim El Mithali's house",
    ],
)
def test_no_label_is_made_of_other_words(text: str) -> None:
    assert label(text) == ""


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Le ministre a accusé ", ""),
        ("Le maire accuse ", ""),
        ("Il suspecte ", ""),
        ("They suspect ", ""),
        ("Ils ont accusé la militante ", "militante"),
        ("Police suspect activist ", "activist"),
        ("Le juge a entendu l'accusée ", "accusée"),
        ("The suspect ", "suspect"),
    ],
)
def test_who_accuses_somebody_does_not_call_him_so(before: str, expected: str) -> None:
    assert label(f"{before}Élodie Façade.") == expected


def test_generic_words_have_no_label() -> None:
    assert label("«وقفة سلمية»") == ""


def test_the_label_of_a_headline_stands_in_the_headline() -> None:
    found = MATCHER.find_in("الناشط عبد الكريم المثالي", "قال الصحفي عبد الكريم المثالي")

    assert [(m.field, m.label_start, m.label) for m in found] == [
        ("headline", 0, "الناشط"),
        ("text", 4, "الصحفي"),
    ]


def test_a_headline_is_no_label_of_the_first_word() -> None:
    (mention,) = MATCHER.find_in("زيارة الناشط", "عبد الكريم المثالي عاد")

    assert mention.label == ""


def test_a_label_is_looked_for_in_reasonable_numbers_only() -> None:
    found = MATCHER.find("الناشط عبد الكريم المثالي " * 1100)

    assert len(found) == 1100
    assert [bool(mention.label) for mention in (found[0], found[-1])] == [True, False]


def test_the_example_in_the_docstring_is_true() -> None:
    failed, attempted = doctest.testmod(crawler.reading.labels)

    assert attempted
    assert not failed


PIECES = (
    *PEOPLE, *GROUPS, *"« » “ ” \" ' ’ ( ) , ، . – \n \u200f ـ ب ل و".split(" "), " ",
    "الناشط", "الحقوقي", "للناشط", "المدعو", "ما يسمى", "the ", "so-called", "activist", "rights",
    "militant", "des droits", "l’", "چالاکوانی", "مافی", "çalakvana", "mirovan", "\ud800", "😀",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES)).map("".join) | st.lists(st.sampled_from(PIECES)).map(" ".join)
)
def test_labels_are_true_pieces_of_any_text(text: str) -> None:
    for mention in MATCHER.find(text):
        if mention.label_start is None:
            assert mention.label == ""
        else:
            end = mention.label_start + len(mention.label)
            assert text[mention.label_start : end] == mention.label
            assert "\n" not in mention.label
            around = mention.label_start <= mention.start and mention.end <= end
            assert around or end <= mention.start or mention.end <= mention.label_start
