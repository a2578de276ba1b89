"""What spreadsheets ask of the files they open: texts that they would run are made harmless."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from typing import Protocol

# Full-width signs are formulas too to some spreadsheets; white space before one is skipped.
_STARTS = frozenset("=+-@＝＋－＠|%")
_CONTROL = frozenset("\t\r\n")
_LIKE_AN_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
BOM = "\ufeff"
"""The first character by which Excel knows UTF-8; without it, Arabic comes out garbled."""


def neutralise(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `restore` gives it back.

    >>> neutralise("=1+1"), neutralise("'quoted'"), neutralise("نص")
    ("'=1+1", "''quoted'", 'نص')
    """
    start = text.lstrip()[:1]
    risky = start in _STARTS if start else False
    return f"'{text}" if risky or text[:1] in _CONTROL or text[:1] == "'" else text


def restore(cell: str) -> str:
    """The text that `neutralise` was given."""
    return cell[1:] if cell[:1] == "'" else cell


def literal(text: str) -> str:
    """A text of an Excel file in which Excel reads no escaped character.

    >>> literal("_x0041_")
    '_x005F_x0041_'
    """
    return _LIKE_AN_ESCAPE.sub(r"_x005F_x\1_", text)


class Out(Protocol):
    """Anything that takes text."""

    def write(self, piece: str, /) -> object:
        """Take some text."""


def row_writer(out: Out) -> Callable[[Iterable[object]], object]:
    """What writes rows of a CSV, one by one: every cell quoted, no text a formula."""
    lines = csv.writer(out, quoting=csv.QUOTE_ALL)
    return lambda row: lines.writerow(
        [neutralise(cell) if isinstance(cell, str) else cell for cell in row]
    )
