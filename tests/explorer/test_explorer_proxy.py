"""Beyond this machine: what is refused, TLS of our own, and a real Caddy before the desk."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from deskdoors import PASSWORD, Running, certificate, opened, workspace

from crawler.cli.explore_binding import Refused, Wanted, binding
from storage.explorer.doors import Doors
from storage.explorer.doors_asked import Asked, House
from storage.explorer.doors_checks import refusal

NAME = "desk.example.test"
DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
CADDY = os.environ.get("MARSAD_CADDY") or shutil.which("caddy")
with_caddy = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed on this machine")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("0.0.0.0"), "opened with TLS only: give a certificate"),
        (Wanted("192.0.2.1"), "ssh tunnel"),
        (Wanted("::"), "opened with TLS only"),
        (Wanted("0.0.0.0", certificate=Path("c.pem")), "--tls-cert and --tls-key go together"),
        (Wanted("0.0.0.0", behind="https://d.test"), "--proxy-address 10.0.0.5"),
        (Wanted(behind="http://d.test"), "https and without a path"),
        (Wanted(behind="https://d.test/desk"), "https and without a path"),
        (Wanted(behind="https://u:p@d.test"), "https and without a path"),
        (Wanted(behind="d.test"), "https and without a path"),
        (Wanted(behind="https://d.test:port"), "https and without a path"),
        (Wanted(behind="https://d.test", proxies=("proxy",)), "takes one IP address"),
        (Wanted(proxies=("10.0.0.1",)), "goes with --behind-proxy"),
        (Wanted("0.0.0.0", certificate=Path("no.pem"), key=Path("no.pem")), "both as PEM"),
        (Wanted("desk.example.org"), "takes an address of this machine"),
    ],
)
def test_what_is_not_safe_is_refused_with_what_to_do(wanted: Wanted, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        binding(wanted, accounts=True)


def test_without_accounts_nobody_could_sign_in(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, NAME)
    for wanted in (
        Wanted("0.0.0.0", certificate=pem, key=key),
        Wanted(behind="https://d.test"),
        Wanted(sign_in=True),
    ):
        with pytest.raises(Refused, match="marsad explore account add NAME"):
            binding(wanted, accounts=False)


def test_on_this_machine_a_key_is_enough() -> None:
    bound = binding(Wanted(), accounts=True)

    assert not bound.sign_in
    assert not bound.house.secure
    assert bound.base(8300) == "http://127.0.0.1:8300"


def test_a_certificate_says_by_which_names_the_desk_is_reached(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, NAME, "*.desks.test")

    bound = binding(Wanted("0.0.0.0", certificate=pem, key=key), accounts=True)

    assert bound.sign_in
    assert bound.base(8300) == f"https://{NAME}:8300"
    asked = (NAME, "a.desks.test", "a.b.desks.test", "x.test")
    assert [bound.house.knows(one) for one in asked] == [True, True, False, False]


def test_a_certificate_that_ended_or_names_nobody_is_refused(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, NAME, days=-1, began_before=5)
    with pytest.raises(Refused, match="renew it"):
        binding(Wanted("0.0.0.0", certificate=pem, key=key), accounts=True)
    pem, key = certificate(tmp_path)
    with pytest.raises(Refused, match="names no host"):
        binding(Wanted("0.0.0.0", certificate=pem, key=key), accounts=True)


PROXIED = House(frozenset({NAME}), True, frozenset({"10.0.0.5"}), f"https://{NAME}")
PAGES = [re.compile("/x")]
FROM_PROXY = Asked("GET", "/x", "", {"host": NAME}, "10.0.0.5", False)


def test_only_the_proxy_may_ask() -> None:
    assert refusal(FROM_PROXY, PROXIED, PAGES) is None
    for address in ("10.0.0.6", "127.0.0.1", ""):
        turned_away = refusal(replace(FROM_PROXY, address=address), PROXIED, PAGES)
        assert turned_away is not None
        assert turned_away.words == "not_the_proxy"


def test_a_proxy_that_was_asked_without_tls_is_turned_away() -> None:
    plain = replace(FROM_PROXY, headers={"host": NAME, "x-forwarded-proto": "http"})

    assert refusal(plain, PROXIED, PAGES) is not None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "other.test", f"{NAME}.evil.test"])
def test_the_proxy_asks_by_the_declared_name_alone(host: str) -> None:
    assert refusal(replace(FROM_PROXY, headers={"host": host}), PROXIED, PAGES) is not None


@pytest.mark.parametrize(
    ("proxies", "sent", "seen"),
    [
        (("10.0.0.5",), "203.0.113.9", "203.0.113.9"),
        (("10.0.0.5",), "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (("10.0.0.5",), "", ""),
        ((), "203.0.113.9", "10.0.0.5"),
    ],
)
def test_who_asks_is_told_by_the_proxy_and_by_nobody_else(
    proxies: tuple[str, ...], sent: str, seen: str
) -> None:
    doors = Doors(None, House(frozenset(), proxies=frozenset(proxies)), None, [])  # type: ignore[arg-type]  # neither is asked
    asked = Asked("GET", "/x", "", {"x-forwarded-for": sent}, "10.0.0.5", False)

    assert doors._address(asked) == seen


def client_for(pem: Path, **more: Any) -> httpx.Client:
    """A browser's stand-in that trusts our certificate for its name, wherever it connects."""
    trusted = ssl.create_default_context(cafile=str(pem))
    return httpx.Client(verify=trusted, trust_env=False, timeout=20, **more)


