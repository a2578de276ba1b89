from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from typing import Any

import kept
import pytest
from click.testing import Result
from harness import ROOT
from killing import every_step, killed_before_step
from typer.testing import CliRunner

from crawler.care import backups, packing
from crawler.care.backups import BackupFailed, back_up, listed
from crawler.care.restoring import restore
from crawler.cli.care_progress import clean_end
from crawler.cli.main import app
from crawler.workspace import Workspace
from storage.database import Database, open_database
from storage.runs import RunStore
from storage.upkeep import Upkeep

WRITER = ROOT / "tests" / "storage" / "crash_writer.py"
ARTICLES = 200


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = kept.made(tmp_path / "watch")
    kept.night(made, kept.texts(0, 5))
    return made


def marsad(place: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--workspace", str(place.root)])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# ---------------------------------------------------------------- beside a crawl


def balanced(db: Database) -> bool:
    return all(not RunStore(db).imbalance(run.run_id) for run in RunStore(db).latest(20))


def is_one_instant(db: Database) -> bool:
    """Whether each article has all that is saved with it, and the articles are the first ones."""
    count = db.value("SELECT count(*) FROM articles")
    parts = [
        db.value(f"SELECT count(*) FROM {table}")
        for table in ("article_texts", "article_versions", "fingerprints", "article_index",
                      "mentions", "fetches WHERE candidate_id IS NOT NULL",
                      "outcomes WHERE article_id IS NOT NULL",
                      "candidates WHERE state = 'done'")
    ]  # fmt: skip
    keys = {row["url_key"] for row in db.all("SELECT url_key FROM articles")}
    return set(parts) == {count} and keys == {f"sahifa.test/{number}" for number in range(count)}


def writer(path: Path, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """A run that saves an article for each line that it is given; all at once where none comes."""
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(path), str(ARTICLES)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=stdin,
        stdout=subprocess.PIPE,
    )


def test_a_backup_made_while_a_crawl_writes_is_one_instant_and_can_be_gone_on_with(
    tmp_path: Path,
) -> None:
    place, made = kept.made(tmp_path / "watch"), []
    saved = 0
    with writer(place.database, subprocess.PIPE) as crawl:
        assert crawl.stdin is not None and crawl.stdout is not None
        for _ in range(3):
            crawl.stdin.write(b"\n" * 60)  # to write while the backup is made, and not to the end
            crawl.stdin.flush()
            while saved <= (made[-1].manifest.articles if made else 0):
                crawl.stdout.readline()
                saved += 1
            made.append(back_up(place))
        crawl.communicate()

    counts = [backup.manifest.articles for backup in made]
    assert 0 < counts[0] < counts[1] < counts[2] < ARTICLES
    for number, backup in enumerate(made):
        restored = restore(backup.path, tmp_path / str(number))
        with open_database(restored.root / "marsad.db") as db:
            assert db.value("PRAGMA integrity_check") == "ok"
            assert db.all("PRAGMA foreign_key_check") == []
            assert is_one_instant(db)
            assert balanced(db)
            assert RunStore(db).latest(1)[0].status == "interrupted"
    with writer(tmp_path / "0" / "marsad.db") as again:
        again.communicate()
    with open_database(tmp_path / "0" / "marsad.db") as db:
        assert db.value("SELECT count(*) FROM articles") == ARTICLES
        assert is_one_instant(db) and balanced(db)


# ---------------------------------------------------------------- what it holds


def test_a_backup_holds_the_database_and_all_files_of_the_workspace_in_private(
    place: Workspace, tmp_path: Path
) -> None:
    files = {
        "outlets/ma/manara.toml": "# an outlet",
        "watchlists/قائمة " + "المدافعين " * 12 + ".toml": "# names",
        "schedules/nightly.toml": "# when",
        "agencies.toml": "# agencies",
        "paused.toml": "# paused",
        "probes/seen.json": "{}",
        "reports/2026-11-22.html": "<p>",
    }
    for name, text in files.items():
        path = place.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (place.root / "outlets" / ".manara.toml.swp").write_text("half")

    made = back_up(place, tmp_path / "disk")

    held = {member.name for member in made.manifest.members}
    assert held == {*files, "marsad.db", "marsad.toml"}
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path / "disk") == [made.path.name]
    assert made.manifest.counts["articles"] == 5
    restored = restore(made.path, tmp_path / "new")
    assert {name: (restored.root / name).read_text("utf-8") for name in files} == files
    assert (restored.root / "watchlists").stat().st_mode & 0o777 == 0o700


def test_captures_are_in_it_when_asked_for_as_far_as_the_database_knows_them(
    place: Workspace, tmp_path: Path
) -> None:
    capture = place.warc_dir / "run-000001.warc.gz"
    known = capture.read_bytes()
    with capture.open("ab") as file:
        file.write(b"not committed yet")

    made = back_up(place, captures=True)

    restored = restore(made.path, tmp_path / "new")
    assert (restored.root / "warc" / capture.name).read_bytes() == known
    assert restored.captures_missing == ()


def test_a_backup_is_noted_and_told(place: Workspace) -> None:
    result = marsad(place, "backup", "--json")
    shown = marsad(place, "backup", "list")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["articles"], told["captures"]) == (0, 5, False)
    assert shown.exit_code == 0 and Path(told["path"]).name in shown.stdout
    with open_database(place.database) as db:
        noted = Upkeep(db).latest("backup")
        assert noted is not None and noted.ok
        assert noted.figures["bytes"] == told["bytes"]
    assert marsad(place, "backup", "list", "--to", str(place.root / "outlets")).exit_code == 3


