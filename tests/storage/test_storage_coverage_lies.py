"""Times that must never be called covered: what caches, lying validators and pinned items hide."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage import coverage
from storage.asked_period import asked
from storage.coverage_days import days
from storage.finding import Follow, Visit, VisitOutcome, VisitResult
from storage.models import FoundBy, Hints, Outcome
from storage.search import SearchFilters
from storage.times import encode_time

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FEED = "https://sahifa.test/rss"
LISTING = "https://sahifa.test/news"


class Nights:
    """A feed that publishes an item each hour: `n` is published n hours after the beginning."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.run, self.began = desk, desk.run(), desk.now

    def at(self, hour: float) -> datetime:
        return self.began + timedelta(hours=hour)

    def told(self, hour: float) -> str:
        return encode_time(self.at(hour))

    def visit(self, hour: float, *numbers: int, dated: bool = True, **changes: Any) -> VisitResult:
        """What the feed shows at an hour, in its order."""
        self.desk.now = self.at(hour)
        edited = changes.pop("edited", ())
        items = [
            self.desk.candidate(
                str(n),
                hints=Hints(published_at=self.at(n) if dated else None),
                entry_hash=f"hash of {n}" + "!" * (n in edited),
            )
            for n in numbers
        ]
        told: dict[str, Any] = {"outcome": VisitOutcome.READ}
        if dated and numbers:
            told["shows_since"] = self.at(min(numbers))
            told["newest_at"] = self.at(max(numbers))
        values = {"outlet_id": "ma_sahifa", "found_by": FoundBy.FEED, "url": FEED}
        visit = Visit(**{**values, "at": self.desk.now, **told, **changes})
        return self.desk.candidates.record_visit(self.run, visit, items)

    def covered_to(self) -> str | None:
        found: str | None = self.desk.db.value("SELECT covered_to FROM ways WHERE url = ?", (FEED,))
        return found

    def gaps(self) -> list[tuple[str, str]]:
        return [tuple(row) for row in self.desk.db.all("SELECT from_at, to_at FROM gaps")]


@pytest.fixture
def feed(desk: Desk) -> Nights:
    return Nights(desk)


def down(newest: int, oldest: int) -> range:
    return range(newest, oldest - 1, -1)


@pytest.mark.parametrize("dated", [True, False])
def test_validators_that_lied_all_day_do_not_vouch_for_what_was_pushed_out(
    feed: Nights, dated: bool
) -> None:
    """304 for ever, until the look without validators; by then the feed has moved on twice."""
    feed.visit(0, *down(0, -9), dated=dated)
    for hour in range(1, 20):
        feed.visit(hour, outcome=VisitOutcome.NOT_MODIFIED)

    result = feed.visit(20, *down(20, 11), dated=dated)

    assert result.gap_id is not None
    assert feed.gaps() == [(feed.told(0), feed.told(11 if dated else 20))]


def test_honest_answers_that_nothing_is_new_cost_nothing(feed: Nights) -> None:
    feed.visit(0, *down(0, -9))
    for hour in range(24, 24 * 40, 24):
        feed.visit(hour, outcome=VisitOutcome.NOT_MODIFIED)
    feed.visit(24 * 40, 959, *down(0, -8))

    assert feed.gaps() == []
    assert feed.covered_to() == feed.told(24 * 40)


def test_an_empty_feed_that_stays_the_same_covers_nothing(feed: Nights) -> None:
    feed.visit(0, *down(0, -9))
    feed.visit(24, outcome=VisitOutcome.EMPTY)
    feed.visit(48, outcome=VisitOutcome.NOT_MODIFIED)
    feed.visit(72, outcome=VisitOutcome.NOT_MODIFIED)

    assert feed.covered_to() == feed.told(0)


def test_an_old_copy_out_of_a_cache_covers_nothing(feed: Nights) -> None:
    feed.visit(0, *down(0, -9))
    feed.visit(8, *down(8, -1))
    feed.visit(24, *down(0, -9))
    assert feed.covered_to() == feed.told(8)
    feed.visit(25, outcome=VisitOutcome.NOT_MODIFIED)
    assert feed.covered_to() == feed.told(8), "the old copy again"

    feed.visit(48, *down(48, 39))

    assert feed.gaps() == [(feed.told(8), feed.told(39))]


def test_two_caches_in_turn_are_told_by_the_fresher_one(feed: Nights) -> None:
    for hour in range(0, 40, 4):
        feed.visit(hour, *down(hour, hour - 9))
        feed.visit(hour + 1, *down(hour - 8, hour - 17))

    assert feed.covered_to() == feed.told(36)
    assert feed.gaps() == []


