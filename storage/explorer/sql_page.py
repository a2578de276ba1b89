"""Plain SQL for analysts: on the views alone, read only, with every row to be had as a file."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import IO, Any

from datasette.utils.asgi import Response

from storage import desk_views
from storage.explorer import analysts
from storage.explorer.analysts import AnalystError
from storage.explorer.asking import Ask
from storage.explorer.routing import Route
from storage.explorer.streaming import Stream
from storage.exporting.reference import view_column
from storage.formulas import BOM, row_writer

SHOWN = 500
"""Rows on the page; a file has them all."""
EXAMPLES = (
    "SELECT outlet_id, count(*) AS articles\nFROM articles_v\nGROUP BY outlet_id\n"
    "ORDER BY articles DESC",
    "SELECT actor, count(*) AS articles, sum(in_headline) AS in_headlines\nFROM mentions_v\n"
    "WHERE actor_kind != 'term'\nGROUP BY actor_id\nORDER BY articles DESC",
    "SELECT substr(date, 1, 7) AS month, outlet_id, sum(count) AS named\nFROM attention_v\n"
    "WHERE date IS NOT NULL\nGROUP BY month, outlet_id\nORDER BY month, named DESC",
)


async def sql_page(ask: Ask) -> Response | Stream:
    """A statement and what it gives; without one, the views and their columns."""
    sql = (ask.args.get("sql") or "").strip()
    title = ask.speaker.t("sql.title")
    table, error = None, ""
    try:
        if sql and ask.args.get("format") == "csv":
            return await _file(ask, sql)
        if sql:
            table = await ask.read(lambda db: analysts.answer(db.path, sql, rows=SHOWN))
    except AnalystError as wrong:
        error = str(wrong)
    context: dict[str, Any] = {"sql": sql, "table": table, "error": error, "examples": EXAMPLES}
    context["meaning"] = partial(view_column, language=ask.language)
    return await ask.page(
        "sql.html", title=title, views=await ask.read(desk_views.columns), **context
    )


async def _file(ask: Ask, sql: str) -> Stream:
    """Every row; a statement that cannot be answered is told before a file begins."""
    await ask.read(lambda db: next(analysts.each(db.path, sql)))
    return ask.stream(
        lambda db, out: _write(db.path, sql, out),
        content_type="text/csv; charset=utf-8",
        filename="marsad-sql.csv",
    )


def _write(path: Path, sql: str, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    text.write(BOM)
    write = row_writer(text)
    for row in analysts.each(path, sql):
        write(row)
    text.flush()
    text.detach()


ROUTES = (Route("/sql", sql_page),)
