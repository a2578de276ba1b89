"""Tidying: what is past its age goes, and the database gives back what it does not use.

Removed is only what a schedule's file says. What was done is noted among the upkeep.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from crawler.care.retention import (
    MARGIN,
    FilePlan,
    Retention,
    free_bytes,
    only_texts,
    planned,
    strays,
    thin,
)
from crawler.engine.locks import alone
from crawler.workspace import Workspace
from storage.database import Database, open_database
from storage.errors import StorageError
from storage.retention import CaptureBooks, CaptureRule, FreePages, free_pages, vacuum
from storage.times import utc_now
from storage.upkeep import Upkeep

MUCH_FREE = 0.10
"""A database of which a larger share is free is written anew."""
_LOG = re.compile(r"(?:[a-z_]+-\d{8}T\d{6}-\d+\.log(?:\.\d+)?|scheduler\.log\.\d+)", re.ASCII)
_DAY = 86_400.0

Progress = Callable[[int, int], None]
"""Told how many files of how many are done."""


@dataclass(frozen=True, slots=True)
class TidiedFile:
    """A file of captures: records that went and stayed, and bytes that went."""

    name: str
    removed: int
    kept: int
    freed: int


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Files of one kind that went, and their bytes."""

    names: tuple[str, ...] = ()
    freed: int = 0


@dataclass(frozen=True, slots=True)
class Tidied:
    """What tidying did, or (`dry_run`) would do."""

    dry_run: bool
    rule: CaptureRule  # which captures
    captures: tuple[TidiedFile, ...] = ()
    unnamed: Leftovers = Leftovers()  # files that nobody names: what a kill left
    logs: Leftovers = Leftovers()
    texts: int = 0  # captures that went with the only copy of a text (keep = "mentions")
    database: str = ""  # what became of the free pages
    database_freed: int = 0
    problems: tuple[str, ...] = ()

    @property
    def removed(self) -> int:
        """Records."""
        return sum(file.removed for file in self.captures)

    @property
    def freed(self) -> int:
        """Bytes."""
        captures = sum(file.freed for file in self.captures)
        return captures + self.unnamed.freed + self.logs.freed + self.database_freed

    @property
    def said(self) -> str:
        """All of it in a line."""
        what = "would go" if self.dry_run else "went"
        return (
            f"{self.removed} captures of {len(self.captures)} files and "
            f"{len(self.logs.names)} logs {what}, {self.freed / 1e6:.1f} MB"
        )


