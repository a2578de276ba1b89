"""Captures are found again after a restore although retention has moved them since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import kept
import pytest

from crawler.care.backups import Backup, back_up
from crawler.care.restoring import restore
from crawler.care.retention import Retention
from crawler.care.tidying import tidy
from crawler.care.verifying import verify
from crawler.workspace import Workspace
from storage.database import open_database
from storage.times import utc_now

OLD, KEPT = 6, 4


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """Six old captures of which two are past their age, and a new one."""
    made = kept.made(tmp_path / "watch")
    numbers = kept.night(made, kept.texts(0, OLD), at=utc_now() - timedelta(days=200))
    kept.night(made, kept.texts(100, 1), at=utc_now())
    with open_database(made.database) as db, db.write():
        for number in numbers[OLD - KEPT :]:
            db.execute("UPDATE articles SET version = 2 WHERE id = ?", (number,))
    return made


def thinned(place: Workspace) -> tuple[Backup, Path]:
    """A backup, and the file that tidying has made since of the captures that stay."""
    backup = back_up(place)
    tidy(place, Retention(captures_days=90))
    (file,) = place.warc_dir.glob("run-000001.*.warc.gz")
    return backup, file


def named(place: Workspace) -> list[str | None]:
    """Where the captures of the old articles lie."""
    with open_database(place.database, readonly=True) as db:
        sql = "SELECT capture_file AS file FROM fetches ORDER BY id LIMIT ?"
        return [row["file"] for row in db.all(sql, (OLD,))]


def test_what_was_kept_is_found_and_what_went_is_known_to_be_gone(place: Workspace) -> None:
    backup, file = thinned(place)

    restore(backup.path, place.root, replace=True)

    assert named(place) == [None] * (OLD - KEPT) + [file.name] * KEPT
    assert verify(place).wrong == 0


def test_a_file_of_which_nothing_stayed_is_known_to_be_gone(place: Workspace) -> None:
    with open_database(place.database) as db, db.write():
        db.execute("UPDATE articles SET version = 1")
    backup = back_up(place)
    tidy(place, Retention(captures_days=90))

    restore(backup.path, place.root, replace=True)

    assert named(place) == [None] * OLD
    assert verify(place).wrong == 0


def test_a_file_that_is_missing_and_was_not_removed_stays_missing(place: Workspace) -> None:
    backup = back_up(place)
    (place.warc_dir / "run-000001.warc.gz").unlink()

    restored = restore(backup.path, place.root, replace=True)

    assert restored.captures_missing == ("run-000001.warc.gz",)
    assert verify(place).wrong_capture_count == OLD


@pytest.mark.parametrize("record", range(KEPT))
def test_a_damaged_capture_takes_no_other_with_it_and_is_told(
    place: Workspace, record: int
) -> None:
    backup, file = thinned(place)
    with open_database(place.database, readonly=True) as db:
        sql = "SELECT capture_offset FROM fetches WHERE capture_file = ? ORDER BY 1"
        starts = [row[0] for row in db.all(sql, (file.name,))]
    content = bytearray(file.read_bytes())
    content[(*starts, len(content))[record + 1] - 40] ^= 0x55
    file.write_bytes(content)

    restore(backup.path, place.root, replace=True)

    assert named(place).count(file.name) == KEPT - 1
    assert named(place).count(None) == OLD - KEPT, "what is damaged was not removed"
    assert verify(place).wrong_capture_count == 1
    tidy(place, Retention(captures_days=90))
    parts = sorted(place.warc_dir.rglob("run-000001.1*"), key=lambda path: "-from-" in path.name)
    left = b"".join(path.read_bytes() for path in parts)
    assert left == bytes(content), "not a byte of it goes before a person has looked"
