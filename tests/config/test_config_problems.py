from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from config.config_files import ACTOR, OUTLET, problems, workspace

from crawler.datafiles import MAX_BYTES, ConfigErrors
from crawler.workspace import find_workspace, load_config


def test_eight_planted_mistakes_give_eight_messages_with_file_line_and_key(tmp_path: Path) -> None:
    other = OUTLET.replace("naddara", "minbar")
    files = {
        "outlets/ma/unknown.toml": "feedz = 1\n" + OUTLET,
        "outlets/ma/twice.toml": OUTLET,
        "outlets/zz_twice.toml": 'id = "ma_twice"\n' + other,
        "outlets/ma/pattern.toml": OUTLET
        + "[[listings]]\nurl = 'https://naddara.example.ma/x'\narticle = '(a'\ngrade = 'B'\n",
        "outlets/ma/zone.toml": OUTLET.replace("Africa/Casablanca", "Africa/Casablanka"),
        "outlets/ma/address.toml": OUTLET.replace("https://naddara.example.ma/rss", "naddara/rss"),
        "outlets/ma/type.toml": OUTLET.replace('["ar", "fr"]', '"ar"'),
        "outlets/ma/nameless.toml": OUTLET.replace('en = "Naddara"', 'en = ""'),
        "outlets/ma/nothing.toml": "# away with it\nenabled = false\n",
    }

    assert problems(tmp_path, files) == [
        'outlets/ma/address.toml:11: feeds.0.url: "naddara/rss" is not a web address that begins '
        "with https:// or http://",
        "outlets/ma/nameless.toml:8: name.en: is empty",
        'outlets/ma/nothing.toml:2: enabled: changes the outlet "ma_nothing", which does not exist',
        "outlets/ma/pattern.toml:18: listings.0.article: is not a regular expression: "
        "missing ): (a",
        "outlets/ma/type.toml:4: languages: must be a list in square brackets, but is "
        'the text "ar"',
        "outlets/ma/unknown.toml:1: feedz: is not a known key; did you mean feeds?",
        'outlets/ma/zone.toml:3: timezone: "Africa/Casablanka" is not a time zone; did you mean '
        "Africa/Casablanca?",
        'outlets/zz_twice.toml:1: id: the id "ma_twice" belongs to outlets/ma/twice.toml already',
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"ma"', '"MA"', "two small letters"),
        ('languages = ["ar", "fr"]', 'languages = ["ku"]', '"ckb" (Sorani) or "kmr" (Kurmanji)'),
        ('languages = ["ar", "fr"]', "languages = []", "languages: is empty"),
        ('"portal"', '"portall"', "did you mean portal?"),
        ('grade = "A"', 'grade = "D"', "must be one of A, B, C, P"),
        ('grade = "A"', "grade = 1", "must be one of A, B, C, P, but is the number 1"),
        ('grade = "A"\n', "", "outlets/ma/x.toml:10: feeds.0.grade: is missing"),
        ('"naddara.example.ma"', '"https://naddara.example.ma"', "is not a host name"),
        ('["naddara.example.ma"]', "[]", "domains is empty"),
        ('en = "Naddara"', "en = 5", "must be text in quotes, but is the number 5"),
        ('en = "Naddara"\nar = "النظّارة"', "", "x.toml:7: name: is empty"),
        ('en = "Naddara"', 'english = "Naddara"', "must be a language code"),
        ("[name]", '[alignment]\nlabel = "state"\n[name]', "needs evidence, judged_by and date"),
        ("[name]", '[alignment]\ndate = "2026"\nlabel = "state"\n[name]', "a date without quotes"),
        ("[name]", "[expect]\narticles_per_day = [9, 2]\n[name]", "two whole numbers"),
        ("[name]", 'enabled = "yes"\n[name]', 'must be true or false, but is the text "yes"'),
        ("/rss", "/rss#top", "without spaces"),
        ("https://naddara.example.ma/rss", "https://u@naddara.example.ma/rss", "user name"),
        ("https://naddara.example.ma/rss", "https://[::1/rss", "is not a usable web address"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    found = problems(tmp_path, {"outlets/ma/x.toml": OUTLET.replace(old, new, 1)})

    assert len(found) == 1
    assert said in found[0]
    assert not re.search(r"pydantic|validation|Input should|ctx|dict|str\b", found[0])


@pytest.mark.parametrize("mark", ["\u00a0", "\u202e", "\u2067", "\u200f", "\\t", "\\n", "\\u0000"])
def test_hidden_marks_in_a_name_are_named(tmp_path: Path, mark: str) -> None:
    text = OUTLET.replace("Naddara", f"Nad{mark}dara")

    (found,) = problems(tmp_path, {"outlets/ma/x.toml": text})

    code = ord(mark.encode().decode("unicode_escape") if mark[0] == "\\" else mark)
    assert f"holds U+{code:04X}" in found
    assert not any(unicodedata.category(char)[0] == "C" for char in found)


@pytest.mark.parametrize("name", ["روژنامه\u200cوان", "ڕۆژنامەی نوێ"])
def test_the_joiners_of_kurdish_and_persian_are_no_hidden_marks(tmp_path: Path, name: str) -> None:
    assert problems(tmp_path, {"outlets/ma/x.toml": OUTLET.replace("Naddara", name)}) == []


@pytest.mark.parametrize(
    "name", ["ma/Naddara.toml", "ma/a b.toml", "MA/x.toml", "ma/a/x.toml", "x.toml", "ma/نظ.toml"]
)
def test_a_place_that_gives_no_id_is_a_problem(tmp_path: Path, name: str) -> None:
    (found,) = problems(tmp_path, {f"outlets/{name}": OUTLET})

    assert found.startswith(f"outlets/{name}:1: id: ")


@pytest.mark.parametrize("said", ["5", '"ma_\u202ex"', '"ma_a\\tb"', '"naddara"', '"ma_\u00a0x"'])
def test_an_id_of_other_letters_is_a_problem(tmp_path: Path, said: str) -> None:
    (found,) = problems(tmp_path, {"outlets/x.toml": f"id = {said}\n{OUTLET}"})

    assert found.startswith("outlets/x.toml:1: id: ")


def test_an_id_that_contradicts_its_place_is_a_problem(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"outlets/ma/x.toml": f'\nid = "ma_y"\n{OUTLET}'})

    assert found.startswith("outlets/ma/x.toml:2: id: ")
    assert '"ma_x"' in found


def test_each_file_tells_its_first_syntax_error_and_the_others_are_checked(tmp_path: Path) -> None:
    files = {
        "outlets/ma/broken.toml": "a = 1\nb = [1,\nc = \n",
        "outlets/ma/again.toml": "kind = 'portal'\nkind = 'daily'\n",
        "outlets/ma/unended.toml": 'a = "x',
        "outlets/ma/huge.toml": "a = " + "9" * 5000,
        "outlets/ma/deep.toml": "a = " + "[" * 5000,
        "outlets/ma/x.toml": OUTLET.replace('"portal"', '"gate"'),
        "watchlists/own.toml": "x = ",
    }

    found = problems(tmp_path, files)

    assert [line.split(": ")[0] for line in found] == [
        "outlets/ma/again.toml:2",
        "outlets/ma/broken.toml:3",
        "outlets/ma/deep.toml",
        "outlets/ma/huge.toml:1",
        "outlets/ma/unended.toml:1",
        "outlets/ma/x.toml:5",
        "watchlists/own.toml:1",
    ]


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    (place.outlets_dir / "ma").mkdir()
    (place.outlets_dir / "ma/x.toml").write_bytes(b'kind = "portal"\n# \xc7\xe1\n')

    with pytest.raises(ConfigErrors) as wrong:
        load_config(place)

    assert str(wrong.value) == "outlets/ma/x.toml:2: is not UTF-8 text; save the file as UTF-8"


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, {"outlets/ma/x.toml": "\ufeff" + OUTLET}) == []