def tidy(
    workspace: Workspace,
    retention: Retention,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Tidied:
    """Remove what is past its age; with `dry_run` only tell what would go.

    Raises DatabaseMissing, and AlreadyRunning where another process tidies, verifies or copies
    the captures.
    """
    with (
        alone(workspace.database, "captures"),
        open_database(workspace.database, readonly=dry_run) as database,
    ):
        work = _Tidying(workspace, retention, database, dry_run)
        return work.tell() if dry_run else work.do(progress)


class _Tidying:
    """One tidying of a workspace."""

    def __init__(
        self, workspace: Workspace, retention: Retention, database: Database, dry_run: bool
    ) -> None:
        self._workspace, self._retention, self._database = workspace, retention, database
        self._folder = workspace.warc_dir
        self._books = CaptureBooks(database)
        self._dry_run = dry_run
        self._rule = retention.rule(utc_now(), self._books.last_fetch())

    def tell(self) -> Tidied:
        """What would go."""
        plans = self._plans()
        return self._tidied(plans, strays(self._books, self._folder), self._old_logs())

    def do(self, progress: Progress) -> Tidied:
        """Remove it, and note what was done."""
        upkeep = Upkeep(self._database)
        number = upkeep.begin("tidy")
        unnamed = strays(self._books, self._folder)  # first: their room and names are needed
        sizes = _removed(unnamed)
        plans, problems = self._thinned(progress)
        logs = self._old_logs()
        log_sizes = _removed(logs)
        done = self._tidied(plans, unnamed, logs, (sizes, log_sizes), problems)
        upkeep.end(number, not problems, done.said, _figures(done))
        return done

    def _plans(self) -> list[FilePlan]:
        return list(planned(self._books, self._folder, self._rule))

    def _thinned(self, progress: Progress) -> tuple[list[FilePlan], list[str]]:
        """Thin the files of which something goes: those that were, and why others were not."""
        plans, done, problems = self._plans(), [], []
        for number, plan in enumerate(plans):
            progress(number, len(plans))
            if problem := thin(self._books, self._folder, self._rule, plan):
                problems.append(problem)
            else:
                done.append(plan)
        return done, problems

    def _old_logs(self) -> list[Path]:
        """Logs whose last line is old, by this machine's clock: that of their files."""
        days = self._retention.logs_days
        if days is None or not self._workspace.logs_dir.is_dir():
            return []
        before = time.time() - days * _DAY
        found = sorted(self._workspace.logs_dir.iterdir())
        return [path for path in found if _LOG.fullmatch(path.name) and _is_older(path, before)]

    def _tidied(
        self,
        plans: list[FilePlan],
        unnamed: list[Path],
        logs: list[Path],
        sizes: tuple[int, int] | None = None,
        problems: Iterable[str] = (),
    ) -> Tidied:
        unnamed_size, log_size = sizes or (_sizes(unnamed), _sizes(logs))
        text, freed = self._give_back()
        return Tidied(
            self._dry_run,
            self._rule,
            tuple(TidiedFile(p.name, len(p.going), len(p.staying), p.frees) for p in plans),
            Leftovers(tuple(path.name for path in unnamed), unnamed_size),
            Leftovers(tuple(path.name for path in logs), log_size),
            only_texts(plans),
            text,
            freed,
            tuple(problems),
        )

    def _give_back(self) -> tuple[str, int]:
        """Write the database anew where much of it is free: what came of it, and bytes."""
        pages = free_pages(self._database)
        share = f"{pages.share:.0%} of the database is free inside"
        if pages.share <= MUCH_FREE:
            return f"{share}: nothing to do", 0
        if hindrance := self._hindrance(pages):
            return f"{share}, but {hindrance}", 0
        if self._dry_run:
            return f"{share}: it would be written anew", pages.free
        return self._vacuumed()

    def _hindrance(self, pages: FreePages) -> str:
        """Why the database cannot be written anew now, or ""."""
        if self._books.anybody_runs():
            return "a run is under way"
        needed = 2 * (pages.whole - pages.free) + MARGIN
        free = free_bytes(self._workspace.database.parent)
        if free < needed:
            return f"{needed / 1e6:.0f} MB have to be free for a while, and {free / 1e6:.0f} are"
        return ""

    def _vacuumed(self) -> tuple[str, int]:
        before = self._workspace.database.stat().st_size
        upkeep = Upkeep(self._database)
        number = upkeep.begin("vacuum")
        os.environ["SQLITE_TMPDIR"] = str(self._workspace.root)  # beside it: /tmp may be small
        try:
            vacuum(self._database)
        except StorageError as wrong:
            upkeep.end(number, False, str(wrong))
            return f"it could not be written anew: {wrong}", 0
        freed = before - self._workspace.database.stat().st_size
        said = f"the database was written anew, {freed / 1e6:.1f} MB smaller"
        upkeep.end(number, True, said, {"freed": freed})
        return said, freed


def _is_older(path: Path, before: float) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_mtime < before


def _sizes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _removed(paths: list[Path]) -> int:
    """Remove files; gives their bytes."""
    freed = _sizes(paths)
    for path in paths:
        path.unlink(missing_ok=True)
    return freed


def _figures(done: Tidied) -> dict[str, int | float]:
    return {
        "captures": done.removed,
        "files": len(done.captures),
        "unnamed": len(done.unnamed.names),
        "logs": len(done.logs.names),
        "texts": done.texts,
        "freed": done.freed,
    }
