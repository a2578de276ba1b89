"""Sitemaps over real HTTP: only what is new, index and parts, broken ones, and gaps they fill.

Eight outlets are crawled on five nights, all at once; each test looks at what became of one.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harness import ROOT, crawl, killed, marsad_at, outlet_file, page, rows, workspace
from newsroom.hostile import Entry, HostileNewsroom, Reply

from crawler.workspace import Workspace

FIRST = datetime(2026, 3, 10, 2, tzinfo=UTC)
NIGHTS = (0.0, 1.0, 1.125, 2.0, 31.0)
"""Days after the first crawl; the third one comes three hours after the second."""
XML = "application/xml"


class Outlet:
    """An outlet of the hostile newsroom that has sitemaps; `nights[n]` prepares a night."""

    def __init__(self, newsroom: HostileNewsroom, place: Workspace, host: str) -> None:
        self.newsroom, self.place, self.host = newsroom, place, host
        self.asked: list[list[str]] = []
        """What each night's crawl asked for, but for robots.txt."""

    def ways(self, *sitemaps: str, feeds: tuple[str, ...] = ()) -> None:
        text = outlet_file(self.host, self.newsroom.port, feeds)
        text += "".join(
            f'[[sitemaps]]\nurl = "{self.url(path)}"\ngrade = "A"\nevidence = "made up"\n'
            for path in sitemaps
        )
        file = self.place.outlets_dir / "iq" / f"{self.host.split('.')[0]}.toml"
        file.write_text(text, encoding="utf-8")

    def night(self, number: int) -> None:
        """Publish what a night's crawl is to find."""

    def url(self, path: str) -> str:
        return self.newsroom.url(self.host, path)

    def articles(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.newsroom.article(self.host, f"/a/{number}", page(number))

    def put(self, path: str, body: str | bytes) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.newsroom.article(self.host, path, raw, content_type=XML)

    def urlset(self, path: str, pages: Mapping[int, str], *, packed: bool = False) -> None:
        """A sitemap of articles, by number with lastmod ("" for none); they exist."""
        self.articles(pages)
        body = urlset({self.url(f"/a/{number}"): at for number, at in pages.items()})
        self.put(path, gzip.compress(body.encode()) if packed else body)

    def news(self, path: str, pages: Mapping[int, datetime]) -> None:
        """A news sitemap of articles, by number with publication time; they exist."""
        self.articles(pages)
        told = {self.url(f"/a/{n}"): (f"Report number {n}", at) for n, at in pages.items()}
        self.put(path, news(told))

    def index(self, path: str, parts: Mapping[str, str]) -> None:
        """An index of parts, each with its lastmod."""
        entries = "".join(
            f"<sitemap><loc>{self.url(part)}</loc>{lastmod(at)}</sitemap>"
            for part, at in parts.items()
        )
        self.put(path, f"<sitemapindex>{entries}</sitemapindex>")

    @property
    def maps(self) -> list[list[str]]:
        """The sitemaps that each night's crawl asked for."""
        return [[path for path in paths if ".xml" in path] for paths in self.asked]

    def stored(self) -> set[int]:
        sql = "SELECT url FROM articles WHERE url LIKE ?"
        found = rows(self.place, sql, self.url("/%"))
        return {int(url.rpartition("/")[2]) for (url,) in found}

    def visits(self, path: str) -> list[tuple[str, str]]:
        """Outcome and reason of each visit to a sitemap."""
        sql = (
            "SELECT v.outcome, v.reason FROM visits v JOIN ways w ON w.id = v.way_id "
            "WHERE w.url = ? ORDER BY v.id"
        )
        return rows(self.place, sql, self.url(path))

    def gaps(self) -> list[tuple[Any, ...]]:
        """Each gap: whose, and by what it was filled."""
        sql = (
            "SELECT w.url, g.repaired_by FROM gaps g JOIN ways w ON w.id = g.way_id "
            "WHERE w.url LIKE ? AND g.from_at < g.to_at ORDER BY g.id"
        )
        return rows(self.place, sql, self.url("/%"))

    def signs(self) -> set[tuple[str, str]]:
        """What the visits to its ways noticed."""
        sql = (
            "SELECT value ->> 0, value ->> 1 FROM visits v JOIN ways w ON w.id = v.way_id, "
            "json_each(v.signs) WHERE w.url LIKE ?"
        )
        return set(rows(self.place, sql, self.url("/%")))


def lastmod(at: str) -> str:
    return f"<lastmod>{at}</lastmod>" if at else ""


def urlset(pages: Mapping[str, str]) -> str:
    entries = "".join(f"<url><loc>{url}</loc>{lastmod(at)}</url>" for url, at in pages.items())
    return f"<urlset>{entries}</urlset>"


def news(pages: Mapping[str, tuple[str, datetime]]) -> str:
    entries = "".join(
        f"<url><loc>{url}</loc><news:news><news:publication_date>{at.isoformat()}"
        f"</news:publication_date><news:title>{title}</news:title></news:news></url>"
        for url, (title, at) in pages.items()
    )
    return f"<urlset>{entries}</urlset>"


def ago(night: int, **time: float) -> datetime:
    return FIRST + timedelta(days=night) - timedelta(**time)


def said(night: int, **time: float) -> str:
    return ago(night, **time).isoformat()


class Plain(Outlet):
    """A news sitemap, and one whose pages have hardly any dates."""

    undated = dict.fromkeys(range(100, 110), "")

    def night(self, number: int) -> None:
        self.ways("/news.xml", "/map.xml")
        recent = {n: ago(0, hours=4 * n) for n in range(1, 4)}
        if number == 0:
            self.news("/news.xml", {**recent, 9: ago(0, days=9)})
            pages = {**self.undated, 1: said(0, hours=4), 50: said(0, days=40)}
            self.urlset("/map.xml", pages)
        if number == 1:
            self.news("/news.xml", {**recent, 4: ago(1, hours=3)})
            pages = {**self.undated, 110: "", 1: said(1, hours=1), 50: said(0, days=40)}
            self.urlset("/map.xml", pages)


class Parts(Outlet):
    """An index with parts of all sorts."""

    wanted = range(1, 15)  # five hours apart, three days back

    def night(self, number: int) -> None:
        self.ways("/sitemap.xml")
        parts = {
            "/posts-1.xml": said(0, days=400),
            "/posts-2.xml.gz": said(0, hours=5),
            "/category-sitemap.xml": said(0, hours=1),
            "/2020/05/sitemap.xml": said(0, hours=1),
            "/other.xml": "",
            "/broken.xml": said(0, hours=3),
        }
        if number == 0:
            self.index("/sitemap.xml", parts)
            times = {n: said(0, hours=5 * n) for n in range(1, 40)}
            self.urlset("/posts-2.xml.gz", times, packed=True)
            self.urlset("/other.xml", dict.fromkeys(range(500, 800), ""))
            cut = urlset({self.url("/a/900"): said(0, hours=1)})[:-20] + "<url><lo"
            self.put("/broken.xml", cut)
            self.articles([900])
        if number == 1:
            more = {"/posts-3.xml": said(1, hours=2), "/gone.xml": ""}
            self.index("/sitemap.xml", parts | more)
            self.urlset("/posts-3.xml", {40: said(1, hours=2), 41: said(1, hours=1), 42: ""})
            self.urlset("/other.xml", dict.fromkeys(range(500, 801), ""))


class Overflowing(Outlet):
    """A feed that shows five of the forty articles of a day, and a sitemap that shows all."""

    times = {n: ago(1, hours=n / 2) for n in range(1, 40)} | {  # number 1 is the newest
        60: ago(0, hours=5),
        61: ago(0, hours=6),
    }

    def night(self, number: int) -> None:
        named = self.host.startswith("robots")
        self.ways(*([] if named else ["/sitemap.xml"]), feeds=("/feed",))
        robots = f"Sitemap: {self.url('/sitemap.xml')}\nSitemap: http://evil.test/s.xml\n"
        self.newsroom.robots(self.host, robots if named else "")
        if number == 0:
            self.articles(self.times)
            self.index("/sitemap.xml", {"/new.xml": said(1, hours=1), "/old.xml": said(0, days=90)})
            self.urlset("/new.xml", {60: said(0, days=20)})
            self.feed([60, 61])
        if number == 1:
            self.urlset("/new.xml", {n: at.isoformat() for n, at in self.times.items()})
            self.feed(range(1, 6))

    def feed(self, numbers: Iterable[int]) -> None:
        entries = [Entry(f"/a/{n}", f"Report number {n}", self.times[n]) for n in numbers]
        self.newsroom.feed(self.host, "/feed", entries)


class Circle(Outlet):
    """Indexes that list themselves, each other, ever deeper ones, and far too much."""

    def night(self, number: int) -> None:
        self.ways("/sitemap.xml", *(["/deep/0.xml", "/many.xml"] if number == 0 else []))
        self.newsroom.put(self.host, "*", Reply(urlset({}).encode(), content_type=XML))
        self.index("/sitemap.xml", dict.fromkeys(["/sitemap.xml", "/b.xml"], ""))
        self.index("/b.xml", dict.fromkeys(["/sitemap.xml", "/b.xml", "/c.xml"], ""))
        self.urlset("/c.xml", {1: said(0, hours=1)})
        for depth in range(9):
            self.index(f"/deep/{depth}.xml", {f"/deep/{depth + 1}.xml": ""})
        self.index("/many.xml", {f"/many/{n}.xml": "" for n in range(5000)})


class Bad(Outlet):
    """Sitemaps that are too long, somebody else's, none at all, or packed to do harm."""

    def night(self, number: int) -> None:
        self.ways("/huge.xml", "/foreign.xml", "/html.xml", "/bomb.xml", "/empty.xml", "/odd.xml")
        if number:
            return
        old = {f"http://bad.test/2019/{n}-{'x' * 120}": said(0, days=400) for n in range(60_000)}
        self.articles([1, 2])
        huge = urlset(old | {self.url("/a/1"): said(0, hours=1)})
        assert len(huge) > 10_000_000
        self.put("/huge.xml", huge)
        self.put("/foreign.xml", urlset({f"http://evil.test/a/{n}": "" for n in range(9)}))
        html = b"<!doctype html><html><body>no</body></html>"
        self.newsroom.article(self.host, "/html.xml", html)
        self.put("/bomb.xml", gzip.compress(bytes(60_000_000)))
        self.put("/empty.xml", urlset({}))
        told = {"http://127.0.0.1/x": ("x", FIRST), self.url("/a/2"): ("t", FIRST)}
        self.put("/odd.xml", news(told))


class Same(Outlet):
    """A sitemap with an ETag that never changes."""

    def night(self, number: int) -> None:
        self.ways("/sitemap.xml")
        self.articles([1])
        body = urlset({self.url("/a/1"): said(0, hours=1)}).encode()

        def answer(exchange: Any) -> None:
            known = exchange.request.headers.get("if-none-match") == '"1"'
            tag = [("ETag", '"1"')]
            (Reply(status=304, headers=tag) if known else Reply(body, headers=tag))(exchange)

        self.newsroom.put(self.host, "/sitemap.xml", answer)


class Dead(Outlet):
    """An index with a part of long ago and one that is not there."""

    def night(self, number: int) -> None:
        self.ways("/sitemap.xml")
        self.index("/sitemap.xml", dict.fromkeys(["/archive.xml", "/gone.xml", "/live.xml"], ""))
        self.urlset("/archive.xml", {n: said(0, days=300 + n) for n in range(9)})
        self.urlset("/live.xml", {20: said(0, hours=1)})


KINDS: dict[str, type[Outlet]] = {
    "plain": Plain, "parts": Parts, "overflowing": Overflowing, "robots": Overflowing,
    "circle": Circle, "bad": Bad, "same": Same, "dead": Dead,
}  # fmt: skip
Outlets = Mapping[str, Outlet]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[HostileNewsroom]:
    with HostileNewsroom() as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def outlets(newsroom: HostileNewsroom, tmp_path_factory: pytest.TempPathFactory) -> Outlets:
    """The outlets after all nights."""
    hosts = [f"{name}.test" for name in KINDS]
    place = workspace(tmp_path_factory.mktemp("nights"), newsroom.port, hosts)
    outlets = {name: kind(newsroom, place, f"{name}.test") for name, kind in KINDS.items()}
    for number, days in enumerate(NIGHTS):
        newsroom.requests.clear()
        for outlet in outlets.values():
            outlet.night(number)
        at = FIRST + timedelta(days=days)
        ran = marsad_at(at, "crawl", "--all", "--json", "--workspace", str(place.root))
        assert ran.code in (0, 3), ran.stderr  # 3: some outlet could not be read, which is so
        for outlet in outlets.values():
            paths = [seen.path for seen in newsroom.seen(outlet.host)]
            outlet.asked.append(sorted(path for path in paths if path != "/robots.txt"))
        assert newsroom.seen("evil.test") == newsroom.seen("127.0.0.1") == []
    return outlets


def test_each_night_only_what_is_new_is_asked_for(outlets: Outlets) -> None:
    outlet = outlets["plain"]

    maps = ["/map.xml", "/news.xml"]
    assert outlet.asked == [
        sorted([*maps, *(f"/a/{n}" for n in (1, 2, 3, *Plain.undated))]),
        ["/a/110", "/a/4", *maps],
        maps,
        maps,
        maps,
    ]
    assert outlet.stored() == {1, 2, 3, 4, *Plain.undated, 110}
    first, second, *others = outlet.visits("/map.xml")
    assert first[1] == "1 older than 2026-03-07"
    assert second[1] == "1 older than 2026-03-08; 11 listed before"
    assert {outcome for outcome, _ in others} == {"not_modified"}
    assert outlet.gaps() == []


def test_of_an_index_only_the_parts_that_may_hold_something_new_are_read(outlets: Outlets) -> None:
    outlet = outlets["parts"]
    first, second, *_ = outlet.asked

    read = ["/sitemap.xml", "/posts-2.xml.gz", "/other.xml", "/broken.xml"]
    assert first == sorted([*read, "/a/900", *(f"/a/{n}" for n in Parts.wanted)])
    new = ["/posts-3.xml", "/gone.xml", "/a/40", "/a/41", "/a/42", "/a/800"]
    assert set(second) == {*read, *new}
    assert outlet.stored() == {*Parts.wanted, 40, 41, 42, 800, 900}
    assert outlet.visits("/sitemap.xml")[0][1] == (
        "3 parts to visit; 2 older than 2026-03-07; 1 of tags, authors, images or fixed pages"
    )
    assert "300 pages without sure date held back" in outlet.visits("/other.xml")[0][1]
    assert outlet.visits("/broken.xml")[0][1].startswith("cut short")


def test_what_a_broken_or_missing_part_held_is_a_gap(outlets: Outlets) -> None:
    outlet = outlets["parts"]

    assert set(outlet.gaps()) == {(outlet.url("/sitemap.xml"), None)}


@pytest.mark.parametrize("name", ["overflowing", "robots"])
def test_an_overflowed_feed_is_completed_from_the_sitemap_in_the_same_run(
    outlets: Outlets, name: str
) -> None:
    outlet = outlets[name]
    night = outlet.asked[1]

    assert outlet.stored() == set(Overflowing.times)
    assert {f"/a/{n}" for n in range(1, 40)} < set(night)
    assert night.count("/sitemap.xml") == (1 if name == "robots" else 2)
    assert len(night) == len([path for path in night if path.startswith("/a/")]) + (
        len(["/feed"]) + 2 * night.count("/sitemap.xml")
    )
    assert "/old.xml" not in outlet.asked[0] + night
    assert outlet.gaps() == [(outlet.url("/feed"), outlet.url("/sitemap.xml"))]


def test_indexes_that_lead_in_circles_cost_a_few_requests_and_are_named(outlets: Outlets) -> None:
    outlet = outlets["circle"]
    first = outlet.asked[0]

    assert outlet.stored() == {1}
    deep = [path for path in first if path.startswith("/deep")]
    assert deep == [f"/deep/{n}.xml" for n in range(4)]
    assert [len(night) <= 70 for night in outlet.asked] == [True] * len(NIGHTS)
    assert len(set(first)) == len(first)
    assert {kind for kind, _ in outlet.signs()} == {"trap"}
    assert "4950 wait for the next look" in outlet.visits("/many.xml")[0][1]


def test_a_huge_a_foreign_and_a_false_sitemap_harm_nobody(outlets: Outlets) -> None:
    outlet = outlets["bad"]

    names = ("huge", "html", "bomb", "empty", "odd", "foreign")
    ends = {name: outlet.visits(f"/{name}.xml")[0][0] for name in names}
    assert ends == {
        "huge": "read", "html": "html", "bomb": "too_large", "empty": "empty", "odd": "read",
        "foreign": "foreign",
    }  # fmt: skip
    assert outlet.stored() == {1, 2}
    assert outlet.signs() == {("foreign_links", "9 of 9 links lead to other hosts, as evil.test")}


def test_a_sitemap_that_is_as_it_was_is_not_sent_again(outlets: Outlets) -> None:
    outlet = outlets["same"]

    assert outlet.asked == [["/a/1", "/sitemap.xml"], *([["/sitemap.xml"]] * 4)]
    told = outlet.visits("/sitemap.xml")
    assert [reason for _, reason in told[1:]] == ["same body", "", "same body", "same body"]


def test_a_dead_part_is_told_and_seldom_looked_at(outlets: Outlets) -> None:
    outlet = outlets["dead"]

    assert outlet.maps == [
        ["/archive.xml", "/gone.xml", "/live.xml", "/sitemap.xml"],
        ["/gone.xml", "/live.xml", "/sitemap.xml"],
        ["/gone.xml", "/live.xml", "/sitemap.xml"],
        ["/live.xml", "/sitemap.xml"],
        ["/archive.xml", "/live.xml", "/sitemap.xml"],
    ]
    assert outlet.visits("/sitemap.xml")[3][1] == "1 parts to visit; 2 dead"


def test_since_reaches_further_back_than_a_look_does_by_itself(
    newsroom: HostileNewsroom, tmp_path: Path
) -> None:
    place = workspace(tmp_path, newsroom.port, ["since.test"])
    outlet = Outlet(newsroom, place, "since.test")
    outlet.ways("/sitemap.xml")
    outlet.index("/sitemap.xml", {"/old.xml": said(0, days=9), "/new.xml": said(0, days=1)})
    outlet.urlset("/old.xml", {n: said(0, days=9 + n) for n in range(4)})
    outlet.urlset("/new.xml", {n: said(0, days=n - 9) for n in range(10, 19)} | {99: ""})

    since = f"{ago(0, days=11):%Y-%m-%d}"
    where = ("--json", "--workspace", str(place.root))
    marsad_at(FIRST, "crawl", "--all", "--since", since, *where)

    assert outlet.stored() == {0, 1, 2, *range(10, 19), 99}


def test_a_kill_between_an_index_and_its_parts_loses_nothing(
    newsroom: HostileNewsroom, tmp_path: Path
) -> None:
    place = workspace(tmp_path, newsroom.port, ["killed.test"])
    outlet = Outlet(newsroom, place, "killed.test")
    outlet.ways("/sitemap.xml")
    now = datetime.now(UTC)
    pages = {n: (now - timedelta(hours=n)).isoformat() for n in range(1, 9)}
    outlet.index("/sitemap.xml", dict.fromkeys(["/p1.xml", "/p2.xml"], now.isoformat()))
    outlet.urlset("/p1.xml", {n: at for n, at in pages.items() if n % 2})
    outlet.urlset("/p2.xml", {n: at for n, at in pages.items() if not n % 2})
    driver = str(ROOT / "tests" / "engine" / "kill_driver.py")
    # First the index is saved, and its parts are not asked for; then two more visits are.
    killed(driver, str(place.root), "visited", "1", "iq_killed")
    assert rows(place, "SELECT count(*) FROM follows") == [(2,)]
    killed(driver, str(place.root), "visited", "2", "iq_killed")

    crawl(place)

    assert outlet.stored() == set(pages)
    assert rows(place, "SELECT count(*) FROM follows") == [(0,)]
    assert outlet.gaps() == []
