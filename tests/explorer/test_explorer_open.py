"""`marsad explore`: it opens, says so, refuses in words, and ends within seconds."""

from __future__ import annotations

import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from deskdoors import Running, opened, refused, started, workspace

from crawler.cli import explore_server
from storage.database import open_database


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, world: Path) -> Path:
    return workspace(tmp_path_factory.mktemp("open") / "study", world)


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[Running]:
    with opened(root, "--as", "coder-1", "--language", "fr") as running:
        yield running


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


def test_the_key_stays_until_a_new_one_is_asked_for(desk: Running) -> None:
    with opened(desk.root) as again:
        assert again.address.partition("key=")[2] == desk.address.partition("key=")[2]


def test_a_new_key_is_another(tmp_path: Path, world: Path) -> None:
    root = workspace(tmp_path / "w", world)
    keys = set()
    for options in ([], ["--new-key"]):
        with opened(root, *options) as running:
            keys.add(running.address.partition("key=")[2])
            assert running.stop()[0] == 0

    assert len(keys) == 2


def test_a_port_in_use_is_told(desk: Running) -> None:
    port = desk.base.rpartition(":")[2]

    code, said = refused(desk.root, "--port", port)

    assert code == 2
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert "--port" in said


def test_without_a_database_it_says_what_to_do_first(tmp_path: Path) -> None:
    code, said = refused(workspace(tmp_path / "empty"))

    assert (code, "marsad crawl --all" in said) == (2, True)


def test_an_older_database_is_brought_up_to_date_first(tmp_path: Path) -> None:
    root = workspace(tmp_path / "older")
    old = Path(__file__).parent.parent / "schemas"
    script = sorted(old.glob("*.sql"))[0]
    import sqlite3

    with sqlite3.connect(root / "marsad.db") as connection:
        connection.executescript(script.read_text(encoding="utf-8"))
    connection.close()

    code, said = refused(root)

    assert (code, "marsad upgrade" in said) == (2, True)


def test_a_typo_in_a_watchlist_keeps_nobody_out(tmp_path: Path, world: Path) -> None:
    root = workspace(tmp_path / "w", world)
    (root / "watchlists" / "ours.toml").write_text("[[actor]\n", encoding="utf-8")

    with opened(root) as running:
        code, _ = running.stop()
        said = running.process.stderr.read() if running.process.stderr else ""

    assert code == 0
    assert "the watchlists are wrong" in said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_seconds_also_with_an_answer_under_way(
    tmp_path: Path, world: Path, how: int
) -> None:
    root = workspace(tmp_path / "w", world)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with opened(root) as running, httpx.Client(trust_env=False) as client:
        client.get(running.address)

        def ask() -> None:
            try:
                client.get(running.base + "/sql", params={"sql": endless}, timeout=30)
            except httpx.HTTPError:
                pass  # cut off, as it should be

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.7)
        code, seconds = running.stop(how)
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


def test_whoever_connects_and_says_nothing_is_let_go(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The limit of a running desk, so that nothing of it is changed for the test.
    assert explore_server.HEADER_SECONDS <= 20
    port = int(desk.base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=1) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        began = time.monotonic()
        silent.settimeout(explore_server.HEADER_SECONDS + 5)
        assert silent.recv(100) == b""

    assert time.monotonic() - began < explore_server.HEADER_SECONDS + 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "desk.example.org"], "takes an address of this machine"),
        (["--host", "0.0.0.0"], "opened with TLS only"),
        (["--behind-proxy", "https://desk.example.org"], "marsad explore account add NAME"),
        (["--sign-in"], "marsad explore account add NAME"),
        (["--language", "de"], "speaks en, fr and ar"),
    ],
)
def test_what_it_does_not_do_is_said_with_what_to_do(
    root: Path, options: list[str], said: str
) -> None:
    code, words = refused(root, *options)

    assert code == 2
    assert said in words


def test_the_process_says_nothing_but_where_it_is(root: Path) -> None:
    process = started(root, "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    process.terminate()
    rest, err = process.communicate(timeout=15)

    assert line.startswith("The desk is open at http://127.0.0.1:")
    assert rest == ""
    assert err.strip() == "Ctrl-C closes it."
