"""Freezing is of one instant, beside a crawl that writes; a kill leaves nothing of it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from frozen_sets import AMAL, archive, freeze, grow
from killing import every_step, killed_before_step
from stored import Story, fill

from storage.database import Database, open_database
from storage.desk.questions import Question
from storage.errors import CannotFreeze, SearchError, SnapshotDamaged, UnknownSnapshot
from storage.exporting.orders import Export
from storage.frozen import creating, store
from storage.frozen.creating import Freeze, create
from storage.frozen.exports import write
from storage.frozen.verifying import verify

EDITED = "UPDATE article_texts SET text = text || ' Edited meanwhile.' WHERE article_id = 3"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive(tmp_path / "marsad.db")
    with open_database(tmp_path / "marsad.db") as database:
        yield database


def left(path: Path) -> tuple[int, int]:
    """Rows of snapshots that are in the tables, and snapshots that anybody sees."""
    with open_database(path, readonly=True) as database:
        return (
            database.value("SELECT count(*) FROM snapshot_rows"),
            len(store.snapshots(database)),
        )


def test_what_a_crawl_writes_meanwhile_is_in_no_part_of_it(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each batch another process stores an article, and edits one that was not read yet."""
    monkeypatch.setattr(creating, "BATCH", 1)
    written = []

    def crawl(kind: str, rows: int) -> None:
        if not written:
            with closing(sqlite3.connect(db.path, timeout=5)) as other:
                other.execute(EDITED)
                other.commit()
        written.append(kind)
        fill(db.path, [Story(f"Amal Association number {len(written)}. " * 5)], [AMAL])

    made = create(db, Freeze("first", Question(), "me", "a test"), crawl)

    assert set(written) >= {"articles", "mentions", "attention", "outlets"}
    facts = made.facts
    assert (facts["rows"]["articles"], facts["rows"]["mentions"]) == (3, 3)
    assert sum(one["articles"] for one in facts["outlets"]) == 3
    assert verify(db, made).wrong == []
    write(db, made, Export(format="jsonl", with_text=True), tmp_path / "out")
    texts = [json.loads(line)["text"] for line in (tmp_path / "out").read_text().splitlines()]
    assert len(texts) == 3 and not any("meanwhile" in text for text in texts)


def test_a_crawl_never_waits_for_long(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process writes as often as it can while 3,000 articles are frozen."""
    grow(db, 3_000)
    waits, done = [], threading.Event()

    def crawl() -> None:
        with closing(sqlite3.connect(db.path, timeout=5, isolation_level=None)) as other:
            while not done.is_set():
                began = time.perf_counter()
                other.execute("BEGIN IMMEDIATE")
                other.execute("UPDATE articles SET words = words + 1 WHERE id = 1")
                other.execute("COMMIT")
                waits.append(time.perf_counter() - began)
                time.sleep(0.005)

    writer = threading.Thread(target=crawl)
    writer.start()
    freeze(db)
    done.set()
    writer.join()

    assert len(waits) > 5
    assert max(waits) < 2.0


def test_a_kill_at_any_point_leaves_no_half_of_it_and_the_next_one_cleans_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "marsad.db"
    archive(path)
    monkeypatch.setattr(creating, "BATCH", 2)
    steps = [(Database, "write"), (store, "finish")]

    def make() -> None:
        with open_database(path) as db:
            freeze(db)

    kills = 0
    for _ in every_step(lambda number: killed_before_step(number, make, steps)):
        kills += 1
        if left(path)[1]:  # killed when it was whole, before its lock was taken away
            break

    with open_database(path) as db:
        assert kills > 5
        assert verify(db, store.find(db, "first")).wrong == []
        freeze(db, "second")
        assert [row["name"] for row in db.all("SELECT name FROM snapshots")] == ["first", "second"]
        kept = "SELECT sum(value) FROM snapshots, json_each(facts, '$.kept')"
        assert left(path)[0] == db.value(kept)


def test_an_error_in_the_middle_leaves_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(creating, "facts_of", fail)
    with pytest.raises(OSError, match="full"):
        freeze(db)

    assert left(db.path) == (0, 0)
    assert db.value("SELECT count(*) FROM snapshots") == 0


def test_two_at_once_cannot_have_one_name(db: Database) -> None:
    refused: list[str] = []

    def again(kind: str, rows: int) -> None:
        if kind == "articles":
            with open_database(db.path) as other, pytest.raises(CannotFreeze) as error:
                freeze(other)
            refused.append(error.value.why)

    create(db, Freeze("first", Question(), "me", "a test"), again)

    assert refused == ["taken"]
    assert verify(db, store.find(db, "first")).wrong == []


@pytest.mark.parametrize("name", ["", "now", "a b", "../etc", "اسم", "-x", "a" * 81, "a\n"])
def test_what_is_no_name_is_refused(db: Database, name: str) -> None:
    with pytest.raises(CannotFreeze) as error:
        freeze(db, name)

    assert error.value.why == "name"
    assert left(db.path) == (0, 0)


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Freeze("a", Question(), " ", "why"), CannotFreeze),
        (Freeze("a", Question(), "who", ""), CannotFreeze),
        (Freeze("a", Question.of({"outlet": ["nobody"]}), "who", "why"), CannotFreeze),
        (Freeze("a", Question(query="("), "who", "why"), SearchError),
    ],
)
def test_what_cannot_be_frozen_is_refused(
    db: Database, wanted: Freeze, error: type[Exception]
) -> None:
    with pytest.raises(error):
        create(db, wanted)

    assert db.value("SELECT count(*) FROM snapshots") == 0


def test_an_unknown_name_and_a_damaged_set_are_told(db: Database, tmp_path: Path) -> None:
    with pytest.raises(UnknownSnapshot):
        store.find(db, "none")
    made = freeze(db)
    with db.write():
        db.execute("UPDATE snapshot_rows SET row = replace(row, 'Amal', 'Omal')")

    with pytest.raises(SnapshotDamaged):
        write(db, made, Export(kind="mentions"), tmp_path / "m.csv")
    assert list(tmp_path.glob("m.csv*")) == []


def test_a_question_narrows_everything_that_is_frozen(db: Database) -> None:
    made = freeze(db, q="reading", country="ma", after="2026-01-01")

    rows = {kind: number for kind, number in made.facts["rows"].items() if number}
    assert (rows["articles"], rows["mentions"], rows["outlets"]) == (1, 1, 1)
    assert made.parameters == [("after", "2026-01-01"), ("country", "ma"), ("q", "reading")]
    assert [one["id"] for one in made.facts["outlets"]] == ["ma_manara"]
