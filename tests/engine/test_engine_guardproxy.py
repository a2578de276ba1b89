"""The guard proxy: who may use it, where it leads, and what it passes on."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom.hostile import CanaryListener, Exchange, HostileNewsroom, Reply

from crawler.engine import guardproxy
from crawler.engine.guard import Newsroom, is_inner, is_public
from crawler.engine.guardproxy import GuardProxy
from crawler.engine.passes import Allowance, Pass, Passes
from crawler.engine.proxyheads import BadHead, answer_head, read_request, request_head
from crawler.engine.streams import NotReached

ALLOWANCE = Allowance(100_000, 20)


def anywhere(host: str, port: int) -> bool:
    return True


def authorization(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


async def ask(proxy: GuardProxy, request: str, *, more: bytes = b"") -> bytes:
    """What the proxy answers, up to its hanging up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    with closing(writer):
        writer.write(request.encode().replace(b"\n", b"\r\n") + b"\r\n\r\n" + more)
        return await asyncio.wait_for(reader.read(), 10)


def shown(pass_: Pass) -> str:
    return f"Proxy-Authorization: {authorization(pass_.name, pass_.secret)}"


def with_proxy(
    use: Callable[[GuardProxy], Awaitable[None]],
    newsroom: HostileNewsroom | None = None,
    names: dict[str, list[str]] | None = None,
) -> None:
    """Run something against a proxy whose resolver knows `names` only."""

    async def resolve(host: str, port: int) -> list[str]:
        if names is None or host not in names:
            raise OSError("no such name")
        return names[host]

    async def whole() -> None:
        place = f"127.0.0.1:{newsroom.port}" if newsroom else None
        proxy = GuardProxy(Newsroom(place), resolve)
        await proxy.start()
        try:
            await use(proxy)
        finally:
            await proxy.close()

    asyncio.run(whole())


@pytest.mark.parametrize(
    "credentials",
    [
        "",
        "Proxy-Authorization: Basic",
        "Proxy-Authorization: Basic ====",
        "Proxy-Authorization: Bearer abc",
        "Proxy-Authorization: " + authorization("page-1", "wrong"),
        "Proxy-Authorization: " + authorization("page-2", ""),
        "Proxy-Authorization: " + authorization("", ""),
    ],
)
def test_whoever_shows_no_pass_gets_407_and_nothing_else(credentials: str) -> None:
    with CanaryListener() as canary:

        async def use(proxy: GuardProxy) -> None:
            proxy.passes.issue(anywhere, ALLOWANCE)
            lines = [f"CONNECT 127.0.0.1:{canary.port} HTTP/1.1", *filter(None, [credentials])]
            assert (await ask(proxy, "\n".join(lines))).startswith(b"HTTP/1.1 407 ")

        with_proxy(use)
        assert not canary.visitors


def test_a_pass_is_good_until_it_is_revoked() -> None:
    with HostileNewsroom() as newsroom:
        newsroom.article("a.test", "/x", b"found")
        url = newsroom.url("a.test", "/x")

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
            answer = await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}")
            assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"found")
            assert pass_.reached == {"a.test": "127.0.0.1"}
            proxy.passes.revoke(pass_)
            assert b" 407 " in await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}")

        with_proxy(use, newsroom)
        [seen] = newsroom.seen("a.test")
    assert not {name for name in seen.headers if name.startswith("proxy-")}, "the pass stays here"


INNER = {
    "by-name.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "v6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "localhost": ["127.0.0.1", "::1"],
    "127.0.0.1": ["127.0.0.1"],
    "2130706433": ["127.0.0.1"],
    "0x7f.1": ["127.0.0.1"],
    "::1": ["::1"],
    "10.0.0.1": ["10.0.0.1"],
}


@pytest.mark.parametrize("host", INNER)
def test_an_inner_address_is_refused_however_it_is_spelled(host: str) -> None:
    with CanaryListener() as canary, CanaryListener("::1", canary.port) as canary6:
        place = f"[{host}]:{canary.port}" if ":" in host else f"{host}:{canary.port}"

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
            for line in (f"CONNECT {place} HTTP/1.1", f"GET http://{place}/ HTTP/1.1"):
                answer = await ask(proxy, f"{line}\n{shown(pass_)}")
                assert answer.startswith(b"HTTP/1.1 403 ")
            assert pass_.refused == {host: 2}

        with_proxy(use, names=INNER)
        assert not canary.visitors and not canary6.visitors


