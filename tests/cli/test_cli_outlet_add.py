"""`marsad outlets add`: a new site is probed, five of its articles are shown, then it is saved."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from asking import ask
from harness import Ran, crawl, marsad, workspace
from newsroom.hostile import HostileNewsroom
from probed_sites import NOW, TAG, articles, entries, front, put_closed, put_list

from crawler.workspace import Workspace


@pytest.fixture(scope="module")
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        paths = articles(running, "fresh.test", range(100, 110), "/news/{}")
        running.article("fresh.test", "/", front(head=TAG.format("/rss"), name="The Fresh Paper"))
        running.feed("fresh.test", "/rss", entries(paths))
        put_list(running)
        put_closed(running)
        yield running


@pytest.fixture
def place(tmp_path: Path, newsroom: HostileNewsroom) -> Workspace:
    return workspace(tmp_path / "w", newsroom.port, ["one.test"])


def add(place: Workspace, *arguments: str) -> Ran:
    ran = marsad("outlets", "add", *arguments, "--workspace", str(place.root))
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def files(place: Workspace) -> list[str]:
    return sorted(path.name for path in place.outlets_dir.rglob("*.toml"))


def test_a_new_site_is_saved_and_crawled(place: Workspace, newsroom: HostileNewsroom) -> None:
    ran = add(place, newsroom.url("fresh.test"), "--country", "iq", "--yes")

    path = place.outlets_dir / "iq" / "fresh.toml"
    made = tomllib.loads(path.read_text(encoding="utf-8"))
    assert ran.code == 0, ran.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made["name"] == {"en": "The Fresh Paper"}
    assert (made["languages"], made["timezone"]) == (["en"], "Asia/Baghdad")
    assert made["feeds"][0]["url"] == newsroom.url("fresh.test", "/rss")
    assert "5 articles as they would be stored" in ran.stdout
    assert "Report number 100" in ran.stdout
    assert f"{NOW - timedelta(hours=3):%Y-%m-%d %H:}" in ran.stdout
    assert " UTC (feed), en, " in ran.stdout
    assert "seen working" in ran.stdout
    assert (place.probes_dir / "iq_fresh.json").exists()
    assert crawl(place, "iq_fresh").outlet("iq_fresh")["outcomes"] == {"stored_new": 10}


def test_nothing_is_saved_unasked_and_json_tells_everything(
    place: Workspace, newsroom: HostileNewsroom
) -> None:
    ran = add(place, newsroom.url("list.test"), "--country", "iq", "--json")

    assert ran.code == 3
    assert "--yes saves unasked" in ran.stderr
    assert ran.data["saved"] is None
    assert (ran.data["id"], len(ran.data["samples"])) == ("iq_list", 5)
    assert {"headline", "published_at", "published_method", "language", "words"} <= (
        ran.data["samples"][0].keys()
    )
    assert "[[listings]]" in ran.data["toml"]
    assert files(place) == ["one.toml"]


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("robots.test", "robots.txt forbids it"),
        ("moved.test", "elsewhere.test"),
    ],
)
def test_a_site_without_a_way_in_is_a_clear_error(
    place: Workspace, newsroom: HostileNewsroom, host: str, said: str
) -> None:
    ran = add(place, newsroom.url(host), "--country", "iq", "--yes")

    assert ran.code == 1
    assert said in ran.stderr
    assert "nothing was saved" in ran.stderr
    assert files(place) == ["one.toml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["not an address", "--country", "iq"], "is not the web address of a site"),
        (["ftp://fresh.test/", "--country", "iq"], "is not the web address of a site"),
        (["http://127.0.0.1/", "--country", "iq"], "is not the web address of a site"),
        (["https://one.test/feed", "--country", "iq"], "one.test is a host of iq_one"),
        (["https://www.one.test/", "--country", "iq"], "is a host of iq_one"),
        (["https://fresh.test/"], "--country is missing"),
        (["https://fresh.test/", "--country", "us"], "time zones; say --timezone"),
        (["https://fresh.test/", "--country", "iraq"], "two small letters"),
        (["https://fresh.test/", "--country", "iq", "--id", "iq_one"], "iq_one already"),
        (["https://fresh.test/", "--country", "iq", "--id", "x"], "as in ma_example"),
        (["https://fresh.test/", "--country", "iq", "--kind", "blog"], "kind"),
        (["https://fresh.test/", "--country", "iq", "--language", "ku"], "ckb"),
    ],
)
def test_what_is_typed_wrong_is_told_before_anybody_is_asked(
    place: Workspace, arguments: list[str], said: str
) -> None:
    result = ask(place, "outlets", "add", *arguments)

    assert result.exit_code == 2
    assert said in result.stderr
    assert files(place) == ["one.toml"]
