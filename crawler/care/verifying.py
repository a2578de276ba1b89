"""Verifying: whether all that is stored is still what was stored, in database and captures."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawler.care.packing import Progress, quiet
from crawler.engine.capture import read_capture
from crawler.engine.locks import alone
from crawler.phrases import counted
from crawler.reading.warc import page_from_record
from crawler.workspace import Workspace
from storage import verification
from storage.database import Database, open_database
from storage.errors import CannotWrite, NotOurDatabase, SnapshotDamaged
from storage.frozen import store
from storage.frozen import verifying as frozen
from storage.times import utc_now
from storage.upkeep import Upkeep
from storage.verification import CaptureFile, CaptureRecord, WrongText

_NAMED = 200
"""Wrong things of one kind that are told one by one; all are counted."""
_DATABASE_SHARE = 0.5
"""Of the time, for the database."""


@dataclass(frozen=True, slots=True)
class WrongCapture:
    """A record that is not what was fetched, or is not there."""

    file: str
    offset: int
    outlet_id: str | None
    article_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class WrongSnapshot:
    """A frozen set that is not what was frozen, and the first thing that is wrong with it."""

    name: str
    wrong: int
    why: str


@dataclass
class Verified:
    """What was looked at, and what is wrong with it."""

    structure: tuple[str, ...] = ()
    structure_checked: bool = False
    texts: int = 0
    texts_not_kept: int = 0
    texts_cut_at: int = 0
    """The last article that was looked at where the time ended; 0: all were."""
    wrong_texts: list[WrongText] = field(default_factory=list)
    wrong_text_count: int = 0
    texts_wrong_before: int = 0
    """Wrong texts that the check found which this one goes on from; nobody has looked since."""
    snapshots: int = 0
    snapshots_left: int = 0
    wrong_snapshots: list[WrongSnapshot] = field(default_factory=list)
    files: int = 0
    files_left: int = 0
    records: int = 0
    bytes: int = 0
    wrong_captures: list[WrongCapture] = field(default_factory=list)
    wrong_capture_count: int = 0
    seconds: float = 0.0

    @property
    def wrong(self) -> int:
        """How many things are wrong."""
        texts = self.texts_wrong_before + self.wrong_text_count
        parts = (self.structure, self.wrong_snapshots)
        return sum(map(len, parts)) + texts + self.wrong_capture_count

    @property
    def complete(self) -> bool:
        """Whether everything was looked at."""
        left = self.texts_cut_at or self.snapshots_left or self.files_left
        return self.structure_checked and not left


def verify(
    workspace: Workspace,
    *,
    captures: bool = True,
    minutes: float | None = None,
    progress: Progress = quiet,
) -> Verified:
    """Check the database and (with `captures`) every file of captures, within so many minutes.

    Where the time is short the next one goes on where this one ended. Raises AlreadyRunning,
    DatabaseMissing and other StorageErrors; a database that cannot be opened is wrong.
    """
    began, found = time.monotonic(), Verified()
    until = None if minutes is None else began + 60 * minutes
    with ExitStack() as held:
        for work in ("verify", "captures") if captures else ("verify",):
            held.enter_context(alone(workspace.database, work))
        try:
            with (
                verification.damage_named(workspace.database),
                open_database(workspace.database) as db,
            ):
                number = _begin(db)
                _verify_database(db, found, _share(began, until, captures), progress)
                if captures:
                    _verify_captures(db, workspace.warc_dir, found, until, progress)
                found.seconds = round(time.monotonic() - began, 1)
                _end(db, number, found)
        except NotOurDatabase as error:
            found.structure, found.structure_checked = (*found.structure, str(error)), True
    return found


def _share(began: float, until: float | None, captures: bool) -> float | None:
    """When to end with the database: a large one shall not keep captures from being read."""
    if until is None or not captures:
        return until
    return began + (until - began) * _DATABASE_SHARE


def _begin(db: Database) -> int | None:
    """Note that it has begun; None on a full disk, which is no reason not to look."""
    with suppress(CannotWrite):
        return Upkeep(db).begin("verify")
    return None


def _end(db: Database, number: int | None, found: Verified) -> None:
    if number is not None:
        with suppress(CannotWrite):
            Upkeep(db).end(number, not found.wrong, _said(found), _figures(found))


# ---------------------------------------------------------------- the database


def _verify_database(
    db: Database, found: Verified, until: float | None, progress: Progress
) -> None:
    """Texts first: they are what nobody can fetch again, and they take the least time."""
    before = _figures_before(db)
    after = int(before.get("texts_cut_at", 0))  # where the time was over then; 0: it looked at all
    found.texts_wrong_before = int(before.get("articles_wrong", 0)) if after else 0
    for looked in verification.texts(db, after):
        found.texts += looked.articles
        found.texts_not_kept += looked.skipped
        found.wrong_text_count += len(looked.wrong)
        found.wrong_texts += looked.wrong[: _NAMED - len(found.wrong_texts)]
        progress("texts", found.texts + found.texts_not_kept, 0)
        if _over(until):
            found.texts_cut_at = looked.up_to
            break
    _verify_snapshots(db, found, until, progress)
    progress("structure", 0, 0)
    structure = verification.structure(db, until)
    found.structure_checked = structure is not None
    if structure is None and before.get("structure_wrong"):
        structure = ("it was damaged when it was checked last, and there was no time to look",)
    found.structure = structure or ()


def _verify_snapshots(
    db: Database, found: Verified, until: float | None, progress: Progress
) -> None:
    """Set by set, the newest first; one is begun while there is time."""
    names = store.names(db)
    for number, name in enumerate(names):
        if _over(until):
            found.snapshots_left = len(names) - number
            return
        found.snapshots += 1
        found.wrong_snapshots += _wrong_snapshot(db, name)
        progress("snapshots", found.snapshots, len(names))


def _wrong_snapshot(db: Database, name: str) -> list[WrongSnapshot]:
    try:
        looked = frozen.verify(db, store.find(db, name))
    except SnapshotDamaged as damaged:
        return [WrongSnapshot(name, 1, str(damaged))]
    if not looked.wrong_count:
        return []
    first = looked.wrong[0]
    place = f"{first.kind} {first.position}" if first.position >= 0 else first.kind or "the whole"
    return [WrongSnapshot(name, looked.wrong_count, f"{place}: {first.why}")]


def _figures_before(db: Database) -> Mapping[str, float]:
    """What the last check noted."""
    before = Upkeep(db).latest("verify")
    return before.figures if before else {}


def _over(until: float | None) -> bool:
    return until is not None and time.monotonic() > until


# ---------------------------------------------------------------- captures


def _verify_captures(
    db: Database, folder: Path, found: Verified, until: float | None, progress: Progress
) -> None:
    """File by file, the one verified longest ago first; a file is begun while there is time."""
    files = verification.capture_files(db)
    for number, file in enumerate(files):
        if _over(until):
            found.files_left = len(files) - number
            return
        _verify_file(db, folder, file, found)
        progress("files of captures", found.files, len(files))


def _verify_file(db: Database, folder: Path, file: CaptureFile, found: Verified) -> None:
    records = verification.records_in(db, file)
    wrong = list(_wrong_records(folder, records))
    path = folder / file.name
    size = path.stat().st_size if path.is_file() else 0
    verification.note_verified(db, file, size, len(wrong), utc_now())
    found.files += 1
    found.records += len(records)
    found.bytes += sum(record.place.length for record in records)
    found.wrong_capture_count += len(wrong)
    found.wrong_captures += wrong[: _NAMED - len(found.wrong_captures)]


def _wrong_records(folder: Path, records: list[CaptureRecord]) -> Iterator[WrongCapture]:
    for record in records:
        if why := why_wrong(folder, record):
            place = record.place
            yield WrongCapture(place.file, place.offset, record.outlet_id, record.article_id, why)


def why_wrong(folder: Path, record: CaptureRecord) -> str:
    """What is wrong with a record in a file of captures; empty where it is what was fetched."""
    try:
        packed = read_capture(folder, record.place)
    except FileNotFoundError:
        return "the file is not there"
    except (OSError, EOFError) as error:
        return f"cannot be read: {error}"
    try:
        body = page_from_record(_unpacked(packed)).body
    except (ValueError, KeyError, TypeError, IndexError, zlib.error):
        return "damaged: it is no record that was written here"
    if record.payload_sha256 not in (None, hashlib.sha256(body).hexdigest()):
        return "whole, but not what was fetched then"
    return ""


def _unpacked(packed: bytes) -> bytes:
    """The one gzip member that a record is; its check sum also covers what no digest does."""
    unpacker = zlib.decompressobj(wbits=31)
    data = unpacker.decompress(packed)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not one whole member")
    return data


# ---------------------------------------------------------------- telling


def _said(found: Verified) -> str:
    """The outcome in one line."""
    looked = f"{counted(found.texts, 'text')} and {counted(found.records, 'capture')} looked at"
    if found.wrong:
        texts = found.texts_wrong_before + found.wrong_text_count
        captures = found.wrong_capture_count
        parts = [counted(texts, "text")] if texts else []
        parts += [counted(captures, "capture")] if captures else []
        snapshots = len(found.wrong_snapshots)
        parts += [counted(snapshots, "snapshot")] if snapshots else []
        parts += ["the database's structure"] if found.structure else []
        return f"wrong: {', '.join(parts)}; {looked}"
    return looked + ("" if found.complete else "; the time ended before all were")


def _figures(found: Verified) -> dict[str, float]:
    return {
        "texts": found.texts,
        "texts_cut_at": found.texts_cut_at,
        "articles_wrong": found.texts_wrong_before + found.wrong_text_count,
        "structure_wrong": len(found.structure),
        "structure_checked": int(found.structure_checked),
        "snapshots": found.snapshots,
        "wrong_snapshots": len(found.wrong_snapshots),
        "files": found.files,
        "files_left": found.files_left,
        "captures": found.records,
        "wrong_captures": found.wrong_capture_count,
        "bytes": found.bytes,
        "seconds": found.seconds,
    }
