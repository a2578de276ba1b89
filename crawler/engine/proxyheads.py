"""Heads of HTTP messages as a proxy meets them: read strictly, and written anew.

What a browser asks a proxy is either `CONNECT host:port` or a request with a whole `http://`
address. Everything else is refused, so that no two programs can read one head in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

GUARD_HEADER = b"X-Marsad-Guard"
"""In the proxy's own answers only: why it gives nothing."""
Headers = tuple[tuple[bytes, bytes], ...]

_LINE = re.compile(rb"([A-Z]{1,20}) ([\x21-\x7e]{1,16000}) HTTP/1\.[01]")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n\0]*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*")
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/@?#]+)):(\d{1,5})")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_HOP = frozenset(
    b"connection proxy-connection proxy-authorization proxy-authenticate keep-alive te trailer "
    b"upgrade expect http2-settings".split()
)
"""Said between two neighbours; `transfer-encoding` stays: bodies are passed on as they are."""


class BadHead(Exception):
    """A head that is not one, or that asks a proxy for something it never does."""


@dataclass(frozen=True)
class Asked:
    """What a browser asks a proxy for. `target` is path and query; empty for a tunnel."""

    method: str
    host: str
    port: int
    target: bytes
    headers: Headers

    @property
    def tunnel(self) -> bool:
        """Whether a connection is asked for, and no page."""
        return self.method == "CONNECT"

    @property
    def authority(self) -> bytes:
        """Host and port as they stand in a request."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}".encode("ascii")

    def header(self, name: bytes) -> bytes | None:
        """The value of a header that stands there once; raises BadHead where it stands twice."""
        found = [value for key, value in self.headers if key.lower() == name]
        if len(found) > 1:
            raise BadHead(f"{name.decode()} twice")
        return found[0] if found else None

    @property
    def body_bytes(self) -> int:
        """How long the request's body is; raises BadHead where its length is not told plainly."""
        if self.header(b"transfer-encoding") is not None:
            raise BadHead("a request body of unknown length")
        told = self.header(b"content-length") or b"0"
        if not re.fullmatch(rb"[0-9]{1,12}", told):
            raise BadHead("a length that is no number")
        return int(told)


def read_request(head: bytes) -> Asked:
    """The request of a head that ends with its empty line; raises BadHead."""
    first, headers = _split(head)
    line = _LINE.fullmatch(first)
    if line is None:
        raise BadHead("no request line")
    method, target = line[1].decode("ascii"), line[2].decode("ascii")
    if method == "CONNECT":
        host, port = _authority(target)
        return Asked(method, host, port, b"", headers)
    if method not in _METHODS:
        raise BadHead("a method that no page needs")
    return _page_request(method, target, headers)


def _page_request(method: str, target: str, headers: Headers) -> Asked:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, 80 if parts.port is None else parts.port
    except ValueError as wrong:
        raise BadHead("no web address") from wrong
    if parts.scheme != "http" or not host or "@" in parts.netloc or not 0 < port < 1 << 16:
        raise BadHead("no web address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Asked(method, host, port, path.encode("ascii"), headers)


def _authority(text: str) -> tuple[str, int]:
    found = _AUTHORITY.fullmatch(text)
    if found is None or not 0 < int(found[3]) < 1 << 16:
        raise BadHead("no host and port")
    return (found[1] or found[2]).lower(), int(found[3])


def _split(head: bytes) -> tuple[bytes, Headers]:
    """First line and headers; raises BadHead for folded, broken or nameless headers."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    found = [_HEADER.fullmatch(line) for line in lines]
    if any(header is None for header in found):
        raise BadHead("a broken header")
    return first, tuple((header[1], header[2]) for header in found if header is not None)


def request_head(asked: Asked, *, whole: bool = False) -> bytes:
    """The request as it goes on: to its server, or with the `whole` address to another proxy."""
    place = asked.authority.removesuffix(b":80")
    target = b"http://" + place + asked.target if whole else asked.target
    kept = [(name, value) for name, value in asked.headers if name.lower() not in _HOP | {b"host"}]
    first = b"%s %s HTTP/1.1" % (asked.method.encode("ascii"), target)
    return _written(first, [(b"Host", place), *kept, (b"Connection", b"close")])


def tunnel_head(asked: Asked) -> bytes:
    """The request for a tunnel as it goes on to another proxy."""
    return _written(b"CONNECT %s HTTP/1.1" % asked.authority, [(b"Host", asked.authority)])


def status_of(head: bytes) -> int:
    """The status of an answer's head; raises BadHead."""
    first, _ = _split(head)
    found = _STATUS.fullmatch(first)
    if found is None:
        raise BadHead("no status line")
    return int(found[1])


def answer_head(head: bytes) -> bytes:
    """An answer's head as it goes back: the connection ends with it. Raises BadHead."""
    first, headers = _split(head)
    ours = _HOP | {GUARD_HEADER.lower()}
    kept = [(name, value) for name, value in headers if name.lower() not in ours]
    return _written(first, [*kept, (b"Connection", b"close")])


def refusal(status: int, kind: str) -> bytes:
    """A whole answer of the proxy's own, which says so in a header that no site can send."""
    extra = [(b"Proxy-Authenticate", b'Basic realm="marsad"')] if status == 407 else []
    first = b"HTTP/1.1 %d Refused" % status
    own = [(GUARD_HEADER, kind.encode("ascii")), (b"Content-Length", b"0")]
    return _written(first, [*own, *extra, (b"Connection", b"close")])


def _written(first: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    lines = [first, *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"
