"""Exports as tests read them: a CSV with the names of persons, as dictionaries of texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from storage.connection import Connection
from storage.desk.questions import Question
from storage.exporting import writing
from storage.exporting.cells import Beside
from storage.exporting.orders import Export


def data(
    db: Connection, kind: str, question: Question | None = None, **how: Any
) -> tuple[bytes, Mapping[str, object]]:
    """The bytes of an export, and what was known of it before it was written."""
    export = Export(kind=kind, **{"with_persons": not how.get("redact")} | how)  # type: ignore[arg-type]  # a test's own words
    out = io.BytesIO()
    known, rows = writing.asked(db, export, question or Question(), lambda: b"k" * 32)
    with Beside() as beside:
        writing.stream_rows(rows, export, out, known, beside)
    return out.getvalue(), known


def exported(
    db: Connection, kind: str, question: Question | None = None, **how: Any
) -> list[dict[str, str]]:
    """The rows of a CSV."""
    raw, _ = data(db, kind, question, **how)
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
