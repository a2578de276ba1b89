"""`marsad outlets probe`: try the ways into an outlet, and switch on what works."""

from contextlib import nullcontext
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    NEEDS_A_PERSON,
    CountryOption,
    JsonOption,
    OutletsArgument,
    WorkspaceOption,
    counted,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.outlets import ProbeResult, record_probe
from crawler.workspace import Workspace

AllOption = Annotated[
    bool,
    typer.Option("--all", help="Your own outlets, and those of your countries and languages."),
]


def probe(
    outlets: OutletsArgument = None,
    country: CountryOption = None,
    everything: AllOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Visit the known endpoints of outlets and the feeds their front pages name.

    The result is kept, dated, in the workspace; what works is on from then.

    Ends with 3 where an outlet has no way in that works.

    Examples:

      marsad outlets probe ma_hespress

      marsad outlets probe --country iq
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
    raise typer.Exit(NEEDS_A_PERSON if _silent(results) else 0)


def run_probe(
    place: Workspace, outlets: tuple[str, ...], country: str | None, *, everything: bool
) -> dict[str, list[ProbeResult]]:
    """Probe outlets and keep the results in the workspace; one without any address has none."""
    from crawler.engine.crawl import Crawl, Order
    from crawler.engine.runner import start

    order = Order("probe", outlets, country, everything, argv=("outlets", "probe"))
    waiting = err.status("Asking the outlets …") if err.is_terminal else nullcontext()
    with human_errors(), waiting:
        crawler = start(place, order, "probe", progress=False)
    results = crawler.spider.results  # type: ignore[union-attr]  # the probe spider's
    for outlet_id, seen in results.items():
        record_probe(place, outlet_id, seen)
    return {outlet_id: results.get(outlet_id, []) for outlet_id in Crawl.of(crawler).outlets}


def _silent(results: dict[str, list[ProbeResult]]) -> list[str]:
    return [name for name, seen in results.items() if not any(one.works for one in seen)]


def _show(results: dict[str, list[ProbeResult]]) -> None:
    for outlet_id, seen in sorted(results.items()):
        out.print(f"[bold]{outlet_id}[/bold]")
        if not seen:
            out.print("  no address is known, and its front page names no feed")
        for one in sorted(seen, key=lambda one: (one.kind, one.url)):
            word = "[green]works[/green]" if one.works else "[yellow]fails[/yellow]"
            new = " (named by the front page)" if one.found_in == "link tag" else ""
            out.print(f"  {word} {one.kind} {escape(one.url)}{new}")
            out.print(f"        [dim]{escape(_detail(one))}[/dim]")
    working = sum(one.works for seen in results.values() for one in seen)
    out.print(f"\n{counted(working, 'address')} of {counted(len(results), 'outlet')} on from now.")
    if silent := _silent(results):
        err.print(f"Without a way in that works: {', '.join(sorted(silent))}")


def _detail(one: ProbeResult) -> str:
    if not one.works:
        return one.reason
    newest = f", the newest of {one.newest}" if one.newest else ""
    return counted(one.entries, "entry") + newest if one.kind == "feed" else "answers"
