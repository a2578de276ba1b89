"""`marsad explore`: it opens, says so, refuses in words, and ends within seconds."""

from __future__ import annotations

import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from deskdoors import Running, opened, started, workspace
from typer.testing import CliRunner

from crawler.cli import explore, explore_server
from crawler.cli.main import app as marsad
from crawler.workspace import find_workspace
from storage.database import open_database
from tests.old_schemas import OLDEST, unpack


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, world: Path) -> Path:
    return workspace(tmp_path_factory.mktemp("open") / "study", world)


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[Running]:
    with opened(root, "--as", "coder-1", "--language", "fr") as running:
        yield running


def refused(root: Path, *options: str) -> str:
    """The words of a desk that does not open."""
    done = CliRunner().invoke(marsad, ["explore", *options, "-w", str(root)])
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    return " ".join(done.stderr.split())


def test_the_printed_address_opens_it(desk: Running) -> None:
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        page = client.get(desk.address)

        assert page.status_code == 200
        assert '<html lang="fr"' in page.text
        assert "server" not in page.headers
        assert client.get(desk.base + "/status").status_code == 200


def test_the_key_is_for_its_owner(desk: Running) -> None:
    path = desk.root / "explorer.key"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() not in desk.address


def test_the_key_stays_until_the_file_goes(tmp_path: Path) -> None:
    place = find_workspace(workspace(tmp_path / "w"))

    first, again = explore._secret(place), explore._secret(place)
    (place.root / explore.KEY_FILE).unlink()

    assert first == again != explore._secret(place)


def test_a_key_that_others_could_read_is_shut(desk: Running) -> None:
    place = find_workspace(desk.root)
    path = place.root / explore.KEY_FILE
    path.chmod(0o644)

    explore._secret(place)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_port_in_use_is_told(desk: Running) -> None:
    port = desk.base.rpartition(":")[2]

    said = refused(desk.root, "--port", port)

    assert f"port {port} of 127.0.0.1 is in use" in said
    assert "take another one with --port" in said


def test_without_a_database_it_says_what_to_do_first(tmp_path: Path) -> None:
    assert "marsad crawl --all" in refused(workspace(tmp_path / "empty"))


def test_an_older_database_is_brought_up_to_date_first(tmp_path: Path) -> None:
    root = workspace(tmp_path / "older")
    unpack(OLDEST, root / "marsad.db")

    assert "marsad upgrade" in refused(root)


def test_a_typo_in_a_watchlist_keeps_nobody_out(
    tmp_path: Path, world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path / "w", world)
    (root / "watchlists" / "ours.toml").write_text("[[actor]\n", encoding="utf-8")

    explore._prepare(find_workspace(root))

    assert "the watchlists are wrong" in capsys.readouterr().err


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_seconds_also_with_an_answer_under_way(
    tmp_path: Path, world: Path, how: int
) -> None:
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    root = workspace(tmp_path / "w", world)
    with opened(root) as running, httpx.Client(trust_env=False) as client:
        client.get(running.address)

        def ask(sql: str, **more: str) -> None:
            with suppress(httpx.HTTPError):  # cut off, as it should be
                client.get(running.base + "/sql", params={"sql": sql, **more}, timeout=30)

        asked = [
            threading.Thread(target=ask, args=(counting + "SELECT max(i) FROM n",)),
            threading.Thread(target=ask, args=(counting + "SELECT i FROM n",),
                             kwargs={"format": "csv"}),
        ]  # fmt: skip
        for thread in asked:
            thread.start()
        time.sleep(0.7)
        code, seconds = running.stop(how)
        for thread in asked:
            thread.join()

    assert code == 0
    assert seconds < 6


def test_it_answers_while_somebody_writes(desk: Running) -> None:
    with (
        open_database(desk.root / "marsad.db") as db,
        httpx.Client(trust_env=False) as client,
        db.write(),
    ):
        db.execute("UPDATE outlets SET name = name")
        client.get(desk.address)

        assert client.get(desk.base + "/coverage").status_code == 200


def test_whoever_connects_and_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    monkeypatch.setattr(explore_server, "HEADER_SECONDS", 0.3)
    config = uvicorn.Config(app, port=0, http=explore_server.Impatient, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    place = server.servers[0].sockets[0].getsockname()

    with socket.create_connection(place, timeout=10) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        said = silent.recv(100)
    server.should_exit = True
    thread.join(10)

    assert said == b""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "desk.example.org"], "takes an address of this machine"),
        (["--host", "0.0.0.0"], "opened with TLS only"),
        (["--behind-proxy", "https://desk.example.org"], "marsad explore account add NAME"),
        (["--sign-in"], "marsad explore account add NAME"),
        (["--language", "de"], "speaks en, fr and ar"),
        (["--port", "70000"], "less than or equal to 65535"),
    ],
)
def test_what_it_does_not_do_is_said_with_what_to_do(
    root: Path, options: list[str], said: str
) -> None:
    assert said in refused(root, *options)


def test_the_process_says_nothing_but_where_it_is(root: Path) -> None:
    process = started(root, "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    process.terminate()
    rest, err = process.communicate(timeout=15)

    assert line.startswith("The desk is open at http://127.0.0.1:")
    assert rest == ""
    assert err.strip() == "Ctrl-C closes it."
