"""`marsad runs`: what earlier runs did."""

from typing import Annotated

import typer
from rich import box
from rich.table import Table

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.cli.report import show_report


def runs(
    run_id: Annotated[
        int | None, typer.Argument(metavar="[RUN]", help="One run's whole report.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many runs to list.")] = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the latest runs, or show one run's report.

    Examples: marsad runs · marsad runs 12
    """
    from storage.database import open_database
    from storage.runs import RunStore

    place = open_workspace(workspace)
    with human_errors():
        database = open_database(place.database, readonly=True)
        store = RunStore(database)
        reports = [store.report(run_id)] if run_id is not None else store.latest(limit)
        database.close()
    if not reports:
        fail("no run yet", code=1)
    if as_json:
        print_json(reports if run_id is None else reports[0])
    elif run_id is not None:
        show_report(reports[0], out)
    else:
        table = Table("run", "kind", "started (UTC)", "status", "seen", "new", box=box.SIMPLE)
        for report in reports:
            new = sum(
                o.outcomes.get("stored_new", 0) + o.outcomes.get("copy", 0) for o in report.outlets
            )
            seen = sum(o.seen for o in report.outlets)
            when = f"{report.started_at:%Y-%m-%d %H:%M}"
            table.add_row(str(report.run_id), report.kind, when, report.status, str(seen), str(new))
        out.print(table)