# ---------------------------------------------------------------- older ones


def test_older_backups_go_only_beyond_those_to_keep(place: Workspace) -> None:
    made = [back_up(place) for _ in range(4)]

    last = back_up(place, keep=3)

    assert last.removed == (made[1].path, made[0].path)
    assert names(place.backups_dir) == [b.path.name for b in (*made[2:], last)]
    assert len(listed(place.backups_dir)) == 3


def test_a_backup_that_holds_more_than_the_new_one_is_never_pushed_out(place: Workspace) -> None:
    """The disk lost the archive, and nobody noticed: week after week a new, nearly empty one."""
    rich = back_up(place)
    place.database.unlink()
    kept.night(place, kept.texts(0, 1))

    for _ in range(3):
        last = back_up(place, keep=1)

    assert last.held_back == (rich.path,)
    assert names(place.backups_dir) == [rich.path.name, last.path.name]


def test_backups_of_another_workspace_in_the_same_folder_stay(
    place: Workspace, tmp_path: Path
) -> None:
    other, disk = kept.made(tmp_path / "other"), tmp_path / "disk"
    kept.night(other, kept.texts(0, 2))
    theirs = back_up(other, disk)
    (disk / "marsad-20200101T000000Z.tar.zst").write_bytes(b"somebody's file")
    ours = [back_up(place, disk, keep=1) for _ in range(2)]

    assert names(disk) == sorted(
        ["marsad-20200101T000000Z.tar.zst", theirs.path.name, ours[1].path.name]
    )


def test_with_wrong_texts_in_the_database_no_sound_backup_goes(place: Workspace) -> None:
    sound = back_up(place)
    with open_database(place.database) as db, db.write():
        db.execute("UPDATE article_texts SET text = 'flipped' WHERE article_id = 2")

    result = marsad(place, "backup", "--keep", "1")

    assert result.exit_code == 3
    assert sound.path.exists()
    assert listed(place.backups_dir)[0].manifest.wrong_texts == 1  # type: ignore[union-attr]  # whole


# ---------------------------------------------------------------- no backup


def test_without_room_for_it_nothing_is_begun(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: usage(9e9, 8e9, 1.001e9))

    result = marsad(place, "backup")

    assert result.exit_code == 1
    assert "make room" in " ".join(result.stderr.split())
    assert names(place.backups_dir) == []
    with open_database(place.database) as db:
        noted = Upkeep(db).latest("backup")
        assert noted is not None and noted.ok is False


def test_a_damaged_database_pushes_out_no_backup(place: Workspace) -> None:
    sound = back_up(place)
    with sqlite3.connect(place.database) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM articles WHERE id = 2")
    db.close()

    with pytest.raises(BackupFailed, match="damaged"):
        back_up(place, keep=1)

    assert names(place.backups_dir) == [sound.path.name]


def test_an_archive_that_was_written_wrongly_never_gets_its_name(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, write = back_up(place), packing.pack

    def rots(target: Path, *others: Any) -> None:
        write(target, *others)
        with target.open("r+b") as file:
            file.seek(-200, os.SEEK_END)
            file.write(b"rot")

    monkeypatch.setattr(backups, "pack", rots)

    with pytest.raises(BackupFailed):
        back_up(place, keep=1)

    assert names(place.backups_dir) == [sound.path.name]


def test_killed_at_any_step_it_leaves_no_half_backup_and_the_next_one_cleans_up(
    place: Workspace, tmp_path: Path
) -> None:
    before, disk, killed = tmp_path / "before", tmp_path / "disk", 0
    back_up(place, before)

    def killed_at(number: int) -> bool:
        shutil.copytree(before, disk, dirs_exist_ok=True)
        for path in disk.glob("*.zst"):  # what the step before this one has left
            if not (before / path.name).exists():
                path.unlink()
        within = [(packing, "_header"), (packing, "_next_header")]
        return killed_before_step(number, lambda: back_up(place, disk, keep=1), within)

    for _ in every_step(killed_at):
        killed += 1
        found = listed(disk)
        assert found and all(each.manifest is not None for each in found)
        with packing.opened(found[0].path) as backup:
            backup.check()

    assert killed > 10
    back_up(place, disk, keep=1)
    assert len(names(disk)) == 1


def test_two_backups_of_one_workspace_are_not_made_at_once(place: Workspace) -> None:
    from crawler.engine.locks import alone

    with alone(place.database, "backup"):
        result = marsad(place, "backup")

    assert result.exit_code == 1
    assert "another backup" in result.stderr


def test_a_disk_that_is_not_there_is_not_made_up(place: Workspace, tmp_path: Path) -> None:
    result = marsad(place, "backup", "--to", str(tmp_path / "not mounted"))

    assert result.exit_code == 2
    assert "is its disk there?" in result.stderr
    assert not (tmp_path / "not mounted").exists()


def test_told_to_end_it_takes_away_what_is_unfinished(place: Workspace, tmp_path: Path) -> None:
    def ends(_step: str, _done: int, _all: int) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    with clean_end(), pytest.raises(SystemExit):
        back_up(place, tmp_path / "disk", progress=ends)

    assert names(tmp_path / "disk") == []
