"""What two versions of a text say differently, sentence by sentence, without the page's noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.edits import VersionText

NOT_KEPT = "the texts were not kept (keep = mentions)"
OTHER_READERS = (
    "the two versions were last read by different readers, so their texts do not compare: "
    "`marsad reread` has them read alike"
)
_WHY_NOT = {
    "missing": "the earlier version is not there any more",
    "not_kept": NOT_KEPT,
    "other_readers": OTHER_READERS,
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that was cut, changed, added or moved; empty on the side that has none of it."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences that differ, or why they cannot be shown."""

    sentences: tuple[Sentence, ...] = ()
    why_not: str = ""


def shown(texts: "Sequence[VersionText]") -> Shown:
    """What changed between an earlier version and a later one."""
    from storage.desk.versions import obstacle

    if why := obstacle(texts):
        return Shown(why_not=_WHY_NOT[why])
    before, after = texts
    return Shown(tuple(_sentences(before.text, after.text)))


def _sentences(before: str, after: str) -> list[Sentence]:
    """All that differs; the page's own clocks and counters only where there is nothing else."""
    from crawler.reading.changes import compare

    parts = [part for part in compare(before, after).parts if part.kind != "kept"]
    found = [Sentence(str(part.kind), *part.wording(before, after)) for part in parts]
    return [one for one in found if _is_said(one)] or found


def _is_said(sentence: Sentence) -> bool:
    """Whether it is of the article, and not a line that the page puts around it."""
    from crawler.reading.changes import Said, is_edit

    moved = sentence.kind == "moved"
    return moved or is_edit(Said("", sentence.before), Said("", sentence.after))
