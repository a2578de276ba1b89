"""`marsad run`: the work of one schedule, once, whoever starts it."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    WRONG_USE,
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
from crawler.workspace import Workspace

if TYPE_CHECKING:  # most commands need none of these
    from schedules.plan import Due
    from schedules.records import Schedule
    from storage.slots import Slot

NameArgument = Annotated[str, typer.Argument(metavar="SCHEDULE", help="The schedule's name.")]
SlotOption = Annotated[
    str | None,
    typer.Option(help="Which of its times, such as 2026-11-22; without it, the one that is due."),
]


def run(
    name: NameArgument,
    slot: SlotOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Do what a schedule has to do now, if anything; then report and tell.

    For cron or a systemd timer, every ten minutes: it takes what is due,
    makes up for a night that was missed, goes on with one that was cut
    off, and otherwise says that nothing is due. Each night is done once,
    also beside `marsad schedule run`.

    Exit codes: 0 done, or nothing to do; 3 done, but something needs a
    person; 1 failed, or ended before it was done; 2 another process has
    this schedule under way, or a mistake in a file.

    Examples:

      marsad run nightly

      marsad run nightly --slot 2026-11-22
    """
    from schedules.planned import schedule_of
    from schedules.preparing import prepare
    from schedules.untold import tell_untold
    from storage.times import utc_now

    place = open_workspace(workspace)
    set_up_logs()
    with human_errors():
        schedule = schedule_of(name, place.root)
        say_wrong_names(place, name)
        prepare(place)
        tell_untold(place, schedule)
        due = _named(schedule, slot) if slot else _due(place, schedule)
    if due is None:
        _under_way(place, schedule)
        _nothing(place, schedule, as_json=as_json)
    if slot and due.due_at > utc_now():
        fail(f"{name} of {slot} is due at {due.due_at:%Y-%m-%d %H:%M} UTC only")
    carry_out(place, schedule, due, as_json=as_json)


def set_up_logs() -> None:
    """Have our processes' lines on standard error."""
    from crawler.logs import set_up

    set_up(console_json=None)


def say_wrong_names(place: Workspace, name: str) -> None:
    """Say which outlets and targets a schedule names that there are not; the rest is done."""
    from schedules.wrongnames import wrong_names_of

    for problem in wrong_names_of(place, name):
        err.print(f"[red]{escape(str(problem))}[/red]")


def carry_out(place: Workspace, schedule: "Schedule", due: "Due", *, as_json: bool) -> NoReturn:
    """Do the work of a slot, say how it went, and end with its exit code."""
    from schedules import supervisor
    from storage.errors import SlotTaken

    with human_errors():
        try:
            attempt = supervisor.carry_out(place, schedule, due, watched=err.is_terminal)
        except SlotTaken as taken:
            _taken(taken.slot)
    if as_json:
        print_json({"exit_code": attempt.exit_code, "slot": attempt.slot, "tasks": attempt.tasks})
    else:
        said = "; ".join(filter(None, (attempt.slot.said, *attempt.needs)))
        how = _HOW[attempt.slot.status] + (f". {said}" if said else ".")
        out.print(f"{schedule.name} of {due.slot} {how}", markup=False)
    raise typer.Exit(attempt.exit_code)


_HOW = {"done": "is done", "failed": "failed", "interrupted": "was interrupted"}


def _named(schedule: "Schedule", slot: str) -> "Due":
    """The slot of a name; ends with a message where the schedule has no such one."""
    from schedules.plan import Due, due_at

    try:
        return Due(slot, due_at(schedule, slot))
    except ValueError:
        fail(f"{schedule.name} has no slot {slot}; one looks like {_example(schedule)}")


def _example(schedule: "Schedule") -> str:
    from schedules.plan import last_due
    from storage.times import utc_now

    return last_due(schedule, utc_now()).slot


def _due(place: Workspace, schedule: "Schedule") -> "Due | None":
    """The slot to take now; None where there is nothing to do."""
    from schedules.supervisor import what_is_due

    return what_is_due(place, schedule)


def _under_way(place: Workspace, schedule: "Schedule") -> None:
    """End with a message where a process has the schedule under way."""
    from storage.slots import SlotStore

    with opened(place) as database:
        slots = SlotStore(database)
        running = [one for one in slots.running() if one.schedule == schedule.name]
        for slot in filter(slots.lives, running):
            _taken(slot)


def _nothing(place: Workspace, schedule: "Schedule", *, as_json: bool) -> NoReturn:
    from schedules.pauses import read_pauses
    from schedules.plan import coming
    from storage.times import utc_now

    now = utc_now()
    following = coming(schedule, now, read_pauses(place.root).get(schedule.name))
    if as_json:
        print_json({"exit_code": 0, "slot": None, "tasks": [], "next": following})
    elif following is None:
        out.print(f"{schedule.name} is switched off.")
    elif following.paused:
        out.print(f"{schedule.name} is paused: `marsad schedule resume {schedule.name}`")
    else:
        at = f"{following.at:%Y-%m-%d %H:%M} UTC"
        out.print(f"{schedule.name}: nothing is due; next is {following.slot}, at {at}.")
    raise typer.Exit(0)


def _taken(slot: "Slot") -> NoReturn:
    """Say why a slot cannot be had."""
    name = f"{slot.schedule} of {slot.slot}"
    if slot.status == "running":
        since = f"{slot.started_at:%Y-%m-%d %H:%M} UTC"
        fail(f"{name} is under way in process {slot.process.pid}, since {since}", WRONG_USE)
    if slot.status == "done":
        out.print(f"{name} is done already; nothing was run.")
        raise typer.Exit(0)
    again = f"`marsad schedule run-now {slot.schedule}` does its work now"
    fail(f"{name} {slot.status} {slot.attempts} times and is not tried again; {again}", FAILED)
