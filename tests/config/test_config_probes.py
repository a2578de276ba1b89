from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from config.config_files import OUTLET, urls_on, workspace

from crawler.datafiles import ConfigErrors
from crawler.outlets import Outlet
from crawler.probes import KEPT_PER_ADDRESS, ProbeResult, read_probes, record_probe
from crawler.workspace import Workspace, load_config

A = "https://naddara.example.ma/rss"
B = "https://naddara.example.ma/ثقافة/rss"
FOUND = "https://naddara.example.ma/found.json"
WORKS = ProbeResult(B, "feed", True, "", "2026-11-20T02:00:00+00:00", 12, "2026-11-19")
FAILS = replace(WORKS, works=False, reason="404", seen_at="2026-11-21T02:00:00+00:00", entries=0)
IN_TAG = replace(WORKS, url=FOUND, found_in="link tag")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path, {"outlets/ma/a.toml": OUTLET})


def outlet(place: Workspace) -> Outlet:
    return load_config(place).outlets["ma_a"]


def test_a_working_probe_turns_an_address_on(place: Workspace) -> None:
    record_probe(place, "ma_a", [WORKS])

    assert urls_on(outlet(place)) == [A, B]


@pytest.mark.parametrize("order", [[WORKS, FAILS], [FAILS, WORKS]])
def test_the_newest_probe_counts_in_whatever_order_they_were_written(
    place: Workspace, order: list[ProbeResult]
) -> None:
    for result in order:
        record_probe(place, "ma_a", [result])

    assert urls_on(outlet(place)) == [A]


def test_a_failed_probe_never_turns_grade_a_off(place: Workspace) -> None:
    record_probe(place, "ma_a", [replace(FAILS, url=A)])

    assert urls_on(outlet(place)) == [A]


def test_a_probe_of_another_kind_says_nothing_of_the_feed(place: Workspace) -> None:
    record_probe(place, "ma_a", [replace(WORKS, kind="sitemap")])

    assert urls_on(outlet(place)) == [A]


def test_a_working_feed_of_a_link_tag_is_one_more_address(place: Workspace) -> None:
    record_probe(place, "ma_a", [IN_TAG, replace(FAILS, url=FOUND + "2", found_in="link tag")])

    (found,) = [feed for feed in outlet(place).feeds if feed.url == FOUND]

    assert sorted(urls_on(outlet(place))) == sorted([A, FOUND])
    assert (found.grade, found.evidence) == (
        "P",
        "named by the front page, seen working 2026-11-20",
    )
    assert load_config(place).outlets.provenance("ma_a")["feeds.0.url"] == "probes/ma_a.json:1"


def test_a_found_feed_that_stopped_working_rests(place: Workspace) -> None:
    record_probe(place, "ma_a", [IN_TAG, replace(FAILS, url=FOUND, found_in="link tag")])

    assert urls_on(outlet(place)) == [A]
    assert {feed.url for feed in outlet(place).feeds} == {A, B, FOUND}


@pytest.mark.parametrize(("switch", "kept"), [("suppress = true", 2), ("enabled = false", 3)])
def test_a_found_feed_can_be_suppressed_and_switched(
    place: Workspace, switch: str, kept: int
) -> None:
    record_probe(place, "ma_a", [IN_TAG])
    path = place.outlets_dir / "ma/a.toml"
    path.write_text(f'{OUTLET}[[feeds]]\nurl = "{FOUND}"\n{switch}\n', encoding="utf-8")

    assert urls_on(outlet(place)) == [A]
    assert len(outlet(place).feeds) == kept


def test_a_feed_that_is_in_the_file_is_not_added_again(place: Workspace) -> None:
    record_probe(place, "ma_a", [replace(WORKS, found_in="link tag")])

    assert [feed.grade for feed in outlet(place).feeds] == ["A", "B"]
    assert urls_on(outlet(place)) == [A, B]


def test_records_come_back_as_they_were_and_only_the_newest_are_kept(place: Workspace) -> None:
    days = [replace(WORKS, seen_at=f"2026-10-{day:02}T02:00:00+00:00") for day in range(1, 29)]
    for day in days:
        record_probe(place, "ma_a", [day])

    assert read_probes(place) == {"ma_a": tuple(days[-KEPT_PER_ADDRESS:])}


def test_a_record_is_for_its_owner_only_and_leaves_nothing_beside_it(place: Workspace) -> None:
    record_probe(place, "ma_a", [WORKS])
    path = place.probes_dir / "ma_a.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(place.probes_dir.iterdir()) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"results": [{}]}',
        '{"results": [5]}',
        json.dumps({"results": [{"url": A, "kind": "feed", "works": True, "reason": "",
                                 "seen_at": "2026-11-20"}]}),
        json.dumps({"results": [{"url": A, "kind": "x", "works": True, "reason": "",
                                 "seen_at": "2026-11-20T00:00:00Z"}]}),
    ],
)  # fmt: skip
def test_a_file_that_is_no_record_is_a_problem_and_can_be_written_anew(
    place: Workspace, text: str
) -> None:
    (place.probes_dir / "ma_a.json").write_text(text)

    with pytest.raises(ConfigErrors, match=r"^probes/ma_a\.json: is not a probe record"):
        load_config(place)
    record_probe(place, "ma_a", [WORKS])

    assert urls_on(outlet(place)) == [A, B]


def test_found_sitemaps_and_listings_are_ways_as_well(place: Workspace) -> None:
    site = "https://naddara.example.ma"
    found = [
        replace(WORKS, url=f"{site}/map.xml", kind="sitemap", found_in="robots"),
        replace(WORKS, url=f"{site}/s", kind="listing", found_in="front page", article="^/a/"),
        replace(WORKS, url=f"{site}/rss.xml", found_in="common path"),
        replace(WORKS, url=f"{site}/rss2", found_in="common path", same_as=f"{site}/rss.xml"),
        replace(WORKS, url=f"{site}/", kind="site"),
    ]
    record_probe(place, "ma_a", found)

    made = outlet(place)
    assert set(urls_on(made)) == {A, f"{site}/rss.xml", f"{site}/map.xml", f"{site}/s"}
    assert made.listings[0].article == "^/a/"
    assert made.sitemaps[0].evidence == "named by robots.txt, seen working 2026-11-20"
    assert made.feeds[0].evidence == "found at a common path, seen working 2026-11-20"


def test_a_record_of_an_earlier_version_is_read(place: Workspace) -> None:
    when = {"seen_at": "2026-11-20T00:00:00+00:00", "found_in": "link tag", "unknown": 1}
    old = {"url": B, "kind": "feed", "works": True, "reason": "", "entries": 3, **when}
    (place.probes_dir / "ma_a.json").write_text(json.dumps({"results": [old]}))

    ((read,),) = read_probes(place).values()

    assert (read.entries, read.own_share, read.same_as, read.egress) == (3, None, None, "direct")


def test_records_of_an_outlet_that_is_gone_harm_nobody(place: Workspace) -> None:
    record_probe(place, "ma_gone", [WORKS])

    assert list(load_config(place).outlets) == ["ma_a"]
