"""`marsad export`: all that the archive holds, for Excel, R, notebooks and bibliographies."""

import io
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    refuse_unknown,
)
from crawler.cli.comparable import tell_gaps
from crawler.cli.coverage_header import tell_coverage
from crawler.cli.question_options import (
    ActorsOption,
    AfterOption,
    AlignmentsOption,
    BeforeOption,
    CountriesOption,
    CreditsOption,
    ExcelOption,
    FileFormat,
    KindsOption,
    LanguagesOption,
    OutletsOption,
    PersonsOption,
    RedactOption,
    TextOption,
    ThemesOption,
)
from crawler.cli.question_options import question as question_of
from crawler.cli.unsettled import tell_unindexed, tell_unsettled
from crawler.phrases import counted

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.actors import Gap
    from storage.database import Database
    from storage.desk.questions import Question
    from storage.exporting.orders import Export

_A_DAY = 86_400.0
"""Seconds that the database may be read as of one instant: an export ends before."""
_NOT_OF_ARTICLES = ("coverage", "gaps", "outlets", "judgements")
_OF_PERSONS = ("articles", "mentions", "attention", "edits", "concordance")
_HIDDEN = (
    "Persons are pseudonyms and bylines are empty: `--with-persons` writes their names, "
    "`marsad pseudonyms` tells who is who."
)


class Rows(StrEnum):
    """What there is to export."""

    ARTICLES = "articles"
    MENTIONS = "mentions"
    ATTENTION = "attention"
    STORIES = "stories"
    EDITS = "edits"
    CONCORDANCE = "concordance"
    COVERAGE = "coverage"
    GAPS = "gaps"
    OUTLETS = "outlets"
    JUDGEMENTS = "judgements"


RowsArgument = Annotated[
    Rows,
    typer.Argument(
        metavar="WHAT",
        help="articles, mentions (article × actor), attention (per outlet, actor and day), "
        "stories, edits, concordance, coverage, gaps, outlets or judgements.",
        show_default=False,
    ),
]
FormatOption = Annotated[
    FileFormat,
    typer.Option(
        "--format", help="csv, xlsx, jsonl or parquet; of articles also ris, bibtex or csl."
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="The file; what it is stands beside it in FILE.about.json (default: standard output).",
    ),
]
SearchOption = Annotated[
    str,
    typer.Option("--search", "--query", help="Only what `marsad search` finds with these words."),
]
QuestionOption = Annotated[
    str,
    typer.Option(
        "--question", help="The question of a search page: its address from the ? on.", metavar="…"
    ),
]
AllOutletsOption = Annotated[
    bool, typer.Option("--all-outlets", help="Of attention: count all outlets as one.")
]
WidthOption = Annotated[
    int,
    typer.Option(min=5, max=1000, help="Of a concordance: characters on either side of the name."),
]
DoubtfulOption = Annotated[
    bool, typer.Option("--doubtful", help="Of a concordance: also mentions that are not counted.")
]


