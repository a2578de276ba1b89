"""A plain HTTP proxy on loopback, as an egress under test: it resolves every name to one place.

with Relay(newsroom.port) as relay:
    ...
    assert relay.asked == ["GET http://a.test:8080/feed"]
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass
class Relay:
    """Passes requests and tunnels on to 127.0.0.1:`port`, and notes what it was asked for."""

    port_behind: int
    port: int = 0
    refuses: bool = False  # 403 to everything
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._door = socket.create_server(("127.0.0.1", self.port), backlog=64)
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
        self.close()

    def close(self) -> None:
        """Be down from now on. Harmless twice."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        """The address of this proxy."""
        return f"http://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:  # the door was closed
                return
            threading.Thread(target=self._converse, args=(client,), daemon=True).start()

    def _converse(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            head = b""
            while b"\r\n\r\n" not in head:
                data = client.recv(65_536)
                if not data:
                    return
                head += data
            line, _, rest = head.partition(b"\r\n")
            method, target, _ = line.decode().split(" ")
            self.asked.append(f"{method} {target}")
            if self.refuses:
                client.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self.port_behind)) as server:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 Open\r\n\r\n")
                else:
                    parts = urlsplit(target)
                    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                    headers = b"Connection: close\r\n" + rest.replace(b"Connection:", b"X-Was:")
                    server.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + headers)
                _both_ways(client, server)


def _both_ways(client: socket.socket, server: socket.socket) -> None:
    back = threading.Thread(target=_pump, args=(client, server), daemon=True)
    back.start()
    _pump(server, client)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
