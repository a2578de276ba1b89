"""The demo newsroom's hostile relative: a loopback server whose every path can misbehave.

    with HostileNewsroom() as newsroom:
        newsroom.feed("bad.test", "/rss", [Entry("/a", "First")])
        newsroom.put("bad.test", "/a", faults.hang())
        ...
        assert newsroom.seen("bad.test", "/a")

Hosts are told apart by the Host header, so any name may be mapped to `127.0.0.1:newsroom.port`.
What has not been put is 404, robots.txt too (which allows everything). Every request is recorded.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from types import TracebackType
from typing import Self

from crawler.demo.feeds import TYPES, Head, Item, write
from crawler.demo.httpserver import Request, parse_request
from crawler.demo.records import Feed


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came: `at` is monotonic seconds, `connection` counts connections."""

    host: str
    path: str  # with query, as sent
    method: str
    headers: Mapping[str, str]  # names in lower case
    at: float
    connection: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed under test; `url` is written as it stands."""

    url: str
    title: str = ""
    published: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    modified: datetime | None = None
    summary: str = ""
    guid: str | None = None


@dataclass(slots=True)
class Exchange:
    """One request being answered: what a behaviour may read, and the socket it writes to."""

    request: Request
    socket: socket.socket
    closing: threading.Event  # set when the newsroom shuts down: wait on it, never sleep
    keep: bool = True  # False: the connection ends after this answer

    def send(self, data: bytes) -> None:
        """Write raw bytes; raises OSError when the client has gone."""
        self.socket.sendall(data)

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        self.keep = False


Behaviour = Callable[[Exchange], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed answer; Content-Length is added unless `headers` or `length` says else."""

    body: bytes = b""
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    length: int | None = None
    content_type: str | None = "text/html; charset=utf-8"

    def __call__(self, exchange: Exchange) -> None:
        body = b"" if self.status == 304 or exchange.request.method == "HEAD" else self.body
        exchange.send(self.head() + body)

    def head(self) -> bytes:
        """Status line and headers up to and with the empty line."""
        lines = [f"HTTP/1.1 {self.status} Planted"]
        if self.content_type is not None:
            lines.append(f"Content-Type: {self.content_type}")
        lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


NOT_FOUND = Reply(b"<h1>Not found</h1>", 404)


def feed_body(
    entries: Iterable[Entry], format: str = "rss", *, home: str = "http://bad.test/"
) -> bytes:
    """A well-formed feed in a format of the demo newsroom (rss, atom, json, rdf)."""
    items = [_item(entry) for entry in entries]
    updated = max((item.modified for item in items), default=datetime(2026, 3, 1, tzinfo=UTC))
    head = Head("Hostile relatives", home, f"{home}feed", "en", "utf-8", updated)
    feed = Feed.model_validate({"path": "/feed", "format": format})
    return write(feed, head, items).encode()


def _item(entry: Entry) -> Item:
    return Item(
        href=entry.url,
        guid=entry.guid or f"tag:{entry.url}",
        title=entry.title,
        summary=entry.summary,
        byline="",
        section="",
        published=entry.published,
        modified=entry.modified or entry.published,
    )


def article_html(headline: str, paragraphs: Iterable[str], *, language: str = "en") -> bytes:
    """A plain article page that any reader should read."""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{headline}</title></head><body><article><h1>{headline}</h1>\n{text}\n"
        "</article></body></html>"
    ).encode()


