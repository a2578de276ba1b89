"""The newsroom's plan: it agrees with what the pages answer, and names every departure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from crawler.demo.answers import Answer
from crawler.demo.articles import sites
from crawler.demo.editions import edition
from crawler.demo.newsroom import NIGHTS
from crawler.demo.plan import Expectation, Hole, Named, Told, WayEnd, differences, plan
from storage.finding import VisitOutcome
from storage.models import Outcome
from storage.reported import OutletReport, RunReport

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def at(now: datetime) -> Mapping[tuple[str, str], Answer]:
    return edition(sites(), 8080, now)


def visits_of(expected: Expectation) -> dict[str, Mapping[str, int]]:
    return {each.outlet_id: each.visits for each in expected.outlets}


def outcomes_of(expected: Expectation) -> dict[str, Mapping[str, int]]:
    return {each.outlet_id: each.outcomes for each in expected.outlets}


def test_the_plan_agrees_with_what_the_pages_answer() -> None:
    for now in NIGHTS:
        routes = at(now)
        for own in (site.as_of(now) for site in sites() if not site.turned(now)):
            for article in own.articles:
                answer = routes.get((own.host, article.path))
                status = None if answer is None else answer.status
                match article.expect:
                    case Outcome.GONE:
                        assert status == 410
                    case Outcome.BLOCKED:
                        assert status == 403
                    case None if article.published <= now and not article.gone(now):
                        assert status == 200


def test_the_plan_counts_what_the_nights_bring() -> None:
    first, second = plan()

    assert first.total(Outcome.STORED_NEW) + second.total(Outcome.STORED_NEW) >= 165
    assert second.total(Outcome.STORED_NEW) == 22
    assert second.total(Outcome.STORED_CHANGED) == 2
    assert [first.total(o) for o in (Outcome.GONE, Outcome.BLOCKED, Outcome.ROBOTS)] == [1, 1, 1]
    assert len(second.articles) == len(first.articles) + 22
    visits = visits_of(second)
    assert visits["iq_qasab"] == {VisitOutcome.ROBOTS: 1}
    assert visits["bh_sadaf"] == {VisitOutcome.HTTP_ERROR: 1, VisitOutcome.NETWORK_ERROR: 1}
    assert visits["iq_nakhla"] == {VisitOutcome.NOT_MODIFIED: 1}


def test_listings_are_paged_back_to_what_is_known() -> None:
    first, second = plan()

    for outlet_id in ("bh_nawras", "iq_nergiz"):
        assert visits_of(first)[outlet_id] == {VisitOutcome.READ: 2}
        assert visits_of(second)[outlet_id] == {VisitOutcome.READ: 1}
        assert outcomes_of(second)[outlet_id][Outcome.STORED_NEW] == 2


def test_an_overflowing_feed_is_completed_from_its_sitemap() -> None:
    first, second = plan()

    assert outcomes_of(first)["ma_sauterelle"] == {Outcome.STORED_NEW: 5}
    assert outcomes_of(second)["ma_sauterelle"][Outcome.STORED_NEW] == 8
    assert first.holes == frozenset()
    assert second.holes == {Hole("ma_sauterelle", repaired=True)}


def test_what_was_not_watched_between_the_nights_is_what_went_wrong() -> None:
    first, second = plan()
    every = {site.id for site in sites()}

    assert first.watched == frozenset()
    assert every - second.watched == {
        "bh_sadaf", "gb_lanternfish", "iq_qasab", "iq_rovi", "iq_zaytuna", "ma_grenade",
        "ma_sununu",
    }  # fmt: skip
    assert WayEnd("bh_nawras", "listing", "read") in second.ways
    assert WayEnd("ma_sauterelle", "sitemap", "read") in second.ways - first.ways
    assert WayEnd("iq_rovi", "listing", "broken") in second.ways


def test_every_trouble_of_the_first_night_is_one_of_the_second() -> None:
    first, second = plan()

    assert first.troubles == {Named("iq_qasab", "robots")}
    assert first.troubles < second.troubles
    assert {each.kind for each in second.troubles} >= {
        "blocked", "frozen", "html_feed", "moved", "overflow", "redesigned",
    }  # fmt: skip


def report_of(expected: Expectation, instead: str = "") -> RunReport:
    """The report of a run as planted; of the first outlet one article may end otherwise."""
    outlets = [
        OutletReport(
            each.outlet_id,
            each.outlet_id,
            outcomes={str(key): number for key, number in each.outcomes.items()},
            visit_outcomes={str(key): number for key, number in each.visits.items()},
        )
        for each in expected.outlets
    ]
    if instead:
        outlets[0].outcomes["stored_new"] -= 1
        outlets[0].outcomes[instead] = 1
    return RunReport(1, "crawl", NOW, NOW, "done", outlets=tuple(outlets))


def as_planted(expected: Expectation, instead: str = "") -> Told:
    return Told(
        report_of(expected, instead),
        expected.ways,
        tuple(expected.troubles),
        tuple(expected.holes),
        tuple(expected.watched),
    )


def test_a_run_as_planted_has_no_differences_and_a_copy_counts_as_stored() -> None:
    for expected in plan():
        assert differences(expected, as_planted(expected)) == []
    assert differences(plan()[0], as_planted(plan()[0], "copy")) == []


def test_every_departure_from_the_plan_is_named() -> None:
    expected = plan()[0]

    found = differences(expected, as_planted(expected, "timeout"))

    assert found == [
        "ma_argan: 6 items stored_new, planted 7",
        "ma_argan: 1 items timeout, planted 0",
    ]


def test_a_trouble_not_named_or_named_twice_or_not_planted_is_a_departure() -> None:
    expected = plan()[0]
    robots = Named("iq_qasab", "robots")
    told = replace(
        as_planted(expected),
        ways=expected.ways - {WayEnd("ma_argan", "feed", "read")},
        troubles=(robots, robots, Named("ma_argan", "blocked")),
        holes=(Hole("ma_argan", repaired=False),),
        watched=("ma_argan",),
    )

    assert differences(expected, told) == [
        "ma_argan feed read: way, planted and not told",
        "iq_qasab robots: trouble, not planted",
        "ma_argan blocked: trouble, not planted",
        "ma_argan not repaired: gap, not planted",
        "ma_argan: watched, not planted",
    ]


def test_a_missing_and_a_foreign_outlet_are_named() -> None:
    stranger = OutletReport("iq_other", "Other")
    report = RunReport(1, "crawl", NOW, NOW, "done", outlets=(stranger,), balanced=False)

    found = differences(plan()[0], Told(report))

    assert found[0].startswith("the books do not balance")
    assert "iq_other: not planted" in found
    assert "ma_argan: not in the report" in found
