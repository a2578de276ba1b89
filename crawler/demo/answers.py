"""One answer of a demo server, whole and ready to send, plain or packed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of one resource at one instant.

    Exactly one of `body` and `packed` (a gzip file) is given; the other is made when first
    asked for and kept. `reset` stands for no answer at all: the connection is torn down.
    """

    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    packed: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    reset: bool = False

    @cached_property
    def plain(self) -> bytes:
        """The body as it is."""
        return gzip.decompress(self.packed) if self.packed else self.body

    @cached_property
    def zipped(self) -> bytes:
        """The body as a gzip file; equal bodies give equal files."""
        return self.packed or gzip.compress(self.body, compresslevel=6, mtime=0)

    @cached_property
    def etag(self) -> str:
        """A strong validator over the bytes that are kept."""
        return '"' + hashlib.sha256(self.packed or self.body).hexdigest()[:32] + '"'


RESET = Answer(reset=True)
NOT_FOUND = Answer(404, body=b"<!doctype html><title>404</title><h1>Not found</h1>\n")
