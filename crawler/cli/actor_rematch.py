"""`marsad actors rematch`: today's watchlists applied to the articles that are stored."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.tables import print_rows
from crawler.phrases import counted
from crawler.sentences import did_you_mean
from crawler.workspace import Config, Workspace, load_config
from storage.bidi import isolated

if TYPE_CHECKING:  # the matcher and the database are opened only where they are needed
    from crawler.engine.rematch import Change, RematchReport

ActorsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="ACTOR", help="Tell of these actors only.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would change, only.")]


def rematch(
    actor_ids: ActorsArgument = None,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look for the actors of today's watchlists in everything that is stored.

    Needed after a change of the watchlists: new articles are read with it by themselves.
    Can be stopped at any moment and started again: it takes up where it left off. What a
    person has judged stays as it was judged. Ends with 3 where texts were not kept, so
    that only headlines could be looked at.

    Examples:

      marsad actors rematch

      marsad actors rematch ma_amdh ma_omdh --dry-run
    """
    place = open_workspace(workspace)
    with human_errors():
        config = load_config(place)
    wanted = set(actor_ids or ())
    _refuse_unknown(wanted, config, place)
    report = _matched(place, config, dry_run=dry_run)
    changes = {
        actor_id: change
        for actor_id, change in sorted(report.actors.items())
        if not wanted or actor_id in wanted
    }
    if as_json:
        print_json({**asdict(report), "actors": changes, "dry_run": dry_run})
    else:
        _show_report(report, changes, config, dry_run=dry_run)
    raise typer.Exit(NEEDS_A_PERSON if report.without_text else 0)


def _refuse_unknown(wanted: set[str], config: Config, place: Workspace) -> None:
    """An actor that was dropped from the watchlists may still be named in the archive."""
    from storage.search import SearchFilters

    known = {actor.id for actor in config.actors}
    if missing := wanted - known:
        with opened(place) as db:
            slips = db.unknown(SearchFilters(actor=sorted(missing)))
        if slips:
            hint = did_you_mean(sorted(missing)[0], known)
            fail(f"there is no {' and no '.join(slips)}{hint}")


def _matched(place: Workspace, config: Config, *, dry_run: bool) -> "RematchReport":
    from crawler.cli.progress import steps
    from crawler.engine.locks import AlreadyRunning
    from crawler.engine.rematch import rematch as run

    with human_errors(), steps("articles matched") as tick:
        try:
            return run(
                place.database,
                config.actors,
                dry_run=dry_run,
                progress=lambda report: tick(report.matched),
            )
        except AlreadyRunning as wrong:
            fail(str(wrong), code=FAILED)


def _show_report(
    report: "RematchReport", changes: "Mapping[str, Change]", config: Config, *, dry_run: bool
) -> None:
    would = "would change" if dry_run else "changed"
    out.print(f"{counted(report.matched, 'article')} matched, {report.changed} of them {would}")
    if report.resumed_after:
        out.print(
            f"taken up after article {report.resumed_after}; the figures are of those after it"
        )
    if changes:
        _show_changes(changes, config)
    if report.without_text:
        err.print(
            f"the text of {counted(report.without_text, 'article')} was not kept: only the "
            "headline was looked at; `marsad reread` looks into the captures"
        )


def _show_changes(changes: "Mapping[str, Change]", config: Config) -> None:
    names = {actor.id: actor.name for actor in config.actors}
    rows = [
        (
            actor_id,
            f"+{change.gained}",
            f"-{change.lost}",
            " ".join(f"+{number}" for number in change.gained_in)
            + "".join(f" -{number}" for number in change.lost_in),
            isolated(names.get(actor_id, "no longer watched")),
        )
        for actor_id, change in changes.items()
    ]
    print_rows(("actor", "gained", "lost", "such as", "name"), rows, right=("gained", "lost"))
