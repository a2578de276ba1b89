"""Accounts: who signs in, for how long, and how slow it gets to guess."""

from __future__ import annotations

import asyncio
import os
import re
import stat
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from deskkit import Site
from typer.testing import CliRunner

from crawler.cli.main import app as marsad
from crawler.workspace import WorkspaceSettings, create_workspace
from storage.explorer import accounts
from storage.explorer.accounts import (
    Account,
    AccountsUnreadable,
    LiveAccounts,
    fits,
    hashed,
    name_of,
    read_accounts,
    written,
)
from storage.explorer.app import application
from storage.explorer.doors import Doors
from storage.explorer.doors_asked import Asked, House
from storage.explorer.doors_entry import AccountEntry, Admitted, SendOn, Stay, TooManyAtOnce
from storage.explorer.doors_guesses import MOST_SECONDS_OF_ACCOUNT, Guesses
from storage.explorer.given import Given
from storage.explorer.login_page import inside
from storage.explorer.pages import routes

PASSWORD = "four boats, one quay"
FORM = {"content-type": "application/x-www-form-urlencoded"}
Serve = Callable[..., Site]
T = TypeVar("T")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that take no time: how long they take is the hash's matter."""
    from datasette_auth_passwords import utils  # type: ignore[import-untyped]  # ships no types

    slow = utils.hash_password
    monkeypatch.setattr(
        utils, "hash_password", lambda password, salt=None, iterations=1: slow(password, salt, 1)
    )


