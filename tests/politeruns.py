"""Runs that visit a made-up web, each as a process of its own would.

Each has what a process has (its own `Crawl`, robots.txt files, failures, queue per host, database
connection) and shares with the others what processes share: one file. The real parts decide
(`HostLeases`, the turn at the wire, `StrictRobots`, `SecondChance`, Scrapy's redirects); only
Scrapy's loop around them and the wire are made up. Each call of the database takes a while of its
own, so that the runs come between each other everywhere.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from unittest.mock import patch

from politeweb import Answer, Knows, VirtualLoop, Web, wall, wall_clock
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.engine.crawl import Crawl, Order
from crawler.engine.pace import PacedHandler, SecondChance
from crawler.engine.robots import StrictRobots
from crawler.workspace import Config, Workspace
from storage.database import Database
from storage.leases import HostLeases

HOSTS = ("north.test", "south.test")
PATHS = ("/feed", "/1", "/2", "/private/3", "/moved")


@dataclass(frozen=True)
class Planned:
    """One run: when it starts, what it does at which host, and when it is killed."""

    start: float
    work: tuple[tuple[int, str], ...]  # number of a spider, host
    killed: float | None


@dataclass(frozen=True)
class World:
    """Hosts with their answers, and the runs that visit them."""

    plans: dict[str, list[Answer]]
    runs: tuple[Planned, ...]
    pause: float
    seed: int


@dataclass
class Machine:
    """A workspace, and a connection to its database for each process."""

    place: Workspace
    config: Config
    databases: list[Database]

    def rested(self) -> Machine:
        """The same, with all hosts forgotten."""
        self.databases[0].execute("DELETE FROM host_leases")
        return self


class Books:
    """A run's one writer: calls one after the other, each of which takes a while."""

    def __init__(self, database: Database, seed: int) -> None:
        self._dice = random.Random(seed)
        self._turn = asyncio.Lock()
        self.leases = HostLeases(database, clock=wall)
        self.dead = False

    async def call(self, method: Callable[..., Any], *args: Any) -> Any:
        async with self._turn:
            await asyncio.sleep(self._dice.random() * 0.005)
            if self.dead:
                raise asyncio.CancelledError
            return method(*args)


class Run:
    """One process at work: the engine's parts in Scrapy's order, around a wire that is made up."""

    def __init__(self, web: Web, machine: Machine, number: int, seed: int) -> None:
        self.web, self.knows, self.crawling = web, Knows(f"run {number}"), True
        self.settings = Settings({"ROBOTSTXT_USER_AGENT": "marsad", "REDIRECT_MAX_TIMES": 5})
        self.engine, self.spider = self, None
        self.books = Books(machine.databases[number], seed)
        order = Order(urls=("http://north.test/",))
        self.crawl = Crawl(machine.place, machine.config, order, clock=wall_clock)
        self.crawl.run_id, self.crawl.writer = number, cast(Any, self.books)
        me = cast(Any, self)
        self.crawl.attach(me)
        self._robots, self._chance = StrictRobots(me), SecondChance(me)
        self._redirect = RedirectMiddleware(self.settings)
        self._redirect.crawler = me
        self._handler = PacedHandler.__new__(PacedHandler)
        self._handler._crawler = me
        self._asked = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    async def get(self, url: str) -> Response | None:
        """What came back in the end, or None."""
        self._asked += 1
        try:
            return await self.download_async(Request(url, meta={"asked": self._asked}))
        except (IgnoreRequest, TimeoutError, ConnectionError):
            return None

    async def download_async(self, request: Request) -> Response:
        """Scrapy's loop: what a middleware gives instead of an answer is asked anew."""
        while True:
            answer = await self._through(request)
            if isinstance(answer, Response):
                return answer
            request = answer

    async def _through(self, request: Request) -> Response | Request:
        """All middlewares that have a say, in the order of the settings."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._robots.process_request(request)
            self._chance.process_request(request)
            response = await self._handler.download_request(request)
            await asyncio.sleep(0)  # Scrapy hands an answer on in a later step of the loop
        except Exception as wrong:
            if not isinstance(wrong, IgnoreRequest | TimeoutError | ConnectionError):
                self.web.breaches.append(f"{self.knows.name} broke: {wrong!r}")
            again = await self._chance.process_exception(request, wrong)
            if again is None:
                raise
            return again
        moved = self._redirect.process_response(request, response)
        if isinstance(moved, Request):
            return moved
        return await self._chance.process_response(request, moved)

    async def work(self, planned: Planned) -> None:
        """Do what is planned; a killed run gives nothing back, and its connections end."""
        spiders = (SPIDERS[number](self, host) for number, host in planned.work)
        task = asyncio.ensure_future(asyncio.gather(*spiders))
        await asyncio.wait({task}, timeout=planned.killed)
        if not task.done():
            self.books.dead = True
            for one in (task, *self._tasks):
                one.cancel()
        await asyncio.gather(task, *self._tasks, return_exceptions=True)


# --- what the spiders ask for


async def feed(run: Run, host: str) -> None:
    """A feed, then its articles all at once."""
    if await run.get(f"http://{host}/feed"):
        await asyncio.gather(*(run.get(f"http://{host}{path}") for path in PATHS))


async def listing(run: Run, host: str) -> None:
    """Page after page, each with an article."""
    for number in range(1, 3):
        pages = (f"/list?page={number}", f"/{number}")
        await asyncio.gather(*(run.get(f"http://{host}{page}") for page in pages))


async def sitemap(run: Run, host: str) -> None:
    """An index, its parts at once, then the articles."""
    if await run.get(f"http://{host}/map.xml"):
        await asyncio.gather(*(run.get(f"http://{host}/part{n}.xml") for n in range(2)))
        await asyncio.gather(*(run.get(f"http://{host}{path}") for path in PATHS[1:3]))


async def urls(run: Run, host: str) -> None:
    """Addresses that a person named, on every host at once."""
    await asyncio.gather(*(run.get(f"http://{one}{path}") for one in HOSTS for path in PATHS[1:]))


async def recheck(run: Run, host: str) -> None:
    """The same articles again and again."""
    for path in PATHS[1:3] * 2:
        await run.get(f"http://{host}{path}")


SPIDERS = (feed, listing, sitemap, urls, recheck)


# --- all of them at once


async def visited(world: World, machine: Machine) -> Web:
    """Let all runs of a world do their work; tells what was asked of whom."""
    web = Web(world.plans, world.pause)

    async def process(number: int, planned: Planned) -> None:
        await asyncio.sleep(planned.start)
        await Run(web, machine, number, world.seed + number).work(planned)

    await asyncio.gather(*(process(*each) for each in enumerate(world.runs, 1)))
    return web


async def _wire(handler: Any, request: Request) -> Response:
    run: Run = handler._crawler
    return await run.web.ask(run.knows, request)


def watched(world: World, machine: Machine) -> Web:
    """The same on a clock of its own."""
    with (
        patch.object(HTTP11DownloadHandler, "download_request", _wire),
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        return runner.run(visited(world, machine.rested()))
