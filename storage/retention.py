"""Which captures may go by age, and the one step in which they go from the books.

What is kept beyond its age is decided here, for each record of a file: what belongs to an article
that counts for anybody, that a person has judged, or that the outlet changed, is evidence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sqlite3 import Row
from typing import Literal

from storage.connection import Connection
from storage.errors import CannotWrite, DatabaseBusy
from storage.models import CapturePlace
from storage.processes import LifeLock, Process, lives
from storage.times import decode_optional, decode_time, encode_optional, encode_time, utc_now

Beyond = Literal["matching", "none", "all"]
"""Which captures are kept beyond their age: those of articles that matter, none, or all."""

# The articles of a fetch, by its candidate and by the books: the two differ where articles of two
# addresses fell together, or where an address leads to another article by now.
_ARTICLES = """
SELECT c.article_id FROM candidates c WHERE c.id = f.candidate_id
UNION SELECT o.article_id FROM outcomes o WHERE o.candidate_id = f.candidate_id
"""
# A mention is one, also of a term, ambiguous or judged to be another's.
_MATTERS = f"""
SELECT 1 FROM articles a WHERE a.id IN ({_ARTICLES}) AND (
  a.version > 1
  OR EXISTS (SELECT 1 FROM mentions m WHERE m.article_id = a.id)
  OR EXISTS (SELECT 1 FROM judgements j WHERE j.article_id = a.id)
  OR EXISTS (SELECT 1 FROM judgements j WHERE j.other_id = a.id)
  OR EXISTS (SELECT 1 FROM edits e WHERE e.article_id = a.id)
)
"""  # noqa: S608  # put together from literals, here and below
# The capture that first showed the version of a text, where the very same was read off it.
_FIRST_SHOWN = """
SELECT g.id FROM article_versions v
JOIN articles a ON a.id = v.article_id AND a.version = v.version JOIN fetches g ON g.id = v.fetch_id
WHERE v.article_id = t.article_id AND v.content_hash = t.content_hash
  AND v.reader_version = t.reader_version AND g.capture_file IS NOT NULL
"""
# A look that found what the look before it had shown, plainly; an earlier capture of the page is
# there, and nothing was read off this one alone that is held, nor does an edit rest on it.
_IDLE_LOOK = f"""
EXISTS (
  SELECT 1 FROM outcomes o WHERE o.candidate_id = f.candidate_id AND o.fetch_id = f.id
    AND o.outcome = 'unchanged' AND o.reason = ''
) AND EXISTS (
  SELECT 1 FROM fetches g
  WHERE g.candidate_id = f.candidate_id AND g.id < f.id AND g.capture_file IS NOT NULL
) AND NOT EXISTS (
  SELECT 1 FROM article_texts t WHERE t.article_id IN ({_ARTICLES}) AND t.fetch_id = f.id
    AND NOT EXISTS ({_FIRST_SHOWN} AND g.id != f.id)
) AND NOT EXISTS (
  SELECT 1 FROM article_versions v WHERE v.article_id IN ({_ARTICLES}) AND v.fetch_id = f.id
) AND NOT EXISTS (
  SELECT 1 FROM edits e, json_each(e.evidence, '$.fetches') part
  WHERE e.article_id IN ({_ARTICLES}) AND part.value = f.id
)
"""  # noqa: S608  # of literals
_STAYS = f"""
(:before IS NULL OR f.fetched_at >= :before OR (:beyond = 'matching' AND EXISTS ({_MATTERS})))
AND NOT (:looks_before IS NOT NULL AND f.fetched_at < :looks_before AND {_IDLE_LOOK})
"""
_ONLY_TEXT = """
EXISTS (
  SELECT 1 FROM article_texts t JOIN articles a ON a.id = t.article_id
  JOIN candidates c ON c.article_id = a.id
  WHERE c.id = f.candidate_id AND t.fetch_id = f.id AND NOT a.text_kept
)
"""
# One record may have several fetches: what could not be read is read again as a new one.
_RECORDS = f"""
SELECT f.capture_offset AS at, max(f.capture_length) AS length, max({_STAYS}) AS stays,
  max({_ONLY_TEXT}) AS only_text
FROM fetches f WHERE f.capture_file = :name GROUP BY f.capture_offset ORDER BY f.capture_offset
"""  # noqa: S608  # of literals
_FILES = """
SELECT capture_file AS name, count(DISTINCT capture_offset) AS records, min(fetched_at) AS oldest
FROM fetches WHERE capture_file IS NOT NULL GROUP BY capture_file ORDER BY capture_file
"""
_MOVE = """
UPDATE fetches SET capture_file = ?, capture_offset = ?
WHERE capture_file = ? AND capture_offset = ?
"""
# What was read off a capture that goes is read off the first one that showed it from now on.
_REST = f"""
UPDATE article_texts AS t SET fetch_id = ({_FIRST_SHOWN})
WHERE t.article_id IN (
    SELECT c.article_id FROM fetches f JOIN candidates c ON c.id = f.candidate_id
    WHERE f.capture_file = :name)
  AND t.fetch_id IN (SELECT id FROM fetches WHERE capture_file = :name)
  AND EXISTS ({_FIRST_SHOWN} AND g.capture_file != :name)
"""  # noqa: S608  # of literals
_REMOVE = """
UPDATE fetches SET capture_file = NULL, capture_offset = NULL, capture_length = NULL,
  capture_removed_at = :at
