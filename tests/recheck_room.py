"""A workspace, a newsroom that can be edited and broken, and commands at chosen times."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness import Ran, marsad_at, page, publish, rows, workspace
from newsroom.hostile import Behaviour, Exchange, HostileNewsroom, Reply, Seen

from crawler.workspace import find_workspace

Answer = Callable[[int], Behaviour]
"""How the page of an article's number behaves."""
HOST = "daily.test"
NIGHT = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
"""When the articles are found; `publish` dates them the day before at noon."""
_CRAWLED: dict[tuple[int, range, Answer | None], Path] = {}
"""Copies of workspaces after the crawl, which is the same for all rooms of the same articles."""


class Room:
    """One outlet's articles `/a/<seed>`, stored on the night of day 0."""

    def __init__(
        self, root: Path, newsroom: HostileNewsroom, seeds: range, answer: Answer | None = None
    ) -> None:
        self.newsroom, self.seeds = newsroom, seeds
        publish(newsroom, HOST, seeds)
        if answer is not None:
            for seed in seeds:
                newsroom.put(HOST, f"/a/{seed}", answer(seed))
        crawled = _CRAWLED.get((newsroom.port, seeds, answer))
        if crawled is not None:
            shutil.copytree(crawled, root / "w")
            self.place = find_workspace(root / "w")
            return
        self.place = workspace(root / "w", newsroom.port, [HOST])
        self.at(0, "crawl", "--all")
        crawled = root.parent / f"crawled{len(_CRAWLED)}"
        _CRAWLED[newsroom.port, seeds, answer] = shutil.copytree(root / "w", crawled)

    def at(self, days: float, *arguments: str) -> Ran:
        """A command so many days after the first night."""
        when = NIGHT + timedelta(days=days)
        return marsad_at(when, *arguments, "-w", str(self.place.root))

    def recheck(self, days: float, *arguments: str) -> dict[str, Any]:
        """A run of re-checks; its books balance, and its report is given."""
        what = arguments or ("--all",)
        ran = self.at(days, "recheck", *what, "--json")
        assert ran.data["balanced"], ran.data["imbalance"]
        report: dict[str, Any] = ran.data
        return report

    def ends(self, report: dict[str, Any]) -> dict[str, int]:
        """What became of the looks of a run."""
        ends: dict[str, int] = next(
            (o["outcomes"] for o in report["outlets"] if o["outlet_id"] == "iq_daily"), {}
        )
        return ends

    def answer(self, behaviour: Behaviour) -> None:
        """From now on every article's page is answered so."""
        for seed in self.seeds:
            self.newsroom.put(HOST, f"/a/{seed}", behaviour)

    def asked(self, since: int = 0) -> dict[str, Seen]:
        """The articles asked for, after so many requests."""
        late = self.newsroom.requests[since:]
        return {one.path: one for one in late if one.path.startswith("/a/")}

    def edits(self) -> list[tuple[Any, ...]]:
        """What is told of articles: kind and address."""
        sql = (
            "SELECT e.kind, replace(a.url, ?, '') FROM edits e "
            "JOIN articles a ON a.id = e.article_id ORDER BY e.id"
        )
        return rows(self.place, sql, self.newsroom.url(HOST, ""))


def validated(seed: int) -> Behaviour:
    """An article's page with an ETag, and 304 for whoever has it."""
    return with_validators(page(seed), f'"{seed}"')


def with_validators(body: bytes, tag: str) -> Behaviour:
    """A page with an ETag, which answers 304 to whoever has it."""
    headers = [("ETag", tag)]

    def behave(exchange: Exchange) -> None:
        known = exchange.request.headers.get("if-none-match") == tag
        Reply(b"" if known else body, 304 if known else 200, headers)(exchange)

    return behave
