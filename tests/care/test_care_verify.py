from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import kept
import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.care.verifying import Verified, verify
from crawler.cli.main import app
from crawler.engine.locks import AlreadyRunning, alone
from crawler.workspace import Workspace
from storage import verification
from storage.database import Database, open_database
from storage.upkeep import Upkeep

FLIPS = 100
RECORDS = 12


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound archive: two runs, with a capture of each article."""
    place = kept.made(tmp_path_factory.mktemp("verify") / "watch")
    kept.night(place, kept.texts(0, FLIPS))
    kept.night(place, kept.texts(FLIPS, RECORDS))
    return place.root


@pytest.fixture
def place(archive: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(archive, tmp_path / "watch")
    return Workspace(tmp_path / "watch", kept.made(tmp_path / "other").settings)


def marsad(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--workspace", str(place.root)])


def change(place: Workspace, sql: str, *parameters: object) -> None:
    with open_database(place.database) as db, db.write():
        db.execute(sql, parameters)


def flip(path: Path, offset: int, dice: random.Random) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ (1 << dice.randrange(8))]))


def named(found: Verified) -> set[int]:
    return {text.article_id for text in found.wrong_texts}


def test_an_archive_that_is_as_it_was_stored_is_found_so(place: Workspace) -> None:
    result = marsad(place, "verify", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["wrong"] == 0 and told["complete"]
    assert told["texts"] == told["records"] == FLIPS + RECORDS
    with open_database(place.database) as db:
        noted = Upkeep(db).latest("verify")
        assert noted is not None and noted.ok and noted.figures["captures"] == FLIPS + RECORDS
        files = db.all("SELECT records, wrong, verified_at IS NULL FROM capture_files")
        assert [tuple(row) for row in files] == [(FLIPS, 0, 0), (RECORDS, 0, 0)]


@pytest.mark.parametrize("seed", range(3))
def test_every_flipped_bit_in_the_texts_of_the_file_is_named(place: Workspace, seed: int) -> None:
    dice, content = random.Random(seed), place.database.read_bytes()
    texts = kept.texts(0, FLIPS)
    for text in texts:
        # Capitals stand in the stored text alone: what the search sees is folded.
        start = content.index(text.encode())
        flip(place.database, start + dice.randrange(len(text.encode())), dice)

    found = verify(place, captures=False)

    assert found.wrong_text_count == FLIPS
    assert named(found) == set(range(1, FLIPS + 1))


def test_flipped_bits_in_headlines_and_earlier_versions_are_named(place: Workspace) -> None:
    change(place, "UPDATE articles SET headline = 'A heedline' WHERE id = 3")
    change(place, "UPDATE article_versions SET headline = 'A haadline' WHERE article_id = 4")
    change(place, "UPDATE article_texts SET text = CAST(x'ff41' AS TEXT) WHERE article_id = 5")
    change(
        place,
        "INSERT INTO article_versions (article_id, version, seen_at, headline, content_hash, "
        "reader_version, text) VALUES (6, 9, '', 'A headline', 'not its digest', '1', 'words')",
    )
    change(place, "DELETE FROM article_texts WHERE article_id = 7")

    found = verify(place, captures=False)

    assert {3, 4, 5, 6, 7} == named(found)
    (earlier,) = (text for text in found.wrong_texts if text.article_id == 6)
    assert (earlier.version, earlier.current) == (9, False)


def test_texts_that_were_not_kept_are_not_wrong(place: Workspace) -> None:
    change(place, "UPDATE article_texts SET text = '' WHERE article_id = 3")
    change(place, "UPDATE articles SET text_kept = 0 WHERE id = 3")

    found = verify(place, captures=False)

    assert not found.wrong
    assert found.texts_not_kept == 1


def test_every_flipped_bit_in_a_capture_is_named_with_its_place(place: Workspace) -> None:
    with open_database(place.database) as db:
        first = verification.capture_files(db)[1]
        records = verification.records_in(db, first)
    path, dice = place.warc_dir / first.name, random.Random(6)
    sound = path.read_bytes()

    for number in range(FLIPS):
        record = records[number % len(records)]
        # Bytes 4 to 9 of a gzip head are a time stamp and marks that nothing rests on.
        within = dice.choice([*range(4), *range(10, record.place.length)])
        flip(path, record.place.offset + within, dice)
        found = _wrong(place, first.name)
        assert found == {record.place.offset}, f"flip {number} at byte {within}"
        path.write_bytes(sound)


def _wrong(place: Workspace, name: str) -> set[int]:
    from crawler.care.verifying import why_wrong

    with open_database(place.database, readonly=True) as db:
        (file,) = (each for each in verification.capture_files(db) if each.name == name)
        records = verification.records_in(db, file)
    return {r.place.offset for r in records if why_wrong(place.warc_dir, r)}


def test_what_is_wrong_is_told_with_what_to_do_and_ends_with_3(place: Workspace) -> None:
    change(place, "UPDATE article_texts SET text = 'other words' WHERE article_id = 3")
    flip(place.warc_dir / "run-000002.warc.gz", 200, random.Random(1))
    cut = place.warc_dir / "run-000001.warc.gz"
    os.truncate(cut, cut.stat().st_size - 10)

    result = marsad(place, "verify")

    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert any(line.split()[:3] == ["3", "1", "ma_manara"] for line in lines)
    assert any(line.startswith("run-000002.warc.gz") and "damaged" in line for line in lines)
    assert any(line.startswith("run-000001.warc.gz") and "ends before" in line for line in lines)
    told = " ".join(result.stdout.split())
    assert "`marsad backup list`" in told and "your copy of warc/" in told
    assert "https://" not in result.stdout


def test_what_was_removed_or_is_being_written_is_not_wrong(place: Workspace) -> None:
    change(
        place,
        "UPDATE fetches SET capture_file = NULL, capture_offset = NULL, capture_length = NULL, "
        "capture_removed_at = '2026-03-02T00:00:00Z' WHERE run_id = 1",
    )
    (place.warc_dir / "run-000001.warc.gz").unlink()
    kept.night(place, kept.texts(500, 2), status="running")
    os.truncate(place.warc_dir / "run-000003.warc.gz", 10)

    found = verify(place)

    assert not found.wrong
    assert (found.files, found.records) == (1, RECORDS)


def test_another_capture_in_the_place_of_the_one_that_was_fetched_is_wrong(
    place: Workspace,
) -> None:
    change(place, "UPDATE fetches SET payload_sha256 = 'other' WHERE id = 2 + (SELECT max(id) FROM "
           "fetches WHERE run_id = 1)")  # fmt: skip

    found = verify(place)

    assert [(wrong.file, "not what" in wrong.why) for wrong in found.wrong_captures] == [
        ("run-000002.warc.gz", True)
    ]


def test_short_of_time_the_next_one_goes_on_where_this_one_ended(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_BATCH", FLIPS // 2)
    monkeypatch.setattr(verification, "_STEPS", 10)

    first = verify(place, minutes=0.0)
    second = verify(place)
    third = verify(place, captures=False)

    assert (first.texts, first.texts_cut_at, first.files_left) == (FLIPS // 2, FLIPS // 2, 2)
    assert not first.complete and not first.structure_checked
    assert (second.texts, second.texts_cut_at, second.files_left) == (FLIPS // 2 + RECORDS, 0, 0)
    assert third.texts == FLIPS + RECORDS


def test_what_was_found_wrong_in_one_half_is_told_until_that_half_is_looked_at_again(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_BATCH", FLIPS // 2)
    monkeypatch.setattr(verification, "_STEPS", 10)
    change(place, "UPDATE article_texts SET text = 'other words' WHERE article_id = 1")

    halves = [verify(place, minutes=0.0, captures=False) for _ in range(3)]

    assert [half.wrong_text_count for half in halves] == [1, 0, 0]
    assert [half.wrong for half in halves] == [1, 1, 1]
    with open_database(place.database) as db:
        assert [one.ok for one in Upkeep(db).list("verify")] == [False] * 3


def test_the_file_of_captures_that_was_verified_longest_ago_comes_first(place: Workspace) -> None:
    values = "INSERT INTO capture_files (name, bytes, records, verified_at) VALUES (?, 1, 1, ?)"
    change(place, values, "run-000001.warc.gz", "2026-03-05T00:00:00Z")
    change(place, values, "run-000002.warc.gz", "2026-03-04T00:00:00Z")

    with open_database(place.database) as db:
        files = [file.name for file in verification.capture_files(db)]

    assert files == ["run-000002.warc.gz", "run-000001.warc.gz"]


def _header(place: Workspace) -> None:
    with place.database.open("r+b") as file:
        file.write(b"not a database at all")


def _page(place: Workspace) -> None:
    content = place.database.read_bytes()
    start = content.index(kept.texts(40, 1)[0].encode()) // 8192 * 8192
    with place.database.open("r+b") as file:
        file.seek(start)
        file.write(bytes(8192))


@pytest.mark.parametrize("damage", [_header, _page])
def test_a_damaged_database_is_told_and_not_made_worse(
    place: Workspace, damage: Callable[[Workspace], None]
) -> None:
    damage(place)

    result = marsad(place, "verify", "--no-captures")

    assert result.exit_code == 3
    assert "`marsad restore FILE --replace`" in " ".join(result.stdout.split())


def test_whichever_page_of_the_file_is_gone_it_is_told(place: Workspace) -> None:
    content, dice = place.database.read_bytes(), random.Random(3)
    pages = (content[at : at + 8192] for at in range(0, len(content), 8192))
    used = [number for number, held in enumerate(pages) if any(held)]  # a free one holds nothing
    for page in dice.sample(used, 8):
        place.database.write_bytes(
            content[: page * 8192] + bytes(8192) + content[(page + 1) * 8192 :]
        )

        assert verify(place, captures=False).wrong, f"page {page}"


def test_files_of_captures_are_not_read_while_they_are_being_tidied(place: Workspace) -> None:
    with alone(place.database, "captures"), pytest.raises(AlreadyRunning):
        verify(place)


def test_the_database_may_be_verified_while_others_read_and_write(place: Workspace) -> None:
    with open_database(place.database) as writer, writer.write():
        _touch(writer)
        with open_database(place.database, readonly=True) as db:
            assert verification.structure(db) == ()


def _touch(writer: Database) -> None:
    writer.execute("UPDATE articles SET matched_at = matched_at")
