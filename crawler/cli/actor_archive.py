"""`marsad actors rematch` and `concordance`: actors in the articles that are stored."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len
from rich.text import Text

from crawler.cli.bidi import isolated
from crawler.cli.common import (
    FAILED,
    NEEDS_A_PERSON,
    JsonOption,
    OnlyCountryOption,
    OnlyOutletOption,
    WorkspaceOption,
    counted,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.query import AfterOption, BeforeOption, LanguageOption
from crawler.cli.tables import print_rows
from crawler.sentences import did_you_mean
from crawler.workspace import Config, Workspace, load_config

if TYPE_CHECKING:  # the matcher and the database are opened only where they are needed
    from crawler.engine.rematch import Change, RematchReport
    from storage.concordance import Line
    from storage.database import Database
    from storage.search import SearchFilters

ActorsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="ACTOR", help="Tell of these actors only.")
]
ActorArgument = Annotated[str, typer.Argument(metavar="ACTOR", help="An actor's id.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would change, only.")]
AllOption = Annotated[
    bool, typer.Option("--all", help="Also mentions that are not counted, marked with ?")
]
WidthOption = Annotated[
    int, typer.Option(min=5, max=1000, help="Characters on either side of the name.")
]
LimitOption = Annotated[int, typer.Option(min=1, help="How many to show at most.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")]


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


def concordance(
    actor_id: ActorArgument,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    language: LanguageOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    width: WidthOption = 40,
    limit: LimitOption = 200,
    everything: AllOption = False,
    workspace: WorkspaceOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show every mention of an actor with the words before and after it, by day.

    Before and after are those of reading: in Arabic, what stands before a name is to the
    right of it on a page, and here still in the first column.

    Examples:

      marsad actors concordance ma_amdh --country ma --after 2026-01-01

      marsad actors concordance ma_amdh --csv --limit 10000 > amdh.csv
    """
    from storage import concordance as store
    from storage.search import SearchFilters

    filters = SearchFilters(
        outlet=outlet,
        country=country,
        language=language,
        after=after.date() if after else None,
        before=before.date() if before else None,
    )
    with opened(open_workspace(workspace)) as db:
        _refuse_slips(db, actor_id, filters)
        found = list(
            store.lines(db, actor_id, filters, doubtful=everything, width=width, limit=limit)
        )
        total = store.count(db, actor_id, filters, doubtful=everything)
    _show_lines(found, width, as_csv=as_csv, as_json=as_json)
    more = f", {len(found)} shown (--limit shows more)" if len(found) < total else ""
    err.print(counted(total, "mention") + more if found else "no mention found")


# ---------------------------------------------------------------- rematch


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
    from crawler.engine.rematch import AlreadyRunning
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


# ---------------------------------------------------------------- concordance


def _refuse_slips(db: "Database", actor_id: str, filters: "SearchFilters") -> None:
    slips = db.unknown(replace(filters, actor=actor_id))
    if slips:
        fail(f"the database knows no {' and no '.join(slips)}")


def _show_lines(lines: "list[Line]", width: int, *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        print_json(lines)
    elif as_csv:
        _print_csv(lines)
    elif lines:
        _print_columns(lines, width)


def _print_csv(lines: "list[Line]") -> None:
    from storage.concordance import Line
    from storage.formulas import neutralise

    writer = csv.writer(out.file, quoting=csv.QUOTE_ALL)
    writer.writerow([field.name for field in fields(Line)])
    for line in lines:
        writer.writerow([_csv_cell(value, neutralise) for value in asdict(line).values()])


def _csv_cell(value: object, neutralise: Callable[[str], str]) -> object:
    if isinstance(value, bool):
        return int(value)
    return neutralise(value) if isinstance(value, str) else value


def _print_columns(lines: "list[Line]", width: int) -> None:
    """One line for each mention, the names below each other; every piece keeps to itself."""
    facts = [_facts(line) for line in lines]
    widest = [max(cell_len(fact[column]) for fact in facts) for column in range(3)]
    name = min(width, max(cell_len(_one_line(line.match)) for line in lines) + 2)
    before = max(cell_len(_one_line(line.before)) for line in lines)
    after = max(cell_len(_one_line(line.after)) for line in lines)
    head = [*map(str.ljust, ("article", "outlet", "day"), widest)]
    title = [*head, "before".rjust(before), "match".ljust(name), "after".ljust(after), "label"]
    out.print(Text("  ".join(title).rstrip(), style="bold"))
    for line, fact in zip(lines, facts, strict=True):
        doubt = "" if line.counted else "?"
        pieces = [
            *map(_left, fact, widest),
            _right(line.before, before),
            _left(f"{doubt}[{_one_line(line.match)}]", name),
            _left(line.after, after),
            isolated(line.label),
        ]
        out.print(Text("  ".join(pieces).rstrip()))


def _facts(line: "Line") -> tuple[str, str, str]:
    return str(line.article_id), line.outlet_id, line.day or "undated"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _left(text: str, width: int) -> str:
    """A piece in a column of its own, filled up outside of its isolate."""
    return isolated(text) + " " * (width - cell_len(isolated(text)))


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(isolated(text))) + isolated(text)
