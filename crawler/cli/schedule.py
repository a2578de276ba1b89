"""`marsad schedule`: what runs by itself, and when."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

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
from crawler.cli.run import NameArgument, carry_out, say_wrong_names, set_up_logs
from crawler.cli.tables import print_paragraph, print_rows
from crawler.workspace import Workspace

if TYPE_CHECKING:  # most commands need none of these
    from schedules.files import Schedules
    from storage.slots import Coming, Slot

app = typer.Typer(help="What runs by itself, and when.", no_args_is_help=True)

NamesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="SCHEDULE", help="Schedules' names; without any, all of them."),
]


def _moment(text: str) -> datetime:
    """A day, or a day and a time of it, without a zone."""
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M"):
        with suppress(ValueError):
            moment = datetime.strptime(text, form)
            if moment.year < datetime.max.year:  # the last day is over in no zone
                return moment
    raise typer.BadParameter(f'there is no day "{text}"; write 2026-12-01 or 2026-12-01T18:00')


UntilOption = Annotated[
    datetime | None,
    typer.Option(
        help="It goes on by itself then, by the schedule's own clock; without it, when somebody "
        "resumes it.",
        parser=_moment,
        metavar="DAY",
    ),
]
ReasonOption = Annotated[str, typer.Option(help="Why, for whoever wonders later.")]
NOTHING = "·"


@dataclass(frozen=True, slots=True)
class Listed:
    """A schedule as it is listed."""

    name: str
    when: str  # by the clock of its zone
    zone: str
    enabled: bool
    tasks: tuple[str, ...]
    next: "Coming | None"
    last: "Slot | None"


@app.command()
def run(names: NamesArgument = None, workspace: WorkspaceOption = None) -> None:
    """Stay running: start every schedule when it is due, and make up for what was missed.

    One scheduler per workspace. A file that changes counts from then on;
    one that is wrong is said, and counts as it was. SIGTERM or Ctrl-C ends
    it with all that it started, in good order and within half a minute.

    Ends with 2 where another process schedules this workspace, and says
    which; or where no schedule can be read.

    Examples:

      marsad schedule run

      marsad schedule run nightly weekly
    """
    from crawler.logs import set_up
    from crawler.telling.senders import warnings
    from schedules.onlyone import SchedulerRunning
    from schedules.service import Service

    place = open_workspace(workspace)
    _files(place)
    for warning in warnings(place):
        err.print(f"[yellow]{escape(warning)}[/yellow]")
    set_up(file=place.logs_dir / "scheduler.log")
    with human_errors():
        try:
            Service(place, names or ()).serve()
        except SchedulerRunning as wrong:
            fail(str(wrong))


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """All schedules: when they run, what comes next, and how the last one went.

    Example:

      marsad schedule list
    """
    place = open_workspace(workspace)
    with human_errors():
        files = _files(place)
        listed = _listed(place, files)
    if as_json:
        print_json({"schedules": listed, "problems": [str(one) for one in files.problems]})
        return
    rows = [(one.name, one.when, _next(one), _last(one)) for one in listed]
    print_rows(("schedule", "when", "next (UTC)", "last (UTC)"), rows)
    out.print()
    for one in listed:
        print_paragraph(_does(one))


@app.command("next")
def next_(
    names: NamesArgument = None, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """What is due next, the soonest first.

    Example:

      marsad schedule next nightly --json
    """
    place = open_workspace(workspace)
    with human_errors():
        coming = [
            one for one in _coming(place, _files(place)) if not names or one.schedule in names
        ]
    if as_json:
        print_json(coming)
        return
    for one in coming:
        paused = f" (paused{_until(one)})" if one.paused else ""
        out.print(f"{_at(one.at)} UTC  {one.schedule}, {one.slot}{paused}", markup=False)


@app.command("run-now")
def run_now(
    name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Do a schedule's work at once, whatever its file says of when, and also while it is paused.

    It is a slot of its own: the next one is due when it is due. Exit codes
    are those of `marsad run`.

    Example:

      marsad schedule run-now weekly
    """
    from schedules.files import load_schedule
    from schedules.plan import now_slot
    from schedules.preparing import prepare
    from storage.times import utc_now

    place = open_workspace(workspace)
    set_up_logs()
    with human_errors():
        schedule = load_schedule(name, place.root)
        say_wrong_names(place, name)
        prepare(place)
    carry_out(place, schedule, now_slot(utc_now()), as_json=as_json)


