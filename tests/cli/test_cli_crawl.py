"""What a crawl tells a person, by its report and by its exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Ran, marsad, page, publish, workspace
from newsroom import faults
from newsroom.hostile import Entry, HostileNewsroom

from crawler.workspace import Workspace

GOOD = ("one.test", "two.test", "three.test", "four.test")


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def run(place: Workspace, *arguments: str) -> Ran:
    ran = marsad(*arguments, "--workspace", str(place.root))
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def test_a_good_night_ends_with_0_and_a_line_for_each_outlet(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "one.test", [1, 2])
    publish(newsroom, "two.test", [3])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test", "two.test"])

    ran = run(place, "crawl", "--all")

    lines = [line.split() for line in ran.stdout.splitlines()]
    assert ran.code == 0
    assert ["iq_one", "2", "2", "·", "·", "·", "·", "one.test"] in lines
    assert ["iq_two", "1", "1", "·", "·", "·", "·", "two.test"] in lines
    assert [
        "all",
        "3",
        "3",
        "·",
        "·",
        "·",
        "·",
        "2",
        "visits,",
        "0",
        "of",
        "them",
        "blind",
    ] in lines
    assert "What needs a look" not in ran.stdout
    assert "The books balance" in ran.stdout


def test_one_outlet_of_five_that_is_down_needs_a_person_and_retry_queues_what_failed(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    for seed, host in enumerate(GOOD):
        publish(newsroom, host, [seed])
    newsroom.put("one.test", "/a/0", faults.forbidden())
    newsroom.put("down.test", "/feed", faults.reset())
    place = workspace(tmp_path / "w", newsroom.port, [*GOOD, "down.test"])

    ran = run(place, "crawl", "--all")
    newsroom.article("one.test", "/a/0", page(0))
    retried = run(place, "retry", "--outcome", "blocked")
    again = run(place, "crawl", "iq_one")

    assert ran.code == 3
    assert "iq_down" in ran.stdout.split("What needs a look")[1]
    assert "iq_one · 1 page blocked" in ran.stdout
    assert "ask the outlet to let us in" in " ".join(ran.stdout.split())
    assert (retried.code, retried.stdout) == (0, "1 page will be fetched by the next crawl.\n")
    assert again.code == 0
    assert ["iq_one", "1", "1", "·", "·", "·", "·", "one.test"] in [
        line.split() for line in again.stdout.splitlines()
    ]


def test_more_than_a_quarter_of_the_outlets_unread_is_a_failure(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "one.test", [1])
    newsroom.put("down.test", "/feed", faults.reset())
    place = workspace(tmp_path / "w", newsroom.port, ["one.test", "down.test"])

    ran = run(place, "crawl", "--all")

    assert ran.code == 1
    assert ["iq_down", "blind", "·", "·", "·", "·", "·", "down.test"] in [
        line.split() for line in ran.stdout.splitlines()
    ]


def test_fetch_stores_one_address_as_found_by_hand(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    newsroom.article("one.test", "/a/7", page(7))
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])
    url = newsroom.url("one.test", "/a/7")

    ran = run(place, "fetch", url)
    shown = run(place, "show", url)
    missing = run(place, "fetch", newsroom.url("one.test", "/a/8"))

    assert ran.code == 0
    assert (missing.code, "1 page gone" in missing.stdout) == (3, True)
    assert "Report number 7" in shown.stdout
    assert "by manual" in shown.stdout


def test_an_outlet_that_is_not_there_is_wrong_use_and_the_near_name_is_told(
    tmp_path: Path,
) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])

    ran = run(place, "crawl", "iq_onne")

    assert ran.code == 2
    assert "iq_onne" in ran.stderr
    assert "iq_one" in ran.stderr
    assert not place.database.exists()


def test_a_mistake_in_a_file_stops_everything_and_is_named(tmp_path: Path) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])
    file = place.outlets_dir / "iq" / "one.toml"
    file.write_text(file.read_text() + "colour = 3\n")

    ran = run(place, "crawl", "--all")

    assert ran.code == 2
    assert "outlets/iq/one.toml:" in ran.stderr
    assert "nothing was run" in ran.stderr
    assert not place.database.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("crawl",), "say which outlets"),
        (("crawl", "--all", "--since", "yesterday"), "--since"),
        (("retry", "--outcome", "sad"), "no such outcome: sad"),
        (("retry", "--outcome", "blocked", "iq_onne"), 'there is no outlet "iq_onne"'),
        (("schedule", "run", "yearly"), 'there is no schedule "yearly"; there are'),
        (("fetch", "ftp://one.test/a"), "not a web address: ftp://one.test/a"),
        (("search", "word"), "nothing has been crawled in this workspace yet"),
        (("runs",), "nothing has been crawled in this workspace yet"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    place = workspace(tmp_path / "w", 9, ["one.test"])

    ran = run(place, *arguments)

    assert ran.code == 2
    assert ran.stdout == ""
    assert message in ran.stderr


def test_a_dry_run_asks_nobody(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    newsroom.feed("one.test", "/feed", [Entry("/a/1", "One")])
    place = workspace(tmp_path / "w", newsroom.port, ["one.test"])

    ran = run(place, "crawl", "--all", "--dry-run")

    assert ran.code == 0
    assert ["iq_one", "1", "1", "0"] in [line.split() for line in ran.stdout.splitlines()]
    assert newsroom.seen() == []
