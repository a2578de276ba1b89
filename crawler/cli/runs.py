"""`marsad runs`: what earlier runs did."""

from typing import Annotated

import typer

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    fail,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.report import show_report, totals
from crawler.cli.tables import print_rows
from crawler.workspace import Workspace
from storage.reported import RunReport

RunArgument = Annotated[int | None, typer.Argument(metavar="RUN", help="One run's whole report.")]
LimitOption = Annotated[int, typer.Option(min=1, help="How many runs to list.")]


def runs(
    run_id: RunArgument = None,
    limit: LimitOption = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the latest runs, or show one run's report.

    Examples:

      marsad runs

      marsad runs 12
    """
    reports = _reports(open_workspace(workspace), run_id, limit)
    if not reports:
        fail("no run yet")
    if as_json:
        print_json(reports if run_id is None else reports[0])
    elif run_id is not None:
        show_report(reports[0], out)
    else:
        _list(reports)


def _reports(place: Workspace, run_id: int | None, limit: int) -> list[RunReport]:
    from storage.runs import RunStore

    with opened(place) as database:
        store = RunStore(database)
        return [store.report(run_id)] if run_id is not None else store.latest(limit)


def _list(reports: list[RunReport]) -> None:
    figures = ("seen", "new", "changed", "failed")
    print_rows(
        ("run", "kind", "started (UTC)", *figures, "status"),
        [
            (
                str(report.run_id),
                report.kind,
                f"{report.started_at:%Y-%m-%d %H:%M}",
                *map(str, totals(report)),
                report.status if report.balanced else f"{report.status}, books do not balance",
            )
            for report in reports
        ],
        right=("run", *figures),
    )
