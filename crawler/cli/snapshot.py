"""`marsad snapshot`: frozen sets of articles that can be cited."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    DONE,
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    open_workspace,
    opened,
    print_json,
)
from crawler.cli.question_options import (
    ExcelOption,
    FileFormat,
    PersonsOption,
    RedactOption,
    TextOption,
)
from crawler.cli.snapshot_create import create
from crawler.cli.snapshot_told import register_told
from crawler.cli.snapshot_view import (
    show_checked,
    show_difference,
    show_list,
    show_snapshot,
    show_verified,
)
from crawler.phrases import counted
from crawler.workspace import Workspace

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.exporting.orders import Export

app = typer.Typer(
    help=(
        "Freeze the articles that answer a question, so that they can be cited.\n\n"
        "A snapshot stays as it is: its exports are the same bytes for ever, though the archive "
        "grows, outlets edit, and watchlists change. It has one digest, which a citation names, "
        "and is never removed; what has to be erased by order is left out and counted."
    ),
    no_args_is_help=True,
)
app.command()(create)
register_told(app)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The snapshot's name, as `list` shows it.")
]


class Kind(StrEnum):
    """The tables of a snapshot."""

    ARTICLES = "articles"
    MENTIONS = "mentions"
    ATTENTION = "attention"
    STORIES = "stories"
    EDITS = "edits"
    COVERAGE = "coverage"
    GAPS = "gaps"
    OUTLETS = "outlets"


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the snapshots, the newest first.

    Example:

      marsad snapshot list
    """
    from storage.frozen import store

    with opened(open_workspace(workspace)) as database:
        found = store.snapshots(database)
    if as_json:
        print_json(found)
    else:
        show_list(found)


@app.command()
def show(
    name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show what a snapshot holds, what was asked, and how well it was watched.

    Example:

      marsad snapshot show unions-2026
    """
    from storage.frozen import store
    from storage.frozen.thawing import since

    with opened(open_workspace(workspace)) as database:
        found = store.find(database, name)
        later = since(database, found)
    if as_json:
        print_json({"snapshot": found, "since": later})
    else:
        show_snapshot(found, later)


@app.command()
def export(
    name: NameArgument,
    kind: Annotated[Kind, typer.Argument(help="Which table.", metavar="KIND")],
    format: Annotated[
        FileFormat, typer.Option("--format", help="The file's format.")
    ] = FileFormat.CSV,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file (default: NAME-KIND in this folder)."),
    ] = None,
    excel: ExcelOption = None,
    with_text: TextOption = False,
    with_persons: PersonsOption = False,
    redact: RedactOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a table of a snapshot to a file: the same bytes each time.

    Beside it FILE.about.json says from which snapshot it is, and what was withdrawn since. With
    --with-text, texts are as they stood in the snapshot, also where outlets changed them later.

    Examples:

      marsad snapshot export unions-2026 articles

      marsad snapshot export unions-2026 mentions --format xlsx -o mentions.xlsx

      marsad snapshot export unions-2026 articles --format ris -o unions.ris
    """
    from storage.errors import CannotExport
    from storage.exporting.orders import Export

    try:
        order = Export(
            kind=kind.value,
            format=format.value,
            excel=excel.value if excel else None,
            with_text=with_text,
            with_persons=with_persons,
            redact=redact,
        )
    except CannotExport as wrong:
        fail(str(wrong))
    _export(open_workspace(workspace), name, order, output or Path(f"{name}-{order.filename}"))


@app.command()
def verify(
    name: NameArgument,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Exported files, each with its .about.json."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that a snapshot, and files exported from it, are what was frozen.

    Every row and text is compared with its digest, and all of them with the digest that citations
    name. A file is compared with its side-car and with what the snapshot gives, byte by byte.

    Ends with 3 where anything is wrong.

    Examples:

      marsad snapshot verify unions-2026

      marsad snapshot verify unions-2026 unions-2026-articles.csv
    """
    from storage.frozen import files as frozen_files
    from storage.frozen import store, verifying

    with opened(open_workspace(workspace)) as database:
        snapshot = store.find(database, name)
        found = verifying.verify(database, snapshot)
        checked = [frozen_files.check(database, snapshot, path) for path in files or ()]
    if as_json:
        print_json({"snapshot": found, "files": checked})
    else:
        show_verified(found)
        show_checked(checked)
    is_wrong = bool(found.wrong_count) or any(one.why for one in checked)
    raise typer.Exit(NEEDS_A_PERSON if is_wrong else DONE)


@app.command()
def diff(
    name: NameArgument,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="Another snapshot, or now: the archive today.")
    ] = "now",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what differs between two snapshots, or between one and the archive as it is now.

    Articles that were added, that are gone (and why), and that changed; mentions that were added
    or removed in articles of both.

    Examples:

      marsad snapshot diff unions-2026 now

      marsad snapshot diff unions-2026 unions-2027 --json
    """
    from storage.frozen import store
    from storage.frozen.differences import difference

    with opened(open_workspace(workspace)) as database:
        one = store.find(database, name)
        two = None if other == store.NOW else store.find(database, other)
        found = difference(database, one, two)
    if as_json:
        print_json(found)
    else:
        show_difference(found)


def _export(place: Workspace, name: str, order: "Export", target: Path) -> None:
    from storage.frozen import exports, store

    with opened(place) as database:
        snapshot = store.find(database, name)
        try:
            written, withdrawn = exports.write(database, snapshot, order, target)
        except OSError as wrong:
            fail(f"{target} cannot be written: {wrong.strerror}", code=FAILED)
    err.print(f"{counted(written.rows, 'row')} written to {escape(str(target))}")
    err.print(f"SHA-256 {written.sha256}")
    for what, number in withdrawn.told().items():
        if number:
            err.print(f"{what.replace('_', ' ')}: {number}")
