"""Pages of watched outlets that people marked with `marsad gold`, as gold to judge on.

Two people mark each page; each one's marks are gold of their own, and how far the two agree says
how much better than that a reader can look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import fmean
from zoneinfo import ZoneInfo

from bench.extraction_readers import taken_of
from bench.extraction_scores import Judged, judged, summary, table
from bench.extraction_sets import GoldPage, NoPages
from bench.shingles import overlap
from crawler.gold.records import GoldPage as Captured
from crawler.gold.records import Mark, WrongFile, read_marks, read_pages
from crawler.reading.page import read_page


@dataclass(frozen=True)
class Marked:
    """A captured page with what one person said of it."""

    captured: Captured
    mark: Mark

    @property
    def gold(self) -> GoldPage:
        """The mark in the shape of all gold here."""
        return GoldPage(
            id=f"{self.mark.page[:16]}-{self.mark.marker}",
            set="marked",
            url=self.captured.url,
            language=next(iter(self.captured.languages), ""),
            outlet=self.captured.outlet,
            text=self.mark.text if self.mark.article else "",
            headline=self.mark.headline,
            day=self.mark.day,
            fetched_at=self.captured.fetched_at,
            markup=self.captured.body,
        )


def marked(files: Sequence[Path]) -> list[Marked]:
    """Each page that somebody marked, once for each person; raises NoPages in words.

    A folder stands for its files; `*.pages.jsonl` hold pages, all others marks.
    """
    try:
        return list(_marked(_files(files)))
    except WrongFile as wrong:
        raise NoPages(str(wrong)) from None


def _files(paths: Sequence[Path]) -> list[Path]:
    return [
        file
        for path in paths
        for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    ]


def _marked(files: Sequence[Path]) -> Iterator[Marked]:
    pages = [file for file in files if file.name.endswith(".pages.jsonl")]
    known = {page.id: page for file in pages for page in read_pages(file)}
    marks = read_marks([file for file in files if file not in pages])
    if not known or not marks:
        raise WrongFile("--gold needs a file of pages (*.pages.jsonl) and one of marks")
    for mark in marks:
        if mark.page in known:
            yield Marked(known[mark.page], mark)


def tell(found: Sequence[Marked]) -> None:
    """Print how Marsad does on them by outlet, and how far the people agree."""
    read = [_judged(one) for one in found if one.mark.article]
    if read:
        groups: dict[str, list[Judged]] = {}
        for one in read:
            groups.setdefault(one.page.outlet, []).append(one)
        table("marked pages", {name: summary(group) for name, group in groups.items()})
    others = [one for one in found if not one.mark.article]
    refused = sum(
        read_page(one.captured.page(), one.captured.context()).outcome is not None for one in others
    )
    print(f"marked as no article: {len(others)}, of which refused: {refused}")
    print(agreement(found))


def agreement(found: Sequence[Marked]) -> str:
    """How alike two people marked the same page, in a sentence."""
    by_page: defaultdict[str, list[Mark]] = defaultdict(list)
    for one in found:
        by_page[one.mark.page].append(one.mark)
    pairs = [pair for marks in by_page.values() for pair in combinations(marks, 2)]
    if not pairs:
        return "no page was marked by two people"
    texts = fmean(overlap(one.text, other.text).f1 for one, other in pairs)
    headlines = fmean(one.headline == other.headline for one, other in pairs)
    days = fmean(one.day == other.day for one, other in pairs)
    return (
        f"{len(pairs)} pages marked by two people: texts alike {texts:.3f},"
        f" headlines {headlines:.0%}, days {days:.0%}"
    )


def _judged(one: Marked) -> Judged:
    """The day is that of the outlet's own zone, which its pages come with."""
    gold = one.gold
    reading = read_page(one.captured.page(), one.captured.context())
    taken = taken_of(reading, gold)
    if reading.published_at:
        zone = ZoneInfo(one.captured.timezone)
        taken = replace(taken, days=(reading.published_at.astimezone(zone).date(),))
    return judged(gold, taken, rouge=False)
