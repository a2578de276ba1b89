"""Whether an exported file is what the set gives: by its side-car, and byte by byte."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.connection import Connection
from storage.errors import CannotExport, SnapshotDamaged
from storage.exporting.orders import Export
from storage.exporting.sidecar import ENDING, TEXTS_ENDING
from storage.frozen.exports import Key, write
from storage.frozen.records import Snapshot

_CHUNK = 1 << 20
_OPTIONS = ("with_text", "with_persons", "redact")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what is wrong with it; `why` is empty where nothing is."""

    path: Path
    why: str
    note: str = ""
    """What is to be known although nothing is wrong."""


def check(db: Connection, snapshot: Snapshot, path: Path, key: Key | None = None) -> Checked:
    """Compare a file with its side-car and with what the set gives now."""
    try:
        about = json.loads(path.with_name(path.name + ENDING).read_text("utf-8"))
        export, digest = _export_of(about, snapshot), about["sha256"]
        whole = digest_of(path) == digest
    except FileNotFoundError as missing:
        return Checked(path, f"{Path(missing.filename).name} is not there")
    except _Strange as strange:
        return Checked(path, str(strange))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CannotExport):
        return Checked(path, f"its side-car {path.name}{ENDING} cannot be read")
    with tempfile.TemporaryDirectory(prefix="marsad-") as folder:
        again = Path(folder) / path.name
        try:
            written, withdrawn = write(db, snapshot, export, again, key)
        except SnapshotDamaged:
            return Checked(path, "it cannot be compared: the snapshot itself is damaged")
        if written.sha256 == digest:
            return Checked(path, _texts(path, again) if whole else _place(path, again))
    later = any(value > about_value for value, about_value in _withdrawn(withdrawn.told(), about))
    if not whole:
        return Checked(path, "changed since it was written: not the bytes that its side-car names")
    if later:
        return Checked(path, "", "whole; rows were withdrawn since, so it is not to be passed on")
    return Checked(path, "not what the set gives, though its side-car says so")


class _Strange(Exception):
    """A side-car of something else."""


def digest_of(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _export_of(about: Mapping[str, Any], snapshot: Snapshot) -> Export:
    told = about.get("snapshot")
    if not told:
        raise _Strange("its side-car names no snapshot: it is an export of the living database")
    if (told["name"], told["sha256"]) != (snapshot.name, snapshot.digest):
        raise _Strange(f'it is of another snapshot: "{told["name"]}", {told["sha256"]}')
    options = {name: bool(told["options"][name]) for name in _OPTIONS}
    return Export(about["kind"], about["format"], about["excel"], **options)


def _withdrawn(now: Mapping[str, int], about: Mapping[str, Any]) -> list[tuple[int, int]]:
    then = about.get("withdrawn") or {}
    return [(number, then.get(name, 0)) for name, number in now.items()]


def _texts(path: Path, again: Path) -> str:
    """What is wrong with the file of texts that no cell holds."""
    texts, right = (one.with_name(one.name + TEXTS_ENDING) for one in (path, again))
    if not right.exists():
        return ""
    if not texts.exists():
        return f"{texts.name} is not there: texts that no cell holds"
    return f"{texts.name}: {_place(texts, right)}" if digest_of(texts) != digest_of(right) else ""


def _place(path: Path, right: Path) -> str:
    """Where a file is not the right one."""
    at, line = 0, 1
    with path.open("rb") as mine, right.open("rb") as other:
        while True:
            left, wanted = mine.read(_CHUNK), other.read(_CHUNK)
            if left != wanted:
                break
            at, line = at + len(left), line + left.count(b"\n")
    pairs = zip(left, wanted, strict=False)
    same = next(
        (n for n, (one, two) in enumerate(pairs) if one != two), min(len(left), len(wanted))
    )
    line += left[:same].count(b"\n")
    return _said(left[same : same + 1], wanted[same : same + 1], at + same, line)


def _said(mine: bytes, wanted: bytes, at: int, line: int) -> str:
    place = f"byte {at:,} (line {line:,})"
    if not mine:
        return f"it ends too early, before {place}"
    if not wanted:
        return f"it goes on where it should end, at {place}"
    return f"changed: {place} is {mine[0]:#04x}, and was {wanted[0]:#04x}"
