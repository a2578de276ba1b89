"""Fingerprints, and which article is word for word a copy of which."""

from __future__ import annotations

import struct

from storage.connection import Connection
from storage.models import Fingerprint

COPY_WORDS = 20
"""A text shorter than this is no evidence of copying."""
HASH_BYTES = 6
"""Of each hash of a fingerprint, as it is stored."""
_CARRIERS = """
SELECT a.id, a.copy_of FROM fingerprints f CROSS JOIN articles a ON a.id = f.article_id
WHERE f.exact = ? AND f.words >= ? ORDER BY a.withdrawn, a.first_seen_at, a.id
"""
_UNLINK = "UPDATE articles SET copy_of = NULL WHERE id = ? AND copy_of IS NOT NULL"
_OUTDATED = """
SELECT f.article_id, t.text
FROM fingerprints f
CROSS JOIN articles a ON a.id = f.article_id
CROSS JOIN article_texts t ON t.article_id = f.article_id
WHERE f.article_id > ? AND f.version != ? AND a.text_kept
ORDER BY f.article_id LIMIT ?
"""


def exact_bytes(print_: Fingerprint) -> bytes:
    """The digest of a text as the database keeps it: as much as no two texts share by chance."""
    return bytes.fromhex(print_.exact)[:16]


def exact_digest(print_: Fingerprint | None) -> bytes | None:
    """The digest that copies share; None where the text is too short to be evidence."""
    return exact_bytes(print_) if print_ and print_.words >= COPY_WORDS else None


def hash_bytes(value: int) -> bytes:
    """One hash of a fingerprint as the database keeps it."""
    return value.to_bytes(HASH_BYTES, "big")


def write_fingerprint(db: Connection, article_id: int, print_: Fingerprint | None) -> None:
    """Keep an article's fingerprint in the place of an earlier one.

    One of the same words by the same recipe stays, and with it the article's place among stories.
    """
    known = db.one("SELECT version, exact FROM fingerprints WHERE article_id = ?", (article_id,))
    if known and print_ and tuple(known) == (print_.version, exact_bytes(print_)):
        return
    if known:
        db.execute("DELETE FROM fingerprints WHERE article_id = ?", (article_id,))
    if print_ is None:
        return
    db.insert(
        "fingerprints",
        {
            "article_id": article_id,
            "version": print_.version,
            "words": print_.words,
            "exact": exact_bytes(print_),
            "hashes": b"".join(map(hash_bytes, sorted(print_.values))),
            "slots": struct.pack(f">{len(print_.slots)}I", *sorted(print_.slots)),
        },
    )


def outdated(db: Connection, version: int, after: int, limit: int) -> list[tuple[int, str]]:
    """The next articles, by number, with a fingerprint of another recipe and a text to read."""
    return [(row["article_id"], row["text"]) for row in db.all(_OUTDATED, (after, version, limit))]


def renew(db: Connection, article_id: int, text: str, print_: Fingerprint) -> None:
    """Write the fingerprint that was made of a text, unless the article has another text by now."""
    sql = "SELECT text FROM article_texts WHERE article_id = ?"
    if db.value(sql, (article_id,)) == text:
        write_fingerprint(db, article_id, print_)


def relink_copies(db: Connection, article_id: int, exact_digests: set[bytes | None]) -> None:
    """Point every article of these texts at the earliest that carries it; a function of the set.

    One that a person left out is never the earliest while another one carries the text: who
    counts originals only would lose them all.
    """
    db.execute(_UNLINK, (article_id,))
    for exact in exact_digests - {None}:
        rows = db.all(_CARRIERS, (exact, COPY_WORDS))
        for row in rows:
            earliest = rows[0]["id"] if row["id"] != rows[0]["id"] else None
            if row["copy_of"] != earliest:
                db.update("articles", row["id"], {"copy_of": earliest})


def relink(db: Connection, article_id: int) -> None:
    """Point the carriers of an article's text at the earliest anew."""
    sql = "SELECT exact FROM fingerprints WHERE article_id = ? AND words >= ?"
    relink_copies(db, article_id, {db.value(sql, (article_id, COPY_WORDS))})
