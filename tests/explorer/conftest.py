"""A kit to try the researchers' site: served on loopback, asked over HTTP or by a real browser.

    from deskkit import Site

    def test_without_a_browser(site: Site):            # a world of its own making: see deskworld.py
        answer = site.get("/search", q="ميراث")  # an httpx answer; ?lang=ar and the like go in too
        assert answer.status_code == 200
        site.post("/articles/3/judge", kind="leave_out", why="spam")   # brings the csrf token
        site.rows("SELECT count(*) FROM judgements")                   # what stands in the database

    def test_in_a_browser(site, page):           # playwright's page, Arabic unless told otherwise
        page.goto(site.url + "/search?q=ميراث")
        page.seen                                # every address that the browser asked for

`site` is shared by all tests of a session: read only. `own_site` is a copy for one test, which
may write. `serve(path, **given)` serves any database, or `serve(path, app=...)` any application;
`browser` is a Chromium; `new_page(locale="fr-FR", color_scheme="dark")` opens further
pages. After each test of pages, nothing may have left the machine, and no script may have failed.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from browsers import chromium
from deskkit import Serve, Site, Watched
from deskworld import build_world

from storage.explorer.app import application
from storage.explorer.doors import Doors
from storage.explorer.doors_asked import Asked, House
from storage.explorer.doors_entry import Admitted, Way
from storage.explorer.given import Given
from storage.explorer.pages import routes


class Everybody:
    """An entry that lets everybody in: who may come is tried elsewhere."""

    def admit(self, asked: Asked) -> Way:
        """In."""
        return Admitted()


def behind_doors(given: Given) -> Any:
    """The site as the command line opens it, but for its key."""
    patterns = [route.pattern for route in routes()]
    house = House(frozenset(("127.0.0.1", "localhost")))
    return Doors(application(given), house, Everybody(), patterns, given.language)


def compare(before: str, after: str) -> Any:
    """As the command line hands it in."""
    from crawler.reading import changes

    return changes.compare(before, after)


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serves a database on a port of its own until the session ends."""
    running: list[tuple[uvicorn.Server, threading.Thread, httpx.Client]] = []

    def start(path: Path, app: Any = None, **given: Any) -> Site:
        told = {"workspace_name": "مرصد الاختبار", "secret": "s" * 40, "compare": compare} | given
        app = app or behind_doors(Given(path, **told))
        settings = uvicorn.Config(app, port=0, log_level="error", ws="none", access_log=False)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{_port_of(server)}"
        client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        running.append((server, thread, client))
        return Site(url, path, client)

    yield start
    for server, thread, client in running:
        client.close()
        server.should_exit = True
        thread.join(10)


def _port_of(server: uvicorn.Server) -> int:
    end = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < end, "the site did not start"
        time.sleep(0.02)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up archive of deskworld.py; nobody writes to it."""
    path = tmp_path_factory.mktemp("world") / "marsad.db"
    build_world(path)
    return path


@pytest.fixture(scope="session")
def site(serve: Serve, world: Path) -> Site:
    """The made-up archive, served for reading."""
    return serve(world)


@pytest.fixture
def own_site(serve: Serve, world: Path, tmp_path: Path) -> Site:
    """A copy of the made-up archive that a test may change; `tester` judges."""
    path = tmp_path / "marsad.db"
    shutil.copy(world, path)
    return serve(path, user="tester")


# For a module: while it is open, nothing else in this process can run an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Pages of contexts of their own: new_page(locale="fr-FR", color_scheme="dark")."""
    watched, contexts = Watched(), []

    def made(**options: Any) -> Any:
        context = browser.new_context(**{"locale": "ar-IQ", "accept_downloads": True} | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return watched.watch(context.new_page())

    yield made
    for context in contexts:
        context.close()
    watched.check()


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page of somebody who reads Arabic."""
    return new_page()
