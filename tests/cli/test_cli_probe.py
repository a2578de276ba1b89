"""How a probe is told and written down: without a network, from its records."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from config.config_files import OUTLET, urls_on, workspace

from crawler.cli.probe_view import detail, proposal, show_ways, silent
from crawler.datafiles import ConfigErrors
from crawler.outlets import Outlet
from crawler.outlettoml import pattern, quoted, remarks
from crawler.probes import ProbeResult, read_probes, record_probe
from crawler.workspace import Workspace, add_to_outlet, load_config

HOST = "https://naddara.example.ma"
DAY = "2026-11-22T02:00:00+00:00"
FEED = ProbeResult(
    f"{HOST}/all.xml", "feed", True, "", DAY, 20, "Sun, 22 Nov 2026 01:00:00 GMT", "link tag",
    newest_at="2026-11-22T01:00:00+00:00", own_share=1.0,
)  # fmt: skip
SITEMAP = ProbeResult(f"{HOST}/news.xml", "sitemap", True, "", DAY, 90, found_in="robots")
LISTING = ProbeResult(
    f"{HOST}/society", "listing", True, "", DAY, 12, found_in="front page",
    article=r"^/\d{4}/[^/]+'s",
)  # fmt: skip
GUESS = ProbeResult(f"{HOST}/rss.xml", "feed", False, "status 404", DAY, found_in="common path")
MOVED = ProbeResult(
    f"{HOST}/", "site", False, "leads to a host that is not one of the outlet's", DAY,
    moved_to="https://www.naddara.example.net/",
)  # fmt: skip
EVERY = [FEED, SITEMAP, LISTING, GUESS, MOVED]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path, {"outlets/ma/a.toml": OUTLET})


def outlet(place: Workspace) -> Outlet:
    return load_config(place).outlets["ma_a"]


def test_what_is_proposed_is_toml_that_works_unchanged(place: Workspace) -> None:
    add_to_outlet(place, "ma_a", proposal(outlet(place), EVERY))

    assert urls_on(outlet(place)) == [f"{HOST}/rss", FEED.url, SITEMAP.url, LISTING.url]
    (listing,) = outlet(place).listings
    assert listing.article == LISTING.article
    assert outlet(place).feeds[-1].evidence == (
        "named by the front page, seen working 2026-11-22 by probe: 20 entries, "
        "the newest of 2026-11-22"
    )


def test_what_the_file_has_already_is_not_proposed(place: Workspace) -> None:
    known = replace(FEED, url=f"{HOST}/rss", found_in="file")
    add_to_outlet(place, "ma_a", proposal(outlet(place), [known, FEED]))

    assert proposal(outlet(place), [known, FEED]) == ""


def test_what_an_earlier_probe_found_is_proposed_until_it_is_written(place: Workspace) -> None:
    record_probe(place, "ma_a", EVERY)

    found = outlet(place)

    assert set(urls_on(found)) == {f"{HOST}/rss", FEED.url, SITEMAP.url, LISTING.url}
    assert proposal(found, EVERY).count('grade = "A"') == 3


def test_a_moved_domain_is_a_line_for_a_person_and_changes_nothing(place: Workspace) -> None:
    text = proposal(outlet(place), [MOVED])
    add_to_outlet(place, "ma_a", text)

    assert text.startswith("# ")
    assert 'domains = ["naddara.example.ma", "naddara.example.net"]' in text
    assert "since 2026-11-22" in text
    assert outlet(place).domains == ("naddara.example.ma",)


def test_the_records_tell_since_when_it_has_moved(place: Workspace) -> None:
    before = [
        replace(MOVED, seen_at=f"2026-{day}T02:00:00+00:00", moved_to=to)
        for day, to in [
            ("09-01", "https://naddara.example.net/"),
            ("10-01", None),
            ("11-01", "https://naddara.example.net/home"),
            ("11-10", "https://www.naddara.example.net/"),
        ]
    ]
    record_probe(place, "ma_a", [*before, MOVED])
    earlier = read_probes(place)["ma_a"]

    assert "answers from naddara.example.net since 2026-11-01;" in proposal(
        outlet(place), [MOVED], earlier
    )


def test_a_feed_at_a_service_is_no_move(place: Workspace) -> None:
    served = replace(FEED, moved_to="https://feeds.example.com/naddara")

    assert remarks(outlet(place), [served]) == []


def test_what_another_egress_saw_switches_nothing_on(place: Workspace) -> None:
    relayed = replace(FEED, egress="relay")
    record_probe(place, "ma_a", [relayed])

    assert urls_on(outlet(place)) == [f"{HOST}/rss"]
    assert 'egress = "relay" in its file' in proposal(outlet(place), [relayed])


def test_a_file_that_would_be_wrong_stays_as_it_was(place: Workspace) -> None:
    path = place.outlets_dir / "ma" / "a.toml"
    before = path.read_text(encoding="utf-8")

    with pytest.raises(ConfigErrors):
        add_to_outlet(place, "ma_a", '[[feeds]]\nurl = "nowhere"\ngrade = "A"\n')

    assert path.read_text(encoding="utf-8") == before


def test_guesses_that_failed_are_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    show_ways([*EVERY, replace(GUESS, url=f"{HOST}/feed"), replace(GUESS, kind="sitemap")])

    told = capsys.readouterr().out
    assert "no feed at 2 common paths: status 404 (2)" in told
    assert "no sitemap at 1 common path: status 404 (1)" in told
    assert "works sitemap https://naddara.example.ma/news.xml (named by robots.txt)" in told
    assert "fails front page" in told


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (FEED, "20 entries, the newest of Sun, 22 Nov 2026 01:00:00 GMT"),
        (replace(FEED, own_share=0.75), "75% on the outlet's hosts"),
        (replace(FEED, same_as="https://x.test/f"), "the same as https://x.test/f"),
        (LISTING, "12 links to articles, articles by ^/"),
        (MOVED, "not one of the outlet's, from https://www.naddara.example.net/"),
        (replace(MOVED, works=True, reason="", moved_to=None), "answers"),
    ],
)
def test_each_way_tells_what_it_offers_or_why_not(result: ProbeResult, said: str) -> None:
    assert said in detail(result)


def test_a_front_page_or_a_second_address_is_no_way_in() -> None:
    page = replace(MOVED, works=True)

    assert silent({"a": [page], "b": [replace(FEED, same_as="x")], "c": [FEED]}) == ["a", "b"]


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a'b", "نظّارة", "a\x7fb", "^/\\d+'"])
def test_texts_and_patterns_come_back_from_toml(text: str) -> None:
    document = tomllib.loads(f"a = {quoted(text)}\nb = {pattern(text)}\n")

    assert document == {"a": text, "b": text}