def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that is public when it is checked and private afterwards gains nothing."""
    asked: list[str] = []
    met: list[tuple[str, int]] = []

    async def connected(places: list[tuple[str, int]]) -> None:
        met.extend(places)
        raise NotReached("unreachable")

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8", "127.0.0.1"] if len(asked) == 1 else ["127.0.0.1"]

    async def whole() -> None:
        proxy = GuardProxy(Newsroom(None), resolve)
        await proxy.start()
        pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
        await ask(proxy, f"GET http://rebind.example/ HTTP/1.1\n{shown(pass_)}")
        await proxy.close()

    monkeypatch.setattr(guardproxy, "connected", connected)
    asyncio.run(whole())
    assert asked == ["rebind.example"] and met == [("8.8.8.8", 80)]


def test_a_page_reaches_its_own_hosts_only() -> None:
    with HostileNewsroom() as newsroom:
        newsroom.article("own.test", "/", b"own")
        newsroom.article("ads.test", "/", b"ads")

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(lambda host, port: host == "own.test", ALLOWANCE)
            for host, status in (("own.test", b"200"), ("ads.test", b"403")):
                answer = await ask(proxy, f"GET {newsroom.url(host, '/')} HTTP/1.1\n{shown(pass_)}")
                assert answer.split()[1] == status
            assert b" 403 " in await ask(
                proxy, f"CONNECT ads.test:{newsroom.port} HTTP/1.1\n{shown(pass_)}"
            )

        with_proxy(use, newsroom)
        assert [seen.host for seen in newsroom.seen()] == ["own.test"]


def test_one_connection_serves_one_request() -> None:
    """What follows on a connection would go to the first one's server, unchecked."""
    with HostileNewsroom() as newsroom:
        newsroom.article("own.test", "/", b"own")
        second = f"GET {newsroom.url('own.test', '/second')} HTTP/1.1\r\n\r\n".encode()

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
            url = newsroom.url("own.test", "/")
            answer = await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}", more=second)
            assert answer.count(b"HTTP/1.1") <= 1

        with_proxy(use, newsroom)
        assert {seen.path for seen in newsroom.seen()} <= {"/"}


def test_a_request_body_is_passed_on_and_a_tunnel_goes_both_ways() -> None:
    with HostileNewsroom() as newsroom:
        newsroom.article("own.test", "/form", b"thanks")

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
            url, place = newsroom.url("own.test", "/form"), f"own.test:{newsroom.port}"
            post = f"POST {url} HTTP/1.1\nContent-Length: 3\n{shown(pass_)}"
            assert b" 200 " in await ask(proxy, post, more=b"a=b")
            inside = f"GET /form HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n".encode()
            answer = await ask(proxy, f"CONNECT {place} HTTP/1.1\n{shown(pass_)}", more=inside)
            assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 ")
            assert answer.endswith(b"thanks")

        with_proxy(use, newsroom)


def test_bytes_and_connections_of_a_page_are_bounded() -> None:
    with HostileNewsroom() as newsroom:
        newsroom.article("own.test", "/big", b"x" * 400_000)
        url = newsroom.url("own.test", "/big")

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, Allowance(100_000, 2))
            answer = await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}")
            assert len(answer) <= 100_000
            await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}")
            third = await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}")
            assert third.startswith(b"HTTP/1.1 403 ") and pass_.troubles["own.test"] == "spent"

        with_proxy(use, newsroom)
        assert len(newsroom.seen("own.test")) == 2


def test_what_does_not_answer_is_told_apart() -> None:
    with HostileNewsroom() as newsroom, CanaryListener() as silent:
        newsroom.put("odd.test", "/", lambda exchange: exchange.send(b"SSH-2.0-x\r\n\r\n"))
        kept = silent.port

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
            for url, status, trouble in (
                ("http://nowhere.example/", b"502", "unresolved"),
                (newsroom.url("odd.test", "/"), b"502", "broken"),
            ):
                answer = await ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}")
                assert answer.split()[1] == status and trouble in pass_.troubles.values()

        with_proxy(use, newsroom)
        assert kept and not silent.visitors


def test_the_proxy_ends_with_the_run_and_ends_what_hangs() -> None:
    held = threading.Event()

    def hang(exchange: Exchange) -> None:
        held.set()
        exchange.closing.wait(20)

    with HostileNewsroom() as newsroom:
        newsroom.put("own.test", "/", hang)

        async def whole() -> None:
            proxy = GuardProxy(Newsroom(f"127.0.0.1:{newsroom.port}"))
            await proxy.start()
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE)
            url = newsroom.url("own.test", "/")
            asking = asyncio.ensure_future(ask(proxy, f"GET {url} HTTP/1.1\n{shown(pass_)}"))
            await asyncio.to_thread(held.wait, 10)
            await asyncio.wait_for(proxy.close(), 5)
            assert await asking == b""
            with pytest.raises(OSError):
                await asyncio.open_connection("127.0.0.1", proxy.port)

        asyncio.run(whole())


