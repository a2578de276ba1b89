"""Wire credits: how many are found, and how many of those that are found are right.

On pages: all saved article pages are read. `judged/credits.jsonl` says for a page which agency it
credits; every page on which anything was found was looked at, and those without a find on which
an agency is named near the head, the end or in the byline. A find on any other page is wrong.
On cases: `judged/credit_cases.jsonl`, own short articles of made-up places, a third of them
look-alikes: agencies that a text speaks of, whose picture is shown, or whose abbreviation is a
word. The first 288 were written beside the rules, so they show what is meant. The next 134 were
written afterwards and first read with a precision of 0.94 and a recall of 0.89, the last 121, more
than half of them look-alikes, with 0.82 and 1.00: that is what to expect of what nobody thought
of yet. The rules were mended with them since, and again with three batches of another writer: 257
cases before he had seen the rules, first read with 0.97 and 0.94; then 135 after that mending, with
0.92 and 0.98; then 85, two thirds of them made to be taken for credits, with 0.79 and 0.96; at last
53 as they usually come, with 1.00 and 0.96. Of two of all these he took the judgement back.
"""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.areas import options_of
from crawler.agencies import load_agencies
from crawler.reading.credits import Credits
from crawler.reading.page import read_page
from storage.models import Page, ReadingContext

JUDGED = Path(__file__).parent / "judged"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Tally:
    """Finds held against what was judged."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)  # found, and another one or none is right
    missed: list[str] = field(default_factory=list)

    def add(self, name: str, found: str | None, expected: str | None) -> None:
        """Count one article; another agency than the right one is both wrong and missed."""
        self.right += found is not None and found == expected
        if found is not None and found != expected:
            self.wrong.append(f"{name}: {found}, not {expected}")
        if expected is not None and found != expected:
            self.missed.append(f"{name}: {expected}")

    @property
    def precision(self) -> float:
        """Of the finds, how many are right."""
        return round(self.right / max(1, self.right + len(self.wrong)), 4)

    @property
    def recall(self) -> float:
        """Of the credits, how many are found."""
        return round(self.right / max(1, self.right + len(self.missed)), 4)


def figures(data: Path | None) -> dict[str, Any]:
    """The figures of both materials; those of pages are None without the shared data."""
    credits = Credits(load_agencies())
    cases = on_cases(credits)
    whole = joined(cases.values())
    found: dict[str, Any] = {
        "credit_cases": len(rows("credit_cases")),
        "credit_case_precision": whole.precision,
        "credit_case_recall": whole.recall,
        "credit_page_precision": None,
        "credit_page_recall": None,
        "credit_pages": None,
        "credit_us": None,
    }
    if data is not None:
        pages = list(texts(data, credits))
        tally = on_pages(pages)
        found["credit_pages"] = len(pages)
        found["credit_page_precision"] = tally.precision
        found["credit_page_recall"] = tally.recall
        found["credit_us"] = cost(credits, pages)
    return found


@dataclass(frozen=True)
class Read:
    """A page as it was read."""

    name: str
    text: str
    byline: str | None
    found: str | None


def rows(name: str) -> list[dict[str, Any]]:
    """Judged rows of our own."""
    return lines_of(JUDGED / f"{name}.jsonl")


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines; a text may hold other marks that part lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def on_cases(credits: Credits) -> dict[str, Tally]:
    """The written cases by language."""
    tallies: dict[str, Tally] = {}
    for number, case in enumerate(rows("credit_cases"), start=1):
        found = credits.find(case["text"], case["byline"], case.get("outlet", ""))
        tally = tallies.setdefault(case["lang"], Tally())
        tally.add(f"case {number}", found.agency if found else None, case["expect"])
    return tallies


def joined(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally()
    for one in tallies:
        whole.right += one.right
        whole.wrong += one.wrong
        whole.missed += one.missed
    return whole


def texts(data: Path, credits: Credits) -> Iterator[Read]:
    """Every saved page that holds an article."""
    context = ReadingContext("xx_any", "xx", ("en",), "UTC", credits=credits)
    for folder in sorted((data / "pages").iterdir()):
        for row in lines_of(folder / "gold.jsonl"):
            url = row.get("url") or "http://page.example/a"
            body = gzip.decompress((folder / row["html"]).read_bytes())
            page = Page(url, url, 200, (("Content-Type", "text/html"),), body, NOW)
            reading = read_page(page, context)
            if reading.outcome is None:
                credit = reading.credit.agency if reading.credit else None
                yield Read(f"{folder.name}/{row['id']}", reading.text, reading.byline, credit)


def on_pages(pages: Iterable[Read]) -> Tally:
    """What was found on pages, held against what was judged."""
    judged = {f"{row['set']}/{row['id']}": row["expect"] for row in rows("credits")}
    tally = Tally()
    for page in pages:
        tally.add(page.name, page.found, judged.get(page.name))
    return tally


def cost(credits: Credits, pages: list[Read]) -> float:
    """Microseconds of CPU for one article."""
    began = time.process_time()
    for page in pages:
        credits.find(page.text, page.byline)
    return round((time.process_time() - began) / len(pages) * 1e6, 1)


def main() -> None:
    """Print the tables, and with --json the figures as the last line."""
    options = options_of(__doc__).parse_args()
    data: Path | None = options.data
    if options.json:
        print(json.dumps(figures(data), ensure_ascii=False))
        return
    credits = Credits(load_agencies())
    print(f"{'':12}{'right':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}")
    tallies = {f"cases {lang}": tally for lang, tally in on_cases(credits).items()}
    if data is not None:
        pages = list(texts(data, credits))
        tallies["pages"] = on_pages(pages)
    _print(tallies)
    if data is not None:
        counts = Counter(page.found for page in pages if page.found)
        print(f"\n{len(pages)} pages, {cost(credits, pages)} µs each: {dict(counts)}")


def _print(tallies: dict[str, Tally]) -> None:
    for name, one in tallies.items():
        counts = f"{one.right:7}{len(one.wrong):7}{len(one.missed):8}"
        print(f"{name:12}{counts}{one.precision:11.3f}{one.recall:8.3f}")
    for one in tallies.values():
        for line in (*one.wrong, *(f"missed {name}" for name in one.missed)):
            print(f"  {line}")


if __name__ == "__main__":
    main()
