"""A small HTTP/1.1 server for prepared answers: GET and HEAD, keep-alive, gzip, 304.

It also stands behind the benchmark, so it parses no more of a request than it needs.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import unquote

from crawler.demo.answers import Answer

MAX_HEAD = 65_536
"""Bytes of request line and headers after which a client is cut off."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked: `target` is the path and query as sent, header names in lower case."""

    method: str
    target: str
    version: str
    headers: dict[str, str]

    @property
    def host(self) -> str:
        """The Host header without its port."""
        return self.headers.get("host", "").rpartition(":")[0] or self.headers.get("host", "")

    @property
    def path(self) -> str:
        """The path without query, percent signs undone."""
        return unquote(self.target.partition("?")[0])

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection stays open after the answer."""
        wish = self.headers.get("connection", "").lower()
        return wish != "close" and (self.version == "HTTP/1.1" or wish == "keep-alive")


Route = Callable[[Request], Answer]


def parse_request(head: bytes) -> Request | None:
    """The request in the bytes before the empty line, or None when they are none."""
    first, *rest = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    pairs = (line.partition(":") for line in rest)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Request(words[0], words[1], words[2], headers)


def respond(request: Request, answer: Answer) -> bytes:
    """The whole response: status line, headers, and a body unless none is due."""
    if request.method not in ("GET", "HEAD"):
        answer = Answer(405, body=b"", headers=(("Allow", "GET, HEAD"),))
    if answer.status == 200 and _unchanged(request, answer):
        return _head(304, _validators(answer), request)
    zipped = _may_be_zipped(answer) and "gzip" in request.headers.get("accept-encoding", "")
    body = answer.zipped if zipped else answer.plain
    headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(body)))]
    headers += [("Content-Encoding", "gzip")] if zipped else []
    headers += _validators(answer) if answer.status == 200 else list(answer.headers)
    return _head(answer.status, headers, request) + (body if request.method != "HEAD" else b"")


def _may_be_zipped(answer: Answer) -> bool:
    """Whether a body is sent packed: not one that is a packed file itself."""
    return answer.status == 200 and answer.content_type != "application/gzip"


def _validators(answer: Answer) -> list[tuple[str, str]]:
    return [("ETag", answer.etag), ("Vary", "Accept-Encoding"), *answer.headers]


def _unchanged(request: Request, answer: Answer) -> bool:
    """Whether the client holds this very answer; If-None-Match wins over the date (RFC 9110)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return answer.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since, modified = request.headers.get("if-modified-since"), dict(answer.headers)
    if since is None or "Last-Modified" not in modified:
        return False
    try:
        return parsedate_to_datetime(modified["Last-Modified"]) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # a date that is none: RFC 9110 says ignore it
        return False


def _head(status: int, headers: list[tuple[str, str]], request: Request) -> bytes:
    """Status line and headers up to the empty line."""
    now = format_datetime(datetime.now(UTC), usegmt=True)
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Date: {now}"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [] if request.keeps_alive else ["Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Connection(asyncio.Protocol):
    """One client: answers its requests in order, each after `delay` seconds."""

    def __init__(self, route: Route, delay: float) -> None:
        self._route, self._delay = route, delay
        self._buffer, self._busy = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write to."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stream is needed")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect bytes until a request is whole."""
        self._buffer += data
        if len(self._buffer) > MAX_HEAD:
            self._transport.abort()
        self._next()

    def _next(self) -> None:
        """Start on the next whole request, one at a time."""
        head, ending, rest = self._buffer.partition(b"\r\n\r\n")
        if self._busy or not ending or self._transport.is_closing():
            return
        self._buffer, self._busy = rest, True
        request = parse_request(head)
        if request is None:
            self._transport.abort()
            return
        asyncio.get_running_loop().call_later(self._delay, self._answer, request)

    def _answer(self, request: Request) -> None:
        """Send the answer and go on."""
        self._busy = False
        answer = self._route(request)
        if answer.reset:
            self._reset()
            return
        self._transport.write(respond(request, answer))
        if not request.keeps_alive:
            self._transport.close()
        self._next()

    def _reset(self) -> None:
        """Tear the connection down with a TCP reset: linger on, for zero seconds."""
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


async def listen(route: Route, door: socket.socket, *, delay: float = 0.0) -> asyncio.Server:
    """Serve on a listening socket, waiting `delay` seconds before each answer."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(route, delay), sock=door)
