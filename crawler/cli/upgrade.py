"""`marsad upgrade`: a workspace brought up to date with the program that is installed."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.phrases import counted
from crawler.workspace import Config, Workspace, load_config
from storage.bidi import isolated

if TYPE_CHECKING:  # what does the work is loaded only where it is done
    from crawler.care.shipped_changes import ShippedChanges
    from crawler.care.upgrading import UpgradeReport

NoBackupOption = Annotated[
    bool,
    typer.Option("--no-backup", help="Make no backup first: you have one, or no room for one."),
]
SHOWN = 12
"""New ids of a kind that are named."""


def upgrade(
    no_backup: NoBackupOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the workspace up to date with this version of Marsad.

    Makes a backup, changes the database, makes search words and mentions anew
    where the way of making them has changed, and tells which shipped values
    changed below your own ones (yours stay) and what is new. Can be stopped at
    any moment and started again; where all is up to date it does nothing.
    `marsad run` and `marsad schedule run` do it by themselves.

    Ends with 3 where something is left to a person, and says what.

    Examples:

      marsad upgrade

      marsad upgrade --no-backup
    """
    place = open_workspace(workspace)
    with human_errors():
        config = load_config(place)
    report = _upgraded(place, config, backup=not no_backup)
    if as_json:
        print_json({**asdict(report), "said": report.said, "to_do": report.to_do})
    else:
        _show(report)
    raise typer.Exit(NEEDS_A_PERSON if report.to_do else 0)


def _upgraded(place: Workspace, config: Config, *, backup: bool) -> "UpgradeReport":
    from crawler.care.backups import BackupFailed
    from crawler.care.upgrading import UpgradeRefused
    from crawler.care.upgrading import upgrade as run
    from crawler.cli.care_progress import stages
    from crawler.engine.locks import AlreadyRunning

    with human_errors(), stages() as progress:
        try:
            return run(place, config, progress, backup=backup)
        except (AlreadyRunning, BackupFailed, UpgradeRefused) as wrong:
            fail(str(wrong), code=FAILED)


def _show(report: "UpgradeReport") -> None:
    _show_backup(report)
    for step in report.schema:
        out.print(f"schema: {step}")
    if report.reindexed:
        out.print(f"{counted(report.reindexed, 'article')} indexed anew")
    if made := report.rematch:
        out.print(
            f"{counted(made.matched, 'article')} matched anew, "
            f"{made.changed} of them name others now"
        )
    if report.stories_failure:
        err.print("Articles could not be put into stories; the next run tries again.")
    _show_shipped(report.shipped)
    if not report.did_anything:
        out.print("The workspace is up to date.")
    for sentence in report.to_do:
        err.print(sentence)


def _show_backup(report: "UpgradeReport") -> None:
    if report.backup:
        out.print(f"backup: {report.backup}")
    if earlier := report.earlier_backup:
        out.print(f"backup: {earlier.name}, made before, holds all of it")


def _show_shipped(shipped: "ShippedChanges") -> None:
    for said, found in (("new", shipped.new), ("no longer shipped", shipped.gone)):
        for kind, ids in found.items():
            if ids:
                more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
                out.print(f"{said}: {len(ids)} {kind}: {', '.join(ids[:SHOWN])}{more}")
    for change in shipped.values:
        out.print(f"{change.place}: {change.key}")
        out.print(f"  shipped: was {_value(change.was)}, is {_value(change.now)}")
        out.print(f"  yours:   {_value(change.yours)} (kept)")


def _value(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return "not said"
    return isolated(value) if isinstance(value, str) else str(value)
