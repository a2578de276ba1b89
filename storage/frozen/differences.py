"""What differs between two frozen sets, or between one and the database as it is now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from storage.connection import Connection
from storage.desk.questions import Question
from storage.exporting.columns import Kind
from storage.frozen import sources, store
from storage.frozen.digests import digest_of
from storage.frozen.records import Snapshot
from storage.frozen.thawing import TEXT_DIGEST
from storage.times import utc_now

K = TypeVar("K")
Plain = Mapping[str, Any]
Pair = tuple[Plain | None, Plain | None]
MOST_NAMED = 1_000
_UNTOLD = {"fetched_at_utc", "reader_version", "version", "story_size", "story_role"}
"""Columns that change although the article says what it said."""
_HIDDEN = "SELECT id FROM actors WHERE suppress"
_BLANK = """
SELECT article_id FROM snapshot_rows
WHERE snapshot_id IN (?, ?) AND kind = 'articles' AND row IS NULL
"""
_HIDDEN = "SELECT id FROM actors WHERE suppress"
_FATE = "SELECT CASE WHEN withdrawn THEN 'left_out' ELSE 'not_found' END FROM articles WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Differing:
    """An article that is in one of the sets only, or differs.

    `columns` are those in which it differs; `text` is its text. `fate` says why one is not found
    now: left_out (by a person), not_found (by the question any more) or erased.
    """

    article_id: int
    headline: str
    columns: tuple[str, ...] = ()
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """An actor named, or named no more, in an article of both."""

    article_id: int
    actor_id: str


@dataclass
class Some:
    """Things of one kind: how many, and the first of them."""

    number: int = 0
    first: list[Any] = field(default_factory=list)

    def add(self, one: object) -> None:
        """Count one."""
        self.number += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(one)


@dataclass
class Difference:
    """From one set to another. Mentions are those of articles of both that were not erased."""

    before: str
    after: str
    same: int = 0
    erased: int = 0
    """Articles that were erased by order from either set: nothing is said of them."""
    added: Some = field(default_factory=Some)
    gone: Some = field(default_factory=Some)
    changed: Some = field(default_factory=Some)
    mentions_added: Some = field(default_factory=Some)
    mentions_removed: Some = field(default_factory=Some)


def difference(db: Connection, one: Snapshot, other: Snapshot | None) -> Difference:
    """What differs from one set to another; None: to its question asked now."""
    found = Difference(one.name, other.name if other else store.NOW)
    blank = _blank(db, one, other)
    found.erased = len(blank)
    both: set[int] = set()
    before, after = (_told(db, "articles", one, side, blank) for side in (one, other))
    for pair in _merged(before, after, _article):
        _compare(db, found, pair, both, is_now=other is None)
    before, after = (_told(db, "mentions", one, side, blank) for side in (one, other))
    for pair in _merged(before, after, _mention):
        _compare_mentions(found, pair, both)
    return found


def question_of(snapshot: Snapshot) -> Question:
    """The question that the set answered."""
    args: dict[str, list[str]] = {}
    for name, value in snapshot.parameters:
        args.setdefault(name, []).append(value)
    return Question.of(args)


def _compare(
    db: Connection, found: Difference, pair: Pair, both: set[int], *, is_now: bool
) -> None:
    before, after = pair
    if before is None or after is None:
        row = before or after
        assert row is not None, "one of them is there"
        number, headline = int(row["article_id"]), row["headline"]
        if before is None:
            found.added.add(Differing(number, headline))
        else:
            found.gone.add(Differing(number, headline, (), _fate(db, number) if is_now else ""))
        return
    both.add(int(before["article_id"]))
    columns = _changed(before, after)
    if not columns:
        found.same += 1
        return
    found.changed.add(Differing(int(before["article_id"]), after["headline"], columns))


def _compare_mentions(found: Difference, pair: Pair, both: set[int]) -> None:
    before, after = pair
    row = before or after
    assert row is not None, "one of them is there"
    if before is None or after is None:
        named = Named(_article(row), row["actor_id"])
        if named.article_id in both:
            (found.mentions_added if before is None else found.mentions_removed).add(named)


def _changed(before: Plain, after: Plain) -> tuple[str, ...]:
    """Columns that both have: what a later Marsad tells besides is no change of the article."""
    common = [name for name in after if name in before and name not in _UNTOLD]
    different = (name for name in common if before[name] != after[name])
    return tuple("text" if name == TEXT_DIGEST else name for name in different)


def _fate(db: Connection, article_id: int) -> str:
    return str(db.value(_FATE, (article_id,)) or "erased")


def _blank(db: Connection, one: Snapshot, other: Snapshot | None) -> set[int]:
    """The articles that were erased from one of the sets: nothing may be said of them."""
    pair = (one.id, other.id if other else one.id)
    return {row["article_id"] for row in db.all(_BLANK, pair)}


def _told(
    db: Connection, kind: Kind, one: Snapshot, side: Snapshot | None, blank: set[int]
) -> Iterator[Plain]:
    """The rows of one side: a set's own, or those that the first set's question finds now.

    Of actors that are hidden by now nothing is told, whatever a set holds.
    """
    frozen = store.rows(db, side, kind) if side else ()
    kept = (json.loads(row.text) for row in frozen if row.text is not None)
    rows = kept if side else _now(db, one, kind)
    hidden = {row["id"] for row in db.all(_HIDDEN)}
    told = (row for row in rows if row.get("actor_id") not in hidden)
    return (row for row in told if _article(row) not in blank)


def _now(db: Connection, snapshot: Snapshot, kind: Kind) -> Iterator[Plain]:
    for found in sources.rows(db, kind, question_of(snapshot), utc_now()):
        row = dict(found.row)
        if kind == "articles":
            row[TEXT_DIGEST] = digest_of(str(row.pop(sources.TEXT) or ""))
        yield row


def _article(row: Plain) -> int:
    return int(row["article_id"])


def _mention(row: Plain) -> tuple[int, str]:
    return int(row["article_id"]), row["actor_id"]


def _merged(
    before: Iterable[Plain], after: Iterable[Plain], key: Callable[[Plain], Any]
) -> Iterator[Pair]:
    """Rows of both sides by their keys, in whose order both are."""
    lefts, rights = iter(before), iter(after)
    left, right = next(lefts, None), next(rights, None)
    while left is not None or right is not None:
        if right is None or (left is not None and key(left) < key(right)):
            yield left, None
            left = next(lefts, None)
        elif left is None or key(right) < key(left):
            yield None, right
            right = next(rights, None)
        else:
            yield left, right
            left, right = next(lefts, None), next(rights, None)
