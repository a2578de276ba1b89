"""Behaviours for the hostile newsroom: each function gives one way of answering badly."""

from __future__ import annotations

import gzip
import itertools
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import brotli
import zstandard

from newsroom.hostile import Behaviour, Exchange, Reply

MEGABYTE = 1_000_000
ENDLESS = 10**12


def hang(seconds: float | None = None) -> Behaviour:
    """Take the request and say nothing; None: until the newsroom closes."""

    def behave(exchange: Exchange) -> None:
        exchange.closing.wait(seconds)
        exchange.keep = False

    return behave


def drip(body: bytes, *, step: int = 1, pause: float = 0.5, headers_too: bool = False) -> Behaviour:
    """Send a body (and the headers, when asked) `step` bytes at a time."""

    def behave(exchange: Exchange) -> None:
        head = Reply(body).head()
        slow = head + body if headers_too else body
        exchange.send(b"" if headers_too else head)
        for start in range(0, len(slow), step):
            exchange.send(slow[start : start + step])
            if exchange.closing.wait(pause):
                break
        exchange.keep = False

    return behave


def reset(after: bytes = b"", *, length: int = 100_000) -> Behaviour:
    """Tear the connection down: at once, or after the head and the first bytes of a body."""

    def behave(exchange: Exchange) -> None:
        if after:
            exchange.send(Reply(after, length=length).head() + after)
        exchange.reset()

    return behave


def cut_short(body: bytes, declared: int) -> Behaviour:
    """Declare more (or fewer) bytes than come, then end the connection in good order."""

    def behave(exchange: Exchange) -> None:
        exchange.send(Reply(body, length=declared).head() + body)
        exchange.keep = False

    return behave


