"""A desk to test storage at: a real database file, a clock that stands still, verbs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import Database, open_database
from storage.finding import Visit, VisitOutcome, VisitResult
from storage.models import (
    Actor,
    Candidate,
    FetchRecord,
    Fingerprint,
    FoundBy,
    Mention,
    OutletRecord,
    Precision,
    Reading,
    Saved,
)
from storage.runs import RunStore

OUTLETS = (
    OutletRecord(
        "ma_sahifa", "صحيفة المثال", "ma", ("ma",), "portal", "independent", ("ar", "fr"),
        "Africa/Casablanca", ("sahifa.test",),
    ),
    OutletRecord(
        "iq_rojname", "Rojnameya Nimûne", "iq", ("iq",), "daily", "party", ("ckb", "kmr"),
        "Asia/Baghdad", ("rojname.test",),
    ),
    OutletRecord(
        "bh_marsa", "مرسى المثال", "gb", ("bh",), "portal", "exile", ("ar",),
        "Asia/Bahrain", ("marsa.test",),
    ),
)  # fmt: skip
ACTORS = (
    Actor("ma_jamiya", "cso", name="جمعية الأمل المثالية"),
    Actor("iq_person", "person", name="Nimûne Azad"),
    Actor("term_activist", "term", name="ناشط"),
    Actor("bh_hidden", "person", name="مخفي", suppress=True),
)
FEED = "https://sahifa.test/rss"
LATE = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)


class Desk:
    """Stores on one database, and short ways to fill it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
        self.db: Database = open_database(path)
        self.runs = RunStore(self.db, clock=self.clock)
        self.candidates = CandidateStore(self.db, clock=self.clock)
        self.articles = ArticleStore(self.db, clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def run(self, kind: str = "crawl", **changes: Any) -> int:
        return self.runs.open(kind, **{"outlets": OUTLETS, "actors": ACTORS} | changes)

    def candidate(self, slug: str, outlet: str = "ma_sahifa", **changes: Any) -> Candidate:
        host = f"{outlet.partition('_')[2]}.test"
        values: dict[str, Any] = {
            "url": f"https://{host}/{slug}",
            "url_key": f"{host}/{slug}",
            "outlet_id": outlet,
            "found_by": FoundBy.FEED,
            "found_in": FEED,
            "entry_hash": f"hash of {slug}",
        }
        return Candidate(**values | changes)

    def visit(self, run_id: int, candidates: Sequence[Candidate], **changes: Any) -> VisitResult:
        values: dict[str, Any] = {
            "outlet_id": candidates[0].outlet_id if candidates else "ma_sahifa",
            "found_by": FoundBy.FEED,
            "url": FEED,
            "at": self.now,
            "outcome": VisitOutcome.READ,
        }
        fetch = changes.pop("fetch", None)
        visit = Visit(**values | changes)
        return self.candidates.record_visit(run_id, visit, candidates, fetch)

    def find(self, run_id: int, *slugs: str, outlet: str = "ma_sahifa") -> tuple[Candidate, ...]:
        return self.visit(run_id, [self.candidate(slug, outlet) for slug in slugs]).fresh

    def reading(self, candidate: Candidate, text: str = "نص الخبر", **changes: Any) -> Reading:
        values: dict[str, Any] = {
            "url": candidate.url,
            "final_url": candidate.url,
            "outcome": None,
            "headline": "عنوان الخبر",
            "text": text,
            "language": "ar",
            "reader_version": "reader-1",
        }
        return Reading(**values | changes)

    def fetch(self, candidate: Candidate, **changes: Any) -> FetchRecord:
        values: dict[str, Any] = {"url": candidate.url, "fetched_at": self.now, "status": 200}
        return FetchRecord(**values | changes)

    def save(
        self, run_id: int, candidate: Candidate, text: str = "نص الخبر", **changes: Any
    ) -> Saved:
        aliases = changes.pop("aliases", ())
        fetch = changes.pop("fetch", None) or self.fetch(candidate)
        reading = self.reading(candidate, text, **changes)
        return self.articles.save(run_id, candidate, reading, fetch, aliases)

    def store(self, slug: str, text: str = "نص الخبر", **changes: Any) -> Saved:
        """Find and save one article in a run of its own."""
        outlet = changes.pop("outlet", "ma_sahifa")
        run_id = self.run()
        (candidate,) = self.find(run_id, slug, outlet=outlet)
        saved = self.save(run_id, candidate, text, **changes)
        self.runs.close(run_id, "done")
        return saved

    def shelve(self) -> None:
        """Two articles: one names actors, also a hidden one; one has a formula for a headline."""
        mentions = (
            Mention("iq_person", 0, 2, "نص", "نص", "auto"),
            Mention("iq_person", 0, 5, "عنوان", "عنوان", "auto", field="headline"),
            Mention("term_activist", 3, 5, "ال", "ال", "auto"),
            Mention("bh_hidden", 3, 5, "ال", "ال", "auto"),
            Mention("ma_jamiya", 3, 5, "ال", "ال", "auto", ambiguous=True),
        )
        self.store("1", "نص الخبر", outlet="iq_rojname", mentions=mentions, published_at=LATE,
                   published_precision=Precision.MINUTE)  # fmt: skip
        self.store("2", "نص آخر", headline="=HYPERLINK(1)")

    def again(self, slug: str, outlet: str = "ma_sahifa") -> tuple[int, Candidate]:
        """A new run in which a person asks for a known page."""
        run_id = self.run("fetch")
        wanted = self.candidate(slug, outlet, found_by=FoundBy.MANUAL, found_in=None)
        (candidate,) = self.candidates.add(run_id, [wanted])
        return run_id, candidate


def print_of(exact: str, words: int = 40) -> Fingerprint:
    """A fingerprint that is equal for equal names."""
    return Fingerprint(
        version=1, values=(7, 2**48 - 1), exact=sha256(exact.encode()).hexdigest(), words=words
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "marsad.db")
    yield desk
    desk.db.close()


@pytest.fixture
def fingerprint_of() -> Any:
    return print_of


@pytest.fixture(scope="session")
def desk_type() -> type[Desk]:
    """For properties, which need a fresh database for every example."""
    return Desk
