"""One way of writing what addresses write in many: percent signs, composed letters, stray marks."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

_SAFE = ":@!$'()*,;=~-._"
_PLAIN = re.compile(r"[A-Za-z0-9:@!$'()*,;=~\-._]*")
_HEX = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_TWICE = re.compile(r"%[C-F][0-9A-F](?:%[89AB][0-9A-F])", re.IGNORECASE)
_STRAY = re.compile(r"(?:%20|%0[9AD]|%C2%A0|%E2%80%(?:8[BEF]|A[A-E])|%EF%BB%BF)+\Z")
"""What sticks to an address when it is copied; at its end it is no part of it."""


def one_encoding(text: str) -> str:
    """A segment or parameter in one encoding: raw and encoded, composed and decomposed are equal.

    An encoded slash stays one, and bytes of an older charset stay as they are. Raises
    UnicodeError for what no encoding can write.

    >>> one_encoding("أ") == one_encoding("%d8%a3") == one_encoding("%25D8%25A3")
    True
    >>> one_encoding("a%2fb"), one_encoding("%7Ea"), one_encoding("%c7%e1")
    ('a%2Fb', '~a', '%C7%E1')
    """
    if _PLAIN.fullmatch(text):
        return text
    try:
        plain = _decoded(text)
    except UnicodeDecodeError:
        upper = _HEX.sub(lambda found: found[0].upper(), text)
        return quote(upper, safe=_SAFE + "%", errors="strict")
    return quote(unicodedata.normalize("NFC", plain), safe=_SAFE, errors="strict")


def _decoded(text: str) -> str:
    """`text` without percent signs, also where letters were encoded more than once."""
    plain = unquote(text, errors="strict")
    while _TWICE.search(plain):
        try:
            again = unquote(plain, errors="strict")
        except UnicodeDecodeError:
            break
        plain = again
    return plain


def without_stray(segment: str) -> str:
    """A segment in one encoding without the spaces and direction marks at its end.

    >>> without_stray("b%E2%80%8E%20"), without_stray("a%20b")
    ('b', 'a%20b')
    """
    return _STRAY.sub("", segment) if "%" in segment else segment


def readable(text: str) -> str:
    """`text` with the letters of all scripts as people write them, ASCII as it is encoded.

    >>> readable("/%D8%A3%20b%2Fc")
    '/أ%20b%2Fc'
    """
    return re.sub(r"(?:%[89A-F][0-9A-F])+", _readable_letters, text)


def _readable_letters(found: re.Match[str]) -> str:
    try:
        return unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0]
