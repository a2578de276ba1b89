"""The newsroom as a process: its clock file, conditional requests, and its end."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crawler.demo.newsroom import NIGHTS, read_clock, set_clock

Answered = tuple[int, dict[str, str], bytes]


class Process:
    """A running newsroom with its clock."""

    def __init__(self, clock: Path, *options: str) -> None:
        self.clock = clock
        command = [sys.executable, "-m", "crawler.demo.server", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.port = json.loads(self.process.stdout.readline())["port"]

    def ask(self, host: str, path: str, method: str = "GET", **headers: str) -> Answered:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={"Host": f"{host}:{self.port}", **headers})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


def start(folder: Path) -> Process:
    clock = folder / "clock"
    set_clock(clock, NIGHTS[0])
    return Process(clock, "--clock-file", str(clock))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    running = start(tmp_path_factory.mktemp("newsroom"))
    yield running
    running.end()


@pytest.fixture
def newsroom(shared: Process) -> Process:
    """The shared process with its clock at the first night: it holds no other state."""
    set_clock(shared.clock, NIGHTS[0])
    return shared


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Process]:
    """A process of the test's own, to be ended."""
    running = start(tmp_path)
    yield running
    running.end()


def test_state_follows_the_clock_file_and_not_the_number_of_requests(newsroom: Process) -> None:
    path = "/feed.json"
    first = newsroom.ask("heftchya.test", path)[2]
    again = [newsroom.ask("heftchya.test", path)[2] for _ in range(3)]
    set_clock(newsroom.clock, NIGHTS[1])
    later = newsroom.ask("heftchya.test", path)[2]
    set_clock(newsroom.clock, NIGHTS[0])
    back = newsroom.ask("heftchya.test", path)[2]

    assert again == [first] * 3
    assert [len(json.loads(body)["items"]) for body in (first, later, back)] == [9, 10, 9]
    assert back == first


def test_an_unchanged_feed_is_304_by_etag_and_by_date(newsroom: Process) -> None:
    headers = newsroom.ask("manara.test", "/rss.xml")[1]
    by_tag = newsroom.ask("manara.test", "/rss.xml", **{"If-None-Match": headers["ETag"]})
    by_date = newsroom.ask(
        "manara.test", "/rss.xml", **{"If-Modified-Since": headers["Last-Modified"]}
    )
    set_clock(newsroom.clock, NIGHTS[1])
    changed = newsroom.ask(
        "manara.test",
        "/rss.xml",
        **{"If-None-Match": headers["ETag"], "If-Modified-Since": headers["Last-Modified"]},
    )

    assert (by_tag[0], by_tag[2]) == (304, b"")
    assert (by_date[0], by_date[2]) == (304, b"")
    assert changed[0] == 200


def test_gzip_is_sent_when_asked_for_and_head_has_no_body(newsroom: Process) -> None:
    plain = newsroom.ask("tortue.test", "/atom.xml")
    packed = newsroom.ask("tortue.test", "/atom.xml", **{"Accept-Encoding": "gzip"})
    head = newsroom.ask("tortue.test", "/atom.xml", method="HEAD")

    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    assert (head[0], head[2]) == (200, b"")
    assert head[1]["Content-Length"] == str(len(plain[2]))


def test_one_connection_serves_many_requests_in_order(newsroom: Process) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    statuses = []
    for path in ("/", "/feed.json", "/nothing-here", "/robots.txt"):
        connection.request("GET", path, headers={"Host": "argan.test"})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert statuses == [200, 200, 404, 200]


def test_a_planted_reset_is_a_reset(newsroom: Process) -> None:
    with pytest.raises(ConnectionError):
        newsroom.ask("sadaf.test", "/local/feed")

    assert newsroom.ask("sadaf.test", "/feed")[0] == 503


def test_an_unknown_host_and_an_unknown_method_are_refused(newsroom: Process) -> None:
    assert newsroom.ask("elsewhere.test", "/")[0] == 404
    assert newsroom.ask("argan.test", "/", method="DELETE")[0] == 405


def test_the_server_ends_when_its_stdin_closes(mortal: Process) -> None:
    assert mortal.process.stdin is not None
    mortal.process.stdin.close()

    assert mortal.process.wait(timeout=10) == 0


def test_the_server_ends_on_sigterm(mortal: Process) -> None:
    mortal.process.send_signal(signal.SIGTERM)

    assert mortal.process.wait(timeout=10) == 0


def test_a_clock_without_an_offset_is_refused(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2026-03-02T02:00:00\n")

    with pytest.raises(ValueError, match="offset"):
        read_clock(clock)


def test_the_clock_reads_what_was_set(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_clock(clock, datetime.fromisoformat("2026-03-02T05:00:00+03:00"))

    assert read_clock(clock) == NIGHTS[0]
