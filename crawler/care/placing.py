"""Putting a restored workspace in the place of another: all that was there is set aside."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.care.manifest import CAPTURES, DATABASE, FILES, FOLDERS
from crawler.care.packing import Progress, digest, quiet
from crawler.care.partial import sync_folder
from crawler.private import FILE_MODE, make_folder
from crawler.workspace import SETTINGS_FILE
from storage import instants

SCHEDULER_LOCK = "scheduler.lock"
_LOCKS = "*.lock"
_RUN = re.compile(rf"{re.escape(DATABASE)}-(run|slot)-(\d+)\.lock")
_CHUNK = 1 << 20


class Occupied(Exception):
    """Somebody works in the workspace; the text says who."""


# ---------------------------------------------------------------- who is there


@contextmanager
def nobody_else(root: Path) -> Iterator[None]:
    """Keep schedulers out of a workspace; raises Occupied where anybody works in it."""
    busy = [who for path in sorted(root.glob(_LOCKS)) if (who := _holder(path))]
    if busy:
        raise Occupied(f"{' and '.join(busy)}: end that first, or wait for its end")
    handle = os.open(root / SCHEDULER_LOCK, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    except BlockingIOError:
        raise Occupied("a scheduler has just been started here") from None
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    """Who holds a lock, for people; empty where nobody does."""
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        process = _process_at(path)
        return f"{_work(path.name)} is under way" + (f" (process {process})" if process else "")
    finally:
        os.close(handle)
    return ""


def _work(lock: str) -> str:
    if lock == SCHEDULER_LOCK:
        return "the scheduler"
    if named := _RUN.fullmatch(lock):
        return " ".join(named.groups())
    return lock.removeprefix(f"{DATABASE}-").removesuffix(".lock")


def _process_at(path: Path) -> int | None:
    """The process that holds the lock of a file, as the kernel tells; None where it does not."""
    inode = f":{path.stat().st_ino}"
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        fields = line.split()  # number, class, kind, mode, process, device:inode, from, to
        if len(fields) > 5 and fields[5].endswith(inode) and int(fields[4]) > 0:
            return int(fields[4])
    return None


# ---------------------------------------------------------------- the workspace's files


def is_taken(root: Path) -> bool:
    """Whether there is a workspace in a folder, or what a power cut left of one."""
    return (root / SETTINGS_FILE).exists() or (root / DATABASE).exists()


def put_in_place(new: Path, root: Path, before: Path) -> bool:
    """Move what was unpacked into the workspace, and what was there into `before`.

    Gives whether anything was set aside. The settings and the database are exchanged in one step
    each, the database last: at no moment is there none where there was one.
    """
    for name in (*FOLDERS, *(name for name in FILES if name != SETTINGS_FILE)):
        _set_aside(root / name, before)
        if (new / name).exists():
            (new / name).rename(root / name)
    if (new / CAPTURES).is_dir():
        _put_captures(new / CAPTURES, root / CAPTURES, before / CAPTURES)
    _exchange(new / SETTINGS_FILE, root / SETTINGS_FILE, before)
    for path in instants.files(root / DATABASE):
        if path.name != DATABASE:  # of one too damaged to be closed: never beside another
            _set_aside(path, before)
    _exchange(new / DATABASE, root / DATABASE, before)
    for name in (*FOLDERS, CAPTURES):
        make_folder(root / name)
    sync_folder(root)
    return before.is_dir()


def _set_aside(path: Path, before: Path) -> None:
    if path.exists():
        path.rename(make_folder(before) / path.name)


def _exchange(new: Path, old: Path, before: Path) -> None:
    """Put a file in the place of another, which keeps its bytes under a second name."""
    if old.exists():
        aside = make_folder(before) / old.name
        _second_name(old, aside)
        sync_folder(before)
    new.replace(old)


# ---------------------------------------------------------------- captures


@dataclass(frozen=True, slots=True)
class Aside:
    """Captures that the restored database knows nothing of: the file, and from where on."""

    path: Path
    known_bytes: int
    bytes: int


def missing(root: Path, ends: Mapping[str, int]) -> list[str]:
    """The files of captures that a database names and that are not there, or not whole."""
    sizes = {name: _size(root / CAPTURES / name) for name in ends}
    return sorted(name for name, end in ends.items() if sizes[name] < end)


def take_captures(
    source: Path, root: Path, ends: Mapping[str, int], progress: Progress = quiet
) -> int:
    """Copy captures from elsewhere, as far as the database names them; gives how many files.

    What is there already, whole, stays as it is.
    """
    wanted = [name for name in missing(root, ends) if _size(source / name)]
    target = make_folder(root / CAPTURES)
    for number, name in enumerate(wanted):
        progress("copying captures", number, len(wanted))
        beside = target / f".{name}.part"
        _copy(source / name, beside, 0, ends[name])
        beside.replace(target / name)
    sync_folder(target)
    return len(wanted)


def keep_unaccounted(root: Path, ends: Mapping[str, int], aside: Path) -> tuple[Aside, ...]:
    """Keep in a folder of their own the captures that a database does not know of.

    Their runs' numbers will be given again, and the next crawl cuts what it does not know of.
    Nothing is taken away here: that is for `drop_unaccounted`, when the database is in place.
    """
    found = []
    for path in sorted((root / CAPTURES).glob("*.warc.gz")):
        end, size = ends.get(path.name, 0), _size(path)
        if size > end:
            found.append(Aside(path, end, size - end))
            _keep(path, end, size, make_folder(aside))
    if found:
        sync_folder(aside)
    return tuple(found)


def drop_unaccounted(found: tuple[Aside, ...]) -> None:
    """Take away what `keep_unaccounted` has kept elsewhere."""
    for each in found:
        if each.known_bytes:
            os.truncate(each.path, each.known_bytes)
        else:
            each.path.unlink(missing_ok=True)


def _keep(path: Path, end: int, size: int, aside: Path) -> None:
    if end:
        stem = path.name.removesuffix(".warc.gz")
        _copy(path, aside / f"{stem}-from-{end}.warc.gz", end, size)
        return
    _second_name(path, aside / path.name)


def _put_captures(new: Path, folder: Path, before: Path) -> None:
    """Put captures in place where they are not there already with the same bytes."""
    make_folder(folder)
    for path in sorted(new.iterdir()):
        there = folder / path.name
        if _size(there) >= _size(path) and digest(there, _size(path)) == digest(path):
            continue
        _set_aside(there, before)
        path.rename(there)
    sync_folder(folder)


def _second_name(path: Path, second: Path) -> None:
    """Have a file's bytes under a second name as well, copied where the disk knows no links."""
    try:
        os.link(path, second)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        _copy(path, second, 0, _size(path))


def _copy(source: Path, target: Path, start: int, end: int) -> None:
    """Copy a part of a file into a private one, and wait until the disk has it."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with source.open("rb") as file, os.fdopen(handle, "wb") as copy:
        file.seek(start)
        while chunk := file.read(min(_CHUNK, end - file.tell())):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
