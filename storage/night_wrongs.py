"""What went wrong with a night's own work, and what to do: slots, tasks, runs, books, upkeep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from storage import advice, reports
from storage.connection import Connection
from storage.models import Outcome
from storage.night_records import Night, PagesToSee, Wrong
from storage.reported import RunReport, TroubleReport
from storage.slots import Slot, SlotStore, SlotTask
from storage.trouble_reports import listed
from storage.upkeep import Upkeep, UpkeepRecord

_TO_SEE = (
    Outcome.BLOCKED,
    Outcome.ROBOTS,
    Outcome.UNREADABLE,
    Outcome.READER_FAILED,
    Outcome.UNSAFE_ADDRESS,
    Outcome.TOO_LARGE,
)
_STEPS_TO_SEE = frozenset(advice.OUTCOMES[outcome] for outcome in _TO_SEE)
_STATES = ("goes_on", "began", "ended")  # what is told of one that was several in a night
_MOST_UPKEEP = 50

NO_RUN: Final = (
    "Start one by hand (`marsad crawl --all`), and see with `marsad status` why none runs by "
    "itself."
)
MISSED: Final = (
    "The machine was off, or the scheduler did not run: `marsad status` tells whether it runs. "
    "What feeds still showed was caught up; coverage tells what was not."
)
INTERRUPTED: Final = (
    "Nothing to do for once: what was left waits for the next run. If it happens often, look at "
    "the machine's power and memory."
)
TIMEOUT: Final = (
    "What was left waits for the next run. If it happens often, raise `time_limit` in the "
    "schedule's file, or give it fewer outlets."
)
FAILED: Final = "Run it by hand to see what is in the way: `marsad {}`."
RUN_FAILED: Final = "`marsad runs {0}` shows how far it came; the next run goes on with what waits."
DISK: Final = (
    "Make room on the disk: `marsad tidy` removes what the schedule's file says, old backups may "
    "go elsewhere. What was left waits for the next run."
)
BOOKS: Final = (
    "Figures of this run may be wrong: make a backup (`marsad backup`) and report it to the "
    "developers with the run's log."
)
STORIES: Final = (
    "What is new counts as a story of its own until they are worked out; the next run tries again, "
    "`marsad stories settle` does it now."
)
UPKEEP: Final[dict[str, str]] = {
    "backup": "Earlier backups are kept. Run `marsad backup` by hand: it says what is in the way.",
    "verify": "`marsad verify` names what is damaged; a backup may still have it whole.",
    "tidy": "Nothing was removed that should stay. Run `marsad tidy` by hand to see why.",
    "vacuum": "The database is whole and larger than need be: see whether the disk has room.",
    "upgrade": "Run `marsad upgrade` by hand: it makes a backup first.",
    "restore": "Run `marsad restore` again, or go on with the database as it is.",
}


def run_reports(db: Connection, night: Night) -> list[RunReport]:
    """The reports of a night's runs, in their order."""
    return [reports.report(db, run_id) for run_id in night.runs]


def troubles(db: Connection, told: Sequence[RunReport]) -> tuple[TroubleReport, ...]:
    """The troubles of a night, each once: ended in it, or else begun in it, or else going on."""
    if not told:
        return listed(db)
    found: dict[int, TroubleReport] = {}
    for report in told:
        for one in report.troubles:
            before = found.get(one.id)
            if before is None or _STATES.index(one.state) >= _STATES.index(before.state):
                found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: (one.since, one.id)))


