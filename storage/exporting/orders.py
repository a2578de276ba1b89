"""What is exported and how: the kind of rows, the format, and what may leave the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from storage.concordance import WIDTH
from storage.errors import CannotExport
from storage.exporting.columns import KINDS, TEXTS, Column, Kind, columns
from storage.exporting.rows import Wanted

Format = Literal["csv", "xlsx", "jsonl", "parquet", "ris", "bibtex", "csl"]
FORMATS: tuple[Format, ...] = get_args(Format)
BIBLIOGRAPHIES: tuple[Format, ...] = ("ris", "bibtex", "csl")
"""Formats for reference managers: of articles only."""
Excel = Literal["fr", "en", "ar"]
EXCELS: tuple[Excel, ...] = get_args(Excel)
ENDINGS: Mapping[Format, str] = {
    "csv": ".csv",
    "xlsx": ".xlsx",
    "jsonl": ".jsonl",
    "parquet": ".parquet",
    "ris": ".ris",
    "bibtex": ".bib",
    "csl": ".csl.json",
}
TYPES: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "csl": "application/vnd.citationstyles.csl+json",
}


@dataclass(frozen=True, slots=True)
class Export:
    """One export. Full text and the names of persons leave only when they are asked for.

    `excel` is the language of the Excel that shall open a CSV. `redact` puts pseudonyms in the
    place of all watched persons, in every text. The rest is as for rows.
    Raises CannotExport for what does not go together.
    """

    kind: Kind = "articles"
    format: Format = "csv"
    excel: Excel | None = None
    with_text: bool = False
    with_persons: bool = False
    redact: bool = False
    per_outlet: bool = True
    width: int = WIDTH
    doubtful: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise CannotExport(f'there is no export "{self.kind}": {", ".join(KINDS)}')
        if self.format not in FORMATS or self.excel not in (None, *EXCELS):
            raise CannotExport(f"the format is one of {', '.join(FORMATS)}; excel fr, en or ar")
        if self.excel is not None and self.format != "csv":
            raise CannotExport("excel=fr, en or ar is for CSV; other formats need no such thing")
        if self.format in BIBLIOGRAPHIES and self.kind != "articles":
            raise CannotExport(f"{self.format} is a bibliography: it can be made of articles only")
        if self.with_text and self.kind not in TEXTS:
            raise CannotExport(f"{self.kind} have no full text")
        if self.redact and self.with_persons:
            raise CannotExport("redacted and with persons: choose one of the two")

    @property
    def wanted(self) -> Wanted:
        """How the rows have to be told."""
        return Wanted(self.with_text, self.per_outlet, self.width, self.doubtful)

    @property
    def has_limits(self) -> bool:
        """Whether a cell of the file may be too small for a text."""
        return self.format == "xlsx" or self.excel is not None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the file, in their order."""
        return columns(self.kind, text=self.with_text, beside=self.has_limits)

    @property
    def filename(self) -> str:
        """A name for the file."""
        return self.kind + ENDINGS[self.format]
