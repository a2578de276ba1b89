"""`marsad tidy`: removes what is past its age, as a schedule's file says."""

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
    out,
    print_json,
)
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted

if TYPE_CHECKING:  # a command that does not tidy needs none of it
    from crawler.care.retention import Retention
    from crawler.care.tidying import Tidied
    from crawler.workspace import Workspace

ScheduleOption = Annotated[
    str, typer.Option("--schedule", help="The schedule whose file says what may go.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")]


def tidy(
    schedule: ScheduleOption = "weekly",
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove captures and logs that are past their age; give back what the database holds free.

    Only what [retention] in the schedule's file says is removed. Captures of articles that name
    an actor or a term, that were judged or that their outlet edited are kept beyond their age.
    With keep = "mentions" the text of other articles goes with its capture: it stands nowhere
    else. Killed at any instant it loses nothing that is to be kept.

    Ends with 3 where something could not be done.

    Examples:

      marsad tidy --dry-run

      marsad tidy --schedule weekly
    """
    from crawler.care.tidying import tidy as tidied
    from crawler.engine.locks import AlreadyRunning

    place = open_workspace(workspace)
    with human_errors():
        retention = _retention(place, schedule)
        try:
            with err.status("Tidying …") as status:
                done = tidied(
                    place,
                    retention,
                    dry_run=dry_run,
                    progress=lambda number, of: status.update(f"Tidying file {number + 1} of {of}"),
                )
        except AlreadyRunning:
            fail("another process tidies, verifies or copies the captures: try again", FAILED)
    gold = sorted(file.name for file in place.gold_dir.glob("*.pages.jsonl"))
    if as_json:
        print_json({**asdict(done), "removed": done.removed, "freed": done.freed, "gold": gold})
    else:
        _show(done, schedule)
        if gold:
            print_paragraph(_of_gold(gold), out)
    raise typer.Exit(NEEDS_A_PERSON if done.problems else 0)


def _retention(place: "Workspace", schedule: str) -> "Retention":
    """What the schedule's file says; of what it does not name, nothing goes."""
    from crawler.care.retention import Retention
    from schedules.files import load_schedule

    said = load_schedule(schedule, place.root).retention
    if said is None:
        return Retention()
    return Retention(said.captures_days, said.captures, said.logs_days, said.looks_days)


def _show(done: "Tidied", schedule: str) -> None:
    """Which files and how much of each, then the sums."""
    if done.captures:
        figures = ("goes", "stays", "MB")
        rows = [
            (file.name, str(file.removed), str(file.kept), f"{file.freed / 1e6:.1f}")
            for file in done.captures
        ]
        sums = [sum(file.removed for file in done.captures), sum(f.kept for f in done.captures)]
        freed = sum(file.freed for file in done.captures) / 1e6
        footer = ("all", *map(str, sums), f"{freed:.1f}")
        print_rows(("captures", *figures), rows, right=figures, footer=footer)
        out.print()
    for line in _lines(done, schedule):
        print_paragraph(line, out)
    for problem in done.problems:
        print_paragraph(problem, out, style="yellow")


def _lines(done: "Tidied", schedule: str) -> list[str]:
    goes = "would go" if done.dry_run else "went"
    number = counted(done.removed, "capture") if done.removed else "none of the captures"
    lines = [f"As {schedule} says, {number} {goes}{_of_when(done)}."]
    if done.texts:
        lines.append(f'With {done.texts} of them the only copy of a text (keep = "mentions").')
    if done.unnamed.names:
        lines.append(f"{counted(len(done.unnamed.names), 'file')} that nobody names {goes}.")
    if done.logs.names:
        lines.append(f"{counted(len(done.logs.names), 'log')} {goes}.")
    return [*lines, f"Database: {done.database}.", f"In all {done.freed / 1e6:.1f} MB {goes}."]


def _of_gold(names: list[str]) -> str:
    """That people's pages to mark hold captures too; they are somebody's work, so they stay."""
    return (
        f"gold/ holds captures as well ({', '.join(names)}), which no rule removes: delete its "
        "files when their captures have to go."
    )


def _of_when(done: "Tidied") -> str:
    """The days before which something was to be fetched to go."""
    whole = f"fetched before {done.rule.before:%Y-%m-%d}" if done.rule.before else ""
    looks = done.rule.looks_before
    idle = f"of looks before {looks:%Y-%m-%d} that found nothing new" if looks else ""
    said = " or ".join(filter(None, (whole, idle)))
    return f" ({said})" if said else ""