def ask(client: httpx.Client, port: int, method: str, path: str, **more: Any) -> httpx.Response:
    """Ask by the desk's name at a port of this machine."""
    headers = {"host": f"{NAME}:{port}", **more.pop("headers", {})}
    request = client.build_request(
        method, f"https://127.0.0.1:{port}{path}", headers=headers,
        extensions={"sni_hostname": NAME}, **more,
    )  # fmt: skip
    return client.send(request)


def sign_in(client: httpx.Client, port: int) -> dict[str, str]:
    """Cookies of a session: the client keeps none for a name that it does not know."""
    form = ask(client, port, "GET", "/-/login")
    token = re.search('name="csrftoken" value="([^"]+)"', form.text)
    assert token is not None
    cookies = _cookies(form)
    assert "Secure" in form.headers["set-cookie"]
    fields = {"name": "Amal", "password": PASSWORD, "csrftoken": token[1], "next": "/help"}
    told = {"cookie": cookies, "sec-fetch-site": "same-origin", "origin": "null"}
    entered = ask(client, port, "POST", "/-/login", data=fields, headers=told)
    assert (entered.status_code, entered.headers["location"]) == (303, "/help"), entered.text
    assert "__Host-marsad=" in entered.headers["set-cookie"]
    return {"cookie": f"{cookies}; {_cookies(entered)}"}


def _cookies(answer: httpx.Response) -> str:
    answer.request.extensions.clear()
    found = [one.partition(";")[0] for one in answer.headers.get_list("set-cookie")]
    return "; ".join(found)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"), NAME)


def test_with_tls_of_its_own_one_signs_in(
    tmp_path: Path, world: Path, pair: tuple[Path, Path]
) -> None:
    root = workspace(tmp_path / "study", world, "Amal")
    options = ["--host", "127.0.0.2", "--tls-cert", str(pair[0]), "--tls-key", str(pair[1])]
    with opened(root, *options) as running, client_for(pair[0]) as client:
        port = int(running.base.rpartition(":")[2])
        assert running.base == f"https://{NAME}:{port}"
        url = f"https://127.0.0.2:{port}/help"
        request = client.build_request(
            "GET", url, headers={"host": NAME}, extensions={"sni_hostname": NAME}
        )
        answer = client.send(request)

        assert answer.status_code == 303
        assert answer.headers["location"] == "/-/login?next=%2Fhelp"
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        with pytest.raises(httpx.HTTPError):
            httpx.get(url.replace("https", "http"), trust_env=False)


@with_caddy
def test_the_caddyfile_is_valid(tmp_path: Path) -> None:
    done = _caddy(tmp_path, "validate", "--config", str(DEPLOY / "Caddyfile"))
    out, _ = done.communicate(timeout=30)

    assert done.returncode == 0, out


