"""What a workspace takes of its disk, by part; noted after each slot, so that growth is known."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from crawler.workspace import Workspace
from storage.connection import Connection
from storage.database import open_database
from storage.upkeep import Upkeep

KIND = "sizes"
"""The kind of upkeep that the sizes are noted as."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a workspace's files, by what they are."""

    database: int = 0  # with its journal
    captures: int = 0
    backups: int = 0
    logs: int = 0
    reports: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(asdict(self).values())


def measured(workspace: Workspace) -> Sizes:
    """The sizes now; files that go while they are counted are left out."""
    folders = {
        workspace.warc_dir.name: "captures",
        workspace.backups_dir.name: "backups",
        workspace.logs_dir.name: "logs",
        workspace.reports_dir.name: "reports",
    }
    found: Counter[str] = Counter()
    for entry in _entries(workspace.root):
        is_database = entry.name.startswith(workspace.database.name)
        part = "database" if is_database else folders.get(entry.name, "other")
        found[part] += sum(_sizes(entry))
    return Sizes(**found)


def note(workspace: Workspace) -> None:
    """Keep today's sizes in the database, for the growth to be told from."""
    with open_database(workspace.database) as database:
        upkeep = Upkeep(database)
        figures = asdict(measured(workspace))
        upkeep.end(upkeep.begin(KIND), ok=True, said="", figures=figures)


def noted(db: Connection, limit: int = 1_000) -> list[tuple[datetime, int]]:
    """The sizes that were noted, as (when, bytes of everything), oldest first."""
    records = [one for one in Upkeep(db).list(KIND, limit) if one.ended_at is not None]
    return [(one.started_at, int(sum(one.figures.values()))) for one in reversed(records)]


def _sizes(entry: os.DirEntry[str]) -> Iterator[int]:
    with suppress(FileNotFoundError):
        if entry.is_dir(follow_symlinks=False):
            for inner in _entries(entry.path):
                yield from _sizes(inner)
        else:
            yield entry.stat(follow_symlinks=False).st_size


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []
