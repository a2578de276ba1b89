"""Captures that are past their age: which go, and files written anew without them.

A file is thinned in an order that a kill at any instant does not harm: its records that stay are
copied into a new file and synced, then one step in the database names them there, then the old
file goes. In between there is a file that nobody names, which the next tidying removes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.engine.capture import copy_records, run_of, thinned_name
from storage.models import CapturePlace
from storage.retention import Beyond, CaptureBooks, CaptureRule, StoredRecord

MARGIN = 10_000_000
"""Bytes that are to be free beside what is written."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What may be removed by age, in days; None: nothing of the kind."""

    captures_days: int | None = None
    captures: Beyond = "matching"
    logs_days: int | None = None
    looks_days: int | None = None

    def rule(self, now: datetime, last_fetch: datetime | None) -> CaptureRule:
        """Which captures go now.

        Age is counted up to the last fetch: a clock that jumped ahead makes nothing old.
        """
        until = min(now, last_fetch or now)
        before = None if self.captures == "all" else _earlier(until, self.captures_days)
        return CaptureRule(before, self.captures, _earlier(until, self.looks_days))


def _earlier(moment: datetime, days: int | None) -> datetime | None:
    return None if days is None else moment - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file of captures of which something goes."""

    name: str
    records: tuple[StoredRecord, ...]
    size: int  # on the disk, with what nobody names

    @property
    def staying(self) -> tuple[StoredRecord, ...]:
        """Its records that stay."""
        return tuple(record for record in self.records if record.stays)

    @property
    def going(self) -> tuple[StoredRecord, ...]:
        """Its records that go."""
        return tuple(record for record in self.records if not record.stays)

    @property
    def frees(self) -> int:
        """Bytes."""
        return self.size - sum(record.length for record in self.staying)


def planned(books: CaptureBooks, folder: Path, rule: CaptureRule) -> Iterator[FilePlan]:
    """The files of ended runs of which something goes, the oldest first."""
    ended = books.runs()
    for file in books.files():
        is_old = file.oldest is not None and file.oldest < rule.newest
        if not is_old or not ended.get(run_of(file.name) or 0, False):
            continue
        plan = FilePlan(file.name, tuple(books.records(file.name, rule)), _size(folder / file.name))
        if plan.going:
            yield plan


def thin(books: CaptureBooks, folder: Path, rule: CaptureRule, plan: FilePlan) -> str:
    """Take what goes out of a file; why it was left as it is, or "".

    Where a run is under way, which may be about to read the old file, that is left to the next
    tidying.
    """
    if not (folder / plan.name).exists():
        return f"{plan.name} is not there; `marsad verify` tells what is missing"
    name = thinned_name(plan.name)
    try:
        into = _copied(folder, plan, name)
    except (OSError, EOFError, ValueError) as wrong:
        return _why_not(plan, wrong)
    if not books.thin(plan.name, rule, list(plan.records), into):
        (folder / name).unlink(missing_ok=True)
        return f"{plan.name} was left as it is: its articles changed meanwhile"
    if not books.anybody_runs():
        (folder / plan.name).unlink(missing_ok=True)
    return ""


def _copied(folder: Path, plan: FilePlan, name: str) -> dict[int, CapturePlace]:
    """The records that stay, in a new file: their new places by the old offsets."""
    staying = plan.staying
    if not staying:
        return {}
    needed = plan.size - plan.frees + MARGIN
    if free_bytes(folder) < needed:
        raise OSError(f"{needed / 1e6:.0f} MB have to be free for a while to write it anew")
    old = (CapturePlace(plan.name, record.offset, record.length) for record in staying)
    places = copy_records(folder, old, name)
    return {record.offset: place for record, place in zip(staying, places, strict=True)}


def _why_not(plan: FilePlan, wrong: Exception) -> str:
    if isinstance(wrong, EOFError | ValueError):
        return f"{plan.name} was left as it is, for it is damaged; `marsad verify` tells where"
    return f"{plan.name} was left as it is: {wrong}"


def strays(books: CaptureBooks, folder: Path) -> list[Path]:
    """Files of ended runs that nobody names any more, where nobody may be about to read them.

    None of a run of which a named file is missing: a database that was restored from a backup
    names files as they were called then, and what is left of them may be all there is.
    """
    ended, named = books.runs(), {file.name for file in books.files()}
    if not all(ended.values()):
        return []
    incomplete = {run_of(name) for name in named if not (folder / name).exists()}
    return [
        path
        for path in sorted(folder.glob("run-*.warc.gz"))
        if path.name not in named
        and run_of(path.name) in ended.keys() - incomplete
        and path.is_file()
        and not path.is_symlink()
    ]


def only_texts(plans: Sequence[FilePlan]) -> int:
    """Of how many captures that go the text stands nowhere else (keep = "mentions")."""
    return sum(record.only_text for plan in plans for record in plan.going)


def free_bytes(folder: Path) -> int:
    """Bytes that we may still write below a folder."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
