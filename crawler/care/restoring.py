"""Restoring a backup: checked whole, put in place whole, with nothing deleted that was there."""

from __future__ import annotations

import dataclasses
import shutil
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from crawler.care import placing, reindexing
from crawler.care.manifest import CAPTURES, DATABASE, Manifest
from crawler.care.packing import DamagedBackup, Progress, opened, quiet
from crawler.care.partial import partial
from crawler.care.placing import Aside, Occupied
from crawler.care.relinking import relink
from crawler.engine.locks import AlreadyRunning
from crawler.private import make_folder
from storage import instants
from storage.database import open_database
from storage.errors import (
    DatabaseBusy,
    NewerSchema,
    NotOurDatabase,
    OlderSchema,
    StorageError,
)
from storage.times import utc_now
from storage.upkeep import Upkeep


class RestoreRefused(Exception):
    """Nothing was restored, and nothing that was there was changed; the text says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace as it was when its backup was made."""

    root: Path
    manifest: Manifest
    set_aside: Path | None
    """Where what was there before lies now."""
    captures_aside: Path | None
    """Where captures lie that were made since: the restored database does not know them."""
    captures_missing: tuple[str, ...]
    """Files of captures that the database names and that are not in warc/."""
    needs_upgrade: bool
    indexed: int = 0
    """Articles put into the search index, which no backup holds."""
    unindexed: int = 0
    """Articles that could not be: `marsad upgrade` goes on with them."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A backup in a folder beside the workspace, checked and ready."""

    folder: Path
    manifest: Manifest
    ends: dict[str, int]
    needs_upgrade: bool


def restore(
    archive: Path,
    root: Path,
    *,
    replace: bool = False,
    captures_from: Path | None = None,
    progress: Progress = quiet,
) -> Restored:
    """Put a backup into a folder; with `replace` in the place of the workspace that is there.

    Everything is checked before anything is touched. `captures_from` is a copy of a warc folder, to
    be taken over as far as the database knows it. Killed at any moment, the database in place is
    wholly the old one or wholly the new, and the same command does the rest. The search index is
    made anew at the end, when crawls may go on already; killed there, the next upgrade goes on.
    Raises RestoreRefused.
    """
    if placing.is_taken(root) and not replace:
        raise RestoreRefused(
            f"there is a workspace in {root}: with --replace it is set aside (never deleted), "
            "or name another folder: --to FOLDER"
        )
    restored = _put_back(archive, root, captures_from, progress)
    return restored if restored.needs_upgrade else _indexed(restored, progress)


def _put_back(
    archive: Path, root: Path, captures_from: Path | None, progress: Progress
) -> Restored:
    try:
        with ExitStack() as held:
            held.enter_context(placing.nobody_else(make_folder(root)))
            part = held.enter_context(partial(root, "restore"))
            manifest = _unpacked(archive, make_folder(part / "new"), progress)
            captures = captures_from or root / CAPTURES
            new, before = part / "new" / DATABASE, root / DATABASE
            needs_upgrade = not _made_ready(new, manifest, captures, before)
            instants.let_go(before)
            ends = instants.capture_ends(new)
            if captures_from is not None:
                placing.take_captures(captures_from, root, ends, progress)
            return _placed(_Ready(part / "new", manifest, ends, needs_upgrade), root)
    except (DamagedBackup, NotOurDatabase) as error:
        raise RestoreRefused(f"{archive.name} was not restored: {error}") from error
    except DatabaseBusy as error:
        raise RestoreRefused("another program has the database open: close it first") from error
    except Occupied as error:
        raise RestoreRefused(str(error)) from error


def _indexed(restored: Restored, progress: Progress) -> Restored:
    """Have every article found again; all is in place already, so what fails here waits."""
    database, indexed = restored.root / DATABASE, 0
    with open_database(database, readonly=True) as db:
        is_due = reindexing.is_due(db)
    if is_due:
        with suppress(AlreadyRunning, StorageError):
            indexed = reindexing.reindex(
                database, lambda done, total: progress("articles indexed", done, total)
            )
    with open_database(database, readonly=True) as db:
        return dataclasses.replace(restored, indexed=indexed, unindexed=db.unindexed())


def _unpacked(archive: Path, folder: Path, progress: Progress) -> Manifest:
    """Unpack a backup and check what came out of it, down to the last page of the database."""
    with opened(archive) as backup:
        free = shutil.disk_usage(folder).free
        if backup.manifest.size > free:
            raise RestoreRefused(
                f"it needs {backup.manifest.size / 1e6:,.0f} MB, and there are {free / 1e6:,.0f}"
            )
        backup.unpack(folder, progress)
    progress("checking the database", 0, 0)
    contents = instants.contents(folder / DATABASE)
    if contents.problems:
        raise DamagedBackup(f"its database is damaged: {contents.problems[0]}")
    return backup.manifest


def _made_ready(database: Path, manifest: Manifest, captures: Path, before: Path) -> bool:
    """End what was under way, find captures where they lie now, and note the restore.

    False, with nothing done, where the schema is an earlier one. Raises RestoreRefused.
    """
    try:
        with open_database(database) as db:
            instants.close_under_way(db, manifest.made_at)
            if not manifest.captures:
                relink(db, captures, before)
            said = f"from the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC"
            figures = {"articles": manifest.articles}
            Upkeep(db).end(Upkeep(db).begin("restore"), True, said, figures)
    except OlderSchema:
        return False
    except NewerSchema as error:
        raise RestoreRefused(f"it was not restored: {error}") from error
    return True


def _asides(root: Path) -> tuple[Path, Path]:
    """Where what is there goes, and captures made since: folders that are not there yet."""
    now = utc_now()
    while True:
        stamp = f"{now:%Y%m%dT%H%M%SZ}"
        asides = (root / f"before-restore-{stamp}", root / CAPTURES / f"after-backup-{stamp}")
        if not any(path.exists() for path in asides):
            return asides
        now += timedelta(seconds=1)


def _placed(ready: _Ready, root: Path) -> Restored:
    before, captures = _asides(root)
    unaccounted: tuple[Aside, ...] = placing.keep_unaccounted(root, ready.ends, captures)
    was_there = placing.put_in_place(ready.folder, root, before)
    placing.drop_unaccounted(unaccounted)
    return Restored(
        root,
        ready.manifest,
        before if was_there else None,
        captures if unaccounted else None,
        tuple(placing.missing(root, ready.ends)),
        ready.needs_upgrade,
    )
