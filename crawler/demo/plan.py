"""What a correct crawl of the demo newsroom finds on each night, and where a run departs from it.

Every number follows from the sites' data files and the clock. A trouble that is planted must be
named once, and nothing else may be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crawler.demo.articles import sites
from crawler.demo.newsroom import NIGHTS
from crawler.demo.records import Site, link
from crawler.demo.visits import Look, looks
from storage.finding import VisitOutcome
from storage.models import Outcome
from storage.reported import OutletReport, RunReport


class Named(NamedTuple):
    """A trouble as it is told: of which outlet, and of what kind."""

    outlet_id: str
    kind: str


class WayEnd(NamedTuple):
    """How the last visits to ways of one kind of an outlet ended."""

    outlet_id: str
    kind: str  # by FoundBy
    outcome: str  # by VisitOutcome


class Hole(NamedTuple):
    """A span that a way did not show: of which outlet, and whether another way showed it."""

    outlet_id: str
    repaired: bool


@dataclass(frozen=True, slots=True)
class OutletExpectation:
    """How visits and candidates of one outlet end in one night; a copy counts as stored_new."""

    outlet_id: str
    visits: Mapping[str, int]  # by VisitOutcome
    outcomes: Mapping[str, int]  # by Outcome


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one night's run must say, and what is known after it."""

    clock: datetime
    outlets: tuple[OutletExpectation, ...]
    articles: frozenset[tuple[str, str]]  # stored: (host without port, percent-encoded path)
    ways: frozenset[WayEnd]
    troubles: frozenset[Named]
    holes: frozenset[Hole]
    watched: frozenset[str]  # outlets of which nothing was missed since the night before

    def total(self, outcome: Outcome) -> int:
        """How many candidates of all outlets end so."""
        return sum(each.outcomes.get(outcome, 0) for each in self.outlets)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told after a run: its report, and of all nights so far how ways ended, the
    troubles that were named, the gaps, and which outlets were watched since the night before."""

    report: RunReport
    ways: Collection[WayEnd] = ()
    troubles: Sequence[Named] = ()
    holes: Sequence[Hole] = ()
    watched: Collection[str] = ()


def plan(nights: Sequence[datetime] = NIGHTS) -> tuple[Expectation, ...]:
    """What a correct crawl at each instant must bring, when each follows the one before."""
    return tuple(_night(nights[: number + 1]) for number in range(len(nights)))


def differences(expected: Expectation, told: Told) -> list[str]:
    """Where a run departs from the plan, in words; empty when all is as planted."""
    report = told.report
    outlets = {outlet.outlet_id: outlet for outlet in report.outlets}
    found = [] if report.balanced else [f"the books do not balance: {report.imbalance}"]
    found += [f"{name}: not planted" for name in sorted(outlets.keys() - _ids(expected))]
    for outlet in expected.outlets:
        if outlet.outlet_id in outlets:
            found += _compare(outlet, outlets[outlet.outlet_id])
        else:
            found.append(f"{outlet.outlet_id}: not in the report")
    found += _unequal("way", expected.ways, told.ways)
    found += _unequal("trouble", expected.troubles, told.troubles)
    found += _unequal("gap", expected.holes, told.holes)
    return found + _unequal("watched", expected.watched, told.watched)


def _ids(expected: Expectation) -> set[str]:
    return {outlet.outlet_id for outlet in expected.outlets}


def _compare(expected: OutletExpectation, told: OutletReport) -> list[str]:
    """The differences of one outlet's visits and outcomes."""
    outcomes = Counter(told.outcomes)
    outcomes[Outcome.STORED_NEW] += outcomes.pop(Outcome.COPY, 0)
    found = _counts("visits", expected.visits, told.visit_outcomes)
    found += _counts("items", expected.outcomes, outcomes)
    return [f"{expected.outlet_id}: {each}" for each in found]


def _counts(noun: str, planned: Mapping[str, int], got: Mapping[str, int]) -> list[str]:
    """Where two tallies differ; a missing key is a zero."""
    return [
        f"{got.get(key, 0)} {noun} {key}, planted {planned.get(key, 0)}"
        for key in sorted({str(each) for each in (*planned, *got)})
        if got.get(key, 0) != planned.get(key, 0)
    ]


def _unequal(noun: str, planned: Iterable[object], told: Iterable[object]) -> list[str]:
    """What was planted and not told, and what was told and not planted, or too often."""
    wanted, got = Counter[object](planned), Counter[object](told)
    missing = [f"{_words(each)}: {noun}, planted and not told" for each in wanted - got]
    return sorted(missing + [f"{_words(each)}: {noun}, not planted" for each in got - wanted])


def _words(each: object) -> str:
    if isinstance(each, Hole):
        return f"{each.outlet_id} {'' if each.repaired else 'not '}repaired"
    return " ".join(map(str, each)) if isinstance(each, tuple) else str(each)


def _night(nights: Sequence[datetime]) -> Expectation:
    """The expectation of the last of these nights."""
    seen = {site: [*looks(site, nights)] for site in sites()}
    return Expectation(
        clock=nights[-1],
        outlets=tuple(_outlet(site, found[-1]) for site, found in seen.items()),
        articles=frozenset(
            (site.host, link(path))
            for site, found in seen.items()
            for look in found
            for path in look.stored
        ),
        ways=frozenset(
            WayEnd(site.id, *end) for site, found in seen.items() for end in found[-1].ways.values()
        ),
        troubles=frozenset(_troubles(len(nights))),
        holes=frozenset(
            Hole(site.id, repaired=look.gap == "repaired")
            for site, found in seen.items()
            for look in found
            if look.gap
        ),
        watched=frozenset(
            site.id
            for site, found in seen.items()
            if len(found) > 1 and _watched(found[-1]) and not _frozen(site, len(nights))
        ),
    )


def _watched(look: Look) -> bool:
    """Whether every way of an outlet showed, in the end, all that came since the night before."""
    ends = {outcome for _, outcome in look.ways.values()}
    return ends <= {VisitOutcome.READ, VisitOutcome.NOT_MODIFIED} and look.gap != "open"


def _frozen(site: Site, night: int) -> bool:
    """Whether it answers by then and shows nothing new: that shows nothing of what came."""
    return any(one.kind == "frozen" and one.night <= night for one in site.troubles)


def _outlet(site: Site, look: Look) -> OutletExpectation:
    return OutletExpectation(site.id, dict(look.visits), dict(look.outcomes))


def _troubles(night: int) -> Iterator[Named]:
    for site in sites():
        for trouble in site.troubles:
            if trouble.night <= night:
                yield Named(site.id, trouble.kind)
