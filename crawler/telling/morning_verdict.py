"""A night in one sentence, and what of it may leave the machine: numbers and outlets' states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.phrases import counted
from storage.night_records import NightFacts
from storage.reported import TroubleReport

MOST_UNREAD = 0.25
"""Share of outlets unread above which a night was bad."""


_BAD = frozenset({"no_run", "slot", "run", "books", "disk"})
"""Kinds of what went wrong with our own work that make a night bad; the others can wait."""


@dataclass(frozen=True, slots=True)
class OutletState:
    """What is the matter with an outlet: the kind of trouble, and where it stands."""

    outlet_id: str  # "": our own machine
    kind: str
    state: str  # began, goes_on, ended
    since: str  # the day
    needs_a_person: bool


@dataclass(frozen=True, slots=True)
class MorningCounts:
    """What of a night may leave the machine: no actor, no headline, no address."""

    day: str
    schedule: str
    verdict: str
    good: bool  # whether enough was read, whoever needs a person
    needs_a_person: bool  # something new does
    new: int
    changed: int
    copies: int
    stories: int
    outlets: int  # that were asked
    outlets_read: int
    outlets_blind: int
    failed: int
    waiting: int
    edited: int
    gone: int
    actors_named: int
    actors_more: int  # how many were in the news more than usual
    wrong: tuple[str, ...]  # kinds of what went wrong with our own work
    states: tuple[OutletState, ...]

    @property
    def subject(self) -> str:
        """One line for the subject of a message."""
        return f"Marsad {self.day}: {self.verdict}"

    @property
    def digest(self) -> str:
        """A message of a few lines."""
        return "\n".join((self.verdict, "", *_lines(self))) + "\n"


def counts_of(facts: NightFacts) -> MorningCounts:
    """What of a night's facts may leave the machine."""
    brought, night = facts.collected, facts.night
    asked, read = _asked_and_read(facts)
    return MorningCounts(
        day=night.day.isoformat(),
        schedule=night.slot.schedule if night.slot else "",
        verdict=verdict(facts),
        good=not is_bad(facts),
        needs_a_person=bool(_needing(facts, "began") or _ours(facts)),
        new=brought.new,
        changed=brought.changed,
        copies=brought.copies,
        stories=brought.stories,
        outlets=asked,
        outlets_read=read,
        outlets_blind=sum(one.visits > 0 and not one.read for one in brought.outlets),
        failed=brought.failed,
        waiting=brought.waiting,
        edited=facts.again.edited,
        gone=facts.again.edits.get("gone", 0),
        actors_named=len(facts.actors),
        actors_more=sum(one.more for one in facts.actors),
        wrong=tuple(one.code for one in facts.wrongs),
        states=tuple(map(_state, facts.troubles)),
    )


def verdict(facts: NightFacts) -> str:
    """How a night was, in one sentence."""
    brought = facts.collected
    outlets = sum(one.new > 0 for one in brought.outlets)
    found = f"{counted(brought.new, 'new article')} of {counted(outlets, 'outlet')}"
    if not brought.new:
        asked, read = _asked_and_read(facts)
        visited = any(one.visits for one in brought.outlets)
        answered = f"{read} of {counted(asked, 'outlet')} could be read"
        found = f"no new article; {answered if visited else 'no outlet was asked'}"
    return f"{_judged(facts)}: {found}; {_needs(facts)}"


def is_bad(facts: NightFacts) -> bool:
    """Whether reading the outlets failed, or too many of them could not be read."""
    asked, read = _asked_and_read(facts)
    failed = any(one.code in _BAD or one.subject == "crawl" for one in facts.wrongs)
    return failed or not read or asked - read > MOST_UNREAD * asked


def needing(troubles: Sequence[TroubleReport]) -> int:
    """How many outlets (or our own machine) need a person."""
    return len({one.outlet_id for one in troubles if one.needs_a_person})


def _judged(facts: NightFacts) -> str:
    _, read = _asked_and_read(facts)
    if not read:
        return "Nobody was looking"
    if is_bad(facts):
        return "A bad night"
    return "A good night" if facts.collected.new else "A quiet night"


def _asked_and_read(facts: NightFacts) -> tuple[int, int]:
    """How many outlets were visited or should have been, and of how many we know what they had."""
    outlets = facts.collected.outlets
    return sum(one.expected or one.visits > 0 for one in outlets), sum(o.read for o in outlets)


def _needs(facts: NightFacts) -> str:
    new, old = _needing(facts, "began"), _needing(facts, "goes_on")
    who = ["this machine"] if _ours(facts) else []
    who += [counted(new, "outlet")] if new else []
    if not who:
        return f"nothing new needs you{_still(old)}" if old else "nothing needs you"
    verb = "needs" if len(who) == 1 and (new == 1 or not new) else "need"
    return f"{' and '.join(who)} {verb} you{_still(old)}"


def _still(number: int) -> str:
    """How many needed somebody before, and still do."""
    return f" ({number:,} still {'does' if number == 1 else 'do'})" if number else ""


def _needing(facts: NightFacts, state: str) -> int:
    return needing([one for one in facts.troubles if one.state == state and one.outlet_id])


def _ours(facts: NightFacts) -> bool:
    """Whether our own machine needs a person."""
    mine = [one for one in facts.troubles if not one.outlet_id and one.state != "ended"]
    return any(one.needs_a_person for one in facts.wrongs) or needing(mine) > 0


def _state(one: TroubleReport) -> OutletState:
    day = one.since.date().isoformat()
    return OutletState(one.outlet_id, one.kind, one.state, day, one.needs_a_person)


_OURS = {
    "no_run": "nothing was crawled",
    "nights_missed": "nights were missed",
    "slot": "the schedule's work failed",
    "task": "a part of the work failed",
    "run": "a run failed or was cut short",
    "books": "the books do not balance",
    "stories": "stories could not be worked out",
    "upkeep": "care of the data failed",
    "disk": "the disk is nearly full",
}
_TITLES = {"began": "Began", "ended": "Ended", "goes_on": "Still so"}


def _lines(told: MorningCounts) -> list[str]:
    """The numbers, then what is wrong with whom."""
    lines = [
        f"{counted(told.new, 'new article')} ({counted(told.copies, 'copy')}), "
        f"{counted(told.stories, 'story')}; {told.changed:,} changed; {told.gone:,} gone.",
        f"{told.outlets_read:,} of {counted(told.outlets, 'outlet')} read; "
        f"{counted(told.failed, 'page')} failed, {told.waiting:,} wait.",
        f"{counted(told.actors_named, 'actor')} named, {told.actors_more:,} more than usual.",
    ]
    lines += [f"This machine: {_OURS.get(code, code)}." for code in dict.fromkeys(told.wrong)]
    for state, title in _TITLES.items():
        names = [
            f"{one.outlet_id or 'this machine'} ({one.kind.replace('_', ' ')}, since {one.since})"
            for one in told.states
            if one.state == state
        ]
        lines += [f"{title}: {', '.join(names)}."] if names else []
    return [*lines, "The whole report is kept on the machine: `marsad report`."]
