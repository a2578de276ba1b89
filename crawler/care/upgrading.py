"""A workspace brought up to date with the program: backup, schema, search words, names, stories.

Each step can be killed at any moment: the schema changes in one transaction, the longer steps go on
from where they were, and what was done is noted at the end, so that an upgrade that did not come
through is due again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from crawler.care import reindexing
from crawler.care.backups import back_up, listed
from crawler.care.manifest import Manifest, mark_of
from crawler.care.packing import Progress, quiet
from crawler.care.shipped_changes import (
    Noted,
    ShippedChanges,
    changes_since,
    read_note,
    said_now,
    shipped_files,
    write_note,
)
from crawler.engine import rematch
from crawler.engine.locks import alone
from crawler.engine.settling import try_to_settle
from crawler.phrases import counted
from crawler.reading.page import READER_VERSION
from crawler.workspace import Config, Workspace, load_config
from storage import outdated
from storage.database import open_database
from storage.jobs import JobStore
from storage.outdated import is_there
from storage.text import FOLD_VERSION
from storage.times import utc_now
from storage.upkeep import Upkeep

WORK = "upgrade"
_DONE = {
    "steps": "steps of the schema",
    "reindexed": "articles indexed anew",
    "matched": "articles matched anew",
    "named_otherwise": "of them name others now",
    "shipped_changed": "shipped values changed below own ones",
    "new_outlets": "new outlets",
    "new_actors": "new actors",
}
_NEW_ENOUGH = timedelta(days=1)
"""The age up to which a backup of the same rows serves an upgrade that is tried again."""


class UpgradeRefused(Exception):
    """Nothing was done; the text says why."""


@dataclass
class UpgradeReport:
    """What an upgrade did; without anything to do nothing is set."""

    backup: Path | None = None
    earlier_backup: Path | None = None
    """The one made before that holds all of it, so that none was made now."""
    schema: tuple[str, ...] = ()
    """The steps that the database lacked."""
    reindexed: int = 0
    """Articles that the search found by another folding's words, or not at all."""
    rematch: rematch.RematchReport | None = None
    shipped: ShippedChanges = field(default_factory=ShippedChanges)
    stories_failure: str = ""
    """Why articles could not be put into stories; the next run tries again."""
    read_otherwise: bool = False
    """There are articles that an earlier reader read, and nobody was told yet."""

    @property
    def did_anything(self) -> bool:
        """Whether there was anything to do, or to tell."""
        return bool(self.schema or self.reindexed or self.rematch or self.shipped)

    @property
    def figures(self) -> dict[str, int]:
        """How much was done, as numbers."""
        return {
            "steps": len(self.schema),
            "reindexed": self.reindexed,
            "matched": self.rematch.matched if self.rematch else 0,
            "named_otherwise": self.rematch.changed if self.rematch else 0,
            "shipped_changed": len(self.shipped.values),
            "new_outlets": len(self.shipped.new.get("outlets", ())),
            "new_actors": len(self.shipped.new.get("actors", ())),
        }

    @property
    def said(self) -> str:
        """One line for people, without any name."""
        figures = self.figures
        done = [f"{figures[key]} {what}" for key, what in _DONE.items() if figures[key]]
        return ", ".join(done) or "nothing to do"

    @property
    def to_do(self) -> tuple[str, ...]:
        """What is left to a person, one sentence each."""
        without_text = self.rematch.without_text if self.rematch else 0
        told = {
            "Values of yours stand over shipped ones that have changed (above): look whether they "
            "should stay.": bool(self.shipped.values),
            f"No text was kept of {counted(without_text, 'article')}, so only headlines were "
            "matched: `marsad reread` looks into their captures.": without_text > 0,
            "Articles were read by an earlier reader: `marsad reread` reads their captures again, "
            "when you have an hour.": self.read_otherwise,
        }
        return tuple(sentence for sentence, holds in told.items() if holds)


def is_due(workspace: Workspace) -> bool:
    """Whether this program has yet to bring a workspace up to date; looked up in no time.

    Raises NotOurDatabase and NewerSchema.
    """
    if not is_there(workspace.database):
        return read_note(workspace) is None
    if outdated.pending(workspace.database):
        return True
    with open_database(workspace.database, readonly=True) as db:
        # A restored backup remembers that it was up to date, and holds nothing for the search.
        return not JobStore(db).is_finished(WORK, _program()) or reindexing.is_due(db)


def upgrade(
    workspace: Workspace,
    config: Config | None = None,
    progress: Progress = quiet,
    *,
    backup: bool = True,
    wait: bool = False,
    told: bool = True,
) -> UpgradeReport:
    """Bring a workspace up to date; harmless where it is. A backup comes before any change.

    The search index is made anew without one: no backup holds it. With `wait`, another upgrade is
    waited for. Without `told` nobody reads the report: the next one tells again what is in it for
    people. Raises ConfigErrors, BackupFailed, UpgradeRefused, AlreadyRunning and StorageErrors;
    until the backup is made nothing was changed then.
    """
    work = _Upgrade(workspace, config or load_config(workspace), progress, told=told, wait=wait)
    if not is_there(workspace.database):
        work.take_note()
        return work.report
    with alone(workspace.database, WORK, wait=wait):
        work.run(backup=backup)
    return work.report


