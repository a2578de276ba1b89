"""A disk that fills up: no run begins without room, and one under way ends in good order.

That a limit on the size of files harms nothing either is shown beside the other safety tests.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from harness import Ran, crawl, marsad, paragraphs, publish, rows, workspace
from newsroom.hostile import HostileNewsroom, article_html

from crawler.engine.diskguard import Room, room
from crawler.workspace import Workspace, find_workspace

HOST = "full.test"
MEGABYTE = 1_000_000
ARTICLES = 9


@pytest.fixture
def newsroom() -> Iterator[HostileNewsroom]:
    """Articles on pages of 1 MB that no packer makes smaller."""
    with HostileNewsroom() as running:
        publish(running, HOST, range(ARTICLES))
        for seed in range(ARTICLES):
            noise = random.Random(seed).randbytes(500_000).hex()
            body = article_html(f"Report number {seed}", paragraphs(seed))
            running.article(HOST, f"/a/{seed}", body + f"<!-- {noise} -->".encode())
        yield running


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if mounted("-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)) != 0:
        pytest.skip("no right to mount; the tests under a limit of the size of files stand for it")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def mounted(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def larger(disk: Path) -> None:
    assert mounted("-o", "remount,size=90m", str(disk)) == 0


def reserve(place: Workspace, megabytes: int) -> Workspace:
    settings = place.root / "marsad.toml"
    text = settings.read_text()
    assert "reserve_megabytes = 1000" in text
    settings.write_text(
        text.replace("reserve_megabytes = 1000", f"reserve_megabytes = {megabytes}")
    )
    return find_workspace(place.root)


def assert_whole(place: Workspace) -> None:
    """Nothing is corrupt: the database, every record that it names, and each file to its end."""
    assert rows(place, "PRAGMA integrity_check") == [("ok",)]
    named = dict(rows(place, "SELECT capture_file, count(*) FROM fetches "
                             "WHERE capture_file NOT NULL GROUP BY 1"))  # fmt: skip
    for path in place.warc_dir.iterdir():
        with path.open("rb") as file:
            read = sum(1 for record in ArchiveIterator(file) if record.reader.read())
        assert read == named.get(path.name, 0)


def assert_said_once(ran: Ran, words: str) -> None:
    assert "Traceback" not in ran.stderr
    assert " ".join((ran.stdout + ran.stderr).split()).count(words) == 1


def test_no_run_begins_without_room(tmp_path: Path, newsroom: HostileNewsroom) -> None:
    place = reserve(workspace(tmp_path / "w", newsroom.port, [HOST]), 10_000_000)

    ran = marsad("crawl", "--all", "-w", str(place.root))

    assert ran.code == 1
    assert_said_once(ran, "10000000 MB are to stay free ([disk] in marsad.toml): nothing was")
    assert newsroom.seen(HOST) == []


def test_a_run_ends_in_good_order_before_the_disk_is_full(
    disk: Path, newsroom: HostileNewsroom
) -> None:
    place = workspace(disk / "w", newsroom.port, [HOST], delay_seconds=0.15)
    place = reserve(place, 38)

    ended = marsad("crawl", "--all", "-w", str(place.root))

    assert ended.code == 3
    assert_said_once(ended, "The run ended early: only")
    assert rows(place, "SELECT status FROM runs") == [("interrupted",)]
    assert rows(place, "SELECT count(*) FROM run_notes WHERE key = 'disk'") == [(1,)]
    ((stored, waiting),) = rows(
        place, "SELECT count(*) FILTER (WHERE state = 'done'), count(*) FILTER "
               "(WHERE state = 'pending' AND claimed_by IS NULL) FROM candidates")  # fmt: skip
    assert 0 < stored < ARTICLES and stored + waiting == ARTICLES
    assert room(place).free > 19 * MEGABYTE, "it left more than half of the reserve"
    assert_whole(place)

    larger(disk)
    resumed = crawl(place)

    assert resumed.data["balanced"] and not resumed.data["disk"]
    assert rows(place, "SELECT count(*) FROM articles") == [(ARTICLES,)]


def test_a_disk_that_is_full_in_the_middle_of_a_run_harms_nothing(
    disk: Path, newsroom: HostileNewsroom
) -> None:
    place = reserve(workspace(disk / "w", newsroom.port, [HOST]), 0)
    (disk / "somebody-elses").write_bytes(bytes(room(place).free - 5 * MEGABYTE))

    full = marsad("crawl", "--all", "-w", str(place.root))

    assert full.code == 1
    assert "Traceback" not in full.stderr
    assert rows(place, "PRAGMA integrity_check") == [("ok",)]
    larger(disk)
    healed = crawl(place)
    assert healed.data["balanced"]
    assert rows(place, "SELECT count(*) FROM articles") == [(ARTICLES,)]
    assert_whole(place)


def test_the_fullest_disk_counts(tmp_path: Path, disk: Path) -> None:
    place = workspace(tmp_path / "w", 1, [])
    place.warc_dir.rmdir()
    (disk / "warc").mkdir()
    place.warc_dir.symlink_to(disk / "warc")

    left = room(place)

    assert left.free <= 42 * MEGABYTE
    assert not left.enough
    assert Room(0, 0).enough, "a reserve of nothing never ends a run"
