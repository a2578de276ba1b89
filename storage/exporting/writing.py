"""From a question to a file, its side-car and its texts: rows pass one by one."""

from __future__ import annotations

import io
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from storage.connection import Connection
from storage.desk.questions import Question
from storage.exporting.cells import Beside
from storage.exporting.orders import Export
from storage.exporting.packing import member
from storage.exporting.redaction import Shield, key_of
from storage.exporting.rows import Row, rows
from storage.exporting.sidecar import ENDING, TEXTS_ENDING, about_file, described, facts
from storage.exporting.writers import Forward, Out, Sink, check, writer_of


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many rows, and the size and SHA-256 of the file."""

    rows: int
    bytes: int
    sha256: str
    texts_beside: int = 0

    def told(self) -> dict[str, object]:
        """As the side-car says it."""
        return {
            "rows": self.rows,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "texts_beside": self.texts_beside,
        }


def write_export(
    db: Connection,
    export: Export,
    question: Question,
    target: Path,
    key: Callable[[], bytes] | None = None,
) -> Written:
    """Write all rows of a question to a file, with its side-car `FILE.about.json` next to it.

    Both take their places only when they are whole. `key` gives the workspace's key for pseudonyms
    (default: the one beside the database). Raises SearchError or CannotExport, before anything is
    written, and OSError where the file cannot be.
    """
    known, found = asked(db, export, question, key)
    return write_rows(found, export, target, known)


def asked(
    db: Connection,
    export: Export,
    question: Question,
    key: Callable[[], bytes] | None = None,
) -> tuple[dict[str, object], Iterator[Row]]:
    """The facts of an export, and its rows as they may leave. Raises as write_export does.

    For one truth, ask both from one instant of the database.
    """
    check(export)
    shield = Shield(db, export, key or (lambda: key_of(db.path.parent)))
    known = facts(db, export, question, shield)
    return known, shield.rows(rows(db, export.kind, question, export.wanted))


def write_rows(
    found: Iterable[Row], export: Export, target: Path, known: Mapping[str, object]
) -> Written:
    """Write rows that may leave as they are to a file, with a side-car of what is `known` of them.

    So frozen rows are written again: the same rows make the same bytes.
    """
    with Beside() as beside, _whole(target) as file:
        written = stream_rows(found, export, file, known, beside)
        texts_file = target.with_name(target.name + TEXTS_ENDING)
        if beside.number:
            with _whole(texts_file) as texts:
                texts.writelines(beside.lines())
        else:
            texts_file.unlink(missing_ok=True)  # of an earlier export: no text of this one
        with _whole(target.with_name(target.name + ENDING)) as about:
            about.write(about_file(export, target.name, known, written.told()).encode())
    return written


def stream_rows(
    found: Iterable[Row],
    export: Export,
    out: Out,
    known: Mapping[str, object],
    beside: Beside,
) -> Written:
    """Write rows to anything that takes bytes; what does not fit into a cell goes to `beside`."""
    sink, number = Sink(out), 0
    writer = writer_of(export, sink, beside)
    for row in found:
        writer.write(row)
        number += 1
    writer.finish(_said(export, known, number))
    return Written(number, sink.size, sink.sha256, beside.number)


def write_zip(
    found: Iterable[Row], export: Export, out: IO[bytes], known: Mapping[str, object]
) -> Written:
    """Write the file, its side-car and its texts as one ZIP, while it is sent."""
    with Beside() as beside, ZipFile(Forward(out), mode="w", compression=ZIP_DEFLATED) as pack:
        with pack.open(member(export.filename), "w", force_zip64=True) as file:
            written = stream_rows(found, export, file, known, beside)
        if beside.number:
            with pack.open(member(export.filename + TEXTS_ENDING), "w", force_zip64=True) as texts:
                texts.writelines(beside.lines())
        about = about_file(export, export.filename, known, written.told())
        pack.writestr(member(export.filename + ENDING), about)
    return written


def _said(export: Export, known: Mapping[str, object], number: int) -> dict[str, object]:
    """What a workbook says of itself: all but the time and its own hash."""
    said = {"rows": number, **described(export, known)}
    question = said.get("question")
    if isinstance(question, list):
        said["question"] = [f"{name}={value}" for name, value in question] or ["all"]
    return {
        name: json.dumps(one, ensure_ascii=False, sort_keys=True) if isinstance(one, dict) else one
        for name, one in said.items()
        if one is not None
    }


@contextmanager
def _whole(path: Path) -> Iterator[io.BufferedWriter]:
    """A file (0600) that takes its place only when it is complete: half an export misleads.

    Another command may write the same file at this moment: each has a part of its own.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
