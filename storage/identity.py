"""Which article a page is of: told by its addresses, where need be with its words as witness."""

from __future__ import annotations

from dataclasses import dataclass

from storage import addresses
from storage.addresses import SAME_TEXT, SEEN, Address
from storage.article_rows import ReadAs
from storage.connection import Connection
from storage.copies import HASH_BYTES, exact_bytes, hash_bytes
from storage.models import Candidate, FetchRecord, Fingerprint, Reading
from storage.text import fold

Alias = tuple[str, str, str]
"""An address of the article: (url_key, url, kind); see `storage.addresses.Address`."""
TELLING_WORDS = 20
"""Of shorter texts, a headline says as much as the words do."""
MIN_SHARED = 0.15
"""Of the fingerprints of the shorter text, how many the longer one has when both are one article
that was edited. One word in five replaced leaves 0.34 (in texts of 300 words 0.17 at least); the
second page of an article, or another article of the same column, shares next to none."""


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

    def addresses(self) -> tuple[Address, ...]:
        """Where the page is, its own address first; proven where it was seen there."""
        candidate = self.candidate
        seen = {candidate.url, self.reading.final_url}
        kinds = {url: kind for _, url, kind in self.aliases}
        own = Address(candidate.url_key, candidate.url, kinds.get(candidate.url, "found"), True)
        others = (
            Address(key, url, kind, kind in SEEN or url in seen) for key, url, kind in self.aliases
        )
        return tuple(dict.fromkeys((own, *others)))


def known_article(db: Connection, arrival: Arrival) -> int | None:
    """The article that one of the page's addresses belongs to, its own address first.

    An address at which it was seen is the article's. One that is only claimed (rel=canonical) is
    believed where the words are the same as well: some sites claim one section page for
    everything, the first page for every page, or the address of another article.
    """
    for address in arrival.addresses():
        held = addresses.owner(db, arrival.candidate.outlet_id, address.url_key)
        if held is None or held.kind == SAME_TEXT:
            continue
        seen = address.proven and held.proven
        if seen or _same_words(db, held.article_id, arrival.reading):
            return held.article_id
    return None


def is_known(db: Connection, candidate: Candidate) -> bool:
    """Whether a candidate's address is one of an article that we hold, so need not be fetched.

    A claimed rel=canonical is only believed where the finder tells the same headline: else a wrong
    one would hide an article for ever. A page has no reason to call another article its AMP page.
    """
    held = addresses.owner(db, candidate.outlet_id, candidate.url_key)
    if held is None:
        return False
    if held.proven or held.kind != "canonical":
        return True
    told = fold(candidate.hints.headline or "")
    return bool(told) and told == fold(_headline(db, held.article_id))


def add_addresses(
    db: Connection, article_id: int, arrival: Arrival, *, same_text: bool = False
) -> None:
    """Keep all addresses of an article; those found by its words alone are not proven."""
    found = arrival.addresses()
    if same_text:
        found = tuple(Address(each.url_key, each.url, SAME_TEXT, False) for each in found)
    addresses.add(db, article_id, arrival.candidate.outlet_id, found, arrival.fetch.fetched_at)


def _same_words(db: Connection, article_id: int, reading: Reading) -> bool:
    """Whether an article has this very text, or this headline over a text that was edited."""
    row = db.one(
        "SELECT version, exact, words, hashes FROM fingerprints WHERE article_id = ?",
        (article_id,),
    )
    mark = reading.fingerprint
    if mark is not None and row is not None and exact_bytes(mark) == row["exact"]:
        return True
    if not reading.headline or fold(_headline(db, article_id)) != fold(reading.headline):
        return False
    if mark is None or row is None or row["version"] != mark.version:
        return True  # nothing to compare
    telling = min(mark.words, row["words"]) >= TELLING_WORDS
    return not telling or _shared(mark, row["hashes"]) >= MIN_SHARED


def _shared(mark: Fingerprint, hashes: bytes) -> float:
    """The part of the smaller set of fingerprints that both texts have."""
    stored = {hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)}
    ours = set(map(hash_bytes, mark.values))
    return len(stored & ours) / (min(len(stored), len(ours)) or 1)


def _headline(db: Connection, article_id: int) -> str:
    return str(db.value("SELECT headline FROM articles WHERE id = ?", (article_id,)))


def is_common_ground(db: Connection, article_id: int, arrival: Arrival) -> bool:
    """Whether this address was redirected to a page that another one led to, and neither the
    feed nor the page gives them one headline: a notice or a front page, not an article."""
    told = fold(arrival.candidate.hints.headline or "")
    if not told or _has_address(db, article_id, arrival.candidate.url_key):
        return False
    held = fold(_headline(db, article_id))
    return told not in held and held not in told and told not in fold(arrival.reading.headline)


def _has_address(db: Connection, article_id: int, url_key: str) -> bool:
    sql = "SELECT 1 FROM article_urls WHERE article_id = ? AND url_key = ?"
    return db.value(sql, (article_id, url_key)) is not None
