"""What `marsad status` tells, as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.engine.diskguard import Room
from crawler.telling.growth import Growth
from crawler.telling.outlet_states import OutletState
from crawler.telling.sizes import Sizes
from storage.alerts import Alert
from storage.reported import TroubleReport
from storage.status import CareFailed, UnderWay, Waiting


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is not as it should be, and what to do about it.

    `down`: it keeps the work itself from being done; else a person has to see to it.
    """

    said: str
    step: str
    down: bool = False


@dataclass(frozen=True, slots=True)
class LastSlot:
    """The last time that a schedule's work was begun, and how it went."""

    slot: str
    due_at: datetime
    status: str  # running, done, failed, interrupted, cut off (its process is gone)
    started_at: datetime
    ended_at: datetime | None
    missed: int  # slots before it that nobody ran
    said: str


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """A schedule: what it did last, and what it does next."""

    name: str
    last: LastSlot | None
    done_at: datetime | None = None  # when its work was last done
    next_at: datetime | None = None
    overdue_since: datetime | None = None  # due, and nobody started it
    paused: bool = False
    paused_until: datetime | None = None  # None while paused: until somebody resumes it


@dataclass(frozen=True, slots=True)
class Captures:
    """The files of captures, as they were verified."""

    files: int
    never: int  # never verified: the last night's, for one
    wrong: int  # records that are not what the database says of them, or whose file is gone
    oldest: datetime | None = None  # when the file verified longest ago was
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last backup that was made and verified."""

    at: datetime
    bytes: int | None
    said: str
    whole: bool = True
    """Whether its file is there with all its bytes; one made in another folder is not looked at."""


@dataclass(frozen=True, slots=True)
class Disk:
    """What is left, what is taken, and how long it lasts; bytes."""

    room: Room
    sizes: Sizes
    growth: Growth


@dataclass(frozen=True, slots=True)
class Status:
    """How a workspace fares."""

    at: datetime
    verdict: str
    code: int  # 0 all well · 1 not running as it should · 3 somebody has to see to something
    matters: tuple[Matter, ...]
    schedules: tuple[ScheduleState, ...]
    running: tuple[UnderWay, ...]
    outlets: dict[str, int]  # state -> how many
    outlets_to_see: tuple[OutletState, ...]  # all but those that are well
    machine: tuple[TroubleReport, ...]  # troubles of our own connection
    waiting: Waiting
    articles: int
    disk: Disk
    captures: Captures
    backup: LastBackup | None
    care_failed: tuple[CareFailed, ...]
    zone_warnings: tuple[str, ...]
    version: str
    schema: str
    unbalanced: tuple[tuple[int, str], ...] = ()  # (run, what does not add up)
    unindexed: int = 0  # articles that a search by words may miss
    deaf: tuple[Alert, ...] = ()  # targets of [[notify]] that messages do not get through to
    wrong_files: tuple[str, ...] = ()  # problems of the schedules' files
