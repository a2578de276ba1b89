"""A probe finds the ways into each made-up outlet, and what it proposes works unchanged."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from harness import ROOT, Ran, crawl, marsad, rows

from crawler.demo.articles import OUTLETS, sites
from crawler.demo.newsroom import NIGHTS, ahead, set_clock
from crawler.demo.plan import plan
from crawler.demo.records import link
from crawler.demo.workspace import PLACEHOLDER
from crawler.workspace import CrawlSettings, Workspace, WorkspaceSettings, create_workspace

CLOSED = {"bh_sadaf": "the connection broke off", "iq_qasab": "robots.txt forbids it"}
"""Outlets that no probe can find a way into, and what it says of them."""
TURNED = ("gb_lanternfish", "iq_rovi", "ma_grenade", "ma_sununu")


class Newsroom:
    """A running newsroom, and workspaces that know nothing of its outlets but their front pages."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.night = folder, folder / "clock", 0
        self.turn_to(0)
        command = [sys.executable, "-m", "crawler.demo.server", "--clock-file", str(self.clock)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.port = int(json.loads(self.process.stdout.readline())["port"])

    def turn_to(self, night: int) -> None:
        self.night = night
        set_clock(self.clock, NIGHTS[night])

    def workspace(self, name: str, proposals: Mapping[str, str]) -> Workspace:
        settings = WorkspaceSettings(
            contact="tests@marsad.test",
            newsroom=f"127.0.0.1:{self.port}",
            newsroom_ahead=ahead(NIGHTS[self.night]),
            shipped=False,
            crawl=CrawlSettings(delay_seconds=0.0),
        )
        place = create_workspace(self.folder / name, settings)
        for outlet_id, proposal in proposals.items():
            country, _, slug = outlet_id.partition("_")
            file = place.outlets_dir / country / f"{slug}.toml"
            file.parent.mkdir(exist_ok=True)
            file.write_text(self.bare(f"{country}/{slug}.toml") + proposal, encoding="utf-8")
        return place

    def bare(self, name: str) -> str:
        """An outlet's file without any way."""
        text = (OUTLETS / name).read_text(encoding="utf-8").replace(PLACEHOLDER, str(self.port))
        for table in ("[[feeds]]", "[[sitemaps]]", "[[listings]]"):
            text = text.partition(table)[0]
        return text

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    running = Newsroom(tmp_path_factory.mktemp("newsroom"))
    yield running
    running.end()


@pytest.fixture(scope="module")
def probed(newsroom: Newsroom) -> dict[str, Any]:
    """What a probe of every outlet says on the first night."""
    newsroom.turn_to(0)
    bare = newsroom.workspace("bare", {site.id: "" for site in sites()})
    ran = marsad("outlets", "probe", "--all", "--json", "-w", str(bare.root))
    assert ran.code == 3, ran.stderr  # two of them have no way in
    found: dict[str, Any] = ran.data
    return found


@pytest.fixture(scope="module")
def read(newsroom: Newsroom, probed: Mapping[str, Any]) -> tuple[Workspace, Ran]:
    """A crawl of a fresh workspace whose outlet files hold the proposals as they are."""
    newsroom.turn_to(0)
    fresh = newsroom.workspace("fresh", {name: one["proposal"] for name, one in probed.items()})
    return fresh, crawl(fresh)


def stored(place: Workspace) -> set[tuple[str, str]]:
    """Host and path of every article that a workspace holds."""
    urls = [urlsplit(url) for (url,) in rows(place, "SELECT url FROM articles")]
    return {(url.hostname or "", url.path) for url in urls}


@pytest.mark.parametrize("outlet_id", sorted({site.id for site in sites()} - CLOSED.keys()))
def test_each_outlet_is_proposed_ways_of_its_own(probed: Mapping[str, Any], outlet_id: str) -> None:
    proposal = tomllib.loads(probed[outlet_id]["proposal"])
    site = next(site for site in sites() if site.id == outlet_id)

    ways = [way for kind in proposal.values() for way in kind]
    assert {urlsplit(way["url"]).hostname for way in ways} == {site.host}
    assert all(way["grade"] == "A" and way["evidence"] for way in ways)
    feeds = {urlsplit(way["url"]).path for way in proposal.get("feeds", ())}
    assert feeds == {feed.path for feed in site.feeds}


def test_what_is_proposed_reads_each_outlet_unchanged(
    read: tuple[Workspace, Ran],
) -> None:
    """As much as with the files that ship with the newsroom, or more: other ways are tried too."""
    place, ran = read
    readable = {
        (site.host, link(article.path))
        for site in sites()
        for article in site.shown(NIGHTS[0])
        if site.id not in CLOSED and article.expect is None
    }

    assert plan()[0].articles <= stored(place) <= readable
    assert ran.data["balanced"]


def test_every_proposed_way_is_read(read: tuple[Workspace, Ran]) -> None:
    outcomes = {
        outlet["outlet_id"]: set(outlet["visit_outcomes"])
        for outlet in read[1].data["outlets"]
        if outlet["outlet_id"] not in CLOSED
    }

    assert set(map(frozenset, outcomes.values())) == {frozenset({"read"})}, outcomes


@pytest.mark.parametrize(("outlet_id", "reason"), CLOSED.items())
def test_of_an_outlet_that_is_closed_a_probe_says_why(
    probed: Mapping[str, Any], outlet_id: str, reason: str
) -> None:
    assert probed[outlet_id]["proposal"] == ""
    assert probed[outlet_id]["site"]["reason"] == reason


def test_after_their_turn_a_probe_says_what_befell_and_proposes_what_is_left(
    newsroom: Newsroom,
) -> None:
    newsroom.turn_to(1)
    place = newsroom.workspace("turned", dict.fromkeys(TURNED, ""))

    probe = marsad("outlets", "probe", "--all", "--write", "-w", str(place.root))
    ran = crawl(place)

    assert probe.code == 3
    assert "challenge page: Just a moment..." in probe.stdout
    assert 'domains = ["lanternfish.test", "deepwater-lantern.test"]' in probe.stdout
    assert "ma_sununu" in probe.stderr and "gb_lanternfish" in probe.stderr
    turned = [site.as_of(NIGHTS[1]) for site in sites() if site.id in ("iq_rovi", "ma_grenade")]
    left = {(site.host, link(a.path)) for site in turned for a in site.shown(NIGHTS[1])}
    assert stored(place) == left
    assert ran.data["balanced"]
