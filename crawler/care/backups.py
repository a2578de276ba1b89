"""Backups: the database of one instant with the workspace's files, checked before it counts."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler.care.manifest import (
    CAPTURES,
    DATABASE,
    LARGEST_FILE,
    Manifest,
    Member,
    checked_name,
    mark_of,
    own_files,
)
from crawler.care.packing import DamagedBackup, Progress, digest, opened, pack, quiet
from crawler.care.partial import partial, sync_folder
from crawler.engine.locks import alone
from crawler.private import make_folder
from crawler.workspace import Workspace
from storage import instants, verification
from storage.database import open_database
from storage.errors import CannotWrite, SchemaMismatch, StorageError
from storage.program import program_version
from storage.times import utc_now
from storage.upkeep import Upkeep

_PREFIX, _SUFFIX = "marsad-", ".tar.zst"
_PACKED = 0.5
"""The most that the archive takes of what goes into it; a third of a database, measured."""


class BackupFailed(Exception):
    """No backup was made, and none was removed; the text says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies in a folder; without manifest it is damaged, or of another program."""

    path: Path
    bytes: int
    manifest: Manifest | None


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, read back and found whole."""

    path: Path
    bytes: int
    seconds: float
    manifest: Manifest
    removed: tuple[Path, ...] = ()
    held_back: tuple[Path, ...] = ()
    """Older ones beyond those to keep, not removed: they may hold what this one does not."""
    left_out: tuple[str, ...] = ()
    """Files whose names or sizes no backup can hold."""


def back_up(
    workspace: Workspace,
    folder: Path | None = None,
    *,
    keep: int = 0,
    captures: bool = False,
    progress: Progress = quiet,
) -> Backup:
    """Make a backup in a folder (the workspace's own where none is named), beside any crawl.

    With `keep`, older ones beyond so many are removed once this one has been read back. Raises
    BackupFailed, AlreadyRunning, DatabaseMissing and other StorageErrors.
    """
    began, place = time.monotonic(), folder or workspace.backups_dir
    with ExitStack() as held:
        held.enter_context(alone(workspace.database, "backup"))
        if captures:
            held.enter_context(alone(workspace.database, "captures"))
        number = _begin(workspace)
        try:
            made = _made(workspace, make_folder(place), captures, progress)
            made = replace(_without_older(workspace, made, keep), seconds=time.monotonic() - began)
        except (OSError, EOFError, DamagedBackup, StorageError, BackupFailed) as error:
            failed = BackupFailed(f"no backup was made: {error}")
            _end(workspace, number, None, str(failed))
            raise failed from error
        _end(workspace, number, made, f"{made.path.name}, {made.manifest.articles} articles")
    return made


def listed(folder: Path) -> list[Kept]:
    """The backups in a folder, the newest first."""
    found = sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}"), key=lambda path: path.name, reverse=True)
    return [Kept(path, path.stat().st_size, _manifest_or_none(path)) for path in found]


def _manifest_or_none(path: Path) -> Manifest | None:
    try:
        with opened(path) as backup:
            return backup.manifest
    except DamagedBackup:
        return None


# ---------------------------------------------------------------- making one


def _made(workspace: Workspace, folder: Path, captures: bool, progress: Progress) -> Backup:
    # Copies of files lie in the workspace: a stick may know neither their names nor their rights.
    with partial(folder, "backup") as part, partial(workspace.root, "files") as copies:
        _refuse_without_room(workspace, folder, captures)
        made_at = utc_now().replace(microsecond=0)
        contents = _snapshot(workspace, part / DATABASE, progress)
        own, left_out = _copied(workspace.root, copies)
        sources = {DATABASE: (part / DATABASE, None), **own}
        if captures:
            sources |= _captures(workspace, part / DATABASE)
        there = {name: file for name, file in sources.items() if file[0].is_file()}
        left_out += tuple(name for name in sources if name not in there)
        progress("checking the texts", 0, 0)
        wrong = verification.count_wrong_texts(part / DATABASE)
        about = (workspace.root, made_at, contents)
        manifest = _manifest(*about, there, captures=captures, wrong_texts=wrong)
        packed = part / "backup"
        pack(packed, manifest, {name: path for name, (path, _) in there.items()}, progress)
        _read_back(packed, manifest, progress)
        path = _free_name(folder, made_at)
        packed.rename(path)
    sync_folder(folder)
    return Backup(path, path.stat().st_size, 0.0, manifest, left_out=left_out)


def _refuse_without_room(workspace: Workspace, folder: Path, captures: bool) -> None:
    """Raise BackupFailed where copy and archive would not fit beside each other."""
    database = instants.size(workspace.database)
    others = sum(path.stat().st_size for path in own_files(workspace.root))
    if captures:
        others += sum(
            path.stat().st_size for path in workspace.warc_dir.glob("*") if path.is_file()
        )
    # The whole copy, and beside it first one without its index, then that one and the archive.
    needed = database + max(database, round(_PACKED * (database + others))) + others
    beside_it = folder.stat().st_dev == workspace.root.stat().st_dev
    reserve = workspace.settings.disk.reserve_megabytes * 1_000_000 if beside_it else 0
    free = shutil.disk_usage(folder).free - reserve
    if free < needed:
        kept = f" beside the {reserve // 1_000_000} MB that are left to others" if reserve else ""
        raise BackupFailed(
            f"it may need {needed / 1e6:,.0f} MB for a while, and there are "
            f"{max(free, 0) / 1e6:,.0f} MB{kept}; make room, or name another disk: --to FOLDER"
        )


