"""Which article a page is of: told by its addresses, where need be with its words as witness."""

from __future__ import annotations

from dataclasses import dataclass

from storage.article_rows import ReadAs
from storage.connection import Connection
from storage.copies import exact_bytes
from storage.models import Candidate, FetchRecord, Reading
from storage.text import fold

Alias = tuple[str, str, str]
"""Another address of the article: (url_key, url, kind); kind: final, canonical, redirect, amp …"""
FETCHED = frozenset({"found", "redirect"})
"""Kinds of addresses at which the article's page was seen with our own eyes."""
_OWNER = (
    "SELECT article_id, kind FROM article_urls WHERE url_key = ? AND outlet_id = ? "
    "ORDER BY kind IN ('found', 'redirect') DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A reading on its way into the database."""

    run_id: int
    candidate: Candidate
    reading: Reading
    fetch: FetchRecord
    fetch_id: int
    aliases: tuple[Alias, ...]
    matched_at: str

    def read_as(self, *, text_kept: bool) -> ReadAs:
        """The reading with the capture it came from."""
        at = self.fetch.fetched_at
        return ReadAs(self.reading, self.fetch_id, at, self.matched_at, text_kept)


def known_article(db: Connection, arrival: Arrival) -> int | None:
    """The article that one of the page's addresses belongs to, its own address first.

    An address that was fetched is the article's. One that is only claimed (rel=canonical) is
    believed where text or headline are the same as well: some sites claim one section page
    for everything, and would shrink to a single article with many invented edits.
    """
    own = [(arrival.candidate.url_key, "found")]
    for key, kind in [*own, *((key, kind) for key, _, kind in arrival.aliases)]:
        row = db.one(_OWNER, (key, arrival.candidate.outlet_id))
        if row is None:
            continue
        fetched = kind in FETCHED and row["kind"] in FETCHED
        if fetched or _same_words(db, row["article_id"], arrival.reading):
            return int(row["article_id"])
    return None


def _same_words(db: Connection, article_id: int, reading: Reading) -> bool:
    """Whether an article has this very text or headline, however it is spelled."""
    sql = (
        "SELECT a.headline, f.exact FROM articles a "
        "LEFT JOIN fingerprints f ON f.article_id = a.id WHERE a.id = ?"
    )
    row = db.one(sql, (article_id,))
    assert row is not None, "addresses belong to articles"
    mark = reading.fingerprint
    if mark is not None and exact_bytes(mark) == row["exact"]:
        return True
    return bool(reading.headline) and fold(row["headline"]) == fold(reading.headline)


def is_common_ground(db: Connection, article_id: int, arrival: Arrival) -> bool:
    """Whether this address was redirected to a page that another one led to, and neither the
    feed nor the page gives them one headline: a notice or a front page, not an article."""
    told = fold(arrival.candidate.hints.headline or "")
    if not told or _has_address(db, article_id, arrival.candidate.url_key):
        return False
    sql = "SELECT headline FROM articles WHERE id = ?"
    held = fold(str(db.value(sql, (article_id,))))
    return told not in held and held not in told and told not in fold(arrival.reading.headline)


def _has_address(db: Connection, article_id: int, url_key: str) -> bool:
    sql = "SELECT 1 FROM article_urls WHERE article_id = ? AND url_key = ?"
    return db.value(sql, (article_id, url_key)) is not None