WHERE capture_file = :name
"""


_DAYS = """
SELECT max(started_at) AS at FROM runs GROUP BY substr(started_at, 1, 10)
ORDER BY max(id) DESC LIMIT ?
"""
_DAYS_ASKED = 7
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaptureRule:
    """Captures fetched before a time go, but for those that are kept beyond it.

    Captures of looks that found nothing new go before their own time. None: none of these.
    """

    before: datetime | None = None
    beyond: Beyond = "matching"
    looks_before: datetime | None = None

    @property
    def newest(self) -> datetime:
        """From then on nothing goes."""
        return max(filter(None, (self.before, self.looks_before)), default=_NEVER)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of captures that fetches name; `oldest` is when its first record was fetched."""

    name: str
    records: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record of a file of captures, and whether it stays.

    `only_text` says that an article's text stands nowhere else (keep = "mentions").
    """

    offset: int
    length: int
    stays: bool
    only_text: bool


class CaptureBooks:
    """What the database says of captures, and the step that takes some out of it."""

    def __init__(self, db: Connection) -> None:
        """Commits of this connection are on the disk when they return.

        A file is removed after the commit that no longer names it: a power cut must not take
        that commit back.
        """
        self._db = db
        db.execute("PRAGMA synchronous = FULL")

    def files(self) -> list[NamedFile]:
        """Every file that fetches name, by name."""
        return [
            NamedFile(row["name"], row["records"], decode_optional(row["oldest"]))
            for row in self._db.all(_FILES)
        ]

    def records(self, name: str, rule: CaptureRule) -> list[StoredRecord]:
        """The records of a file in their order there."""
        asked = {
            "name": name,
            "before": encode_optional(rule.before),
            "beyond": rule.beyond,
            "looks_before": encode_optional(rule.looks_before),
        }
        return list(map(_record, self._db.all(_RECORDS, asked)))

    def runs(self) -> dict[int, bool]:
        """Every run of the database by number: whether it has ended, also by a kill."""
        rows = self._db.all("SELECT id, status, pid, process FROM runs")
        return {row["id"]: row["status"] != "running" or not self._lives(row) for row in rows}

    def anybody_runs(self) -> bool:
        """Whether a run is under way in any process."""
        return not all(self.runs().values())

    def last_fetch(self) -> datetime | None:
        """When something was fetched last, as far as the clock can be believed.

        Of the last seven days with runs the middle one says which time it is: what up to three
        days of a clock that ran ahead have fetched makes nothing old.
        """
        sql = "SELECT max(fetched_at) FROM fetches WHERE id > (SELECT max(id) FROM fetches) - 1000"
        last = decode_optional(self._db.value(sql))
        days = sorted(decode_time(row["at"]) for row in self._db.all(_DAYS, (_DAYS_ASKED,)))
        if last is None or len(days) < _DAYS_ASKED:
            return last
        middle = _DAYS_ASKED // 2
        return min(last, days[middle] + timedelta(days=middle))

    def thin(
        self,
        name: str,
        rule: CaptureRule,
        told: list[StoredRecord],
        into: Mapping[int, CapturePlace],
    ) -> bool:
        """Name the records that stay by their new places and the others as removed, in one step.

        `into` gives the place of each by its old offset. False, with nothing changed, where the
        books say something else by now than `told`.
        """
        with self._db.write():
            if self.records(name, rule) != told:
                return False
            self._db.executemany(_MOVE, _moves(name, into))
            self._db.execute(_REST, {"name": name})
            self._db.execute(_REMOVE, {"name": name, "at": encode_time(utc_now())})
            self._db.execute("DELETE FROM capture_files WHERE name = ?", (name,))
            self._note_file(list(into.values()))
        return True

    def _note_file(self, places: list[CapturePlace]) -> None:
        if places:
            values = {
                "name": places[0].file,
                "bytes": sum(place.length for place in places),
                "records": len(places),
                "thinned_at": encode_time(utc_now()),
            }
            self._db.upsert("capture_files", ("name",), values)

    def _lives(self, run: Row) -> bool:
        process = Process(run["pid"], run["process"])
        return lives(process, LifeLock(self._db.path, f"run-{run['id']}"))


def _moves(name: str, into: Mapping[int, CapturePlace]) -> Iterable[tuple[str, int, str, int]]:
    return ((place.file, place.offset, name, offset) for offset, place in into.items())


def _record(row: Row) -> StoredRecord:
    return StoredRecord(row["at"], row["length"], bool(row["stays"]), bool(row["only_text"]))


@dataclass(frozen=True, slots=True)
class FreePages:
    """How much of the database's file is free inside it, in bytes."""

    free: int
    whole: int

    @property
    def share(self) -> float:
        """Free of the whole."""
        return self.free / self.whole if self.whole else 0.0


def free_pages(db: Connection) -> FreePages:
    """How much of the file holds nothing."""
    page, free, whole = (
        db.value(f"PRAGMA {name}") for name in ("page_size", "freelist_count", "page_count")
    )
    return FreePages(free * page, whole * page)


def vacuum(db: Connection) -> None:
    """Write the database anew without its free pages; whole or not at all, also under a kill.

    It takes twice its size on the disk for a while: once beside it ($SQLITE_TMPDIR), since in
    memory it would be too much for a small machine, and once in its log. Raises CannotWrite,
    and DatabaseBusy where somebody writes meanwhile.
    """
    db.execute("PRAGMA temp_store = FILE")
    try:
        db.execute("VACUUM")
    except sqlite3.OperationalError as wrong:
        if wrong.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DatabaseBusy(db.path) from wrong
        raise CannotWrite(db.path, str(wrong)) from wrong
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