@dataclass
class HostileNewsroom:
    """A server thread on 127.0.0.1; with a `tls` context it speaks https only."""

    tls: ssl.SSLContext | None = None
    address: str = "127.0.0.1"
    requests: list[Seen] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._routes: dict[tuple[str, str], Behaviour] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._active: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self._door = socket.create_server((self.address, self.port), backlog=256)
        self.port = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        with self._lock:
            left = list(self._open)
        for client in left:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)

    def clear(self) -> None:
        """As it was at first, at the same port: nothing is put, and nobody has asked."""
        with self._lock:
            self._routes.clear()
            self.requests.clear()
            self.most_at_once.clear()

    def url(self, host: str, path: str = "/") -> str:
        """The URL of a path, with the newsroom's port."""
        return f"http{'s' if self.tls else ''}://{host}:{self.port}{path}"

    def put(self, host: str, path: str, behaviour: Behaviour) -> None:
        """From now on a path (as sent, with query) behaves so; `*` stands for all other paths."""
        with self._lock:
            self._routes[host, path] = behaviour

    def feed(self, host: str, path: str, entries: Iterable[Entry], format: str = "rss") -> None:
        """Serve a feed with an ETag of its content, and 304 when the client has it."""
        body = feed_body(entries, format, home=self.url(host))
        tag = f'"{hash(body):x}"'

        def answer(exchange: Exchange) -> None:
            if exchange.request.headers.get("if-none-match") == tag:
                Reply(status=304, headers=[("ETag", tag)])(exchange)
            else:
                Reply(body, headers=[("ETag", tag)], content_type=TYPES[format])(exchange)

        self.put(host, path, answer)

    def article(
        self,
        host: str,
        path: str,
        body: bytes,
        *,
        status: int = 200,
        headers: Sequence[tuple[str, str]] = (),
        content_type: str | None = "text/html; charset=utf-8",
    ) -> None:
        """Serve bytes as a page."""
        self.put(host, path, Reply(body, status, headers, content_type=content_type))

    def robots(self, host: str, text: str, status: int = 200) -> None:
        """Serve a robots.txt; other variants are put at `/robots.txt` like any behaviour."""
        self.put(host, "/robots.txt", Reply(text.encode(), status, content_type="text/plain"))

    def seen(self, host: str | None = None, path: str | None = None) -> list[Seen]:
        """The requests so far, in order of arrival, of a host and a path (None: of all)."""
        with self._lock:
            return [
                request
                for request in self.requests
                if host in (None, request.host) and path in (None, request.path)
            ]

    def gaps(self, host: str) -> list[float]:
        """Seconds between one request to a host and the next."""
        times = [request.at for request in self.seen(host)]
        return [after - before for before, after in pairwise(times)]

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._door.accept()
            except OSError:  # the door was closed
                return
            self.connections += 1
            threading.Thread(
                target=self._converse, args=(client, self.connections), daemon=True
            ).start()

    def _converse(self, client: socket.socket, number: int) -> None:
        """Answer a connection's requests one after the other."""
        with suppress(OSError):  # a client that goes away is what half of these tests are about
            if self.tls is not None:
                client = self.tls.wrap_socket(client, server_side=True)
            with self._lock:
                self._open.add(client)
            try:
                while self._one(client, number):
                    continue
            finally:
                with self._lock:
                    self._open.discard(client)
                client.close()

    def _one(self, client: socket.socket, number: int) -> bool:
        """Read and answer one request; whether the connection goes on."""
        request = _read_request(client)
        if request is None or self._closing.is_set():
            return False
        exchange = Exchange(request, client, self._closing, keep=request.keeps_alive)
        behaviour = self._record(request, number)
        try:
            behaviour(exchange)
        finally:
            with self._lock:
                self._active[request.host] -= 1
        return exchange.keep

    def _record(self, request: Request, number: int) -> Behaviour:
        """Note a request and find out how it is answered."""
        host, path = request.host, request.target
        with self._lock:
            self.requests.append(
                Seen(host, path, request.method, request.headers, time.monotonic(), number)
            )
            self._active[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._active[host])
            return self._routes.get((host, path)) or self._routes.get((host, "*")) or NOT_FOUND


def _read_request(client: socket.socket) -> Request | None:
    """The next request of a connection, or None at its end. Requests have no bodies here."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            return None
        head += byte
    return parse_request(head[:-4])


@dataclass
class CanaryListener:
    """A listener that nobody may ever reach: it takes connections, notes them and hangs up."""

    address: str = "127.0.0.1"
    port: int = 0
    visitors: list[tuple[str, int]] = field(default_factory=list)

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._door = socket.create_server((self.address, self.port), family=family)
        self.port = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        while True:
            try:
                client, peer = self._door.accept()
            except OSError:  # the door was closed
                return
            self.visitors.append((peer[0], peer[1]))
            client.close()
