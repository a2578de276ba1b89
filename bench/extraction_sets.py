"""Saved pages whose headline, day or text somebody has marked, from the shared data or a file.

A set of the shared data is a folder with `gold.jsonl` and the pages. Sets of over a hundred pages
are cut, so that none outweighs the others; `marked_pages` reads what `marsad gold` wrote.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.pages import SHARED
from storage.models import Page, ReadingContext

CAPS = {"aed": 100, "wcxb_article": 80, "readability": 40, "trafilatura_eval": 80}
"""Pages of a set at most; ids are digests, so the first ones are any."""
FULL = tuple("fundus_eval scrapinghub fundus_res aed wcxb_article readability newspaper4k".split())
"""Sets with whole texts."""
OTHERS = ("postlight", "goose3", "htmldate", "trafilatura_eval")
"""Sets with only headlines, days, or beginnings of texts."""
SETS = FULL + OTHERS
DAYS_OF_UTC = frozenset(("postlight",))
"""Sets whose gold days were cut off moments in UTC; all others are as readers saw them."""
UNKNOWN = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""Stands for when a page was fetched where that is not known."""


class NoPages(SystemExit):
    """There is no data to measure with."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One saved page and what is known of it; None or empty: not known."""

    id: str
    set: str
    url: str
    language: str
    outlet: str
    file: Path | None = None
    text: str = ""
    paragraphs: tuple[str, ...] = ()
    optional: tuple[bool, ...] = ()  # of each paragraph: may it be left out
    headline: str = ""
    day: date | None = None
    fetched_at: datetime = UNKNOWN
    markup: bytes = b""  # instead of a file

    @property
    def html(self) -> bytes:
        """The page's bytes as they were saved."""
        if self.file is None:
            return self.markup
        body = self.file.read_bytes()
        return gzip.decompress(body) if self.file.suffix == ".gz" else body

    def page(self) -> Page:
        """The page as a fetch would have brought it."""
        headers = (("Content-Type", "text/html"),)
        return Page(self.url, self.url, 200, headers, self.html, self.fetched_at)

    def context(self, **more: Any) -> ReadingContext:
        """What is known of the outlet: its language, and nothing else.

        Where nobody noted when the page was fetched, "three days ago" is no day.
        """
        languages = () if self.language in ("", "und") else (self.language,)
        now = None if self.fetched_at == UNKNOWN else self.fetched_at
        return ReadingContext(f"xx_{self.set}", "", languages, "UTC", now=now, **more)


def pages(
    sets: Sequence[str] = SETS,
    *,
    limit: int | None = None,
    data: Path | None = SHARED,
    capped: bool = True,
) -> list[GoldPage]:
    """The pages of some sets, `limit` of each at most; raises NoPages where there are none."""
    found: list[GoldPage] = []
    for name in sets:
        file = (data or SHARED) / "pages" / name / "gold.jsonl"
        if not file.is_file():
            raise NoPages(f"no {file}: the bench needs the shared data, or --gold FILE")
        rows = list(_rows(file))
        most = min(CAPS.get(name, len(rows)) if capped else len(rows), limit or len(rows))
        found += rows[:most]
    return found


def full_pages(found: Iterable[GoldPage]) -> list[GoldPage]:
    """Those with a whole text."""
    return [page for page in found if page.text]


def by_outlet(found: Iterable[GoldPage], *, least: int = 1) -> dict[str, list[GoldPage]]:
    """The pages of each outlet that has at least so many."""
    outlets: dict[str, list[GoldPage]] = {}
    for page in found:
        if page.outlet:
            outlets.setdefault(page.outlet, []).append(page)
    return {name: pages for name, pages in outlets.items() if len(pages) >= least}


def _rows(file: Path) -> Iterator[GoldPage]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield _gold_page(json.loads(line), file.parent)


def _gold_page(row: dict[str, Any], folder: Path) -> GoldPage:
    page = GoldPage(
        id=row["id"],
        set=row["set"],
        url=row["url"],
        language=row.get("lang") or "",
        outlet=row.get("publisher") or "",
        file=folder / row["html"],
        text=(row.get("text") or "") if row["gold_kind"] == "full" else "",
        headline=row.get("title") or "",
        day=date.fromisoformat(row["date"][:10]) if row.get("date") else None,
        fetched_at=_moment(row.get("crawl_date")),
    )
    return _with_optional(page, row) if row.get("optional") else page


def _with_optional(page: GoldPage, row: dict[str, Any]) -> GoldPage:
    """With the paragraphs, of which `optional` are the places of those that may be left out."""
    paragraphs, places = tuple(row["paragraphs"]), set(row["optional"])
    marks = tuple(place in places for place in range(len(paragraphs)))
    return replace(page, paragraphs=paragraphs, optional=marks)


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else UNKNOWN
