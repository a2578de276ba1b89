"""Outlets without feeds, read by the pages that list their articles."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from harness import crawl, killed, outlet_file, page, rows
from listing_sites import (
    gaps,
    headline,
    linked,
    list_page,
    listing_workspace,
    put_articles,
    stored,
    visits,
)
from newsroom.hostile import Entry, HostileNewsroom

from crawler.demo.layouts import wall_page
from crawler.workspace import Workspace

KILL_DRIVER = Path(__file__).with_name("kill_driver.py")
NEWS, STORY = "/news/{}", "/archive-of-{0}-things/{0}.html"
ARABIC = "/" + quote("أخبار") + "/{}/" + quote("خبر-جديد-عن-المدينة")


@dataclass(frozen=True)
class Nights:
    """Two nights over outlets that each show one thing."""

    newsroom: HostileNewsroom
    place: Workspace

    def asked(self, host: str, *paths: str) -> list[str]:
        """The requests to a host, but for its robots.txt; of these paths only."""
        seen = [request.path for request in self.newsroom.seen(host)]
        return [path for path in seen if path in paths or (not paths and path != "/robots.txt")]


def pages(newsroom: HostileNewsroom, host: str, seeds: range, size: int = 10) -> None:
    """A list of articles over several pages, newest first."""
    newest_first = sorted(seeds, reverse=True)
    last = -(-len(newest_first) // size)
    for number in range(1, last + 1):
        shown = newest_first[(number - 1) * size : number * size]
        following = f"/latest?page={number + 1}" if number < last else None
        address = "/latest" if number == 1 else f"/latest?page={number}"
        newsroom.article(host, address, list_page(linked(shown, NEWS), following=following))


def first_night(newsroom: HostileNewsroom) -> None:
    for host in ("given.test", "paged.test", "paused.test", "redesigned.test", "same.test"):
        put_articles(newsroom, host, range(100, 160), NEWS)
    put_articles(newsroom, "blocks.test", range(400, 430), ARABIC)
    newsroom.article("given.test", "/", list_page(linked(range(100, 108), NEWS)))
    newsroom.article("blocks.test", "/", list_page(linked(range(400, 410), ARABIC)))
    newsroom.article("redesigned.test", "/", list_page(linked(range(100, 104), NEWS)))
    newsroom.article("same.test", "/", list_page(linked(range(100, 104), NEWS)))
    newsroom.article("walled.test", "/", wall_page().encode())
    pages(newsroom, "paged.test", range(100, 140))
    pages(newsroom, "paused.test", range(100, 120))


def second_night(newsroom: HostileNewsroom) -> None:
    newsroom.article("given.test", "/", list_page(linked(range(103, 111), NEWS)))
    only_pictures = "".join(
        f'<div><a href="{ARABIC.format(seed)}"><img src="/i/{seed}.jpg"></a></div>'
        for seed in range(410, 414)
    )
    newsroom.article(
        "blocks.test", "/", list_page(linked(range(405, 410), ARABIC), more=only_pictures)
    )
    new_shape = linked(range(200, 215), STORY)
    newsroom.article("redesigned.test", "/", list_page(new_shape))
    pages(newsroom, "paged.test", range(100, 143))
    pages(newsroom, "paused.test", range(100, 155))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Both nights, crawled once."""
    with HostileNewsroom() as newsroom:
        pattern = r"^/news/\d+$"
        place = listing_workspace(
            tmp_path_factory.mktemp("nights") / "desk",
            newsroom.port,
            {
                "given.test": ("/", pattern),
                "blocks.test": ("/", None),
                "paged.test": ("/latest", pattern),
                "paused.test": ("/latest", None),
                "redesigned.test": ("/", pattern),
                "same.test": ("/", None),
                "walled.test": ("/", pattern),
            },
        )
        first_night(newsroom)
        crawl(place)
        second_night(newsroom)
        crawl(place)
        yield Nights(newsroom, place)


def test_articles_are_told_by_the_outlets_pattern(nights: Nights) -> None:
    assert stored(nights.place, "given.test") == [NEWS.format(n) for n in range(100, 111)]
    assert nights.asked("given.test", "/about/12", "/section/1", "/tag/7") == []


def test_the_second_night_fetches_what_is_new_and_nothing_else(nights: Nights) -> None:
    assert len(nights.asked("given.test")) == 2 + 11  # the list twice, each article once
    assert [visit[:4] for visit in visits(nights.place, "given.test")] == [
        ("/", "read", 8, 0),
        ("/", "read", 3, 5),
    ]


