"""`marsad outlets probe`: try the ways into an outlet, and switch on what works."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.markup import escape

from crawler.cli import probe_view
from crawler.cli.common import (
    NEEDS_A_PERSON,
    CountryOption,
    JsonOption,
    OutletsArgument,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    print_json,
)
from crawler.cli.crawl import EgressOption
from crawler.outlets import Outlet, ProbeResult, read_probes, record_probe
from crawler.workspace import Workspace, add_to_outlet, load_config

if TYPE_CHECKING:  # the engine takes a second to import
    from crawler.engine.crawl import Order
    from crawler.engine.probe_notes import Probed
    from spiders.probe import ProbeSpider

AllOption = Annotated[
    bool,
    typer.Option("--all", help="Your own outlets, and those of your countries and languages."),
]
WriteOption = Annotated[
    bool, typer.Option("--write", help="Put what is proposed into the workspace's outlet files.")
]


def probe(
    outlets: OutletsArgument = None,
    country: CountryOption = None,
    everything: AllOption = False,
    write: WriteOption = False,
    egress: EgressOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try every way into outlets: feeds, sitemaps, pages that list articles.

    Asked are the addresses in an outlet's file, what its front page and robots.txt name, and
    common paths, until something is found; a few requests a minute, sixty at most. The results
    are kept, dated, in the workspace; what works is on from then. What is new is proposed as
    lines for the outlet's file.

    Ends with 3 where an outlet has no way in that works.

    Examples:

      marsad outlets probe ma_hespress

      marsad outlets probe --country iq --write
    """
    chosen = tuple(outlets or ())
    if not (chosen or country or everything):
        fail("say which outlets: ids, --country or --all")
    place = open_workspace(workspace)
    found = probed(place, chosen, country, everything=everything, egress=egress)
    results = {outlet_id: one.results for outlet_id, one in found.items()}
    known = {outlet_id: one.outlet for outlet_id, one in found.items()}
    earlier = read_probes(place)
    if as_json:
        told = {name: _document(known[name], seen, earlier) for name, seen in results.items()}
        print_json(told)
    else:
        probe_view.show(known, results, earlier)
    if write:
        _write(place, known, results)
    raise typer.Exit(NEEDS_A_PERSON if probe_view.silent(results) else 0)


def run_probe(
    place: Workspace, outlets: tuple[str, ...], country: str | None, *, everything: bool
) -> dict[str, list[ProbeResult]]:
    """Probe outlets and keep the results in the workspace; one without any address has none."""
    found = probed(place, outlets, country, everything=everything)
    return {outlet_id: one.results for outlet_id, one in found.items()}


def probed(
    place: Workspace,
    outlets: tuple[str, ...],
    country: str | None,
    *,
    everything: bool,
    egress: str | None = None,
) -> "dict[str, Probed]":
    """What a probe of outlets saw, after its results were kept in the workspace."""
    from crawler.engine.crawl import Order

    argv = ("outlets", "probe")
    order = Order("probe", outlets, country, everything, egress=egress, argv=argv)
    spider = run_order(place, order, "Asking the outlets …")
    for outlet_id, one in spider.found.items():
        record_probe(place, outlet_id, one.results)
    return spider.found


def run_order(place: Workspace, order: "Order", said: str) -> "ProbeSpider":
    """The spider that carried out an order to probe, with what it found."""
    from crawler.engine.runner import start

    waiting = err.status(said) if err.is_terminal else nullcontext()
    with human_errors(), waiting:
        crawler = start(place, order, "probe", progress=False)
    return cast("ProbeSpider", crawler.spider)


def _document(
    outlet: Outlet, results: list[ProbeResult], earlier: Mapping[str, tuple[ProbeResult, ...]]
) -> dict[str, Any]:
    """What a probe saw of one outlet, for machines."""
    proposal = probe_view.proposal(outlet, results, earlier.get(outlet.id, ()))
    ways = [asdict(one) for one in results if one.kind != "site"]
    site = next((asdict(one) for one in results if one.kind == "site"), None)
    return {"site": site, "ways": ways, "proposal": proposal}


def _write(
    place: Workspace, outlets: Mapping[str, Outlet], results: Mapping[str, list[ProbeResult]]
) -> None:
    """Put what is new into the outlets' files."""
    for outlet_id, seen in results.items():
        text = probe_view.proposal(outlets[outlet_id], seen)
        if "[[" not in text:
            continue
        with human_errors():
            load_config(place)
            path = add_to_outlet(place, outlet_id, text)
        err.print(escape(f"{outlet_id}: written to {path}"))
