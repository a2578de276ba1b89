"""Languages, and the fingerprints of texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from reading.reading_pages import ARABIC, ENGLISH, FRENCH, KURMANJI, SORANI

from bench.languages import FOREIGN, OURS, ours, share, taken
from bench.titles import DISGUISES, TYPED, by_language, own_sets, titles
from crawler.reading.fingerprints import SHINGLE, WINDOW, fingerprint
from crawler.reading.languages import LABELS, identify
from crawler.reading.scripts import writing
from crawler.reading.sorani import in_sorani_letters

OTHERS = {
    "fa": "او گفت که این خبر درست نیست و مردم شهر در کنار رودخانه برای آزادی گرد هم آمدند.",
    "ur": "انہوں نے کہا کہ یہ خبر درست نہیں ہے اور لوگ دریا کے کنارے جمع ہوئے تھے۔",
    "tr": "Dernek salı günü yaptığı açıklamada barışçıl toplantının yasaklandığını söyledi.",
    "es": "La asociación dijo el martes que la reunión pacífica frente al edificio fue prohibida.",
    "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ ⵜⴳⴰ ⵜⵓⵜⵍⴰⵢⵜ ⵏ ⵉⵎⴰⵣⵉⵖⵏ",
}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ar", ARABIC),
        ("ckb", SORANI),
        ("kmr", KURMANJI),
        ("fr", FRENCH),
        ("en", ENGLISH),
        *OTHERS.items(),
    ],
)
def test_a_text_is_in_its_language_whatever_is_expected(code: str, text: str) -> None:
    for prior in (None, "ar", "fr"):
        assert identify(text, prior=prior).code == code


def test_sorani_typed_with_arabic_letters_is_sorani() -> None:
    typed = SORANI.replace("ە", "ه\u200c").replace("ی", "ي").replace("ک", "ك")

    assert identify(typed).code == "ckb"


def test_arabic_with_latin_names_in_it_is_arabic() -> None:
    assert identify(f"{ARABIC} (Riverbank Rights Association, RRA)").code == "ar"


@pytest.mark.parametrize("text", ["", "RRA", "2026", "…", "Rûdaw"])
def test_too_little_text_is_in_the_expected_language_or_undetermined(text: str) -> None:
    assert identify(text).code == "und"
    assert identify(text, prior="kmr").code == "kmr"


def test_an_expected_language_of_another_script_does_not_count() -> None:
    assert identify("RRA", prior="ar").code in ("und", "ar")
    assert identify("كلمتان فقط", prior="fr").code != "fr"


# ---------------------------------------------------------------- titles

TITLES = by_language(own_sets())


@pytest.mark.parametrize("code", OURS)
def test_titles_of_our_languages_are_told(code: str) -> None:
    assert len(TITLES[code]) >= 150
    assert share(TITLES[code], code, ours) >= 0.98


def test_there_are_enough_sorani_titles_typed_in_arabic_letters() -> None:
    assert len(titles("ckb_arabic_letters")) >= 60
    assert len(TITLES["ckb"]) >= 240


def test_titles_in_letters_of_arabic_only_are_sorani() -> None:
    bare = [title for title in TITLES["ckb"] if not re.search("[ێۆڕڵەگپچژڤ]", title)]

    assert len(bare) >= 30
    assert share(bare, "ckb", ours) >= 0.98


@pytest.mark.parametrize("change", TYPED.values(), ids=TYPED)
def test_a_sorani_title_is_sorani_however_it_is_typed(change: Callable[[str], str]) -> None:
    assert share([change(title) for title in titles("ckb")], "ckb", ours) >= 0.98


@pytest.mark.parametrize("change", DISGUISES.values(), ids=DISGUISES)
@pytest.mark.parametrize("code", OURS)
def test_a_disguise_hides_no_language(code: str, change: Callable[[str], str]) -> None:
    assert share([change(title) for title in TITLES[code]], code, ours) >= 0.97


@pytest.mark.parametrize("code", FOREIGN)
def test_titles_of_other_languages_are_not_taken_for_ours(code: str) -> None:
    assert len(TITLES[code]) >= 100
    assert taken(TITLES[code], code, ours) <= 0.02


@pytest.mark.parametrize("code", ["ur", "ps", "ug", "az", "de", "it", "pt", "he", "zgh", "ary"])
def test_neighbours_are_told_apart(code: str) -> None:
    assert taken(TITLES[code], code, ours) <= 0.05


@pytest.mark.parametrize("prior", OURS)
@pytest.mark.parametrize("code", FOREIGN)
def test_what_is_expected_does_not_draw_other_languages_in(code: str, prior: str) -> None:
    said = [identify(title, prior=prior, expected=OURS).code for title in TITLES[code]]

    assert sum(found in OURS for found in said) <= 0.03 * len(said)


@pytest.mark.parametrize(
    "text",
    [
        "Kementerian Kesehatan memperingatkan warga tentang gelombang panas",
        "Wizara ya Afya yaonya wananchi kuhusu joto kali wiki hii",
        "Ministria e Shëndetësisë paralajmëron qytetarët për të nxehtin",
        "Az egészségügyi minisztérium figyelmeztet a hőségre",
        "Tutlayt n tmaziɣt tettwaɣra deg uɣerbaz n temdint nneɣ",
    ],
)
def test_a_language_from_far_away_is_none_of_ours(text: str) -> None:
    assert identify(text).code not in OURS


def test_a_high_score_is_right() -> None:
    said = [(one.code, identify(title)) for one in own_sets() for title in one.texts]
    sure = [found.code == code for code, found in said if found.score >= 0.9]

    assert len(sure) > 0.8 * len(said)
    assert sum(sure) >= 0.99 * len(sure)


def test_moroccan_arabic_in_latin_letters_is_not_french() -> None:
    said = [identify(title) for title in titles("ary_latn")]

    assert not [found for found in said if found.code in OURS and found.score >= 0.5]


# ---------------------------------------------------------------- the model's labels


def test_the_model_still_gives_the_labels_that_are_mapped() -> None:
    """A new model may call Sorani or Kurmanji by another name; then LABELS must follow."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    wanted = {"sdh": SORANI, "ku": KURMANJI, "fr": FRENCH, "en": ENGLISH}

    assert {label: model.classify(text)[0] for label, text in wanted.items()} == {
        label: label for label in wanted
    }
    assert LABELS["Arab"].get(model.classify(ARABIC)[0]) == "ar"
    assert LABELS["Arab"]["sdh"] == "ckb"
    assert LABELS["Latn"]["ku"] == "kmr"


