"""The log: what kind of page, how it ended, how long it took; nothing of who or what."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from deskdoors import PASSWORD, opened, workspace

from storage.explorer.accesslog import kind, shown
from storage.explorer.app import application
from storage.explorer.asking import Ask
from storage.explorer.doors import Doors
from storage.explorer.doors_asked import House
from storage.explorer.doors_entry import KeyEntry
from storage.explorer.given import Given
from storage.explorer.pages import routes

SECRETS = ("Zerrouk", "iq_salim", "bh_hidden", "planted-word", "203.0.113.77", "planted-referrer",
           "planted-agent", "Amal", PASSWORD)  # fmt: skip


def test_no_word_of_a_request_is_in_any_log(tmp_path: Path, world: Path) -> None:
    root = workspace(tmp_path / "study", world, "Amal")
    told = {
        "referer": "http://127.0.0.1/planted-referrer",
        "user-agent": "planted-agent",
        "x-forwarded-for": "203.0.113.77",
        "x-planted-word": "planted-word",
    }
    with opened(root) as running, httpx.Client(trust_env=False, headers=told) as client:
        client.get(running.address)
        key = running.address.partition("key=")[2]
        for path in (
            "/search?q=Zerrouk", "/actors/iq_salim", "/actors/bh_hidden", "/planted-word",
            "/articles/Zerrouk", "/saved/planted-word.atom", "/search?q=%22Zerrouk",
            "/sql?sql=SELECT+%27Zerrouk%27+FROM+nowhere", "/sql?sql=Zerrouk%00",
            "/?key=planted-word",
            "/marsad?sql=select+Zerrouk", "/%5A%65Zerrouk%FF",
        ):  # fmt: skip
            client.get(running.base + path)
        client.post(running.base + "/-/login", data={"name": "Amal", "password": PASSWORD})
        client.request("ZERROUK", running.base + "/help")
        code, _ = running.stop()
        printed = (running.process.stdout.read() if running.process.stdout else "") + (
            running.process.stderr.read() if running.process.stderr else ""
        )
        log = running.log()

    assert code == 0
    lines = [json.loads(line) for line in log.splitlines()]
    assert len(lines) >= 14
    assert set(lines[0]["fields"]) == {"method", "page", "status", "milliseconds"}
    pages = {line["fields"]["page"] for line in lines}
    assert pages >= {"/", "/search", "/actors/…", "…", "/sql", "/-/login"}
    for secret in (*SECRETS, key):
        assert secret.lower() not in (log + printed).lower(), secret
    assert not any((root / "logs").glob("*uvicorn*"))


def test_what_breaks_is_told_by_its_kind_and_place(
    serve: object, world: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from crawler.logs import JsonLines

    async def broken(*_: object) -> None:
        raise RuntimeError("Zerrouk")

    app = Doors(broken, House(frozenset({"127.0.0.1"})), KeyEntry("k" * 40), ["/x"])
    site = serve(world, app=app)  # type: ignore[operator]  # the kit's fixture

    assert site.get("/x", key="k" * 40).status_code == 303
    site.get("/x")

    lines = "\n".join(map(JsonLines().format, caplog.records))
    assert "RuntimeError" in lines
    assert "Zerrouk" not in lines


def test_every_page_is_told_by_its_pattern() -> None:
    patterns = [re.compile(route.pattern) for route in routes()]

    for pattern in patterns:
        assert not re.search(r"[()\\?^$]", shown(pattern.pattern)), pattern.pattern
    assert kind("/actors/iq_salim", patterns) == "/actors/…"
    assert kind("/articles/7/versions", patterns) == "/articles/…/versions"
    assert kind("/nowhere/at/all", patterns) == "…"


def test_what_breaks_outside_of_a_page_is_told_by_nobody_else(
    serve: object,
    world: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Zerrouk")

    monkeypatch.setattr(Ask, "of", broken)
    patterns = [route.pattern for route in routes()]
    house = House(frozenset({"127.0.0.1"}))
    app = Doors(application(Given(world, "w", "s" * 40)), house, KeyEntry("k" * 40), patterns)
    site = serve(world, app=app)  # type: ignore[operator]  # the kit's fixture
    site.get("/help", key="k" * 40)
    capfd.readouterr()

    answer = site.get("/help", q="Zerrouk")

    assert answer.status_code == 500
    assert "Something of ours broke" in answer.text
    assert "Zerrouk" not in "".join(capfd.readouterr())
