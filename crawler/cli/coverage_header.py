"""Telling people how complete an answer can be: with every search, export and count."""

from typing import TYPE_CHECKING

from rich.markup import escape

from crawler.cli.common import err
from storage.bidi import with_names_isolated

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.coverage_records import CoverageSummary


def tell_coverage(found: "CoverageSummary") -> None:
    """Say on standard error who was asked, when nobody was looking, and what is held."""
    from storage.coverage_words import header

    for line in header(found):
        err.print(escape(with_names_isolated(line)))


def tell_nothing_found(found: "CoverageSummary", what: str = "nothing found") -> None:
    """Say what an empty answer means, and what it does not mean."""
    from storage.coverage_words import nothing_found

    err.print(escape(nothing_found(found, what)))
