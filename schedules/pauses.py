"""Schedules that rest for a while: `paused.toml` in the workspace, written by commands alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from crawler.datafiles import ConfigErrors, Problem, Table, checked, read_toml, tree
from crawler.fields import Record
from crawler.private import write_file

FILE = "paused.toml"
_HEAD = "# Written by `marsad schedule pause` and `marsad schedule resume`.\n"


def _in_utc(moment: object) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("must be a time with its zone, such as 2026-11-22T13:15:00Z")
    return moment.astimezone(UTC)


Instant = Annotated[datetime, BeforeValidator(_in_utc)]


class Pause(Record):
    """Since when a schedule rests and until when (None: until somebody resumes it), and why."""

    since: Instant
    until: Instant | None = None
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether the schedule rests at `now`."""
        return self.until is None or now < self.until


def read_pauses(root: Path) -> dict[str, Pause]:
    """What `paused.toml` says, by schedule, also of pauses that are over. Raises ConfigErrors."""
    path = root / FILE
    if not path.exists():
        return {}
    file = read_toml(path, Path(FILE))
    if isinstance(file, Problem):
        raise ConfigErrors([file])
    pauses, problems = {}, []
    for name, entry in tree(file).entries.items():
        if not isinstance(entry, Table):
            problems.append(entry.place.problem("must be a table such as [nightly]"))
            continue
        pauses[name], wrong = checked(Pause, entry)
        problems += wrong
    if problems:
        raise ConfigErrors(problems)
    return {name: one for name, one in pauses.items() if one is not None}


def pause(
    root: Path, name: str, now: datetime, until: datetime | None = None, reason: str = ""
) -> Pause:
    """Let a schedule rest from `now` on; gives the pause. Raises ConfigErrors."""
    rest = Pause(since=now, until=until, reason=reason)
    _write(root, {**read_pauses(root), name: rest})
    return rest


def resume(root: Path, name: str) -> bool:
    """Let a schedule rest no longer; whether there was a pause. Raises ConfigErrors."""
    pauses = read_pauses(root)
    there = pauses.pop(name, None) is not None
    if there:
        _write(root, pauses)
    return there


def _write(root: Path, pauses: Mapping[str, Pause]) -> None:
    tables = [f"\n[{name}]\n{_lines(one)}" for name, one in sorted(pauses.items())]
    write_file(root / FILE, _HEAD + "".join(tables))


def _lines(rest: Pause) -> str:
    until = f"until = {_time(rest.until)}\n" if rest.until else ""
    reason = f"reason = {json.dumps(rest.reason, ensure_ascii=False)}\n" if rest.reason else ""
    return f"since = {_time(rest.since)}\n{until}{reason}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
