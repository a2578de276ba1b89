"""`marsad coverage`: where we were looking, where not, and what became of what was offered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    JsonOption,
    OnlyCountryOption,
    OutletsArgument,
    WorkspaceOption,
    day_of,
    err,
    fail,
    open_workspace,
    opened,
    out,
    print_json,
    refuse_unknown,
)
from crawler.cli.coverage_header import tell_coverage
from crawler.phrases import counted

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.coverage_records import CoverageDay, CoverageSummary
    from storage.database import Database
    from storage.search import SearchFilters
    from storage.watch_rows import GapFound


MOST_ROWS = 1_000_000
"""Rows of an Excel sheet; there are a few more."""


class Form(StrEnum):
    """How coverage is written."""

    TABLE = "table"
    XLSX = "xlsx"


AfterOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")]
BeforeOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last one.")
]
DaysOption = Annotated[bool, typer.Option("--days", help="Also a line for each day.")]
FormatOption = Annotated[
    Form,
    typer.Option(
        "--format",
        help="table; or xlsx: a workbook with days, spells and gaps. With a file, xlsx.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="The workbook's file, as coverage.xlsx.")
]


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of coverage: in short, by day, and the gaps."""

    summary: "CoverageSummary"
    days: "list[CoverageDay]"
    gaps: "list[GapFound]"


def coverage(
    outlets: OutletsArgument = None,
    country: OnlyCountryOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    days: DaysOption = False,
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where we were looking: for each outlet and day, watched, blind or not watched.

    Days are publication days in the outlet's zone. "No coverage" is a finding only where an outlet
    was watched. An outlet is blind while none of its ways (feed, sitemap, listing) told what was
    published: it could not be read, or its feed had moved on between two visits. For CSV and other
    formats see `marsad export coverage` and `marsad export gaps`.

    Examples:

      marsad coverage --after 2026-03-01 --before 2026-04-01

      marsad coverage ma_hespress --days

      marsad coverage --country bh --format xlsx -o coverage.xlsx
    """
    from storage.search import SearchFilters

    if after and before and before <= after:
        fail("--before is the day after the last one: it must be later than --after")
    chosen = SearchFilters(outlets or None, country, after=day_of(after), before=day_of(before))
    with opened(open_workspace(workspace)) as database:
        refuse_unknown(database.unknown(chosen))
        told = gather(database, chosen)
    if as_json:
        print_json(_as_json(told))
    elif form is Form.TABLE and output is None:
        _show(told, each_day=days)
    else:
        _write(told, output)


def gather(database: "Database", filters: "SearchFilters") -> Told:
    """Ask the database for coverage; ends with a message for a period of more than ten years."""
    from storage import coverage_days, watch_rows
    from storage.asked_period import asked
    from storage.coverage_summary import summary_of
    from storage.times import utc_now
    from storage.watching import period_of

    question = asked(database, filters=filters, now=utc_now(), edges=True)
    summary = summary_of(database, question)
    if question.first is None or question.last is None:
        return Told(summary, [], [])
    try:
        each = list(coverage_days.days(database, question))
    except ValueError as wrong:
        fail(f"{wrong}: choose fewer with --after and --before")
    period = period_of(question.first, question.last, "UTC")
    return Told(summary, each, watch_rows.gaps_in(database, summary.outlets, period))


def _as_json(told: Told) -> dict[str, object]:
    from storage.coverage_rows import coverage_row

    rows = [coverage_row(day) for day in told.days]
    return {"coverage": told.summary, "days": rows, "gaps": told.gaps}


def _show(told: Told, *, each_day: bool) -> None:
    from crawler.cli.coverage_view import show_days, show_gaps, show_outlets, show_reasons, strips

    if told.days:
        strips(told.days)
        out.print()
        show_outlets(told.days)
    if each_day:
        show_days(told.days)
    show_reasons(told.days)
    show_gaps(told.gaps, every=each_day)
    out.print()
    tell_coverage(told.summary)


def _write(told: Told, output: Path | None) -> None:
    """Write a workbook of all that is told."""
    from crawler.cli.coverage_sheet import workbook
    from crawler.private import write_file
    from storage.coverage_rows import coverage_row

    rows = [coverage_row(day) for day in told.days]
    if output is None or output.suffix.lower() != ".xlsx":
        fail("a workbook needs a file: -o coverage.xlsx; for CSV: `marsad export coverage`")
    if len(rows) > MOST_ROWS:
        fail(f"a sheet holds at most {MOST_ROWS:,} rows: choose fewer outlets or days")
    try:
        write_file(output, workbook(told, rows))
    except OSError as wrong:
        fail(f"{output} cannot be written: {wrong.strerror}", code=FAILED)
    tell_coverage(told.summary)
    err.print(f"{counted(len(rows), 'row')} written to {escape(str(output))}")
