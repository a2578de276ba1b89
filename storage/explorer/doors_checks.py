"""What is turned away before anybody looks at who asks: wrong hosts, forged and oversized asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.explorer.doors_asked import Asked, House

MOST_QUERY = 8_192
MOST_PATH = 1_024
MOST_HEADERS = 32_768
MOST_FIELDS = 500
MOST_BODY = 1_000_000
METHODS = ("GET", "HEAD", "POST")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is none: its status, and the key of its words in words/doors.toml."""

    status: int
    words: str


def refusal(asked: Asked, house: House, patterns: Sequence[re.Pattern[str]]) -> Refusal | None:
    """Why a request goes no further, whoever asks; None where it may."""
    return (
        _wrong_way(asked, house)
        or _too_large(asked)
        or _forged(asked, house)
        or _no_page(asked, patterns)
    )


def _wrong_way(asked: Asked, house: House) -> Refusal | None:
    """From another machine than the proxy, or for a name that is not ours.

    A page of a stranger can make a browser ask us by a name of its own that leads here; but then
    that name stands in the request.
    """
    if house.proxies and asked.address not in house.proxies:
        return Refusal(403, "not_the_proxy")
    if house.proxies and asked.headers.get("x-forwarded-proto", "https") != "https":
        return Refusal(403, "proxy_without_tls")
    if not house.knows(asked.host):
        return Refusal(403, "wrong_host")
    return None


def _too_large(asked: Asked) -> Refusal | None:
    if asked.method not in METHODS:
        return Refusal(405, "method")
    if len(asked.query) > MOST_QUERY or len(asked.path) > MOST_PATH:
        return Refusal(414, "too_long")
    if sum(len(name) + len(value) for name, value in asked.headers.items()) > MOST_HEADERS:
        return Refusal(431, "too_long")
    if asked.query.count("&") >= MOST_FIELDS:
        return Refusal(400, "too_many_fields")
    length = asked.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BODY:
        return Refusal(413, "too_large")
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if asked.method == "POST" and kind != _FORM:
        return Refusal(415, "not_a_form")
    return None


def _forged(asked: Asked, house: House) -> Refusal | None:
    """Asks that another site has a reader's browser make.

    Browsers say so in Sec-Fetch-Site. Origin is "null" in a form of ours, as our pages tell no
    referrer; so without Sec-Fetch-Site it cannot be told from a stranger's.
    """
    site, origin = asked.headers.get("sec-fetch-site"), asked.headers.get("origin")
    own = house.origin or f"{'https' if house.secure else 'http'}://{asked.headers.get('host')}"
    if asked.reads:
        inside = site in (None, "same-origin", "none")
        going = asked.headers.get("sec-fetch-mode") == "navigate"
        framed = asked.headers.get("sec-fetch-dest") in ("iframe", "frame", "embed", "object")
        return None if inside or (going and not framed) else Refusal(403, "other_site")
    if site is not None:
        right = site == "same-origin" and origin in (None, "null", own)
    else:
        right = origin in (None, own)
    return None if right else Refusal(403, "other_site")


def _no_page(asked: Asked, patterns: Sequence[re.Pattern[str]]) -> Refusal | None:
    """Only our own pages are there: those of the server below tell too much."""
    if any(pattern.fullmatch(asked.path) for pattern in patterns):
        return None
    return Refusal(404, "no_page")
