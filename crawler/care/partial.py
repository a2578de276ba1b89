"""Folders for work that is not done yet: whole under another name at its end, or cleaned away."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.private import FILE_MODE, FOLDER_MODE

_PREFIX, _SUFFIX, _LOCK = ".marsad-", ".part", "lock"


@contextmanager
def partial(folder: Path, what: str) -> Iterator[Path]:
    """A private folder inside `folder` that is gone at the end, or cleaned away by the next one.

    A lock in it, which the kernel frees with the process, tells the living from the dead.
    """
    clean(folder)
    path = folder / f"{_PREFIX}{what}-{os.getpid()}{_SUFFIX}"
    path.mkdir(mode=FOLDER_MODE)
    handle = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def clean(folder: Path) -> int:
    """Remove what killed processes left unfinished in a folder; gives how many there were."""
    dead = [path for path in folder.glob(f"{_PREFIX}*{_SUFFIX}") if not _is_alive(path)]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    return len(dead)


def _is_alive(path: Path) -> bool:
    with suppress(FileNotFoundError):
        handle = os.open(path / _LOCK, os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
    return False


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the bytes behind them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
