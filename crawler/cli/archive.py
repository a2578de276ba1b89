"""`marsad reread`: every stored capture, read again by today's reader."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.cli.report import not_in_stories
from crawler.cli.tables import print_paragraph
from crawler.phrases import counted
from crawler.workspace import Workspace

if TYPE_CHECKING:  # starting up takes a second with the readers
    from crawler.engine.jobs import RereadReport

OutletsOption = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; may be given again.")
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(help="Only what was fetched since this day (UTC).", formats=["%Y-%m-%d"]),
]


def reread(
    outlets: OutletsOption = None,
    since: SinceOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read every stored capture again with today's reader, and say what changed.

    Can be stopped and started again: it takes up where it left off. It
    never makes a version of an article: only the outlet can do that.

    Example:

      marsad reread --outlet ma_hespress --since 2026-03-01
    """
    moment = since.replace(tzinfo=UTC) if since else None
    report = _read_again(open_workspace(workspace), tuple(outlets or ()), moment)
    if as_json:
        print_json(report)
    else:
        _show_changes(report)
    raise typer.Exit(NEEDS_A_PERSON if report.failed or report.stories_failure else 0)


def _read_again(
    place: Workspace, outlets: tuple[str, ...], since: datetime | None
) -> "RereadReport":
    from crawler.cli.progress import steps
    from crawler.engine.jobs import reread as run_reread
    from crawler.workspace import load_config

    with human_errors(), steps("reread") as tick:
        config = load_config(place)
        return run_reread(
            place,
            config,
            outlets=outlets,
            since=since,
            progress=lambda so_far: tick(so_far.read),
        )


def _show_changes(report: "RereadReport") -> None:
    again = counted(report.read, "capture")
    out.print(f"{again} read again, {report.same} of them as before.")
    if report.found:
        out.print(f"{counted(report.found, 'article')} found that had been missed before.")
    for name, number in report.changed.most_common():
        out.print(f"  {name}: changed in {number}")
    for article, fields in report.examples:
        out.print(f"  [dim]article {article}: {', '.join(fields)}[/dim]")
    for article, why in report.failed[:12]:
        err.print(f"article {article} could not be read again: {escape(why)}")
    if report.stories_failure:
        print_paragraph(not_in_stories(report.stories_failure), err)
