"""Exports: articles, mentions, attention, judgements as CSV or JSON Lines, every row.

A spreadsheet runs a cell that looks like a formula. In CSV such a text gets an apostrophe in
front, and so does a text that begins with an apostrophe: `restore` takes one off and gives back
the very text, so nothing is lost. JSON Lines holds texts as they are.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TextIO

from storage import judgement_rows, research
from storage.connection import Connection
from storage.formulas import BOM, neutralise, restore
from storage.search import SearchFilters

__all__ = ["neutralise", "restore"]  # whoever reads an export looks for these here

_ARTICLE = [
    "article_id",
    "outlet_id",
    "outlet",
    "country",
    "alignment",
    "headline",
    "byline",
    "section",
    "language",
    "published_at_utc",
    "published_at_local",
    "published_day",
    "published_precision",
    "published_method",
    "modified_at_utc",
    "first_seen_at_utc",
    "fetched_at_utc",
    "url",
    "words",
    "version",
    "copy_of",
    "keep_rule",
    "text_kept",
    "text_complete",
    "reader_version",
]
_MENTION = [
    "actor_id",
    "actor",
    "actor_kind",
    "mentions",
    "in_headline",
    "surfaces",
    "labels",
    "judged",
    "comparable_since",
    "article_id",
    "outlet_id",
    "outlet",
    "country",
    "alignment",
    "headline",
    "language",
    "published_at_utc",
    "published_at_local",
    "published_day",
    "published_precision",
    "first_seen_at_utc",
    "url",
    "words",
    "copy_of",
]
_ATTENTION = [
    "outlet_id",
    "actor_id",
    "actor",
    "actor_kind",
    "date",
    "count",
    "total_count",
    "ratio",
    "comparable_since",
]
_JUDGEMENT = [
    "judgement",
    "at_utc",
    "who",
    "why",
    "kind",
    "article_id",
    "outlet_id",
    "headline",
    "url",
    "actor_id",
    "value",
    "withdraws",
    "withdrawn_by",
    "superseded_by",
    "active",
]
_IDS = ("article_id", "copy_of")


@dataclass(frozen=True, slots=True)
class Export:
    """What to export, and how. Full text leaves the database only when it is asked for.

    The format excel is CSV with a byte order mark, without which Excel garbles Arabic.
    """

    format: Literal["csv", "excel", "jsonl"] = "csv"
    query: str = ""
    filters: SearchFilters | None = None
    with_text: bool = False


def export_articles(db: Connection, out: TextIO, export: Export) -> int:
    """Write one row for each article; says how many. Open `out` with newline="".

    Raises SearchError for a query that cannot be understood, before anything is written.
    """
    rows = research.articles(db, export.query, export.filters, text=export.with_text)
    return _write(out, export, _ARTICLE, map(_exported, rows))


def export_mentions(db: Connection, out: TextIO, export: Export) -> int:
    """Write one row for each article and actor named in it; else as export_articles."""
    rows = research.mentions(db, export.query, export.filters, text=export.with_text)
    return _write(out, export, _MENTION, map(_exported, rows))


def export_attention(db: Connection, out: TextIO, export: Export) -> int:
    """Write one row for each outlet, actor it names and day; else as export_articles.

    `date` is empty where the day of publication is not known.
    """
    rows = research.attention(db, export.query, export.filters)
    since = "comparable_since"
    return _write(out, export, _ATTENTION, ({**row, since: _iso(row[since])} for row in rows))


def export_judgements(db: Connection, out: TextIO, export: Export) -> int:
    """Write one row for each judgement ever made, withdrawn ones and withdrawals too."""
    return _write(out, export, _JUDGEMENT, map(_exported_judgement, judgement_rows.rows(db)))


def _exported(row: Mapping[str, object]) -> dict[str, object]:
    """A row in the words of the export: times as ISO 8601 in UTC and outlet time, ids as text."""
    times = {
        f"{name}_utc": _iso(row[name])
        for name in ("published_at", "modified_at", "first_seen_at", "fetched_at")
    }
    if "comparable_since" in row:
        times["comparable_since"] = _iso(row["comparable_since"])
    ids = {name: None if row[name] is None else str(row[name]) for name in _IDS}
    return {**row, **times, **ids, "published_at_local": _iso(row["published_local"])}


def _exported_judgement(row: Mapping[str, object]) -> dict[str, object]:
    """Numbers as text, as in the other exports."""
    names = ("judgement", "article_id", "withdraws", "withdrawn_by", "superseded_by")
    return {**row, **{name: None if row[name] is None else str(row[name]) for name in names}}


def _iso(moment: object) -> str | None:
    """In UTC with Z, in an outlet's zone with its offset from UTC."""
    if not isinstance(moment, datetime):
        return None
    text = moment.isoformat()
    return text.removesuffix("+00:00") + "Z" if moment.tzinfo is UTC else text


def _write(
    out: TextIO, export: Export, columns: list[str], rows: Iterable[Mapping[str, object]]
) -> int:
    names = [*columns, "text"] if export.with_text else columns
    if export.format == "excel":
        out.write(BOM)
    write = _jsonl_writer(out, names) if export.format == "jsonl" else _csv_writer(out, names)
    count = 0
    for row in rows:
        write(row)
        count += 1
    return count


def _jsonl_writer(out: TextIO, names: list[str]) -> Callable[[Mapping[str, object]], None]:
    def write(row: Mapping[str, object]) -> None:
        out.write(json.dumps({name: row[name] for name in names}, ensure_ascii=False) + "\n")

    return write


def _csv_writer(out: TextIO, names: list[str]) -> Callable[[Mapping[str, object]], None]:
    # Everything quoted: read with another separator, a cell may not fall apart into two.
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    return lambda row: writer.writerow([_cell(row[name]) for name in names])


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    if isinstance(value, bool):
        return int(value)
    return neutralise(value) if isinstance(value, str) else value
