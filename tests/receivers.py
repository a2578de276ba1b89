"""Receivers on loopback for what leaves the machine: a web hook and a mail server.

They keep every byte that arrived, and may be told to refuse, to hang or to redirect.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any, cast


class Hook(socketserver.ThreadingTCPServer):
    """A web server that takes everything; `answer` is the status line's end."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.port: int = self.server_address[1]
        self.raw: list[bytes] = []
        self.answer = "200 OK"
        self.location = ""
        self.hang = threading.Event()
        self.hangs = False

    @property
    def target(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What JSON posts said, in order."""
        return [json.loads(raw.partition(b"\r\n\r\n")[2]) for raw in self.raw]

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [raw.split(b" ", 2)[1].decode() for raw in self.raw]


class _Hook(socketserver.StreamRequestHandler):
    server: Hook

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n") and (line := self.rfile.readline()):
            head += line
        length = email.message_from_bytes(head.partition(b"\r\n")[2]).get("Content-Length", "0")
        self.server.raw.append(head + self.rfile.read(int(length)))
        if self.server.hangs:
            self.server.hang.wait(60)
        where = f"Location: {self.server.location}\r\n" if self.server.location else ""
        answer = f"HTTP/1.1 {self.server.answer}\r\n{where}Content-Length: 0\r\n\r\n"
        self.wfile.write(answer.encode())


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that takes everything in the clear."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.port: int = self.server_address[1]
        self.raw: list[bytes] = []  # whole conversations, as they came

    @property
    def target(self) -> str:
        people = "from=marsad@newsroom.test&to=desk@newsroom.test"
        return f"mailto://127.0.0.1:{self.port}/?{people}&mode=insecure"

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            cast(
                EmailMessage,
                email.message_from_bytes(
                    re.split(rb"(?i)\r\ndata\r\n", raw)[1].partition(b"\r\n.\r\n")[0],
                    policy=email.policy.default,
                ),
            )
            for raw in self.raw
        ]


class _Mail(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        said, in_data = b"", False
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            said += line
            if in_data:
                in_data = line != b".\r\n"
                if in_data:
                    continue
                self.wfile.write(b"250 taken\r\n")
                continue
            verb = line[:4].upper()
            in_data = verb == b"DATA"
            answers = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
            self.wfile.write(answers.get(verb, b"250 fine\r\n"))
            if verb == b"QUIT":
                break
        self.server.raw.append(said)


@contextmanager
def served(server: Any) -> Iterator[Any]:
    """The server, answering on a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        if isinstance(server, Hook):
            server.hang.set()
        server.shutdown()
        thread.join()
        server.server_close()
