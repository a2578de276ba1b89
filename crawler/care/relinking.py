"""Captures found again after a restore, where retention has moved them since the backup.

Retention writes what it keeps of a file, byte for byte, into a new one beside it, under the run's
name with a number. A restored database still names the old file: each record is looked for in the
new ones, and what is in none of them was removed as the schedule's file says.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from crawler.reading.warc import page_from_record
from storage import verification
from storage.connection import Connection
from storage.models import CapturePlace
from storage.times import encode_time
from storage.verification import CaptureFile

_SUFFIX = ".warc.gz"
_CHUNK = 1 << 20
_Key = tuple[str | None, str]
"""What tells a record: the digest of its body, and when it was fetched."""


def relink(db: Connection, folder: Path) -> int:
    """Have a restored database name its captures where they lie now; gives how many moved."""
    moved = 0
    for file in verification.capture_files(db):
        successors = _successors(folder, file.name)
        if not (folder / file.name).exists() and successors:
            moved += _relink_file(db, file, successors)
    return moved


def _successors(folder: Path, name: str) -> list[Path]:
    """The files that hold what was kept of a file, the last one last."""
    run = name.removesuffix(_SUFFIX).partition(".")[0]
    return sorted(folder.glob(f"{run}.*{_SUFFIX}"))


def _relink_file(db: Connection, file: CaptureFile, successors: list[Path]) -> int:
    places = {key: place for path in successors for key, place in _records(path)}
    found = {
        record.fetch_id: places.get((record.payload_sha256, encode_time(record.fetched_at)))
        for record in verification.records_in(db, file)
    }
    verification.move_captures(db, found)
    return sum(place is not None for place in found.values())


def _records(path: Path) -> Iterator[tuple[_Key, CapturePlace]]:
    for offset, packed in _members(path):
        try:
            page = page_from_record(packed)
        except (ValueError, KeyError, EOFError):
            continue  # damaged: `marsad verify` says so
        key = (sha256(page.body).hexdigest(), encode_time(page.fetched_at))
        yield key, CapturePlace(path.name, offset, len(packed))


def _members(path: Path) -> Iterator[tuple[int, bytes]]:
    """The gzip members of a file with their places, up to the first that is damaged."""
    offset, left = 0, b""
    with path.open("rb") as file:
        while left := left or file.read(_CHUNK):
            unpacker, packed = zlib.decompressobj(wbits=31), b""
            while not unpacker.eof and (left := left or file.read(_CHUNK)):
                try:
                    unpacker.decompress(left)
                except zlib.error:
                    return
                packed += left[: len(left) - len(unpacker.unused_data)]
                left = unpacker.unused_data
            yield offset, packed
            offset += len(packed)
