"""CSV: for programs, and for the Excel of a language.

A spreadsheet runs a cell that looks like a formula, so such a text gets an apostrophe in front, and
so does a text that begins with an apostrophe: `restore` takes one off and gives back the very text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from storage.exporting.cells import plain
from storage.exporting.columns import Column
from storage.exporting.orders import Excel
from storage.exporting.rows import Row
from storage.formulas import BOM, neutralise

if TYPE_CHECKING:
    from storage.exporting.writers import About, Sink

# What Windows sets for the language: with another separator Excel shows one column, and a number
# with another decimal sign is a text, or a date. Arabic: as in Iraq, Bahrain, Saudi Arabia.
SEPARATORS: Mapping[Excel, str] = {"fr": ";", "en": ",", "ar": ";"}
DECIMALS: Mapping[Excel, str] = {"fr": ",", "en": ".", "ar": "."}
# Excel takes "3-4" and "3 mars" for days, "007" for 7 and "true" for a truth value (each in the
# words of its language), and the text is lost.
_LIKE_FIGURES = re.compile(
    r"\d[\w\s.,:/'%-]{0,30}|\.\d+|true|false|vrai|faux|صواب|خطأ", re.IGNORECASE
)


class _Piece:
    """What csv writes to: keeps the line until it is sent."""

    def __init__(self, sink: Sink) -> None:
        self.write = sink.text


class CsvFile:
    """A CSV in UTF-8, every cell quoted: read with another separator, none may fall apart."""

    def __init__(
        self,
        sink: Sink,
        columns: Sequence[Column],
        excel: Excel | None = None,
        fitting: Callable[[Row], Row] | None = None,
    ) -> None:
        self._columns, self._excel = columns, excel
        self._fitting = fitting or (lambda row: row)
        if excel:
            sink.text(BOM)
        separator = SEPARATORS[excel] if excel else ","
        self._lines = csv.writer(_Piece(sink), delimiter=separator, quoting=csv.QUOTE_ALL)
        self._lines.writerow([column.name for column in columns])

    def write(self, row: Row) -> None:
        """Write one row."""
        cells = self._fitting(row)
        self._lines.writerow([self._cell(cells[one.name], one) for one in self._columns])

    def finish(self, about: About) -> None:
        """A table has no room for notes: they stand beside it."""

    def _cell(self, value: object, column: Column) -> object:
        value = plain(value)
        if isinstance(value, str):
            cell = neutralise(value)
            is_text = self._excel and column.type == "text"
            return f"'{cell}" if is_text and _LIKE_FIGURES.fullmatch(cell) else cell
        if isinstance(value, float) and self._excel:
            return repr(value).replace(".", DECIMALS[self._excel])
        return value
