"""What a workspace's state means: whether it works, and what somebody has to see to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.phrases import counted
from crawler.telling import alert_words as words
from crawler.telling.alert_words import AHEAD, CLOCK
from crawler.telling.status_records import Matter, ScheduleState, Status
from storage.status import CareFailed

WELL, DOWN, NEEDS_A_PERSON = 0, 1, 3
SOON = timedelta(days=30)
"""How long before the disk is full somebody has to know."""
OLD_BACKUP = timedelta(days=15)
"""Age of the last good backup from which on a weekly one was missed twice."""


def judged(known: Status, beginning: datetime) -> Status:
    """The same with its matters, verdict and exit code; `beginning` is that of the first run."""
    found = [matter for rule in _RULES for matter in rule(known, beginning)]
    matters = tuple(sorted(found, key=lambda matter: not matter.down))  # what keeps us from working
    code = DOWN if any(one.down for one in matters) else NEEDS_A_PERSON if matters else WELL
    return replace(known, matters=matters, code=code, verdict=_sentence(known, matters, code))


def _sentence(known: Status, matters: tuple[Matter, ...], code: int) -> str:
    if code == WELL:
        due = [one.next_at for one in known.schedules if one.next_at and not one.paused]
        coming = f"; next run {_moment(min(due))} UTC" if due else ""
        return f"All is well{coming}."
    others = f" (and {len(matters) - 1} more)" if len(matters) > 1 else ""
    if matters[0].said == _NEVER:
        return f"Nothing runs by itself here yet: `marsad schedule run` starts it{others}."
    head = "Not running as it should" if code == DOWN else "Running, and somebody is needed"
    return f"{head}: {matters[0].said}{others}."


def _schedules(known: Status, beginning: datetime) -> Iterator[Matter]:
    for wrong in known.wrong_files:
        yield Matter(f"a schedule's file is wrong: {wrong}", "It does not run so.", down=True)
    if not any(one.last for one in known.schedules):
        yield Matter(_NEVER, _BEGIN, down=True)
        return
    if not known.wrong_files and all(one.next_at is None for one in known.schedules):
        yield Matter("no schedule is switched on, so nothing runs by itself", _SWITCH, down=True)
    for one in known.schedules:
        # A schedule was not missed before there was anything to run.
        if one.overdue_since is not None and one.overdue_since >= beginning:
            said = f"{one.name}, due {_moment(one.overdue_since)} UTC, was not started"
            yield Matter(said, _START, down=True)
        else:
            yield from _last_slot(one)
        if one.paused and one.paused_until is None:
            said = f"{one.name} is paused until somebody resumes it"
            yield Matter(said, f"`marsad schedule resume {one.name}` when the time has come.")


def _last_slot(one: ScheduleState) -> Iterator[Matter]:
    last = one.last
    if last is None or one.next_at is None:
        return
    if last.status in _BAD_ENDS:
        said = f"{one.name} of {last.slot} {_BAD_ENDS[last.status]}"
        why = f": {last.said}" if last.said else ""
        yield Matter(said + why, "`marsad runs` tells what its runs did.", down=True)
    if last.missed:
        times = "time" if last.missed == 1 else "times"
        said = f"before {last.slot}, {one.name} was missed {last.missed} {times}"
        step = "Was the machine off? What outlets still showed was made up for: `marsad coverage`."
        yield Matter(said, step, down=True)


def _books(known: Status, _: datetime) -> Iterator[Matter]:
    for run_id, wrong in known.unbalanced:
        said = f"the books of run {run_id} do not balance: {wrong}"
        yield Matter(said, "Please report this with `marsad runs --json`.", down=True)


def _disk(known: Status, _: datetime) -> Iterator[Matter]:
    foretold = known.disk.growth
    if not known.disk.room.enough:
        yield Matter("the disk is full up to its reserve", _ROOM, down=True)
    elif foretold.full_on is not None and foretold.full_on <= (known.at + SOON).date():
        yield Matter(f"the disk will be full on {foretold.full_on}", _ROOM)


def _outlets(known: Status, _: datetime) -> Iterator[Matter]:
    for trouble in known.machine:
        if trouble.needs_a_person:
            yield Matter(f"this machine is {trouble.kind}: {trouble.said}", trouble.steps[0])
    needing = [one for one in known.outlets_to_see if one.needs_a_person]
    if needing:
        counts = [(state, sum(one.state == state for one in needing)) for state in known.outlets]
        told = ", ".join(f"{count} {state}" for state, count in counts if count)
        noun = "outlet needs" if len(needing) == 1 else "outlets need"
        yield Matter(f"{len(needing)} {noun} a look ({told})", "`marsad events` tells the steps.")


def _care(known: Status, beginning: datetime) -> Iterator[Matter]:
    if known.captures.wrong:
        yield Matter(words.of_wrong(known.captures.wrong, "capture"), words.CAPTURES_STEP)
    for failed in known.care_failed:
        yield from _failed(failed)
    if known.unindexed:
        verb = "is" if known.unindexed == 1 else "are"
        said = f"{counted(known.unindexed, 'article')} {verb} not in the search index yet"
        yield Matter(said, "A search may miss them: `marsad upgrade` puts them there.")
    yield from _backup(known, beginning)
    for warning in known.zone_warnings:
        yield Matter(warning, "Bring the system's package tzdata up to date.")
    for target in known.deaf:
        yield Matter(target.said, target.step)


def _failed(failed: CareFailed) -> Iterator[Matter]:
    """A check that did its work and found something wrong has not failed; captures are told."""
    if failed.kind == "verify" and words.found_wrong(failed.figures):
        if said := words.of_wrong_database(failed.figures):
            yield Matter(said, words.DATABASE_STEP)
    else:
        said = f"the last {failed.kind} failed: {failed.said}"
        yield Matter(said, f"`marsad {failed.kind}` tries again.")


def _backup(known: Status, beginning: datetime) -> Iterator[Matter]:
    backup = known.backup
    last = backup.at if backup else beginning
    if backup and last > known.at + AHEAD:
        yield Matter(words.of_another_clock("good backup", last), f"{CLOCK} {_NEW_BACKUP}")
    elif known.at - last >= OLD_BACKUP:
        age = (known.at - last).days
        said = f"the last good backup is {age} days old" if backup else "there is no backup"
        yield Matter(said, _NEW_BACKUP)
    if backup and not backup.whole:
        said = "the file of the last backup is not there any more, or not whole"
        yield Matter(said, "`marsad backup` makes one; `marsad backup list` shows what is left.")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


_RULES: tuple[Callable[[Status, datetime], Iterator[Matter]], ...] = (
    _schedules,
    _books,
    _disk,
    _outlets,
    _care,
)
_NEVER = "no schedule has run yet"
_BEGIN = "docs/how-to-run-by-itself.md tells how it starts with the machine."
_NEW_BACKUP = "`marsad backup` makes one."
_BAD_ENDS = {
    "failed": "failed",
    "interrupted": "broke off",
    "cut off": "was cut off (its process is gone) and goes on at the next start",
}
_START = "See that `marsad schedule run` is running, or that the timer calls `marsad run`."
_SWITCH = "`enabled = true` in a file of schedules/; `marsad schedule list` shows them."
_ROOM = "Make room, or let [retention] in schedules/ keep less; `marsad tidy` does it now."
