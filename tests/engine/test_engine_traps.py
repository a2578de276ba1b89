"""Traps cost a bounded number of requests, night after night, and are named."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from harness import crawl, page
from listing_sites import gaps, headline, linked, list_page, listing_workspace, stored, visits
from newsroom.hostile import Exchange, HostileNewsroom, Reply

from crawler.workspace import Workspace

NIGHTS = 3
NEWS = "/news/{}"


@dataclass
class Site:
    """A site that answers every path: what is asked of it is counted by path, without query."""

    dice: random.Random = field(default_factory=lambda: random.Random(7))
    night: int = 0
    made: int = 0

    def seeds(self) -> range:
        """The articles on the front page tonight: two new ones each night."""
        return range(100 + 2 * self.night, 108 + 2 * self.night)

    def article(self, exchange: Exchange, path: str) -> None:
        number = int("".join(filter(str.isdigit, path))[-9:] or 0)
        Reply(page(number, headline(number)))(exchange)

    def __call__(self, exchange: Exchange) -> None:
        path = exchange.request.target
        if path.startswith("/robots.txt"):
            Reply(b"", 404)(exchange)
        elif path.partition("?")[0] in ("/", "/latest"):
            Reply(self.front(path))(exchange)
        else:
            self.article(exchange, path)

    def front(self, path: str) -> bytes:
        raise NotImplementedError


class Calendar(Site):
    """Beside its news, a calendar of every day there is, forwards and backwards."""

    def front(self, path: str) -> bytes:
        first = date(2026, 3, 1) + timedelta(days=40 * self.night)
        days = [first + timedelta(days=n) for n in range(60)]
        calendar = "".join(f'<a href="/news/{d:%Y/%m/%d}">{d.day}</a>' for d in days)
        later = f"/latest?month={first:%Y-%m}&view=calendar"
        return list_page(linked(self.seeds(), NEWS), more=calendar, following=later)


class Sessions(Site):
    """Every answer has links with a session of its own."""

    def front(self, path: str) -> bytes:
        self.made += 1
        token = f"{self.dice.getrandbits(96):024x}a1"
        return list_page(linked(self.seeds(), NEWS + f"?visitkey={token}"))


class Folders(Site):
    """The session stands in the path, and changes with every answer."""

    def front(self, path: str) -> bytes:
        token = f"{self.dice.getrandbits(96):024x}a1"
        return list_page(linked(self.seeds(), f"/{token}" + NEWS))


class Loop(Site):
    """Relative links that go deeper into folders of the same name with every step."""

    def front(self, path: str) -> bytes:
        deep = [(f"/news/x/x/x/x/{n}", headline(n)) for n in range(900, 915)]
        return list_page([*linked(self.seeds(), NEWS), *deep])


class Facets(Site):
    """Its archive may be chosen and sorted in hundreds of ways."""

    def front(self, path: str) -> bytes:
        chosen = [
            (f"/news/7?sort={sort}&size={size}&year={year}", "All that was said in that year")
            for sort in ("new", "old", "top")
            for size in (10, 20, 50)
            for year in range(2010, 2026)
        ]
        return list_page([*linked(self.seeds(), NEWS), *chosen])


class Rotating(Site):
    """Each next page shows what the first one did, and a further page."""

    def front(self, path: str) -> bytes:
        number = int(path.partition("page=")[2] or 1)
        return list_page(linked(self.seeds(), NEWS), following=f"/latest?page={number + 1}")


class Endless(Site):
    """Every answer is made up anew: no article stands in two of them, and no page is the last."""

    def front(self, path: str) -> bytes:
        number = int(path.partition("page=")[2] or 1)
        self.made += 5
        fresh = range(10_000 + self.made, 10_005 + self.made)
        return list_page(linked(fresh, NEWS), following=f"/latest?page={number + 1}")


SITES: dict[str, type[Site]] = {
    "calendar.test": Calendar,
    "sessions.test": Sessions,
    "folders.test": Folders,
    "loop.test": Loop,
    "facets.test": Facets,
    "rotating.test": Rotating,
    "endless.test": Endless,
}
NAMED = {
    "calendar.test": "trap_calendar",
    "sessions.test": "trap_session",
    "folders.test": "trap_session",
    "loop.test": "trap_depth",
    "facets.test": "trap_parameters",
    "rotating.test": "trap_paging",
    "endless.test": "trap_paging",
}


@dataclass(frozen=True)
class Trapped:
    """Some nights with every trap; requests are counted without robots.txt."""

    newsroom: HostileNewsroom
    place: Workspace
    after: list[dict[str, int]]  # requests to each host, night by night

    def signs(self, host: str) -> list[set[str]]:
        """The kinds of signs of each visit."""
        return [{kind for kind, _ in json.loads(signs)} for *_, signs in visits(self.place, host)]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    """All traps, night after night."""
    with HostileNewsroom() as newsroom:
        pattern = "^/news/|/news/[0-9]"  # a wide one: it meets the traps as well
        place = listing_workspace(
            tmp_path_factory.mktemp("traps") / "desk",
            newsroom.port,
            dict.fromkeys(SITES, ("/latest", pattern)),
        )
        sites = {host: kind() for host, kind in SITES.items()}
        for host, site in sites.items():
            newsroom.put(host, "*", site)
        after = []
        for night in range(NIGHTS):
            for site in sites.values():
                site.night = night
            before = {host: len(_asked(newsroom, host)) for host in SITES}
            crawl(place)
            after.append({host: len(_asked(newsroom, host)) - before[host] for host in SITES})
        yield Trapped(newsroom, place, after)


def _asked(newsroom: HostileNewsroom, host: str) -> list[str]:
    return [seen.path for seen in newsroom.seen(host) if seen.path != "/robots.txt"]


@pytest.mark.parametrize("host", SITES)
def test_each_trap_is_named(trapped: Trapped, host: str) -> None:
    assert {NAMED[host]} == set().union(*trapped.signs(host))


@pytest.mark.parametrize("host", ["calendar.test", "sessions.test", "folders.test"])
def test_each_night_costs_the_list_and_the_two_new_articles(trapped: Trapped, host: str) -> None:
    assert [night[host] for night in trapped.after] == [9, 3, 3]


@pytest.mark.parametrize("host", ["loop.test", "facets.test"])
def test_families_of_addresses_are_not_fetched(trapped: Trapped, host: str) -> None:
    assert [night[host] for night in trapped.after] == [9, 3, 3]


@pytest.mark.parametrize("host", SITES.keys() - {"endless.test", "folders.test"})
def test_the_articles_beside_a_trap_are_all_read(trapped: Trapped, host: str) -> None:
    assert stored(trapped.place, host) == [NEWS.format(n) for n in range(100, 112)]


def test_pages_that_repeat_are_seen_through_at_the_second(trapped: Trapped) -> None:
    assert [night["rotating.test"] for night in trapped.after] == [10, 3, 3]


def test_pages_without_end_cost_ten_once_and_then_one(trapped: Trapped) -> None:
    """A first look takes two pages, a later one that never comes back ten; then it is known."""
    assert [night["endless.test"] for night in trapped.after] == [2 * 6, 10 * 6, 1 * 6]


def test_a_list_without_end_shows_nothing_whole(trapped: Trapped) -> None:
    """Each later look leaves a gap that nobody could fill, and the sign stays with the list."""
    assert len(visits(trapped.place, "endless.test")) == 13
    assert [when for _, _, when in gaps(trapped.place, "endless.test")] == [None, None]
    assert trapped.signs("endless.test")[-1] == {"trap_paging"}
