"""Crawls as a user would run them: second nights, lies, politeness, doors and addresses."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import ROOT, Ran, crawl, marsad, page, paragraphs, publish, rows, session, workspace
from newsroom import faults
from newsroom.hostile import (
    CanaryListener,
    Entry,
    HostileNewsroom,
    Reply,
    article_html,
    feed_body,
)

from crawler.workspace import Workspace


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def crawl_at(place: Workspace, when: datetime, *arguments: str) -> Ran:
    """A crawl whose clock says `when`."""
    driver = Path(__file__).with_name("at_driver.py")
    command = [sys.executable, str(driver), when.isoformat(), "crawl", *(arguments or ("--all",))]
    done = subprocess.run(
        [*command, "--json", "-w", str(place.root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


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

    assert done.stdout.split() == ["feed", "probe", "urls"]


def test_an_open_door_would_be_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)):
        assert _doors({str(os.getpid())})


def test_a_crawl_opens_no_door(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    """While it waits for a page that never comes, nothing of its group listens."""
    publish(newsroom, "slow.test", [1])
    newsroom.put("slow.test", "/a/1", faults.hang())
    place = workspace(tmp_path / "w", newsroom.port, ["slow.test"], timeout_seconds=8.0)
    command = [sys.executable, "-m", "crawler.cli.main", "crawl", "--all", "-w", str(place.root)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        _wait(lambda: bool(newsroom.seen("slow.test", "/a/1")))
        pids = session(process.pid)
        doors = _doors(pids)
        process.wait(60)

    assert len(pids) >= 2, "the crawl and its fork server live"
    assert doors == []


def _target(link: Path) -> str:
    """Where a link leads; a file that was closed meanwhile leads nowhere."""
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def _doors(pids: set[str]) -> list[str]:
    """What listens among these processes, by the kernel's tables, and by `ss` where it is."""
    held = [_target(fd) for pid in pids for fd in Path("/proc", pid, "fd").iterdir()]
    sockets = {name[8:-1] for name in held if name.startswith("socket:")}
    doors = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            open_door = fields[3] in ("0A", "07")  # listening; bound without a peer
            if open_door and fields[9] in sockets:
                doors.append(f"{table} {fields[1]}")
    if shutil.which("ss"):
        told = subprocess.run(["ss", "-Hltunp"], capture_output=True, text=True, check=True).stdout
        doors += [line for line in told.splitlines() if set(re.findall(r"pid=(\d+)", line)) & pids]
    return doors


