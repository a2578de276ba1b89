"""Files and folders that only their owner may read, whatever the umask says.

A list of watched people beside what was written about them is nobody else's business.
"""

from __future__ import annotations

import os
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing; leaves existing ones as they are."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        folder.chmod(FOLDER_MODE)
    return path


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, so that a reader never meets a half."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    make_folder(path.parent)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), FILE_MODE)
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
