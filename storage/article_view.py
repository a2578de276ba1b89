"""One article as a person asks for it: everything we hold, as a plain dictionary."""

from __future__ import annotations

import json
from dataclasses import asdict
from sqlite3 import Row

from storage import judgement_rows
from storage.connection import Connection
from storage.edits import VERSIONS, EditFilters, EditStore, ToldEdit
from storage.times import encode_time

_ARTICLE = """
SELECT a.*, o.name AS outlet, o.country, o.alignment, o.timezone, t.*
FROM articles a
JOIN outlets o ON o.id = a.outlet_id
JOIN article_texts t ON t.article_id = a.id
WHERE a.id = ?
"""
_MENTIONS = """
SELECT m.actor_id, coalesce(c.name, m.actor_id) AS name, c.kind, m.field, m.start, m."end",
       m.surface, m.alias, m.rule, m.ambiguous, m.label, m.label_start, m.verdict, m.counted
FROM mentions m LEFT JOIN actors c ON c.id = m.actor_id
WHERE m.article_id = ? AND NOT coalesce(c.suppress, 0)
ORDER BY m.field, m.start, m.actor_id
"""
_VERSIONS = f"{VERSIONS} ORDER BY v.version"
_FOUND = """
SELECT found_by, found_in, found_at, url, hints FROM candidates
WHERE article_id = ? ORDER BY found_at, id
"""
_FETCHES = """
SELECT f.*, o.run_id AS in_run, o.outcome AS became
FROM outcomes o JOIN fetches f ON f.id = o.fetch_id
WHERE o.article_id = ? ORDER BY f.fetched_at, f.id
"""

_OVERRULED = "SELECT field, value FROM overruled WHERE article_id = ?"


def article(db: Connection, article_id: int) -> dict[str, object] | None:
    """An article with its text, mentions, versions, edits, judgements, copies and provenance.

    `overruled` is what the reader says where people judged otherwise.
    """
    row = db.one(_ARTICLE, (article_id,))
    if row is None:
        return None
    found = dict(row)
    del found["article_id"]
    found["methods"] = json.loads(row["methods"])
    for name, sql in {"mentions": _MENTIONS, "versions": _VERSIONS}.items():
        found[name] = [dict(part) for part in db.all(sql, (article_id,))]
    found["edits"] = _edits(db, article_id)
    found["judgements"] = judgement_rows.of_article(db, article_id)
    sql = "SELECT url, url_key, kind, first_seen_at FROM article_urls WHERE article_id = ?"
    found["urls"] = [dict(part) for part in db.all(f"{sql} ORDER BY kind, url", (article_id,))]
    found["overruled"] = {
        part["field"]: json.loads(part["value"]) for part in db.all(_OVERRULED, (article_id,))
    }
    found["copies"] = _copies(db, row)
    found["provenance"] = {
        "found": [_decoded(part, "hints") for part in db.all(_FOUND, (article_id,))],
        "fetches": [_decoded(part, "redirects") for part in db.all(_FETCHES, (article_id,))],
    }
    return found


def find(db: Connection, url_or_id: str) -> dict[str, object] | None:
    """The article with this id, URL (any of its variants) or url_key."""
    article_id = find_id(db, url_or_id)
    return None if article_id is None else article(db, article_id)


def find_id(db: Connection, url_or_id: str) -> int | None:
    """The id of the article with this id, URL (any of its variants) or url_key."""
    wanted = url_or_id.strip()
    # Digits of any script; 18 fit SQLite's integers, and anything longer is no id of ours.
    if wanted.isdecimal() and len(wanted) <= 18:
        found: int | None = db.value("SELECT id FROM articles WHERE id = ?", (int(wanted),))
        return found
    found = db.value(
        "SELECT article_id FROM article_urls WHERE url = :url OR url_key = :url "
        "ORDER BY url != :url, article_id",
        {"url": wanted},
    )
    return found


def _edits(db: Connection, article_id: int) -> list[dict[str, object]]:
    """What the outlet changed in it, oldest first, times as the database writes them."""
    told = EditStore(db).list(EditFilters(article=article_id))
    return [_edit(one) for one in sorted(told, key=lambda one: (one.edit.at, one.id))]


def _edit(told: ToldEdit) -> dict[str, object]:
    times = {"at": encode_time(told.edit.at), "since": encode_time(told.edit.since)}
    of_actor = {"actor": told.actor, "actor_kind": told.actor_kind}
    return {**asdict(told.edit), **times, "edit": told.id, **of_actor}


def _copies(db: Connection, row: Row) -> list[int]:
    """The other articles with word for word the same text."""
    earliest = row["copy_of"] or row["id"]
    rows = db.all(
        "SELECT id FROM articles WHERE (id = :first OR copy_of = :first) AND id != :own "
        "ORDER BY first_seen_at, id",
        {"first": earliest, "own": row["id"]},
    )
    return [copy["id"] for copy in rows]


def _decoded(row: Row, column: str) -> dict[str, object]:
    return {**dict(row), column: json.loads(row[column])}
