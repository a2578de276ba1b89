"""Tidying: what goes by age, what stays as evidence, and what a kill in between leaves."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import ROOT, crawl, killed, marsad, paragraphs, publish, rows, workspace
from newsroom.hostile import HostileNewsroom, article_html
from typer.testing import CliRunner, Result

from crawler.care import tidying
from crawler.care.retention import Retention
from crawler.care.tidying import Tidied, tidy
from crawler.cli.main import app
from crawler.engine.capture import WarcFile, cut_tail, read_capture, run_of, thinned_name
from crawler.engine.locks import AlreadyRunning, alone
from crawler.reading.warc import page_from_record
from crawler.workspace import Workspace, find_workspace
from storage.database import open_database
from storage.judgements import JudgementStore
from storage.models import CapturePlace
from storage.retention import CaptureBooks, CaptureRule
from storage.runs import RunStore
from storage.times import encode_time

HOST = "old.test"
NAMED, AMBIGUOUS, JUDGED, EDITED, *NOBODY = range(1, 9)
ACTORS = """
[[actors]]
id = "iq_waha"
kind = "cso"
name = { en = "Oasis Friends" }
forms = [{ text = "Oasis Friends", language = "en" }]

[[actors]]
id = "iq_twin"
kind = "cso"
name = { en = "Twin" }
context = ["water", "school"]
forms = [{ text = "Twin Society", mode = "context" }]

[[actors]]
id = "iq_other_twin"
kind = "cso"
name = { en = "Other Twin" }
context = ["water", "school"]
forms = [{ text = "Twin Society", mode = "context" }]
"""
NINETY = Retention(captures_days=90)
FIRST, THINNED = "run-000001.warc.gz", "run-000001.1.warc.gz"


@dataclass
class World:
    """A workspace whose first run is long ago, and the newsroom that it watches."""

    place: Workspace
    newsroom: HostileNewsroom


def edited(seed: int, sentence: str) -> bytes:
    return article_html(f"Report number {seed}", [sentence, *paragraphs(seed)])


def url(newsroom: HostileNewsroom, seed: int) -> str:
    return f"http://{HOST}:{newsroom.port}/a/{seed}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Run 1 brings eight articles, run 2 one of them again, edited; run 1 is 200 days ago."""
    with HostileNewsroom() as newsroom:
        publish(newsroom, HOST, range(1, 9))
        newsroom.article(HOST, f"/a/{NAMED}", edited(NAMED, "The Oasis Friends came."))
        twin = "The Twin Society spoke of water for the school."
        newsroom.article(HOST, f"/a/{AMBIGUOUS}", edited(AMBIGUOUS, twin))
        place = workspace(tmp_path_factory.mktemp("tidy") / "w", newsroom.port, [HOST])
        (place.watchlists_dir / "own.toml").write_text(ACTORS, encoding="utf-8")
        assert crawl(place).code == 0
        changed = "A whole new paragraph says that the council has changed its mind about it."
        newsroom.article(HOST, f"/a/{EDITED}", edited(EDITED, changed))
        assert marsad("fetch", url(newsroom, EDITED), "-w", str(place.root)).code == 0
        with open_database(place.database) as database:
            judged = JudgementStore(database)
            judged.leave_out(article(place, JUDGED), who="desk", why="an advertisement")
        age(place, 1, 200)
        yield World(place, newsroom)


@pytest.fixture
def place(made: World, tmp_path: Path) -> Workspace:
    """A copy of it that a test may change."""
    shutil.copytree(made.place.root, tmp_path / "w")
    return find_workspace(tmp_path / "w")


