from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.database import open_database
from storage.errors import UnknownRun
from storage.finding import VisitOutcome
from storage.models import CapturePlace, Mention, Outcome, OutletRecord, Precision
from storage.processes import Process, current_process, is_alive
from storage.runs import RunStore

if TYPE_CHECKING:
    from tests.storage.conftest import Desk


def _forget_process(desk: Desk, run_id: int) -> None:
    """Make a run look as if a process before the last boot had begun it."""
    desk.runs._locks.pop(run_id).remove()
    desk.db.execute("UPDATE runs SET process = 'another boot:1' WHERE id = ?", (run_id,))


def test_a_new_run_is_running_in_this_process(desk: Desk) -> None:
    run_id = desk.run(argv=["marsad", "crawl"])

    row = desk.db.one("SELECT * FROM runs WHERE id = ?", (run_id,))
    assert row is not None
    assert (row["status"], row["pid"], row["argv"]) == (
        "running",
        os.getpid(),
        '["marsad", "crawl"]',
    )
    assert desk.runs.recover() == []


def test_a_run_whose_process_is_gone_is_interrupted(desk: Desk) -> None:
    run_id = desk.run()
    _forget_process(desk, run_id)

    assert desk.runs.recover() == [run_id]
    assert desk.runs.report(run_id).status == "interrupted"
    assert desk.runs.recover() == []


def test_a_process_number_used_again_is_another_process() -> None:
    mine = current_process()

    assert is_alive(mine)
    assert not is_alive(replace(mine, started="another boot:1"))


def test_a_killed_process_is_gone_even_before_it_is_reaped() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    from storage import processes

    process = Process(child.pid, processes._started(child.pid) or "")
    alive_before = is_alive(process)
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # a zombie from here on
    alive_as_zombie = is_alive(process)
    child.communicate()

    assert (alive_before, alive_as_zombie, is_alive(process)) == (True, False, False)


def test_a_corrected_zone_gives_articles_their_right_day(desk: Desk) -> None:
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    desk.store("1", published_at=late, published_precision=Precision.MINUTE)
    before = desk.db.value("SELECT published_day FROM articles")
    corrected = OutletRecord(
        "ma_sahifa", "x", "ma", ("ma",), "portal", "unknown", ("ar",), "Asia/Baghdad"
    )

    desk.run(outlets=[corrected])

    assert before == "2026-11-22"
    assert desk.db.value("SELECT published_day FROM articles") == "2026-11-23"
    assert desk.db.value("SELECT day FROM candidates") == "2026-11-23"


def test_the_report_counts_every_candidate_once(desk: Desk) -> None:
    first = desk.run()
    desk.find(first, "left")
    desk.runs.close(first, "interrupted")
    desk.store("known")
    run_id = desk.run()
    (carried,) = desk.candidates.claim_pending(run_id, ["ma_sahifa"])
    found = desk.visit(
        run_id, [desk.candidate(s) for s in ("known", "1", "2", "3")], ignored=1
    ).fresh
    desk.save(run_id, carried, "نص آخر")
    desk.save(run_id, found[0], "نص ثالث")
    desk.candidates.finish(run_id, found[1], Outcome.BLOCKED, "HTTP 403")
    desk.candidates.finish(run_id, found[2], Outcome.POSTPONED, "Retry-After: 600")

    report = desk.runs.close(run_id, "done")

    outlet = next(line for line in report.outlets if line.outlet_id == "ma_sahifa")
    assert outlet.outcomes == {"stored_new": 2, "blocked": 1, "postponed": 1, "known": 1}
    assert (outlet.visits, outlet.seen, outlet.ignored, outlet.blind) == (1, 5, 1, 0)
    assert (report.balanced, report.status, report.requests) == (True, "done", 2)


def test_each_trouble_is_named_once_with_its_commonest_reason_and_a_next_step(desk: Desk) -> None:
    run_id = desk.run()
    found = desk.find(run_id, "1", "2", "3")
    for candidate, reason in zip(found, ("HTTP 403", "challenge", "HTTP 403"), strict=True):
        desk.candidates.finish(run_id, candidate, Outcome.BLOCKED, reason)
    desk.visit(
        run_id, [], url="https://sahifa.test/b", outcome=VisitOutcome.HTML, reason="text/html"
    )

    report = desk.runs.close(run_id, "done")

    lines = {outlet.outlet_id: outlet for outlet in report.outlets}
    said = [reason for reason, _ in lines["ma_sahifa"].problems]
    assert said == ["1 visit html: text/html", "3 pages blocked: HTTP 403"]
    assert lines["ma_sahifa"].blind == 1
    assert all(todo.endswith(".") for _, todo in lines["ma_sahifa"].problems)
    assert lines["bh_marsa"].problems[0][0] == "nothing of it was visited"


