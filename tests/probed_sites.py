"""Sites of several make-ups for probing: each keeps its articles behind another door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness import outlet_file, page, workspace
from newsroom.hostile import Entry, HostileNewsroom, Reply

from crawler.workspace import Workspace

NOW = datetime.now(UTC)
TAG = '<link rel="alternate" type="application/rss+xml" href="{}">'
WALL = b"<html><head><title>Just a moment...</title></head><body>One moment</body></html>"


def front(*, head: str = "", body: str = "", lang: str = "en", name: str = "") -> bytes:
    """A front page."""
    site = f'<meta property="og:site_name" content="{name}">' if name else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Home</title>{site}'
        f"{head}</head><body>{body}</body></html>"
    ).encode()


def links(paths: Iterable[str]) -> str:
    """A list of articles as front pages print it."""
    items = (
        f'<li class="item"><h3><a href="{path}">The council of district {number} has met again '
        f"about the water</a></h3></li>"
        for number, path in enumerate(paths)
    )
    return f"<ul>{''.join(items)}</ul>"


def articles(newsroom: HostileNewsroom, host: str, seeds: Iterable[int], form: str) -> list[str]:
    """Put articles at paths of a form with `{}` for their number; gives the paths."""
    paths = []
    for seed in seeds:
        paths.append(form.format(seed))
        newsroom.article(host, paths[-1], page(seed))
    return paths


def entries(paths: Iterable[str], age: timedelta = timedelta(hours=3)) -> list[Entry]:
    """Entries of a feed, the first as old as said."""
    return [
        Entry(path, f"Report {number}", published=NOW - age - timedelta(hours=number))
        for number, path in enumerate(paths)
    ]


def urlset(newsroom: HostileNewsroom, host: str, paths: Iterable[str]) -> bytes:
    """A sitemap for news."""
    space = "http://www.google.com/schemas/sitemap-news/0.9"
    rows = "".join(
        f"<url><loc>{newsroom.url(host, path)}</loc><n:news><n:publication_date>"
        f"{(NOW - timedelta(hours=number)).isoformat()}</n:publication_date>"
        f"<n:title>Report {number}</n:title></n:news></url>"
        for number, path in enumerate(paths)
    )
    head = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f'<?xml version="1.0"?><urlset {head} xmlns:n="{space}">{rows}</urlset>'.encode()


def index(newsroom: HostileNewsroom, host: str, paths: Iterable[str]) -> bytes:
    """An index of sitemaps."""
    rows = "".join(f"<sitemap><loc>{newsroom.url(host, path)}</loc></sitemap>" for path in paths)
    head = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f'<?xml version="1.0"?><sitemapindex {head}>{rows}</sitemapindex>'.encode()


def put_tags(newsroom: HostileNewsroom, host: str = "tags.test") -> None:
    """Its front page names a feed twice, and one of comments."""
    paths = articles(newsroom, host, range(10, 16), "/a/{}")
    head = TAG.format("/all.xml") + TAG.format("/all.xml/") + TAG.format("/comments/feed/")
    head += TAG.format("/all-again.xml")
    newsroom.article(host, "/", front(head=head, body=links(paths)))
    for feed in ("/all.xml", "/all.xml/", "/all-again.xml"):
        newsroom.feed(host, feed, entries(paths))
    newsroom.feed(host, "/comments/feed/", entries(paths))


def put_common(newsroom: HostileNewsroom, host: str = "common.test") -> None:
    """It names its feed nowhere."""
    paths = articles(newsroom, host, range(20, 26), "/a/{}")
    newsroom.article(host, "/", front(body="<p>Welcome</p>"))
    newsroom.feed(host, "/rss.xml", entries(paths))


def put_feed_page(newsroom: HostileNewsroom, host: str = "page.test") -> None:
    """Its /rss is a web page that lists feeds."""
    paths = articles(newsroom, host, range(30, 36), "/a/{}")
    newsroom.article(host, "/", front(body='<a href="/rss">RSS</a>'))
    newsroom.article(host, "/rss", front(body='<a href="/xml/feed.php?c=1">All news</a>'))
    newsroom.feed(host, "/xml/feed.php?c=1", entries(paths))


def put_map(newsroom: HostileNewsroom, host: str = "map.test") -> None:
    """Its robots.txt names an index of sitemaps, one of which is of news."""
    paths = articles(newsroom, host, range(40, 46), "/a/{}")
    newsroom.article(host, "/", front(body="<p>Welcome</p>"))
    newsroom.robots(host, f"User-agent: *\nSitemap: {newsroom.url(host, '/maps.xml')}\n")
    newsroom.article(host, "/maps.xml", index(newsroom, host, ["/pages.xml", "/news.xml"]))
    newsroom.article(host, "/pages.xml", urlset(newsroom, host, []))
    newsroom.article(host, "/news.xml", urlset(newsroom, host, paths))


def put_list(newsroom: HostileNewsroom, host: str = "list.test") -> None:
    """Its front page lists its articles, and there is nothing for machines."""
    paths = articles(newsroom, host, range(5000, 5012), "/news/{}/council-meets")
    newsroom.article(host, "/", front(body=links(paths)))


def put_sections(newsroom: HostileNewsroom, host: str = "section.test") -> None:
    """Only the pages that its menu leads to list articles."""
    paths = articles(newsroom, host, range(6000, 6012), "/story-{}.html")
    menu = '<nav><a href="/politics">Politics</a><a href="/about">About</a></nav>'
    newsroom.article(host, "/", front(body=menu + "<p>Welcome</p>"))
    newsroom.article(host, "/politics", front(body=menu + links(paths)))


def put_closed(newsroom: HostileNewsroom) -> None:
    """A wall, a site that has moved, one of other people's articles, one that wants no robots."""
    newsroom.article("wall.test", "/", WALL)
    newsroom.article("wall.test", "/robots.txt", b"", status=404)
    newsroom.put("wall.test", "*", Reply(b"no", 403))
    newsroom.put("moved.test", "*", _to(newsroom.url("elsewhere.test")))
    newsroom.robots("moved.test", "")
    put_tags(newsroom, "elsewhere.test")
    newsroom.article("clone.test", "/", front(head=TAG.format("/feed")))
    newsroom.feed(
        "clone.test", "/feed", entries(newsroom.url("tags.test", f"/a/{n}") for n in (10, 11))
    )
    newsroom.robots("robots.test", "User-agent: *\nDisallow: /\n")
    newsroom.article("robots.test", "/", front(head=TAG.format("/feed")))


def _to(url: str) -> Reply:
    return Reply(b"", 301, [("Location", url)])


PUT = {
    "tags.test": put_tags,
    "common.test": put_common,
    "page.test": put_feed_page,
    "map.test": put_map,
    "list.test": put_list,
    "section.test": put_sections,
}
CLOSED = ("wall.test", "moved.test", "clone.test", "robots.test")


def probed_workspace(root: Path, newsroom: HostileNewsroom) -> Workspace:
    """All of these sites, and a workspace with an outlet for each of which no way is known."""
    for put in PUT.values():
        put(newsroom)
    put_closed(newsroom)
    place = workspace(root, newsroom.port, [])
    folder = place.outlets_dir / "iq"
    folder.mkdir()
    for host in (*PUT, *CLOSED):
        home = f'homepage = "{newsroom.url(host)}"\n'
        text = home + outlet_file(host, newsroom.port, ())
        (folder / f"{host.partition('.')[0]}.toml").write_text(text, encoding="utf-8")
    return place
