"""Backups as files: a tar of plain members in one zstandard stream, its manifest first.

`tar --zstd -xf` opens them too. What is read is taken as hostile: the manifest says which members
follow, in which order, how large and with which digest, and nothing else is ever written.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard
from pydantic import ValidationError

from crawler.care.manifest import LONGEST_NAME, MANIFEST, Manifest, Member
from crawler.private import FILE_MODE, make_folder

LEVEL = 6
"""Of zstandard. Of 250 MB of database 81 MB are left after 4 s of work; level 3 leaves 86 MB after
2 s, level 10 76 MB after 10 s (2026-11-22)."""
Progress = Callable[[str, int, int], None]
"""Told a step, the bytes done and all of them."""
_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
_WINDOW = 1 << 27
"""Bytes of memory that a stream may ask for."""
_LARGEST_MANIFEST = 1 << 25
_RATIO, _SLACK = 200, 1 << 30
"""A stream that claims to unpack to more than this is a bomb: so many times, and bytes on top."""


class DamagedBackup(Exception):
    """A file is no backup, or not the one that was written; the text says what is wrong."""


def quiet(_step: str, _done: int, _all: int) -> None:
    """Nobody is told."""


def digest(path: Path, size: int | None = None) -> tuple[str, int]:
    """The SHA-256 of a file, or of its first `size` bytes, and how many bytes that were."""
    state, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK if size is None else min(_CHUNK, size - done)):
            state.update(chunk)
            done += len(chunk)
    return state.hexdigest(), done


# ---------------------------------------------------------------- writing


def pack(
    target: Path, manifest: Manifest, sources: Mapping[str, Path], progress: Progress = quiet
) -> None:
    """Write a backup, and wait until the disk has it; `sources` are the members' files by name.

    Raises OSError.
    """
    done = 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        with packer.stream_writer(file, closefd=False) as packed:
            text = manifest.model_dump_json(indent=1).encode()
            packed.write(_header(MANIFEST, len(text)) + text + _padding(len(text)))
            for member in manifest.members:
                packed.write(_header(member.name, member.size))
                for chunk in _read(sources[member.name], member.size):
                    packed.write(chunk)
                    progress("packing", done := done + len(chunk), manifest.size)
                packed.write(_padding(member.size))
            packed.write(bytes(2 * _BLOCK))
        file.flush()
        os.fsync(file.fileno())
        # What is read back shall come from the disk, not from memory.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _read(path: Path, size: int) -> Iterator[bytes]:
    """The first `size` bytes of a file; raises EOFError where it has fewer."""
    with path.open("rb") as file:
        while size:
            chunk = file.read(min(size, _CHUNK))
            if not chunk:
                raise EOFError(f"{path.name} became shorter while it was packed")
            size -= len(chunk)
            yield chunk


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, FILE_MODE
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


# ---------------------------------------------------------------- reading


@dataclass
class OpenBackup:
    """A backup whose manifest is read; its members come next, once."""

    manifest: Manifest
    _stream: BinaryIO

    def check(self, progress: Progress = quiet) -> None:
        """Read every member to its end; raises DamagedBackup."""
        self.unpack(None, progress)

    def unpack(self, folder: Path | None, progress: Progress = quiet) -> None:
        """Write the members below a folder, private and synced, each compared with its digest.

        Raises DamagedBackup and OSError; what was written until then is worth nothing.
        """
        done, step = 0, "checking" if folder is None else "unpacking"
        for member in self.manifest.members:
            _expect(self._stream, member.name, member.size)
            with _sink(folder and folder / member.name) as write:
                for chunk in self._chunks(member):
                    write(chunk)
                    progress(step, done := done + len(chunk), self.manifest.size)
        if _exactly(self._stream, 2 * _BLOCK).strip(b"\0") or self._stream.read(1):
            raise DamagedBackup("something follows after its last member")

    def _chunks(self, member: Member) -> Iterator[bytes]:
        state, left = hashlib.sha256(), member.size
        while left:
            chunk = _exactly(self._stream, min(left, _CHUNK))
            state.update(chunk)
            left -= len(chunk)
            yield chunk
        _exactly(self._stream, len(_padding(member.size)))
        if state.hexdigest() != member.sha256:
            raise DamagedBackup(f"{member.name} in it is not what its digest says")


@contextmanager
def opened(path: Path) -> Iterator[OpenBackup]:
    """Open a backup and read its manifest; raises DamagedBackup, and OSError for no file."""
    packer = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    with path.open("rb") as file, packer.stream_reader(file, closefd=False) as stream:
        try:
            manifest = _manifest(stream)
            if manifest.size > _RATIO * path.stat().st_size + _SLACK:
                raise DamagedBackup("it claims to hold far more than a file of its size can")
            yield OpenBackup(manifest, stream)
        except zstandard.ZstdError as error:
            raise DamagedBackup(f"it cannot be unpacked: {error}") from error


def manifest_of(path: Path) -> Manifest:
    """What a backup says of itself; its members are not looked at. Raises DamagedBackup."""
    with opened(path) as backup:
        return backup.manifest


def _manifest(stream: BinaryIO) -> Manifest:
    info = _next_header(stream)
    if info.name != MANIFEST or not 0 < info.size <= _LARGEST_MANIFEST:
        raise DamagedBackup("it does not begin with a manifest")
    text = _exactly(stream, info.size)
    _exactly(stream, len(_padding(info.size)))
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedBackup(f"its manifest is wrong: {where}: {first['msg']}") from error


def _expect(stream: BinaryIO, name: str, size: int) -> None:
    """Read a member's header, which has to be the one that the manifest announces."""
    info = _next_header(stream)
    if info.type == tarfile.GNUTYPE_LONGNAME and info.size <= LONGEST_NAME + 1:
        long = _exactly(stream, info.size + len(_padding(info.size)))[: info.size]
        info = _next_header(stream)
        info.name = long.rstrip(b"\0").decode("utf-8", "replace")
    if (info.type, info.name, info.size) != (tarfile.REGTYPE, name, size):
        raise DamagedBackup(f"where {name} should be there is something else")


def _next_header(stream: BinaryIO) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(_exactly(stream, _BLOCK), "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError) as error:
        raise DamagedBackup(f"it is no archive of ours: {error}") from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = stream.read(size - len(data))
        if not chunk:
            raise DamagedBackup("it ends too early")
        data += chunk
    return data


@contextmanager
def _sink(path: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Where the bytes of a member go: a new private file, or nowhere."""
    if path is None:
        yield lambda _chunk: None
        return
    make_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        yield file.write
        file.flush()
        os.fsync(file.fileno())
