"""Looks at stored articles: which are due, what is gone, and what only looks as if it were."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from recheck_site import BLOCKED, BROKEN, FRONT, GONE, SAME, SOFT, THERE, TIMEOUT, Answer, Site

from storage.models import Mention
from storage.recheck_plan import Plan


def nights(site: Site, first: int, last: int) -> None:
    for night in range(first, last + 1):
        site.night(night)


def test_nights_look_at_an_article_five_times(desk: Any) -> None:
    site = Site(desk, 3)

    looks = {night: site.night(night + 0.02) for night in range(1, 40)}

    assert [night for night, seen in looks.items() if seen] == [1, 3, 7, 14, 30]
    assert all(sorted(seen) == ["a0", "a1", "a2"] for seen in looks.values() if seen)


def test_a_service_that_runs_all_day_makes_every_look_of_the_plan(desk: Any) -> None:
    site = Site(desk, 3)

    looked = Counter(slug for hour in range(0, 31 * 24) for slug in site.night(hour / 24))

    assert set(looked.values()) <= {7, 8}  # 15 minutes and an hour fall together in the first one


def test_what_an_archive_holds_counts_from_its_publication(desk: Any) -> None:
    old = {"published_at": desk.now - timedelta(days=2000), "published_precision": "day"}
    site = Site(desk, 3, **old)

    assert site.night(1) == []


def test_an_archive_from_before_is_looked_at_from_where_its_age_is(desk: Any) -> None:
    site = Site(desk, 2)

    first, second = site.night(12), site.night(14)

    assert sorted(first) == sorted(second) == ["a0", "a1"]


def test_an_article_that_was_left_out_is_not_looked_at(desk: Any) -> None:
    site = Site(desk, 3)
    desk.db.execute("UPDATE articles SET withdrawn = 1 WHERE url LIKE '%a1'")

    assert sorted(site.night(1)) == ["a0", "a2"]


def test_what_fell_due_after_the_night_began_waits_for_the_next(desk: Any) -> None:
    site = Site(desk, 3)

    now = site.night(0.1, due_by=site.start)

    assert now == []


@pytest.mark.parametrize("answer", [GONE, FRONT, SOFT], ids=["404", "front page", "soft 404"])
def test_a_deleted_article_is_gone_at_its_second_look(desk: Any, answer: Answer) -> None:
    site = Site(desk, 6)
    site.answers["a2"] = answer

    site.night(1)
    after_one = site.told()
    site.night(2)

    assert after_one == []
    assert site.told() == [("gone", "a2")]


def test_a_deleted_article_alone_in_a_run_is_found_by_its_witnesses(desk: Any) -> None:
    site = Site(desk, 1)
    site.go(0.5)
    site.add("b1", "b2")
    nights(site, 1, 3)
    site.answers["a0"] = GONE

    nights(site, 4, 14)

    assert site.told() == [("gone", "a0")]


def test_two_misses_within_six_hours_confirm_nothing(desk: Any) -> None:
    site = Site(desk, 4)
    site.answers["a0"] = GONE

    site.night(1.0)
    site.night(1.2, anyway=True)
    soon = site.told()
    site.night(1.26)

    assert soon == []
    assert site.told() == [("gone", "a0")]


def test_the_text_and_the_capture_of_what_is_gone_stay(desk: Any) -> None:
    site = Site(desk, 4)
    before = desk.db.all("SELECT article_id, text, fetch_id FROM article_texts")
    site.answers["a0"] = GONE

    nights(site, 1, 3)

    gone = desk.db.one("SELECT * FROM edits")
    after = desk.db.all("SELECT article_id, text, fetch_id FROM article_texts")
    assert [row["text"] for row in after] == [row["text"] for row in before]
    assert (gone["kind"], gone["before"], gone["after"]) == ("gone", "headline of a0", "")
    assert gone["since"] < gone["at"]


def test_what_comes_back_is_told_and_may_go_again(desk: Any) -> None:
    site = Site(desk, 5)
    site.answers["a0"] = GONE
    nights(site, 1, 5)
    site.answers["a0"] = THERE
    nights(site, 6, 13)
    site.answers["a0"] = GONE

    nights(site, 14, 20)

    assert site.told() == [("gone", "a0"), ("back", "a0"), ("gone", "a0")]


def test_what_is_gone_is_looked_at_weekly_for_a_month(desk: Any) -> None:
    site = Site(desk, 5)
    nights(site, 1, 13)
    site.answers["a0"] = GONE

    looked = [night for night in range(14, 80) if "a0" in site.night(night)]

    assert site.told() == [("gone", "a0")]
    assert all(later - earlier <= 15 for earlier, later in pairwise(looked))
    assert 40 <= looked[-1] <= 46


@pytest.mark.parametrize(
    "answer", [GONE, FRONT, SOFT, BLOCKED, BROKEN, TIMEOUT], ids=lambda answer: answer[1][:12]
)
@pytest.mark.parametrize("length", [1, 3, 8])
def test_an_outage_invents_nothing(desk: Any, answer: Answer, length: int) -> None:
    site = Site(desk, 12)
    site.night(1)
    site.night(2)
    kept = dict(site.answers)
    site.all(answer)
    nights(site, 3, 2 + length)
    site.answers = kept

    nights(site, 3 + length, 31)

    assert site.told() == []
    assert all(not still_open for _, still_open in site.events())


def test_a_deletion_during_an_outage_is_found_once_the_site_is_back(desk: Any) -> None:
    site = Site(desk, 12)
    nights(site, 1, 2)
    kept = {**site.answers, "a3": GONE}
    site.all(FRONT)
    nights(site, 3, 4)
    site.answers = kept

    nights(site, 5, 31)

    assert site.told() == [("gone", "a3")]


def test_an_outage_that_spares_one_page_invents_nothing(desk: Any) -> None:
    site = Site(desk, 20)
    site.all(GONE)
    site.answers["a19"] = THERE

    nights(site, 1, 31)

    assert site.told() == []


def test_a_site_that_moved_is_told_as_such_and_not_as_hundreds_of_deletions(desk: Any) -> None:
    site = Site(desk, 40)
    nights(site, 1, 2)
    site.all(GONE)
    for night in range(3, 31):
        site.go(night - 0.5)
        site.add(f"new{night}a", f"new{night}b")
        site.night(night)

    assert site.told() == []
    assert site.events() == [("moved", True)]
    outlet = next(o for o in desk.runs.latest(1)[0].outlets if o.outlet_id == "ma_sahifa")
    assert any("may have moved" in todo for _, todo in outlet.problems)


def test_a_few_deletions_of_many_are_found_in_a_site_that_moved_nowhere(desk: Any) -> None:
    site = Site(desk, 30)
    for slug in ("a1", "a5", "a9", "a20"):
        site.answers[slug] = FRONT

    nights(site, 1, 31)

    assert sorted(site.told()) == [("gone", slug) for slug in ("a1", "a20", "a5", "a9")]
    assert site.events() == []


def test_an_article_alone_on_its_site_is_never_called_gone(desk: Any) -> None:
    site = Site(desk, 1)
    site.answers["a0"] = GONE

    nights(site, 1, 31)

    assert site.told() == []


@pytest.mark.parametrize("answer", [GONE, BLOCKED, BROKEN, TIMEOUT], ids=lambda one: one[1][:10])
def test_a_look_that_fails_leaves_article_candidate_and_coverage_alone(
    desk: Any, answer: Answer
) -> None:
    from storage import coverage

    site = Site(desk, 3)
    coverage.refresh(desk.db)

    def state() -> list[Any]:
        return [
            [tuple(row) for row in desk.db.all(sql)]
            for sql in (
                "SELECT id, state, attempts, last_outcome, article_id, day FROM candidates",
                "SELECT * FROM coverage",
                "SELECT id, headline, version, withdrawn FROM articles",
            )
        ]

    before = state()
    site.all(answer)
    nights(site, 1, 10)
    coverage.refresh(desk.db)

    assert state() == before
    assert desk.candidates.pending() == {}


def test_a_look_that_tells_nothing_is_made_again_soon_and_not_for_ever(desk: Any) -> None:
    site = Site(desk, 1)
    site.all(TIMEOUT)

    hours = [hour for hour in range(24, 24 * 40) if site.night(hour / 24)]

    assert hours[:7] == [24, 25, 27, 31, 39, 55, 66]  # the last one: the next age has come
    assert len(hours) < 15


def test_validators_are_sent_twice_and_then_the_page_is_asked_for_whole(desk: Any) -> None:
    site = Site(desk, 0)
    for n in range(7):
        slug = f"a{n}"
        site.answers[slug] = SAME
        run_id = desk.run()
        (candidate,) = desk.find(run_id, slug)
        fetch = desk.fetch(candidate, etag=f'"{n}"', final_url=candidate.url)
        desk.save(run_id, candidate, fetch=fetch, headline=slug)
        desk.runs.close(run_id, "done")

    sent = []
    for night in (1, 3, 7, 14):
        site.go(night)
        run_id, looks = site.claim()
        one = next(look for look in looks if look.candidate.url.endswith("a0"))
        sent.append(one.etag is not None)
        for look in looks:
            site.end(run_id, look)
        site.store.settle(run_id, Plan())
        desk.runs.close(run_id, "done")

    assert sent == [True, True, False, False]  # the site goes on saying "not modified"


def test_the_bound_keeps_what_may_be_gone_then_actors_then_the_newest(desk: Any) -> None:
    site = Site(desk, 4)
    site.answers["a0"] = GONE
    site.night(1)
    site.go(1.5)
    site.add("b0", "b1")
    named = (Mention("ma_jamiya", 0, 4, "text", "text", "auto"),)
    site.add("actor", mentions=named, keep_rule="actor")
    site.go(1.6)
    site.add("c0")

    looked = site.night(2.5, plan=Plan(most_per_run=3))

    assert looked[:3] == ["a0", "actor", "c0"]


def test_the_bound_of_a_host_leaves_the_rest_due(desk: Any) -> None:
    site = Site(desk, 9)

    seen = [site.night(1 + n / 24, plan=Plan(most_per_host=4)) for n in range(3)]

    assert [len(one) for one in seen] == [4, 4, 2]  # the last one with a witness
    assert {slug for one in seen for slug in one} == set(site.answers)
    assert desk.runs.report(desk.runs.latest(3)[2].run_id).looks.left == 5


@pytest.mark.parametrize("ended", [0, 1, 4])
def test_a_run_that_was_killed_is_judged_by_the_next_and_its_rest_is_still_due(
    desk: Any, ended: int
) -> None:
    site = Site(desk, 4)
    site.answers["a0"] = GONE
    site.night(1)
    site.go(3)
    run_id, looks = site.claim()
    for look in looks[:ended]:
        site.end(run_id, look)
    desk.db.execute("UPDATE runs SET pid = 0, process = '' WHERE id = ?", (run_id,))
    desk.runs._locks.pop(run_id).remove()

    again = site.night(3.01)

    site.night(3.5)
    assert set(again) >= {look.candidate.url.rpartition("/")[2] for look in looks[ended:]}
    assert not desk.runs.imbalance(run_id)
    assert desk.runs.report(run_id).status == "interrupted"
    assert site.told() == [("gone", "a0")]


def test_judging_a_run_twice_tells_nothing_twice(desk: Any) -> None:
    site = Site(desk, 4)
    site.answers["a0"] = GONE
    site.night(1)
    site.go(2)
    run_id, looks = site.claim()
    for look in looks:
        site.end(run_id, look)

    for _ in range(3):
        site.store.settle(run_id, Plan())
        site.store.settle_broken(Plan())

    assert site.told() == [("gone", "a0")]


def test_two_runs_at_once_do_not_look_at_the_same(desk: Any) -> None:
    site = Site(desk, 4)
    site.go(1)

    _, first = site.claim()
    _, second = site.claim()

    assert len(first) == 4
    assert second == ()


def test_an_article_seen_by_a_crawl_in_between_is_missed_anew(desk: Any) -> None:
    site = Site(desk, 5)
    site.answers["a0"] = GONE
    site.night(1)
    site.go(1.5)
    run_id, candidate = desk.again("a0")
    desk.save(run_id, candidate, "text of a0", headline="headline of a0")
    desk.runs.close(run_id, "done")

    site.night(2)
    too_soon = site.told()
    nights(site, 3, 5)

    assert too_soon == []
    assert site.told() == [("gone", "a0")]