def _wait(reached: object, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


SPELLINGS = (
    "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]",
    "localhost", "169.254.169.254", "10.0.0.1", "0.0.0.0",
)  # fmt: skip


def test_redirects_feed_links_and_robots_that_point_inside_reach_nothing(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    with CanaryListener() as inside:
        targets = [f"http://{spelling}:{inside.port}/latest" for spelling in SPELLINGS]
        newsroom.feed("links.test", "/feed", [Entry(url, "Inside") for url in targets])
        entries = [Entry(f"/r/{n}", "Redirect") for n in range(len(targets))]
        newsroom.feed("redirects.test", "/feed", entries)
        for n, url in enumerate(targets):
            newsroom.put("redirects.test", f"/r/{n}", faults.redirect(url))
        publish(newsroom, "robots.test", [1])
        newsroom.put("robots.test", "/robots.txt", faults.redirect(targets[0]))
        place = workspace(
            tmp_path / "w", newsroom.port, ["links.test", "redirects.test", "robots.test"]
        )

        ran = crawl(place)

        assert ran.data["balanced"]
        assert inside.visitors == []
    ends = dict(rows(place, "SELECT outcome, count(*) FROM outcomes GROUP BY outcome"))
    assert ends == {"unsafe_address": 2 * len(targets)}


def test_two_requests_to_a_host_keep_their_distance_and_never_overlap(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "calm.test", range(4))
    place = workspace(tmp_path / "w", newsroom.port, ["calm.test"], delay_seconds=0.3)

    crawl(place)

    assert len(newsroom.gaps("calm.test")) == 5
    assert min(newsroom.gaps("calm.test")) >= 0.3
    assert newsroom.most_at_once["calm.test"] == 1


def test_two_crawls_at_once_are_one_visitor_to_a_host(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    newsroom.robots("busy.test", "")
    publish(newsroom, "busy.test", range(4), feed="/feed")
    publish(newsroom, "busy.test", range(50, 54), feed="/other")
    feeds = {"busy.test": ("/feed",)}
    place = workspace(tmp_path / "w", newsroom.port, feeds, delay_seconds=0.2)
    text = (place.outlets_dir / "iq" / "busy.toml").read_text()
    (place.outlets_dir / "iq" / "beside.toml").write_text(text.replace("/feed", "/other"))

    crawls = [
        threading.Thread(target=crawl, args=(place, outlet)) for outlet in ("iq_busy", "iq_beside")
    ]
    for one in crawls:
        one.start()
    for one in crawls:
        one.join()

    assert rows(place, "SELECT count(*) FROM articles") == [(8,)]
    assert min(newsroom.gaps("busy.test")) >= 0.2
    assert newsroom.most_at_once["busy.test"] == 1


def test_a_host_that_asks_to_wait_is_not_asked_before(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "wait.test", [1])
    newsroom.put("wait.test", "/a/1", faults.in_turn(faults.ask_to_wait("2"), Reply(page(1))))
    place = workspace(tmp_path / "w", newsroom.port, ["wait.test"])

    ran = crawl(place)

    first, second = newsroom.seen("wait.test", "/a/1")
    assert second.at - first.at >= 2.0
    assert ran.outlet("iq_wait")["outcomes"] == {"stored_new": 1}


def test_a_host_that_asks_for_hours_is_left_for_the_next_run(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "hours.test", [1, 2, 3])
    newsroom.put("hours.test", "/a/1", faults.ask_to_wait("7200", status=503))
    place = workspace(tmp_path / "w", newsroom.port, ["hours.test"])

    ran = crawl(place)

    outcomes = ran.outlet("iq_hours")["outcomes"]
    assert sum(outcomes.values()) == 3
    assert outcomes.get("postponed", 0) + outcomes.get("http_error", 0) >= 1
    assert ran.data["balanced"]
    after = [seen for seen in newsroom.seen("hours.test") if seen.path.startswith("/a/")]
    assert len(after) == 1 + outcomes.get("stored_new", 0)


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


def test_only_so_many_hosts_are_visited_at_once(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    hosts = [f"h{n}.test" for n in range(8)]
    for n, host in enumerate(hosts):
        publish(newsroom, host, [n])
        newsroom.put(host, f"/a/{n}", faults.drip(page(n), step=2000, pause=0.05))
    place = workspace(tmp_path / "w", newsroom.port, hosts, concurrency=2)

    ran = crawl(place)

    assert rows(place, "SELECT count(*) FROM articles") == [(8,)]
    assert ran.code == 0


ROOM = 200_000_000  # more than the language model takes in a temporary file


def test_a_disk_that_takes_no_more_captures_ends_the_run_with_one_sentence_and_loses_nothing(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "full.test", range(30))
    place = workspace(tmp_path / "w", newsroom.port, ["full.test"])
    filled = place.warc_dir / "run-000001.warc.gz"
    filled.touch()
    os.truncate(filled, ROOM)

    full = subprocess.run(
        [sys.executable, "-m", "crawler.cli.main", "crawl", "--all", "-w", str(place.root)],
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM + 9000, ROOM + 9000)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    healed = crawl(place)

    assert full.returncode == 1, full.stderr
    assert "Traceback" not in full.stderr
    assert "capture could not be written" in full.stderr + full.stdout
    assert healed.data["balanced"]
    assert rows(place, "SELECT count(*) FROM articles") == [(30,)]


def test_a_database_that_cannot_be_written_ends_the_run_and_the_next_one_finishes(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "full.test", range(12))
    place = workspace(tmp_path / "w", newsroom.port, ["full.test"])

    failed = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "engine" / "failing_driver.py"), str(place.root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    healed = crawl(place)

    assert failed.returncode == 1, failed.stderr
    assert "database or disk is full" in failed.stderr + failed.stdout
    assert healed.data["balanced"]
    assert rows(place, "SELECT count(*) FROM articles") == [(12,)]


def test_a_feed_that_falls_silent_is_an_event_from_its_first_failure_to_its_return(
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
    assert (kind, outlet, ended) == ("blind", "iq_blind", 1)
    assert json.loads(evidence)["outcome"] == "blocked"


def test_a_run_that_is_told_to_stop_ends_soon_and_leaves_the_rest_pending(
    tmp_path: Path, newsroom: HostileNewsroom
) -> None:
    publish(newsroom, "long.test", range(20))
    newsroom.put("long.test", "/a/3", faults.drip(page(3), step=300, pause=0.2))
    place = workspace(tmp_path / "w", newsroom.port, ["long.test"], delay_seconds=0.2)
    command = [sys.executable, "-m", "crawler.cli.main", "crawl", "--all", "-w", str(place.root)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        _wait(lambda: len(newsroom.seen("long.test")) > 4)
        process.terminate()
        _, errors = process.communicate(timeout=30)

    healed = crawl(place)

    assert process.returncode == 3
    assert "Traceback" not in errors
    assert rows(place, "SELECT status FROM runs ORDER BY id") == [("interrupted",), ("done",)]
    assert rows(place, "SELECT count(*) FROM articles") == [(20,)]
    assert healed.data["balanced"]
