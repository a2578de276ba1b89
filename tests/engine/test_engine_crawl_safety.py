"""Crawls that harm nobody and survive: doors, addresses, politeness, full disks and signals."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import ROOT, crawl, page, publish, rows, session, workspace
from newsroom import faults
from newsroom.hostile import CanaryListener, Entry, HostileNewsroom, Reply


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


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
        os.killpg(process.pid, signal.SIGKILL)  # what it waits for never comes
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
    assert ends == {"unsafe_address": len(targets)}
    links = rows(place, "SELECT outcome, ignored FROM visits WHERE outlet_id = 'iq_links'")
    assert links == [("foreign", len(targets))]


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
