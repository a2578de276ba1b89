"""What of an archive an earlier program made, and today's would make otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage.actors import forms_digest
from storage.connection import Connection
from storage.database import open_database
from storage.errors import OlderSchema
from storage.models import Actor
from storage.processes import LifeLock, Process, lives
from storage.rows import dump
from storage.text import FOLD_VERSION

_RUNNING = "SELECT id, pid, process FROM runs WHERE status = 'running' ORDER BY id"
_OF_RECORD = (
    "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND name IN ('articles', 'article_versions', 'fetches', 'outcomes', 'judgements')"
)
_FORMS = (
    "SELECT id, forms_digest, watched_since FROM actors "
    "WHERE id IN (SELECT value FROM json_each(?))"
)
# Both counts are answered from an index alone.
_KEPT_BEFORE = (
    "SELECT (SELECT count(*) FROM articles WHERE matched_at < :until)"
    " - (SELECT count(*) FROM articles WHERE matched_at < :until AND NOT text_kept)"
)
# Whatever was matched since the first pass with today's matcher was matched with it.
_MATCHED_SINCE = (
    "SELECT min(started_at) FROM jobs WHERE name = :job AND substr(key, -length(:recipe)) = :recipe"
)
_MADE_OTHERWISE = """
SELECT EXISTS (
  SELECT 1 FROM articles a CROSS JOIN article_texts t ON t.article_id = a.id
  WHERE a.matched_at < :until AND a.text_kept
    AND (t.reader_version != :reader OR t.fold_version != :fold)
)
"""
_FOR_EVER = "9999"


def is_there(database: Path) -> bool:
    """Whether there is a database, and not only an empty file."""
    return database.is_file() and database.stat().st_size > 0


def pending(database: Path) -> tuple[str, ...]:
    """The steps of the schema that a database lacks; none where there is no database.

    Raises NotOurDatabase and NewerSchema.
    """
    if not is_there(database):
        return ()
    try:
        # Writable, so that what a kill left half-written is rolled back; nothing is written.
        open_database(database).tables.close()
    except OlderSchema as older:
        return older.pending
    return ()


def living_runs(database: Path) -> list[int]:
    """The runs whose process is at work, in a database of whatever schema."""
    with Connection(database, readonly=True) as db:
        return [
            row["id"]
            for row in db.all(_RUNNING)
            if lives(Process(row["pid"], row["process"]), LifeLock(database, f"run-{row['id']}"))
        ]


def rows_of_record(database: Path) -> dict[str, int]:
    """How many rows the tables have that nothing could make again, whatever the schema."""
    with Connection(database, readonly=True) as db:
        there = [row["name"] for row in db.all(_OF_RECORD)]
        counts = "SELECT count(*) FROM {}"
        return {name: db.value(counts.format(name)) for name in there}  # names of _OF_RECORD


def is_unmatched(db: Connection, actors: Sequence[Actor]) -> bool:
    """Whether some text that is kept was not matched with the present forms of these actors."""
    rows = db.all(_FORMS, (dump([actor.id for actor in actors]),))
    known = {row["id"]: row["forms_digest"] for row in rows}
    if any(known.get(actor.id) != forms_digest(actor) for actor in actors):
        return _kept_before(db, _FOR_EVER)
    return _kept_before(db, max((row["watched_since"] for row in rows), default=""))


def is_matched_otherwise(db: Connection, job: str, recipe: str, reader: str) -> bool:
    """Whether some text that is kept was matched by another matcher than that of `reader`.

    `recipe` is what the keys of passes by today's matcher end with, `job` how passes are called.
    """
    first = db.value(_MATCHED_SINCE, {"job": job, "recipe": recipe})
    wanted = {"until": first or _FOR_EVER, "reader": reader, "fold": FOLD_VERSION}
    return bool(db.value(_MADE_OTHERWISE, wanted))


def is_read_otherwise(db: Connection, reader: str) -> bool:
    """Whether some article was read off its page by another reader than this one."""
    sql = "SELECT EXISTS (SELECT 1 FROM article_texts WHERE reader_version != ?)"
    return bool(db.value(sql, (reader,)))


def _kept_before(db: Connection, until: str) -> bool:
    return bool(db.value(_KEPT_BEFORE, {"until": until}))
