from __future__ import annotations

from pathlib import Path

import pytest
from config.config_files import OUTLET, layers, load, problems, urls_on

from crawler.datafiles import ConfigErrors
from crawler.outlets import UnknownOutlet
from storage.models import FoundBy

SECOND = OUTLET.replace('covers = ["ma"]', 'covers = ["ma", "iq"]').replace("Naddara", "Minbar")
DISABLED = "enabled = false\nnotes = 'closed in 2020'\n" + OUTLET


def test_an_outlet_gets_its_id_from_its_place_or_its_file(tmp_path: Path) -> None:
    config = load(tmp_path, {"outlets/ma/a.toml": OUTLET, "outlets/b.toml": f'id="ma_b"\n{OUTLET}'})

    assert list(config.outlets) == ["ma_a", "ma_b"]


def test_an_outlet_becomes_the_record_that_the_database_keeps(tmp_path: Path) -> None:
    record = load(tmp_path, {"outlets/ma/a.toml": OUTLET}).outlets["ma_a"].record()

    assert (record.id, record.name, record.country) == ("ma_a", "Naddara", "ma")
    assert (record.covers, record.alignment) == (("ma",), "unknown")
    assert (record.timezone, record.domains) == ("Africa/Casablanca", ("naddara.example.ma",))


def test_a_name_in_one_language_is_the_display_name(tmp_path: Path) -> None:
    text = OUTLET.replace('en = "Naddara"\n', "")

    assert load(tmp_path, {"outlets/ma/a.toml": text}).outlets["ma_a"].display_name == "النظّارة"


def test_www_stands_for_the_bare_host(tmp_path: Path) -> None:
    text = OUTLET.replace('["naddara', '["www.naddara')

    assert load(tmp_path, {"outlets/ma/a.toml": text}).outlets["ma_a"].domains == (
        "naddara.example.ma",
    )


def test_only_grade_a_is_on_until_a_probe_says_more(tmp_path: Path) -> None:
    outlet = load(tmp_path, {"outlets/ma/a.toml": OUTLET}).outlets["ma_a"]

    assert urls_on(outlet) == ["https://naddara.example.ma/rss"]
    assert [way.on for way in outlet.ways(FoundBy.FEED)] == [True, False]
    assert outlet.ways(FoundBy.MANUAL) == ()


def test_the_front_page_is_the_homepage_or_that_of_the_first_host(tmp_path: Path) -> None:
    named = 'homepage = "https://naddara.example.ma/ar"\n' + OUTLET
    outlets = load(tmp_path, {"outlets/ma/a.toml": OUTLET, "outlets/ma/b.toml": named}).outlets

    assert outlets["ma_a"].front_page() == "https://naddara.example.ma/"
    assert outlets["ma_b"].front_page() == "https://naddara.example.ma/ar"


def test_tables_merge_by_key_and_rows_by_address(tmp_path: Path) -> None:
    over = """\
kind = "daily"
domains = ["new.example.ma"]
[name]
fr = "La Lunette"
[[feeds]]
url = "https://naddara.example.ma/rss"
enabled = false
[[feeds]]
url = "https://new.example.ma/rss"
grade = "A"
"""
    outlet = layers(tmp_path, {"ma/a.toml": OUTLET}, {"ma/a.toml": over})["ma_a"]

    assert (outlet.kind, outlet.domains) == ("daily", ("new.example.ma",))
    assert outlet.name == {"en": "Naddara", "ar": "النظّارة", "fr": "La Lunette"}
    assert [(feed.grade, feed.on) for feed in outlet.feeds] == [
        ("A", False), ("B", False), ("A", True)
    ]  # fmt: skip


def test_suppress_removes_an_outlet_or_an_address(tmp_path: Path) -> None:
    base = {"ma/a.toml": OUTLET, "ma/b.toml": SECOND}
    over = {
        "ma/a.toml": "suppress = true",
        "x.toml": 'id = "ma_b"\nfeeds = [{url="https://naddara.example.ma/rss", suppress=true}]',
    }

    outlets = layers(tmp_path, base, over)

    assert list(outlets) == ["ma_b"]
    assert [feed.url for feed in outlets["ma_b"].feeds] == ["https://naddara.example.ma/ثقافة/rss"]


