"""What every command shares: options, the two consoles, JSON, and how errors reach a person.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed,
2 wrong use or wrong files, 3 done but something needs a person.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from crawler.datafiles import ConfigErrors
from crawler.egresses import UnknownEgress
from crawler.outlets import UnknownOutlet
from crawler.phrases import counted
from crawler.workspace import Workspace, WorkspaceExists, WorkspaceMissing, find_workspace
from storage.errors import DatabaseMissing, StorageError

if TYPE_CHECKING:  # most commands need no database
    from storage.database import Database

DONE, FAILED, WRONG_USE, NEEDS_A_PERSON = 0, 1, 2, 3

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="The workspace folder (default: $MARSAD_WORKSPACE, or the one you stand in).",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

# Which outlets to visit.
OutletsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="OUTLET", help="Outlet ids, as `marsad outlets list` shows them."),
]
CountryOption = Annotated[
    str | None, typer.Option("--country", help="All outlets that cover a country: iq, ma, bh …")
]

# Which of the stored articles to look at.
OnlyOutletOption = Annotated[str | None, typer.Option(help="Only this outlet.")]
OnlyCountryOption = Annotated[str | None, typer.Option(help="Only outlets that cover it.")]

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def fail(message: str, code: int = WRONG_USE) -> NoReturn:
    """Tell a person what is wrong and end with `code`."""
    err.print(f"[red]error:[/red] {escape(message)}")
    raise typer.Exit(code)


def refuse_unknown(slips: Sequence[str], hint: str = "") -> None:
    """End with a message where filters name what the database has never heard of."""
    if slips:
        fail(f"the database knows no {' and no '.join(slips)}{hint}")


def day_of(given: datetime | None) -> date | None:
    """The day that an option names: Typer reads days as moments."""
    return given.date() if given else None


def print_json(value: Any) -> None:
    """Print a value as one JSON document, non-ASCII text as it is."""
    out.file.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return str(value)


@contextmanager
def human_errors() -> Iterator[None]:
    """Turn the errors that a person can mend into messages and exit code 2."""
    try:
        yield
    except ConfigErrors as wrong:
        for problem in wrong.problems:
            err.print(escape(str(problem)))
        fail(f"{counted(len(wrong.problems), 'problem')} in the files above; nothing was run")
    except DatabaseMissing:
        fail("nothing has been crawled in this workspace yet: `marsad crawl --all`")
    except (WorkspaceMissing, WorkspaceExists, UnknownOutlet, UnknownEgress, StorageError) as wrong:
        fail(str(wrong))


@contextmanager
def opened(place: Workspace, *, readonly: bool = True) -> "Iterator[Database]":
    """The workspace's database for one command, closed in any case; errors reach a person."""
    from storage.database import open_database

    with human_errors(), open_database(place.database, readonly=readonly) as database:
        yield database


def open_workspace(path: Path | None) -> Workspace:
    """The workspace that a command was pointed at; ends with a message where there is none."""
    with human_errors():
        return find_workspace(path)