class _Upgrade:
    """One upgrade of a workspace."""

    def __init__(
        self, workspace: Workspace, config: Config, progress: Progress, *, told: bool, wait: bool
    ) -> None:
        self.workspace, self.config = workspace, config
        self.progress, self.told, self.wait = progress, told, wait
        self.database = workspace.database
        self.report = UpgradeReport()

    def run(self, *, backup: bool) -> None:
        pending = outdated.pending(self.database)
        if pending:
            self._refuse_beside_runs()
        index, match = (True, True) if pending else self._due()
        if backup and match:
            self._back_up(pending)
        if pending:
            self._migrate(pending)
            index, match = self._due()
        if pending or index or match:
            with self._kept_in_mind():
                self._bring_up_to_date(index, match)
        else:
            self.take_note()
        self._finish()

    def _finish(self) -> None:
        """Have the database itself remember what it is up to date with, also in a backup."""
        with open_database(self.database) as db:
            jobs, program = JobStore(db), _program()
            if not jobs.is_finished(WORK, program):
                jobs.start(WORK, program)
                jobs.finish(WORK, program)

    def _refuse_beside_runs(self) -> None:
        if runs := outdated.living_runs(self.database):
            raise UpgradeRefused(
                f"run {runs[0]} is under way: upgrade when it has ended, or end it first"
            )

    def _back_up(self, pending: tuple[str, ...]) -> None:
        """Make a backup, unless the newest one serves: else tries that fail fill the disk."""
        newest = next(iter(listed(self.workspace.backups_dir)), None)
        if newest and newest.manifest and self._holds_all(newest.manifest, pending):
            self.report.earlier_backup = newest.path
        else:
            self.report.backup = back_up(self.workspace, progress=self.progress).path

    def _holds_all(self, manifest: Manifest, pending: tuple[str, ...]) -> bool:
        """Whether a backup is new and holds all that is here."""
        if utc_now() - manifest.made_at > _NEW_ENOUGH:
            return False
        ours = manifest.workspace == mark_of(self.workspace.root)
        older = not set(manifest.schema_steps) & set(pending)
        rows = outdated.rows_of_record(self.database).items()
        return ours and older and all(manifest.counts.get(name, 0) == n for name, n in rows)

    def _migrate(self, pending: tuple[str, ...]) -> None:
        self.progress("changing the database", 0, 0)
        open_database(self.database, upgrade=True).close()
        self.report.schema = pending

    def _due(self) -> tuple[bool, bool]:
        """Whether to index and whether to match anew."""
        with open_database(self.database, readonly=True) as db:
            return reindexing.is_due(db), rematch.is_due(db, self.config.actors)

    @contextmanager
    def _kept_in_mind(self) -> Iterator[None]:
        """Have the database remember this upgrade, and how it ended."""
        with open_database(self.database) as db:
            number = Upkeep(db).begin(WORK)
        try:
            yield
        except BaseException as wrong:
            self._end(number, f"not finished: {type(wrong).__name__}", ok=False)
            raise
        self._end(number, self.report.said, ok=True)

    def _end(self, number: int, said: str, *, ok: bool) -> None:
        with open_database(self.database) as db:
            Upkeep(db).end(number, ok, said, self.report.figures)

    def _bring_up_to_date(self, index: bool, match: bool) -> None:
        report = self.report
        if index:  # first, for it is quick and the search misses articles until then
            report.reindexed = reindexing.reindex(
                self.database,
                lambda done, total: self.progress("articles indexed", done, total),
                wait=self.wait,
            )
        if match:
            report.rematch = rematch.rematch(
                self.database,
                self.config.actors,
                progress=lambda made: self.progress("articles matched", made.matched, made.total),
            )
        self.progress("putting articles into stories", 0, 0)
        report.stories_failure = try_to_settle(self.workspace)
        self.take_note()

    def take_note(self) -> None:
        """Find out what is new in the program, and remember that people were told."""
        before, now = read_note(self.workspace), said_now(self.workspace)
        self.report.shipped = changes_since(self.workspace, before, now)
        self.report.read_otherwise = self._is_read_otherwise(before)
        if before is None or self.told:
            reader = READER_VERSION if self.told else ""
            note = Noted(reader=reader, said=now)
            if note != before:
                write_note(self.workspace, note)

    def _is_read_otherwise(self, before: Noted | None) -> bool:
        if not is_there(self.database) or (before and before.reader == READER_VERSION):
            return False
        with open_database(self.database, readonly=True) as db:
            return outdated.is_read_otherwise(db, READER_VERSION)


def _program() -> str:
    """A digest of all in the program that a workspace has to be brought up to date with."""
    digest = hashlib.sha256(f"reader {READER_VERSION} fold {FOLD_VERSION}".encode())
    for path in shipped_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
