"""Spreadsheets of actors for the tests: written, taken in, and exported again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from crawler.actorfiles import FILE, plan, read_lists, save
from crawler.actorrows import header, rows_of
from crawler.actorsheets import actors_in
from crawler.guide import LAYOUT
from crawler.sheetfiles import read_sheet
from crawler.sheetwriting import csv_text, excel_bytes
from crawler.workspace import Workspace

Rows = list[list[str]]

OASIS = {"id": "ma_waha", "kind": "cso", "name_en": "Oasis Friends", "form": "جمعية أصدقاء الواحة"}
PALM = {"id": "ma_nakhla", "kind": "cso", "name_fr": "Le Palmier", "form": "Association du palmier"}


def written(folder: Path, rows: Sequence[Sequence[str]], ending: str) -> Path:
    """A spreadsheet with these rows, as the export writes it."""
    path = folder / f"sheet{ending}"
    content = csv_text(rows).encode() if ending == ".csv" else excel_bytes(rows, LAYOUT)
    path.write_bytes(content)
    return path


def export(place: Workspace) -> Rows:
    """The rows of all actors of a workspace, as the export gives them."""
    return rows_of(read_lists(place).actors())


def take(place: Workspace, path: Path, into: str = FILE) -> list[str]:
    """Import a spreadsheet; gives the ids that changed."""
    lists = read_lists(place)
    sheet = read_sheet(path, "actors")
    found = actors_in(sheet, {actor.id: actor for actor in lists.actors()})
    made = plan(lists, found, sheet.name, into)
    if made.touched:
        save(made)
    return made.touched


def sheet_of(*rows: dict[str, Any]) -> Rows:
    """Rows of the columns that they name, in the order of an export."""
    named = {name for row in rows for name in row}
    columns = [name for name in header([]) if name in named] + sorted(named - set(header([])))
    return [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]


def excel(path: Path, rows: Sequence[Sequence[object]], title: str = "actors") -> Path:
    """A file as Excel saves it, with typed values."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
