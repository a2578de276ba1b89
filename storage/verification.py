"""Whether what is stored is still what was stored: structure, texts, and what captures should be.

A flipped bit in a text leaves a sound database: SQLite's own check misses half of them. So every
text is compared with the digest that was stored with it. Texts are read as bytes: damaged ones may
be no UTF-8 any more.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Row

from storage.connection import Connection
from storage.errors import NotOurDatabase, StorageError
from storage.models import CapturePlace
from storage.times import decode_time, encode_time, utc_now

_BATCH = 500
_STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""
_IDS = "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?"
_WORDS = """
SELECT a.id, a.outlet_id, a.version, a.text_kept, t.content_hash,
       CAST(a.headline AS BLOB) AS headline, CAST(t.text AS BLOB) AS text
FROM articles a LEFT JOIN article_texts t ON t.article_id = a.id
WHERE a.id BETWEEN ? AND ?
"""
_VERSIONS = """
SELECT v.article_id AS id, v.version, v.content_hash,
       CAST(v.headline AS BLOB) AS headline, CAST(v.text AS BLOB) AS text
FROM article_versions v WHERE v.article_id BETWEEN ? AND ?
"""
_FILES = """
SELECT f.capture_file AS name, count(*) AS records, json_group_array(DISTINCT f.run_id) AS runs,
       max(k.verified_at) AS verified_at
FROM fetches f LEFT JOIN capture_files k ON k.name = f.capture_file
WHERE f.capture_file IS NOT NULL
GROUP BY f.capture_file
HAVING sum(f.run_id IN (SELECT id FROM runs WHERE status = 'running')) = 0
ORDER BY verified_at IS NOT NULL, verified_at, name
"""
_RECORDS = """
SELECT f.id, f.payload_sha256, f.fetched_at, f.capture_file, f.capture_offset, f.capture_length,
       c.outlet_id, c.article_id
FROM fetches f LEFT JOIN candidates c ON c.id = f.candidate_id
WHERE f.run_id IN (SELECT value FROM json_each(?)) AND f.capture_file = ?
ORDER BY f.capture_offset
"""
_REMOVED = """
SELECT 1 FROM fetches
WHERE id = ? AND payload_sha256 IS ? AND fetched_at = ? AND capture_removed_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class WrongText:
    """An article, or (with a version that is not the current one) what it said before."""

    article_id: int
    outlet_id: str
    version: int
    current: bool
    why: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Texts that were compared: up to which article, how many, and which are wrong."""

    up_to: int
    articles: int
    skipped: int
    wrong: tuple[WrongText, ...]


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """What a record in a file of captures should be."""

    fetch_id: int
    outlet_id: str | None
    article_id: int | None
    place: CapturePlace
    payload_sha256: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """A file of captures of runs that have ended; `runs` as the database lists them."""

    name: str
    records: int
    runs: str
    verified_at: str | None


def structure(db: Connection, until: float | None = None) -> tuple[str, ...] | None:
    """What is wrong with the database's structure, in SQLite's words; empty where nothing is.

    None where `until` (by time.monotonic) came first.
    """
    with _interrupted(db, until):
        try:
            found = [row[0] for row in db.all("PRAGMA integrity_check(20)") if row[0] != "ok"]
            for row in db.all("PRAGMA foreign_key_check")[:20]:
                found.append(f"row {row[1]} of {row[0]} names no row of {row[2]}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return None
            return (str(error),)
        except sqlite3.DatabaseError as error:
            return (str(error),)
    return tuple(found)


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Have whatever SQLite cannot read raise NotOurDatabase, which says so."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise NotOurDatabase(path, f"it is damaged: {error}") from error


@contextmanager
def _interrupted(db: Connection, until: float | None) -> Iterator[None]:
    """Have statements end with an error once the time is over."""
    if until is None:
        yield
        return
    db.tables.conn.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    finally:
        db.tables.conn.set_progress_handler(None, 0)


def texts(db: Connection, after_id: int = 0) -> Iterator[Looked]:
    """Compare every article's text and versions with their digests, by number, in batches.

    Texts that were not kept are skipped. The caller may stop between two batches.
    """
    while ids := [row["id"] for row in db.all(_IDS, (after_id, _BATCH))]:
        after_id = ids[-1]
        try:
            yield _looked(db, ids[0], after_id)
        except sqlite3.DatabaseError:  # a page of the file cannot be read: which article is it?
            yield _looked_singly(db, ids)


def count_wrong_texts(path: Path) -> int:
    """How many texts of a database are not what their digests say; 0 for an early schema."""
    with closing(Connection(path, readonly=True)) as db:
        columns = {row["name"] for row in db.all("PRAGMA table_info(articles)")}
        if "text_kept" not in columns:
            return 0
        return sum(len(looked.wrong) for looked in texts(db))


def _looked(db: Connection, first: int, last: int) -> Looked:
    rows = db.all(_WORDS, (first, last))
    kept = {row["id"]: row for row in rows if row["text_kept"]}
    wrong = [_wrong(row, row["version"], why) for row in kept.values() if (why := _why_wrong(row))]
    for version in db.all(_VERSIONS, (first, last)):
        row = kept.get(version["id"])
        if row is not None and (why := _why_wrong_version(version, row)):
            wrong.append(_wrong(row, version["version"], why))
    return Looked(last, len(kept), len(rows) - len(kept), tuple(wrong))


def _looked_singly(db: Connection, ids: list[int]) -> Looked:
    """As `_looked`, each article by itself; one that cannot be read is wrong."""
    looked: list[Looked] = []
    for number in ids:
        try:
            looked.append(_looked(db, number, number))
        except sqlite3.DatabaseError as error:
            lost = WrongText(number, "", 0, True, f"cannot be read: {error}")
            looked.append(Looked(number, 1, 0, (lost,)))
    return Looked(
        ids[-1],
        sum(one.articles for one in looked),
        sum(one.skipped for one in looked),
        tuple(wrong for one in looked for wrong in one.wrong),
    )


def _wrong(row: Row, version: int, why: str) -> WrongText:
    return WrongText(row["id"], row["outlet_id"], version, version == row["version"], why)


def _why_wrong(row: Row) -> str:
    if row["content_hash"] is None:
        return "its text is gone"
    return "" if _digest(row) == row["content_hash"] else "not the words that were stored"


def _why_wrong_version(version: Row, article: Row) -> str:
    """A version keeps its own words; the current one's stand with the article."""
    if version["text"] is None:
        same = all(version[name] == article[name] for name in ("headline", "content_hash"))
        return "" if same else "not the headline or digest of its article"
    unkept = version["text"] == b""
    whole = unkept or _digest(version) == version["content_hash"]
    return "" if whole else "not the words that were stored"


