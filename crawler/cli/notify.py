"""`marsad notify`: who is told what a night brought, and whether messages get there."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.tables import print_rows

if TYPE_CHECKING:
    from crawler.tellings import NotifyTarget
    from crawler.workspace import Workspace

app = typer.Typer(help="Who is told what a night brought, and whether messages get there.")

TargetArgument = Annotated[
    str | None,
    typer.Argument(metavar="[TARGET]", help="Only this one, by its name.", show_default=False),
]
_NOBODY = (
    "nobody is told of anything: a table [[notify]] with name and url in marsad.toml names somebody"
)


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List who is told, and how many alerts they have yet to hear of; addresses are not shown.

    Examples:

      marsad notify list

      marsad notify list --json
    """

    place = open_workspace(workspace)
    rows = _rows(place)
    if as_json:
        print_json(rows)
    elif rows:
        header = ("target", "alerts to tell", "names", "address")
        print_rows(header, [_cells(row) for row in rows], right={"alerts to tell"})
    else:
        out.print(_NOBODY, markup=False)
    _warn(place)


def _rows(place: "Workspace") -> "list[dict[str, str | bool | int]]":
    from crawler.telling.senders import masked
    from storage.alerts import AlertStore

    targets = place.settings.notify
    waiting = dict.fromkeys((target.name for target in targets), 0)
    if targets and place.database.exists():
        with opened(place) as database:
            waiting = {name: len(AlertStore(database).unsent(name)) for name in waiting}
    return [
        {
            "name": target.name,
            "waiting": waiting[target.name],
            "names": target.names,
            "address": masked(target),
        }
        for target in targets
    ]


def _cells(row: "dict[str, str | bool | int]") -> list[str]:
    return [{True: "yes", False: "no"}[v] if isinstance(v, bool) else str(v) for v in row.values()]


def _warn(place: "Workspace") -> None:
    from crawler.telling.senders import warnings

    for warning in warnings(place):
        err.print(f"[yellow]warning:[/yellow] {escape(warning)}")


@app.command("test")
def test(
    target: TargetArgument = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a test message to everybody who is told (or to one), and say whether it was taken.

    Ends with 1 where one was not. That a server took a message does not mean that somebody has
    it: look whether it arrived.

    Examples:

      marsad notify test

      marsad notify test desk
    """
    from crawler.telling.senders import masked
    from crawler.telling.senders import test as send_test

    place = open_workspace(workspace)
    chosen = _chosen(place, target)
    _warn(place)
    problems = {}
    for one in chosen:
        problems[one.name] = problem = send_test(one)
        if not as_json:
            said = f"FAILED: {problem}" if problem else "taken; look whether it arrived"
            out.print(f"{one.name} ({masked(one)}): {said}", markup=False)
    if as_json:
        print_json(
            [{"name": name, "taken": not said, "problem": said} for name, said in problems.items()]
        )
    if any(problems.values()):
        raise typer.Exit(FAILED)


def _chosen(place: "Workspace", name: str | None) -> "tuple[NotifyTarget, ...]":
    targets = place.settings.notify
    if not targets:
        fail(_NOBODY)
    chosen = tuple(target for target in targets if name in (None, target.name))
    if not chosen:
        known = ", ".join(target.name for target in targets)
        fail(f'there is no [[notify]] named "{name}" in marsad.toml; there is {known}')
    return chosen
