"""The addresses of articles: which were seen to lead there, and which are only said to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.connection import Connection
from storage.times import encode_time

SEEN = frozenset({"found", "redirect"})
"""Kinds of addresses at which the article's page was seen with our own eyes."""
SAME_TEXT = "same_text"
"""The kind of an address at which we found the words of an article that we hold already."""
_OWNER = (
    "SELECT article_id, proven, kind FROM article_urls WHERE url_key = ? AND outlet_id = ? "
    "ORDER BY proven DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Address:
    """One address of an article.

    Kinds: found, redirect, canonical (the page says so), same_text, and the views amp, mobile,
    print, cache and proxy. `proven`: the article's page was seen there; of any other address, its
    words have to witness before anything is believed.
    """

    url_key: str
    url: str
    kind: str
    proven: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """The article that an address belongs to, and how sure that is."""

    article_id: int
    proven: bool
    kind: str


def owner(db: Connection, outlet_id: str, url_key: str) -> Owner | None:
    """The article that an outlet's address belongs to, or None."""
    row = db.one(_OWNER, (url_key, outlet_id))
    return None if row is None else Owner(row["article_id"], bool(row["proven"]), row["kind"])


def add(
    db: Connection,
    article_id: int,
    outlet_id: str,
    found: Iterable[Address],
    seen_at: datetime,
) -> None:
    """Keep addresses of an article, except those whose key belongs to another article.

    Where the page was seen counts more than what another page claimed of the address.
    """
    for address in found:
        if address.proven:
            _take(db, article_id, outlet_id, address.url_key)
        held = owner(db, outlet_id, address.url_key)
        if held is None or held.article_id == article_id:
            _insert(db, article_id, outlet_id, address, seen_at)


def _take(db: Connection, article_id: int, outlet_id: str, url_key: str) -> None:
    """Take a key from the articles that only claim it."""
    db.execute(
        "DELETE FROM article_urls WHERE url_key = ? AND outlet_id = ? AND article_id != ? "
        "AND NOT proven",
        (url_key, outlet_id, article_id),
    )


def _insert(
    db: Connection, article_id: int, outlet_id: str, address: Address, seen_at: datetime
) -> None:
    db.execute(
        "INSERT INTO article_urls "
        "(url_key, outlet_id, url, article_id, kind, first_seen_at, proven) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET proven = max(proven, excluded.proven)",
        (
            *(address.url_key, outlet_id, address.url, article_id, address.kind),
            *(encode_time(seen_at), address.proven),
        ),
    )
