"""`marsad outlets probe`: try the ways into an outlet, and switch on what works."""

from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from crawler.cli.common import (
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.workspace import Workspace


def probe(
    outlets: Annotated[
        list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Outlet ids.")
    ] = None,
    country: Annotated[str | None, typer.Option("--country", help="All that cover it.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All outlets.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Visit the known endpoints of outlets and the feeds their front pages name.

    The result is kept, dated, in the workspace; what works is on from then.

    Examples: marsad outlets probe ma_le_journal · marsad outlets probe --country iq
    """
    chosen = tuple(outlets or ())
    if not (chosen or country or everything):
        fail("say which outlets: ids, --country or --all")
    place = open_workspace(workspace)
    results = run_probe(place, chosen, country, everything=everything)
    if as_json:
        print_json(results)
    else:
        _show(results)
    silent = [name for name, seen in results.items() if not any(one.works for one in seen)]
    raise typer.Exit(NEEDS_A_PERSON if silent else 0)


def run_probe(
    place: Workspace, outlets: tuple[str, ...], country: str | None, *, everything: bool
) -> dict[str, list]:  # type: ignore[type-arg]  # of ProbeResult, imported only when run
    """Probe outlets and keep the results in the workspace."""
    from crawler.engine.crawl import Order
    from crawler.engine.runner import start
    from crawler.outlets import record_probe

    order = Order("probe", outlets, country, everything, argv=("outlets", "probe"))
    with human_errors():
        crawler = start(place, order, "probe", progress=False)
    results = crawler.spider.results  # type: ignore[union-attr]  # the probe spider's
    for outlet_id, seen in results.items():
        record_probe(place, outlet_id, seen)
    return dict(results)


def _show(results: dict[str, list]) -> None:  # type: ignore[type-arg]  # as above
    table = Table(
        "outlet", "way", "address", "works", "entries", "newest or reason", box=box.SIMPLE
    )
    for outlet_id, seen in sorted(results.items()):
        for one in seen:
            word = "[green]yes[/green]" if one.works else "[yellow]no[/yellow]"
            detail = (one.newest or "") if one.works else one.reason
            table.add_row(
                outlet_id, one.kind, escape(one.url), word, str(one.entries), escape(detail)
            )
    out.print(table)
    on = sum(1 for seen in results.values() for one in seen if one.works)
    out.print(f"{on} endpoint(s) work and are on from now.")