def unfinished_chunks(body: bytes) -> Behaviour:
    """Chunked transfer whose last chunk never comes."""

    def behave(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        exchange.send(b"Transfer-Encoding: chunked\r\n\r\n")
        exchange.send(b"%x\r\n%b\r\n" % (len(body), body))
        exchange.keep = False

    return behave


def truncated_gzip(body: bytes, drop: int = 20) -> Behaviour:
    """A gzip body that lacks its last bytes, with a Content-Length that fits what comes."""
    return packed(gzip.compress(body)[:-drop], "gzip")


def packed(body: bytes, coding: str) -> Behaviour:
    """A body under a Content-Encoding that may be a lie."""
    return Reply(body, headers=[("Content-Encoding", coding)])


def bomb(coding: str, megabytes: int, *, content_type: str = "text/html") -> Behaviour:
    """A small body that unpacks to many megabytes: gzip, deflate, br or zstd."""
    body = _BOMBS[coding](megabytes)
    return Reply(body, headers=[("Content-Encoding", coding)], content_type=content_type)


def endless(step: int = 65_536) -> Behaviour:
    """A body without end, as fast as it is taken."""

    def behave(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
        chunk = (b"endless news " * step)[:step]
        while not exchange.closing.is_set():
            exchange.send(chunk)
        exchange.keep = False

    return behave


def large(size: int) -> Behaviour:
    """A plain body of many bytes, declared honestly."""

    def behave(exchange: Exchange) -> None:
        exchange.send(Reply(length=size).head())
        for _ in range(size // MEGABYTE):
            exchange.send(b"x" * MEGABYTE)
        exchange.send(b"x" * (size % MEGABYTE))

    return behave


def many_headers(count: int = 100_000) -> Behaviour:
    """An answer with very many headers."""
    return Reply(b"<p>hello</p>", headers=[(f"X-{i}", "y") for i in range(count)])


def long_header(size: int = 20 * MEGABYTE) -> Behaviour:
    """An answer with one header of many bytes."""
    return Reply(b"<p>hello</p>", headers=[("X-Long", "y" * size)])


def cookies(body: bytes, count: int = 1) -> Behaviour:
    """An answer that sets cookies; a crawl must not send them back."""
    return Reply(body, headers=[("Set-Cookie", f"c{i}=planted; Path=/") for i in range(count)])


def redirect(to: str, status: int = 302) -> Behaviour:
    """Send the client elsewhere: to itself for a loop, to a private address, anywhere."""
    return Reply(status=status, headers=[("Location", to)])


def redirect_without_location(status: int = 302) -> Behaviour:
    """A redirect that leads nowhere."""
    return Reply(status=status)


def ask_to_wait(retry_after: str, status: int = 429) -> Behaviour:
    """429 or 503 with Retry-After: seconds, an HTTP date, or nonsense."""
    return Reply(b"<h1>Slow down</h1>", status, headers=[("Retry-After", retry_after)])


def forbidden() -> Behaviour:
    """A 403 wall."""
    return Reply(b"<h1>Forbidden</h1><p>You are not welcome here.</p>", 403)


def challenge(status: int = 200) -> Behaviour:
    """A challenge page where an article should be."""
    page = (
        b"<!doctype html><html><head><title>Just a moment...</title></head><body>"
        b'<div id="challenge-running">Checking your browser before accessing this site.</div>'
        b"<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
    )
    return Reply(page, status, headers=[("Server", "planted-wall")])


def garbage(data: bytes = b"SSH-2.0-OpenSSH_9.2\r\n\x00\xff\xfe\x80") -> Behaviour:
    """Bytes that are no HTTP at all."""

    def behave(exchange: Exchange) -> None:
        exchange.send(data)
        exchange.keep = False

    return behave


def status_line(line: str) -> Behaviour:
    """A status line of one's own, such as `HTTP/1.1 abc Odd`, with an empty body."""

    def behave(exchange: Exchange) -> None:
        exchange.send(f"{line}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))
        exchange.keep = False

    return behave


def lying_etag(body: Callable[[], bytes], content_type: str = "application/rss+xml") -> Behaviour:
    """Always the same ETag, and 304 for whoever sends it, though the body changes."""
    tag = [("ETag", '"never-changes"')]

    def behave(exchange: Exchange) -> None:
        if "if-none-match" in exchange.request.headers:
            Reply(status=304, headers=tag)(exchange)
        else:
            Reply(body(), headers=tag, content_type=content_type)(exchange)

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request gets the first behaviour, and so on; the last one stays."""
    left: Iterator[Behaviour] = itertools.chain(behaviours, itertools.repeat(behaviours[-1]))

    def behave(exchange: Exchange) -> None:
        next(left)(exchange)

    return behave


def _deflate_blocks(megabytes: int) -> bytes:
    """A raw deflate stream of zeros: one flushed block, repeated, needs no compressing anew."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush()


def _checksum(function: Callable[[bytes, int], int], start: int, megabytes: int) -> int:
    """A running checksum over megabytes of zeros."""
    value = start
    for _ in range(megabytes):
        value = function(bytes(MEGABYTE), value)
    return value


@cache
def _gzip_bomb(megabytes: int) -> bytes:
    ending = struct.pack("<II", _checksum(zlib.crc32, 0, megabytes), megabytes * MEGABYTE % 2**32)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + _deflate_blocks(megabytes) + ending


@cache
def _deflate_bomb(megabytes: int) -> bytes:
    ending = struct.pack(">I", _checksum(zlib.adler32, 1, megabytes))
    return b"\x78\xda" + _deflate_blocks(megabytes) + ending


@cache
def _brotli_bomb(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    parts = [packer.process(bytes(MEGABYTE)) for _ in range(megabytes)]
    return bytes(b"".join(parts) + packer.finish())


@cache
def _zstd_bomb(megabytes: int) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    parts = [packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)]
    return b"".join(parts) + packer.flush()


_BOMBS = {
    "gzip": _gzip_bomb,
    "deflate": _deflate_bomb,
    "br": _brotli_bomb,
    "zstd": _zstd_bomb,
}
