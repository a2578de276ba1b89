"""The morning report: a night in a page and a text, kept in the workspace for its owner only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawler.engine.diskguard import room
from crawler.phrases import counted
from crawler.private import write_file
from crawler.telling.morning_page import as_page
from crawler.telling.morning_parts import document
from crawler.telling.morning_text import as_text
from crawler.telling.morning_verdict import MorningCounts, counts_of
from crawler.workspace import Workspace
from storage.bidi import harmless
from storage.database import open_database
from storage.night_facts import gather
from storage.night_records import NightFacts, Wrong
from storage.night_wrongs import DISK
from storage.slots import Coming, Slot
from storage.times import utc_now

MOST_NAMES = 20
_NAME = re.compile(r"[0-9T:Z-]+")


@dataclass(frozen=True, slots=True)
class MorningReport:
    """A night, told: the files, the facts, and what of them may leave the machine."""

    page: Path
    text: Path
    facts: NightFacts
    counts: MorningCounts
    names_text: str
    """Who was in the news: only for targets that may have names."""

    @property
    def subject(self) -> str:
        """One line of counts."""
        return self.counts.subject

    @property
    def digest(self) -> str:
        """The night in counts and states of outlets, without any actor."""
        return self.counts.digest


def make_report(
    workspace: Workspace,
    slot_id: int | None,
    coming: Sequence[Coming] = (),
    now: datetime | None = None,
) -> MorningReport:
    """Tell a slot's night in reports/ (again: in the same files), and give what was told.

    Without a slot it is the night of whatever ran in the last 24 hours. Raises KeyError for a slot
    that there is not.
    """
    now = now or utc_now()
    with open_database(workspace.database, readonly=True) as database:
        facts = gather(database, slot_id, now, workspace.settings.countries)
    facts = replace(facts, wrongs=(*facts.wrongs, *_disk(workspace, facts)))
    told = document(facts, coming)
    place = workspace.reports_dir / _name(facts)
    page, text = place.with_suffix(".html"), place.with_suffix(".txt")
    write_file(page, as_page(told))
    write_file(text, as_text(told))
    return MorningReport(page, text, facts, counts_of(facts), _names(facts))


def _disk(workspace: Workspace, facts: NightFacts) -> tuple[Wrong, ...]:
    """That the disk is nearly full, where no run has said so."""
    left = room(workspace)
    if left.enough or any(one.code == "disk" for one in facts.wrongs):
        return ()
    return (Wrong("disk", "disk", f"{left}.", (DISK,)),)


def _name(facts: NightFacts) -> str:
    """The name of a night's files: its day, and the time of day where a schedule has several.

    A night has one report; what somebody starts between two nights has its own.
    """
    slot = facts.night.slot
    return facts.night.day.isoformat() if slot is None else file_name(slot)


def file_name(slot: Slot) -> str:
    """The name of the files of a slot's report, without ending."""
    named = slot.slot.rpartition(" ")[2]
    return named.replace(":", "") if _NAME.fullmatch(named) else slot.due_at.date().isoformat()


def _names(facts: NightFacts) -> str:
    """Who was in the news, for messages that may say so."""
    lines = [
        f"- {harmless(one.name)}: {counted(one.articles, 'article')}, "
        f"{counted(one.stories, 'story')}"
        + (f" (usually {one.usual.stories:.1f})" if one.usual else "")
        + (", more than usual" if one.more else "")
        for one in facts.actors[:MOST_NAMES]
    ]
    more = len(facts.actors) - MOST_NAMES
    lines += [f"- and {more} more"] if more > 0 else []
    return "\n".join(["In the news:", *lines]) + "\n" if lines else ""
