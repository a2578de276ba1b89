from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from storage.candidates import CandidateStore
from storage.database import open_database
from storage.errors import NotClaimed
from storage.finding import VisitOutcome
from storage.models import FetchRecord, FoundBy, Hints, Outcome

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

OUTLETS = ["ma_sahifa", "iq_rojname", "bh_marsa"]
FEED = "https://sahifa.test/rss"


def test_a_visit_hands_out_new_urls_and_counts_known_ones(desk: Desk) -> None:
    run_id = desk.run()
    first = desk.visit(run_id, [desk.candidate("1"), desk.candidate("2")])
    desk.runs.close(run_id, "done")

    again = desk.visit(desk.run(), [desk.candidate("2"), desk.candidate("3")], ignored=1)

    assert [candidate.url_key for candidate in first.fresh] == ["sahifa.test/1", "sahifa.test/2"]
    assert [candidate.url_key for candidate in again.fresh] == ["sahifa.test/3"]
    assert again.known == 1
    visit = desk.db.one("SELECT * FROM visits WHERE id = ?", (again.visit_id,))
    assert visit is not None
    assert (visit["seen"], visit["fresh"], visit["known"], visit["ignored"]) == (3, 1, 1, 1)


def test_hints_come_back_as_they_were_found(desk: Desk) -> None:
    hints = Hints(
        headline="خبر\u200cتجريبي",
        published_at=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        published_raw="الأحد",
        guid="tag:1",
    )
    run_id = desk.run()
    desk.visit(run_id, [desk.candidate("1", hints=hints)])
    desk.runs.close(run_id, "interrupted")

    (claimed,) = desk.candidates.claim_pending(desk.run(), OUTLETS)

    assert claimed == replace(desk.candidate("1", hints=hints), id=claimed.id)


def test_the_way_is_remembered_with_the_visit(desk: Desk) -> None:
    desk.visit(desk.run(), [], etag='"1"', body_sha256="aa")

    way = desk.candidates.ways(["ma_sahifa"])[("ma_sahifa", FEED)]

    assert (way.etag, way.body_sha256, way.visited_at) == ('"1"', "aa", desk.now)
    assert way.last_outcome is VisitOutcome.READ
    assert desk.candidates.ways(["bh_marsa"]) == {}


def test_a_visit_that_fails_halfway_leaves_no_trace(desk: Desk) -> None:
    broken = replace(desk.candidate("2"), outlet_id="nowhere")

    with pytest.raises(sqlite3.IntegrityError):
        desk.visit(desk.run(), [desk.candidate("1"), broken])

    left = desk.db.one(
        "SELECT (SELECT count(*) FROM ways) + (SELECT count(*) FROM visits), "
        "(SELECT count(*) FROM candidates) + (SELECT count(*) FROM outcomes)"
    )
    assert left is not None
    assert tuple(left) == (0, 0)


def test_an_entry_listed_twice_is_fresh_once(desk: Desk) -> None:
    twice = [desk.candidate("1"), desk.candidate("1", entry_hash="other wording")]

    found = desk.visit(desk.run(), twice)

    assert (len(found.fresh), found.known) == (1, 1)


def test_an_entry_listed_twice_with_two_wordings_is_no_edit_next_time(desk: Desk) -> None:
    twice = [desk.candidate("1"), desk.candidate("1", entry_hash="other wording")]
    run_id = desk.run()
    (candidate,) = desk.visit(run_id, twice).fresh
    desk.save(run_id, candidate)

    assert desk.visit(desk.run(), twice).fresh == ()


def test_an_edited_entry_is_read_again(desk: Desk) -> None:
    desk.store("1")

    found = desk.visit(desk.run(), [desk.candidate("1", entry_hash="edited")])

    assert [candidate.url_key for candidate in found.fresh] == ["sahifa.test/1"]
    assert found.fresh[0].entry_hash == "edited"


def test_an_entry_without_a_hash_is_never_an_edit(desk: Desk) -> None:
    desk.store("1")

    assert desk.visit(desk.run(), [desk.candidate("1", entry_hash="")]).fresh == ()


