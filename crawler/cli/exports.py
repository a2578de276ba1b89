"""`marsad export`: articles and mentions for Excel, R and notebooks."""

from collections.abc import Callable
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.common import WorkspaceOption, err, human_errors, open_workspace, out

app = typer.Typer(help="Write articles or mentions to a file, all rows.", no_args_is_help=True)


class Format(StrEnum):
    """The file formats of an export."""

    CSV = "csv"
    JSONL = "jsonl"


FormatOption = Annotated[Format, typer.Option("--format", help="csv or jsonl.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file (default: standard output).")
]
CountryOption = Annotated[str | None, typer.Option(help="Only outlets that cover it.")]
OutletOption = Annotated[str | None, typer.Option(help="Only this outlet.")]


@app.command()
def articles(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    outlet: OutletOption = None,
    country: CountryOption = None,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Also the full text: mind the outlets' rights.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per article, newest last; without the text unless asked for.

    Example: marsad export articles --format csv --country ma -o articles.csv
    """
    from storage.exports import Export, export_articles
    from storage.search import SearchFilters

    filters = SearchFilters(outlet=outlet, country=country)
    export = Export(format.value, filters=filters, with_text=with_text)
    _export(workspace, output, lambda db, file: export_articles(db, file, export))


@app.command()
def mentions(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    outlet: OutletOption = None,
    country: CountryOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per article and actor named in it: the unit of analysis.

    Example: marsad export mentions --format jsonl -o mentions.jsonl
    """
    from storage.exports import Export, export_mentions
    from storage.search import SearchFilters

    filters = SearchFilters(outlet=outlet, country=country)
    export = Export(format.value, filters=filters)
    _export(workspace, output, lambda db, file: export_mentions(db, file, export))


def _export(
    workspace: Path | None,
    output: Path | None,
    write: Callable[[Any, Any], int],
) -> None:
    from storage.database import open_database

    place = open_workspace(workspace)
    with human_errors():
        database = open_database(place.database, readonly=True)
        target = output.open("w", encoding="utf-8", newline="") if output else nullcontext(out.file)
        with target as file:
            number = write(database, file)
        database.close()
    err.print(f"{number} row(s) written" + (f" to {output}" if output else ""))
