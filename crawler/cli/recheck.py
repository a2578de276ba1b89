"""`marsad recheck`: whether stored articles still say what they said, and are still there."""

import sys
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.common import (
    CountryOption,
    JsonOption,
    OutletsArgument,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    print_json,
)
from crawler.cli.crawl import AllOption, SlotOption, run_and_report
from crawler.cli.tables import print_rows
from crawler.workspace import Workspace

if TYPE_CHECKING:  # starting up takes a second with Scrapy
    from crawler.engine.crawl import Order

AnywayOption = Annotated[
    bool, typer.Option("--anyway", help="Look also at what is not due, however old it is.")
]
ArticleOption = Annotated[
    list[int] | None, typer.Option("--article", help="Only the article of this number.")
]
LimitOption = Annotated[
    int | None, typer.Option(min=0, help="Look at so many at most; the rest stays due.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be looked at; ask nobody anything.")
]
ScheduleOption = Annotated[
    str, typer.Option(help="The schedule whose file says at which ages, and how many.")
]
FIGURES = ("due", "may be gone", "witnesses")


def recheck(
    outlets: OutletsArgument = None,
    country: CountryOption = None,
    everything: AllOption = False,
    article: ArticleOption = None,
    anyway: AnywayOption = False,
    limit: LimitOption = None,
    dry_run: DryRunOption = False,
    schedule: ScheduleOption = "recheck",
    slot_id: SlotOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at stored articles again, each when its age says so; ends with a report.

    What an outlet changed becomes a version (see `marsad edits`). An
    article is called gone when its page was missing at two looks, six
    hours apart, while others of the same site were there: so a few
    articles that are not due are looked at as well, as witnesses.

    Exit codes are those of `marsad crawl`.

    Examples:

      marsad recheck --all

      marsad recheck ma_hespress --limit 50

      marsad recheck --anyway --article 17
    """
    if not (outlets or country or everything or article):
        fail("say which: outlet ids, --country, --all or --article")
    place = open_workspace(workspace)
    _refuse_unknown(place, article or [])
    order = _order(tuple(outlets or ()), country, everything=everything)
    order = _on_schedule(order, place, schedule, slot_id)
    order = _wanting(order, tuple(article or ()), anyway=anyway, limit=limit)
    if dry_run:
        _dry_run(place, order, as_json=as_json)
    else:
        run_and_report(place, order, "recheck", as_json=as_json)


def _refuse_unknown(place: Workspace, articles: list[int]) -> None:
    """End with a message where there are no articles of these numbers."""
    from storage.articles import ArticleStore

    if not articles:
        return
    with opened(place) as database:
        store = ArticleStore(database)
        unknown = [str(number) for number in articles if store.get(number) is None]
    if unknown:
        fail(f"no such article: {', '.join(unknown)}. `marsad search` shows their numbers")


def _order(outlets: tuple[str, ...], country: str | None, *, everything: bool) -> "Order":
    from crawler.engine.crawl import Order
    from storage.books import RECHECK

    argv = tuple(sys.argv[1:])
    return Order(RECHECK, outlets=outlets, country=country, everything=everything, argv=argv)


def _on_schedule(order: "Order", place: Workspace, name: str, slot_id: int | None) -> "Order":
    """With the schedule's ages and bounds; as part of a slot, what was due when that was due."""
    from schedules.planned import schedule_of
    from storage.recheck_plan import DEFAULT_PLAN, Wanted

    with human_errors():
        schedule = schedule_of(name, place.root)
    plan = schedule.recheck.plan() if schedule.recheck else DEFAULT_PLAN
    if slot_id is None:
        return replace(order, again=Wanted(plan=plan))
    return replace(order, slot_id=slot_id, again=Wanted(plan=plan, due_by=_due_at(place, slot_id)))


def _due_at(place: Workspace, slot_id: int) -> datetime:
    """When a slot was due; ends with a message where there is no such slot."""
    from storage.slots import SlotStore

    with opened(place) as database:
        try:
            return SlotStore(database).get(slot_id).due_at
        except KeyError:
            fail(f"no schedule has a slot of the number {slot_id}")


def _wanting(
    order: "Order", articles: tuple[int, ...], *, anyway: bool, limit: int | None
) -> "Order":
    assert order.again is not None, "a schedule gives every order its plan"
    wanted = replace(order.again, articles=articles, anyway=anyway)
    if limit is not None:
        most = min(limit, wanted.plan.most_per_run)
        wanted = replace(wanted, plan=replace(wanted.plan, most_per_run=most))
    return replace(order, again=wanted)


def _dry_run(place: Workspace, order: "Order", *, as_json: bool) -> None:
    from crawler.engine.rechecks import planned

    with human_errors():
        plan = planned(place, order)
    if as_json:
        print_json(plan)
        return
    figures = [(one.due, one.missing, one.witnesses) for one in plan]
    rows = [(one.outlet_id, *map(str, them)) for one, them in zip(plan, figures, strict=True)]
    sums = [sum(numbers) for numbers in zip(*figures, strict=True)] or [0, 0, 0]
    print_rows(("outlet", *FIGURES), rows, right=FIGURES, footer=("all", *map(str, sums)))
    err.print("Nobody was asked anything.")
