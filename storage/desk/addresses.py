"""Articles found as people name them: by number, or by an address as it was typed or copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from storage.article_view import find_id
from storage.connection import Connection

KeysOf = Callable[[str], Iterable[str]]
"""The keys under which an address may be stored, as the outlets' rules make them."""
_AROUND = (
    " \t\r\n<>\"'«»“”‘’\u200b\u200e\u200f\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_SCHEMES = ("https://", "http://")


def no_keys(_: str) -> Iterable[str]:
    """Where nobody knows the outlets' rules: an address is found as it is stored."""
    return ()


def find(db: Connection, typed: str, keys_of: KeysOf = no_keys) -> int | None:
    """The number of the article that somebody means, or None.

    As it is stored first; then with either scheme, with and without the last slash and `www.`;
    then by its key, which forgets tracking parameters and views for telephones.
    """
    wanted = typed.strip(_AROUND)
    if not wanted:
        return None
    for address in _spellings(wanted):
        if (found := find_id(db, address)) is not None:
            return found
    if wanted.isdecimal():
        return None
    keys = keys_of(wanted if "://" in wanted else f"https://{wanted}")
    return next((found for key in keys if (found := find_id(db, key)) is not None), None)


def _spellings(wanted: str) -> Iterator[str]:
    yield wanted
    if wanted.isdecimal():
        return
    bare = wanted
    for scheme in _SCHEMES:
        bare = bare.removeprefix(scheme)
    bare = bare.partition("#")[0].removesuffix("/").removeprefix("www.")
    for scheme in (*_SCHEMES, ""):
        for host in ("", "www."):
            yield f"{scheme}{host}{bare}"
            yield f"{scheme}{host}{bare}/"
