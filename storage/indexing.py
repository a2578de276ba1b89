"""What an article is found by: its words as the index holds them, kept in step with the index."""

from __future__ import annotations

from sqlite3 import Row
from typing import NamedTuple

from storage.connection import Connection
from storage.packed_words import COLUMNS, pack
from storage.stems import stems
from storage.text import FOLD_VERSION, fold


class Words(NamedTuple):
    """What of an article is looked into; Kurdish is indexed by its own letters."""

    headline: str
    text: str
    language: str

    @classmethod
    def of(cls, row: Row) -> Words:
        """The words of a stored article."""
        return cls(row["headline"], row["text"], row["language"])


def index(db: Connection, article_id: int, words: Words) -> None:
    """Have a new article found."""
    whole = f"{words.headline}\n{words.text}"
    row = {
        "folded": fold(whole),
        "stemmed": stems(whole, words.language),
        "headline_folded": fold(words.headline),
        "headline_stemmed": stems(words.headline, words.language),
    }
    learned = {"id": article_id, "fold_version": FOLD_VERSION, "packed": pack(**row)}
    db.insert("article_words", learned)
    db.insert("article_fts", {"rowid": article_id, **row})


def refresh(db: Connection, before: Row, words: Words) -> None:
    """Have an article found by these words, and by today's folding.

    `index_fold_version` is None where the index knows nothing of it, as in a restored backup.
    """
    if Words.of(before) == words and before["index_fold_version"] == FOLD_VERSION:
        return
    # External content: the index forgets an article only when told the very words it learned,
    # https://www.sqlite.org/fts5.html#external_content_tables
    old = db.one("SELECT * FROM article_index WHERE id = ?", (before["id"],))
    if old is not None:
        learned = {name: old[name] for name in COLUMNS}
        db.insert("article_fts", {"article_fts": "delete", "rowid": before["id"], **learned})
    db.execute("DELETE FROM article_words WHERE id = ?", (before["id"],))
    index(db, before["id"], words)