def test_a_file_without_end_is_not_read(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"outlets/ma/x.toml": "#" * (MAX_BYTES + 1)})

    assert found == "outlets/ma/x.toml: is larger than 4 MB"


@pytest.mark.parametrize("pattern", ["(a+)+$", r"(.*)*x", r"\d{1,100}{1,100}"])
def test_no_pattern_can_take_for_ever(tmp_path: Path, pattern: str) -> None:
    listing = (
        f"[[listings]]\nurl = 'https://naddara.example.ma/'\narticle = '/{pattern}'\ngrade='B'\n"
    )
    place = workspace(tmp_path, {"outlets/ma/x.toml": OUTLET + listing})

    try:
        outlet = load_config(place).outlets["ma_x"]
    except ConfigErrors as wrong:
        assert "is not a regular expression" in str(wrong)
    else:
        assert outlet.listings[0].is_article("/" + "a" * 50_000 + "!") in (True, False)


def test_a_pattern_that_fits_everything_is_a_problem(tmp_path: Path) -> None:
    listing = "[[listings]]\nurl = 'https://naddara.example.ma/'\narticle = 'x*'\ngrade='B'\n"

    (found,) = problems(tmp_path, {"outlets/ma/x.toml": OUTLET + listing})

    assert found.endswith("listings.0.article: fits every link, even an empty one")


def test_two_rows_of_one_address_are_a_problem(tmp_path: Path) -> None:
    text = OUTLET + '[[feeds]]\nurl = "https://naddara.example.ma/rss"\ngrade = "C"\n'

    (found,) = problems(tmp_path, {"outlets/ma/x.toml": text})

    assert found.startswith("outlets/ma/x.toml:16: feeds.2: ")
    assert "outlets/ma/x.toml:10" in found


def test_wrong_settings_are_told_together_with_all_other_files(tmp_path: Path) -> None:
    place = workspace(
        tmp_path, {"outlets/ma/x.toml": "kind = 1", "watchlists/a.toml": ACTOR + "x=1"}
    )
    (place.root / "marsad.toml").write_text('contact = "me"\ncrawls = 1\n[crawl]\nworkers = 0\n')

    with pytest.raises(ConfigErrors) as wrong:
        find_workspace(place.root)

    files = {str(problem.file) for problem in wrong.value.problems}
    assert files >= {"marsad.toml", "outlets/ma/x.toml", "watchlists/a.toml"}
    keys = {problem.key for problem in wrong.value.problems if str(problem.file) == "marsad.toml"}
    assert keys == {"contact", "crawls", "crawl.workers"}
