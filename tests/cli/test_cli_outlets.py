"""`marsad outlets` and `marsad actors` in a workspace: probing, switching, listing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import ask
from harness import Ran, crawl, marsad, page, publish, workspace
from newsroom.hostile import Entry, HostileNewsroom

from crawler.workspace import Workspace

FRONT = (
    b'<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">'
    b"</head><body>News</body></html>"
)


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def probe(place: Workspace, *arguments: str) -> Ran:
    ran = marsad("outlets", "probe", *arguments, "--workspace", str(place.root))
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def grade_b(place: Workspace) -> None:
    """Make every endpoint one that nobody has seen working."""
    for file in place.outlets_dir.rglob("*.toml"):
        file.write_text(file.read_text().replace('grade = "A"', 'grade = "B"'))


def ways(place: Workspace, outlet_id: str) -> list[str]:
    """The ways into an outlet as a person sees them."""
    shown = ask(place, "outlets", "show", outlet_id).stdout
    return [re.sub(r":\d+", "", line) for line in shown.splitlines() if re.match("on |off", line)]


def test_what_a_probe_sees_working_is_on_from_then(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "one.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    grade_b(place)
    before, idle = ways(place, "iq_one"), crawl(place)

    ran = probe(place, "iq_one")

    assert before == ["off feed B http://one.test/feed"]
    assert idle.outlet("iq_one")["visits"] == 0
    assert ran.code == 0, ran.stderr
    assert f"works feed {newsroom.url('one.test', '/feed')}" in ran.stdout
    assert "1 entry, the newest of" in ran.stdout
    assert "1 address on from now: 1 of 1 outlet." in ran.stdout
    assert ways(place, "iq_one") == ["on  feed B http://one.test/feed"]
    assert crawl(place).outlet("iq_one")["outcomes"] == {"stored_new": 1}


def test_a_feed_that_only_the_front_page_names_is_found_and_read(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    newsroom.article("one.test", "/", FRONT)
    newsroom.article("one.test", "/a/5", page(5))
    newsroom.feed("one.test", "/all.xml", [Entry("/a/5", "Report number 5")])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    file = place.outlets_dir / "iq" / "one.toml"
    file.write_text(f'homepage = "{newsroom.url("one.test")}"\n' + file.read_text())

    ran = probe(place, "iq_one")

    assert f"works feed {newsroom.url('one.test', '/all.xml')} (named by the front page)" in (
        ran.stdout
    )
    assert crawl(place).outlet("iq_one")["outcomes"] == {"stored_new": 1}


def test_an_outlet_without_a_way_that_works_needs_a_person(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "one.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, {"one.test": ["/feed"], "dead.test": ["/x"]})
    (place.outlets_dir / "iq" / "mute.toml").write_text(
        (place.outlets_dir / "iq" / "one.toml")
        .read_text()
        .split("[[feeds]]")[0]
        .replace("one.test", "mute.test")
    )

    grade_b(place)

    ran = probe(place, "--all")

    assert ran.code == 3
    assert f"fails feed {newsroom.url('dead.test', '/x')}\n        status 404" in ran.stdout
    assert "iq_mute\n  fails front page http" in ran.stdout
    assert "Without a way in that works: iq_dead, iq_mute" in ran.stderr
    assert ways(place, "iq_dead") == ["off feed B http://dead.test/x"]


def test_json_of_a_probe_names_every_outlet(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    publish(newsroom, "one.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])

    ran = probe(place, "--country", "iq", "--json")

    assert [one["url"] for one in ran.data["iq_one"]["ways"] if one["works"]] == [
        newsroom.url("one.test", "/feed")
    ]


def test_a_disabled_outlet_is_left_out_of_a_crawl_of_all_until_it_is_enabled(
    tmp_path: Path,
) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test", "two.test"])

    off = ask(place, "outlets", "disable", "iq_one", "--reason", "not in the study")
    planned = json.loads(ask(place, "crawl", "--all", "--dry-run", "--json").stdout)
    shown = ask(place, "outlets", "show", "iq_one").stdout
    on = ask(place, "outlets", "enable", "iq_one")

    assert (off.exit_code, on.exit_code) == (0, 0)
    assert [outlet["outlet_id"] for outlet in planned] == ["iq_two"]
    assert "not in the study" in shown
    assert json.loads(ask(place, "crawl", "--all", "--dry-run", "--json").stdout)[0][
        "outlet_id"
    ] == ("iq_one")


def test_lists_have_a_column_for_each_fact_and_the_name_last(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])
    file = place.outlets_dir / "iq" / "one.toml"
    file.write_text(file.read_text().replace('en = "one.test"', 'ar = "مرآة الغد"'))

    header, row = ask(place, "outlets", "list").stdout.splitlines()

    assert header.split()[0] == "id"
    assert header.endswith("name")
    assert row.startswith("iq_one ")
    assert row.endswith("1 of 1   مرآة الغد")


def test_a_check_of_sound_files_says_what_there_is(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test", "two.test"])

    for group in ("outlets", "actors"):
        result = ask(place, group, "check")
        assert result.exit_code == 0
        assert "2 outlets" in result.stdout
