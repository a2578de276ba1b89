"""Plain SQL for analysts: on the views alone, read only, with every row to be had as a file."""

from __future__ import annotations

import csv
import io
import sqlite3
import time
from dataclasses import dataclass
from typing import IO

from datasette.utils.asgi import Response

from storage import desk_views
from storage.database import Database
from storage.explorer.analysts import restrict
from storage.explorer.asking import Ask
from storage.explorer.routing import Route
from storage.explorer.streaming import Stream
from storage.formulas import BOM, neutralise

SHOWN = 500
"""Rows on the page; a file has them all."""
_LONGEST = 20_000
EXAMPLES = (
    "SELECT outlet_id, count(*) AS articles\nFROM articles_v\nGROUP BY outlet_id\n"
    "ORDER BY articles DESC",
    "SELECT actor, count(*) AS articles, sum(in_headline) AS in_headlines\nFROM mentions_v\n"
    "WHERE actor_kind != 'term'\nGROUP BY actor_id\nORDER BY articles DESC",
    "SELECT substr(date, 1, 7) AS month, outlet_id, sum(count) AS named\nFROM attention_v\n"
    "WHERE date IS NOT NULL\nGROUP BY month, outlet_id\nORDER BY month, named DESC",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave; `more` says that there are rows beyond those shown."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    more: bool = False
    error: str = ""
    milliseconds: int = 0


async def sql_page(ask: Ask) -> Response | Stream:
    """A statement and what it gives; without one, the views and their columns."""
    sql = (ask.args.get("sql") or "").strip()
    if ask.args.get("format") == "csv" and sql:
        return _file(ask, sql)
    views = await ask.read(_views)
    answer = await ask.read(lambda db: _answer(db, sql)) if sql else None
    title = ask.speaker.t("sql.title")
    return await ask.page(
        "sql.html", title=title, sql=sql, views=views, answer=answer, examples=EXAMPLES, shown=SHOWN
    )


def _file(ask: Ask, sql: str) -> Stream:
    return ask.stream(
        lambda db, out: _write(db, sql, out),
        content_type="text/csv; charset=utf-8",
        filename="marsad-sql.csv",
    )


def _views(db: Database) -> dict[str, list[str]]:
    """The columns of each view."""
    return {
        name: [row["name"] for row in db.all("SELECT name FROM pragma_table_info(?)", (name,))]
        for name in desk_views.NAMES
    }


def _answer(db: Database, sql: str) -> Answer:
    """The first rows of a statement, or why there are none, in SQLite's own words."""
    began = time.monotonic()
    if len(sql) > _LONGEST:
        return Answer(error=f"at most {_LONGEST:,} characters")
    try:
        columns, rows = _run(db, sql)
        first = [tuple(row) for row, _ in zip(rows, range(SHOWN + 1), strict=False)]
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise
        return Answer(error=str(error))
    took = round(1000 * (time.monotonic() - began))
    return Answer(columns, tuple(first[:SHOWN]), len(first) > SHOWN, milliseconds=took)


def _run(db: Database, sql: str) -> tuple[tuple[str, ...], sqlite3.Cursor]:
    """Names of the columns, and rows one by one, of a statement that sees the views alone."""
    raw = db.tables.conn
    restrict(raw)
    try:  # what a statement may do is asked once, before its first row
        cursor = raw.execute(sql)
    finally:
        raw.set_authorizer(None)
    return tuple(part[0] for part in cursor.description or ()), cursor


def _write(db: Database, sql: str, out: IO[bytes]) -> None:
    columns, rows = _run(db, sql)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()


ROUTES = (Route("/sql", sql_page),)
