"""Articles looked at again over the wire: politely, and sure of what a look has seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from harness import killed, page, rows
from newsroom import faults
from newsroom.hostile import Behaviour, Exchange, HostileNewsroom, Reply, article_html
from recheck_room import HOST, NIGHT, Room, validated, with_validators

MISSING = article_html("404 - Page not found", ["Nothing is here."])
FRONT = article_html("The Daily", ["All the news of the district, every day anew. " * 20])


@pytest.fixture(scope="module")
def server() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


@pytest.fixture
def newsroom(server: HostileNewsroom) -> HostileNewsroom:
    """One port for all tests, so that a workspace is crawled once for many of them."""
    server.clear()
    return server


def states(room: Room) -> list[list[tuple[object, ...]]]:
    """What no failing look may touch."""
    return [
        rows(
            room.place,
            "SELECT id, state, attempts, last_outcome, article_id, day FROM candidates ORDER BY id",
        ),
        rows(room.place, "SELECT * FROM coverage ORDER BY day"),
        rows(room.place, "SELECT id, headline, version, fetched_at FROM articles ORDER BY id"),
    ]


def test_a_look_sends_the_validators_of_the_page_and_304_is_unchanged(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 9), validated)
    captured = rows(room.place, "SELECT count(*) FROM fetches WHERE capture_file IS NOT NULL")
    before = len(newsroom.requests)

    report = room.recheck(1)

    sent = [one.headers.get("if-none-match") for one in room.asked(before).values()]
    assert room.ends(report) == {"unchanged": 8}
    assert len([tag for tag in sent if tag]) == 3  # five are asked for whole, as witnesses
    ends = rows(
        room.place,
        "SELECT reason, count(*) FROM outcomes WHERE run_id = 2 GROUP BY reason ORDER BY reason",
    )
    assert ends == [("not modified", 3), ("same body", 5)]
    now = rows(room.place, "SELECT count(*) FROM fetches WHERE capture_file IS NOT NULL")
    assert now == captured  # the same bytes are not kept twice


def test_what_is_missing_in_any_way_is_gone_at_the_second_look_and_comes_back(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 13), validated)
    newsroom.article(HOST, "/", FRONT)
    newsroom.article(HOST, "/a/1", b"<h1>Gone</h1>", status=410)
    newsroom.article(HOST, "/a/2", MISSING)
    newsroom.put(HOST, "/a/3", faults.redirect("/"))

    first = room.recheck(1)
    second = room.recheck(2)
    edits = room.edits()
    newsroom.article(HOST, "/a/2", page(2))
    room.recheck(8.9)

    assert (first["looks"]["missing"], first["looks"]["gone"]) == (3, 0)
    assert second["looks"]["gone"] == 3
    assert sorted(edits) == [("gone", "/a/1"), ("gone", "/a/2"), ("gone", "/a/3")]
    assert room.edits()[3:] == [("back", "/a/2")]
    kept = rows(room.place, "SELECT count(*) FROM article_texts WHERE length(text) > 100")
    assert kept == [(12,)]


def test_a_front_page_that_was_not_modified_vouches_for_no_article(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 12), validated)

    def never_modified(exchange: Exchange) -> None:
        asked = exchange.request.headers.get("if-none-match")
        (Reply(status=304) if asked else Reply(FRONT))(exchange)

    newsroom.put(HOST, "/", never_modified)
    for seed in range(1, 7):  # more than are asked for without validators
        newsroom.put(HOST, f"/a/{seed}", faults.redirect("/"))

    report = room.recheck(1)

    assert room.ends(report) == {"not_article": 6, "unchanged": 5}


@pytest.mark.parametrize(
    "answer",
    [Reply(b"<h1>Not found</h1>", 404), faults.redirect("/"), faults.forbidden(), faults.reset()],
    ids=["404", "front page", "wall", "reset"],
)
def test_a_broken_site_invents_nothing_and_leaves_everything_as_it_was(
    tmp_path: Path, newsroom: HostileNewsroom, answer: Behaviour
) -> None:
    room = Room(tmp_path, newsroom, range(1, 9), validated)
    newsroom.article(HOST, "/", FRONT)
    before = states(room)
    room.answer(answer)

    for day in (1, 2):
        room.recheck(day)

    assert room.edits() == []
    assert states(room) == before


def test_what_was_edited_is_a_version_and_what_was_not_is_none(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 9), validated)
    newsroom.put(HOST, "/a/1", with_validators(page(1, "Suspect heard"), '"edited"'))

    report = room.recheck(1)

    assert room.ends(report) == {"stored_changed": 1, "unchanged": 7}
    assert rows(room.place, "SELECT headline FROM articles WHERE version = 2") == [
        ("Suspect heard",)
    ]


def test_one_request_at_a_time_and_the_pace_of_a_crawl(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 5))
    newsroom.robots(HOST, "User-agent: *\nCrawl-delay: 1\nDisallow: /a/3\n")
    before = len(newsroom.requests)

    report = room.recheck(1)

    times = [one.at for one in room.asked(before).values()]
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.9
    assert newsroom.most_at_once[HOST] == 1
    assert room.ends(report) == {"unchanged": 3, "robots": 1}


@pytest.mark.parametrize(("stage", "nth"), [("fetched", 2), ("commit", 3), ("close", 1)])
def test_a_run_killed_in_the_middle_loses_no_look_and_tells_nothing_twice(
    tmp_path: Path, newsroom: HostileNewsroom, stage: str, nth: int
) -> None:
    room = Room(tmp_path, newsroom, range(1, 9), validated)
    newsroom.article(HOST, "/a/1", b"", status=404)
    room.recheck(1)
    driver = Path(__file__).with_name("recheck_kill_driver.py")
    when = (NIGHT + timedelta(days=3)).isoformat()
    killed(str(driver), str(room.place.root), when, stage, str(nth))

    room.recheck(3.1)

    assert room.edits() == [("gone", "/a/1")]
    looked = rows(room.place, "SELECT count(*) FROM rechecks WHERE checked_at > '2026-03-04'")
    assert looked == [(7,)]
    assert rows(room.place, "SELECT count(*) FROM candidates WHERE state = 'pending'") == [(0,)]


def test_what_would_be_looked_at_is_told_without_asking_anybody(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 4))
    before = len(newsroom.requests)

    plan = room.at(1, "recheck", "--all", "--dry-run", "--json").data

    assert plan == [{"outlet_id": "iq_daily", "due": 3, "missing": 0, "witnesses": 0}]
    assert newsroom.requests[before:] == []


def test_one_article_is_looked_at_by_its_number_whether_due_or_not(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    room = Room(tmp_path, newsroom, range(1, 4))
    before = len(newsroom.requests)
    [(url, number)] = rows(room.place, "SELECT url, id FROM articles WHERE url LIKE '%/a/1'")

    not_due = room.recheck(0.005, "--article", str(number))
    room.recheck(0.005, "--article", str(number), "--anyway")
    unknown = room.at(0, "recheck", "--article", "99")

    assert room.ends(not_due) == {}
    assert url.endswith("/a/1")
    assert "/a/1" in room.asked(before)
    assert len(room.asked(before)) == 2  # with a witness
    assert unknown.code == 2
    assert "no such article: 99" in unknown.stderr


def test_a_person_reads_what_became_of_the_looks(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    room = Room(tmp_path, newsroom, range(1, 7))
    [(url,)] = rows(room.place, "SELECT url FROM articles ORDER BY id DESC LIMIT 1")
    newsroom.article(HOST, url.removeprefix(newsroom.url(HOST, "")), b"", status=404)

    first = room.at(1, "recheck", "--all", "--limit", "5")
    second = room.at(2, "recheck", "iq_daily")

    assert first.code == second.code == 0, first.stderr
    said = [" ".join(ran.stdout.split()) for ran in (first, second)]
    assert "(recheck) done" in said[0]
    assert "0 articles gone, 0 back; 1 not there, to be confirmed by a later look." in said[0]
    assert "1 more are due and wait for the next run" in said[0]
    assert "1 article gone, 0 back." in said[1]
