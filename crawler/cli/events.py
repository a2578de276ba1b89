"""`marsad events`: what is wrong with outlets, since when, and what to do about it."""

from typing import Annotated

import typer

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    open_workspace,
    opened,
    out,
    print_json,
    refuse_unknown,
)

OutletArgument = Annotated[
    str | None, typer.Argument(metavar="[OUTLET]", help="Only this outlet's.", show_default=False)
]
AllOption = Annotated[bool, typer.Option("--all", help="Those that have ended as well.")]


def events(
    outlet: OutletArgument = None,
    everything: AllOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which outlets are silent, blocked or changed: since when, what was seen, what to do.

    Every crawl judges what it and the runs before it saw. A trouble opens with the first visit
    that showed it and closes with the first one that shows its end. Times are in UTC.

    Examples:

      marsad events

      marsad events ma_hespress --all

      marsad events --json
    """
    from crawler.cli.report import show_troubles
    from storage import trouble_reports
    from storage.search import SearchFilters

    place = open_workspace(workspace)
    egresses = [one.name for one in place.settings.egress]
    with opened(place) as database:
        if outlet is not None:
            refuse_unknown(database.unknown(SearchFilters(outlet=outlet)))
        wanted = None if outlet is None else [outlet]
        told = trouble_reports.listed(database, wanted, ended=everything, egresses=egresses)
    if as_json:
        print_json(told)
    elif told:
        show_troubles(told, out, whole=True)
    else:
        out.print("No trouble seen with " + (outlet or "the outlets that were visited") + ".")
