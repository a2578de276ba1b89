"""The tasks of a slot: the command line of each, and what its end means."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schedules.records import READING, Schedule, age_text
from schedules.watching import News
from storage.slotruns import TaskRun

MARSAD = (sys.executable, "-P", "-m", "crawler.cli.main")
"""Our own command line; -P: no module of the folder we happen to stand in."""
_NEEDS_A_PERSON = 3
FINE = frozenset({0, 2, _NEEDS_A_PERSON})
"""Exit codes of a task that says all there is to say when it is started by hand."""

_FAILED = {
    "crawl": "too much could not be read; `marsad runs` says what",
    "recheck": "too much could not be looked at again; `marsad runs` says what",
    "probe": "the outlets could not be asked; `marsad runs` says why",
    "verify": "what is kept could not be checked; `marsad verify` says why",
    "tidy": "not all could be tidied; `marsad tidy` says why",
    "backup": "there is no new backup; `marsad backup` says why",
}
_NEEDED = {
    "crawl": "`marsad runs` says for what",
    "recheck": "`marsad runs` says for what",
    "probe": "`marsad outlets list` shows the outlets that no way leads to",
    "verify": "`marsad verify` says what is damaged",
    "tidy": "`marsad tidy` says for what",
    "backup": "`marsad backup` says for what",
}
_BROKE_OFF = "its run broke off; `marsad runs` says why"
_WRONG_FILES = (
    "a file of this workspace is wrong; `marsad schedule list` says what of a schedule, "
    "`marsad crawl --all --dry-run` what of the others"
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task ended."""

    task: str
    status: str  # done, failed, interrupted, timeout
    exit_code: int | None
    said: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether it was done, and a person has to look at something."""
        return self.exit_code == _NEEDS_A_PERSON

    @property
    def need(self) -> str:
        """That a person has to look at it, and where."""
        return f"{self.task} needs a person: {_NEEDED[self.task]}"


def command(task: str, schedule: Schedule, slot_id: int, root: Path) -> list[str]:
    """The command line of a task."""
    words = {
        "crawl": ["crawl", *_outlets(schedule), *_ways(schedule)],
        "recheck": ["recheck", *_outlets(schedule), "--schedule", schedule.name],
        "probe": ["outlets", "probe", "--due", *_outlets(schedule)],
        "verify": ["verify"],
        "tidy": ["tidy", "--schedule", schedule.name],
        "backup": ["backup", *_kept(schedule)],
    }[task]
    slot = ["--slot-id", str(slot_id)] if task in READING else []
    return [*MARSAD, *words, *slot, "--workspace", str(root)]


def _outlets(schedule: Schedule) -> list[str]:
    country = ["--country", schedule.country] if schedule.country else []
    return [*schedule.outlets, *country, *(["--all"] if schedule.everything else [])]


def _ways(schedule: Schedule) -> list[str]:
    ways = [word for way in schedule.ways for word in ("--way", way)]
    only = ["--overflowing"] if schedule.only == "overflowing" else []
    return [*ways, *only, *(["--due"] if schedule.every is not None else [])]


def _kept(schedule: Schedule) -> list[str]:
    """How many backups are kept; without a word on it no old one is removed."""
    kept = schedule.retention.backups if schedule.retention else None
    return [] if kept is None else ["--keep", str(kept)]


def ended(
    task: str, schedule: Schedule, news: News, exit_code: int | None, run: TaskRun | None
) -> Ended:
    """What the end of a task means.

    A crawl that a person has to look at (3) was carried out; one that could read less than three
    quarters (1) failed, as most likely the line is down, and is worth another try.
    """
    if news == "stop":
        return Ended(task, "interrupted", exit_code, "it was asked to end")
    if news == "late":
        limit = age_text(schedule.time_limit)
        said = f"its time limit of {limit} was over; the next run goes on with what is left"
        return Ended(task, "timeout", exit_code, said)
    if exit_code not in (0, _NEEDS_A_PERSON):
        return Ended(task, "failed", exit_code, _failure(task, exit_code, run))
    if run is not None and run.status == "interrupted":
        return Ended(task, "interrupted", exit_code, run.no_room or "somebody ended it early")
    return Ended(task, "done", exit_code)


def _failure(task: str, exit_code: int | None, run: TaskRun | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"it was killed by {signal.Signals(-exit_code).name}"
    if run is not None and (run.no_room or run.status == "failed"):
        return run.no_room or _BROKE_OFF
    return _WRONG_FILES if exit_code == 2 else _FAILED[task]


def slot_status(tasks: Sequence[Ended]) -> tuple[str, str]:
    """How a slot ended whose tasks ended so, and why, in a line for people."""
    said = "; ".join(f"{one.task}: {one.said}" for one in tasks if one.status != "done")
    states = {one.status for one in tasks}
    if "interrupted" in states:
        return "interrupted", said
    return ("failed" if states - {"done"} else "done"), said
