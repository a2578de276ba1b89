from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from config.config_files import ACTOR, OUTLET, workspace
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import VARIABLE


@pytest.fixture(autouse=True)
def outside_of_any_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def marsad(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def place(tmp_path: Path) -> str:
    files = {
        "outlets/ma/a.toml": OUTLET,
        "outlets/ma/b.toml": "enabled = false\n" + OUTLET,
        "watchlists/own.toml": ACTOR,
    }
    return str(workspace(tmp_path / "study", files).root)


def test_without_a_workspace_the_shipped_outlets_are_listed() -> None:
    result = marsad("outlets", "list", "--country", "bh")

    assert result.exit_code == 0
    assert "bh_akhbaralkhaleej " in result.stdout
    assert "iq_ina " not in result.stdout


def test_a_list_leaves_out_what_is_disabled_unless_all_is_asked_for(place: str) -> None:
    few = marsad("outlets", "list", "-w", place, "--json")
    everything = marsad("outlets", "list", "-w", place, "--json", "--all")

    assert [outlet["id"] for outlet in json.loads(few.stdout)] == ["ma_a"]
    assert [outlet["id"] for outlet in json.loads(everything.stdout)] == ["ma_a", "ma_b"]


def test_show_tells_each_way_and_whether_it_is_on(place: str) -> None:
    result = marsad("outlets", "show", "ma_a", "-w", place)

    assert "on  feed A https://naddara.example.ma/rss" in result.stdout
    assert "off feed B https://naddara.example.ma/ثقافة/rss" in result.stdout


def test_show_effective_tells_where_each_value_came_from(place: str) -> None:
    lines = marsad("outlets", "show", "ma_a", "--effective", "-w", place).stdout.splitlines()
    document = json.loads(
        marsad("outlets", "show", "ma_a", "--effective", "--json", "-w", place).stdout
    )

    assert 'kind = "portal"  # outlets/ma/a.toml:5' in lines
    assert document["provenance"]["kind"] == "outlets/ma/a.toml:5"


@pytest.mark.parametrize("group", ["outlets", "actors"])
def test_an_unknown_id_is_wrong_use(group: str) -> None:
    result = marsad(group, "show", "ma_amdhh")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "there is no" in result.stderr


@pytest.mark.parametrize("group", ["outlets", "actors"])
def test_check_is_content_with_sound_files(group: str, place: str) -> None:
    result = marsad(group, "check", "-w", place)

    assert result.exit_code == 0
    assert "no problem" in result.stdout


@pytest.mark.parametrize("group", ["outlets", "actors"])
def test_check_tells_every_problem_of_every_file_and_ends_with_2(group: str, place: str) -> None:
    (Path(place) / "outlets/ma/c.toml").write_text("kindd = 1\n" + OUTLET, encoding="utf-8")
    (Path(place) / "watchlists/x.toml").write_text("[[actors]]\nid = 5\n", encoding="utf-8")

    result = marsad(group, "check", "-w", place)

    assert result.exit_code == 2
    assert "outlets/ma/c.toml:1: kindd: is not a known key; did you mean kind?" in result.stderr
    assert "watchlists/x.toml:2: actors.0.id: must be text in quotes" in result.stderr
    assert result.stdout == ""


def test_an_outlet_is_disabled_with_a_reason_and_enabled_again(place: str) -> None:
    off = marsad("outlets", "disable", "ma_a", "--reason", "pause", "-w", place)
    assert off.exit_code == 0
    assert json.loads(marsad("outlets", "list", "-w", place, "--json").stdout) == []

    on = marsad("outlets", "enable", "ma_a", "-w", place)

    assert on.exit_code == 0
    assert "ma_a" in marsad("outlets", "list", "-w", place).stdout


def test_nothing_can_be_switched_outside_of_a_workspace() -> None:
    result = marsad("outlets", "disable", "bh_bna")

    assert result.exit_code == 2
    assert "marsad init" in result.stderr


def test_actors_are_listed_by_country_and_kind() -> None:
    found = json.loads(
        marsad("actors", "list", "--country", "ma", "--kind", "state_body", "--json").stdout
    )

    assert [actor["id"] for actor in found] == ["ma_cndh"]
    assert "ma_cndh " in marsad("actors", "list", "--kind", "state_body").stdout


def test_an_actor_is_shown_with_its_forms(place: str) -> None:
    result = marsad("actors", "show", "ma_waha", "-w", place)
    document = json.loads(marsad("actors", "show", "ma_waha", "-w", place, "--json").stdout)

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "ar auto جمعية أصدقاء الواحة" in lines
    assert "any acronym unverified AWQ" in lines
    assert document["name"] == {"en": "Oasis Friends"}
