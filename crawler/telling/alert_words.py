"""Alerts in words for people: what is the matter and the next step, and nothing that names anyone.

Addresses, reasons that sites gave and lines of logs stay on this machine: a tag's address may spell
out a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from crawler.phrases import counted
from storage import advice
from storage.reported import TroubleReport
from storage.slots import Slot, SlotTask

AHEAD: Final = timedelta(days=1)
"""What is dated later than that is of a clock that ran ahead: it says nothing of the present."""
TROUBLES: Final[dict[str, str]] = {
    "offline": "most outlets could not be reached at once",
    "unreachable": "cannot be reached",
    "certificate": "its certificate cannot be verified",
    "server_error": "its server fails",
    "blocked": "turns us away",
    "robots": "its robots.txt forbids what we read",
    "gone": "an address of it was taken down",
    "unsafe": "an address of it leads into a private network",
    "html_feed": "a web page comes where a feed should be",
    "empty_feed": "its feed is empty",
    "broken_feed": "its feed cannot be read",
    "too_large": "what it sends is too large",
    "moved": "it has moved to another address",
    "foreign_links": "what it offers lies on other hosts",
    "redesigned": "it was rebuilt and cannot be read any more",
    "frozen": "it answers and shows nothing new",
    "overflow": "it publishes more than is seen between two visits",
    "pages_failing": "most of its pages fail",
    "volume_drop": "it shows far less than usual",
    "reading_worse": "its articles are read worse than before",
}
"""What is the matter with an outlet; kinds that need nobody have no words."""
_TASK_ENDS: Final = {"timeout": "took too long", "interrupted": "was broken off"}


def of_trouble(trouble: TroubleReport, ways: int) -> tuple[str, str]:
    """What is the matter with an outlet, or with our connection, and what to do about it."""
    words = TROUBLES[trouble.kind]
    places = f" ({ways} addresses)" if ways > 1 else ""
    said = f"{trouble.outlet_id}: {words}{places}" if trouble.outlet_id else words.capitalize()
    return said, f"{advice.CAUSES[trouble.kind]} `marsad events` says what was seen."


def of_failed(slot: Slot, tasks: Sequence[SlotTask]) -> tuple[str, str]:
    """A slot that failed: which part of it, and how it is tried again."""
    ends = [
        f"{one.task} {_TASK_ENDS.get(one.status, one.status)}"
        for one in tasks
        if one.status != "done"
    ]
    why = f": {', '.join(ends)}" if ends else ""
    return f"{slot.schedule} of {slot.slot} failed{why}", (
        "`marsad status` says why. What was not reached is still due: "
        f"`marsad schedule run-now {slot.schedule}` tries now, else the next one does."
    )


def of_broken_off(slot: Slot) -> tuple[str, str]:
    """A slot that never came to its end and is not begun again."""
    times = f" {slot.attempts} times" if slot.attempts > 1 else ""
    return f"{slot.schedule} of {slot.slot} was broken off{times} and given up", (
        "Nothing is lost, and the next one goes on with it. Look why this machine stopped: power, "
        "memory, somebody who switched it off."
    )


def of_missed(slot: Slot, missed: int, ends: Counter[str]) -> tuple[str, str]:
    """Slots before the last one that nobody ran, or that came to no good end."""
    parts = [f"{missed} never began"] if missed else []
    parts += [f"{number} {end}" for end, number in sorted(ends.items())]
    return f"{slot.schedule}: before {slot.slot}, {' and '.join(parts)}", (
        "The last one has caught up with what can still be seen. Look whether this machine was "
        "off, and whether the scheduler starts with it; `marsad coverage` tells what was missed."
    )


def of_wrong(number: int, noun: str) -> str:
    """Things that are not as they were stored."""
    verbs = "is not as it was" if number == 1 else "are not as they were"
    return f"{counted(number, noun)} {verbs} stored"


def of_wrong_database(figures: Mapping[str, float]) -> str:
    """What a verification found wrong in the database; "" where nothing is."""
    articles = int(figures.get("articles_wrong", 0))
    found = [of_wrong(articles, "article")] if articles else []
    snapshots = int(figures.get("wrong_snapshots", 0))
    found += [of_wrong(snapshots, "snapshot")] if snapshots else []
    found += ["the database is damaged"] if figures.get("structure_wrong") else []
    return " and ".join(found)


def found_wrong(figures: Mapping[str, float]) -> bool:
    """Whether a verification did its work, and what it found is told by itself."""
    return bool(figures.get("wrong_captures")) or of_wrong_database(figures) != ""


def of_another_clock(noun: str, at: datetime) -> str:
    """Care that is dated in days to come: how old it is, nobody knows."""
    return f"the last {noun} is dated {at:%Y-%m-%d}, which is to come: the clock was wrong"


BACKUP_STEP: Final = (
    "`marsad backup` makes one now and says what is in the way; an old backup still restores."
)
VERIFY_STEP: Final = "`marsad verify` looks now and says what is in the way."
_LOOK: Final = "`marsad verify` names them. Look at the disk (`dmesg`, `smartctl`)."
CAPTURES_STEP: Final = (
    f"{_LOOK} Put their files back from your copy of warc/, or restore with "
    "`marsad restore FILE --replace --captures-from FOLDER`. Without a copy the texts remain; "
    "`marsad fetch URL` fetches a page as it is today."
)
DATABASE_STEP: Final = (
    f"{_LOOK} Then restore the newest backup that is whole: `marsad backup list`, "
    "`marsad restore FILE --replace`."
)
CLOCK: Final = "See that this machine's clock is right (`timedatectl`)."
DISK_STEP: Final = (
    "Make room: move old backups to another disk, or let the schedule's [retention] keep captures "
    "for fewer days; `marsad status` says what takes the room. Runs end in good order until then."
)
BOOKS_STEP: Final = (
    "A mistake of this program: keep the workspace as it is and report the run's number to the "
    "developers; `marsad runs` says what does not add up."
)
STORIES_STEP: Final = (
    "No article is lost, and each counts as a story of its own; the next run tries again. Where it "
    "fails again, `marsad runs` says why: report it to the developers."
)
ZONES_STEP: Final = (
    "Marsad keeps to its own zones and is right; other programs of this machine show other hours. "
    "An update of the system's tzdata mends it."
)
TARGET_STEP: Final = "`marsad notify test {}` tries it; its address stands in marsad.toml."
