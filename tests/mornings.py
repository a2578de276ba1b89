"""A made-up press and its nights, one slot each: what the morning report is told of.

Every outlet publishes three items a day; what they say is filler, but for the pieces that a test
lays out for a night. Visits, articles, mentions, slots and troubles are stored as a crawl does it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from watched import Archive, feed, item, record

from crawler.reading.findings import mentions_in
from crawler.reading.fingerprints import fingerprint
from crawler.reading.mentions import Matcher
from crawler.telling.morning import MorningReport, make_report
from crawler.workspace import Workspace, WorkspaceSettings
from storage import coverage, troubles
from storage.finding import VisitOutcome
from storage.models import Actor, Alias, Candidate, FetchRecord, Precision, Reading, keep_rule
from storage.processes import current_process
from storage.runs import RunStore
from storage.slots import SlotStore
from storage.stories import settle

DAY = timedelta(days=1)
EVERY_HOURS = 8
FIRST = date(2026, 10, 24)


def watched(*names: str, suppress: Collection[str] = ()) -> tuple[Actor, ...]:
    """An actor for each name, which is its only form; its id is its place: actor0, actor1 …"""
    return tuple(
        Actor(f"actor{number}", "cso", name=name, aliases=(Alias(name),), suppress=name in suppress)
        for number, name in enumerate(names)
    )


@dataclass(frozen=True)
class Piece:
    """An article that an outlet publishes."""

    headline: str
    text: str = ""
    language: str = "en"
    precision: Precision = Precision.MINUTE


@dataclass
class Press(Archive):
    """Outlets, and the nights in which they are read."""

    actors: Sequence[Actor] = ()
    pieces: dict[str, list[Piece]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.slots = SlotStore(self.db, clock=lambda: self.now)
        self.matcher = Matcher(self.actors)

    def quiet_nights(self, first: date, number: int, **changes: Any) -> None:
        """So many nights of filler."""
        for count in range(number):
            self.slot(first + count * DAY, **changes)

    def slot(  # what a night can be like
        self,
        day: date,
        pieces: Mapping[str, Sequence[Piece]] | None = None,
        *,
        blind: Collection[str] = (),
        left_out: Collection[str] = (),
        nothing: bool = False,
        missed: int = 0,
        tasks: Mapping[str, tuple[str, str]] | None = None,
        schedule: str | None = "nightly",
    ) -> int | None:
        """One night; gives its slot. `blind` outlets turn us away, `tasks` are how others ended."""
        self.now = datetime.combine(day, time(2), tzinfo=UTC)
        self.pieces = {name: list(those) for name, those in (pieces or {}).items()}
        taken = schedule and self.slots.take(schedule, day.isoformat(), self.now, missed=missed)
        run_id = self._run(taken.id if taken else None, blind, left_out, nothing=nothing)
        self.runs.close(run_id, "done")
        settle(self.db)
        if not taken:
            return None
        for task, (status, said) in {"crawl": ("done", ""), **(tasks or {})}.items():
            self.slots.begin_task(taken.id, task, current_process())
            self.slots.end_task(taken.id, task, status, 0, said)
        self.now += timedelta(minutes=5)
        self.slots.end(taken.id, "done")
        return taken.id

    def _run(
        self,
        slot_id: int | None,
        blind: Collection[str],
        left_out: Collection[str],
        *,
        nothing: bool,
    ) -> int:
        runs = RunStore(self.db, clock=lambda: self.now)
        names = [name for name in self.outlets if name not in left_out]
        outlets = [record(name) for name in names]
        run_id = runs.open("crawl", outlets=outlets, actors=self.actors, slot_id=slot_id)
        for name in names:
            self.now += timedelta(seconds=7)
            if name in blind:
                self.visit(run_id, name, [], outcome=VisitOutcome.BLOCKED, status=403,
                           reason="status 403")  # fmt: skip
            elif nothing:
                self.visit(run_id, name, [], outcome=VisitOutcome.NOT_MODIFIED, status=304,
                           shows_since=None)  # fmt: skip
            else:
                self.read(run_id, name)
        self.now += timedelta(minutes=3)
        troubles.judge(self.db, run_id, self.now)
        coverage.refresh(self.db, run_id)
        return run_id

    def read(self, run_id: int, name: str) -> None:
        for candidate in self.visit(run_id, name, self.items(name, self.now)).fresh:
            published = candidate.hints.published_at
            assert published is not None
            self.store(run_id, candidate, published)

    def items(self, name: str, until: datetime) -> list[Candidate]:
        last = int(until.timestamp()) // (EVERY_HOURS * 3600)
        moments = (last - back for back in range(max(12, len(self.pieces.get(name, ())))))
        return [item(name, datetime.fromtimestamp(n * EVERY_HOURS * 3600, UTC)) for n in moments]

    def store(self, run_id: int, candidate: Candidate, published: datetime) -> None:
        """Store an item: the next piece that was laid out for its outlet, or filler."""
        left = self.pieces.get(candidate.outlet_id)
        piece = left.pop(0) if left else _filler(candidate, published)
        mentions = mentions_in(self.matcher, piece.headline, piece.text)
        reading = Reading(
            url=candidate.url,
            final_url=candidate.url,
            outcome=None,
            headline=piece.headline,
            text=piece.text,
            language=piece.language,
            published_at=published,
            published_precision=piece.precision,
            mentions=mentions,
            fingerprint=fingerprint(piece.text),
            keep_rule=keep_rule(mentions),
            reader_version="1",
        )
        self.articles.save(
            run_id, candidate, reading, FetchRecord(candidate.url, self.now, status=200)
        )

    def report(self, slot_id: int | None, **changes: Any) -> MorningReport:
        """The report of a night, as it is made when the night is over."""
        settings = WorkspaceSettings(contact="desk@example.org")
        self.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return make_report(Workspace(self.path.parent, settings), slot_id, now=self.now, **changes)


def _filler(candidate: Candidate, published: datetime) -> Piece:
    words = f"{candidate.url_key} of {published:%d %B %H:%M}"
    return Piece(f"News {words}", f"Nothing of note was said of {words} in the morning.")


__all__ = ["DAY", "FIRST", "Piece", "Press", "feed", "watched"]
