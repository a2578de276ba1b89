"""Questions that are kept to be asked again, and what is new to us among their answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from urllib.parse import parse_qs, urlencode

from storage import search
from storage.bidi import harmless
from storage.connection import Connection
from storage.desk.questions import Question
from storage.errors import StorageError
from storage.reported import SearchHit
from storage.times import decode_time, encode_time

NEWEST = 50
"""Articles of a feed."""
LONGEST = 200
"""Characters of a name."""
MOST = 1_000
"""Saved searches of a workspace: nobody reads more, and a script may run wild."""
_KEY_BYTES = 24
_SAVED = """
SELECT id, name, asked, who, made_at, feed_key FROM saved_searches WHERE removed_at IS NULL
"""
_NEW = """
SELECT a.id FROM articles a WHERE 1{condition}
ORDER BY a.first_seen_at DESC, a.id DESC LIMIT :limit
"""
# A text that is new once: the copies that follow are no news to who folds them into stories. The
# first of a story is that of its earliest moment, and of the lowest number among these.
_NEW_STORIES = """
SELECT CAST(substr(min(a.first_seen_at || printf('%019d', a.id)), -19) AS INTEGER) AS id,
  min(a.first_seen_at) AS first
FROM articles a WHERE 1{condition} GROUP BY a.story_id
ORDER BY first DESC, id DESC LIMIT :limit
"""


class CannotSave(StorageError):
    """A search that is not saved; `why` is nobody, unnamed or full."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the search is not saved: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search; whoever has its key may read the feed of its new hits."""

    id: int
    name: str
    asked: str  # as in the address of the search page
    who: str
    made_at: datetime
    feed_key: str

    @property
    def question(self) -> Question:
        """What it asks. Raises SearchError."""
        return Question.of(parse_qs(self.asked))


def save(db: Connection, question: Question, name: str, *, who: str, now: datetime) -> Saved:
    """Keep a question under a name. The same one of the same person is kept once.

    Raises CannotSave, and SearchError for a question that has no answer here.
    """
    name = " ".join(harmless(name).split())[:LONGEST] or question.query[:LONGEST]
    who = " ".join(harmless(who).split())[:LONGEST]
    if not who or not name:
        raise CannotSave("unnamed" if who else "nobody")
    search.sought(db, question.query, question.filters)
    asked = urlencode(question.parameters())
    with db.write():
        same = db.one(f"{_SAVED} AND asked = ? AND name = ? AND who = ?", (asked, name, who))
        if same is not None:
            return _saved(same)
        if db.value("SELECT count(*) FROM saved_searches WHERE removed_at IS NULL") >= MOST:
            raise CannotSave("full")
        key = secrets.token_urlsafe(_KEY_BYTES)
        row = {"name": name, "asked": asked, "who": who, "feed_key": key}
        number = db.insert("saved_searches", {**row, "made_at": encode_time(now)})
    return Saved(number, name, asked, who, now.replace(microsecond=0), key)


def remove(db: Connection, number: int, now: datetime) -> bool:
    """Ask it no more, and let its feed end; says whether there was such a one."""
    sql = "UPDATE saved_searches SET removed_at = ? WHERE id = ? AND removed_at IS NULL"
    with db.write():
        return db.execute(sql, (encode_time(now), number)).rowcount > 0


def every(db: Connection) -> tuple[Saved, ...]:
    """All that are not removed, the newest first."""
    return tuple(map(_saved, db.all(f"{_SAVED} ORDER BY id DESC")))


def by_key(db: Connection, key: str) -> Saved | None:
    """The one with this key; None where there is none, or not any more."""
    row = db.one(f"{_SAVED} AND feed_key = ?", (key,))
    return None if row is None else _saved(row)


def new_hits(db: Connection, question: Question, limit: int = NEWEST) -> list[SearchHit]:
    """What a question finds, by when it was first seen by us, the latest first.

    Per story, that is the first article of each that it finds. Raises SearchError.
    """
    found = search.matching(db, question.query, question.filters)
    sql = _NEW_STORIES if question.per == "story" else _NEW
    rows = db.all(sql.format(condition=found.sql), {**found.parameters, "limit": limit})
    return search.shown(db, question.query, [row["id"] for row in rows])


def _saved(row: Row) -> Saved:
    return Saved(**{**dict(row), "made_at": decode_time(row["made_at"])})
