"""Values of an article that a person judged: written in the reader's place, which is kept beside.

A value in `overruled` is what the reader says now. It comes back when the judgement is withdrawn.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from sqlite3 import Row
from typing import Any

from storage import books, indexing
from storage.connection import Connection
from storage.models import Precision
from storage.rows import dump
from storage.times import decode_optional, encode_time, publication_day, zone

METHOD = "judgement"
UNKNOWN = "unknown"
_READ = """
SELECT a.outlet_id, a.published_at, a.published_precision, a.language, t.language_score,
       t.methods
FROM articles a JOIN article_texts t ON t.article_id = a.id WHERE a.id = ?
"""
_INDEXED = """
SELECT a.id, a.headline, a.language, t.text, x.fold_version AS index_fold_version
FROM articles a
JOIN article_texts t ON t.article_id = a.id
LEFT JOIN article_words x ON x.id = a.id
WHERE a.id = ?
"""
Value = dict[str, Any]


def restore(db: Connection, article_id: int) -> None:
    """Give the article back every value that the reader says."""
    for row in db.all("SELECT field, value FROM overruled WHERE article_id = ?", (article_id,)):
        _WRITERS[row["field"]](db, article_id, json.loads(row["value"]))
    db.execute("DELETE FROM overruled WHERE article_id = ?", (article_id,))


def judge_date(db: Connection, article_id: int, value: str) -> None:
    """Have the article published on a day or at a moment of the outlet's clocks, or `unknown`."""
    row = _read(db, article_id)
    names = ("published_at", "published_precision")
    _keep(db, article_id, "published", _said(row, names, "published_at"))
    _write_published(db, article_id, _judged_date(db, row["outlet_id"], value))


def judge_language(db: Connection, article_id: int, code: str) -> None:
    """Have the article written in a language."""
    row = _read(db, article_id)
    _keep(db, article_id, "language", _said(row, ("language", "language_score"), "language"))
    judged = {"language": code, "language_score": 1.0, "method": METHOD}
    _write_language(db, article_id, judged)


def starts_at(value: str, zone_name: str) -> datetime:
    """The first instant of a judged day or moment, on the outlet's clocks; aware, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=zone(zone_name)).astimezone(UTC)


def is_day(value: str) -> bool:
    """Whether a judged date is a day and not a moment of one."""
    return len(value) == len(date.min.isoformat())


def _judged_date(db: Connection, outlet_id: str, value: str) -> Value:
    if value == UNKNOWN:
        return {"published_at": None, "published_precision": Precision.UNKNOWN, "method": METHOD}
    precision = Precision.DAY if is_day(value) else Precision.MINUTE
    at = encode_time(starts_at(value, books.timezone_of(db, outlet_id)))
    return {"published_at": at, "published_precision": precision, "method": METHOD}


def _read(db: Connection, article_id: int) -> Row:
    row = db.one(_READ, (article_id,))
    assert row is not None, "judgements are of articles"
    return row


def _said(row: Row, names: tuple[str, ...], field: str) -> Value:
    """What the reader says of a field, and the method by which it found it."""
    method = json.loads(row["methods"]).get(field)
    return {name: row[name] for name in names} | {"method": method}


def _keep(db: Connection, article_id: int, field: str, value: Value) -> None:
    """Keep what the reader says; where it is kept already, the article holds a judged value."""
    sql = "INSERT OR IGNORE INTO overruled (article_id, field, value) VALUES (?, ?, ?)"
    db.execute(sql, (article_id, field, dump(value)))


def _write_published(db: Connection, article_id: int, value: Value) -> None:
    sql = "SELECT outlet_id FROM articles WHERE id = ?"
    zone_name = books.timezone_of(db, db.value(sql, (article_id,)))
    at, precision = value["published_at"], Precision(value["published_precision"])
    columns = {
        "published_at": at,
        "published_precision": precision,
        "published_day": publication_day(decode_optional(at), precision, zone_name),
    }
    db.update("articles", article_id, columns)
    _write_method(db, article_id, "published_at", value["method"])


def _write_language(db: Connection, article_id: int, value: Value) -> None:
    before = db.one(_INDEXED, (article_id,))
    assert before is not None, "judgements are of articles"
    db.update("articles", article_id, {"language": value["language"]})
    # An article is found by the words of its language.
    words = indexing.Words.of(before)._replace(language=value["language"])
    indexing.refresh(db, before, words)
    sql = "UPDATE article_texts SET language_score = ? WHERE article_id = ?"
    db.execute(sql, (value["language_score"], article_id))
    _write_method(db, article_id, "language", value["method"])


def _write_method(db: Connection, article_id: int, field: str, method: str | None) -> None:
    """Say where a field comes from; None where the reader named no method."""
    sql = "SELECT methods FROM article_texts WHERE article_id = ?"
    methods = json.loads(db.value(sql, (article_id,)))
    methods.pop(field, None)
    named = methods | ({field: method} if method else {})
    sql = "UPDATE article_texts SET methods = ? WHERE article_id = ?"
    db.execute(sql, (dump(named), article_id))


_WRITERS = {"published": _write_published, "language": _write_language}
