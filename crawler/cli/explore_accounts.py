"""`marsad explore account`: who may sign in, where the desk is open beyond this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.workspace import Workspace

if TYPE_CHECKING:
    from storage.explorer.accounts import Account

app = typer.Typer(
    help=(
        "Who may sign in to a desk that is open beyond this machine. The name is written down as "
        "who judged, so take one that may stand in exports."
    ),
    no_args_is_help=True,
)
FILE = "accounts.toml"

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The account's name, as judgements will show it.")
]


def accounts_file(place: Workspace) -> Path:
    """Where a workspace keeps its accounts."""
    return place.root / FILE


@app.command()
def add(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Make an account; its password is asked for twice (or read from standard input, one line).

    Example:

      marsad explore account add coder-1
    """
    place = open_workspace(workspace)
    kept, found = _name(name), _read(place)
    if kept in found:
        fail(f"there is an account {kept}: `marsad explore account password {kept}` changes it")
    _write(place, {**found, kept: _account(kept)})
    out.print(f"{escape(kept)} may sign in.")


@app.command()
def password(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Give an account a new password; whoever is signed in with the old one is signed out.

    Example:

      marsad explore account password coder-1
    """
    place = open_workspace(workspace)
    found = _read(place)
    kept = _known(name, found)
    _write(place, {**found, kept: _account(kept)})
    out.print(f"{escape(kept)} has a new password; sessions with the old one have ended.")


@app.command()
def remove(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Take an account away; its session ends at once. Its judgements stay.

    Example:

      marsad explore account remove coder-1
    """
    place = open_workspace(workspace)
    found = _read(place)
    kept = _known(name, found)
    _write(place, {key: one for key, one in found.items() if key != kept})
    out.print(f"{escape(kept)} may not sign in any more.")


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the accounts, each with the day since when its password holds.

    Example:

      marsad explore account list
    """
    found = _read(open_workspace(workspace))
    if as_json:
        print_json([{"name": one.name, "since": one.since} for one in found.values()])
        return
    for one in found.values():
        out.print(f"{escape(one.name)}  [dim]since {escape(one.since)}[/dim]")
    if not found:
        err.print("Nobody yet: `marsad explore account add NAME`.")


def _account(name: str) -> Account:
    """An account with a password that somebody gives now."""
    from storage.explorer.accounts import Account, hashed
    from storage.times import utc_now

    given = _asked()
    return Account(name, _told(lambda: hashed(given, name)), f"{utc_now():%Y-%m-%d}")


def _asked() -> str:
    """A new password: typed twice, unseen; where nobody types, the first line that comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given: str = typer.prompt("Password", hide_input=True, err=True)
    again: str = typer.prompt("Once more", hide_input=True, err=True)
    if given != again:
        fail("the two are not the same; nothing was changed", FAILED)
    return given


def _name(text: str) -> str:
    from storage.explorer.accounts import name_of

    return _told(lambda: name_of(text))


def _told(check: Callable[[], str]) -> str:
    try:
        return check()
    except ValueError as wrong:
        fail(f"{wrong}; nothing was changed")


def _known(name: str, found: dict[str, Account]) -> str:
    kept = _name(name)
    if kept not in found:
        fail(f"there is no account {kept}; `marsad explore account list` shows them")
    return kept


def _read(place: Workspace) -> dict[str, Account]:
    from storage.explorer.accounts import read_accounts

    with human_errors():
        return read_accounts(accounts_file(place))


def _write(place: Workspace, found: dict[str, Account]) -> None:
    from crawler.private import write_file
    from storage.explorer.accounts import written

    write_file(accounts_file(place), written(found.values()))
