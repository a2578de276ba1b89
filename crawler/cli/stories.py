"""`marsad stories`: the texts that several articles carry, who said them first, who took them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.text import Text

from crawler.cli.common import (
    JsonOption,
    OnlyCountryOption,
    OnlyOutletOption,
    WorkspaceOption,
    day_of,
    err,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
    refuse_unknown,
)
from crawler.cli.coverage_header import tell_coverage, tell_nothing_found
from crawler.cli.progress import steps
from crawler.cli.unsettled import tell_unsettled
from crawler.phrases import counted
from storage.bidi import harmless, with_names_isolated

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.database import Database
    from storage.story_list import Story, StoryFilters

app = typer.Typer(invoke_without_command=True)

SinceOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day (UTC) of appearance.")
]
UntilOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day (UTC) of appearance.")
]
ActorOption = Annotated[str | None, typer.Option(help="Only where an article names this actor.")]
OriginOption = Annotated[
    str | None,
    typer.Option(help='Only what this agency or outlet said first; "" where nobody knows.'),
]
LargestOption = Annotated[
    bool, typer.Option("--largest/--newest", help="Most articles first, or the latest (default).")
]
LimitOption = Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")]


@app.callback()
def stories(
    context: typer.Context,
    since: SinceOption = None,
    until: UntilOption = None,
    country: OnlyCountryOption = None,
    outlet: OnlyOutletOption = None,
    actor: ActorOption = None,
    origin: OriginOption = None,
    largest: LargestOption = False,
    limit: LimitOption = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the texts that two articles or more carry, with who said each first.

    A story is listed when one of its articles meets all that is asked, with all of its articles.
    `marsad story NUMBER` tells one whole.

    Examples:

      marsad stories --largest --since 2026-03-01

      marsad stories --actor ma_amdh --origin ma_map --json

      marsad stories rebuild
    """
    if context.invoked_subcommand is not None:
        return
    from storage.coverage_summary import summary

    wanted = _filters(since, until, country, outlet, actor, origin)
    with opened(open_workspace(workspace)) as database:
        _check(database, wanted)
        found, total = _find(database, wanted, largest=largest, limit=limit)
        unsettled = tell_unsettled(database)
        coverage = summary(database, filters=wanted.of_publication())
    if as_json:
        told = {"total": total, "unsettled": unsettled, "coverage": coverage, "stories": found}
        print_json(told)
    elif found:
        _show(found, total)
        tell_coverage(coverage)
    else:
        narrowed = wanted != _filters(None, None, None, None, None, None)
        nothing = "no text that two articles carry meets all that is asked"
        tell_nothing_found(coverage, nothing if narrowed else "no text is carried by two articles")
        tell_coverage(coverage)


@app.command()
def rebuild(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Work all stories out anew, from the stored texts and what people judged.

    Needed after nothing in daily use: runs keep stories up to date. Can be stopped at any time:
    the next run finishes it, and this command begins anew.

    Example:

      marsad stories rebuild
    """
    from crawler.engine.settling import rebuild_stories

    place = open_workspace(workspace)
    with human_errors(), steps("articles settled") as tick:
        done = rebuild_stories(place, lambda settled: tick(settled.articles))
    if as_json:
        print_json(done)
        return
    several = f"{counted(done.stories, 'text')} that several of them carry"
    out.print(f"{counted(done.articles, 'article')} settled; {several}")


def _filters(
    since: datetime | None,
    until: datetime | None,
    country: str | None,
    outlet: str | None,
    actor: str | None,
    origin: str | None,
) -> "StoryFilters":
    from storage.search import SearchFilters
    from storage.story_list import StoryFilters

    return StoryFilters(
        articles=SearchFilters(outlet=outlet, country=country, actor=actor),
        since=day_of(since),
        until=day_of(until),
        origin=origin,
    )


def _find(
    database: "Database", wanted: "StoryFilters", *, largest: bool, limit: int
) -> "tuple[list[Story], int]":
    from storage import story_list

    order: story_list.Order = "largest" if largest else "newest"
    found = list(story_list.stories(database, wanted, order=order, limit=limit))
    return found, story_list.count(database, wanted)


def _check(database: "Database", wanted: "StoryFilters") -> None:
    """End with a message where a filter names what the database has never heard of."""
    from storage.origins import names

    slips = database.unknown(wanted.articles) if wanted.articles else []
    if wanted.origin and wanted.origin not in names(database):
        slips.append(f'agency or outlet "{wanted.origin}"')
    refuse_unknown(slips)


def _show(found: "list[Story]", total: int) -> None:
    for story in found:
        _show_story(story)
    more = f", {len(found)} shown" if len(found) < total else ""
    err.print(f"{counted(total, 'story')}{more}; `marsad story NUMBER` tells one whole")


def _show_story(story: "Story") -> None:
    """Headline, figures, origin; each piece of text on its own, whatever its direction."""
    facts = (
        f"story {story.id}",
        f"{counted(len(story.articles), 'article')} in {counted(len(story.outlets), 'outlet')}",
        _span(story.first_at, story.last_at),
        ", ".join(story.languages),
    )
    out.print(f"[bold]{escape(harmless(story.headline))}[/bold]")
    out.print(Text(" · ".join(facts), style="dim"))
    out.print(Text(f"  origin: {with_names_isolated(story.origin_known_by)}"), end="\n\n")


def _span(first: datetime, last: datetime) -> str:
    """From the first appearance to the last, without what both have in common."""
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    until = f" to {end}" if last != first else ""
    return f"{first:%Y-%m-%d %H:%M}{until} UTC"
