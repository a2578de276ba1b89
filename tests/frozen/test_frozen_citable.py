"""A frozen set stays what it is, whatever happens to the archive; what is damaged is found."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from frozen_sets import AMAL, PERSON, archive, freeze, grow
from stored import Story, fill

from storage import actors
from storage.database import Database, open_database
from storage.exporting.orders import Export
from storage.frozen import store
from storage.frozen.exports import write
from storage.frozen.files import check
from storage.frozen.records import KINDS, Snapshot
from storage.frozen.verifying import verify
from storage.models import Actor, Alias
from storage.times import utc_now


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive(tmp_path / "marsad.db")
    with open_database(tmp_path / "marsad.db") as database:
        yield database


def _exports(db: Database, folder: Path, name: str = "first") -> dict[str, str]:
    """Every kind, and the ways in which articles leave, as digests."""
    folder.mkdir()
    orders = [Export(kind=kind, format="jsonl") for kind in KINDS]
    orders += [
        Export(format="csv"),
        Export(format="xlsx"),
        Export(format="bibtex"),
        Export(format="csv", with_text=True),
        Export(kind="mentions", format="csv", with_persons=True),
        Export(kind="articles", format="jsonl", with_text=True, redact=True),
        Export(kind="mentions", format="jsonl", redact=True),
    ]
    snapshot = store.find(db, name)
    return {
        str(order): write(db, snapshot, order, folder / f"{number}.out")[0].sha256
        for number, order in enumerate(orders)
    }


def test_exports_stay_the_same_while_the_archive_grows_and_the_watchlist_changes(
    db: Database, tmp_path: Path
) -> None:
    frozen = freeze(db)
    before = _exports(db, tmp_path / "before")

    grow(db, 10_000)
    renamed = Actor("ma_amal", "network", name="Another name", aliases=(Alias("hope house"),))
    fresh = Actor("ma_club", "cso", name="football club", aliases=(Alias("football club"),))
    person = Actor("ma_harbour", "person", name="harbour", aliases=(Alias("harbour"),))
    actors.register(db, [renamed, fresh, person], utc_now())
    fill(db.path, [Story("A later word on the Amal Association. " * 4)], [renamed, fresh])

    assert db.count("") == 10_004
    assert _exports(db, tmp_path / "after") == before
    assert verify(db, store.find(db, "first")).wrong == []
    assert store.find(db, "first") == frozen


def test_texts_stay_as_they_were_though_outlets_edit_and_readers_get_better(
    db: Database, tmp_path: Path
) -> None:
    frozen = freeze(db)
    order = Export(format="jsonl", with_text=True)
    before = write(db, frozen, order, tmp_path / "before")[0]

    for said in ("Shortened.", "And changed again."):
        with db.write():
            db.execute("UPDATE article_texts SET text = ? WHERE article_id <= 2", (said,))

    after, withdrawn = write(db, frozen, order, tmp_path / "after")
    assert after.sha256 == before.sha256
    assert withdrawn.texts == 0
    assert db.value("SELECT count(*) FROM snapshot_texts") == 2
    assert verify(db, frozen).wrong == []


def test_a_text_that_is_nowhere_any_more_is_told_and_never_replaced(
    db: Database, tmp_path: Path
) -> None:
    frozen = freeze(db)
    with db.write():
        db.execute("UPDATE article_texts SET text = 'Changed.' WHERE article_id = 1")
        db.execute("DELETE FROM snapshot_texts")

    written, withdrawn = write(
        db, frozen, Export(format="jsonl", with_text=True), tmp_path / "texts.jsonl"
    )

    rows = [json.loads(line) for line in (tmp_path / "texts.jsonl").read_text().splitlines()]
    assert (written.rows, withdrawn.texts, rows[0]["text"]) == (3, 1, None)
    assert [(one.article_id, one.why) for one in verify(db, frozen).wrong] == [
        (1, "its text is nowhere as it was")
    ]


@pytest.mark.parametrize("place", [0, 57, -2])
def test_a_flipped_byte_of_an_exported_file_is_found_and_named(
    db: Database, tmp_path: Path, place: int
) -> None:
    frozen, file = freeze(db), tmp_path / "articles.csv"
    write(db, frozen, Export(format="csv"), file)
    assert check(db, frozen, file).why == ""

    content = bytearray(file.read_bytes())
    content[place] ^= 4
    file.write_bytes(content)

    place %= len(content)
    line = 1 + content[:place].count(b"\n")
    assert check(db, frozen, file).why.startswith(f"changed: byte {place:,} (line {line:,}) is ")


def test_a_file_that_was_cut_or_that_belongs_to_another_set_is_told(
    db: Database, tmp_path: Path
) -> None:
    frozen, other = freeze(db), freeze(db, "second", q="reading")
    file = tmp_path / "mentions.jsonl"
    write(db, frozen, Export(kind="mentions", format="jsonl"), file)

    assert check(db, other, file).why.startswith('it is of another snapshot: "first", ')
    file.write_bytes(file.read_bytes()[:-10])
    assert check(db, frozen, file).why.startswith("it ends too early, before byte ")
    file.with_name("mentions.jsonl.about.json").unlink()
    assert check(db, frozen, file).why == "mentions.jsonl.about.json is not there"


def test_a_file_and_a_side_car_that_were_both_forged_are_not_what_the_set_gives(
    db: Database, tmp_path: Path
) -> None:
    frozen, file = freeze(db), tmp_path / "articles.csv"
    write(db, frozen, Export(format="csv"), file)
    file.write_bytes(file.read_bytes().replace(b"Headline 1", b"Headline 9"))
    beside = tmp_path / "articles.csv.about.json"
    about = json.loads(beside.read_text())
    about["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    beside.write_text(json.dumps(about))

    assert check(db, frozen, file).why == "not what the set gives, though its side-car says so"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (
            "UPDATE snapshot_rows SET row = replace(row, 'Headline 1', 'Headline 7') "
            "WHERE kind = 'articles'",
            ["not the words that were frozen"],
        ),
        (
            "DELETE FROM snapshot_rows WHERE kind = 'mentions' AND position = 1",
            [
                "out of its place",
                "rows were taken away or added",
                "what is kept does not give the digest of the set",
            ],
        ),
        (
            "UPDATE snapshots SET why = 'something else'",
            ["what is kept does not give the digest of the set"],
        ),
        (
            "INSERT INTO snapshot_rows SELECT snapshot_id, 'other', 0, NULL, digest, row "
            "FROM snapshot_rows WHERE kind = 'articles' AND position = 0",
            ["no kind of rows that is frozen"],
        ),
    ],
)
def test_what_was_changed_by_hand_in_the_database_is_named(
    db: Database, sql: str, why: list[str]
) -> None:
    freeze(db)
    with closing(sqlite3.connect(db.path)) as by_hand:
        by_hand.execute(sql)
        by_hand.commit()

    assert [one.why for one in verify(db, store.find(db, "first")).wrong] == why


def test_a_flipped_bit_of_a_frozen_row_is_found_where_it_is(db: Database) -> None:
    frozen = freeze(db)
    of = "WHERE kind = 'mentions' AND position = 2"
    row = bytearray(db.value(f"SELECT CAST(row AS BLOB) FROM snapshot_rows {of}"))
    row[12] ^= 0x80  # no UTF-8 any more
    with db.write():
        db.execute(f"UPDATE snapshot_rows SET row = CAST(? AS TEXT) {of}", (bytes(row),))

    assert [(one.kind, one.position) for one in verify(db, frozen).wrong] == [("mentions", 2)]


def test_the_same_archive_frozen_twice_has_the_same_rows_and_another_digest(db: Database) -> None:
    one, two = freeze(db), freeze(db, "second")

    digests = [_digests(db, which) for which in (one, two)]
    assert digests[0] == digests[1]
    assert one.digest != two.digest


def _digests(db: Database, which: Snapshot) -> list[str]:
    return [row.digest for kind in KINDS for row in store.rows(db, which, kind)]


def test_actors_are_named_as_the_watchlist_had_them(db: Database, tmp_path: Path) -> None:
    order, file = Export(kind="mentions", format="jsonl", with_persons=True), tmp_path / "mentions"
    write(db, freeze(db), order, file)

    named = [json.loads(line)["actor"] for line in file.read_text().splitlines()]
    assert named == [AMAL.name, AMAL.name, PERSON.name]
