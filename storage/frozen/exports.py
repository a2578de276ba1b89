"""Frozen rows written as files: the same set gives the same bytes for ever.

What was withdrawn since is left out and counted in the side-car, which says from which set the
file is, and by which digest that can be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from storage.connection import Connection
from storage.errors import CannotExport
from storage.exporting.cells import Beside
from storage.exporting.orders import Export
from storage.exporting.redaction import Shield, key_of
from storage.exporting.rows import Row
from storage.exporting.writing import Written, stream_rows, write_rows, write_zip
from storage.frozen.people import people_of
from storage.frozen.records import KINDS, Facts, Snapshot
from storage.frozen.thawing import Withdrawn, thawed
from storage.times import encode_time

Key = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Thawed:
    """The rows of one export, and what is known of it; whole once the rows went by."""

    known: dict[str, Any]
    rows: Iterator[Row]
    withdrawn: Withdrawn


def write(
    db: Connection, snapshot: Snapshot, export: Export, target: Path, key: Key | None = None
) -> tuple[Written, Withdrawn]:
    """Write a kind of frozen rows to a file, with its side-car next to it.

    `key` gives the workspace's key for pseudonyms (default: the one beside the database). Raises
    CannotExport before anything is written, and OSError where the file cannot be.
    """
    found = asked(db, snapshot, export, key)
    return write_rows(found.rows, export, target, found.known), found.withdrawn


def send(
    db: Connection, snapshot: Snapshot, export: Export, out: IO[bytes], key: Key, *, as_zip: bool
) -> None:
    """Write the bare file, or as one ZIP with its side-car, while it is sent."""
    found = asked(db, snapshot, export, key)
    if as_zip:
        write_zip(found.rows, export, out, found.known)
        return
    with Beside() as beside:
        stream_rows(found.rows, export, out, found.known, beside)


def asked(db: Connection, snapshot: Snapshot, export: Export, key: Key | None = None) -> Thawed:
    """The rows of an export as they may leave, and what its side-car says. Raises CannotExport."""
    check(export)
    people = people_of(db, snapshot)
    shield = Shield(db, export, key or (lambda: key_of(db.path.parent)), people)
    withdrawn = Withdrawn()
    known = _known(snapshot, export, shield)

    def rows() -> Iterator[Row]:
        yield from shield.rows(thawed(db, snapshot, export.kind, withdrawn, text=export.with_text))
        known["withdrawn"] = withdrawn.told()

    return Thawed(known, rows(), withdrawn)


def check(export: Export) -> None:
    """Raise CannotExport for what a set does not hold."""
    if export.kind not in KINDS:
        raise CannotExport(f"a snapshot holds no {export.kind}: {', '.join(KINDS)}")
    if export.with_text and export.kind != "articles":
        raise CannotExport("of a snapshot, articles have their full text, and nothing else")
    if not export.per_outlet:
        raise CannotExport("a snapshot holds attention by outlet")


def _of(snapshot: Snapshot, export: Export) -> dict[str, Any]:
    """Which set it is from, and how much of it was asked for."""
    options = ("with_text", "with_persons", "redact")
    return {
        "name": snapshot.name,
        "sha256": snapshot.digest,
        "made_at": encode_time(snapshot.made_at),
        "by": snapshot.who,
        "options": {name: getattr(export, name) for name in options},
    }


def _known(snapshot: Snapshot, export: Export, shield: Shield) -> dict[str, Any]:
    """In the words of every side-car, all of it as it was in the instant of the set."""
    facts: Facts = snapshot.facts
    versions = facts["versions"]
    return {
        "kind": export.kind,
        "question": [[name, shield.said(value)] for name, value in snapshot.parameters],
        "snapshot": _of(snapshot, export),
        "withdrawn": None,
        "coverage": facts["watched"]["header"],
        "coverage_figures": facts["watched"]["figures"],
        "articles_found": facts["rows"]["articles"],
        "stories_found": facts["stories"],
        "not_comparable": {
            shield.actor(one["actor_id"]): one["since"] for one in facts["incomparable"]
        },
        "waiting": {"for_stories": facts["unsettled"], "for_index": facts["unindexed"]},
        "software": f"marsad {versions['marsad']}",
        "schema": versions["schema"],
        "watchlists": {"actors": versions["watchlist_actors"], "digest": versions["watchlist"]},
        "reader_versions": versions["readers"],
    }