def _digest(row: Row) -> str:
    return hashlib.sha256(row["headline"] + b"\n" + row["text"]).hexdigest()


# ---------------------------------------------------------------- captures


def capture_files(db: Connection) -> list[CaptureFile]:
    """The files of captures of runs that have ended, the one verified longest ago first."""
    return [
        CaptureFile(row["name"], row["records"], row["runs"], row["verified_at"])
        for row in db.all(_FILES)
    ]


def records_in(db: Connection, file: CaptureFile) -> list[CaptureRecord]:
    """What should be in a file, by place; what retention removed is not there any more."""
    return [
        CaptureRecord(
            row["id"],
            row["outlet_id"],
            row["article_id"],
            CapturePlace(row["capture_file"], row["capture_offset"], row["capture_length"]),
            row["payload_sha256"],
            decode_time(row["fetched_at"]),
        )
        for row in db.all(_RECORDS, (file.runs, file.name))
    ]


def removed(path: Path, records: Iterable[CaptureRecord]) -> set[int]:
    """Of these, the fetches whose captures retention has removed, as another database knows.

    None where that one cannot be read, or is not a later state of the same.
    """
    with (
        suppress(StorageError, sqlite3.DatabaseError),
        closing(Connection(path, readonly=True)) as db,
    ):
        return {
            one.fetch_id
            for one in records
            if db.one(_REMOVED, (one.fetch_id, one.payload_sha256, encode_time(one.fetched_at)))
        }
    return set()


def note_verified(db: Connection, file: CaptureFile, size: int, wrong: int, at: datetime) -> None:
    """Keep that a file was looked at from end to end, and how many records were wrong."""
    values = {"name": file.name, "bytes": size, "records": file.records, "wrong": wrong}
    with db.write():
        db.upsert("capture_files", ("name",), {**values, "verified_at": encode_time(at)})


def move_captures(db: Connection, places: Mapping[int, CapturePlace | None]) -> None:
    """Note where the captures of fetches lie now; None: retention has removed them."""
    removed_at = encode_time(utc_now())
    with db.write():
        for fetch_id, place in places.items():
            values: dict[str, object] = {
                "capture_file": place and place.file,
                "capture_offset": place and place.offset,
                "capture_length": place and place.length,
                "capture_removed_at": None if place else removed_at,
            }
            db.update("fetches", fetch_id, values)
