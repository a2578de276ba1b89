"""Outlets of the hostile newsroom that are read by pages which list their articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from harness import outlet_file, page, rows, workspace
from newsroom.hostile import HostileNewsroom

from crawler.workspace import Workspace

Links = Iterable[tuple[str, str]]
"""(address, text) of each link."""


def list_page(
    links: Links, *, more: str = "", following: str | None = None, title: str = "News"
) -> bytes:
    """A page that lists articles, with a menu, a footer and, where there is one, a next page."""
    items = "\n".join(
        f'<li class="item"><h3><a href="{escape(url)}">{escape(text)}</a></h3></li>'
        for url, text in links
    )
    paging = f'<a class="next" href="{escape(following)}">Next</a>' if following else ""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
        '<nav><ul><li><a href="/section/1">Politics</a></li><li><a href="/tag/7">Water</a></li>'
        '<li><a href="/about/12">About us and our work</a></li></ul></nav>'
        f'<main><ul class="list">{items}</ul>{more}<div class="pages">{paging}</div></main>'
        '<footer><a href="/privacy-policy">Privacy policy of this site</a></footer></body></html>'
    ).encode()


def headline(seed: int) -> str:
    """What article number `seed` is called."""
    return f"Report number {seed} on the water of the district"


def put_articles(newsroom: HostileNewsroom, host: str, seeds: Iterable[int], form: str) -> None:
    """Serve an article for each seed at the address that `form` makes of it."""
    for seed in seeds:
        newsroom.article(host, form.format(seed), page(seed, headline(seed)))


def linked(seeds: Iterable[int], form: str) -> list[tuple[str, str]]:
    """The links to these articles."""
    return [(form.format(seed), headline(seed)) for seed in seeds]


def listing_file(host: str, port: int, path: str = "/", article: str | None = None) -> str:
    """An outlet's TOML with one listing."""
    pattern = f"article = '{article}'\n" if article else ""
    return outlet_file(host, port, ()) + (
        f'[[listings]]\nurl = "http://{host}:{port}{path}"\n{pattern}grade = "A"\n'
        'evidence = "made up"\n'
    )


def listing_workspace(
    root: Path, port: int, outlets: dict[str, tuple[str, str | None]], **limits: Any
) -> Workspace:
    """A workspace of outlets, each with (path of its listing, pattern of its articles or None)."""
    place = workspace(root, port, dict.fromkeys(outlets, ()), **limits)
    for host, (path, article) in outlets.items():
        file = place.outlets_dir / "iq" / f"{host.split('.')[0]}.toml"
        file.write_text(listing_file(host, port, path, article), encoding="utf-8")
    return place


def stored(place: Workspace, host: str) -> list[str]:
    """The paths of the stored articles of an outlet, sorted."""
    sql = "SELECT url FROM articles WHERE outlet_id = ?"
    urls = [url for (url,) in rows(place, sql, outlet_of(host))]
    return sorted("/" + url.split("/", 3)[3] for url in urls)


def visits(place: Workspace, host: str) -> list[tuple[Any, ...]]:
    """Each visit to an outlet as (path, outcome, fresh, known, signs), in order."""
    sql = (
        "SELECT w.url, v.outcome, v.fresh, v.known, v.signs FROM visits v "
        "JOIN ways w ON w.id = v.way_id WHERE v.outlet_id = ? ORDER BY v.id"
    )
    found: Sequence[tuple[Any, ...]] = rows(place, sql, outlet_of(host))
    return [("/" + url.split("/", 3)[3], *rest) for url, *rest in found]


def gaps(place: Workspace, host: str) -> list[tuple[Any, ...]]:
    """The gaps of an outlet as (from, to, repaired)."""
    return rows(place, "SELECT from_at, to_at, repaired_at FROM gaps WHERE outlet_id = ?",
                outlet_of(host))  # fmt: skip


def outlet_of(host: str) -> str:
    """The id of the outlet on a host."""
    return f"iq_{host.split('.', maxsplit=1)[0]}"
