"""The hostile newsroom does what its faults promise, seen by a plain client."""

from __future__ import annotations

import gzip
import http.client
import socket
import zlib
from collections.abc import Iterator

import brotli
import feedparser
import pytest
import zstandard
from newsroom import faults
from newsroom.hostile import CanaryListener, Entry, HostileNewsroom, Reply, article_html, feed_body

HOST = "bad.test"


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as running:
        yield running


def ask(newsroom: HostileNewsroom, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": HOST, **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_what_was_not_put_is_not_found(newsroom: HostileNewsroom) -> None:
    assert ask(newsroom, "/robots.txt")[0] == 404


def test_every_request_is_recorded_with_host_path_headers_and_time(
    newsroom: HostileNewsroom,
) -> None:
    ask(newsroom, "/a?b=1", Accept="x/y")
    ask(newsroom, "/c")

    first, second = newsroom.seen(HOST)
    assert (first.host, first.path, first.headers["accept"]) == (HOST, "/a?b=1", "x/y")
    assert second.at >= first.at
    assert len(newsroom.gaps(HOST)) == 1


def test_an_article_is_served_byte_for_byte(newsroom: HostileNewsroom) -> None:
    page = article_html("خبر", ["نص الخبر"], language="ar")
    newsroom.article(HOST, "/خبر", page)
    newsroom.article(HOST, "/%D8%AE", page)

    assert ask(newsroom, "/%D8%AE")[2] == page


@pytest.mark.parametrize("format", ["rss", "atom", "json", "rdf"])
def test_a_feed_is_well_formed_and_conditional(newsroom: HostileNewsroom, format: str) -> None:
    newsroom.feed(HOST, "/feed", [Entry("/a", "One"), Entry("//x.test/b", "Two")], format)

    status, headers, body = ask(newsroom, "/feed")
    again = ask(newsroom, "/feed", **{"If-None-Match": headers["ETag"]})

    assert status == 200
    assert body.count(b"One") == 1
    assert (again[0], again[2]) == (304, b"")


def test_feed_bodies_parse() -> None:
    parsed = feedparser.parse(feed_body([Entry("http://bad.test/a", "One")]))

    assert [entry.link for entry in parsed.entries] == ["http://bad.test/a"]


def test_a_reset_mid_body_is_a_broken_connection(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.reset(b"half of it"))

    with pytest.raises((ConnectionError, http.client.HTTPException)):
        ask(newsroom, "/a")


def test_a_cut_body_is_shorter_than_declared(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.cut_short(b"half", 100))

    with pytest.raises(http.client.IncompleteRead):
        ask(newsroom, "/a")


def test_a_chunked_body_without_its_end_is_incomplete(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.unfinished_chunks(b"half"))

    with pytest.raises(http.client.IncompleteRead):
        ask(newsroom, "/a")


def test_a_truncated_gzip_is_found_out(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.truncated_gzip(b"<p>a long page</p>" * 500))

    with pytest.raises(EOFError):
        gzip.decompress(ask(newsroom, "/a")[2])


def test_bombs_unpack_to_what_they_promise(newsroom: HostileNewsroom) -> None:
    for coding in ("gzip", "deflate", "br", "zstd"):
        newsroom.put(HOST, f"/{coding}", faults.bomb(coding, 10))
    bodies = {
        coding: ask(newsroom, f"/{coding}")[2] for coding in ("gzip", "deflate", "br", "zstd")
    }

    assert max(map(len, bodies.values())) < 100_000
    assert len(gzip.decompress(bodies["gzip"])) == 10_000_000
    assert len(zlib.decompress(bodies["deflate"])) == 10_000_000
    assert len(brotli.decompress(bodies["br"])) == 10_000_000
    assert (
        len(zstandard.ZstdDecompressor().decompressobj().decompress(bodies["zstd"])) == 10_000_000
    )


def test_an_endless_body_goes_on_until_the_client_leaves(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.endless())

    with socket.create_connection(("127.0.0.1", newsroom.port)) as client:
        client.sendall(b"GET /a HTTP/1.1\r\nHost: bad.test\r\n\r\n")
        taken = 0
        while taken < 1_000_000:
            taken += len(client.recv(65_536))

    assert taken >= 1_000_000


def test_a_hung_request_ends_when_the_newsroom_closes() -> None:
    with HostileNewsroom() as newsroom:
        newsroom.put(HOST, "/a", faults.hang())
        client = socket.create_connection(("127.0.0.1", newsroom.port))
        client.sendall(b"GET /a HTTP/1.1\r\nHost: bad.test\r\n\r\n")
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(5)

    assert client.recv(1) == b""
    client.close()


def test_a_drip_sends_all_of_its_bytes_in_the_end(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.drip(b"slow", pause=0.0, headers_too=True))

    assert ask(newsroom, "/a")[2] == b"slow"


def test_redirects_waits_walls_and_cookies_say_what_they_should(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/r", faults.redirect("http://169.254.169.254/", 301))
    newsroom.put(HOST, "/w", faults.ask_to_wait("120"))
    newsroom.put(HOST, "/f", faults.forbidden())
    newsroom.put(HOST, "/j", faults.challenge())
    newsroom.put(HOST, "/c", faults.cookies(b"hello"))

    assert ask(newsroom, "/r")[:1] == (301,)
    assert ask(newsroom, "/r")[1]["Location"] == "http://169.254.169.254/"
    assert ask(newsroom, "/w")[1]["Retry-After"] == "120"
    assert ask(newsroom, "/f")[0] == 403
    assert b"Just a moment" in ask(newsroom, "/j")[2]
    assert ask(newsroom, "/c")[1]["Set-Cookie"].startswith("c0=planted")


def test_a_lying_etag_hides_a_changed_body(newsroom: HostileNewsroom) -> None:
    bodies = iter([b"first", b"second"])
    newsroom.put(HOST, "/feed", faults.lying_etag(lambda: next(bodies)))

    tag = ask(newsroom, "/feed")[1]["ETag"]

    assert ask(newsroom, "/feed", **{"If-None-Match": tag})[0] == 304
    assert ask(newsroom, "/feed")[2] == b"second"


def test_behaviours_in_turn_end_with_the_last_one(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.in_turn(Reply(status=503), Reply(b"well")))

    assert [ask(newsroom, "/a")[0] for _ in range(3)] == [503, 200, 200]


def test_garbage_is_no_http(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.garbage())

    with pytest.raises(http.client.HTTPException):
        ask(newsroom, "/a")


def test_many_headers_come(newsroom: HostileNewsroom) -> None:
    newsroom.put(HOST, "/a", faults.many_headers(1000))

    with pytest.raises(http.client.HTTPException, match="more than 100 headers"):
        ask(newsroom, "/a")


def test_a_canary_notes_whoever_comes() -> None:
    with CanaryListener("127.0.0.2") as canary:
        assert canary.visitors == []
        with socket.create_connection(("127.0.0.2", canary.port)) as client:
            assert client.recv(1) == b""

    assert len(canary.visitors) == 1
