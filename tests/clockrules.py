"""Clock rules of our own making, for times that no real place has."""

from __future__ import annotations

import struct
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

Change = tuple[datetime, timedelta]
"""An instant (UTC) and the offset that clocks have from it on."""


def write_zone(path: Path, first: timedelta, changes: Sequence[Change]) -> Path:
    """Write a zone file (TZif, version 1, RFC 8536) of a first offset and its changes."""
    offsets = sorted({first, *(offset for _, offset in changes)})
    kinds = [offsets.index(offset) for _, offset in changes]
    # Before its first change a zone has the first kind of time that is no summer time.
    order = [offsets.index(first), *(n for n in range(len(offsets)) if offsets[n] != first)]
    counts = struct.pack(">6l", 0, 0, 0, len(changes), len(offsets), 4)
    body = struct.pack(f">{len(changes)}l", *(int(at.timestamp()) for at, _ in changes))
    body += bytes(order.index(kind) for kind in kinds)
    for kind in order:
        body += struct.pack(">lBB", int(offsets[kind].total_seconds()), 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"TZif\0" + bytes(15) + counts + body + b"XXX\0")
    return path


@contextmanager
def zones_from(folder: Path) -> Iterator[None]:
    """Let this process take its zones from a folder, and afterwards from the package again."""
    zoneinfo.reset_tzpath(to=[str(folder)])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=[])
        zoneinfo.ZoneInfo.clear_cache()
