"""Crawls as a user would run them: second nights, lies, limits, retries and what is stored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import ROOT, Ran, crawl, marsad, marsad_at, page, paragraphs, publish, rows, workspace
from newsroom import faults
from newsroom.hostile import Entry, HostileNewsroom, Reply, article_html, feed_body

from crawler.workspace import Workspace


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def crawl_at(place: Workspace, when: datetime, *arguments: str) -> Ran:
    """A crawl whose clock says `when`."""
    what = arguments or ("--all",)
    return marsad_at(when, "crawl", *what, "--json", "-w", str(place.root))


def stored_rows(place: Workspace) -> list[tuple[object, ...]]:
    return rows(
        place,
        "SELECT a.outlet_id, a.url, a.headline, a.language, t.content_hash, c.found_by "
        "FROM articles a JOIN article_texts t ON t.article_id = a.id "
        "JOIN candidates c ON c.article_id = a.id ORDER BY a.url",
    )


def test_a_quiet_second_run_asks_each_feed_once_and_no_article(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    for number, host in enumerate(("one.test", "two.test", "three.test")):
        publish(newsroom, host, range(number * 10, number * 10 + 5))
    place = workspace(tmp_path / "w", newsroom.port, ["one.test", "two.test", "three.test"])
    first = crawl(place)
    before = len(newsroom.seen())

    second = crawl(place)

    paths = [seen.path for seen in newsroom.requests[before:]]
    assert first.code == second.code == 0
    assert sum(o["outcomes"]["stored_new"] for o in first.data["outlets"]) == 15
    assert sorted(paths) == ["/feed"] * 3 + ["/robots.txt"] * 3
    assert {o["visit_outcomes"]["not_modified"] for o in second.data["outlets"]} == {1}


def test_a_feed_with_an_unchanging_etag_is_seen_through_within_twenty_hours(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    shown = [Entry("/a/1", "Report number 1")]
    for seed in (1, 2):
        newsroom.article("liar.test", f"/a/{seed}", page(seed))
    newsroom.put("liar.test", "/feed", faults.lying_etag(lambda: feed_body(shown)))
    place = workspace(tmp_path / "w", newsroom.port, ["liar.test"])
    evening = datetime(2026, 3, 1, 20, tzinfo=UTC)
    crawl_at(place, evening)
    shown.append(Entry("/a/2", "Report number 2"))
    # The hours count from the visit, not from the start of the process that made it.
    [(looked,)] = rows(place, "SELECT unconditional_at FROM ways")

    soon = crawl_at(place, evening + timedelta(hours=2))
    later = crawl_at(place, datetime.fromisoformat(looked) + timedelta(hours=20))

    assert soon.outlet("iq_liar")["visit_outcomes"] == {"not_modified": 1}
    assert later.outlet("iq_liar")["outcomes"]["stored_new"] == 1


def test_an_edited_article_becomes_a_second_version_and_the_first_is_kept(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    newsroom.article("ed.test", "/a", article_html("Activist heard", paragraphs(7)))
    newsroom.feed("ed.test", "/feed", [Entry("/a", "Activist heard", modified=day)], "atom")
    place = workspace(tmp_path / "w", newsroom.port, ["ed.test"])
    crawl(place)
    newsroom.article("ed.test", "/a", article_html("Suspect heard", paragraphs(7)))
    edited = Entry("/a", "Suspect heard", modified=day + timedelta(hours=3))
    newsroom.feed("ed.test", "/feed", [edited], "atom")

    report = crawl(place)

    assert report.outlet("iq_ed")["outcomes"] == {"stored_changed": 1}
    versions = rows(place, "SELECT version, headline FROM article_versions ORDER BY version")
    assert versions == [(1, "Activist heard"), (2, "Suspect heard")]


def test_scrapy_crawl_stores_what_marsad_crawl_stores(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "same.test", range(5))
    ours = workspace(tmp_path / "ours", newsroom.port, ["same.test"])
    theirs = workspace(tmp_path / "theirs", newsroom.port, ["same.test"])
    crawl(ours, "iq_same")

    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "feed", "-a", "outlets=iq_same"],
        cwd=ROOT,
        env={**os.environ, "MARSAD_WORKSPACE": str(theirs.root)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert len(stored_rows(ours)) == 5
    assert stored_rows(theirs) == stored_rows(ours)


def test_scrapy_list_names_the_spiders() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    names = "feed listing outlets probe recheck sitemap urls"
    assert done.stdout.split() == names.split()


def test_a_limit_leaves_the_rest_for_the_next_run(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "many.test", range(6))
    place = workspace(tmp_path / "w", newsroom.port, ["many.test"])

    limited = crawl(place, "iq_many", "--limit", "2")
    rest = crawl(place, "iq_many")

    assert limited.outlet("iq_many")["outcomes"] == {"stored_new": 2, "postponed": 4}
    assert rest.outlet("iq_many")["outcomes"]["stored_new"] == 4


def test_what_since_leaves_aside_is_found_by_a_later_run(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    days = [datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]
    entries = [Entry(f"/a/{n}", f"Report number {n}", published=day) for n, day in enumerate(days)]
    for n in range(2):
        newsroom.article("old.test", f"/a/{n}", page(n))
    newsroom.feed("old.test", "/feed", entries)
    place = workspace(tmp_path / "w", newsroom.port, ["old.test"])

    recent = crawl(place, "iq_old", "--since", "2026-02-20")
    everything = crawl(place, "iq_old")

    assert recent.outlet("iq_old")["outcomes"] == {"stored_new": 1}
    assert recent.outlet("iq_old")["ignored"] == 1
    assert everything.outlet("iq_old")["outcomes"] == {"known": 1, "stored_new": 1}


def test_a_dry_run_asks_nobody_anything(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    publish(newsroom, "dry.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, ["dry.test"])

    ran = crawl(place, "--all", "--dry-run")

    assert ran.data == [{"outlet_id": "iq_dry", "ways": 1, "due": 1, "pending": 0}]
    assert newsroom.seen() == []


def test_a_url_named_by_hand_is_stored_and_marked_so(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    newsroom.article("hand.test", "/a/1", page(1))
    newsroom.article("nobody.test", "/x", page(2))
    place = workspace(tmp_path / "w", newsroom.port, ["hand.test"])
    urls = [newsroom.url("hand.test", "/a/1"), newsroom.url("nobody.test", "/x")]

    ran = marsad("fetch", *urls, "--json", "-w", str(place.root))

    assert ran.code == 0, ran.stderr
    found = [(row[0], row[5]) for row in stored_rows(place)]
    assert found == [("iq_hand", "manual"), ("xx_by_hand", "manual")]


def test_what_robots_forbade_can_be_tried_again(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    publish(newsroom, "shut.test", [1])
    newsroom.robots("shut.test", "User-agent: *\nDisallow: /a/")
    place = workspace(tmp_path / "w", newsroom.port, ["shut.test"])
    shut = crawl(place)
    newsroom.robots("shut.test", "")

    again = marsad("retry", "--outcome", "robots", "--json", "-w", str(place.root))
    opened = crawl(place)

    assert shut.outlet("iq_shut")["outcomes"] == {"robots": 1}
    assert json.loads(again.stdout) == {"pending_again": 1}
    assert opened.outlet("iq_shut")["outcomes"]["stored_new"] == 1


def test_a_mistake_in_any_file_stops_everything_before_a_request(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "good.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, ["good.test"])
    (place.outlets_dir / "iq" / "bad.toml").write_text('country = "iq"\ncolour = "blue"\n')

    ran = marsad("crawl", "--all", "-w", str(place.root))

    assert ran.code == 2
    assert "bad.toml:2" in ran.stderr and "colour" in ran.stderr
    assert newsroom.seen() == []


def test_articles_that_all_claim_one_section_page_stay_apart(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "claim.test", range(3))
    claim = f'<link rel="canonical" href="{newsroom.url("claim.test", "/news/politics")}">'
    for seed in range(3):
        html = page(seed).replace(b"</head>", claim.encode() + b"</head>")
        newsroom.article("claim.test", f"/a/{seed}", html)
    place = workspace(tmp_path / "w", newsroom.port, ["claim.test"])

    ran = crawl(place)

    assert ran.outlet("iq_claim")["outcomes"] == {"stored_new": 3}
    assert rows(place, "SELECT count(*) FROM article_versions") == [(3,)]


def test_a_notice_to_which_every_article_is_redirected_is_not_each_of_them(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "works.test", range(3))
    newsroom.article("works.test", "/maintenance", page(77, "We are working on it"))
    for seed in range(3):
        newsroom.put("works.test", f"/a/{seed}", faults.redirect("/maintenance"))
    place = workspace(tmp_path / "w", newsroom.port, ["works.test"])

    ran = crawl(place)

    assert ran.outlet("iq_works")["outcomes"] == {"stored_new": 1, "not_article": 2}


def test_large_pages_are_asked_for_once_and_do_not_make_a_host_look_dead(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "large.test", range(12))
    for seed in range(6):
        newsroom.put("large.test", f"/a/{seed}", faults.large(9_000_000))
    place = workspace(tmp_path / "w", newsroom.port, ["large.test"])

    ran = crawl(place)

    assert ran.outlet("iq_large")["outcomes"] == {"too_large": 6, "stored_new": 6}
    assert len(newsroom.seen("large.test", "/a/0")) == 1


def test_a_page_named_by_hand_that_failed_is_tried_again(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    newsroom.put("nobody.test", "/x", faults.reset())
    publish(newsroom, "some.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, ["some.test"])
    failed = marsad("fetch", newsroom.url("nobody.test", "/x"), "-w", str(place.root))
    newsroom.article("nobody.test", "/x", page(5))

    healed = crawl(place, "--all")

    assert failed.code == 3
    assert healed.outlet("xx_by_hand")["outcomes"] == {"stored_new": 1}


def test_a_feed_that_turns_us_away_is_an_event_from_its_first_refusal_to_its_return(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "blind.test", [1])
    place = workspace(tmp_path / "w", newsroom.port, ["blind.test"])
    newsroom.put("blind.test", "/feed", faults.forbidden())
    crawl(place)
    crawl(place)
    publish(newsroom, "blind.test", [1])

    crawl(place)

    sql = "SELECT kind, outlet_id, evidence, closed_at IS NOT NULL FROM events"
    [(kind, outlet, evidence, ended)] = rows(place, sql)
    assert (kind, outlet, ended) == ("blocked", "iq_blind", 1)
    assert json.loads(evidence)["outcome"] == "blocked"


def test_a_challenge_that_comes_as_a_server_error_is_a_wall(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    challenge = b"<html><head><title>Just a moment...</title></head><body>Wait</body></html>"
    newsroom.put("wall.test", "/feed", Reply(challenge, 503))
    newsroom.put("down.test", "/feed", Reply(b"<html><title>Oops</title></html>", 503))
    place = workspace(tmp_path / "w", newsroom.port, ["wall.test", "down.test"])

    crawl(place)

    ends = rows(place, "SELECT outlet_id, outcome FROM visits ORDER BY outlet_id")
    assert ends == [("iq_down", "http_error"), ("iq_wall", "blocked")]


def test_a_crawl_may_be_of_feeds_only_or_of_ways_that_overflowed(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    for host in ("calm.test", "busy.test"):
        publish(newsroom, host, range(5))
    place = workspace(tmp_path / "w", newsroom.port, ["calm.test", "busy.test"])
    plan = ("crawl", "--all", "--dry-run", "--json", "-w", str(place.root))
    before = {way: marsad(*plan, "--way", way).data for way in ("feed", "sitemap")}
    night = datetime(2026, 3, 1, 2, tzinfo=UTC)
    nobody = crawl_at(place, night, "--all", "--overflowing")
    crawl_at(place, night, "--all", "--way", "feed")
    newsroom.feed("busy.test", "/feed", [Entry(f"/a/{n}", f"Report {n}") for n in range(90, 95)])
    crawl_at(place, night + timedelta(days=1))

    busy = crawl_at(place, night + timedelta(days=1, hours=8), "--all", "--overflowing")

    assert [row["ways"] for row in before["feed"]] == [1, 1]
    assert [row["ways"] for row in before["sitemap"]] == [0, 0]
    assert sum(one["visits"] for one in nobody.data["outlets"]) == 0
    assert [one["outlet_id"] for one in busy.data["outlets"] if one["visits"]] == ["iq_busy"]
    assert marsad(*plan, "--way", "smoke").code == 2
