"""The headers of every answer: what a browser may do with it, and who may keep it."""

from __future__ import annotations

from collections.abc import Iterable

Headers = list[tuple[bytes, bytes]]

_ALWAYS: dict[bytes, bytes] = {
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": (
        b"accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        b"gyroscope=(), interest-cohort=(), microphone=(), payment=(), usb=()"
    ),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"x-robots-tag": b"noindex, nofollow, noarchive",
}
_ONLY_TLS = (b"strict-transport-security", b"max-age=31536000")
_OURS = {*_ALWAYS, _ONLY_TLS[0], b"cache-control", b"server", b"x-powered-by"}
_PRIVATE = b"private, no-store"
_FOR_AN_HOUR = b"private, max-age=3600"
_FOR_GOOD = b"private, max-age=31536000, immutable"


def headers(
    given: Iterable[tuple[bytes, bytes]], *, secure: bool, static: bool, by_version: bool
) -> Headers:
    """An answer's own headers with ours in the place of theirs.

    `static`: the file is the same for everybody; `by_version`: its address changes with it.
    """
    kept = [(name.lower(), value) for name, value in given if name.lower() not in _OURS]
    if secure:
        kept = [(name, _secured(value) if name == b"set-cookie" else value) for name, value in kept]
    keep = (_FOR_GOOD if by_version else _FOR_AN_HOUR) if static else _PRIVATE
    ours = [*_ALWAYS.items(), (b"cache-control", keep)]
    return [*kept, *ours, *([_ONLY_TLS] if secure else [])]


def _secured(value: bytes) -> bytes:
    """A cookie of a page that is only sent by TLS."""
    return value if b"; secure" in value.lower() else value + b"; Secure"