# ---------------------------------------------------------------- heads

BAD = [
    "GET / HTTP/1.1",  # no proxy's business
    "GET https://a.example/ HTTP/1.1",  # a browser asks for a tunnel
    "GET ftp://a.example/ HTTP/1.1",
    "GET file:///etc/passwd HTTP/1.1",
    "GET http://user@a.example/ HTTP/1.1",
    "GET http://a.example:99999/ HTTP/1.1",
    "CONNECT a.example HTTP/1.1",
    "CONNECT a.example:0 HTTP/1.1",
    "CONNECT http://a.example:80 HTTP/1.1",
    "TRACE http://a.example/ HTTP/1.1",
    "get http://a.example/ HTTP/1.1",
    "GET http://a.example/ HTTP/2",
    "GET  http://a.example/ HTTP/1.1",
    "GET http://a.example/ HTTP/1.1\nName : value",
    "GET http://a.example/ HTTP/1.1\nA: b\n folded",
    "GET http://a.example/ HTTP/1.1\nno colon",
]


@pytest.mark.parametrize("head", BAD)
def test_a_head_that_can_be_read_in_two_ways_is_not_read(head: str) -> None:
    with pytest.raises(BadHead):
        read_request(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")


@pytest.mark.parametrize(
    "headers",
    ["Content-Length: 5\nContent-Length: 6", "Transfer-Encoding: chunked", "Content-Length: -1"],
)
def test_a_body_whose_end_is_not_plain_is_not_passed_on(headers: str) -> None:
    head = f"POST http://a.example/ HTTP/1.1\n{headers}\n\n".replace("\n", "\r\n")
    with pytest.raises(BadHead):
        read_request(head.encode()).body_bytes  # noqa: B018 - reading it is the point


def test_what_concerns_two_neighbours_is_not_passed_on() -> None:
    asked = read_request(
        b"GET http://a.example:81/p?q=1 HTTP/1.1\r\nHost: other.example\r\nAccept: */*\r\n"
        b"Proxy-Authorization: Basic x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    )
    assert request_head(asked) == (
        b"GET /p?q=1 HTTP/1.1\r\nHost: a.example:81\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    )
    assert request_head(asked, whole=True).startswith(b"GET http://a.example:81/p?q=1 HTTP/1.1\r\n")
    forged = b"HTTP/1.1 200 OK\r\nX-Marsad-Guard: refused\r\nKeep-Alive: 5\r\nA: b\r\n\r\n"
    assert answer_head(forged) == b"HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n"


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reading_of_a_head(data: bytes) -> None:
    for read in (read_request, answer_head):
        try:
            read(data + b"\r\n\r\n")
        except BadHead:
            continue


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_inner_in_every_spelling_or_in_none(number: int) -> None:
    dotted = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    assert is_inner(str(number)) == is_inner(hex(number)) == is_inner(dotted)
    assert is_inner(dotted) != is_public(dotted)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_guess_is_a_pass(name: str, secret: str) -> None:
    passes = Passes()
    known = passes.issue(anywhere, ALLOWANCE)
    for guess in (name, known.name):
        assert passes.holder(authorization(guess, secret).encode()) is None
    assert passes.holder(authorization(known.name, known.secret).encode()) is known


def test_an_egress_gets_the_whole_address_and_is_not_asked_for_inner_places() -> None:
    with HostileNewsroom() as upstream:
        upstream.put("far.example", "*", Reply(b"through"))

        async def use(proxy: GuardProxy) -> None:
            pass_ = proxy.passes.issue(anywhere, ALLOWANCE, ("127.0.0.1", upstream.port))
            answer = await ask(proxy, f"GET http://far.example/x HTTP/1.1\n{shown(pass_)}")
            assert answer.endswith(b"through")
            for host in ("127.0.0.1", "localhost", "2130706433", "intranet", "nas.local"):
                answer = await ask(proxy, f"GET http://{host}/ HTTP/1.1\n{shown(pass_)}")
                assert answer.startswith(b"HTTP/1.1 403 ")

        with_proxy(use)
        assert [seen.host for seen in upstream.seen()] == ["far.example"]
        assert upstream.seen()[0].path == "http://far.example/x"