def ask(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--workspace", str(place.root)])


def article(place: Workspace, seed: int) -> int:
    ((number,),) = rows(place, "SELECT id FROM articles WHERE url LIKE ?", f"%/a/{seed}")
    return int(number)


def change(place: Workspace, sql: str, *parameters: object) -> None:
    with closing(sqlite3.connect(place.database)) as connection, connection:
        connection.execute(sql, parameters)


def age(place: Workspace, run_id: int, days: int) -> None:
    then = encode_time(datetime.now(UTC) - timedelta(days=days))
    change(place, "UPDATE fetches SET fetched_at = ? WHERE run_id = ?", then, run_id)


def files(place: Workspace) -> set[str]:
    return {path.name for path in place.warc_dir.iterdir()}


def captured(place: Workspace) -> dict[str, bytes]:
    """The record of each address of run 1 that the database names, read as it says."""
    found = rows(
        place,
        "SELECT url, capture_file, capture_offset, capture_length FROM fetches "
        "WHERE run_id = 1 AND capture_file IS NOT NULL ORDER BY capture_file, capture_offset",
    )
    return {
        address.rpartition("/")[2]: read_capture(place.warc_dir, CapturePlace(*where))
        for address, *where in found
    }


def test_what_matters_stays_byte_for_byte_and_the_rest_goes(place: Workspace) -> None:
    before = captured(place)

    done = tidy(place, NINETY)

    assert (done.removed, done.problems) == (5, ())
    assert files(place) == {THINNED, "run-000002.warc.gz"}
    after = captured(place)
    assert after == {str(n): before[str(n)] for n in (NAMED, AMBIGUOUS, JUDGED, EDITED)}
    whole = (place.warc_dir / THINNED).read_bytes()
    assert whole == b"".join(after.values()), "nothing else is in the file"
    assert page_from_record(after[str(NAMED)]).final_url.endswith(f"/a/{NAMED}")
    gone = rows(place, "SELECT count(*) FROM fetches WHERE capture_removed_at IS NOT NULL "
                       "AND capture_offset IS NULL AND payload_sha256 IS NOT NULL")  # fmt: skip
    assert gone == [(5,)]
    assert rows(place, "SELECT name, records, bytes FROM capture_files WHERE thinned_at NOT NULL") \
        == [(THINNED, 4, len(whole))]  # fmt: skip
    assert (place.warc_dir / THINNED).stat().st_mode & 0o777 == 0o600
    assert tidy(place, NINETY).removed == 0, "a second time there is nothing to do"


def test_what_was_done_is_noted(place: Workspace) -> None:
    size = (place.warc_dir / FIRST).stat().st_size

    done = tidy(place, NINETY)

    ((ok, said, figures),) = rows(place, "SELECT ok, said, figures FROM upkeep WHERE kind = 'tidy'")
    assert ok == 1 and said == done.said and '"captures": 5' in figures.replace('":5', '": 5')
    assert done.freed == size - (place.warc_dir / THINNED).stat().st_size


def test_a_dry_run_says_exactly_what_would_go_and_touches_nothing(place: Workspace) -> None:
    def state() -> tuple[set[str], list[tuple[object, ...]]]:
        return files(place), rows(place, "SELECT * FROM fetches")

    before = state()

    told = tidy(place, NINETY, dry_run=True)

    assert state() == before and rows(place, "SELECT * FROM upkeep") == []
    done = tidy(place, NINETY)
    assert (told.captures, told.removed, told.freed) == (done.captures, done.removed, done.freed)


@pytest.mark.parametrize(
    ("retention", "left"),
    [
        (Retention(), {FIRST}),
        (Retention(captures_days=90, captures="all"), {FIRST}),
        (Retention(captures_days=365), {FIRST}),
        (Retention(captures_days=90, captures="none"), set()),
    ],
)
def test_only_what_the_file_says_goes(
    place: Workspace, retention: Retention, left: set[str]
) -> None:
    tidy(place, retention)

    assert files(place) == left | {"run-000002.warc.gz"}


def test_a_clock_that_jumped_ahead_makes_nothing_old() -> None:
    last = datetime(2026, 11, 22, tzinfo=UTC)

    rule = NINETY.rule(last + timedelta(days=3650), last)

    assert rule == CaptureRule(last - timedelta(days=90), "matching")


def look_again(place: Workspace, seed: int) -> int:
    """Have run 2 have looked at an article again, captured it and found nothing new."""
    path = place.warc_dir / "run-000002.warc.gz"
    record = captured(place)[str(seed)]
    row = {"at": path.stat().st_size, "length": len(record), "url": f"%/a/{seed}"}
    with path.open("ab") as file:
        file.write(record)
    with closing(sqlite3.connect(place.database)) as db, db:
        cursor = db.execute(
            "INSERT INTO fetches (run_id, candidate_id, url, fetched_at, reason, redirects, "
            "capture_file, capture_offset, capture_length) SELECT 2, candidate_id, url, "
            "fetched_at, '', '[]', 'run-000002.warc.gz', :at, :length FROM fetches "
            "WHERE run_id = 1 AND url LIKE :url",
            row,
        )
        db.execute(
            "INSERT INTO outcomes (run_id, candidate_id, outlet_id, outcome, reason, at, "
            "article_id, fetch_id) SELECT 2, candidate_id, outlet_id, 'unchanged', '', at, "
            "article_id, ? FROM outcomes WHERE run_id = 1 AND article_id = ?",
            (cursor.lastrowid, article(place, seed)),
        )
    return int(cursor.lastrowid or 0)


def test_looks_that_found_nothing_new_go_sooner(place: Workspace) -> None:
    idle, newest, proof, other, recent, better = (
        look_again(place, seed) for seed in (NAMED, AMBIGUOUS, JUDGED, *NOBODY[:3])
    )
    number = article(place, JUDGED)
    text = "UPDATE article_texts SET fetch_id = ? WHERE article_id = ?"
    change(place, text, newest, article(place, AMBIGUOUS))
    change(place, text, better, article(place, NOBODY[2]))
    reader = "UPDATE article_texts SET reader_version = 'a better one' WHERE article_id = ?"
    change(place, reader, article(place, NOBODY[2]))
    edit = ("INSERT INTO edits (article_id, version, at, since, kind, before, after, evidence) "
            "VALUES (?, 1, '', '', 'gone', '', '', ?)")  # fmt: skip
    change(place, edit, number, f'{{"fetches": [{proof}]}}')
    change(place, "UPDATE outcomes SET reason = 'another page' WHERE fetch_id = ?", other)
    now = encode_time(datetime.now(UTC))
    change(place, "UPDATE fetches SET fetched_at = ? WHERE id = ?", now, recent)

    done = tidy(place, Retention(looks_days=7))

    gone = rows(place, "SELECT id FROM fetches WHERE capture_removed_at NOT NULL ORDER BY id")
    assert gone == [(idle,), (newest,)] and done.problems == ()
    assert len(captured(place)) == 9, "the first looks are there"
    rests = "SELECT run_id, capture_file NOT NULL FROM fetches f JOIN article_texts t ON t.fetch_id"
    read_from = rows(place, f"{rests} = f.id WHERE t.article_id = ?", article(place, AMBIGUOUS))
    assert read_from == [(1, 1)], "the text is read off the first capture that showed it"


@pytest.mark.parametrize("stage", ["copying", "copied", "in the step", "named"])
def test_a_kill_at_any_instant_loses_nothing_that_stays(place: Workspace, stage: str) -> None:
    whole = captured(place)
    kept = {str(n): whole[str(n)] for n in (NAMED, AMBIGUOUS, JUDGED, EDITED)}

    killed(str(ROOT / "tests" / "care" / "tidy_driver.py"), str(place.root), stage)

    assert captured(place).items() >= kept.items()
    tidy(place, NINETY)
    assert captured(place) == kept
    assert files(place) == {THINNED, "run-000002.warc.gz"}


def test_a_file_that_nobody_names_goes_and_one_that_is_not_ours_stays(place: Workspace) -> None:
    theirs = ("run-000077.warc.gz", "run-1.warc.gz", "run-000001.x.warc.gz", "notes.txt")
    for name in ("run-000001.3.warc.gz", *theirs):
        (place.warc_dir / name).write_bytes(b"x")

    done = tidy(place, Retention())

    assert done.unnamed.names == ("run-000001.3.warc.gz",)
    assert files(place) == {FIRST, "run-000002.warc.gz", *theirs}


def test_what_is_left_of_a_run_stays_where_a_file_that_is_named_is_missing(
    place: Workspace,
) -> None:
    (place.warc_dir / FIRST).rename(place.warc_dir / THINNED)  # an older database was restored

    done = tidy(place, NINETY)

    assert THINNED in files(place)
    assert "is not there" in done.problems[0]


def test_a_run_under_way_keeps_its_file_and_those_that_it_may_be_reading(
    place: Workspace,
) -> None:
    with open_database(place.database) as database:
        runs = RunStore(database)
        number = runs.open("crawl")
        file = WarcFile(place.warc_dir, number)
        file.append(b"x")
        before = files(place)

        tidy(place, NINETY)

        assert files(place) == {*before, THINNED}, "the old file is still there for readers"
        assert cut_tail(place.warc_dir, FIRST, 10) == 0, "and whole"
        file.close()
        runs.close(number, "done")
    tidy(place, NINETY)
    assert files(place) == {THINNED, "run-000002.warc.gz"}


def test_an_article_that_is_judged_meanwhile_keeps_its_capture(place: Workspace) -> None:
    with open_database(place.database) as database:
        books = CaptureBooks(database)
        rule = NINETY.rule(datetime.now(UTC), None)
        told = books.records(FIRST, rule)
        number = article(place, NOBODY[0])
        JudgementStore(database).language(number, "en", who="desk", why="it is")

        assert not books.thin(FIRST, rule, told, {})

    assert len(captured(place)) == 9


def test_a_damaged_file_is_left_as_it_is_and_told(place: Workspace) -> None:
    path = place.warc_dir / FIRST
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    stays = "UPDATE fetches SET fetched_at = '2030-01-01T00:00:00Z' "
    change(place, stays + "WHERE capture_offset = 0 AND run_id = 1")

    done = tidy(place, NINETY)

    assert "damaged" in done.problems[0]
    assert path.read_bytes() == bytes(data) and THINNED not in files(place)


def test_records_that_two_fetches_name_move_together(place: Workspace) -> None:
    columns = "run_id, candidate_id, url, fetched_at, reason, redirects, capture_file, " \
        "capture_offset, capture_length"  # fmt: skip
    change(
        place,
        f"INSERT INTO fetches ({columns}) SELECT 2, {columns.partition(', ')[2]} FROM fetches "
        "WHERE run_id = 1 AND url LIKE ?",
        f"%/a/{NAMED}",
    )

    tidy(place, NINETY)

    places = rows(place, "SELECT capture_file, capture_offset FROM fetches WHERE url LIKE ?",
                  f"%/a/{NAMED}")  # fmt: skip
    assert places == [(THINNED, places[0][1])] * 2


def test_texts_that_stand_nowhere_else_are_counted(place: Workspace) -> None:
    change(place, "UPDATE articles SET text_kept = 0 WHERE id = ?", article(place, NOBODY[0]))

    assert tidy(place, NINETY, dry_run=True).texts == 1


def test_what_stays_can_be_read_again_and_what_went_is_said_to_be_gone(
    place: Workspace,
) -> None:
    tidy(place, NINETY)

    again = marsad("reread", "--json", "-w", str(place.root))
    shown = ask(place, "show", str(article(place, NOBODY[0])))

    assert (again.data["read"], again.data["failed"]) == (4, [])
    assert "capture removed" in " ".join(shown.stdout.split())


def test_an_edit_is_seen_also_when_the_earlier_capture_is_gone(
    made: World, place: Workspace
) -> None:
    tidy(place, NINETY)
    number = article(place, NOBODY[1])
    changed = "A new first paragraph takes back all that was said of the garden and the bridge."
    made.newsroom.article(HOST, f"/a/{NOBODY[1]}", edited(NOBODY[1], changed))

    marsad("fetch", url(made.newsroom, NOBODY[1]), "-w", str(place.root))

    kinds = rows(place, "SELECT kind, since FROM edits WHERE article_id = ?", number)
    assert [kind for kind, _ in kinds] == ["text"]
    assert kinds[0][1] < encode_time(datetime.now(UTC) - timedelta(days=199))


# --- the database's free pages, and logs


BLOAT = """
CREATE TABLE bloat AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
SELECT randomblob(2000) AS b FROM n
"""


def bloat(place: Workspace) -> None:
    change(place, BLOAT)
    change(place, "DROP TABLE bloat")


def test_a_database_that_is_partly_free_is_written_anew(place: Workspace) -> None:
    bloat(place)
    before = place.database.stat().st_size

    done = tidy(place, Retention())

    assert done.database_freed == before - place.database.stat().st_size > 5_000_000
    assert rows(place, "PRAGMA integrity_check") == [("ok",)]
    assert rows(place, "SELECT ok FROM upkeep WHERE kind = 'vacuum'") == [(1,)]
    assert "nothing to do" in tidy(place, Retention()).database


def test_it_says_why_the_database_is_not_written_anew(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bloat(place)

    with open_database(place.database) as database:
        runs = RunStore(database)
        number = runs.open("crawl")
        assert "a run is under way" in tidy(place, Retention()).database
        runs.close(number, "done")
    monkeypatch.setattr(tidying, "free_bytes", lambda folder: 1_000_000)
    assert "have to be free for a while, and 1 are" in tidy(place, Retention()).database


def test_only_old_logs_of_runs_go(place: Workspace) -> None:
    old = time.time() - 61 * 86_400
    for name in ("crawl-20250101T000000-7.log", "outlets-20250101T000000-7.log.1", "mine.log",
                 "scheduler.log", "scheduler.log.1"):  # fmt: skip
        (place.logs_dir / name).write_text("x")
        os.utime(place.logs_dir / name, (old, old))
    kept = {path.name for path in place.logs_dir.iterdir() if path.stat().st_mtime > old + 1}

    done = tidy(place, Retention(logs_days=60))

    assert done.logs.names == (
        "crawl-20250101T000000-7.log", "outlets-20250101T000000-7.log.1", "scheduler.log.1",
    )  # fmt: skip
    assert {path.name for path in place.logs_dir.iterdir()} == kept | {"mine.log", "scheduler.log"}


def test_two_at_once_are_one(place: Workspace) -> None:
    with alone(place.database, "captures"), pytest.raises(AlreadyRunning):
        tidy(place, Retention())


def test_the_command_tells_what_would_go_and_what_went(place: Workspace) -> None:
    told, done = ask(place, "tidy", "--dry-run"), ask(place, "tidy", "--json")

    assert told.exit_code == done.exit_code == 0
    assert "5 captures would go (fetched before" in told.stdout and FIRST in told.stdout
    assert json.loads(done.stdout)["removed"] == 5
    assert "none" in ask(place, "tidy", "--schedule", "recheck").stdout
    assert ask(place, "tidy", "--schedule", "nosuch").exit_code == 2


def test_captures_that_people_mark_are_named_and_stay(place: Workspace) -> None:
    assert "gold" not in ask(place, "tidy", "--dry-run").stdout
    place.gold_dir.mkdir()
    file = place.gold_dir / "ma_a.pages.jsonl"
    file.write_text("{}", encoding="utf-8")

    told, done = ask(place, "tidy").stdout, json.loads(ask(place, "tidy", "--json").stdout)

    assert "gold/ holds captures as well (ma_a.pages.jsonl)" in told
    assert done["gold"] == ["ma_a.pages.jsonl"]
    assert file.exists()


def test_names_of_files() -> None:
    assert thinned_name(FIRST) == THINNED
    assert thinned_name(THINNED) == "run-000001.2.warc.gz"
    assert run_of(THINNED) == run_of(FIRST) == 1
    assert run_of("run-1.warc.gz") is None


def test_a_report_adds_up() -> None:
    assert (
        Tidied(dry_run=True, rule=CaptureRule()).said
        == "0 captures of 0 files and 0 logs would go, 0.0 MB"
    )
