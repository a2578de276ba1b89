"""What happens to a set later: edits, better readers, erasure, hiding, judgements, backups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import kept
import pytest
from frozen_sets import AMAL, PERSON, archive, freeze
from stored import Story, fill

from crawler.care.backups import back_up
from crawler.care.restoring import restore
from crawler.care.verifying import verify as verify_all
from storage.articles import ArticleStore
from storage.database import Database, open_database
from storage.errors import CannotExport
from storage.exporting.orders import Export
from storage.frozen import store
from storage.frozen.differences import difference
from storage.frozen.erasing import blank
from storage.frozen.exports import write
from storage.frozen.files import check, digest_of
from storage.frozen.thawing import since
from storage.frozen.verifying import verify
from storage.judgements import JudgementStore
from storage.models import Reading


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive(tmp_path / "marsad.db")
    with open_database(tmp_path / "marsad.db") as database:
        yield database


def told(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def reread(db: Database, article_id: int, text: str) -> None:
    """A better reader reads another text off the same capture."""
    row = db.one("SELECT * FROM articles WHERE id = ?", (article_id,))
    assert row is not None
    url, headline = row["url"], row["headline"]
    reading = Reading(url, url, None, headline=headline, text=text, reader_version="9")
    ArticleStore(db).reread(article_id, reading)


def test_a_text_that_a_better_reader_reads_anew_is_kept_as_it_was(
    db: Database, tmp_path: Path
) -> None:
    made = freeze(db)
    before = db.value("SELECT text FROM article_texts WHERE article_id = 1")

    reread(db, 1, "Only the first line, and not what it said.")

    assert db.value("SELECT text FROM article_texts WHERE article_id = 1") != before
    write(db, made, Export(format="jsonl", with_text=True), tmp_path / "texts")
    assert told(tmp_path / "texts")[0]["text"] == before
    assert verify(db, made).wrong == []


def test_each_set_has_the_text_of_its_own_instant(db: Database, tmp_path: Path) -> None:
    first = freeze(db)
    reread(db, 1, "The second text of it.")
    second = freeze(db, "second")
    reread(db, 1, "The third text of it.")

    for made, begins in ((first, "The Amal"), (second, "The second")):
        write(db, made, Export(format="jsonl", with_text=True), tmp_path / made.name)
        assert told(tmp_path / made.name)[0]["text"].startswith(begins)


def test_texts_that_were_never_kept_are_no_fault(tmp_path: Path) -> None:
    stories = [Story("Nobody is named in this one. " * 9), Story("The Amal Association met. " * 9)]
    fill(tmp_path / "marsad.db", stories, [AMAL], keep="mentions")
    with open_database(tmp_path / "marsad.db") as db:
        made = freeze(db)
        write(db, made, Export(format="jsonl", with_text=True), tmp_path / "texts")

        assert [bool(row["text"]) for row in told(tmp_path / "texts")] == [False, True]
        assert (made.facts["not_kept"], verify(db, made).wrong) == (1, [])

        with db.write():  # as when somebody is found in it after all
            db.execute("UPDATE article_texts SET text = 'It is kept now.' WHERE article_id = 1")

        again = write(db, made, Export(format="jsonl", with_text=True), tmp_path / "again")[0]
        assert again.sha256 == digest_of(tmp_path / "texts")
        assert verify(db, made).wrong == []


def test_what_is_erased_is_left_out_and_counted_and_the_rest_stays_whole(
    db: Database, tmp_path: Path
) -> None:
    made = freeze(db)
    file = tmp_path / "before.jsonl"
    write(db, made, Export(format="jsonl"), file)
    reread(db, 2, "Changed, so that its old text is kept for the set.")

    assert blank(db, 2) > 2

    written, withdrawn = write(db, made, Export(format="jsonl"), tmp_path / "after.jsonl")
    about = json.loads((tmp_path / "after.jsonl.about.json").read_text())
    assert [row["article_id"] for row in told(tmp_path / "after.jsonl")] == ["1", "3"]
    assert (written.rows, withdrawn.erased, about["withdrawn"]["rows_erased"]) == (2, 1, 1)
    kept = "kind IN ('articles', 'mentions', 'stories', 'edits') AND row LIKE '%Lina%'"
    assert db.value(f"SELECT count(*) FROM snapshot_rows WHERE {kept}") == 0
    assert db.value("SELECT count(*) FROM snapshot_texts") == 0
    found = verify(db, made)
    assert found.wrong == [] and found.withdrawn > 2
    assert since(db, made).withdrawn == found.withdrawn
    assert check(db, made, file).note.startswith("whole; rows were withdrawn since")
    assert check(db, made, tmp_path / "after.jsonl").why == ""


def test_an_actor_that_is_hidden_later_is_in_no_export(db: Database, tmp_path: Path) -> None:
    made = freeze(db)
    order = Export(kind="mentions", format="jsonl", with_persons=True)
    with db.write():
        db.execute("UPDATE actors SET suppress = 1 WHERE id = 'ma_person'")

    _, withdrawn = write(db, made, order, tmp_path / "m")

    assert {row["actor_id"] for row in told(tmp_path / "m")} == {"ma_amal"}
    assert difference(db, made, None).mentions_removed.number == 0
    assert (withdrawn.hidden, since(db, made).withdrawn) == (1, 1)


def test_persons_are_hidden_unless_they_are_asked_for(db: Database, tmp_path: Path) -> None:
    made = freeze(db)
    for name, order in {
        "plain": Export(kind="mentions", format="jsonl"),
        "redacted": Export(format="jsonl", with_text=True, redact=True),
        "named": Export(kind="mentions", format="jsonl", with_persons=True),
    }.items():
        write(db, made, order, tmp_path / name)

    assert "ma_person" not in (tmp_path / "plain").read_text()
    assert "Lina" not in (tmp_path / "redacted").read_text()
    assert PERSON.name in (tmp_path / "named").read_text()


def test_a_later_judgement_changes_no_export_and_is_told_as_a_difference(
    db: Database, tmp_path: Path
) -> None:
    made = freeze(db)
    before = write(db, made, Export(kind="mentions"), tmp_path / "before")[0]
    judgements = JudgementStore(db)
    judgements.leave_out(3, who="coder", why="sport")
    judgements.not_this(2, "ma_amal", who="coder", why="another one")

    after = write(db, made, Export(kind="mentions"), tmp_path / "after")[0]

    found = difference(db, made, None)
    assert after.sha256 == before.sha256
    assert [(one.article_id, one.fate) for one in found.gone.first] == [(3, "left_out")]
    assert [(one.article_id, one.actor_id) for one in found.mentions_removed.first] == [
        (2, "ma_amal")
    ]
    assert since(db, made).left_out == 1


def test_sets_differ_by_what_was_added_changed_and_named(db: Database) -> None:
    first = freeze(db, q="Amal OR Lina OR village")
    fill(db.path, [Story("In the village the Amal Association planted trees. " * 4)], [AMAL])
    reread(db, 1, "The reading room was opened by Amal on Thursday.")
    second = freeze(db, "second", q="Amal OR Lina OR village")

    for found in (difference(db, first, second), difference(db, first, None)):
        assert [one.article_id for one in found.added.first] == [4]
        assert [(one.article_id, "text" in one.columns) for one in found.changed.first] == [
            (1, True)
        ]
        assert (found.same, found.gone.number) == (1, 0)
    back = difference(db, second, first)
    assert ([one.article_id for one in back.gone.first], back.added.number) == ([4], 0)


def test_nothing_is_said_of_what_was_erased(db: Database) -> None:
    made = freeze(db)
    other = freeze(db, "second")
    blank(db, 2)

    for found in (difference(db, made, None), difference(db, made, other)):
        assert (found.erased, found.same, found.gone.number, found.added.number) == (1, 2, 0, 0)


@pytest.mark.parametrize(
    "order",
    [
        Export(kind="judgements"),
        Export(kind="concordance"),
        Export(kind="mentions", with_text=True),
        Export(kind="attention", per_outlet=False),
    ],
)
def test_what_a_set_does_not_hold_is_refused(db: Database, tmp_path: Path, order: Export) -> None:
    made = freeze(db)

    with pytest.raises(CannotExport):
        write(db, made, order, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_backup_holds_it_and_a_restored_one_gives_the_same_bytes(tmp_path: Path) -> None:
    place = kept.made(tmp_path / "watch")
    kept.night(place, kept.texts(0, 3))
    with open_database(place.database) as db:
        made = freeze(db)
        before = write(db, made, Export(format="csv", with_text=True), tmp_path / "before.csv")[0]
    backup = back_up(place, tmp_path / "backups")

    restore(backup.path, tmp_path / "again")

    with open_database(tmp_path / "again" / "marsad.db", readonly=True) as db:
        restored = store.find(db, "first")
        key = (place.root / "redaction.key").read_text()
        assert restored == made
        assert (tmp_path / "again" / "redaction.key").read_text() == key
        after = write(db, restored, Export(format="csv", with_text=True), tmp_path / "after.csv")[0]
    assert after == before


def test_verifying_the_archive_looks_at_snapshots_too(tmp_path: Path) -> None:
    place = kept.made(tmp_path / "watch")
    kept.night(place, kept.texts(0, 3))
    with open_database(place.database) as db:
        freeze(db)
        freeze(db, "second", q="WORDS")
    whole = verify_all(place)
    assert (whole.snapshots, whole.wrong_snapshots, whole.wrong) == (2, [], 0)

    with open_database(place.database) as db, db.write():
        db.execute(
            "UPDATE snapshot_rows SET row = replace(row, 'headline', 'deadline') "
            "WHERE snapshot_id = 2 AND kind = 'articles'"
        )

    found = verify_all(place, captures=False)
    assert [(one.name, one.wrong) for one in found.wrong_snapshots] == [("second", 3)]
    assert found.wrong == 1
