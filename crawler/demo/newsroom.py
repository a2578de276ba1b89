"""The demo newsroom: its clock, its nights, and what a correct crawl makes of each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from crawler.demo.articles import sites
from crawler.demo.editions import Routes, edition
from crawler.demo.records import Article, Feed, Site, link
from storage.finding import VisitOutcome
from storage.models import Outcome
from storage.reported import OutletReport, RunReport

NIGHTS = (datetime(2026, 3, 2, 2, 0, tzinfo=UTC), datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
"""The two instants at which the demo crawls: the second finds new, edited and unchanged items."""


class Newsroom:
    """Answers for all sites at the instant that stands in the clock file."""

    def __init__(self, clock_file: Path, port: int) -> None:
        self._clock_file, self._port = clock_file, port
        self._edition = lru_cache(maxsize=4)(self._make)

    def routes(self) -> Routes:
        """The table of answers now, by the newsroom's clock."""
        return self._edition(read_clock(self._clock_file))

    def _make(self, now: datetime) -> Routes:
        return edition(sites(), self._port, now)


def read_clock(clock_file: Path) -> datetime:
    """The newsroom's time: one ISO instant with its offset, such as 2026-03-02T02:00Z."""
    now = datetime.fromisoformat(clock_file.read_text(encoding="ascii").strip())
    if now.tzinfo is None:
        raise ValueError(f"{clock_file}: an instant needs its offset, such as a Z at the end")
    return now.astimezone(UTC)


def set_clock(clock_file: Path, now: datetime) -> None:
    """Put the newsroom's clock to an instant; a server sees the old one or the new one."""
    draft = clock_file.with_name(clock_file.name + ".new")
    draft.write_text(now.isoformat() + "\n", encoding="ascii")
    draft.replace(clock_file)


@dataclass(frozen=True, slots=True)
class OutletExpectation:
    """How visits and candidates of one outlet end in one night; a copy counts as stored_new."""

    outlet_id: str
    visits: Mapping[str, int]  # by VisitOutcome
    outcomes: Mapping[str, int]  # by Outcome


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one night's run must say, and the paths of the articles that are stored after it."""

    clock: datetime
    outlets: tuple[OutletExpectation, ...]
    articles: frozenset[tuple[str, str]]  # (host without port, percent-encoded path)

    def total(self, outcome: Outcome) -> int:
        """How many candidates of all outlets end so."""
        return sum(each.outcomes.get(outcome, 0) for each in self.outlets)


def plan(nights: Sequence[datetime] = NIGHTS) -> tuple[Expectation, ...]:
    """What a correct crawl at each instant must bring, when each follows the one before."""
    befores = (None, *nights[:-1])
    return tuple(_night(now, before) for now, before in zip(nights, befores, strict=True))


def differences(expected: Expectation, report: RunReport) -> list[str]:
    """Where a run's report departs from the plan, in words; empty when all is as planted."""
    told = {outlet.outlet_id: outlet for outlet in report.outlets}
    found = [] if report.balanced else [f"the books do not balance: {report.imbalance}"]
    found += [f"{name}: not planted" for name in sorted(told.keys() - _ids(expected))]
    for outlet in expected.outlets:
        if outlet.outlet_id in told:
            found += _compare(outlet, told[outlet.outlet_id])
        else:
            found.append(f"{outlet.outlet_id}: not in the report")
    return found


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


def _night(now: datetime, before: datetime | None) -> Expectation:
    """One night's expectation, when the last crawl was `before`."""
    return Expectation(
        clock=now,
        outlets=tuple(_outlet(site, now, before) for site in sites()),
        articles=frozenset(
            (site.host, link(article.path)) for site in sites() for article in _stored(site, now)
        ),
    )


def _outlet(site: Site, now: datetime, before: datetime | None) -> OutletExpectation:
    """One outlet's expectation: every feed visited once, every new item ended once."""
    visits: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for feed in site.feeds:
        visits[_visit(site, feed, now, before)] += 1
        outcomes.update(_ends(site, feed, now, before))
    return OutletExpectation(site.id, dict(visits), dict(outcomes))


def _visit(site: Site, feed: Feed, now: datetime, before: datetime | None) -> VisitOutcome:
    """How the visit to a feed ends."""
    if feed.expect is not None:
        return feed.expect
    same = before is not None and _shown(site, feed, now) == _shown(site, feed, before)
    return VisitOutcome.NOT_MODIFIED if same else VisitOutcome.READ


def _shown(site: Site, feed: Feed, now: datetime) -> list[tuple[str, datetime]]:
    """What a change of a feed shows in: its items and when each was last changed."""
    return [(article.path, article.modified(now)) for article in site.offers(feed, now)]


def _ends(site: Site, feed: Feed, now: datetime, before: datetime | None) -> Iterator[Outcome]:
    """How the items of a feed end: new ones, edited ones, known ones."""
    if _visit(site, feed, now, before) is not VisitOutcome.READ:
        return
    held = {} if before is None else dict(_shown(site, feed, before))
    for article in site.offers(feed, now):
        if article.path not in held:
            yield article.expect or Outcome.STORED_NEW
        elif held[article.path] != article.modified(now):
            yield Outcome.STORED_CHANGED
        else:
            yield Outcome.KNOWN


def _stored(site: Site, now: datetime) -> Iterator[Article]:
    """The articles that can be held by then: offered by a readable feed, and readable."""
    for feed in site.feeds:
        if feed.expect is None:
            yield from (each for each in site.offers(feed, now) if each.expect is None)