def _snapshot(workspace: Workspace, target: Path, progress: Progress) -> instants.Contents:
    """Copy the database, without its search index where that can be made anew."""
    progress("copying the database", 0, 0)
    whole = target.with_name(f"whole-{target.name}")
    instants.take(workspace.database, whole)
    if instants.leave_out_index(whole):
        instants.take(whole, target)  # the pages that it had are not copied
        whole.unlink()
    else:
        whole.rename(target)
    progress("checking the copy", 0, 0)
    contents = instants.contents(target)
    if contents.problems:
        raise BackupFailed(
            f"the database is damaged ({contents.problems[0]}): see `marsad verify`; "
            "`marsad backup list` names the backups that there are"
        )
    return contents


_Sources = dict[str, tuple[Path, int | None]]
"""For each member the file with its bytes, and how many of them; None: all."""


def _copied(root: Path, copies: Path) -> tuple[_Sources, tuple[str, ...]]:
    """Copies of the workspace's files, which nobody changes, and the names left out."""
    sources: _Sources = {}
    left_out = []
    for path in own_files(root):
        name = path.relative_to(root).as_posix()
        if not _may_be_kept(name, path):
            left_out.append(name)
            continue
        with suppress(FileNotFoundError):  # taken away since it was listed
            make_folder((copies / name).parent)
            shutil.copyfile(path, copies / name)
            sources[name] = (copies / name, None)
    return sources, tuple(left_out)


def _may_be_kept(name: str, path: Path) -> bool:
    try:
        checked_name(name)
    except ValueError:
        return False
    return path.stat().st_size <= LARGEST_FILE


def _captures(workspace: Workspace, snapshot: Path) -> _Sources:
    """The files of captures, as far as the snapshot knows them: what follows is of later."""
    ends = instants.capture_ends(snapshot)
    return {f"{CAPTURES}/{name}": (workspace.warc_dir / name, end) for name, end in ends.items()}


def _manifest(
    root: Path,
    made_at: datetime,
    contents: instants.Contents,
    sources: _Sources,
    *,
    captures: bool,
    wrong_texts: int,
) -> Manifest:
    members = []
    for name, (path, size) in sources.items():
        sha256, length = digest(path, size)
        members.append(Member(name=name, size=length, sha256=sha256))
    return Manifest(
        program=program_version(),
        workspace=mark_of(root),
        made_at=made_at,
        up_to=contents.up_to,
        schema_steps=contents.schema,
        counts=dict(contents.counts or {}),
        captures=captures,
        index=contents.has_index,
        wrong_texts=wrong_texts,
        members=tuple(members),
    )


def _read_back(packed: Path, manifest: Manifest, progress: Progress) -> None:
    """Read the archive as a restore would; raises DamagedBackup where it is not what went in."""
    with opened(packed) as backup:
        if backup.manifest != manifest:
            raise DamagedBackup("the manifest was written wrongly")
        backup.check(progress)


def _free_name(folder: Path, made_at: datetime) -> Path:
    """A name that no backup has yet: two may be made within a second."""
    while (path := folder / f"{_PREFIX}{made_at:%Y%m%dT%H%M%SZ}{_SUFFIX}").exists():
        made_at += timedelta(seconds=1)
    return path


# ---------------------------------------------------------------- removing older ones


def _without_older(workspace: Workspace, made: Backup, keep: int) -> Backup:
    """Remove older backups of this workspace beyond so many; what may be missed is held back."""
    if not keep:
        return made
    folder = made.path.parent
    own = folder.resolve() == workspace.backups_dir.resolve()
    mine = [
        kept
        for kept in listed(folder)
        if kept.manifest is not None
        and kept.path != made.path
        and (own or kept.manifest.workspace == made.manifest.workspace)
    ]
    beyond = mine[keep - 1 :]
    held = tuple(kept.path for kept in beyond if _may_be_missed(kept, made))
    removed = tuple(kept.path for kept in beyond if kept.path not in held)
    for path in removed:
        path.unlink(missing_ok=True)
    return replace(made, removed=removed, held_back=held)


def _may_be_missed(kept: Kept, made: Backup) -> bool:
    """Whether an older backup holds something that the new one does not, as far as counts tell.

    An archive that was lost and begun anew would else push out, week by week, all that is left.
    """
    assert kept.manifest is not None
    more = kept.manifest.articles > made.manifest.articles
    captures = kept.manifest.captures and not made.manifest.captures
    damaged = made.manifest.wrong_texts > kept.manifest.wrong_texts
    return more or captures or damaged


# ---------------------------------------------------------------- noting it


def _begin(workspace: Workspace) -> int | None:
    """Note that a backup has begun; None where the schema is too old for notes."""
    with suppress(SchemaMismatch, CannotWrite), open_database(workspace.database) as db:
        return Upkeep(db).begin("backup")
    return None


def _end(workspace: Workspace, number: int | None, made: Backup | None, said: str) -> None:
    if number is None:
        return
    figures: dict[str, float] = {}
    if made is not None:
        unpacked, seconds = made.manifest.size, round(made.seconds, 1)
        figures = {"bytes": made.bytes, "unpacked": unpacked, "seconds": seconds}
        figures["articles"] = made.manifest.articles
        figures["at_home"] = int(made.path.parent.resolve() == workspace.backups_dir.resolve())
    with suppress(SchemaMismatch, CannotWrite), open_database(workspace.database) as db:
        Upkeep(db).end(number, made is not None, said, figures)