def pages_to_see(told: Iterable[RunReport]) -> tuple[PagesToSee, ...]:
    """Single pages that do not mend themselves and that no trouble tells of, by what to do."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for report in told:
        for outlet in report.outlets:
            for said, step in outlet.problems:
                if step in _STEPS_TO_SEE:
                    found[step][outlet.outlet_id] = said
    return tuple(PagesToSee(step, tuple(sorted(of.items()))) for step, of in found.items())


def wrongs(db: Connection, night: Night, told: Sequence[RunReport]) -> tuple[Wrong, ...]:
    """What went wrong with our own work in a night, the most telling first."""
    last = {report.kind: report.run_id for report in told}
    runs = [wrong for one in told for wrong in _of_run(one, last=last[one.kind] == one.run_id)]
    slot = list(_of_slot(db, night.slot, runs)) if night.slot else []
    none = (
        _no_run(night) if not told and not any(one.code != "nights_missed" for one in slot) else []
    )
    return (*slot, *none, *runs, *_of_upkeep(db, night))


def _no_run(night: Night) -> list[Wrong]:
    before = "" if night.first else f" since {night.since:%Y-%m-%d %H:%M}"
    return [Wrong("no_run", "crawl", f"Nothing was crawled{before}.", (NO_RUN,))]


def _of_run(report: RunReport, *, last: bool) -> Iterator[Wrong]:
    """What a run has to say; `last` of its kind, what another one did not make up for."""
    run = f"run {report.run_id} ({report.kind})"
    if report.status == "failed":
        why = f": {report.failure}" if report.failure else ""
        yield Wrong("run", run, f"It failed{why}.", (RUN_FAILED.format(report.run_id),))
    if report.disk and last:
        yield Wrong("disk", run, report.disk, (DISK,))
    elif report.status == "interrupted" and last:
        yield Wrong("run", run, "It was interrupted.", (INTERRUPTED,), needs_a_person=False)
    if not report.balanced and report.status != "running":
        yield Wrong("books", run, f"The books do not balance: {report.imbalance}.", (BOOKS,))
    if report.stories_failure and last:
        said = f"Stories could not be worked out: {report.stories_failure}."
        yield Wrong("stories", run, said, (STORIES,))


def _of_slot(db: Connection, slot: Slot, runs: Sequence[Wrong]) -> Iterator[Wrong]:
    """What a slot has to say, where no run of it says it better."""
    if slot.missed:
        nights = "night" if slot.missed == 1 else "nights"
        said = f"{slot.missed} {nights} before this one did not run."
        yield Wrong("nights_missed", slot.schedule, said, (MISSED,))
    tasks = [_of_task(one) for one in SlotStore(db).tasks(slot.id) if one.status in _BAD]
    told = {wrong.code for wrong in runs} & {"run"}
    yield from (one for one in tasks if not (told and one.subject in ("crawl", "recheck")))
    if slot.status in _BAD and not tasks and not told:
        why = f": {slot.said}" if slot.said else ""
        needs = slot.status != "interrupted"
        steps = (FAILED.format(f"run {slot.schedule}") if needs else INTERRUPTED,)
        yield Wrong("slot", slot.schedule, f"It {_BAD[slot.status]}{why}.", steps, needs)


_BAD = {
    "failed": "failed",
    "interrupted": "was interrupted",
    "timeout": "was ended at its time limit",
}


def _of_task(task: SlotTask) -> Wrong:
    """A task that ended badly: where it says itself what to do, that alone is the step."""
    why, _, own = task.said.partition("; `")
    said = f"It {_BAD[task.status]}{f': {why}' if why else ''}."
    step = {"failed": FAILED.format(_COMMANDS.get(task.task, task.task)), "timeout": TIMEOUT}
    steps = (f"`{own}." if own else step.get(task.status, INTERRUPTED),)
    return Wrong("task", task.task, said, steps, task.status != "interrupted")


_COMMANDS = {"probe": "outlets probe", "crawl": "crawl --all"}


def _of_upkeep(db: Connection, night: Night) -> Iterator[Wrong]:
    """Care of the data that failed since the night before, and did not go well after that."""
    told: dict[str, UpkeepRecord] = {}
    for one in Upkeep(db).list(limit=_MOST_UPKEEP):
        if one.ended_at is not None and night.told_to < one.ended_at <= night.until:
            told.setdefault(one.kind, one)
    for kind, one in sorted(told.items()):
        if not one.ok:
            step = UPKEEP.get(kind, FAILED.format(kind))
            why = f": {one.said}" if one.said else ""
            yield Wrong("upkeep", kind, f"It failed{why}.", (step,))