@app.command()
def pause(
    name: NameArgument,
    until: UntilOption = None,
    reason: ReasonOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Let a schedule rest; what runs already is not ended.

    What falls due in between is not made up for, save the last time if it
    is young enough when the rest is over.

    Examples:

      marsad schedule pause daytime

      marsad schedule pause nightly --until 2026-12-01 --reason "the line is being rebuilt"
    """
    from schedules import pauses
    from schedules.files import load_schedule
    from storage.times import utc_now, zone

    place, now = open_workspace(workspace), utc_now()
    with human_errors():
        schedule = load_schedule(name, place.root)
        end = until.replace(tzinfo=zone(schedule.zone)) if until else None
        if end is not None and end <= now:
            fail(f"--until lies in the past: {until:%Y-%m-%d %H:%M} in {schedule.zone}")
        made = pauses.pause(place.root, name, now, end, reason)
    out.print(f"{name} rests {f'until {_at(made.until)} UTC' if made.until else 'until resumed'}.")


@app.command()
def resume(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Let a schedule run again that was paused.

    Example:

      marsad schedule resume nightly
    """
    from schedules import pauses
    from schedules.files import load_schedule

    place = open_workspace(workspace)
    with human_errors():
        load_schedule(name, place.root)
        was_paused = pauses.resume(place.root, name)
    out.print(f"{name} runs again." if was_paused else f"{name} was not paused.")


def _files(place: Workspace) -> "Schedules":
    """The schedule files; what is wrong with some of them is said, and hides no other."""
    from schedules.files import load_schedules
    from schedules.wrongnames import wrong_names

    files = load_schedules(place.root)
    for problem in (*files.problems, *wrong_names(place, files)):
        err.print(f"[red]{escape(str(problem))}[/red]")
    return files


def _coming(place: Workspace, files: "Schedules") -> list["Coming"]:
    from schedules.upcoming import upcoming
    from storage.times import utc_now

    found = upcoming(files, place.root, utc_now())
    return sorted(found, key=lambda one: (one.paused, one.at))


def _listed(place: Workspace, files: "Schedules") -> list[Listed]:
    from schedules.words import when_words

    following = {one.schedule: one for one in _coming(place, files)}
    lasts = _lasts(place, files)
    return [
        Listed(
            name,
            when_words(one),
            one.zone,
            one.enabled,
            one.tasks,
            following.get(name),
            lasts.get(name),
        )
        for name, one in files.by_name.items()
    ]


def _lasts(place: Workspace, files: "Schedules") -> Mapping[str, "Slot"]:
    """The last slot of each schedule that has had one."""
    from storage.database import open_database
    from storage.errors import DatabaseMissing
    from storage.slots import SlotStore

    try:
        with open_database(place.database, readonly=True) as database:
            slots = SlotStore(database)
            found = [slot for name in files.by_name for slot in slots.latest(name, limit=1)]
    except DatabaseMissing:  # nothing has run yet
        return {}
    return {slot.schedule: slot for slot in found}


def _next(one: Listed) -> str:
    if one.next is None:
        return "switched off"
    return "paused" if one.next.paused else _at(one.next.at)


def _does(one: Listed) -> str:
    """What a schedule does, by which clock, and how long it rests."""
    paused = f"; paused{_until(one.next)} UTC" if one.next and one.next.paused_until else ""
    return f"{one.name}: {', '.join(one.tasks)}, by the clock of {one.zone}{paused}"


def _until(coming: "Coming") -> str:
    return f" until {_at(coming.paused_until)}" if coming.paused_until else ""


def _last(one: Listed) -> str:
    return f"{one.last.status} {one.last.due_at:%m-%d %H:%M}" if one.last else NOTHING


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
