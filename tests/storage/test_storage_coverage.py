from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from storage import coverage
from storage.coverage_records import DayCounts
from storage.finding import VisitOutcome
from storage.models import Hints, Outcome, Precision

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

EVENING = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # already the 23rd in Baghdad
HINTS = Hints(published_at=EVENING)


def _days(desk: Desk, outlet: str = "ma_sahifa") -> dict[date | None, tuple[int, ...]]:
    return {
        row.day: (row.seen, row.stored, row.failed, row.blind_visits)
        for row in coverage.rows(desk.db, [outlet])
    }


def test_a_day_counts_what_was_seen_stored_and_failed(desk: Desk) -> None:
    run_id = desk.run()
    wanted = [desk.candidate(slug, hints=HINTS) for slug in ("1", "2", "3")]
    stored, failed, _ = desk.visit(run_id, wanted).fresh
    desk.save(run_id, stored, published_at=EVENING, published_precision=Precision.MINUTE)
    desk.candidates.finish(run_id, failed, Outcome.GONE, "404")

    coverage.refresh(desk.db, run_id)

    assert _days(desk) == {date(2026, 11, 22): (3, 1, 1, 0)}


def test_days_are_those_of_the_outlets_zone(desk: Desk) -> None:
    desk.visit(desk.run(), [desk.candidate("1", "iq_rojname", hints=HINTS)])

    coverage.refresh(desk.db)

    assert _days(desk, "iq_rojname") == {date(2026, 11, 23): (1, 0, 0, 0)}


def test_what_has_no_date_is_counted_apart(desk: Desk) -> None:
    run_id = desk.run()
    stored, _ = desk.find(run_id, "1", "2")
    desk.save(run_id, stored, published_at=EVENING, published_precision=Precision.MONTH)

    coverage.refresh(desk.db)

    assert _days(desk) == {None: (2, 1, 0, 0)}


def test_an_article_moves_to_its_own_day_and_both_days_are_right(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.visit(run_id, [desk.candidate("1", hints=HINTS)]).fresh
    coverage.refresh(desk.db, run_id)
    before = _days(desk)
    own = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    desk.save(run_id, candidate, published_at=own, published_precision=Precision.DAY)
    coverage.refresh(desk.db, run_id)

    assert before == {date(2026, 11, 22): (1, 0, 0, 0)}
    assert _days(desk) == {date(2026, 11, 20): (1, 1, 0, 0)}


def test_a_better_readers_date_moves_an_article_too(desk: Desk) -> None:
    saved = desk.store("1")
    reading = desk.reading(
        desk.candidate("1"), published_at=EVENING, published_precision=Precision.MINUTE
    )

    desk.articles.reread(saved.article_id or 0, reading)
    coverage.refresh(desk.db)

    assert _days(desk) == {date(2026, 11, 22): (1, 1, 0, 0)}


def test_a_failure_that_succeeds_later_is_no_failure(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")
    desk.candidates.finish(run_id, candidate, Outcome.TIMEOUT, "")
    desk.runs.close(run_id, "done")
    coverage.refresh(desk.db)
    before = _days(desk)
    run_id = desk.run()
    (candidate,) = desk.candidates.claim_pending(run_id, ["ma_sahifa"])

    desk.save(run_id, candidate)
    coverage.refresh(desk.db)

    assert (before, _days(desk)) == ({None: (1, 0, 1, 0)}, {None: (1, 1, 0, 0)})


def test_blind_visits_are_counted_on_the_day_of_the_visit(desk: Desk) -> None:
    run_id = desk.run()
    desk.now = EVENING
    for outcome in (VisitOutcome.TIMEOUT, VisitOutcome.HTML, VisitOutcome.NOT_MODIFIED):
        desk.visit(run_id, [], outcome=outcome)
    desk.visit(run_id, [], outcome=VisitOutcome.BLOCKED, outlet_id="iq_rojname")

    coverage.refresh(desk.db)

    assert _days(desk) == {date(2026, 11, 22): (0, 0, 0, 2)}
    assert _days(desk, "iq_rojname") == {date(2026, 11, 23): (0, 0, 0, 1)}


def test_what_a_killed_run_changed_is_counted_by_the_next_refresh(desk: Desk) -> None:
    killed = desk.run()
    desk.find(killed, "1")
    desk.runs.close(killed, "interrupted")

    counted = coverage.refresh(desk.db, desk.run())

    assert counted == 1
    assert _days(desk) == {None: (1, 0, 0, 0)}


def test_a_quiet_refresh_counts_nothing(desk: Desk) -> None:
    desk.store("1")
    coverage.refresh(desk.db)

    assert coverage.refresh(desk.db) == 0


def test_rows_are_cut_by_outlet_and_period_and_keep_the_undated(desk: Desk) -> None:
    run_id = desk.run()
    for day in (20, 21, 22):
        hints = Hints(published_at=datetime(2026, 11, day, 12, tzinfo=UTC))
        desk.visit(run_id, [desk.candidate(str(day), hints=hints)])
    desk.find(run_id, "undated")
    desk.find(run_id, "elsewhere", outlet="bh_marsa")
    coverage.refresh(desk.db)

    rows = coverage.rows(desk.db, ["ma_sahifa"], date(2026, 11, 21), date(2026, 11, 22))

    assert rows == [
        DayCounts("ma_sahifa", date(2026, 11, 21), 1, 0, 0, waiting=1),
        DayCounts("ma_sahifa", None, 1, 0, 0, waiting=1),
    ]
    assert len(coverage.rows(desk.db)) == 5