def test_provenance_tells_the_file_and_line_of_each_value(tmp_path: Path) -> None:
    over = '\nkind = "daily"\n[[feeds]]\nurl = "https://naddara.example.ma/rss"\nnote = "x"\n'

    origins = layers(tmp_path, {"ma/a.toml": OUTLET}, {"ma/a.toml": over}).provenance("ma_a")

    assert origins["country"] == "spiders/outlets/ma/a.toml:1"
    assert origins["kind"] == "outlets/ma/a.toml:2"
    assert origins["feeds.0.grade"] == "spiders/outlets/ma/a.toml:12"
    assert origins["feeds.0.note"] == "outlets/ma/a.toml:5"
    assert origins["feeds.1.url"] == "spiders/outlets/ma/a.toml:14"


def test_a_mistake_in_an_override_is_told_at_its_own_line(tmp_path: Path) -> None:
    over = 'notes = "x"\n[[feeds]]\nurl = "https://naddara.example.ma/ثقافة/rss"\ngrade = "Z"\n'

    with pytest.raises(ConfigErrors, match=r"^outlets/ma/a\.toml:4: feeds\.0\.grade: ") as wrong:
        layers(tmp_path, {"ma/a.toml": OUTLET}, {"ma/a.toml": over})

    assert len(wrong.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("suppress = true", 1, "suppress"),
        ("\n[[feeds]]\nurl = 'https://x.example/'\ngrade = 'B'", 2, "feeds"),
        ("notes = 'gone'", 1, "notes"),
        ("", 1, "id"),
    ],
)
def test_an_override_of_no_outlet_is_a_problem(
    tmp_path: Path, text: str, line: int, key: str
) -> None:
    (found,) = problems(tmp_path, {"outlets/ma/hespres.toml": text}, shipped=True)

    assert found.startswith(f"outlets/ma/hespres.toml:{line}: {key}: changes the outlet")
    assert found.endswith("did you mean ma_hespress?")


@pytest.mark.parametrize("switch", ["suppress = true", "enabled = false"])
def test_an_override_of_no_address_is_a_problem(tmp_path: Path, switch: str) -> None:
    over = f'[[feeds]]\nurl = "https://naddara.example.ma/old"\n{switch}\n'

    with pytest.raises(ConfigErrors) as wrong:
        layers(tmp_path, {"ma/a.toml": OUTLET}, {"ma/a.toml": over})

    key = switch.split(maxsplit=1)[0]
    assert str(wrong.value) == (
        f"outlets/ma/a.toml:3: feeds.0.{key}: changes something that does not exist here"
    )


def test_a_selection_by_country_asks_whose_news_it_is(tmp_path: Path) -> None:
    files = {
        "outlets/ma/a.toml": OUTLET,
        "outlets/ma/b.toml": SECOND,
        "outlets/ma/c.toml": DISABLED,
    }
    outlets = load(tmp_path, files).outlets

    assert [o.id for o in outlets.select(country="iq")] == ["ma_b"]
    assert [o.id for o in outlets.select(country="MA")] == ["ma_a", "ma_b"]
    assert [o.id for o in outlets.select(everything=True)] == ["ma_a", "ma_b"]
    assert [o.id for o in outlets.select(["ma_c", "ma_a"])] == ["ma_c", "ma_a"]
    assert [o.id for o in outlets.select(["ma_b"], country="iq")] == ["ma_b"]
    assert outlets.select() == []


def test_an_unknown_id_brings_the_nearest_known_ones(tmp_path: Path) -> None:
    outlets = load(tmp_path, {"outlets/ma/naddara.toml": OUTLET}).outlets

    with pytest.raises(UnknownOutlet, match="did you mean ma_naddara"):
        outlets.select(["ma_nadara"])
    with pytest.raises(UnknownOutlet, match="covered are ma"):
        outlets.select(country="tn")


def test_a_disabled_outlet_may_be_without_hosts(tmp_path: Path) -> None:
    text = DISABLED.replace('["naddara.example.ma"]', "[]")

    assert load(tmp_path, {"outlets/ma/a.toml": text}).outlets["ma_a"].enabled is False


def test_as_json_tells_which_ways_are_on(tmp_path: Path) -> None:
    document = load(tmp_path, {"outlets/ma/a.toml": OUTLET}).outlets["ma_a"].as_json()

    assert [feed["on"] for feed in document["feeds"]] == [True, False]
    assert "suppress" not in document
