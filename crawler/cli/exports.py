"""`marsad export`: articles, mentions, stories, edits and more for Excel, R and notebooks."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.common import (
    OnlyCountryOption,
    OnlyOutletOption,
    WorkspaceOption,
    err,
    open_workspace,
    opened,
)
from crawler.cli.comparable import tell_gaps
from crawler.cli.coverage import AfterOption, BeforeOption
from crawler.cli.coverage_header import tell_coverage, write_beside
from crawler.cli.unsettled import tell_unindexed, tell_unsettled
from crawler.cli.whole_file import whole
from crawler.phrases import counted

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.actors import Gap
    from storage.database import Database
    from storage.exports import Export

app = typer.Typer(
    help=(
        "Write articles, mentions, attention, stories, edits, coverage or judgements, all rows.\n\n"
        "Which outlets were asked and when nobody was looking is told on standard error; beside a "
        "FILE it is written to FILE.coverage.json, so that the table stays a clean table."
    ),
    no_args_is_help=True,
)


class Format(StrEnum):
    """The file formats of an export."""

    CSV = "csv"
    EXCEL = "excel"
    JSONL = "jsonl"


FormatOption = Annotated[
    Format, typer.Option("--format", help="csv, jsonl, or excel: CSV for Excel.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file (default: standard output).")
]
QueryOption = Annotated[
    str, typer.Option("--search", help="Only what `marsad search` finds with these words.")
]


@app.command()
def articles(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    words: QueryOption = "",
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Also the full text: mind the outlets' rights.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per article, oldest first; without the text unless asked for.

    In CSV, a text that a spreadsheet would run as a formula gets an apostrophe in front.

    Examples:

      marsad export articles --format csv --country ma -o articles.csv

      marsad export articles --search 'حقوق OR droits' --format jsonl
    """
    from storage.comparable import gaps_of
    from storage.exports import export_articles

    export = _chosen(format, words, outlet, country, with_text=with_text)
    asked_for = partial(gaps_of, query=words, filters=export.filters)
    _export(workspace, output, export_articles, export, asked_for)


@app.command()
def mentions(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    words: QueryOption = "",
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per article and actor named in it, the unit of analysis.

    Names that may mean somebody else (ambiguous) are left out, unless a person judged them.
    `comparable_since`: earlier articles were not matched with the actor's present forms.

    Example:

      marsad export mentions --format jsonl -o mentions.jsonl
    """
    from storage.exports import export_mentions

    export = _chosen(format, words, outlet, country)
    _export(workspace, output, export_mentions, export, _all_gaps)


@app.command()
def attention(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    words: QueryOption = "",
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    all_outlets: Annotated[
        bool,
        typer.Option(
            "--all-outlets", help="Count all outlets as one: their one text on a day once."
        ),
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per outlet, actor it names and day: articles naming the actor, and all articles.

    Days without a mention are rows too; an empty date counts the undated articles. Generic
    words are of the kind `term`: they are no actors. `stories` and `total_stories` count what
    carries one text once within a row. Rows do not add up to stories: three outlets may carry one.

    Examples:

      marsad export attention --country bh -o attention.csv

      marsad export attention --country bh --all-outlets -o attention-of-all.csv
    """
    from storage.exports import export_attention

    export = replace(_chosen(format, words, outlet, country), per_outlet=not all_outlets)
    _export(workspace, output, export_attention, export, _all_gaps)


@app.command()
def stories(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    words: QueryOption = "",
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per text that two articles or more carry: who said it first, who carried it.

    A story is told whole when one of its articles is found. Texts that one article carries are
    no rows here: `marsad export articles` has every article with its `story_id`.

    Example:

      marsad export stories --search 'actor:ma_amdh' -o stories.csv
    """
    from storage.exports import export_stories

    _export(workspace, output, export_stories, _chosen(format, words, outlet, country))


@app.command()
def edits(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Also both texts: mind the outlets' rights.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per thing that an outlet changed after publication, the newest first.

    Each lies between two looks that we made: `since` and `at`.

    Example:

      marsad export edits --country ma --format excel -o edits.csv
    """
    from storage.edits import EditFilters
    from storage.exports import export_edits

    chosen = partial(export_edits, filters=EditFilters(outlet=outlet, country=country))
    export = replace(_chosen(format, "", outlet, country), with_text=with_text)
    _export(workspace, output, chosen, export)


@app.command()
def coverage(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per outlet and day: what was offered, and how much of the day we watched.

    Days of which we saw nothing are rows too. `marsad coverage` shows the same, and writes an
    Excel workbook with the gaps.

    Example:

      marsad export coverage --country bh --after 2026-03-01 -o coverage.csv
    """
    from crawler.cli.coverage import Form
    from crawler.cli.coverage import coverage as write

    write(
        [outlet] if outlet else None,
        country,
        after,
        before,
        False,
        Form(format.value),
        output,
        workspace,
    )


@app.command()
def judgements(
    format: FormatOption = Format.CSV,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """One row per judgement ever made, with who, when and why; withdrawn ones too.

    Example:

      marsad export judgements -o judgements.csv
    """
    from storage.exports import Export, export_judgements

    _export(workspace, output, export_judgements, Export(format.value), is_of_articles=False)


def _chosen(
    format: Format, words: str, outlet: str | None, country: str | None, *, with_text: bool = False
) -> "Export":
    from storage.exports import Export
    from storage.search import SearchFilters

    filters = SearchFilters(outlet=outlet, country=country)
    return Export(format.value, words, filters, with_text)


def _all_gaps(database: "Database") -> "Iterable[Gap]":
    from storage.actors import gaps

    return gaps(database).values()


def _export(
    workspace: Path | None,
    output: Path | None,
    write: "Callable[[Database, Any, Export], int]",
    export: "Export",
    incomparable: "Callable[[Database], Iterable[Gap]]" = lambda database: (),
    *,
    is_of_articles: bool = True,
) -> None:
    """Write an export; what is of articles says how well their outlets were watched."""
    from storage.coverage_summary import summary

    with opened(open_workspace(workspace)) as database, whole(output) as file:
        number = write(database, file, export)
        gaps = list(incomparable(database))
        coverage = summary(database, export.query, export.filters) if is_of_articles else None
        if is_of_articles:
            tell_unsettled(database)
            tell_unindexed(database)
    tell_gaps(gaps)
    if coverage is not None:
        tell_coverage(coverage)
        if output:
            write_beside(output, number, coverage)
    err.print(
        f"{counted(number, 'row')} written" + (f" to {escape(str(output))}" if output else "")
    )
