"""The reference of data for docs/: columns of exports, and views for analysts, from the schema."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from storage import desk_views
from storage.database import open_database
from storage.exporting.columns import KINDS, TEXTS, Kind, columns, dictionary

_COMMENT = re.compile(r"CREATE VIEW (\w+) AS(?: +-- (.+))?$", re.MULTILINE)


def exports() -> str:
    """Markdown: for each kind of export, every column with its type and meaning."""
    return "\n".join(line for kind in KINDS for line in _export(kind))


def views() -> str:
    """Markdown: for each view, every column with its meaning; those of a real, empty database."""
    said = dict(_COMMENT.findall(desk_views.VIEWS))
    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "empty.db") as db:
        there = desk_views.columns(db)
    return "\n".join(line for name in there for line in _view(name, said[name], there[name]))


def view_column(view: str, name: str, language: str = "en") -> str:
    """What a column of a view holds; in English where it stands in views alone.

    Raises KeyError for one that nobody described.
    """
    own = _view_columns()
    found = own.get(f"{view}.{name}") or own.get(name)
    return found or str(dictionary()[name][language])


@lru_cache(maxsize=1)
def _view_columns() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "view_columns.toml").read_text("utf-8"))


def _export(kind: Kind) -> Iterator[str]:
    yield f"\n### {kind}\n"
    yield "| column | type | meaning |\n|---|---|---|"
    for column in columns(kind, text=kind in TEXTS):
        unit = f" ({column.unit})" if column.unit else ""
        yield f"| `{column.name}` | {column.type} | {_cell(column.en + unit)} |"


def _view(name: str, said: str, names: list[str]) -> Iterator[str]:
    yield f"\n### {name}\n"
    if said:
        yield f"{said[0].upper()}{said[1:]}.\n"
    yield "| column | meaning |\n|---|---|"
    for column in names:
        yield f"| `{column}` | {_cell(view_column(name, column))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
