"""Captures found again after a restore, where retention has moved them since the backup.

Retention writes what it keeps of a file, byte for byte, into a new one beside it, under the run's
name with a number. A restored database still names the old file: each record is looked for in the
new ones, and what is in none of them was removed as the schedule's file says.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path

from crawler.reading.warc import page_from_record
from storage import verification
from storage.connection import Connection
from storage.models import CapturePlace
from storage.times import encode_time
from storage.verification import CaptureFile

_SUFFIX = ".warc.gz"
_CHUNK = 1 << 20
_MAGIC = b"\x1f\x8b\x08"
"""With what a gzip member begins: the next one is looked for by it after one that is damaged."""
_Key = tuple[str | None, str]
"""What tells a record: the digest of its body, and when it was fetched."""


def relink(db: Connection, folder: Path, before: Path) -> int:
    """Have a restored database name its captures where they lie now; gives how many moved.

    `before` is the database that it takes the place of, which may know what retention removed.
    """
    moved = 0
    for file in verification.capture_files(db):
        if not (folder / file.name).exists():
            moved += _relink_file(db, file, _successors(folder, file.name), before)
    return moved


def _successors(folder: Path, name: str) -> list[Path]:
    """The files that hold what was kept of a file, the last one last."""
    run = name.removesuffix(_SUFFIX).partition(".")[0]
    return sorted(folder.glob(f"{run}.*{_SUFFIX}"))


def _relink_file(db: Connection, file: CaptureFile, successors: list[Path], before: Path) -> int:
    """Removed is what the database before knows as such, and what all of the new files lack.

    Where one of them is damaged it may be what cannot be read: that goes on being called by its
    old file, which `marsad verify` misses then, and no tidying takes the run's files away.
    """
    wanted = verification.records_in(db, file)
    records = [record for path in successors for record in _records(path)]
    places = {key: place for key, place in records if key is not None}
    found = {
        record.fetch_id: places.get((record.payload_sha256, encode_time(record.fetched_at)))
        for record in wanted
    }
    moved = {fetch_id: place for fetch_id, place in found.items() if place is not None}
    missing = [record for record in wanted if record.fetch_id not in moved]
    is_whole = bool(records) and all(key is not None for key, _ in records)
    removed = (
        {record.fetch_id for record in missing}
        if is_whole
        else verification.removed(before, missing)
    )
    verification.move_captures(db, {**moved, **dict.fromkeys(removed)})
    return len(moved)


def _records(path: Path) -> Iterator[tuple[_Key | None, CapturePlace]]:
    """The records of a file with their places; what is damaged has no key."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        offset = 0
        while 0 <= offset < len(data):
            length = _length(data, offset)
            packed = data[offset : offset + length]
            yield _key(packed), CapturePlace(path.name, offset, length)
            offset = offset + length if length else data.find(_MAGIC, offset + 1)


def _key(packed: bytes) -> _Key | None:
    try:
        page = page_from_record(packed)
    except (ValueError, KeyError, EOFError):
        return None
    return sha256(page.body).hexdigest(), encode_time(page.fetched_at)


def _length(data: mmap, offset: int) -> int:
    """Bytes of the gzip member at a place; 0 where it is damaged."""
    unpacker, at = zlib.decompressobj(wbits=31), offset
    try:
        while not unpacker.eof and at < len(data):
            unpacker.decompress(data[at : at + _CHUNK])
            at = min(at + _CHUNK, len(data))
    except zlib.error:
        return 0
    return at - len(unpacker.unused_data) - offset if unpacker.eof else 0
