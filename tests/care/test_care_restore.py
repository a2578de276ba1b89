from __future__ import annotations

import io
import json
import os
import random
import shutil
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import harness
import kept
import pytest
import zstandard
from click.testing import Result
from killing import every_step, killed_before_step
from newsroom.hostile import HostileNewsroom
from typer.testing import CliRunner

from crawler.care.backups import Backup, back_up
from crawler.care.restoring import Restored, RestoreRefused, restore
from crawler.care.verifying import verify
from crawler.cli.main import app
from crawler.engine.capture import cut_tail
from crawler.engine.locks import alone
from crawler.workspace import Workspace, find_workspace
from storage.database import open_database
from storage.processes import LifeLock
from storage.runs import RunStore
from storage.upkeep import Upkeep


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = kept.made(tmp_path / "watch")
    (made.outlets_dir / "mine.toml").write_text("# as it was")
    kept.night(made, kept.texts(0, 4))
    return made


def marsad(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def articles(database: Path) -> int:
    with open_database(database, readonly=True) as db:
        assert db.value("PRAGMA integrity_check") == "ok"
        return int(db.value("SELECT count(*) FROM articles"))


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


# ---------------------------------------------------------------- putting back


def test_a_restored_workspace_is_as_it_was_and_what_came_since_is_set_aside(
    place: Workspace,
) -> None:
    made = back_up(place)
    kept.night(place, kept.texts(10, 3))
    (place.outlets_dir / "mine.toml").write_text("# changed")
    (place.outlets_dir / "new.toml").write_text("# added")

    result = marsad("restore", made.path, "--replace", "-w", place.root)

    assert result.exit_code == 0, result.stderr
    told = " ".join(result.stdout.split())
    assert "4 articles" in told and "finds it again as far as the outlets still show it" in told
    assert articles(place.database) == 4
    assert [path.name for path in place.outlets_dir.iterdir()] == ["mine.toml"]
    assert (place.outlets_dir / "mine.toml").read_text() == "# as it was"
    (before,) = place.root.glob("before-restore-*")
    assert articles(before / "marsad.db") == 7
    assert (before / "outlets" / "mine.toml").read_text() == "# changed"
    with open_database(place.database) as db:
        assert [record.kind for record in Upkeep(db).list()] == ["restore", "backup"]
        assert all(record.ok for record in Upkeep(db).list())


def test_where_there_is_a_workspace_it_is_replaced_on_demand_only(place: Workspace) -> None:
    made = back_up(place)
    before = files(place.root)

    result = marsad("restore", made.path, "--to", place.root)

    assert result.exit_code == 1
    assert "--replace" in result.stderr
    assert files(place.root) == before


def test_what_was_under_way_at_the_backup_is_interrupted_whoever_has_its_number_now(
    place: Workspace, tmp_path: Path
) -> None:
    kept.night(place, kept.texts(20, 1), status="running")  # by this very process
    made = back_up(place)

    restored = restore(made.path, tmp_path / "new")

    with open_database(restored.root / "marsad.db") as db:
        statuses = [run.status for run in RunStore(db).latest()]
        assert statuses == ["interrupted", "done"]
    with open_database(place.database) as db:
        assert RunStore(db).latest(1)[0].status == "running"


def _run(place: Workspace) -> Any:
    lock = LifeLock(place.database, "run-12")
    lock.hold()
    return lock


def _scheduler(place: Workspace) -> Any:
    from schedules.service import scheduler_lock

    held = scheduler_lock(place.root)
    held.__enter__()
    return held


def _tidy(place: Workspace) -> Any:
    held = alone(place.database, "tidy")
    held.__enter__()
    return held


@pytest.mark.parametrize(
    ("work", "told"), [(_run, "run 12"), (_scheduler, "the scheduler"), (_tidy, "tidy")]
)
def test_nothing_is_replaced_while_anybody_works_there(
    place: Workspace, work: Callable[[Workspace], Any], told: str
) -> None:
    made, held = back_up(place), work(place)

    with pytest.raises(RestoreRefused, match=f"{told} is under way .process {os.getpid()}."):
        restore(made.path, place.root, replace=True)

    assert not list(place.root.glob("before-restore-*"))
    del held


def test_nothing_is_replaced_while_another_program_has_the_database_open(
    place: Workspace,
) -> None:
    made = back_up(place)

    with open_database(place.database, readonly=True) as reader:
        reader.value("SELECT count(*) FROM articles")
        with pytest.raises(RestoreRefused, match="open"):
            restore(made.path, place.root, replace=True)

    assert restore(made.path, place.root, replace=True).set_aside is not None


def test_a_database_with_a_destroyed_header_is_replaced_and_kept(place: Workspace) -> None:
    made = back_up(place)
    broken = b"no database" + place.database.read_bytes()[11:]
    place.database.write_bytes(broken)
    Path(f"{place.database}-wal").write_bytes(b"a log of that one")

    restored = restore(made.path, place.root, replace=True)

    assert articles(place.database) == 4
    assert restored.set_aside is not None
    assert (restored.set_aside / "marsad.db").read_bytes() == broken
    assert (restored.set_aside / "marsad.db-wal").exists()


def test_killed_at_any_step_the_database_is_the_old_or_the_new_and_nothing_is_lost(
    place: Workspace, tmp_path: Path
) -> None:
    made = back_up(place, tmp_path / "disk")
    kept.night(place, kept.texts(10, 3))
    captures = files(place.warc_dir)
    root, seen = tmp_path / "copy", set()

    def killed_at(number: int) -> bool:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(place.root, root)
        return killed_before_step(number, lambda: restore(made.path, root, replace=True))

    for _ in every_step(killed_at, 2):
        seen.add(articles(root / "marsad.db"))
        # What a run that starts right now would cut is kept elsewhere already.
        held = {path.name: path.read_bytes() for path in (root / "warc").rglob("*.warc.gz")}
        assert held == captures
        restore(made.path, root, replace=True)
        assert articles(root / "marsad.db") == 4
        old = [articles(path) for path in root.glob("before-restore-*/marsad.db")]
        assert 7 in old
        assert {path.name for path in (root / "warc").rglob("*.warc.gz")} == set(captures)
        assert not list(root.glob(".marsad-*"))
    assert seen == {4, 7}


# ---------------------------------------------------------------- captures


def test_captures_made_since_are_kept_from_the_next_run_with_their_number(
    place: Workspace,
) -> None:
    kept.night(place, kept.texts(20, 2), status="running")
    made = back_up(place)
    known = files(place.warc_dir)
    with open_database(place.database) as db:
        RunStore(db).close(2, "done")
    with (place.warc_dir / "run-000002.warc.gz").open("ab") as file:
        file.write(b"a record that came after the backup")
    kept.night(place, kept.texts(30, 2))
    later = files(place.warc_dir)

    restored = restore(made.path, place.root, replace=True)

    aside = restored.captures_aside
    assert aside is not None
    end = len(known["run-000002.warc.gz"])
    assert files(aside) == {
        f"run-000002-from-{end}.warc.gz": b"a record that came after the backup",
        "run-000003.warc.gz": later["run-000003.warc.gz"],
    }
    with open_database(place.database) as db:
        for run_id, end in RunStore(db).capture_ends().items():
            assert cut_tail(place.warc_dir, f"run-{run_id:06d}.warc.gz", end) == 0
    assert not verify(place).wrong
    kept.night(place, kept.texts(40, 1))
    assert not verify(place).wrong


def test_captures_are_taken_over_from_a_copy_as_far_as_the_backup_knows_them(
    place: Workspace, tmp_path: Path
) -> None:
    made, known = back_up(place), files(place.warc_dir)
    kept.night(place, kept.texts(10, 3))
    shutil.copytree(place.warc_dir, tmp_path / "copy")

    without = marsad("restore", made.path, "--to", tmp_path / "a", "--json")
    told = marsad(
        *("restore", made.path, "--to", tmp_path / "b"),
        *("--captures-from", tmp_path / "copy", "--json"),
    )

    assert (without.exit_code, told.exit_code) == (3, 0)
    assert json.loads(without.stdout)["captures_missing"] == ["run-000001.warc.gz"]
    assert files(tmp_path / "b" / "warc") == known
    assert not verify(find_workspace(tmp_path / "b")).wrong


def test_captures_that_retention_moved_since_the_backup_are_found_again(
    place: Workspace,
) -> None:
    made, path = back_up(place), place.warc_dir / "run-000001.warc.gz"
    with open_database(place.database) as db:
        rows = db.all("SELECT capture_offset AS o, capture_length AS n FROM fetches "
                      "WHERE capture_file IS NOT NULL ORDER BY capture_offset")  # fmt: skip
    whole = path.read_bytes()
    records = [whole[row["o"] : row["o"] + row["n"]] for row in rows]
    (place.warc_dir / "run-000001.1.warc.gz").write_bytes(records[3] + records[1])
    path.unlink()

    restored = restore(made.path, place.root, replace=True)

    assert restored.captures_missing == () and restored.captures_aside is None
    found = verify(place)
    assert (found.wrong, found.records) == (0, 2)
    with open_database(place.database) as db:
        gone = "SELECT count(*) FROM fetches WHERE capture_removed_at IS NOT NULL"
        assert db.value(gone) == 2


def test_a_restored_workspace_crawls_on_and_loses_no_capture(tmp_path: Path) -> None:
    host = "sahifa.test"
    with HostileNewsroom() as newsroom:
        harness.publish(newsroom, host, range(1, 4))
        place = harness.workspace(tmp_path / "watch", newsroom.port, [host])
        assert harness.crawl(place).code == 0
        made = back_up(place)
        harness.publish(newsroom, host, range(3, 6))
        assert harness.crawl(place).code == 0
        fetched = payloads(place)
        restored = restore(made.path, place.root, replace=True)
        assert harness.rows(place, "SELECT count(*) FROM articles") == [(3,)]
        assert harness.crawl(place).code == 0

    assert harness.rows(place, "SELECT count(*) FROM articles") == [(5,)]
    assert fetched <= payloads(place)
    assert restored.captures_aside is not None
    found = verify(place)
    assert not found.wrong and found.complete


def payloads(place: Workspace) -> set[str]:
    """The digests of all bodies that lie anywhere below warc/."""
    from crawler.care.relinking import _records

    found = set()
    for path in place.warc_dir.rglob("*.warc.gz"):
        found.update(key[0] for key, _ in _records(path) if key is not None)
    return found


# ---------------------------------------------------------------- hostile and damaged archives


def packed(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(content))
    return zstandard.compress(stream.getvalue()[: -tarfile.RECORDSIZE] + bytes(1024))


def archive_of(contents: dict[str, bytes], **manifest: Any) -> list[tuple[tarfile.TarInfo, bytes]]:
    """An archive as our own program would write it, with whatever members it should have."""
    told = {
        "format": 1,
        "program": "0",
        "workspace": "x",
        "made_at": datetime(2026, 11, 22, tzinfo=UTC).isoformat(),
        "schema_steps": [],
        "counts": {},
        "members": [
            {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in contents.items()
        ],
        **manifest,
    }
    first = (tarfile.TarInfo("MANIFEST.json"), json.dumps(told).encode())
    return [first, *((tarfile.TarInfo(name), content) for name, content in contents.items())]


GOOD = {"marsad.db": b"db", "marsad.toml": b"toml"}
NAMES = [
    "/etc/cron.d/x",
    "../x.toml",
    "outlets/../../x",
    "outlets/./x",
    "outlets//x",
    "outlets/.hidden",
    ".ssh/authorized_keys",
    "marsad.db-wal",
    "scheduler.lock",
    "warc",
    "outlets",
    "other/x.toml",
    "outlets/a\nb",
    "outlets\\..\\x",
    "outlets/" + "d/" * 20 + "x",
    "reports/" + "x" * 1001,
    "",
    ".",
    "MANIFEST.json",
    "outlets/\u202ex.toml",
]


def hostile() -> Iterator[tuple[str, bytes]]:
    for name in NAMES:
        yield f"named {name[:30]!r}", packed(archive_of({**GOOD, name: b"x"}))
    yield (
        "twice",
        packed(archive_of(GOOD, members=[*_told(GOOD), *_told({"marsad.toml": b"toml"})])),
    )
    yield "file and folder", packed(archive_of({**GOOD, "outlets/a": b"", "outlets/a/b": b""}))
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        members = archive_of({**GOOD, "outlets/x": b""})
        members[-1][0].type, members[-1][0].linkname = kind, "/etc/passwd"
        yield f"type {kind!r}", packed(members)
    yield "one more", packed([*archive_of(GOOD), (tarfile.TarInfo("outlets/x"), b"x")])
    yield "one less", packed(archive_of({**GOOD, "outlets/x": b"x"})[:-1])
    yield (
        "another content",
        packed(archive_of(GOOD, members=_told({"marsad.db": b"DB", "marsad.toml": b"toml"}))),
    )
    yield (
        "another size",
        packed(archive_of(GOOD, members=_told({"marsad.db": b"dbdbdb", "marsad.toml": b"toml"}))),
    )
    yield "no manifest", packed(archive_of(GOOD)[1:])
    yield "no members", packed(archive_of({}))
    yield "a later format", packed(archive_of(GOOD, format=2))
    yield "unknown keys", packed(archive_of(GOOD, run="rm -rf"))
    huge = [{"name": "marsad.db", "size": 10**15, "sha256": "0" * 64}, *_told({"marsad.toml": b""})]
    yield "a bomb", packed(archive_of(GOOD, members=huge))
    yield "no database", packed(archive_of(GOOD))
    yield "nothing", b""
    yield "text", b"a text that is no archive" * 50
    yield "a tar", io.BytesIO(zstandard.decompress(packed(archive_of(GOOD)), 1 << 20)).read()
    long = tarfile.TarInfo("x" * 5_000_000)
    yield "a name of megabytes", packed([*archive_of(GOOD)[:1], (long, b"")])


def _told(contents: dict[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in contents.items()
    ]


@pytest.mark.parametrize(("what", "content"), [pytest.param(*c, id=c[0]) for c in hostile()])
def test_a_hostile_archive_is_refused_and_leaves_nothing(
    tmp_path: Path, what: str, content: bytes
) -> None:
    archive = tmp_path / "hostile.tar.zst"
    archive.write_bytes(content)

    with pytest.raises(RestoreRefused, match=r"hostile\.tar\.zst was not restored"):
        restore(archive, tmp_path / "new")

    assert set(files(tmp_path)) <= {"hostile.tar.zst", "new/scheduler.lock"}


def test_any_flipped_bit_or_missing_end_of_a_backup_is_noticed(
    place: Workspace, tmp_path: Path
) -> None:
    made, dice = back_up(place), random.Random(5)
    content = made.path.read_bytes()
    for number in range(80):
        damaged = bytearray(content)
        if number % 4:
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        else:
            del damaged[dice.randrange(len(damaged)) :]
        refused, new = _refused(made, bytes(damaged), tmp_path / f"new{number}")
        assert refused or files(new.root)["outlets/mine.toml"] == b"# as it was", number


def _refused(made: Backup, content: bytes, root: Path) -> tuple[bool, Any]:
    copy = made.path.with_name("copy.tar.zst")
    copy.write_bytes(content)
    try:
        restored: Restored = restore(copy, root)
    except RestoreRefused:
        assert set(files(root)) <= {"scheduler.lock"}
        return True, None
    return False, restored


def test_a_backup_of_a_newer_marsad_is_not_restored(place: Workspace, tmp_path: Path) -> None:
    with open_database(place.database) as db, db.write():
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
                   "VALUES ('marsad', '0999_later', '')")  # fmt: skip
    made = back_up(place)

    with pytest.raises(RestoreRefused, match="newer Marsad"):
        restore(made.path, tmp_path / "new")
