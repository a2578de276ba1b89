"""Exports as CSV or JSON Lines: articles, mentions, attention, stories, edits, coverage and more.

Every row is written. A spreadsheet runs a cell that looks like a formula. In CSV such a text gets
an apostrophe in front, and so does a text that begins with an apostrophe: `restore` takes one off
and gives back the very text, so nothing is lost. JSON Lines holds texts as they are.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal, TextIO

from storage import judgement_rows, research, story_list
from storage.connection import Connection
from storage.coverage_rows import COLUMNS as COVERAGE
from storage.edits import EditFilters, EditStore
from storage.formulas import BOM, neutralise, restore
from storage.search import SearchFilters
from storage.story_list import Story, StoryFilters

__all__ = ["neutralise", "restore"]  # whoever reads an export looks for these here

Format = Literal["csv", "excel", "jsonl"]
FORMATS: Mapping[str, Format] = {"csv": "csv", "excel": "excel", "jsonl": "jsonl"}
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
    "story_id",
    "story_size",
    "story_role",
    "credit",
    "appeared_at_utc",
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
    "story_id",
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
    "stories",
    "total_stories",
    "story_ratio",
]
_STORY = [
    "story_id",
    "articles",
    "outlets",
    "first_at_utc",
    "last_at_utc",
    "origin",
    "origin_name",
    "origin_known_by",
    "origin_article",
    "headline",
    "languages",
    "outlet_ids",
    "article_ids",
]
_EDIT = [
    "edit",
    "kind",
    "since_utc",
    "at_utc",
    "actor_id",
    "actor",
    "actor_kind",
    "before",
    "after",
    "article_id",
    "version",
    "outlet_id",
    "outlet",
    "country",
    "alignment",
    "headline",
    "language",
    "url",
    "published_day",
    "story_id",
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
    "other_id",
]
_IDS = ("article_id", "copy_of", "story_id")


@dataclass(frozen=True, slots=True)
class Export:
    """What to export, and how. Full text leaves the database only when it is asked for.

    The format excel is CSV with a byte order mark, without which Excel garbles Arabic.
    """

    format: Format = "csv"
    query: str = ""
    filters: SearchFilters | None = None
    with_text: bool = False
    per_outlet: bool = True  # attention: for each outlet, or all of them as one


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

    `date` is empty where the day of publication is not known, `outlet_id` where all outlets are
    counted as one.
    """
    rows = research.attention(db, export.query, export.filters, per_outlet=export.per_outlet)
    since = "comparable_since"
    return _write(out, export, _ATTENTION, ({**row, since: _iso(row[since])} for row in rows))


def export_stories(db: Connection, out: TextIO, export: Export) -> int:
    """Write one row for each story of two articles or more, of which one is found; by id.

    A story is told whole, with its articles that were not found. Else as export_articles.
    """
    wanted = StoryFilters(export.query, export.filters)
    return _write(out, export, _STORY, map(_exported_story, story_list.stories(db, wanted)))


def export_edits(
    db: Connection, out: TextIO, export: Export, filters: EditFilters | None = None
) -> int:
    """Write one row for each thing that an outlet changed, the newest first.

    With text, what the article said before and after it are two more columns.
    """
    columns = [*_EDIT, "text_before", "text_after"] if export.with_text else _EDIT
    rows = EditStore(db).plain(filters, text=export.with_text)
    return _write(out, replace(export, with_text=False), columns, map(_exported_edit, rows))


def export_judgements(db: Connection, out: TextIO, export: Export) -> int:
    """Write one row for each judgement ever made, withdrawn ones and withdrawals too."""
    return _write(out, export, _JUDGEMENT, map(_exported_judgement, judgement_rows.rows(db)))


def write_coverage(
    rows: Iterable[Mapping[str, object]],
    out: TextIO,
    format: Format = "csv",
) -> int:
    """Write rows of storage.coverage_rows, one per outlet and day; else as export_articles."""
    return _write(out, Export(format), list(COVERAGE), rows)


def _exported(row: Mapping[str, object]) -> dict[str, object]:
    """A row in the words of the export: times as ISO 8601 in UTC and outlet time, ids as text."""
    times = {
        f"{name}_utc": _iso(row[name])
        for name in ("published_at", "modified_at", "first_seen_at", "fetched_at", "appeared_at")
    }
    if "comparable_since" in row:
        times["comparable_since"] = _iso(row["comparable_since"])
    ids = {name: None if row[name] is None else str(row[name]) for name in _IDS}
    return {**row, **times, **ids, "published_at_local": _iso(row["published_local"])}


def _exported_story(story: Story) -> dict[str, object]:
    origin = None if story.origin_article is None else str(story.origin_article)
    return {
        **asdict(story),
        "story_id": str(story.id),
        "outlets": len(story.outlets),
        "outlet_ids": list(story.outlets),
        "articles": len(story.articles),
        "article_ids": [str(number) for number in story.articles],
        "languages": list(story.languages),
        "origin_article": origin,
        "first_at_utc": _iso(story.first_at),
        "last_at_utc": _iso(story.last_at),
    }


def _exported_edit(row: Mapping[str, object]) -> dict[str, object]:
    """Numbers as text, as in the other exports."""
    ids = {name: str(row[name]) for name in ("edit", "article_id", "story_id")}
    return {**row, **ids, "since_utc": _iso(row["since"]), "at_utc": _iso(row["at"])}


def _exported_judgement(row: Mapping[str, object]) -> dict[str, object]:
    """Numbers as text, as in the other exports."""
    names = ("judgement", "article_id", "withdraws", "withdrawn_by", "superseded_by", "other_id")
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
    if isinstance(value, dict):
        value = [f"{name} {number}" for name, number in value.items()]
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    if isinstance(value, bool):
        return int(value)
    return neutralise(value) if isinstance(value, str) else value
