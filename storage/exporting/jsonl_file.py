"""JSON Lines: one object for each row, texts as they are, lists as lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from storage.exporting.cells import json_line
from storage.exporting.columns import Column
from storage.exporting.rows import Row

if TYPE_CHECKING:
    from storage.exporting.writers import About, Sink


class JsonlFile:
    """A JSON Lines file in UTF-8."""

    def __init__(self, sink: Sink, columns: Sequence[Column]) -> None:
        self._sink = sink
        self._names = [column.name for column in columns]

    def write(self, row: Row) -> None:
        """Write one row."""
        self._sink.text(json_line({name: row[name] for name in self._names}) + "\n")

    def finish(self, about: About) -> None:
        """What the file is stands beside it."""
