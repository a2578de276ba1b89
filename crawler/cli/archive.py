"""`marsad read` and `marsad reread`: one saved page, and all of them again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

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
from crawler.cli.report import not_in_stories
from crawler.cli.tables import print_paragraph
from crawler.phrases import counted
from crawler.workspace import Workspace

if TYPE_CHECKING:  # starting up takes a second with the readers
    from crawler.engine.jobs import RereadReport

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A saved web page (HTML).")]
UrlOption = Annotated[str, typer.Option("--url", help="The address that the page was saved from.")]
OutletsOption = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; may be given again.")
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(help="Only what was fetched since this day (UTC).", formats=["%Y-%m-%d"]),
]


def read(
    file: FileArgument,
    url: UrlOption,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what would be stored of one saved page, without storing it.

    Works without a workspace too, then with the shipped outlets and watchlists.

    Example:

      marsad read page.html --url https://example.org/2026/03/a-story --json
    """
    from crawler.engine.single import read_file
    from crawler.workspace import load_config

    if not file.is_file():
        fail(f"no such file: {file}")
    with human_errors():
        reading = read_file(file, url, load_config(_place(workspace)))
    if as_json:
        print_json(reading)
    else:
        _show(reading)
    raise typer.Exit(FAILED if reading.outcome else 0)


def _place(workspace: Path | None) -> Workspace | None:
    """The workspace, or None where there is none and no option names one."""
    from crawler.workspace import WorkspaceMissing, find_workspace

    try:
        return find_workspace(workspace)
    except WorkspaceMissing:
        if workspace is not None:
            raise
        return None


def _show(reading: Any) -> None:
    if reading.outcome:
        out.print(f"[yellow]not stored[/yellow]: {reading.outcome} ({escape(reading.reason)})")
        return
    methods = dict(reading.methods)
    rows = {
        "headline": reading.headline,
        "published_at": reading.published_at,
        "language": f"{reading.language} ({reading.language_score:.2f})",
        "byline": reading.byline,
        "section": reading.section,
        "canonical_url": reading.canonical_url,
    }
    for name, value in rows.items():
        method = f" [dim]({methods[name]})[/dim]" if name in methods else ""
        shown = "not found" if value in (None, "") else escape(str(value))
        out.print(f"[bold]{name}[/bold]{method}: {shown}")
    out.print(f"[bold]text[/bold] [dim]({len(reading.text)} characters)[/dim]:")
    out.print(f"{escape(reading.text)}\n")
    for mention in reading.mentions:
        where = f"{mention.field} {mention.start}-{mention.end}"
        out.print(f"[cyan]{mention.actor_id}[/cyan] · {where} · {escape(mention.surface)}")


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