def test_an_item_dated_ahead_does_not_make_later_looks_old_copies(feed: Nights) -> None:
    feed.visit(0, 9000, *down(0, -9))
    feed.visit(5, *down(5, -4))

    assert feed.covered_to() == feed.told(5)


@pytest.mark.parametrize("dated", [True, False])
def test_an_old_item_pinned_to_the_foot_is_no_overlap(feed: Nights, dated: bool) -> None:
    feed.visit(0, *down(0, -9), -500, dated=dated)

    pinned = {"shows_since": feed.at(11)} if dated else {}
    result = feed.visit(20, *down(20, 11), -500, dated=dated, **pinned)

    assert (result.overlap, result.gap_id is not None) == (False, True)


def test_an_edit_that_moves_an_item_up_is_no_overlap(feed: Nights) -> None:
    """By update time the edited item stands last: all that was there before it was pushed out."""
    feed.visit(0, *down(0, -9), dated=False)

    result = feed.visit(20, *down(20, 12), 0, dated=False, edited=[0])

    assert (result.overlap, result.gap_id is not None) == (False, True)


def test_a_feed_that_stamps_every_entry_anew_still_comes_back(feed: Nights) -> None:
    feed.visit(0, *down(0, -9), dated=False)

    assert feed.visit(5, *down(5, -4), dated=False, edited=down(0, -4)).overlap is True


def test_after_a_clock_that_ran_ahead_nothing_is_covered_by_it(feed: Nights) -> None:
    feed.visit(0, *down(0, -9))
    feed.visit(24 * 365, *down(2, -7), newest_at=feed.at(2))
    feed.visit(24, outcome=VisitOutcome.BLOCKED, status=403)
    assert feed.covered_to() == feed.told(0), "a year ahead was never looked at"

    feed.visit(48, *down(48, 39))
    assert feed.gaps() == [(feed.told(0), feed.told(39))]
    assert feed.covered_to() == feed.told(48)


def test_a_page_that_left_entries_aside_repairs_and_reaches_nothing(desk: Desk) -> None:
    """--since leaves aside what a gap is asked for."""
    nights = Nights(desk)
    listing: dict[str, Any] = {"found_by": FoundBy.LISTING, "url": LISTING}
    values: dict[str, Any] = {"outlet_id": "ma_sahifa", "outcome": VisitOutcome.READ, **listing}

    def look(slug: str, follows: tuple[Follow, ...] = (), **changes: Any) -> VisitResult:
        from storage.candidates import Leads

        visit = Visit(**{**values, "at": desk.now, **changes})
        items = [desk.candidate(slug, found_by=FoundBy.LISTING)]
        return desk.candidates.record_visit(nights.run, visit, items, None, Leads(follows))

    look("a")
    desk.later(days=5)
    page = Follow("ma_sahifa", FoundBy.LISTING, f"{LISTING}/2", "page", LISTING, 2)
    (follow,) = look("f", (page,)).follows
    result = look(
        "e", url=page.url, chain=follow.chain, parent=LISTING, reaches_back=True, partial=True
    )

    assert result.gap_id is not None


def test_a_day_is_not_complete_while_a_page_of_unknown_day_may_belong_to_it(desk: Desk) -> None:
    desk.now = datetime(2026, 3, 1, 1, tzinfo=UTC)
    nights = Nights(desk)
    found = nights.visit(0, *down(0, -9), shows_since=desk.now - timedelta(days=2)).fresh
    found += nights.visit(25, *down(25, -4)).fresh
    lost = [desk.candidate("lost")]
    visit = Visit("ma_sahifa", FoundBy.FEED, FEED, desk.now, VisitOutcome.READ, reaches_back=True)
    found += desk.candidates.record_visit(nights.run, visit, lost).fresh
    for candidate in found[:-1]:
        desk.save(nights.run, candidate, published_at=candidate.hints.published_at)
    desk.candidates.finish(nights.run, found[-1], Outcome.BLOCKED, "403")
    desk.runs.close(nights.run, "done")
    desk.now = nights.at(97)
    nights.run = desk.run()
    for candidate in nights.visit(97, *down(97, 0)).fresh:
        desk.save(nights.run, candidate, published_at=candidate.hints.published_at)
    coverage.refresh(desk.db, nights.run)

    question = asked(desk.db, "", SearchFilters(outlet="ma_sahifa"), now=desk.now, edges=True)
    told = {one.counts.day: one for one in days(desk.db, question)}

    assert told[date(2026, 3, 1)].watched == told[date(2026, 3, 1)].minutes
    assert told[date(2026, 3, 1)].completeness == "partial"
    assert told[date(2026, 3, 3)].completeness == "complete", "it was found before"
