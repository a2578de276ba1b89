"""`marsad crawl`, `fetch` and `retry`: what brings articles in."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.common import (
    FAILED,
    CountryOption,
    JsonOption,
    OutletsArgument,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.report import exit_code, show_report
from crawler.cli.tables import print_rows
from crawler.engine import garbage, nursery
from crawler.phrases import counted
from crawler.workspace import Workspace, load_config

if TYPE_CHECKING:  # starting up takes a second with Scrapy
    from crawler.engine.crawl import Order
    from crawler.engine.plans import PlannedOutlet
    from storage.models import FoundBy, Outcome

AllOption = Annotated[
    bool, typer.Option("--all", help="Your own outlets, and those of your countries and languages.")
]
DueOption = Annotated[bool, typer.Option("--due", help="Only ways whose next visit is due.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        help="Only articles that the finder dates on or after this day (UTC).",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
    ),
]
LimitOption = Annotated[
    int | None, typer.Option(min=0, help="Fetch at most this many articles; the rest waits.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be visited; ask nobody anything.")
]
EgressOption = Annotated[
    str | None,
    typer.Option(help="Ask everybody through this egress of marsad.toml, whatever files say."),
]
WayOption = Annotated[
    list[str] | None,
    typer.Option("--way", help="Only ways of this kind: feed, sitemap or listing."),
]
OverflowingOption = Annotated[
    bool,
    typer.Option("--overflowing", help="Only ways that lately showed less than was published."),
]
SlotOption = Annotated[int | None, typer.Option(hidden=True)]  # of a schedule, see `marsad run`
OutcomeOption = Annotated[
    list[str],
    typer.Option("--outcome", help="Which ends to try again, e.g. robots, no_text, blocked."),
]
FIGURES = ("ways on", "due now", "articles waiting")


def crawl(
    outlets: OutletsArgument = None,
    country: CountryOption = None,
    everything: AllOption = False,
    due: DueOption = False,
    since: SinceOption = None,
    limit: LimitOption = None,
    egress: EgressOption = None,
    way: WayOption = None,
    overflowing: OverflowingOption = False,
    dry_run: DryRunOption = False,
    slot_id: SlotOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read outlets by every way that is on and store what is new; ends with a report.

    Exit codes: 0 done; 3 done, but something needs a person (the report
    says what); 2 wrong use or a mistake in a file, and nothing was run;
    1 failed, or more than a quarter of the outlets could not be read.

    Examples:

      marsad crawl ma_hespress iq_rudaw

      marsad crawl --country ma --since 2026-03-01

      marsad crawl --all --due --limit 200
    """
    if not dry_run:
        nursery.begin()
        garbage.for_crawl()  # already while Scrapy is loaded
    order = _order(tuple(outlets or ()), country, everything, due=due, since=since, limit=limit)
    order = replace(order, found_by=_kinds(way or []), overflowing=overflowing)
    order = replace(order, slot_id=slot_id, egress=egress)
    _carry_out(open_workspace(workspace), order, dry_run=dry_run, as_json=as_json)


def _order(
    outlets: tuple[str, ...],
    country: str | None,
    everything: bool,
    *,
    due: bool,
    since: datetime | None,
    limit: int | None,
) -> "Order":
    from crawler.engine.crawl import Order

    if not (outlets or country or everything):
        fail("say which outlets: ids, --country or --all")
    return Order(
        kind="due" if due else "crawl",
        outlets=outlets,
        country=country,
        everything=everything,
        due=due,
        since=since.replace(tzinfo=UTC) if since else None,
        limit=limit,
        argv=tuple(sys.argv[1:]),
    )


def _kinds(names: list[str]) -> "frozenset[FoundBy]":
    """The kinds of ways of these names; ends with a message where there is no such kind."""
    from crawler.outlets import WAYS

    known = {kind.value: kind for kind in WAYS}
    wrong = [name for name in names if name not in known]
    if wrong:
        fail(f"no such way: {', '.join(wrong)}. There are: {', '.join(known)}")
    return frozenset(known[name] for name in names)


def _carry_out(place: Workspace, order: "Order", *, dry_run: bool, as_json: bool) -> None:
    if dry_run:
        _dry_run(place, order, as_json=as_json)
    else:
        run_and_report(place, order, "outlets", as_json=as_json)


def fetch(
    urls: Annotated[list[str], typer.Argument(metavar="URL", help="Addresses of articles.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch and store single articles by their address, marked as found by hand.

    Ends with 3 where one could not be had.

    Addresses that are known are read again.

    Example:

      marsad fetch https://example.org/2026/03/a-story
    """
    from crawler.engine.crawl import Order
    from crawler.reading.urls import clean_url

    place = open_workspace(workspace)
    wrong = [url for url in urls if clean_url(url) is None]
    if wrong:
        fail("not a web address: " + ", ".join(wrong))
    order = Order(kind="fetch", urls=tuple(urls), argv=("fetch",))
    run_and_report(place, order, "urls", as_json=as_json)


def run_and_report(place: Workspace, order: object, spider: str, *, as_json: bool) -> None:
    """Run a spider, print its report and end with the report's exit code."""
    from crawler.engine.crawl import Order
    from crawler.engine.runner import RunCutShort, run

    assert isinstance(order, Order)
    with human_errors():
        try:
            report = run(place, order, spider=spider)
        except RunCutShort as short:
            fail(f"{short}. What was under way is pending; the next run finishes it.", FAILED)
    if as_json:
        print_json(report)
    else:
        show_report(report, out)
    raise typer.Exit(exit_code(report))


def _dry_run(place: Workspace, order: object, *, as_json: bool) -> None:
    from crawler.engine.crawl import Order
    from crawler.engine.plans import planned

    assert isinstance(order, Order)
    with human_errors():
        plan = planned(place, order)
    if as_json:
        print_json(plan)
        return
    sums = [sum(numbers) for numbers in zip(*(_figures(row) for row in plan), strict=True)]
    print_rows(
        ("outlet", *FIGURES),
        [(row.outlet_id, *map(str, _figures(row))) for row in plan],
        right=FIGURES,
        footer=("all", *map(str, sums or (0, 0, 0))),
    )
    err.print("Nobody was asked anything.")


def _figures(row: "PlannedOutlet") -> tuple[int, int, int]:
    return (row.ways, row.due, row.pending)


def retry(
    outcome: OutcomeOption,
    outlets: OutletsArgument = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put pages that ended badly back in the queue; the next crawl fetches them.

    Example:

      marsad retry --outcome blocked --outcome timeout ma_hespress
    """
    from storage.candidates import CandidateStore

    ends = _ends(outcome)
    place = open_workspace(workspace)
    with human_errors():
        known_outlets = load_config(place).outlets
        for outlet_id in outlets or ():
            known_outlets.named(outlet_id)
    with opened(place, readonly=False) as database:
        number = CandidateStore(database).retry(ends, list(outlets or ()) or None)
    if as_json:
        print_json({"pending_again": number})
    else:
        out.print(f"{counted(number, 'page')} will be fetched by the next crawl.")


def _ends(names: list[str]) -> "set[Outcome]":
    """The bad ends of these names; ends with a message where there is no such end."""
    from storage.models import FAILED

    known = {member.value: member for member in FAILED}
    wrong = [name for name in names if name not in known]
    if wrong:
        fail(f"no such outcome: {', '.join(wrong)}. There are: {', '.join(sorted(known))}")
    return {known[name] for name in names}