def test_another_feed_that_words_an_entry_differently_is_no_edit(desk: Desk) -> None:
    desk.store("1")
    worded = desk.candidate("1", entry_hash="shortened")
    other = "https://sahifa.test/society/rss"

    first = desk.visit(desk.run(), [worded], url=other)
    second = desk.visit(desk.run(), [worded], url=other)
    back = desk.visit(desk.run(), [desk.candidate("1")])
    edited = desk.visit(desk.run(), [replace(worded, entry_hash="changed")], url=other)

    assert (first.fresh, second.fresh, back.fresh) == ((), (), ())
    assert len(edited.fresh) == 1


def test_an_edit_seen_in_the_run_that_read_the_page_waits_for_the_next_run(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")
    desk.save(run_id, candidate)
    edited = [desk.candidate("1", entry_hash="edited")]

    same_run = desk.visit(run_id, edited)
    next_run = desk.visit(desk.run(), edited)

    assert (len(same_run.fresh), len(next_run.fresh)) == (0, 1)
    assert desk.runs.imbalance(run_id) == ""


def test_a_url_that_led_to_an_article_under_another_is_known(desk: Desk) -> None:
    desk.store("1", aliases=[("sahifa.test/amp/1", "https://sahifa.test/amp/1", "amp")])

    found = desk.visit(desk.run(), [desk.candidate("amp/1")])

    assert (found.fresh, found.known) == ((), 1)


def test_the_same_address_of_two_outlets_is_two_candidates(desk: Desk) -> None:
    run_id = desk.run()
    desk.find(run_id, "1")
    other = replace(desk.candidate("1"), outlet_id="bh_marsa")

    assert len(desk.visit(run_id, [other], outlet_id="bh_marsa").fresh) == 1


def test_what_a_killed_run_left_is_handed_to_the_next(desk: Desk) -> None:
    killed = desk.run()
    left = desk.find(killed, "1", "2")
    desk.runs.close(killed, "interrupted")
    run_id = desk.run()

    claimed = desk.candidates.claim_pending(run_id, OUTLETS)

    assert [candidate.id for candidate in claimed] == [candidate.id for candidate in left]
    assert desk.candidates.claim_pending(run_id, OUTLETS) == []
    assert desk.runs.imbalance(run_id) == ""


def test_a_run_that_works_keeps_what_it_holds(desk: Desk) -> None:
    desk.find(desk.run(), "1")

    assert desk.candidates.claim_pending(desk.run(), OUTLETS) == []


def test_the_oldest_of_each_outlet_come_first_up_to_the_limit(desk: Desk) -> None:
    killed = desk.run()
    desk.find(killed, "1", "2", "3")
    desk.find(killed, "4", "5", outlet="iq_rojname")
    desk.runs.close(killed, "interrupted")

    claimed = desk.candidates.claim_pending(desk.run(), OUTLETS[:2], per_outlet=2)

    assert [candidate.url_key for candidate in claimed] == [
        "sahifa.test/1",
        "sahifa.test/2",
        "rojname.test/4",
        "rojname.test/5",
    ]


@pytest.mark.parametrize("outcome", [Outcome.NETWORK_ERROR, Outcome.TIMEOUT, Outcome.READER_FAILED])
def test_a_passing_trouble_is_tried_five_times(desk: Desk, outcome: Outcome) -> None:
    desk.find(desk.run(), "1")
    desk.runs.close(1, "done")
    tries = 0
    while claimed := desk.candidates.claim_pending(run_id := desk.run(), OUTLETS):
        desk.candidates.finish(run_id, claimed[0], outcome, "no luck")
        desk.runs.close(run_id, "done")
        tries += 1

    assert tries == 5
    assert desk.candidates.pending() == {}


def test_postponing_costs_no_attempt(desk: Desk) -> None:
    desk.find(desk.run(), "1")
    desk.runs.close(1, "done")
    for _ in range(8):
        run_id = desk.run()
        (claimed,) = desk.candidates.claim_pending(run_id, OUTLETS)
        desk.candidates.finish(run_id, claimed, Outcome.POSTPONED, "Retry-After")

    assert desk.candidates.pending() == {"ma_sahifa": 1}


def test_an_end_is_written_once(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")

    desk.candidates.finish(run_id, candidate, Outcome.GONE, "404")
    desk.candidates.finish(run_id, candidate, Outcome.TIMEOUT, "late answer")

    row = desk.db.one("SELECT outcome, reason FROM outcomes")
    assert row is not None
    assert tuple(row) == ("gone", "404")


def test_a_postponed_candidate_may_still_end_in_the_same_run(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")

    desk.candidates.finish(run_id, candidate, Outcome.POSTPONED, "later")
    saved = desk.save(run_id, candidate)

    assert saved.outcome is Outcome.STORED_NEW
    assert desk.db.value("SELECT outcome FROM outcomes") == "stored_new"


def test_the_fetch_is_kept_with_the_end(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")
    fetch = FetchRecord(
        candidate.url, desk.now, status=403, elapsed=0.5, redirects=("a", "b"), tls_verified=True
    )

    desk.candidates.finish(run_id, candidate, Outcome.BLOCKED, "403", fetch)

    row = desk.db.one(
        "SELECT f.* FROM outcomes o JOIN fetches f ON f.id = o.fetch_id WHERE o.outcome = 'blocked'"
    )
    assert row is not None
    assert (row["status"], row["redirects"], row["outcome"]) == (403, '["a", "b"]', "blocked")


def test_a_candidate_of_another_run_cannot_end_in_this_one(desk: Desk) -> None:
    (candidate,) = desk.find(desk.run(), "1")

    with pytest.raises(NotClaimed):
        desk.candidates.finish(desk.run(), candidate, Outcome.GONE, "404")


@pytest.mark.parametrize("outcome", [Outcome.STORED_NEW, Outcome.COPY, Outcome.KNOWN])
def test_an_end_with_an_article_needs_a_reading(desk: Desk, outcome: Outcome) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")

    with pytest.raises(ValueError, match="reading"):
        desk.candidates.finish(run_id, candidate, outcome, "")


def test_unchanged_without_a_reading_names_the_article(desk: Desk) -> None:
    article_id = desk.store("1").article_id
    run_id, candidate = desk.again("1")

    desk.candidates.finish(run_id, candidate, Outcome.UNCHANGED, "304")

    assert (
        desk.db.value("SELECT article_id FROM outcomes WHERE run_id = ?", (run_id,)) == article_id
    )


def test_a_persons_url_is_read_again_though_known(desk: Desk) -> None:
    desk.store("1")

    run_id, candidate = desk.again("1")

    assert candidate.found_by is FoundBy.MANUAL
    assert desk.candidates.add(run_id, [candidate]) == ()
    assert desk.runs.imbalance(run_id) == ""


def test_retry_makes_failures_pending_with_new_attempts(desk: Desk) -> None:
    run_id = desk.run()
    for slug, outcome in (("1", Outcome.GONE), ("2", Outcome.BLOCKED), ("3", Outcome.NO_TEXT)):
        (candidate,) = desk.find(run_id, slug)
        desk.candidates.finish(run_id, candidate, outcome, "")
    desk.runs.close(run_id, "done")

    elsewhere = desk.candidates.retry([Outcome.GONE], ["bh_marsa"])
    here = desk.candidates.retry([Outcome.GONE, Outcome.BLOCKED], ["ma_sahifa"])

    assert (elsewhere, here) == (0, 2)
    assert desk.candidates.pending(["ma_sahifa"]) == {"ma_sahifa": 2}
    claimed = desk.candidates.claim_pending(desk.run("retry"), OUTLETS)
    assert [candidate.url_key for candidate in claimed] == ["sahifa.test/1", "sahifa.test/2"]


def test_what_was_stored_cannot_be_retried(desk: Desk) -> None:
    with pytest.raises(ValueError, match="stored_new"):
        desk.candidates.retry([Outcome.STORED_NEW])


def test_two_runs_at_once_never_hold_the_same_candidate(desk: Desk) -> None:
    killed = desk.run()
    desk.find(killed, *map(str, range(10)))
    desk.runs.close(killed, "interrupted")
    with open_database(desk.path) as other:
        mine = desk.candidates.claim_pending(desk.run(), OUTLETS, per_outlet=4)
        theirs = CandidateStore(other).claim_pending(desk.run(), OUTLETS)

    assert {candidate.id for candidate in mine} & {candidate.id for candidate in theirs} == set()
    assert len(mine) + len(theirs) == 10


def test_urls_with_nul_and_lone_surrogates_are_stored_clean(desk: Desk) -> None:
    candidate = desk.candidate("1", hints=Hints(headline="a\x00b\ud800c"), found_in="\ud834feed")

    (fresh,) = desk.visit(desk.run(), [candidate]).fresh

    row = desk.db.one("SELECT hints, found_in FROM candidates WHERE id = ?", (fresh.id,))
    assert row is not None
    assert tuple(row) == ('{"headline": "abc"}', "feed")
