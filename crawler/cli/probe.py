"""`marsad outlets probe`: try the ways into an outlet, and switch on what works."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.markup import escape

from crawler.cli import probe_view
from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    CountryOption,
    JsonOption,
    OutletsArgument,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.cli.crawl import EgressOption, SlotOption
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
ARGV = ("outlets", "probe")
DueOption = Annotated[
    bool,
    typer.Option(
        "--due",
        help="Of these, only those worth a look (40 at most): with ways never tried, in trouble, "
        "or not probed for 30 days. Switches nothing off.",
    ),
]


def probe(
    outlets: OutletsArgument = None,
    country: CountryOption = None,
    everything: AllOption = False,
    due: DueOption = False,
    write: WriteOption = False,
    egress: EgressOption = None,
    slot_id: SlotOption = None,
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

      marsad outlets probe --all --due
    """
    from crawler.engine.crawl import Order

    if not (outlets or country or everything):
        fail("say which outlets: ids, --country or --all")
    place = open_workspace(workspace)
    order = Order("probe", tuple(outlets or ()), country, everything, egress=egress)
    order = replace(order, slot_id=slot_id, argv=ARGV)
    found = probed(place, _only_due(place, order) if due else order, keep_on=due)
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
    from crawler.engine.crawl import Order

    found = probed(place, Order("probe", outlets, country, everything, argv=ARGV))
    return {outlet_id: one.results for outlet_id, one in found.items()}


def probed(place: Workspace, order: "Order", *, keep_on: bool = False) -> "dict[str, Probed]":
    """What a probe of outlets saw, after its results were kept in the workspace.

    With `keep_on`, what failed of a way that is on is not kept, so that it stays on.
    """
    from crawler.engine.probe_due import switching_nothing_off

    spider = run_order(place, order, "Asking the outlets …")
    for outlet_id, one in spider.found.items():
        kept = switching_nothing_off(one.outlet, one.results) if keep_on else one.results
        record_probe(place, outlet_id, kept)
    return spider.found


def _only_due(place: Workspace, order: "Order") -> "Order":
    """The order for those of its outlets that are worth a probe; ends where none is."""
    from crawler.engine.crawl import Crawl
    from crawler.engine.probe_due import due
    from storage.database import open_database
    from storage.times import utc_now
    from storage.trouble_reports import listed

    with human_errors():
        chosen = Crawl(place, load_config(place), order).outlets
        with open_database(place.database) as database:
            troubled = {one.outlet_id for one in listed(database, list(chosen))}
    wanted = due(chosen.values(), read_probes(place), troubled, utc_now())
    if not wanted:
        out.print("No outlet is due to be probed.")
        raise typer.Exit(0)
    return replace(order, outlets=tuple(wanted), country=None, everything=False)


def run_order(place: Workspace, order: "Order", said: str) -> "ProbeSpider":
    """The spider that carried out an order to probe, with what it found."""
    from crawler.engine.runner import RunCutShort, start

    waiting = err.status(said) if err.is_terminal else nullcontext()
    with human_errors(), waiting:
        try:
            crawler = start(place, order, "probe", progress=False)
        except RunCutShort as short:
            fail(str(short), FAILED)
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
