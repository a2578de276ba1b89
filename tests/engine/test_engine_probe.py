"""A probe of sites of several make-ups, over real HTTP, and a crawl by what it proposed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from harness import Ran, crawl, marsad
from newsroom.hostile import HostileNewsroom
from probed_sites import CLOSED, PUT, probed_workspace

from crawler.engine.probe_notes import MOST_REQUESTS
from crawler.workspace import Workspace


@dataclass(frozen=True)
class Case:
    newsroom: HostileNewsroom
    place: Workspace
    ran: Ran
    requests: dict[str, int]  # of the probe, by host
    crawled: Ran

    def ways(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        """What the probe saw of an outlet."""
        seen = self.ran.data[f"iq_{name}"]["ways"]
        return [way for way in seen if kind in ("", way["kind"])]

    def works(self, name: str) -> list[tuple[str, str, str]]:
        """The ways that are one more way in, with who said so."""
        return [
            (way["kind"], way["url"].partition(str(self.newsroom.port))[2], way["found_in"])
            for way in self.ways(name)
            if way["works"] and not way["same_as"]
        ]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with HostileNewsroom() as newsroom:
        place = probed_workspace(tmp_path_factory.mktemp("probe") / "w", newsroom)
        ran = marsad(
            *("outlets", "probe", "--all", "--write", "--json", "--workspace", str(place.root))
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        hosts = (*PUT, *CLOSED, "elsewhere.test")
        requests = {host: len(newsroom.seen(host)) for host in hosts}
        for record in place.probes_dir.iterdir():
            record.unlink()  # the files alone must do
        yield Case(newsroom, place, ran, requests, crawl(place))


def test_each_make_up_is_found_by_its_own_door(case: Case) -> None:
    assert case.works("tags")[0] == ("feed", "/all.xml", "link tag")
    assert case.works("common") == [("feed", "/rss.xml", "common path")]
    assert case.works("page") == [("feed", "/xml/feed.php?c=1", "front page")]
    assert case.works("map") == [("sitemap", "/maps.xml", "robots")]
    assert case.works("list") == [("listing", "/", "front page")]
    assert case.works("section") == [("listing", "/politics", "front page")]


def test_what_is_proposed_works_unchanged(case: Case) -> None:
    stored = {
        name: case.crawled.outlet(f"iq_{name}")["outcomes"].get("stored_new", 0)
        for name in ("tags", "common", "page", "map", "list", "section")
    }

    assert stored == {"tags": 6, "common": 6, "page": 6, "map": 6, "list": 12, "section": 12}


def test_one_offer_under_several_addresses_is_one_way(case: Case) -> None:
    feeds = {
        way["url"].rpartition("test")[2].partition("/")[2]: way for way in case.ways("tags", "feed")
    }

    assert "all.xml/" not in feeds
    assert feeds["all-again.xml"]["same_as"] == case.newsroom.url("tags.test", "/all.xml")
    assert feeds["comments/feed/"]["reason"] == "comments of readers, not articles"
    assert case.ran.data["iq_tags"]["proposal"].count("[[feeds]]") == 1


def test_a_learned_listing_is_proposed_with_its_pattern(case: Case) -> None:
    text = case.ran.data["iq_list"]["proposal"]

    assert "article = '^/(?i:news)/\\d{3,}/" in text
    assert 'grade = "A"' in text
    assert "found on the front page, seen working" in text
    assert "by probe: 12 links to articles" in text


def test_nothing_is_guessed_where_a_good_feed_was_found(case: Case) -> None:
    assert not case.newsroom.seen("tags.test", "/rss.xml")


def test_a_closed_site_is_named_and_left_alone_soon(case: Case) -> None:
    site = case.ran.data["iq_wall"]["site"]

    assert (site["works"], site["reason"]) == (False, "challenge page: Just a moment...")
    assert case.requests["wall.test"] <= 6
    assert case.works("wall") == []
    assert "robots.txt forbids it" in case.ran.data["iq_robots"]["site"]["reason"]
    assert case.requests["robots.test"] <= 2


def test_a_moved_site_is_a_question_and_never_followed(case: Case) -> None:
    document = case.ran.data["iq_moved"]

    assert case.works("moved") == []
    assert document["site"]["moved_to"] == case.newsroom.url("elsewhere.test")
    assert '"moved.test", "elsewhere.test"]' in document["proposal"]
    assert "[[" not in document["proposal"]
    assert not case.newsroom.seen("elsewhere.test", "/all.xml")


def test_a_feed_of_another_sites_articles_is_no_way_in(case: Case) -> None:
    (feed,) = case.ways("clone", "feed")[:1]

    assert (feed["works"], feed["own_share"]) == (False, 0.0)
    assert feed["reason"] == "2 of 2 links lead to tags.test"


def test_the_requests_of_a_probe_are_bounded(case: Case) -> None:
    assert max(case.requests.values()) <= MOST_REQUESTS
    assert case.requests["common.test"] <= 20


def test_outlets_without_a_way_need_a_person(case: Case) -> None:
    assert case.ran.code == 3
    assert json.loads(case.ran.stdout).keys() >= {"iq_wall", "iq_tags"}
