"""What is remembered of a sitemap's undated entries: digests of their addresses."""

from __future__ import annotations

from hashlib import blake2b

BYTES = 8


def digest(loc: str) -> bytes:
    """What tells addresses of one sitemap apart, however it names their host.

    40 times quicker than `url_key`, which matters for 50,000 of them; and a sitemap writes an
    address as it did the day before.
    """
    text = loc.partition("://")[2].removeprefix("www.") or loc
    return blake2b(text.encode("utf-8", "replace"), digest_size=BYTES).digest()


def as_set(keys: bytes | None) -> frozenset[bytes]:
    """The digests in what was remembered."""
    keys = keys or b""
    return frozenset(keys[at : at + BYTES] for at in range(0, len(keys), BYTES))