def test_the_model_knows_each_label() -> None:
    model = LanguageIdentifier.from_model_file(MODEL_FILE)

    assert {label for labels in LABELS.values() for label in labels} <= set(model.labels)


# ---------------------------------------------------------------- mixed pages


def test_the_larger_part_decides() -> None:
    arabic, french = f"{ARABIC}\n" * 6, f"{FRENCH}\n" * 6

    assert identify(f"{arabic}{FRENCH}\n{arabic}").code == "ar"
    assert identify(f"{french}{ARABIC}\n{french}").code == "fr"
    assert identify(f"{ARABIC}\n{french}", prior="ar").code == "fr"
    assert identify(f"{FRENCH}\n{arabic}", prior="fr").code == "ar"


def test_a_quote_in_the_same_script_does_not_decide() -> None:
    french, arabic = f"{FRENCH}\n" * 6, f"{ARABIC}\n" * 6

    assert identify(f"{french}{ENGLISH}\n{french}").code == "fr"
    assert identify(f"{arabic}{SORANI}\n{arabic}").code == "ar"


def test_the_more_is_quoted_the_lower_the_score() -> None:
    arabic = f"{ARABIC}\n" * 8
    scores = [identify(arabic + f"{FRENCH}\n" * quotes).score for quotes in (0, 2, 4, 6)]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.95
    assert scores[-1] < 0.7


def test_a_long_text_is_read_at_its_beginning_middle_and_end() -> None:
    found = writing(f"{ENGLISH} " * 40)

    assert found is not None
    assert len(found.passages) == 3
    assert sum(map(len, found.passages)) <= 500


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("سه\u200cرۆكي حكومه\u200cت", "سەرۆکی حکومەت"),
        ("له سه ر داواي خه لك", "لە سە ر داوای خە لک"),
        ("سةرؤكى هةريَم ثيَشوازى كرد", "سەرۆکی هەرێم پێشوازی کرد"),
        ("ئهنجومهن", "ئەنجومەن"),
    ],
)
def test_typed_sorani_is_put_in_its_own_letters(typed: str, spelled: str) -> None:
    assert in_sorani_letters(typed) == unicodedata.normalize("NFC", spelled)


@pytest.mark.parametrize("text", [SORANI, OTHERS["ur"], "ئۇيغۇر تىلى", "", "Rûdaw"])
def test_text_that_is_no_typed_sorani_is_left_alone(text: str) -> None:
    assert in_sorani_letters(text) is None


def test_arabic_typed_on_a_persian_keyboard_is_arabic() -> None:
    typed = [text.replace("ي", "ی").replace("ك", "ک") for text in titles("ar")]

    assert share(typed, "ar", ours) >= 0.95


# ---------------------------------------------------------------- properties


@given(text=st.text(), prior=st.sampled_from([None, *OURS, "es"]), expected=st.just(OURS))
@example(text="ـ\u064e\u200c", prior="ar", expected=OURS)
@example(text="\ud800 ه\u200c", prior=None, expected=OURS)
@example(text="\u2d30\u2d68", prior=None, expected=OURS)  # the second is a gap in its block
def test_any_text_has_a_language_or_none(
    text: str, prior: str | None, expected: tuple[str, ...]
) -> None:
    said = identify(text, prior=prior, expected=expected)

    assert re.fullmatch(r"[a-z]{2,3}", said.code)
    assert 0.0 <= said.score <= 1.0


@given(st.text(alphabet="ەىهة\u200cيَ اکa,ل", max_size=400))
def test_any_mixture_of_letters_that_are_mistaken_has_a_language_or_none(text: str) -> None:
    assert 0.0 <= identify(text).score <= 1.0


# ---------------------------------------------------------------- fingerprints


def test_other_spellings_and_punctuation_are_the_same_text() -> None:
    one = fingerprint("قالت الجمعيةُ إنّ «الإنسان» حرّ.")
    other = fingerprint("قالت الجمعيه ان الانسان حر")

    assert one == other


def test_one_other_word_is_another_text() -> None:
    assert fingerprint("قالت الجمعية كلمة").exact != fingerprint("قالت الجمعية كلمتين").exact


@given(st.lists(st.integers(0, 50), max_size=40), st.lists(st.integers(0, 50), max_size=40))
def test_a_shared_run_leaves_a_shared_fingerprint(before: list[int], after: list[int]) -> None:
    shared = [f"common{number}" for number in range(SHINGLE + WINDOW - 1)]
    one = " ".join([*map(str, before), *shared])
    other = " ".join([*shared, *map(str, after)])

    assert set(fingerprint(one).values) & set(fingerprint(other).values)


@given(st.text())
def test_fingerprints_are_sorted_and_of_48_bits(text: str) -> None:
    print_ = fingerprint(text)

    assert list(print_.values) == sorted(set(print_.values))
    assert all(0 <= value < 2**48 for value in print_.values)
    assert bool(print_.values) == bool(print_.words)