class Clock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Accounts of two."""
    path = tmp_path / "accounts.toml"
    keep(path, "Amal", "رنا")
    return path


def keep(path: Path, *names: str, password: str = PASSWORD) -> None:
    found = [Account(name, hashed(password, name), "2026-11-23") for name in names]
    path.write_text(written(found), encoding="utf-8")
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entry(file: Path, clock: Clock) -> AccountEntry:
    return AccountEntry(LiveAccounts(file), secure=True, clock=clock, wait=clock.wait)


def run_alone(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine: on a thread, as a browser's loop may be running on ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def sign_in(
    entry: AccountEntry, name: str = "Amal", password: str = PASSWORD, address: str = "10.0.0.1"
) -> str | None:
    return run_alone(entry.sign_in(name, password, address))


def asked(cookie: str | None = None, path: str = "/search", method: str = "GET") -> Asked:
    headers = {"cookie": cookie.partition(";")[0]} if cookie else {}
    return Asked(method, path, "q=a", headers, "10.0.0.1", True)


def test_a_name_and_its_password_open_for_twelve_hours(entry: AccountEntry, clock: Clock) -> None:
    cookie = sign_in(entry)

    assert cookie is not None
    assert re.fullmatch(
        r"__Host-marsad=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure", cookie
    )
    way = entry.admit(asked(cookie))
    assert isinstance(way, Admitted)
    assert way.user == "Amal"
    clock.now += 12 * 3600 + 1
    assert isinstance(entry.admit(asked(cookie)), SendOn)


@pytest.mark.parametrize(
    ("name", "password"),
    [("Amal", "four boats, one quaz"), ("amal", PASSWORD), ("", ""), ("x", "")],
)
def test_anything_else_does_not(entry: AccountEntry, name: str, password: str) -> None:
    assert sign_in(entry, name, password) is None


def test_without_a_session_one_is_sent_to_sign_in_and_back(entry: AccountEntry) -> None:
    assert entry.admit(asked()) == SendOn("/-/login?next=%2Fsearch%3Fq%3Da")
    assert isinstance(entry.admit(asked(path="/-/login")), Admitted)
    assert isinstance(entry.admit(asked(path="/saved/key.atom")), Admitted)
    assert entry.admit(asked(method="POST")) == Stay("signed_out")


def test_a_session_ends_at_sign_out(entry: AccountEntry) -> None:
    cookie = sign_in(entry)
    way = entry.admit(asked(cookie))
    assert isinstance(way, Admitted)

    gone = entry.sign_out(way.session)

    assert "Max-Age=0" in gone
    assert isinstance(entry.admit(asked(cookie)), SendOn)


def test_a_session_ends_when_its_account_goes(entry: AccountEntry, file: Path) -> None:
    cookie = sign_in(entry)

    keep(file, "رنا")

    assert isinstance(entry.admit(asked(cookie)), SendOn)


def test_a_session_ends_when_its_password_changes(entry: AccountEntry, file: Path) -> None:
    cookie, other = sign_in(entry), sign_in(entry, "رنا")

    keep(file, "Amal", "رنا", password="a quay with five boats")

    assert isinstance(entry.admit(asked(cookie)), SendOn)
    assert isinstance(entry.admit(asked(other)), SendOn)
    assert sign_in(entry) is None
    assert sign_in(entry, password="a quay with five boats")


def test_a_file_that_cannot_be_read_lets_nobody_in(entry: AccountEntry, file: Path) -> None:
    cookie = sign_in(entry)

    file.write_text("[[account]\n")

    assert isinstance(entry.admit(asked(cookie)), SendOn)
    assert sign_in(entry) is None
    with pytest.raises(AccountsUnreadable, match="marsad explore account add"):
        read_accounts(file)


def test_a_hash_written_by_hand_opens_nothing(entry: AccountEntry, file: Path) -> None:
    file.write_text(written([Account("Amal", PASSWORD, ""), Account("رنا", "a$b$c$d", "")]))

    assert sign_in(entry) is None
    assert sign_in(entry, "رنا") is None


def test_an_account_has_so_many_sessions_and_no_more(entry: AccountEntry) -> None:
    cookies = [sign_in(entry) for _ in range(21)]

    assert isinstance(entry.admit(asked(cookies[0])), SendOn)
    assert all(isinstance(entry.admit(asked(one)), Admitted) for one in cookies[1:])


def test_guessing_gets_slow_for_the_guesser(entry: AccountEntry, clock: Clock) -> None:
    for _ in range(12):
        assert sign_in(entry, password="wrong wrong wrong", address="203.0.113.9") is None

    assert clock.waited == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_the_rightful_one_waits_a_little_and_is_never_shut_out(
    entry: AccountEntry, clock: Clock
) -> None:
    for _ in range(50):
        sign_in(entry, password="wrong wrong wrong", address="203.0.113.9")
    clock.waited.clear()

    assert sign_in(entry, address="10.0.0.1") is not None
    assert sign_in(entry, "رنا", address="10.0.0.1") is not None

    assert clock.waited == [MOST_SECONDS_OF_ACCOUNT]


def test_many_addresses_of_one_network_are_one_guesser(clock: Clock) -> None:
    guesses = Guesses(clock)
    for number in range(6):
        guesses.wrong(f"2001:db8:1:2::{number:x}", f"name {number}")

    assert guesses.seconds("2001:db8:1:2:ffff::1", "x") == 4
    assert guesses.seconds("2001:db8:1:3::1", "x") == 0


def test_wrong_guesses_are_forgotten(clock: Clock) -> None:
    guesses = Guesses(clock)
    for _ in range(9):
        guesses.wrong("10.0.0.1", "Amal")
    clock.now += 901

    assert guesses.seconds("10.0.0.1", "Amal") == 0


def test_so_many_sign_in_at_once(file: Path) -> None:
    async def never(_: float) -> None:
        await asyncio.sleep(3600)

    async def try_all() -> list[Any]:
        entry = AccountEntry(LiveAccounts(file), secure=True, wait=never)
        for _ in range(3):
            await entry.sign_in("Amal", "x", "10.0.0.1")
        waiting = [asyncio.create_task(entry.sign_in("Amal", "x", "10.0.0.1")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyAtOnce):
            await entry.sign_in("Amal", "x", "10.0.0.1")
        for task in waiting:
            task.cancel()
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert len(run_alone(try_all())) == 3


def test_an_unknown_name_costs_as_much_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from datasette_auth_passwords import utils

    seen: list[int] = []

    def noted(password: str, salt: str, iterations: int) -> str:
        seen.append(iterations)
        return ""

    monkeypatch.setattr(utils, "hash_password", noted)

    assert not fits("x", None)
    assert not fits("x", accounts._NOBODY)
    assert seen == [480_000, 480_000]


@pytest.mark.parametrize(
    "password", ["short", "a" * 20, "amalamalamal", "x" * 501, "1212121212121"]
)
def test_passwords_that_are_easily_guessed_are_refused(password: str) -> None:
    with pytest.raises(ValueError, match="password"):
        hashed(password, "Amal")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "a" * 61, "a\u202eb", "a\u200bb"])
def test_names_that_nobody_has_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        name_of(name)


def test_names_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    names = ['a "quoted" \\ name', "رنا", "Zoë [x]"]

    keep(path, *names)

    assert sorted(read_accounts(path)) == sorted(names)


@pytest.mark.parametrize(
    "path",
    ["//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", "", "/\r\nx"],
)
def test_after_signing_in_one_stays_on_the_desk(path: str) -> None:
    assert inside(path) == "/"


# Over HTTP.


@pytest.fixture
def desk(serve: Serve, world: Path, file: Path) -> Site:
    given = Given(world, "the study", "s" * 40, accounts={"Amal": "x"})
    house = House(frozenset({"127.0.0.1"}), secure=False)
    entry = AccountEntry(LiveAccounts(file), secure=False)
    patterns = [route.pattern for route in routes()]
    return serve(world, app=Doors(application(given), house, entry, patterns))


@pytest.fixture
def visitor(desk: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=desk.url, trust_env=False, timeout=30) as client:
        yield client


def enter(visitor: httpx.Client, password: str = PASSWORD, wanted: str = "/help") -> httpx.Response:
    visitor.get("/-/login")
    token = visitor.cookies["ds_csrftoken"]
    fields = {"name": "Amal", "password": password, "next": wanted, "csrftoken": token}
    return visitor.post("/-/login", data=fields)


def test_one_signs_in_reads_and_signs_out(visitor: httpx.Client) -> None:
    sent = visitor.get("/help")
    assert (sent.status_code, sent.headers["location"]) == (303, "/-/login?next=%2Fhelp")

    entered = enter(visitor)
    assert (entered.status_code, entered.headers["location"]) == (303, "/help")
    page = visitor.get("/help")
    assert page.status_code == 200
    assert "Amal" in page.text

    assert visitor.get("/-/logout").status_code == 303
    assert visitor.get("/help").status_code == 200
    left = visitor.post("/-/logout", data={"csrftoken": visitor.cookies["ds_csrftoken"]})
    assert left.status_code == 303
    assert visitor.get("/help").status_code == 303


def test_a_wrong_password_says_so_and_keeps_the_name(visitor: httpx.Client) -> None:
    answer = enter(visitor, "not the password", "/search?q=a")

    assert answer.status_code == 403
    assert "do not belong together" in answer.text
    assert 'value="Amal"' in answer.text
    assert 'value="/search?q=a"' in answer.text
    assert "not the password" not in answer.text
    assert visitor.get("/help").status_code == 303


def test_signing_in_takes_the_forms_token(visitor: httpx.Client) -> None:
    answer = visitor.post("/-/login", data={"name": "Amal", "password": PASSWORD})

    assert answer.status_code == 403
    assert "marsad_session" not in str(answer.headers)


def test_signing_in_by_the_headers_of_a_plugin_opens_nothing(visitor: httpx.Client) -> None:
    answer = visitor.get("/help", auth=("Amal", PASSWORD))

    assert answer.status_code == 303


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_sign_in_page_speaks_three_languages(visitor: httpx.Client, language: str) -> None:
    page = visitor.get("/-/login", params={"lang": language})

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert "the study" not in page.text


def test_in_a_browser_one_signs_in_and_out(desk: Site, new_page: Any) -> None:
    page = new_page(locale="ar")
    page.goto(desk.url + "/help")
    page.fill("input[name=name] >> nth=-1", "Amal")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(desk.url + "/help")
    assert "Amal" in page.inner_text("form.leave")

    page.click("form.leave button")
    page.wait_for_url(desk.url + "/-/login?out=1")

    assert page.goto(desk.url + "/help").url.startswith(desk.url + "/-/login")


# From the command line.


@pytest.fixture
def root(tmp_path: Path) -> Path:
    settings = WorkspaceSettings(contact="desk@marsad.test", shipped=False)
    return create_workspace(tmp_path / "study", settings).root


def run(root: Path, *arguments: str, typed: str = "") -> Any:
    command = ["explore", "account", *arguments, "-w", str(root)]
    return CliRunner().invoke(marsad, command, input=typed)


def test_accounts_are_made_listed_changed_and_removed(root: Path) -> None:
    made = run(root, "add", "Amal", typed=PASSWORD + "\n")
    path = root / "accounts.toml"
    first = read_accounts(path)["Amal"].password

    assert made.exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text(encoding="utf-8")
    assert fits(PASSWORD, first)
    assert "Amal" in run(root, "list").output
    assert run(root, "password", "Amal", typed="another good one\n").exit_code == 0
    assert not fits(PASSWORD, read_accounts(path)["Amal"].password)
    assert run(root, "remove", "Amal").exit_code == 0
    assert read_accounts(path) == {}


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "Amal"), "short\n", "at least 12 characters"),
        (("add", " "), PASSWORD + "\n", "a name has"),
        (("remove", "Nobody"), "", "there is no account Nobody"),
        (("password", "Nobody"), PASSWORD + "\n", "there is no account Nobody"),
    ],
)
def test_what_cannot_be_done_is_said(
    root: Path, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    done = run(root, *arguments, typed=typed)

    assert done.exit_code == 2
    assert said in done.output + done.stderr
    assert not (root / "accounts.toml").exists()


def test_an_account_is_not_made_twice(root: Path) -> None:
    run(root, "add", "Amal", typed=PASSWORD + "\n")

    again = run(root, "add", " Amal ", typed=PASSWORD + "\n")

    assert again.exit_code == 2
    assert "account password Amal" in again.stderr