@with_caddy
def test_caddy_tells_nothing_of_what_was_asked(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    port, closed = _free_port(), _free_port()
    caddy = _caddy(tmp_path, "run", "--config", str(_caddyfile(tmp_path, port, closed, pair)))
    _wait_for(port, caddy)
    with client_for(pair[0]) as client:
        answer = ask(client, port, "GET", "/search?q=planted", headers={"cookie": "a=planted"})
    caddy.terminate()
    said, _ = caddy.communicate(timeout=15)

    assert answer.status_code == 502
    assert "planted" not in said


def test_the_guide_shows_the_caddyfile_that_is_tried_here() -> None:
    guide = (DEPLOY.parent / "how-to-open-the-desk.md").read_text(encoding="utf-8")
    shown = re.sub(r"(?m)^   ", "", guide)
    tried = re.sub(r"(?m)^\s*#.*\n", "", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))

    assert tried.strip() in shown


def _caddyfile(folder: Path, port: int, inner: int, pair: tuple[Path, Path]) -> Path:
    """The Caddyfile of the docs with our certificate and ports in it."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace("desk.example.org {", f"{NAME}:{port} {{\n\ttls {pair[0]} {pair[1]}")
    text = text.replace("127.0.0.1:8300", f"127.0.0.1:{inner}")
    text = text.replace("\tlog default", "\tadmin off\n\tauto_https off\n\tlog default")
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return folder / "Caddyfile"


@pytest.fixture(scope="module")
def proxied(
    tmp_path_factory: pytest.TempPathFactory, world: Path, pair: tuple[Path, Path]
) -> Iterator[tuple[Running, int, Path]]:
    """The desk behind the Caddyfile of the docs, with our certificate and free ports in it."""
    folder = tmp_path_factory.mktemp("caddy")
    port = _free_port()
    root = workspace(folder / "study", world, "Amal")
    with opened(root, "--behind-proxy", f"https://{NAME}:{port}") as running:
        file = _caddyfile(folder, port, _listening_on(running), pair)
        caddy = _caddy(folder, "run", "--config", str(file))
        try:
            _wait_for(port, caddy)
            yield running, port, folder
        finally:
            caddy.terminate()
            out, _ = caddy.communicate(timeout=15)
            (folder / "said").write_text(out, encoding="utf-8")


@with_caddy
def test_behind_caddy_one_signs_in_judges_and_signs_out(
    proxied: tuple[Running, int, Path], pair: tuple[Path, Path]
) -> None:
    _, port, _ = proxied
    with client_for(pair[0]) as client:
        session = sign_in(client, port)
        page = ask(client, port, "GET", "/help", headers=session)

        assert page.status_code == 200
        assert "Amal" in page.text
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        token = re.search('name="csrftoken" value="([^"]+)"', page.text)
        assert token is not None
        foreign = {**session, "origin": "https://evil.test", "sec-fetch-site": "cross-site"}
        told = {"csrftoken": token[1]}
        assert ask(client, port, "POST", "/-/logout", data=told, headers=foreign).status_code == 403
        assert ask(client, port, "POST", "/-/logout", data=told, headers=session).status_code == 303
        assert ask(client, port, "GET", "/help", headers=session).status_code == 303


@with_caddy
def test_behind_caddy_nobody_comes_in_past_it(proxied: tuple[Running, int, Path]) -> None:
    running, _, _ = proxied
    url = f"http://127.0.0.1:{_listening_on(running)}/help"

    with httpx.Client(trust_env=False) as client:
        assert client.get(url).status_code == 403
        named = client.get(url, headers={"host": NAME})
        assert named.status_code == 303
        assert "/-/login" in named.headers["location"]


def _listening_on(running: Running) -> int:
    """The port of this machine that a started desk listens on."""
    pid = running.process.pid
    sockets = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        if columns[3] == "0A" and f"socket:[{columns[9]}]" in sockets:
            return int(columns[1].rpartition(":")[2], 16)
    raise AssertionError("it listens nowhere")


def _caddy(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [str(CADDY), *arguments, "--adapter", "caddyfile"]
    return subprocess.Popen(
        command, env={**os.environ, **home}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("Caddy did not start")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
