"""What a backup says of itself: its first member, and the names that the others may have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from crawler.agencies import FILE as AGENCIES_FILE
from crawler.fields import List, Record
from crawler.workspace import SETTINGS_FILE
from storage.exporting.redaction import KEY_FILE

MANIFEST = "MANIFEST.json"
DATABASE = "marsad.db"
CAPTURES = "warc"
FILES = (SETTINGS_FILE, AGENCIES_FILE, "paused.toml", KEY_FILE)
FOLDERS = ("outlets", "watchlists", "schedules", "probes", "reports")
LARGEST_FILE = 256 * 1024**2
"""Bytes of a member that is neither the database nor a capture."""
LONGEST_NAME = 1000
_DEEPEST = 8


def checked_name(name: str) -> str:
    """The name of a member, where it is one that a backup may have; raises ValueError.

    Relative, without steps upward, hidden parts or control characters, and of a known place.
    """
    path = PurePosixPath(name)
    plain = name.isprintable() and "\\" not in name and len(name.encode()) <= LONGEST_NAME
    parts = path.parts
    if not plain or str(path) != name or len(parts) > _DEEPEST or _hidden(parts):
        raise ValueError(f"a member is called {name[:80]!r}")
    if name not in (DATABASE, *FILES) and not (len(parts) > 1 and parts[0] in (*FOLDERS, CAPTURES)):
        raise ValueError(f"a member is called {name[:80]!r}, which no backup holds")
    return name


def _hidden(parts: tuple[str, ...]) -> bool:
    return not parts or any(part.startswith((".", "/")) for part in parts)


class Member(Record):
    """One file of a backup."""

    name: Annotated[str, AfterValidator(checked_name)]
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def is_capture(self) -> bool:
        """Whether it is one of the files below warc/."""
        return self.name.startswith(f"{CAPTURES}/")


def _sensible(members: tuple[Member, ...]) -> tuple[Member, ...]:
    names = [member.name for member in members]
    taken = set(names)
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    if len(taken) < len(names) or folders & taken:
        raise ValueError("two members have one place")
    if DATABASE not in taken or SETTINGS_FILE not in taken:
        raise ValueError("the database or the settings are missing")
    small = (each for each in members if each.name != DATABASE and not each.is_capture)
    if any(each.size > LARGEST_FILE for each in small):
        raise ValueError("a file of the settings is too large to be one")
    return members


class Manifest(Record):
    """What was kept, when, of which workspace, by which program."""

    format: Literal[1] = 1
    program: str
    workspace: str
    """Tells the backups of one workspace from others in the same folder; no name, no path."""
    made_at: AwareDatetime
    up_to: AwareDatetime | None = None
    """The last look at anything that the database knows of."""
    schema_steps: List[str]
    counts: dict[str, int]
    """Rows of each table."""
    wrong_texts: int = 0
    """Articles whose text was no longer that of its digest."""
    captures: bool = False
    index: bool = True
    """Whether the database has its search index; a restore makes it anew where it has not."""
    members: Annotated[List[Member], AfterValidator(_sensible)]

    @property
    def articles(self) -> int:
        """How many articles the backup holds."""
        return self.counts.get("articles", 0)

    @property
    def size(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(member.size for member in self.members)


def mark_of(root: Path) -> str:
    """What tells a workspace from others, and says nothing about it."""
    return hashlib.sha256(str(root.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def own_files(root: Path) -> Iterator[Path]:
    """The files of a workspace that are its settings, lists and reports, hidden ones left out."""
    for name in FILES:
        if (root / name).is_file():
            yield root / name
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not _hidden(path.relative_to(root).parts):
                yield path
