"""What `search`, `export` and `snapshot create` are asked alike: filters, and what a file holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl

import typer

if TYPE_CHECKING:  # what is asked is loaded only where it is
    from storage.desk.questions import Question


class FileFormat(StrEnum):
    """The file formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"
    RIS = "ris"
    BIBTEX = "bibtex"
    CSL = "csl"


class ExcelOf(StrEnum):
    """The languages of Excel that a CSV can be written for."""

    FR = "fr"
    EN = "en"
    AR = "ar"


def _several(name: str, what: str) -> Any:
    return typer.Option(name, help=f"{what} Several times: any of them.", show_default=False)


OutletsOption = Annotated[list[str] | None, _several("--outlet", "Only this outlet.")]
CountriesOption = Annotated[
    list[str] | None, _several("--country", "Only outlets that cover it: iq, ma, bh …")
]
LanguagesOption = Annotated[list[str] | None, _several("--language", "ar, fr, en, ckb, kmr …")]
AlignmentsOption = Annotated[
    list[str] | None, _several("--alignment", "Only outlets of this alignment.")
]
ActorsOption = Annotated[
    list[str] | None, _several("--actor", "Only articles that name this actor.")
]
KindsOption = Annotated[
    list[str] | None,
    _several("--kind", "Only articles that name an actor of this kind: cso, media …"),
]
ThemesOption = Annotated[
    list[str] | None,
    _several("--theme", "Only articles that name an actor of this theme: press …"),
]
CreditsOption = Annotated[
    list[str] | None,
    _several("--credit", "Only articles that name this agency as their source: afp …"),
]
AfterOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")
]
BeforeOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last one.")
]
ExcelOption = Annotated[
    ExcelOf | None,
    typer.Option(
        "--excel",
        help="Write the CSV for the Excel of a language: fr (; and 0,25), en (, and 0.25) or "
        "ar (; and 0.25).",
    ),
]
TextOption = Annotated[
    bool, typer.Option("--with-text", help="Also the full text: mind the outlets' rights.")
]
PersonsOption = Annotated[
    bool,
    typer.Option(
        "--with-persons",
        help="Also names, written forms and labels of persons, and bylines; without it, persons "
        "stand under pseudonyms.",
    ),
]
RedactOption = Annotated[
    bool,
    typer.Option(
        "--redact", help="Pseudonyms for all watched persons, in every text; no addresses."
    ),
]


def question(
    words: str,
    several: Mapping[str, Sequence[str] | None],
    after: datetime | None,
    before: datetime | None,
    address: str = "",
) -> Question:
    """The question that a search page would ask with these words and values.

    `address` is that of such a page; what is given beside it counts instead. Raises SearchError.
    """
    from storage.desk.questions import Question

    arguments: dict[str, list[str]] = {}
    for name, value in parse_qsl(address.rpartition("?")[2]):
        arguments.setdefault(name, []).append(value)
    arguments |= {name: list(values) for name, values in several.items() if values}
    days = {"after": after, "before": before}
    arguments |= {name: [f"{day:%Y-%m-%d}"] for name, day in days.items() if day}
    return Question.of(arguments | ({"q": [words]} if words else {}))
