"""`marsad schedule`: runs by themselves, every night."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from crawler.workspace import Workspace

app = typer.Typer(help="Run every night by itself.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="SCHEDULE", help="The schedule's name.")]


@app.command()
def run(name: NameArgument = "nightly", workspace: WorkspaceOption = None) -> None:
    """Stay running: make up for a missed night, then read every night when it is due.

    One scheduler per workspace; ends with SIGTERM or Ctrl-C, and lets a run end by itself.

    Example:

      marsad schedule run
    """
    import logging

    from schedules.plan import load_schedule
    from schedules.service import SchedulerRunning, Service

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    place = open_workspace(workspace)
    with human_errors():
        schedule = load_schedule(name, place.root)
        err.print(f"Schedule {schedule.name}: every night at {schedule.at} {schedule.zone}.")
        try:
            Service(place, schedule).serve()
        except SchedulerRunning as wrong:
            fail(str(wrong))


@app.command("next")
def upcoming(
    name: NameArgument = "nightly",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say when the next night's run is due, and whether the last one is done.

    Example:

      marsad schedule next --json
    """
    facts = _facts(name, open_workspace(workspace))
    if as_json:
        print_json(facts)
        return
    out.print(f"{facts['schedule']}: next run {facts['next']:%Y-%m-%d %H:%M} UTC")
    out.print(
        f"night of {facts['last_night']}: {'done' if facts['last_night_done'] else 'not done'}"
    )


def _facts(name: str, place: Workspace) -> dict[str, Any]:
    from schedules.plan import last_due, load_schedule, next_due
    from schedules.service import nights_done

    with human_errors():
        schedule = load_schedule(name, place.root)
        done = nights_done(place, schedule)
    now = datetime.now(UTC)
    last = last_due(schedule, now)
    return {
        "schedule": schedule.name,
        "last_night": last,
        "last_night_done": last in done,
        "next": schedule.instant(next_due(schedule, now)),
    }
