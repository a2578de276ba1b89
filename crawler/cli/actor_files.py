"""`marsad actors export`, `import` and `add`: watchlists as spreadsheets, tried before saved."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.actors import CountryOption, KindOption
from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    print_json,
)
from crawler.phrases import counted
from crawler.workspace import Workspace, workspace_or_none

if TYPE_CHECKING:  # what reads spreadsheets and texts is imported where it is needed
    from crawler.actorfiles import Plan
    from crawler.engine.preview import Preview
    from crawler.watchlists import WatchedActor

SheetArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A spreadsheet: .xlsx (Excel) or .csv.")
]
IntoOption = Annotated[
    str, typer.Option("--into", metavar="NAME", help="Write watchlists/NAME.toml.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would come of it; save nothing.")
]
OwnOption = Annotated[
    bool, typer.Option("--own", help="Only what the workspace adds or changes itself.")
]
INTO = "actors"


def export(
    file: SheetArgument,
    country: CountryOption = None,
    kind: KindOption = None,
    own: OwnOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write actors to a spreadsheet, one row for each written form, to read, change and import.

    An Excel file has a second sheet that explains the columns.

    Examples:

      marsad actors export actors.xlsx --country ma

      marsad actors export mine.csv --own
    """
    from crawler.actorfiles import read_lists
    from crawler.actorrows import rows_of
    from crawler.guide import LAYOUT
    from crawler.private import write_file
    from crawler.sheetwriting import csv_text, excel_bytes

    if file.suffix.lower() not in (".csv", ".xlsx"):
        fail(f"{file.name} should end in .xlsx or .csv, to say what to write")
    with human_errors():
        actors = read_lists(workspace_or_none(workspace)).actors(own_only=own)
    rows = rows_of(_only(actors, country, kind))
    is_csv = file.suffix.lower() == ".csv"
    try:
        write_file(file, csv_text(rows) if is_csv else excel_bytes(rows, LAYOUT))
    except OSError as wrong:
        fail(f"{file} cannot be written: {wrong.strerror}", code=FAILED)
    number = len({row[0] for row in rows[1:]})
    forms = counted(len(rows) - 1, "written form")
    err.print(f"{counted(number, 'actor')} with {forms} written to {escape(str(file))}")


def import_(
    file: SheetArgument,
    into: IntoOption = INTO,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take actors from a spreadsheet, after showing what they would find in the archive.

    The sheet is as `export` writes it. An actor that is not in it stays as it is; of one
    that is, a form that is not in it is looked for no more. What is wrong is told all at
    once, by cell, and then nothing is saved. Without a terminal to ask on, saves only with
    --yes, and ends with 3 otherwise.

    Examples:

      marsad actors import actors.xlsx

      marsad actors import actors.csv --into partners --dry-run
    """
    from crawler.actorfiles import plan, read_lists
    from crawler.actorrows import TITLE
    from crawler.actorsheets import actors_in
    from crawler.sheetfiles import read_sheet

    place = open_workspace(workspace)
    with human_errors(), sheet_errors():
        lists = read_lists(place)
        sheet = read_sheet(file, TITLE)
        written = actors_in(sheet, {actor.id: actor for actor in lists.actors()})
        made = plan(lists, written, sheet.name, into)
    settle(place, made, yes=yes, dry_run=dry_run, as_json=as_json)


@contextmanager
def sheet_errors() -> Iterator[None]:
    """Turn what is wrong with a sheet or its file into messages and exit code 2."""
    from crawler.actorfiles import NotOurs
    from crawler.actorsheets import SheetMistakes
    from crawler.sheetfiles import SheetUnreadable

    try:
        yield
    except SheetMistakes as wrong:
        for mistake in wrong.mistakes:
            err.print(escape(str(mistake)))
        fail(f"{counted(len(wrong.mistakes), 'mistake')}; nothing was saved")
    except (SheetUnreadable, NotOurs) as wrong:
        fail(f"{wrong}; nothing was saved")


def settle(place: Workspace, made: "Plan", *, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Show what a plan would find, ask, save, and end with the exit code that says so."""
    from crawler.actorfiles import save
    from crawler.cli.actor_preview import show_preview

    if not made.touched:
        err.print(f"nothing to change: {counted(made.unchanged, 'actor')} as the watchlists say")
        if as_json:
            print_json(_document(made, None, saved=False))
        return
    found = look(place, made)
    if not as_json:
        show_preview(made, found)
    person = sys.stdin.isatty()
    saves = not dry_run and (yes or (person and typer.confirm("Save?", default=False, err=True)))
    if saves:
        with sheet_errors():
            save(made)
        err.print(
            f"saved in {escape(str(made.path))}; what is stored already is matched with it by"
        )
        err.print("  marsad actors rematch")
    else:
        err.print("nothing was saved" + ("" if dry_run or person else "; --yes saves unasked"))
    if as_json:
        print_json(_document(made, found, saved=saves))
    if not (saves or dry_run or person):
        raise typer.Exit(NEEDS_A_PERSON)


def look(place: Workspace, made: "Plan") -> "Preview":
    """What the plan's actors find in the archive, if there is one."""
    from crawler.cli.progress import steps
    from crawler.engine.preview import preview
    from storage.database import open_database
    from storage.errors import DatabaseMissing

    lists = (made.in_use, made.actors)
    with human_errors(), steps("articles looked at") as tick:
        try:
            database = open_database(place.database, readonly=True)
        except DatabaseMissing:
            return preview(None, lists, made.touched)
        with database:
            return preview(database, lists, made.touched, tick)


def _document(made: "Plan", found: "Preview | None", *, saved: bool) -> dict[str, object]:
    return {
        "file": made.path,
        "new": made.new,
        "changed": made.changed,
        "unchanged": made.unchanged,
        "found": found,
        "saved": saved,
    }


def _only(
    actors: "list[WatchedActor]", country: str | None, kind: str | None
) -> "list[WatchedActor]":
    chosen = [
        actor
        for actor in actors
        if (country is None or country.lower() in actor.countries)
        and (kind is None or actor.kind == kind.lower())
    ]
    if not chosen:
        asked = " and ".join(filter(None, (country, kind)))
        fail(f"no actor to export{f' of {asked}' if asked else ''}")
    return chosen
