"""How a workspace's state looks to a person: a sentence, what to do, then tables."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from crawler.cli.common import out
from crawler.cli.report import moment
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted
from crawler.telling.growth import LEAST_NIGHTS, Growth
from crawler.telling.outlet_states import STATES, OutletState
from crawler.telling.status_records import ScheduleState, Status
from storage.bidi import isolated, with_names_isolated

STYLES = {0: "green", 1: "red", 3: "yellow"}
OUTLETS_SHOWN = 20
NOTHING = "·"


def show_status(known: Status) -> None:
    """Print it: the verdict, what somebody has to do, then how everything stands."""
    print_paragraph(with_names_isolated(known.verdict), style=f"bold {STYLES[known.code]}")
    told = set[str]()
    for matter in known.matters:
        said = with_names_isolated(matter.said)
        step = "" if matter.step in told else f" {matter.step}"
        told.add(matter.step)
        print_paragraph(f"{said[0].upper()}{said[1:]}.{step}", indent="  ")
    out.print()
    _schedules(known)
    _outlets(known)
    out.print()
    for line in _lines(known):
        print_paragraph(with_names_isolated(line))


def _schedules(known: Status) -> None:
    if not known.schedules:
        return
    rows = [
        (
            one.name,
            one.last.slot if one.last else NOTHING,
            one.last.status if one.last else "never",
            _at(one.last.ended_at if one.last else None),
            _next(one),
        )
        for one in known.schedules
    ]
    print_rows(("schedule", "last for", "how", "ended (UTC)", "next (UTC)"), rows)
    for run in known.running:
        now = "under way" if run.lives else "was cut off; goes on at the next start"
        told = f"Run {run.run_id} ({run.kind}), since {moment(run.started_at)}: {now}"
        done = f"; {run.ended} of {counted(run.taken, 'address')} done" if run.taken else ""
        print_paragraph(f"{told}{done}.")
    out.print()


def _next(one: ScheduleState) -> str:
    if not one.paused:
        return _at(one.next_at)
    return f"paused until {moment(one.paused_until)}" if one.paused_until else "paused"


def _outlets(known: Status) -> None:
    counts = [f"{known.outlets[state]} {state}" for state in STATES if known.outlets.get(state)]
    if counts:
        out.print(Text(f"Outlets: {', '.join(counts)}", style="bold"))
    shown = known.outlets_to_see[:OUTLETS_SHOWN]
    if shown:
        print_rows(("outlet", "state", "since (UTC)", "seen", "name"), list(map(_row, shown)))
    if len(known.outlets_to_see) > len(shown):
        print_paragraph(f"and {len(known.outlets_to_see) - len(shown)} more: --json names them.")


def _row(one: OutletState) -> tuple[str, ...]:
    seen = ", ".join(one.kinds).replace("_", " ") or one.said
    return (one.outlet_id, one.state, _at(one.since), seen, isolated(one.name))


def _lines(known: Status) -> Iterator[str]:
    queue = known.waiting
    oldest = f", the oldest found {moment(queue.since)}" if queue.since else ""
    yield (
        f"Waiting: {counted(queue.pending, 'address')} to read ({queue.tried} tried before"
        f"{oldest}), {counted(queue.follows, 'visit')} to make."
    )
    yield from _disk(known)
    yield from _care(known)
    yield f"Marsad {known.version}, schema {known.schema}; {counted(known.articles, 'article')}."


def _disk(known: Status) -> Iterator[str]:
    disk, sizes = known.disk, known.disk.sizes
    yield (
        f"Disk: {size(disk.room.free)} left, {size(disk.room.reserve)} of it kept in reserve; "
        f"{_foretold(disk.growth)}."
    )
    yield (
        f"Taken: {size(sizes.total)} (database {size(sizes.database)}, captures "
        f"{size(sizes.captures)}, backups {size(sizes.backups)}, logs {size(sizes.logs)})."
    )


def _foretold(growth: Growth) -> str:
    """When the disk will be full, and how that is known."""
    if growth.outlook == "full":
        return "FULL up to the reserve"
    if growth.per_night is None or growth.per_day is None:
        return (
            f"how long it lasts is unknown ({counted(growth.nights, 'night')} measured, "
            f"{LEAST_NIGHTS} are needed)"
        )
    pace = f"{_each(growth.per_night, 'night')}, {_each(growth.per_day, 'day')} with what is tidied"
    if growth.full_on is None:
        return f"{pace}; not full within 5 years"
    return f"{pace}; full on {growth.full_on} at this rate"


def _each(number: int, span: str) -> str:
    """Bytes for people, of each night or day.

    >>> _each(3_200_000, "night"), _each(-3_200_000, "day")
    ('3.2 MB a night', '3.2 MB less each day')
    """
    return f"{size(number)} a {span}" if number >= 0 else f"{size(-number)} less each {span}"


def _care(known: Status) -> Iterator[str]:
    captures, backup = known.captures, known.backup
    verified = f", the oldest look {moment(captures.oldest)}" if captures.oldest else ""
    yield (
        f"Captures: {counted(captures.files, 'file')}, {captures.never} never verified"
        f"{verified}; {captures.wrong} wrong."
    )
    if backup is None:
        yield "Backup: none yet."
        return
    big = f", {size(backup.bytes)}" if backup.bytes is not None else ""
    age = (known.at - backup.at).days
    old = f"{counted(age, 'day')} old" if backup.at <= known.at else "dated in the future"
    yield f"Backup: verified {moment(backup.at)}, {old}{big}."


def size(number: int) -> str:
    """Bytes for people.

    >>> size(1_234_567), size(-45_000_000), size(2_500_000_000)
    ('1.2 MB', '-45 MB', '2.5 GB')
    """
    scaled, unit = (number / 1e9, "GB") if abs(number) >= 1e9 else (number / 1e6, "MB")
    return f"{scaled:.0f} {unit}" if abs(scaled) >= 10 else f"{scaled:.1f} {unit}"


def _at(at: datetime | None) -> str:
    return moment(at) if at else NOTHING
