"""The doors on one machine: the key, forged and oversized requests, headers, and what is shut."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from deskkit import Site

from storage.explorer import doors
from storage.explorer.app import application
from storage.explorer.doors import Doors
from storage.explorer.doors_asked import Asked, House
from storage.explorer.doors_checks import refusal
from storage.explorer.doors_entry import Admitted, KeyEntry
from storage.explorer.given import Given
from storage.explorer.pages import routes

KEY = "0123456789abcdef" * 2
LOCAL = House(frozenset({"127.0.0.1", "localhost", "[::1]"}))
Serve = Callable[..., Site]
HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow, noarchive",
}


class Anybody:
    """An entry that lets everybody in: for what the doors do besides."""

    def admit(self, asked: Asked) -> Admitted:
        return Admitted()


class Stub:
    """An application that tells what it was asked."""

    def __init__(self, *chunks: bytes, wait: float = 0.0) -> None:
        self.scopes: list[Any] = []
        self.bodies: list[bytes] = []
        self._chunks, self._wait = chunks or (b"inside",), wait

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.scopes.append(scope)
        if scope["method"] == "POST":
            self.bodies.append((await receive())["body"])
        await asyncio.sleep(self._wait)
        headers = [(b"server", b"datasette/1"), (b"set-cookie", b"a=b; Path=/")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture(scope="module")
def desk(serve: Serve, world: Path) -> Site:
    """The made-up archive behind its doors."""
    given = Given(world, "w", "s" * 40)
    patterns = [route.pattern for route in routes()]
    return serve(world, app=Doors(application(given), LOCAL, KeyEntry(KEY), patterns))


@pytest.fixture
def visitor(desk: Site) -> Any:
    """A browser that has not been there before."""
    with httpx.Client(base_url=desk.url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def inside(visitor: httpx.Client) -> httpx.Client:
    """A browser that opened the printed address."""
    assert visitor.get("/", params={"key": KEY}).status_code == 303
    return visitor


def test_without_the_key_a_page_explains_and_shows_nothing(visitor: httpx.Client) -> None:
    for path in ("/", "/help", "/status", "/sql?sql=select+1"):
        answer = visitor.get(path, headers={"accept-language": "fr-FR,fr"})

        assert answer.status_code == 403
        assert "ouvre avec une clé" in answer.text
        assert "ma_mirath" not in answer.text
        assert "set-cookie" not in answer.headers


def test_the_key_opens_and_leaves_the_address(visitor: httpx.Client) -> None:
    answer = visitor.get("/help", params={"lang": "ar", "key": KEY})

    assert (answer.status_code, answer.headers["location"]) == (303, "/help?lang=ar")
    set_cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=Strict" in set_cookie
    assert KEY not in set_cookie
    assert visitor.get("/help?lang=ar").status_code == 200


@pytest.mark.parametrize("key", ["", "x", KEY[:-1], KEY + "0", KEY.upper(), "ключ", "\x00"])
def test_a_wrong_key_does_not(visitor: httpx.Client, key: str) -> None:
    assert visitor.get("/", params={"key": key}).status_code == 403
    assert visitor.get("/help").status_code == 403


def test_the_cookie_holds_over_a_restart_and_not_for_another_key() -> None:
    asked = Asked("GET", "/", f"key={KEY}", {}, "127.0.0.1", False)
    sent_on = KeyEntry(KEY).admit(asked)
    name, value = sent_on.cookie.split(";")[0].split("=")  # type: ignore[union-attr]  # sent on
    later = Asked("GET", "/", "", {"cookie": f"{name}={value}"}, "127.0.0.1", False)

    assert isinstance(KeyEntry(KEY).admit(later), Admitted)
    assert not isinstance(KeyEntry("f" * 40).admit(later), Admitted)


def test_a_key_never_leads_to_another_machine() -> None:
    asked = Asked("GET", "//elsewhere.test/x", f"key={KEY}", {}, "127.0.0.1", False)

    assert KeyEntry(KEY).admit(asked).path == "/elsewhere.test/x"  # type: ignore[union-attr]  # sent on


def test_a_feed_and_what_looks_the_same_everywhere_need_no_key(visitor: httpx.Client) -> None:
    assert visitor.get("/static/site.css").status_code == 200
    assert visitor.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    entry = KeyEntry(KEY)
    assert isinstance(entry.admit(Asked("GET", "/saved/abc.atom", "", {}, "", False)), Admitted)
    for path in ("/saved", "/saved/abc", "/saved/a/b.atom", "/saved/abc.atom/x"):
        assert not isinstance(entry.admit(Asked("GET", path, "", {}, "", False)), Admitted)


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1.evil.test", "localhost.evil.test", "", "169.254.1.1", "[::2]"]
)
def test_another_name_that_leads_here_is_turned_away(inside: httpx.Client, host: str) -> None:
    answer = inside.get("/help", headers={"host": host})

    assert answer.status_code in (400, 403)
    assert "does not answer under this name" in answer.text or answer.status_code == 400


@pytest.mark.parametrize("host", ["localhost:9999", "127.0.0.1", "LOCALHOST", "[::1]:8300"])
def test_a_tunnel_may_end_at_any_port(host: str) -> None:
    asked = Asked("GET", "/x", "", {"host": host}, "127.0.0.1", False)

    assert refusal(asked, LOCAL, [re.compile("/x")]) is None


OURS = {"host": "127.0.0.1:8300", "content-type": "application/x-www-form-urlencoded"}
OWN = "http://127.0.0.1:8300"


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "same-origin", "origin": OWN}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": OWN}, True),
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://evil.test"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": "https://127.0.0.1:8300"}, False),
        ({"origin": "http://127.0.0.1:8300.evil.test"}, False),
    ],
)
def test_only_the_desks_own_pages_send_forms(headers: dict[str, str], passes: bool) -> None:
    asked = Asked("POST", "/x", "", {**OURS, **headers}, "127.0.0.1", False)

    assert (refusal(asked, LOCAL, [re.compile("/x")]) is None) == passes


@pytest.mark.parametrize(
    ("site", "mode", "dest", "passes"),
    [
        ("none", "navigate", "document", True),
        ("same-origin", "cors", "empty", True),
        ("cross-site", "navigate", "document", True),
        ("same-site", "navigate", "document", True),
        ("cross-site", "navigate", "iframe", False),
        ("cross-site", "no-cors", "image", False),
        ("same-site", "cors", "empty", False),
    ],
)
def test_other_sites_may_link_here_and_nothing_else(
    site: str, mode: str, dest: str, passes: bool
) -> None:
    fetched = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    asked = Asked("GET", "/x", "", {**OURS, **fetched}, "127.0.0.1", False)

    assert (refusal(asked, LOCAL, [re.compile("/x")]) is None) == passes


def test_who_comes_by_a_link_of_another_site_goes_on_with_one_more_step(
    visitor: httpx.Client,
) -> None:
    linked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    answer = visitor.get("/help?lang=en", headers=linked)

    assert answer.status_code == 403
    assert '<a href="/help?lang=en">' in answer.text


def test_a_form_without_its_token_is_refused_though_the_cookie_is_right(
    inside: httpx.Client,
) -> None:
    path = next(route.pattern for route in routes() if "POST" in route.methods)
    path = re.sub(r"\(.*?\)", "1", path)
    with_none = inside.post(path, data={"why": "x"})
    with_another = inside.post(path, data={"csrftoken": "x"}, headers={"x-csrftoken": "x"})
    with_bearer = inside.post(path, data={"a": "b"}, headers={"authorization": "Bearer x"})

    assert {one.status_code for one in (with_none, with_another, with_bearer)} == {403}


DATASETTES = [
    "/marsad", "/marsad.json", "/marsad?sql=select+1", "/marsad/articles", "/marsad/articles.csv",
    "/marsad/articles/1", "/marsad/judgements.json?_shape=array", "/marsad.db", "/_internal",
    "/_internal/tables.json", "/_memory", "/:memory:", "/.json", "/-/versions.json", "/-/versions",
    "/-/plugins.json", "/-/settings.json", "/-/config.json", "/-/metadata.json",
    "/-/databases.json", "/-/threads.json", "/-/threads", "/-/actor.json", "/-/permissions",
    "/-/allow-debug", "/-/messages", "/-/patterns", "/-/auth-token", "/-/password-tool",
    "/-/static/app.css", "/-/static-plugins/x/y", "/favicon.ico", "/help/", "/%2e%2e/etc/passwd",
    "/static/../app.py", "/static/%2e%2e/app.py", "/help%00", "/help;x",
]  # fmt: skip


@pytest.mark.parametrize("path", DATASETTES)
def test_nothing_of_the_server_below_can_be_reached(inside: httpx.Client, path: str) -> None:
    answer = inside.get(path)

    assert answer.status_code == 404
    assert "sqlite" not in answer.text.lower()


def test_every_answer_has_the_headers(inside: httpx.Client, desk: Site) -> None:
    stranger = httpx.Client(base_url=desk.url, trust_env=False)
    answers = [
        inside.get("/help"),
        inside.get("/nowhere"),
        inside.get("/help", headers={"host": "evil.test"}),
        inside.get("/help", params={"q": "x" * 9000}),
        inside.request("DELETE", "/help"),
        inside.head("/help"),
        inside.get("/static/site.css"),
        inside.get("/", params={"key": KEY}),
        stranger.get("/help"),
    ]
    stranger.close()

    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items(), answer.url
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "datasette" not in str(answer.headers)
        assert "strict-transport-security" not in answer.headers
    kept = {answer.headers["cache-control"] for answer in answers}
    assert kept == {"private, no-store", "private, max-age=3600"}


def test_a_stream_has_the_headers_and_loses_those_of_the_server(serve: Serve, world: Path) -> None:
    stub = Stub(b"one", b"two")
    house = House(LOCAL.names, secure=True)
    served = serve(world, app=Doors(stub, house, Anybody(), ["/x"]))

    answer = served.get("/x")

    assert answer.text == "onetwo"
    assert HEADERS.items() <= dict(answer.headers).items()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "datasette" not in str(answer.headers)
    assert answer.headers["set-cookie"].endswith("; Secure")


def test_the_application_sees_no_key_and_no_forged_actor(serve: Serve, world: Path) -> None:
    stub = Stub()
    served = serve(world, app=Doors(stub, LOCAL, Anybody(), ["/x"]))
    sent = {
        "cookie": 'ds_actor=forged; marsad_1=k; ds_csrftoken=tok.en; marsad_language=ar; a="b',
        "authorization": "Basic x",
    }

    served.client.get("/x", headers=sent)

    headers = dict(stub.scopes[0]["headers"])
    assert headers[b"cookie"] == b"ds_csrftoken=tok.en; marsad_language=ar; marsad=1"
    assert b"authorization" not in headers
    assert stub.scopes[0].get("actor") is None


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"method": "GET", "url": "/x", "params": {"q": "a" * 8200}}, 414),
        ({"method": "GET", "url": "/x", "params": [("q", "a")] * 501}, 400),
        ({"method": "GET", "url": "/" + "x" * 1100}, 414),
        ({"method": "PUT", "url": "/x"}, 405),
        ({"method": "TRACE", "url": "/x"}, 405),
        ({"method": "POST", "url": "/x", "json": {}}, 415),
        ({"method": "POST", "url": "/x", "files": {"f": b"x"}}, 415),
        ({"method": "POST", "url": "/x", "data": {"a": "b" * 1_000_001}}, 413),
        ({"method": "POST", "url": "/x", "data": {f"f{n}": "" for n in range(502)}}, 400),
        ({"method": "GET", "url": "/x", "headers": {"a": "b" * 40_000}}, 431),
        ({"method": "POST", "url": "/x", "content": b"a=\xff",
          "headers": {"content-type": "application/x-www-form-urlencoded"}}, 400),
    ],
)  # fmt: skip
def test_what_is_too_much_is_turned_away_in_words(
    serve: Serve, world: Path, asked: dict[str, Any], status: int
) -> None:
    stub = Stub()
    served = serve(world, app=Doors(stub, LOCAL, Anybody(), ["/x"]))

    answer = served.client.request(**asked)

    assert answer.status_code == status
    assert stub.scopes == []


def test_a_form_without_a_length_is_counted_as_it_comes(serve: Serve, world: Path) -> None:
    stub = Stub()
    served = serve(world, app=Doors(stub, LOCAL, Anybody(), ["/x"]))
    kind = {"content-type": "application/x-www-form-urlencoded"}

    small = served.client.post("/x", content=iter([b"a=", b"b"]), headers=kind)
    large = served.client.post("/x", content=(b"a" * 100_000 for _ in range(11)), headers=kind)

    assert (small.status_code, large.status_code) == (200, 413)
    assert stub.bodies == [b"a=b"]


def test_a_form_that_never_comes_is_not_waited_for(
    serve: Serve, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "BODY_SECONDS", 0.3)
    served = serve(world, app=Doors(Stub(), LOCAL, Anybody(), ["/x"]))
    port = int(served.url.rpartition(":")[2])

    with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(
            b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\na="
        )
        said = slow.recv(1000)

    assert said.startswith(b"HTTP/1.1 408 ")


def test_long_answers_are_not_without_number(
    serve: Serve, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "HEAVY_AT_ONCE", 2)
    app = Doors(Stub(wait=0.5), LOCAL, Anybody(), ["/export/.*", "/help"])
    served = serve(world, app=app)

    async def five() -> list[int]:
        async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
            tasks = [client.get("/export/articles") for _ in range(5)]
            answers = await asyncio.gather(*tasks, client.get("/help"))
            return [one.status_code for one in answers]

    with ThreadPoolExecutor(1) as thread:  # a browser's loop may be running on ours
        *exports, other = thread.submit(lambda: asyncio.run(five())).result()

    assert sorted(exports) == [200, 200, 503, 503, 503]
    assert other == 200
    assert served.get("/export/articles").status_code == 200


def test_what_breaks_inside_is_told_without_its_words(serve: Serve, world: Path) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("the name of somebody")

    served = serve(world, app=Doors(broken, LOCAL, Anybody(), ["/x"]))

    answer = served.get("/x")

    assert answer.status_code == 500
    assert "somebody" not in answer.text
    assert "Something of ours broke" in answer.text


def test_in_a_browser_the_key_opens_and_forms_work(desk: Site, new_page: Any) -> None:
    page = new_page(locale="en-GB")
    shut = page.goto(desk.url + "/help")
    assert shut.status == 403
    page.fill("#key", KEY)
    page.click("button")
    page.wait_for_url(desk.url + "/")

    opened = page.goto(desk.url + "/help")

    assert opened.status == 200
    assert page.evaluate("document.cookie").find("marsad_") < 0
