"""Which troubles the pages of an outlet show, while its ways are fine; pure.

One page that fails is no event. A trouble is there when most pages of the last runs end alike: then
something about the outlet has changed, or about how it treats us.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from storage.models import PENDING, STORED, Outcome
from storage.trouble_records import OutletSeen, PagesSeen, Trouble

MOST = 0.6
"""Share of a run's pages that must end alike."""
SOME = 5
"""Pages that must have ended so in these runs together: of fewer nothing follows."""
WALLED = (0.5, 3)
"""The same for pages behind a wall: no honest site turns away half of what it announces."""
OK = STORED | {Outcome.UNCHANGED}
_PASSING = frozenset({Outcome.HTTP_ERROR, Outcome.NETWORK_ERROR, Outcome.TIMEOUT})
"""Ends that may be over tomorrow: these must be seen in two runs, one after the other."""
_NOT_FETCHED = PENDING | {Outcome.KNOWN}


@dataclass(frozen=True, slots=True)
class _Family:
    """Ends that mean one trouble."""

    kind: str
    ends: frozenset[Outcome]
    runs: int = 1
    share: float = MOST
    pages: int = SOME


_UNREAD = frozenset({Outcome.NO_TEXT, Outcome.NOT_ARTICLE})
_FAMILIES = (
    _Family("blocked", frozenset({Outcome.BLOCKED}), share=WALLED[0], pages=WALLED[1]),
    _Family("robots", frozenset({Outcome.ROBOTS})),
    _Family("foreign_links", frozenset({Outcome.FOREIGN})),
    _Family("redesigned", _UNREAD),
    *(
        _Family("pages_failing", frozenset({end}), runs=2 if end in _PASSING else 1)
        for end in (
            Outcome.GONE,
            Outcome.HTTP_ERROR,
            Outcome.NETWORK_ERROR,
            Outcome.TIMEOUT,
            Outcome.TOO_LARGE,
            Outcome.UNREADABLE,
            Outcome.READER_FAILED,
            Outcome.UNSAFE_ADDRESS,
        )
    ),
)


def of_pages(outlet: OutletSeen) -> Trouble | None:
    """The trouble that an outlet's pages show, if any: of several the first in the list."""
    return next(_troubles(outlet), None)


def _troubles(outlet: OutletSeen) -> Iterator[Trouble]:
    runs = [one for one in outlet.pages if _fetched(one)]
    for family in _FAMILIES:
        bad = _trailing(runs, family)
        count = sum(_ended(one, family.ends) for one in bad)
        if len(bad) >= family.runs and count >= family.pages:
            yield _trouble(outlet, family, bad, was_read(runs[: len(runs) - len(bad)]))


def was_read(runs: Sequence[PagesSeen]) -> bool:
    """Whether most pages of these runs were read: else nothing was there to be redesigned."""
    read = sum(_ended(one, OK) for one in runs)
    return read >= SOME and read >= sum(map(_fetched, runs)) / 2


def _trailing(runs: Sequence[PagesSeen], family: _Family) -> list[PagesSeen]:
    """The last runs, one after the other, of which most pages ended so."""
    found: list[PagesSeen] = []
    for one in reversed(runs):
        if _ended(one, family.ends) < family.share * _fetched(one):
            break
        found.append(one)
    return found[::-1]


def _trouble(outlet: OutletSeen, family: _Family, bad: list[PagesSeen], read: bool) -> Trouble:
    kind = "pages_failing" if family.kind == "redesigned" and not read else family.kind
    ends = {one: sum(run.ends.get(one, 0) for run in bad) for one in family.ends}
    evidence: dict[str, object] = {
        "outcome": max(ends, key=lambda one: ends[one]).value,
        "pages": sum(ends.values()),
        "of": sum(map(_fetched, bad)),
    }
    if kind == "blocked":
        evidence["egress"] = bad[-1].egress
    subject = bad[-1].egress if kind == "blocked" else ""
    return Trouble(kind, outlet.id, subject, bad[0].at, evidence)


def _fetched(one: PagesSeen) -> int:
    return sum(n for end, n in one.ends.items() if end not in _NOT_FETCHED)


def _ended(one: PagesSeen, ends: Collection[Outcome]) -> int:
    return sum(n for end, n in one.ends.items() if end in ends)
