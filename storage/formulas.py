"""What spreadsheets ask of a CSV file: texts that they would run as formulas are made harmless."""

from __future__ import annotations

# Full-width signs are formulas too to some spreadsheets; white space before one is skipped.
_STARTS = frozenset("=+-@＝＋－＠|%")
_CONTROL = frozenset("\t\r\n")
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
