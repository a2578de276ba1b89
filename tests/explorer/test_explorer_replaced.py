"""The site while its database goes away, comes back, is something else for a while, or is held."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest
from deskkit import Site

from storage.database import Database
from storage.errors import DatabaseMissing
from storage.explorer import streaming
from storage.explorer.streaming import Stream

COUNT = "SELECT count(*) FROM saved_searches"


def _move(path: Path, to: Path) -> None:
    """A database without its log, which is written into it first."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(to.with_name(to.name + ending))


@pytest.mark.parametrize("meanwhile", [b"", b"no database at all " * 300])
def test_the_same_file_back_again_is_read_again(
    own_site: Site, tmp_path: Path, meanwhile: bytes
) -> None:
    """Also where something else stood in its place: nobody keeps a connection that was closed."""
    assert own_site.get("/search", q="ميراث").status_code == 200
    away = tmp_path / "away.db"
    _move(own_site.path, away)
    own_site.path.write_bytes(meanwhile)
    assert {own_site.get("/search", q="ميراث").status_code for _ in range(8)} == {500}
    assert own_site.path.read_bytes() == meanwhile
    own_site.path.unlink()
    _move(away, own_site.path)
    answers = {own_site.get("/search", q="ميراث").status_code for _ in range(8)}
    assert answers == {200}


def test_a_form_makes_no_database_where_none_is(own_site: Site, tmp_path: Path) -> None:
    """An empty archive in the place of one that is being put back would be taken for it."""
    own_site.client.get("/articles/1/judge?kind=leave_out")
    token = own_site.client.cookies["ds_csrftoken"]
    _move(own_site.path, tmp_path / "away.db")
    fields = {"asked": "q=a", "name": "a name", "csrftoken": token}
    assert own_site.client.post("/saved", data=fields).status_code == 500
    assert not own_site.path.exists()
    _move(tmp_path / "away.db", own_site.path)
    assert own_site.client.post("/saved", data=fields).status_code == 303
    assert own_site.rows(COUNT) == [(1,)]


def test_another_archive_in_its_place_is_the_one_that_is_shown(
    own_site: Site, tmp_path: Path
) -> None:
    """As a backup that was put back: by the very next page, with what it says."""
    (headline,) = own_site.rows("SELECT headline FROM articles WHERE id = 1")[0]
    assert headline in own_site.get("/articles/1").text
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(own_site.path)) as source, closing(sqlite3.connect(other)) as copy:
        source.backup(copy)
        copy.execute("UPDATE articles SET headline = 'as it once stood' WHERE id = 1")
        copy.commit()
    for ending in ("-wal", "-shm"):
        own_site.path.with_name(own_site.path.name + ending).unlink(missing_ok=True)
    other.replace(own_site.path)
    for _ in range(8):  # each of the threads that read
        assert "as it once stood" in own_site.get("/articles/1").text


def _sent(stream: Stream, send: Any) -> None:
    asyncio.run(asyncio.wait_for(stream.asgi_send(send), 20))


async def _nowhere(_: Any) -> None:
    """A reader that takes everything."""


def test_a_file_that_cannot_be_begun_ends(tmp_path: Path) -> None:
    """It held its turn for ever: after two of them nobody got any file."""
    stream = Stream(tmp_path / "none.db", lambda db, out: None, "text/csv", "a.csv")
    for _ in range(3):
        with pytest.raises(DatabaseMissing):
            _sent(stream, _nowhere)


def test_a_reader_that_takes_nothing_is_let_go(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would hold one of two turns, and one instant of the database, while its log grows."""
    monkeypatch.setattr(streaming, "PATIENCE", 0.3)
    path, ended = tmp_path / "marsad.db", []
    shutil.copy(world, path)

    def write(_: Database, out: IO[bytes]) -> None:
        try:
            while True:
                out.write(b"x" * streaming.CHUNK)
        finally:
            ended.append(True)

    async def stalled(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.body":
            await asyncio.sleep(3600)

    with pytest.raises(TimeoutError):
        _sent(Stream(path, write, "text/csv", "a.csv"), stalled)
    assert ended == [True]


@pytest.fixture(autouse=True)
def _turns() -> Iterator[None]:
    """Each test has a loop of its own."""
    yield
    streaming._turns.clear()