def test_without_a_pattern_the_pages_blocks_tell_and_then_what_was_learned(
    nights: Nights,
) -> None:
    """The new articles of the second night have pictures, and no headline beside them."""
    expected = sorted(ARABIC.format(n) for n in range(400, 414))
    assert stored(nights.place, "blocks.test") == expected


def test_an_address_in_a_list_tells_nothing_that_an_edit_could_change(nights: Nights) -> None:
    sql = "SELECT DISTINCT found_by, entry_hash, json_extract(hints, '$.headline') FROM candidates"
    assert rows(nights.place, sql) == [("listing", "", None)]


def test_a_first_look_takes_two_pages_and_a_later_one_stops_where_it_knows(
    nights: Nights,
) -> None:
    assert [visit[:4] for visit in visits(nights.place, "paged.test")] == [
        ("/latest", "read", 10, 0),
        ("/latest?page=2", "read", 10, 0),
        ("/latest", "read", 3, 7),
    ]
    assert stored(nights.place, "paged.test") == [NEWS.format(n) for n in range(120, 143)]


def test_after_a_pause_the_list_is_followed_back_to_where_it_was_left(nights: Nights) -> None:
    """35 articles later their page is the fourth: none is lost, and there is no gap."""
    second = [visit[0] for visit in visits(nights.place, "paused.test")][2:]
    assert second == ["/latest", *(f"/latest?page={n}" for n in (2, 3, 4))]
    assert stored(nights.place, "paused.test") == [NEWS.format(n) for n in range(100, 155)]
    assert gaps(nights.place, "paused.test") == []
    assert rows(nights.place, "SELECT count(*) FROM follows") == [(0,)]


def test_a_pattern_that_meets_nothing_any_more_is_named_and_no_quiet_night(
    nights: Nights,
) -> None:
    last = visits(nights.place, "redesigned.test")[-1]
    assert last[1:4] == ("broken", 0, 0)
    [(kind, evidence)] = json.loads(last[4])
    assert kind == "pattern_unmatched"
    assert evidence.startswith("0 of 19 links meet the pattern")


def test_the_same_page_again_is_not_read_again(nights: Nights) -> None:
    assert [visit[1] for visit in visits(nights.place, "same.test")] == ["read", "not_modified"]


def test_a_challenge_with_status_200_is_a_wall(nights: Nights) -> None:
    first = visits(nights.place, "walled.test")[0]
    assert first[1] == "blocked"
    assert json.loads(first[4]) == [["challenge", "Just a moment..."]]


def test_a_kill_between_two_pages_loses_nothing(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        host = "killed.test"
        put_articles(newsroom, host, range(100, 120), NEWS)
        pages(newsroom, host, range(100, 120), size=10)
        place = listing_workspace(
            tmp_path / "desk", newsroom.port, {host: ("/latest", r"^/news/\d+")}
        )

        killed(str(KILL_DRIVER), str(place.root), "visited", "1", "iq_killed")
        newsroom.article(host, "/latest", list_page([("/news/119", headline(119))] * 1))
        newsroom.article(host, "/news/119", page(119, headline(119)))
        crawl(place)

        assert stored(place, host) == [NEWS.format(n) for n in range(100, 120)]
        assert rows(place, "SELECT count(*) FROM follows") == [(0,)]


def test_what_a_feed_lost_is_brought_from_the_pages_of_a_listing(tmp_path: Path) -> None:
    """A feed of ten items, twenty-five articles between two nights, and no sitemap."""
    host = "overflow.test"
    with HostileNewsroom() as newsroom:
        put_articles(newsroom, host, range(100, 140), NEWS)
        place = listing_workspace(
            tmp_path / "desk", newsroom.port, {host: ("/latest", r"^/news/\d+")}
        )
        file = place.outlets_dir / "iq" / "overflow.toml"
        feed = outlet_file(host, newsroom.port).partition("[[feeds]]")[2]
        file.write_text(f"{file.read_text()}\n[[feeds]]{feed}")
        for newest in (115, 140):
            time.sleep(2.1)  # the database knows seconds, and the nights lie apart
            now = datetime.now(UTC)
            shown = range(newest - 10, newest)
            newsroom.feed(host, "/feed", [Entry(NEWS.format(n), headline(n), now) for n in shown])
            pages(newsroom, host, range(100, newest))
            crawl(place)

        assert set(stored(place, host)) == {NEWS.format(n) for n in range(100, 140)}
        repaired = [when for _, _, when in gaps(place, host)]
        assert repaired and None not in repaired