def test_pages_under_way_are_no_trouble_of_a_running_run(desk: Desk) -> None:
    run_id = desk.run()
    desk.find(run_id, "1")

    running = desk.runs.report(run_id)
    closed = desk.runs.close(run_id, "interrupted")

    sahifa = [r.outlets[2] for r in (running, closed)]
    assert [len(outlet.problems) for outlet in sahifa] == [0, 1]
    assert running.ended_at is None


def test_the_report_names_the_actors_most_in_the_news_and_no_terms(desk: Desk) -> None:
    run_id = desk.run()
    named = [["ma_jamiya", "term_activist"], ["ma_jamiya", "bh_hidden"], ["iq_person"]]
    for candidate, actors in zip(desk.find(run_id, "1", "2", "3"), named, strict=True):
        mentions = tuple(Mention(actor, 0, 2, "نص", "نص", "auto") for actor in actors)
        desk.save(run_id, candidate, f"نص {candidate.url}", mentions=mentions)
    (ambiguous,) = desk.find(run_id, "4")
    mention = Mention("iq_person", 0, 2, "نص", "نص", "auto", ambiguous=True)
    desk.save(run_id, ambiguous, "نص رابع", mentions=(mention,))

    report = desk.runs.report(run_id)

    assert report.actors == (
        ("ma_jamiya", "جمعية الأمل المثالية", 2, 2),
        ("iq_person", "Nimûne Azad", 1, 1),
    )


def test_requests_and_captured_bytes_are_as_noted_or_as_fetched(desk: Desk) -> None:
    run_id = desk.run()
    (candidate,) = desk.find(run_id, "1")
    place = CapturePlace("a.warc.gz", 0, 321)
    desk.save(run_id, candidate, fetch=desk.fetch(candidate, capture=place))
    fetched = desk.runs.report(run_id)

    desk.runs.note(run_id, "requests", 12)
    desk.runs.note(run_id, "requests", 13)
    noted = desk.runs.report(run_id)

    assert (fetched.requests, fetched.captured_bytes) == (1, 321)
    assert (noted.requests, noted.captured_bytes) == (13, 321)


def test_the_latest_runs_come_newest_first(desk: Desk) -> None:
    ids = [desk.run(), desk.run(), desk.run()]

    assert [report.run_id for report in desk.runs.latest(2)] == ids[:0:-1]


def test_an_unknown_run_has_no_report(desk: Desk) -> None:
    with pytest.raises(UnknownRun):
        desk.runs.report(7)
    with pytest.raises(UnknownRun):
        desk.runs.close(7, "done")


def test_a_run_cannot_end_as_running(desk: Desk) -> None:
    with pytest.raises(ValueError, match="running"):
        desk.runs.close(desk.run(), "running")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM outcomes WHERE candidate_id = 1", "2 candidates handed out, 1 in the books"),
        ("UPDATE visits SET seen = 9", "9 entries seen, 2 new, known or ignored"),
        ("UPDATE candidates SET last_outcome = NULL", "1 candidates done without an end"),
        ("UPDATE outcomes SET article_id = NULL", "1 articles stored by the books that are not"),
    ],
)
def test_books_that_do_not_balance_say_where(desk: Desk, damage: str, said: str) -> None:
    run_id = desk.run()
    stored, _ = desk.find(run_id, "1", "2")
    desk.save(run_id, stored)
    balanced = desk.runs.imbalance(run_id)

    desk.db.execute(damage)

    assert balanced == ""
    assert said in desk.runs.imbalance(run_id)
    assert not desk.runs.report(run_id).balanced


def test_a_run_whose_process_number_nobody_here_can_see_is_alive_while_it_holds_its_lock(
    tmp_path: Path,
) -> None:
    """Two containers on one volume: the other's processes are not ours to look at."""
    database = open_database(tmp_path / "marsad.db")
    there, here = RunStore(database), RunStore(database)
    run_id = there.open("crawl")
    database.execute("UPDATE runs SET pid = 1, process = 'another namespace'")

    recovered = here.recover()
    there._locks[run_id].remove()
    (tmp_path / f"marsad.db-run-{run_id}.lock").touch()  # what a killed process leaves behind
    recovered_after_the_kill = here.recover()

    assert recovered == []
    assert recovered_after_the_kill == [run_id]
    assert not list(tmp_path.glob("*.lock"))
