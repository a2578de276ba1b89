"""A made-up month of nights: feeds that are visited each night, and what went wrong on some.

Every outlet publishes an item each three hours; a visit shows the newest ones of its feed. What is
covered, and where a gap is, storage works out from these visits as it does in a crawl.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from storage import coverage
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.finding import Visit, VisitOutcome
from storage.models import (
    Candidate,
    FetchRecord,
    FoundBy,
    Hints,
    Outcome,
    OutletRecord,
    Precision,
    Reading,
)
from storage.runs import RunStore

EVERY = timedelta(hours=3)
ZONES = {"ma": "Africa/Casablanca", "iq": "Asia/Baghdad", "bh": "Asia/Bahrain"}


@dataclass
class Night:
    """What one night visits: every outlet, but for those left out or turned away."""

    day: date  # the night before it, at two in the morning UTC
    left_out: Collection[str] = ()
    turned_away: Collection[str] = ()


@dataclass
class Archive:
    """A database that a crawl might have left, filled night by night."""

    path: Path
    outlets: Sequence[str]
    shows: int = 16  # items of a feed: two days of them
    shown_by: dict[str, int] = field(default_factory=dict)  # other sizes, by outlet
    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.db: Database = open_database(self.path)
        self.runs = RunStore(self.db, clock=lambda: self.now)
        self.candidates = CandidateStore(self.db, clock=lambda: self.now)
        self.articles = ArticleStore(self.db, clock=lambda: self.now)

    def nights(self, first: date, last: date, **changes: Any) -> None:
        """A visit in each night from the first to the last."""
        for number in range((last - first).days + 1):
            self.night(Night(first + timedelta(days=number), **changes))

    def night(self, night: Night) -> None:
        """One run: visits, then every item that is new is stored."""
        self.now = datetime.combine(night.day, time(2), tzinfo=UTC)
        visited = [name for name in self.outlets if name not in night.left_out]
        run_id = self.runs.open("crawl", outlets=[record(name) for name in visited])
        for name in visited:
            self.now += timedelta(seconds=40)
            if name in night.turned_away:
                self.visit(run_id, name, [], outcome=VisitOutcome.BLOCKED, status=403)
            else:
                self.read(run_id, name)
        coverage.refresh(self.db, run_id)
        self.runs.close(run_id, "done")

    def read(self, run_id: int, name: str) -> None:
        """A good visit, and all of its new items stored; every twentieth one is gone."""
        found = self.visit(run_id, name, self.items(name, self.now))
        for candidate in found.fresh:
            published = candidate.hints.published_at
            assert published is not None
            if int(published.timestamp()) // 10_800 % 20 == 0:
                self.candidates.finish(run_id, candidate, Outcome.GONE, "404")
            else:
                self.store(run_id, candidate, published)

    def items(self, name: str, until: datetime) -> list[Candidate]:
        """The newest items of an outlet's feed, newest first."""
        last = int(until.timestamp()) // 10_800
        number = self.shown_by.get(name, self.shows)
        return [
            item(name, datetime.fromtimestamp(n * 10_800, UTC))
            for n in range(last, last - number, -1)
        ]

    def visit(self, run_id: int, name: str, items: Sequence[Candidate], **changes: Any) -> Any:
        """One visit to the outlet's feed, saved as a crawl saves it."""
        dates = [each.hints.published_at for each in items if each.hints.published_at]
        values: dict[str, Any] = {
            "outlet_id": name,
            "found_by": FoundBy.FEED,
            "url": feed(name),
            "at": self.now,
            "outcome": VisitOutcome.READ,
            "status": 200,
            "shows_since": min(dates, default=None),
        }
        return self.candidates.record_visit(run_id, Visit(**values | changes), items)

    def store(self, run_id: int, candidate: Candidate, published: datetime) -> None:
        """Store an item as an article about nothing in particular."""
        reading = Reading(
            url=candidate.url,
            final_url=candidate.url,
            outcome=None,
            headline=f"Report of {published:%d %B, %H:%M}",
            text="The council met about the school, the bridge and the water of the village.",
            language="en",
            published_at=published,
            published_precision=Precision.MINUTE,
            reader_version="1",
        )
        fetch = FetchRecord(candidate.url, self.now, status=200)
        self.articles.save(run_id, candidate, reading, fetch)


def record(name: str) -> OutletRecord:
    country, _, slug = name.partition("_")
    return OutletRecord(
        name, slug.title(), country, (country,), "portal", "unknown", ("en",), ZONES[country],
        (f"{slug}.test",),
    )  # fmt: skip


def feed(name: str) -> str:
    return f"https://{name.partition('_')[2]}.test/rss"


def item(name: str, published: datetime) -> Candidate:
    address = f"{name.partition('_')[2]}.test/{published:%Y%m%d%H}"
    return Candidate(
        f"https://{address}", address, name, FoundBy.FEED, feed(name),
        Hints(headline="Report", published_at=published), f"hash of {published:%Y%m%d%H}",
    )  # fmt: skip
