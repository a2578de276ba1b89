from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from storage import advice, trouble_reports, troubles
from storage.advice import CAUSES, Means
from storage.events import Event, EventStore
from storage.finding import VisitOutcome
from storage.models import Outcome
from storage.reported import RunReport
from storage.runs import note_blind
from storage.trouble_records import KINDS
from storage.trouble_words import said
from tests.storage.conftest import OUTLETS

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FEED = "https://sahifa.test/rss"


def night(desk: Desk, outcome: str = "read", slugs: tuple[str, ...] = (), **changes: Any) -> int:
    """One run with one visit, its articles stored or ended as `pages` says; then the judgement."""
    pages: Outcome | None = changes.pop("pages", None)
    judged = changes.pop("judged", True)
    desk.later(days=1)
    run_id = desk.run()
    waiting = desk.candidates.claim_pending(run_id, ["ma_sahifa"])
    found = desk.visit(
        run_id, [desk.candidate(slug) for slug in slugs], outcome=VisitOutcome(outcome), **changes
    ).fresh
    for candidate in (*waiting, *found):
        if pages is None:
            desk.save(run_id, candidate, f"text of {candidate.url}")
        else:
            desk.candidates.finish(run_id, candidate, pages, "made up")
    if judged:
        troubles.judge(desk.db, run_id, desk.now, ["relay"])
    desk.runs.close(run_id, "done")
    return run_id


def events(desk: Desk) -> list[Event]:
    return EventStore(desk.db).history()


def test_a_trouble_opens_with_its_first_visit_and_closes_with_the_visit_that_shows_its_end(
    desk: Desk,
) -> None:
    night(desk, slugs=("a",))
    first = night(desk, "html")
    began = desk.now
    night(desk, "html")
    last = night(desk, slugs=("b",))

    (event,) = events(desk)
    assert (event.kind, event.subject, event.opened_at) == ("html_feed", FEED, began)
    assert (event.evidence["run"], event.evidence["outcome"]) == (first, "html")
    assert (event.closed_at, event.closing and event.closing["run"]) == (desk.now, last)


def test_what_lasts_over_two_visits_is_told_since_the_first_of_them(desk: Desk) -> None:
    night(desk, slugs=("a",))
    night(desk, "timeout")
    began = desk.now
    assert events(desk) == []
    night(desk, "network_error", reason="connection refused")

    (event,) = events(desk)
    assert (event.kind, event.subject, event.opened_at) == ("unreachable", "sahifa.test", began)


def test_what_a_killed_run_saw_is_judged_by_the_next_and_twice_is_once(desk: Desk) -> None:
    night(desk, slugs=("a",))
    night(desk, "gone", judged=False)
    began = desk.now
    run_id = desk.run()
    for _ in range(2):
        troubles.judge(desk.db, run_id, desk.now)

    (event,) = events(desk)
    assert (event.kind, event.opened_at, event.evidence["run"]) == ("gone", began, run_id)


def test_pages_that_a_wall_kept_from_us_wait_again_when_it_has_ended(desk: Desk) -> None:
    night(desk, slugs=("a", "b", "c", "d"))
    night(desk, slugs=("e", "f", "g", "a"), pages=Outcome.BLOCKED)
    assert desk.candidates.pending() == {}
    night(desk, slugs=("h", "g"))

    (event,) = events(desk)
    assert event.closing and event.closing["waiting_again"] == 3
    assert desk.candidates.pending() == {"ma_sahifa": 3}
    night(desk)
    assert desk.candidates.pending() == {}
    assert desk.db.value("SELECT count(*) FROM articles") == 8


def test_a_page_that_was_blocked_before_the_wall_began_is_left_alone(desk: Desk) -> None:
    night(desk, slugs=("a", "b", "c"))
    night(desk, slugs=("only", "a"), pages=Outcome.BLOCKED)  # one page is no wall
    night(desk, "blocked")
    night(desk)

    (event,) = events(desk)
    assert event.closing and "waiting_again" not in event.closing
    assert desk.candidates.pending() == {}


def test_a_way_that_is_switched_off_has_no_trouble_any_more(desk: Desk) -> None:
    night(desk, slugs=("a",))
    night(desk, "gone")
    desk.candidates.note_switched({"ma_sahifa": ["https://sahifa.test/other"]})
    run_id = desk.run()
    troubles.judge(desk.db, run_id, desk.now)

    (event,) = events(desk)
    assert event.closing and event.closing["because"] == "the way is off"


def test_an_outlet_that_is_declared_blind_has_no_events(desk: Desk) -> None:
    night(desk, slugs=("a",))
    night(desk, "gone")
    since = (desk.now - timedelta(days=1)).date()
    note_blind(desk.db, replace(OUTLETS[0], blind_since=since, blind_reason="asked, no answer"))
    run_id = desk.run(outlets=[replace(OUTLETS[0], blind_since=since, blind_reason="asked")])
    troubles.judge(desk.db, run_id, desk.now)
    report = desk.runs.report(run_id)

    (event,) = events(desk)
    assert event.closing and event.closing["because"] == "declared blind"
    assert report.outlets[0].problems == ()  # that nothing was visited is what was asked for
    assert desk.db.value("SELECT blind_since FROM outlets WHERE id = 'ma_sahifa'") == str(since)


def told(report: RunReport) -> list[tuple[str, str]]:
    return [(one.state, one.kind) for one in report.troubles]


def test_a_report_tells_what_began_goes_on_and_ended_and_what_to_do(desk: Desk) -> None:
    runs = [
        night(desk, slugs=("a",)),
        night(desk, "blocked", status=403, reason="status 403"),
        night(desk, "blocked", status=403, reason="status 403"),
        night(desk, slugs=("b",)),
        night(desk),
    ]
    reports = [desk.runs.report(run_id) for run_id in runs]

    states = ["began", "goes_on", "ended"]
    assert [told(one) for one in reports] == [[], *([(state, "blocked")] for state in states), []]
    began = reports[1].troubles[0]
    assert began.said == "read directly: https://sahifa.test/rss: status 403"
    assert any("marsad outlets letter ma_sahifa" in step for step in began.steps)
    assert any('egress = "relay"' in step for step in began.steps)
    assert began.needs_a_person and not reports[3].troubles[0].needs_a_person
    assert reports[1].outlets[2].problems == ()  # told once, as a trouble
    assert trouble_reports.listed(desk.db) == ()
    assert len(trouble_reports.listed(desk.db, ["ma_sahifa"], ended=True)) == 1


def test_there_are_words_and_steps_for_every_kind() -> None:
    alone, rich = Means("ma_x"), Means("ma_x", ("https://x.test/sitemap.xml",), ("relay",))

    assert set(CAUSES) == set(KINDS)
    for kind in KINDS:
        for step in (*advice.steps(kind, alone), *advice.steps(kind, rich)):
            assert step.endswith(".") and "\n" not in step
        assert said(kind, "x", {"outcome": "read"})
    assert not any("relay" in step or "sitemap" in step for step in advice.steps("blocked", alone))
    assert any("outlets probe ma_x" in step for step in advice.steps("gone", alone))
    assert any("sitemap.xml" in step for step in advice.steps("gone", rich))
