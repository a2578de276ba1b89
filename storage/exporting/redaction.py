"""Who is hidden in an export: persons by default, their names everywhere in a redacted one.

A person is an actor of the kind `person`. Its pseudonym is the same in every export of a workspace:
an HMAC of its id, of which the key (`redaction.key`) stays in the workspace. Without the key nobody
can tell from a watchlist who is meant; who has it, reads the list by `marsad export key`.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.connection import Connection
from storage.errors import CannotExport
from storage.exporting.columns import Column, columns
from storage.exporting.names import Names
from storage.exporting.orders import Export
from storage.exporting.rows import Row

KEY_FILE = "redaction.key"
_DIGITS = 12
"""Of a pseudonym: among 100,000 persons two would have the same one in a case of 60,000."""
_PERSONS = "SELECT id, name, suppress FROM actors WHERE kind = 'person' ORDER BY id"
_FORMS = """
SELECT f.actor_id, f.form FROM actor_forms f
JOIN actors w ON w.id = f.actor_id AND w.kind = 'person'
UNION SELECT w.id, w.name FROM actors w WHERE w.kind = 'person'
UNION SELECT m.actor_id, m.surface FROM actors w CROSS JOIN mentions m ON m.actor_id = w.id
WHERE w.kind = 'person'
"""
_AS_IS = frozenset({"id", "count", "share", "flag", "time", "local", "day", "counts"})
# Words of the program and ids: in them a name would only be a chance likeness. Whatever is not
# named here is taken for words of others.
_CODES = frozenset(
    "country alignment timezone language published_precision published_method keep_rule "
    "reader_version story_role credit origin actor_kind judged kind field rule completeness "
    "found_by way languages outlet_ids article_ids covers domains".split()
)
_ID = re.compile(r"[\w-]+")
_PIECES = frozenset({"before", "after"})
"""Columns of a concordance, which may begin or end in the middle of a name."""


def key_of(folder: Path) -> bytes:
    """The key of a workspace, made (0600) when it is first asked for.

    Raises CannotExport where there is none and none can be written, or where it is damaged.
    """
    path = folder / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as wrong:
        raise CannotExport(f"the key for pseudonyms, {path}, cannot be used: {wrong}") from wrong
    if len(key) < 32:
        raise CannotExport(f"the key for pseudonyms, {path}, is damaged: it is too short")
    return key


def _make(path: Path) -> None:
    """Write a new key whole; of two commands at once, the first one's counts."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return
    finally:
        beside.unlink()


def pseudonym(key: bytes, actor_id: str) -> str:
    """What stands for a person.

    >>> pseudonym(b"k" * 32, "iq_somebody")
    'person-23586687e331'
    """
    return f"person-{hmac.new(key, actor_id.encode(), 'sha256').hexdigest()[:_DIGITS]}"


def pseudonyms(db: Connection, key: bytes) -> Iterator[dict[str, str]]:
    """The list that tells who is meant: pseudonym, actor_id and actor; never a part of an export.

    Hidden actors are in it: their names are replaced in redacted texts too.
    """
    for row in db.execute(_PERSONS):
        yield {"pseudonym": pseudonym(key, row["id"]), "actor_id": row["id"], "actor": row["name"]}


@dataclass(frozen=True, slots=True)
class People:
    """The persons that are watched: their ids, and every written form as (actor id, form)."""

    ids: Sequence[str]
    forms: Sequence[tuple[str, str]]


def people_of(db: Connection) -> People:
    """The persons of the watchlists as they stand, hidden ones too, with all forms ever found."""
    return People(
        ids=[row["id"] for row in db.execute(_PERSONS)],
        forms=[(row["actor_id"], row["form"]) for row in db.execute(_FORMS)],
    )


class Shield:
    """Hides from the rows of an export what it may not tell.

    `people` are the persons of another moment (default: those of now).
    """

    def __init__(
        self,
        db: Connection,
        export: Export,
        key: Callable[[], bytes],
        people: People | None = None,
    ) -> None:
        self._export = export
        self._columns = columns(export.kind, text=export.with_text)
        self._hidden: Mapping[str, str] = {}
        self._names = Names([])
        if export.with_persons:
            return
        secret, people = key(), people or people_of(db)
        self._hidden = {actor_id: pseudonym(secret, actor_id) for actor_id in people.ids}
        if export.redact:
            self._names = Names((form, self._hidden[whose]) for whose, form in people.forms)

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they may leave."""
        return iter(rows) if self._export.with_persons else map(self._row, rows)

    def actor(self, actor_id: str) -> str:
        """An actor's id, or the pseudonym that stands for it."""
        return self._hidden.get(actor_id, actor_id)

    def said(self, text: str) -> str:
        """A question as it may leave: ids of persons are pseudonyms, in a redacted export names.

        Whoever types may write an id in capitals, and a name in any order with OR between.
        """
        text = _ID.sub(lambda found: self._hidden.get(found[0].lower(), found[0]), text)
        if not self._export.redact:
            return text
        return self._names.scattered(self._names.replaced(text))

    def _row(self, row: Row) -> Row:
        actor_id = str(row.get("actor_id") or "")
        name = self._hidden.get(actor_id)
        if name is None and row.get("actor_kind") == "person":
            raise CannotExport(f"nothing is known of {actor_id}, a person in these rows")
        told = dict(row)
        if name is not None:
            told["actor_id"] = name
        if "byline" in told:
            told["byline"] = None
        for column in self._columns:
            told[column.name] = self._value(told, column, name)
        return told

    def _value(self, row: Row, column: Column, name: str | None) -> object:
        value = row[column.name]
        if value is None or column.type in _AS_IS or column.name in _CODES:
            return value
        if not self._export.redact:
            hidden = name is not None and column.personal
            return ([] if column.type == "list" else None) if hidden else value
        if column.secret:
            return None
        if name is not None and column.name in ("actor", "match", "form", "surfaces"):
            return [name] if column.type == "list" else name
        if name is not None and str(row.get("kind", "")).startswith("actor_") and column.personal:
            return name if value else value
        return self._redacted(value, torn=column.name in _PIECES)

    def _redacted(self, value: object, *, torn: bool) -> object:
        if isinstance(value, list):
            return [self._names.replaced(str(one)) for one in value]
        return self._names.replaced(value, torn=torn) if isinstance(value, str) else value


def privacy(export: Export) -> dict[str, object]:
    """What the side-car says of persons and texts."""
    if export.with_persons:
        persons = "named: this export was asked for with persons; handle it as a list of people"
    elif export.redact:
        persons = (
            "redacted: watched persons stand under pseudonyms in every text, addresses of articles "
            "and bylines are left out"
        )
    else:
        persons = (
            "pseudonyms: rows of actors of the kind person carry a pseudonym and no name, written "
            "form or label; bylines are empty; headlines and addresses stand as published"
        )
    told: dict[str, object] = {"persons": persons, "full_text": export.with_text}
    if export.redact:
        told["not_seen"] = list(_NOT_SEEN)
    return told


_NOT_SEEN = (
    "persons whom no watchlist of this workspace names: their names stand as published",
    "forms of a name that the watchlist lacks: nicknames, a family name alone, misspellings",
    "names with other words between theirs, and those written together, as in #hashtags",
    "what tells who somebody is without the name: a post, a place, a kinship, a date",
    "other watched actors (organisations, media) keep their names",
    f"a form that several watched persons share is written {'person-several'}",
)
