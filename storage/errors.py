"""Everything that storage raises on purpose.

StorageError
├── DatabaseMissing        there is no such file, and we were not asked to make one
├── DatabaseBusy           another command has been writing for longer than we wait
├── CannotWrite            the disk is full, or the file may not be written
├── NotOurDatabase         the file is no SQLite database, or one of another program
├── SchemaMismatch
│   ├── NewerSchema        written by a newer Marsad; this one must not touch it
│   └── OlderSchema        it needs migrations first, and nobody asked for them
├── SlotTaken              the schedule's slot is done, under way, or given up
├── UnknownRun             no run has this number
├── NotClaimed             the candidate was never handed to this run
├── SeenMeanwhile          the article was saved by another run while its looks were compared
├── UnknownArticle         no article has this number or address
├── CannotJudge            a judgement that makes no sense, in words for its author
├── UnknownSnapshot        no frozen set has this name
├── CannotFreeze           a frozen set that cannot be made, in words for its author
├── SnapshotDamaged        a frozen set is not what was frozen any more
├── CannotExport           what was asked for does not go together, in words
└── SearchError            the query cannot be understood; knows the place
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.slots import Slot


class StorageError(Exception):
    """Any expected failure of the article database."""


class DatabaseMissing(StorageError):
    """There is no database at this path."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no database at {path}")
        self.path = path


class DatabaseBusy(StorageError):
    """Another command has been writing for longer than we wait."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another command keeps writing to {path}; try again when it has ended")
        self.path = path


class CannotWrite(StorageError):
    """The disk is full, or the file may not be written; what was begun was taken back."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot write to {path}: {why}; nothing was changed by this step")
        self.path = path


class NotOurDatabase(StorageError):
    """The file is not an article database."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not a Marsad database: {why}")
        self.path = path


class SchemaMismatch(StorageError):
    """The database and this program do not fit together."""


class NewerSchema(SchemaMismatch):
    """The database was written by a newer version of Marsad."""

    def __init__(self, path: Path, unknown: list[str]) -> None:
        super().__init__(
            f"{path} was written by a newer Marsad (it has {', '.join(unknown)}); "
            "install that version, this one would damage it"
        )
        self.unknown = tuple(unknown)


class OlderSchema(SchemaMismatch):
    """The database needs migrations, and whoever opened it did not ask for them."""

    def __init__(self, path: Path, pending: list[str]) -> None:
        super().__init__(
            f"{path} is of an older Marsad (it lacks {', '.join(pending)}); "
            "`marsad upgrade` makes a backup and brings it up to date"
        )
        self.pending = tuple(pending)


class SlotTaken(StorageError):
    """A schedule's slot cannot be taken: it is done or given up, or the schedule runs already."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(f"{slot.schedule} of {slot.slot} is {slot.status}")
        self.slot = slot


class UnknownRun(StorageError):
    """No run has this number."""

    def __init__(self, run_id: int) -> None:
        super().__init__(f"there is no run {run_id}")
        self.run_id = run_id


class NotClaimed(StorageError):
    """The candidate was not handed to this run, so it cannot end in it."""

    def __init__(self, run_id: int, url: str) -> None:
        super().__init__(f"run {run_id} holds no claim on {url}")
        self.run_id = run_id


class SeenMeanwhile(StorageError):
    """The article is no longer as it was when a look was compared with it: compare again."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"article {article_id} was read by another run just now")
        self.article_id = article_id


class UnknownArticle(StorageError):
    """No article has this number or address."""

    def __init__(self, wanted: int | str) -> None:
        super().__init__(f"there is no article {wanted}")
        self.wanted = wanted


class CannotJudge(StorageError):
    """A judgement that is not taken down; the message tells its author why.

    `why` is one word for the reason, for those who say it in other languages.
    """

    def __init__(self, message: str, why: str = "") -> None:
        super().__init__(message)
        self.why = why


class UnknownSnapshot(StorageError):
    """No frozen set has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f'there is no snapshot "{name}"; `marsad snapshot list` names them')
        self.name = name


class CannotFreeze(StorageError):
    """A frozen set that is not made; the message tells its author why.

    `why` is one word for the reason: name, taken, who, why, unknown or long.
    """

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


class SnapshotDamaged(StorageError):
    """What is kept of a frozen set is not what was frozen; nothing is told of it."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(
            f'snapshot "{name}" is damaged ({place} is not what was frozen): '
            f"`marsad snapshot verify {name}` tells all; restore the newest backup that is whole"
        )
        self.name = name


class CannotExport(StorageError):
    """What was asked of an export does not go together, or a part for it is missing."""


class SearchError(StorageError):
    """A query that cannot be understood: `position` is the place, in code points from 0.

    None: the fault lies beside the query, in a filter or a day.

    `piece` is what stands there, for people: numbers are hard to follow from right to left.
    """

    def __init__(self, message: str, position: int | None = 0, piece: str = "") -> None:
        there = "" if position is None else f"at character {position + 1}"
        there += f": {piece}" if piece else ""
        super().__init__(f"{message} ({there})" if there else message)
        self.message = message
        self.position = position
        self.piece = piece
