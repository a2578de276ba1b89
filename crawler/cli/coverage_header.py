"""Telling people how complete an answer can be: with every search, export and count."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from crawler.cli.common import err
from storage.bidi import with_names_isolated

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.coverage_records import CoverageSummary

BESIDE = ".coverage.json"
"""What the name of a file ends with that says how complete the file beside it can be."""


def tell_coverage(found: "CoverageSummary") -> None:
    """Say on standard error who was asked, when nobody was looking, and what is held."""
    from storage.coverage_words import header

    for line in header(found):
        err.print(escape(with_names_isolated(line)))


def tell_nothing_found(found: "CoverageSummary", what: str = "nothing found") -> None:
    """Say what an empty answer means, and what it does not mean."""
    from storage.coverage_words import nothing_found

    err.print(escape(nothing_found(found, what)))


def write_beside(output: Path, rows: int, found: "CoverageSummary") -> Path:
    """Write the coverage of an exported file beside it, and give the path of what was written.

    A table stays a clean table: notes in its first lines would be rows to Excel and pandas.
    """
    import json
    from dataclasses import asdict

    from crawler.private import write_file
    from storage.coverage_words import header

    told = {"file": output.name, "rows": rows, "header": header(found), **asdict(found)}
    path = output.with_name(output.name + BESIDE)
    write_file(path, json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n")
    return path