def export(
    what: RowsArgument,
    format: FormatOption = FileFormat.CSV,
    excel: ExcelOption = None,
    output: OutputOption = None,
    search: SearchOption = "",
    question: QuestionOption = "",
    outlet: OutletsOption = None,
    country: CountriesOption = None,
    language: LanguagesOption = None,
    alignment: AlignmentsOption = None,
    actor: ActorsOption = None,
    kind: KindsOption = None,
    theme: ThemesOption = None,
    credit: CreditsOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    with_text: TextOption = False,
    with_persons: PersonsOption = False,
    redact: RedactOption = False,
    all_outlets: AllOutletsOption = False,
    width: WidthOption = 40,
    doubtful: DoubtfulOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write all rows of a kind: no limit, always in the same order, the same bytes each time.

    Beside a FILE, FILE.about.json says what was asked, which outlets were asked and when nobody was
    looking, what each column means, and the SHA-256 of the file. In CSV, a text that a spreadsheet
    would run as a formula gets an apostrophe in front. A text that does not fit into a cell stands
    whole in FILE.texts.jsonl, and the column text_is_beside says so. For Excel, xlsx is the safest:
    from a CSV it may take a headline like "3-4" for a date.

    Examples:

      marsad export articles --country ma --format xlsx -o articles.xlsx

      marsad export mentions --excel fr -o mentions.csv

      marsad export attention --country bh --all-outlets -o attention.csv

      marsad export articles --search 'حقوق OR droits' --format ris -o articles.ris

      marsad export concordance --actor ma_amdh --excel ar -o amdh.csv

      marsad export mentions --redact --format jsonl -o redacted.jsonl
    """
    from storage.exporting.orders import Export

    several = {
        "outlet": outlet,
        "country": country,
        "language": language,
        "alignment": alignment,
        "actor": actor,
        "kind": kind,
        "theme": theme,
        "credit": credit,
    }
    with human_errors():
        chosen = Export(
            kind=what.value,
            format=format.value,
            excel=excel.value if excel else None,
            with_text=with_text,
            with_persons=with_persons,
            redact=redact,
            per_outlet=not all_outlets,
            width=width,
            doubtful=doubtful,
        )
        asked = question_of(search, several, after, before, question)
    _export(workspace, output, chosen, asked)


def pseudonyms(output: OutputOption = None, workspace: WorkspaceOption = None) -> None:
    """Show who stands behind the pseudonyms of exports: pseudonym, actor_id and name, as CSV.

    They are made with `redaction.key` of the workspace: whoever has that file and a watchlist can
    make this list. Never give either of them away with an export.

    Example:

      marsad pseudonyms -o /secure/place/pseudonyms.csv
    """
    from crawler.private import write_file
    from storage.exporting.redaction import key_of
    from storage.exporting.redaction import pseudonyms as list_of
    from storage.formulas import row_writer

    table = io.StringIO(newline="")
    write = row_writer(table)
    write(("pseudonym", "actor_id", "actor"))
    with opened(open_workspace(workspace)) as database:
        for row in list_of(database, key_of(database.path.parent)):
            write(row.values())
    if output is None:
        out.file.write(table.getvalue())
        return
    try:
        write_file(output, table.getvalue())
    except OSError as wrong:
        fail(f"{output} cannot be written: {wrong.strerror}", code=FAILED)


def _export(
    workspace: Path | None, output: Path | None, chosen: "Export", asked: "Question"
) -> None:
    """Write an export, and say on standard error how complete it can be."""
    from storage.coverage_summary import summary

    with opened(open_workspace(workspace)) as database, database.instant(_A_DAY):
        refuse_unknown(database.unknown(asked.filters))
        number = _write(database, output, chosen, asked)
        gaps = list(_incomparable(database, chosen, asked))
        if chosen.kind not in _NOT_OF_ARTICLES:
            tell_unsettled(database)
            tell_unindexed(database)
        coverage = summary(database, asked.query, asked.filters)
    tell_gaps(gaps)
    if chosen.kind != "judgements":
        tell_coverage(coverage)
    if chosen.kind in _OF_PERSONS and not chosen.with_persons:
        err.print(_HIDDEN)
    err.print(
        f"{counted(number, 'row')} written" + (f" to {escape(str(output))}" if output else "")
    )


def _write(database: "Database", output: Path | None, chosen: "Export", asked: "Question") -> int:
    from storage.exporting import writing

    try:
        if output is None:
            return _print(database, chosen, asked)
        return writing.write_export(database, chosen, asked, output).rows
    except OSError as wrong:
        fail(f"{output} cannot be written: {wrong.strerror}", code=FAILED)
    except ValueError as wrong:  # of a period of more than ten years
        fail(f"{wrong}: choose fewer with --after and --before")


def _print(database: "Database", chosen: "Export", asked: "Question") -> int:
    """To standard output, where there is no place for what does not fit into a cell."""
    from storage.exporting import writing
    from storage.exporting.cells import Beside

    if chosen.has_limits or chosen.format == "parquet":
        fail(f"this export needs a file: -o {chosen.filename}")
    known, rows = writing.asked(database, chosen, asked)
    with Beside() as beside:
        return writing.stream_rows(rows, chosen, _Printed(), known, beside).rows


class _Printed:
    """Standard output, as a place for bytes; what is written are whole texts in UTF-8."""

    def write(self, piece: bytes) -> object:
        return out.file.write(piece.decode())


def _incomparable(database: "Database", chosen: "Export", asked: "Question") -> "Iterable[Gap]":
    """The actors of an export whose counts do not compare over the whole archive."""
    from storage.actors import gaps
    from storage.comparable import gaps_of

    if chosen.kind in ("mentions", "attention"):
        return gaps(database).values()
    if chosen.kind in ("articles", "concordance"):
        return gaps_of(database, asked.query, asked.filters)
    return ()
