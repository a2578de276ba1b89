"""Freezing: the answer to a question at one instant, row by row, beside whatever crawl writes.

One read transaction sees the instant. Another connection writes what it saw in small transactions,
so that a crawl never waits for long; nobody sees the set before its digest is written at the end.
A text that changed between the instant and its row is kept as it was then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from storage.connection import Connection
from storage.database import open_database
from storage.desk.questions import Question
from storage.errors import CannotFreeze
from storage.frozen import people, sources, store
from storage.frozen.digests import Head, RootDigest, digest_of
from storage.frozen.facts import Tally, facts_of
from storage.frozen.records import KINDS, PERSONS, FrozenRow, Snapshot
from storage.frozen.thawing import TEXT_DIGEST
from storage.rows import dump
from storage.search import unknown
from storage.times import utc_now

T = TypeVar("T")
Progress = Callable[[str, int], None]
BATCH = 500
_HOURS = 6 * 3600.0
"""Longer than any set takes; an instant that is held keeps the database's log from being cut."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """What to freeze: a question, under a name, by whom and why."""

    name: str
    question: Question
    who: str
    why: str


def quiet(kind: str, rows: int) -> None:
    """Tell nobody."""


def create(db: Connection, wanted: Freeze, progress: Progress = quiet) -> Snapshot:
    """Freeze the answer to a question as it is now; `db` writes.

    Killed at any point it leaves nothing that anybody sees. Raises CannotFreeze (no name, a name
    that is taken, nobody named, no reason) and SearchError.
    """
    _check(wanted)
    store.sweep(db)
    with open_database(db.path, readonly=True) as reader, reader.instant(_HOURS):
        reader.value("SELECT max(id) FROM runs")  # the first look fixes the instant
        _refuse_unknown(reader, wanted.question)
        made_at = utc_now()
        number, lock = store.begin(db, _named(wanted, made_at))
        try:
            _Maker(reader, db, number, wanted.question).make(made_at, progress)
        except BaseException:
            store.remove_unfinished(db, number)
            raise
        finally:
            lock.remove()
    return store.find(db, wanted.name)


def _check(wanted: Freeze) -> None:
    if not wanted.who.strip():
        raise CannotFreeze("a snapshot says who made it", "who")
    if not wanted.why.strip():
        raise CannotFreeze("a snapshot says what it was made for", "why")


def _refuse_unknown(db: Connection, question: Question) -> None:
    """A slip would freeze an empty set that stays for ever."""
    if slips := unknown(db, question.filters):
        raise CannotFreeze(f"the database knows no {' and no '.join(slips)}", "unknown")


def _named(wanted: Freeze, made_at: datetime) -> store.Named:
    filters: dict[str, list[str]] = {}
    for name, value in wanted.question.parameters():
        if name not in ("q", "order", "fold"):
            filters.setdefault(name, []).append(value)
    return store.Named(
        name=wanted.name,
        query=wanted.question.query,
        filters=dump(filters),
        who=wanted.who.strip(),
        why=wanted.why.strip(),
        made_at=made_at,
    )


class _Maker:
    """Copies what the reader sees, kind by kind, and counts on the way."""

    def __init__(self, reader: Any, writer: Connection, number: int, question: Question) -> None:
        self._reader, self._writer = reader, writer
        self._number, self._question = number, question
        self._digest, self._tally = RootDigest(), Tally()

    def make(self, made_at: datetime, progress: Progress) -> None:
        """Copy everything, and have everybody see the set."""
        for kind in KINDS:
            self._copy_all(
                kind, sources.rows(self._reader, kind, self._question, made_at), progress
            )
        persons = (sources.Found(row, None) for row in people.rows(self._reader))
        self._copy_all(PERSONS, persons, quiet)
        facts = dump(facts_of(self._reader, self._question, made_at, self._tally))
        head = Head(**self._head(), facts=facts)
        store.finish(self._writer, self._number, facts, self._digest.of(head))

    def _copy_all(self, kind: str, found: Iterable[sources.Found], progress: Progress) -> None:
        position = 0
        for batch in _batches(found, BATCH):
            self._copy(kind, position, batch)
            position += len(batch)
            progress(kind, position)

    def _head(self) -> dict[str, str]:
        row = self._writer.one("SELECT * FROM snapshots WHERE id = ?", (self._number,))
        assert row is not None, "it was begun"
        return {name: row[name] for name in Head.__slots__ if name != "facts"}

    def _copy(self, kind: str, position: int, batch: list[sources.Found]) -> None:
        texts: dict[int, str] = {}
        rows = []
        for place, found in enumerate(batch, start=position):
            values = dict(found.row)
            if kind == "articles" and found.article_id is not None:
                texts[found.article_id] = said = values.pop(sources.TEXT) or ""
                values[TEXT_DIGEST] = digest_of(said)
            self._tally.add(kind, values)
            rows.append(self._row(kind, place, found.article_id, dump(values)))
        with self._writer.write():
            store.add_rows(self._writer, self._number, rows)
            if texts:
                store.keep_changed_texts(self._writer, self._number, texts)

    def _row(self, kind: str, position: int, article_id: int | None, text: str) -> FrozenRow:
        digest = digest_of(text)
        self._digest.add(kind, position, digest)
        return FrozenRow(kind, position, article_id, digest, text)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    several = iter(rows)
    while batch := list(islice(several, size)):
        yield batch
