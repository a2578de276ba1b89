"""Fifty made-up actors whose names occur nowhere else, and a search for them in any disguise."""

from __future__ import annotations

import base64
import binascii
import html
import json
import quopri
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from itertools import product
from urllib.parse import quote, unquote

from storage.models import Actor, Alias
from storage.text import fold

_PARTS = (
    ("ar", "شيماء", "ال", "زرنق كشمط بخثر درفط".split(), "ويد عانب ونكش اسمير يلغاط".split()),
    ("ckb", "هێڤیدار", "", "زەڕنۆ گەڤێژ پشکۆل ڤەڵات".split(), "ڕەنگین ۆچەک ێستۆ ڵاڤژ".split()),
    ("fr", "Éloïse", "", "Quérb Zélmo Vrœnt Tîrgu".split(), "ançal ïdoux êpernay ûlague".split()),
)
NAMES: tuple[tuple[str, str], ...] = tuple(
    (language, f"{given} {prefix}{first}{second}")
    for language, given, prefix, firsts, seconds in _PARTS
    for first, second in product(firsts, seconds)
)[:50]
TOKENS = tuple(fold(name).split()[-1] for _, name in NAMES)
ACTORS = tuple(
    Actor(f"ma_kanarie{number:02}", "person", ("ma",), ("rights",), name, (Alias(name, language),))
    for number, (language, name) in enumerate(NAMES)
)


def found(raw: bytes) -> set[int]:
    """Which of the fifty occur in some bytes, however they are written there."""
    views = [fold(view) for view in _views(raw)]
    named = {number for number, token in enumerate(TOKENS) if any(token in v for v in views)}
    ids = {int(n) for v in views for n in re.findall(r"kanarie(\d\d)", v)}
    return named | ids


def disguises(name: str) -> Iterable[bytes]:
    """A name as it may stand in a message, a log or an address."""
    raw = name.encode()
    yield raw
    yield quote(name).encode()
    yield quote(name).lower().encode()
    yield json.dumps({"name": name}).encode()
    yield base64.b64encode(b"Dear reader, of " + raw)
    yield quopri.encodestring(raw)
    yield html.escape(name).encode("ascii", "xmlcharrefreplace")
    yield f"Subject: =?utf-8?b?{base64.b64encode(raw).decode()}?=\r\n\r\n".encode()
    yield fold(name).encode()
    yield name.upper().encode()


def _views(raw: bytes) -> Iterator[str]:
    for part in (raw, *_parts_of_mail(raw), *_decoded(raw)):
        text = part.decode("utf-8", "replace")
        yield text
        yield unquote(text)
        yield html.unescape(text)
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)


def _parts_of_mail(raw: bytes) -> Iterator[bytes]:
    """Headers and bodies, where the bytes hold a mail."""
    parts = re.split(rb"(?i)\r\ndata\r\n", raw)
    message = message_from_bytes(parts[-1], policy=policy.compat32)
    for _, value in message.items():
        yield str(make_header(decode_header(str(value)))).encode()
    for part in message.walk():
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield body


def _decoded(raw: bytes) -> Iterator[bytes]:
    yield quopri.decodestring(raw)
    for piece in re.findall(rb"[A-Za-z0-9+/=\r\n_-]{16,}", raw):
        try:
            yield base64.b64decode(re.sub(rb"\s", b"", piece), altchars=b"-_")
        except binascii.Error:
            continue
