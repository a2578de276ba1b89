"""How many dates are read right and wrong: strings, pages of our own, and pages with known dates.

Beside it what the libraries make of the same strings and pages. Run as `python -m bench.dates`;
with --json the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.datepages import DatedPage, dated_pages
from bench.pages import SHARED
from crawler.reading.dates import parse_date
from crawler.reading.decode import Decoded, decode
from crawler.reading.heads import head_of
from crawler.reading.markup import Markup, open_markup
from crawler.reading.published import published
from storage.models import FoundDate, ReadingContext

OWN = Path(__file__).parent / "judged" / "dates.jsonl"
NOW = datetime(2026, 11, 22, 12)
"""What the relative strings are relative to."""
_SEED = 1  # of the pages of our own
_PAGE = (
    '<html lang="{lang}"><head><title>Market</title></head><body><article><h1>Market</h1>'
    '<span class="date">{s}</span><p>{text}</p></article></body></html>'
)
_TEXT = "The market opens in the morning and closes when the sun goes down. " * 6

Row = dict[str, Any]
Reader = Callable[[Row], date | None]


@dataclass(frozen=True)
class Score:
    """How many of the same strings or pages were read right, a day off, wrong, or not at all."""

    right: int = 0
    off: int = 0
    wrong: int = 0
    none: int = 0
    january: int = 0  # first days of a year that nobody stated

    @property
    def total(self) -> int:
        """All that were read."""
        return self.right + self.off + self.wrong + self.none


def figures(data: Path | None) -> dict[str, Any]:
    """The figures; `data` is a folder with more strings and saved pages, if there is one."""
    return _figures(marsad(data), data)


def _figures(scores: dict[str, Score], data: Path | None) -> dict[str, Any]:
    strings, pages = scores["strings"], scores["own pages"]
    found: dict[str, Any] = {
        "dates_right": round(strings.right / strings.total, 4),
        "dates_wrong": strings.wrong + pages.wrong,
        "dates_strings": strings.total,
        "dates_wrong_strings": strings.wrong,
        "dates_own_pages": pages.total,
        "dates_right_own_pages": round(pages.right / pages.total, 4),
        "dates_wrong_own_pages": pages.wrong,
        "dates_times_right": round(_times_right(_all_rows(data)), 4),
        "invented_january": sum(score.january for score in scores.values()),
    }
    if data:
        shared, known = (
            score_strings(_rows(data / "dates.jsonl"), read_string),
            scores["saved pages"],
        )
        found["dates_right_shared"] = round(shared.right / shared.total, 4)
        found["dates_pages"] = {
            name: getattr(known, name) for name in ("right", "off", "wrong", "none")
        }
    return found


# ---------------------------------------------------------------- strings


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _all_rows(data: Path | None) -> list[Row]:
    """Strings of our own, and those of the shared data."""
    return [*_rows(OWN), *(_rows(data / "dates.jsonl") if data else [])]


def score_strings(rows: Iterable[Row], read: Reader) -> Score:
    """How a reader does on strings whose date, or lack of one, is known."""
    return _score(
        (date.fromisoformat(row["date"]) if row["date"] else None, row["tol_days"], read(row))
        for row in rows
    )


def _score(results: Iterable[tuple[date | None, int, date | None]]) -> Score:
    """Count results: the known day, by how many days it may be missed, and the day found."""
    counts: Counter[str] = Counter()
    for known, tolerance, found in results:
        distance = None if known is None or found is None else abs((found - known).days)
        if known == found or (distance is not None and distance <= tolerance):
            counts["right"] += 1
        elif found is None:
            counts["none"] += 1
        else:
            counts["wrong"] += 1
            counts["january"] += (found.month, found.day) == (1, 1)
    return Score(**counts)


def _found(row: Row) -> FoundDate | None:
    return parse_date(row["s"], language=row["lang"], country=row["country"], now=NOW)


def read_string(row: Row) -> date | None:
    """What Marsad makes of a string."""
    found = _found(row)
    return found.value.date() if found else None


def _times_right(rows: list[Row]) -> float:
    """The share of strings with a time of day, or a zone, that are read with it."""
    timed = [row for row in rows if row["time"]]
    right = 0
    for row in timed:
        found = _found(row)
        offset = _minutes(row["utc_offset"])
        right += (
            found is not None
            and found.value.strftime("%H:%M") == row["time"]
            and found.utc_offset == offset
        )
    return right / len(timed)


def _minutes(offset: str | None) -> int | None:
    if offset is None:
        return None
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return -minutes if offset[0] == "-" else minutes


# ---------------------------------------------------------------- pages


def score_own_pages(read: Callable[[DatedPage], date | None]) -> Score:
    """How a reader does on pages of our own; one that states no day is right without one."""
    return _score((page.day, 0, read(page)) for page in dated_pages(_SEED))


def read_page_day(markup: str, url: str, context: ReadingContext) -> date | None:
    """The local day on which a page was published, as Marsad reads it."""
    page = open_markup(markup)
    moment = published(head_of(page.tree), page, url, context) if isinstance(page, Markup) else None
    if moment is None:
        return None
    if moment.wall and context.timezone == "UTC":  # the zone is not known, but the page states it
        return moment.wall.date()
    return moment.at.astimezone(ZoneInfo(context.timezone)).date()


def score_saved_pages(data: Path, read: Callable[[str, str, str], date | None]) -> Score:
    """How a reader does on saved pages whose day is known; a day off is counted apart."""
    counts: Counter[str] = Counter()
    for markup, url, language, known in _saved(data):
        found = read(markup, url, language)
        if found is None:
            counts["none"] += 1
            continue
        distance = abs((found - known).days)
        counts["right" if not distance else "off" if distance == 1 else "wrong"] += 1
        january = (found.month, found.day) == (1, 1) and distance > 1
        counts["january"] += january and f"{found.year}-01-01" not in markup
    return Score(**counts)


def _saved(data: Path) -> Iterator[tuple[str, str, str, date]]:
    """Markup, URL, language and day of each saved page."""
    for gold in sorted((data / "pages").glob("*/gold.jsonl")):
        for row in _rows(gold):
            if row.get("date"):
                text = decode(
                    gzip.decompress((gold.parent / row["html"]).read_bytes()), "text/html"
                )
                markup = text.text if isinstance(text, Decoded) else ""
                yield markup, row["url"], row["lang"], date.fromisoformat(row["date"][:10])


def read_saved(markup: str, url: str, language: str) -> date | None:
    """What Marsad makes of a page of an outlet of which only the language is known."""
    context = ReadingContext("x", "", (language,), "UTC", now=NOW.replace(tzinfo=UTC))
    return read_page_day(markup, url, context)


# ---------------------------------------------------------------- plain alternatives


def _dateparser(row: Row) -> date | None:
    import dateparser

    moment = dateparser.parse(row["s"], settings={"RELATIVE_BASE": NOW})
    return moment.date() if moment else None


def _markup(row: Row) -> str:
    return _PAGE.format(lang=row["lang"], s=row["s"], text=_TEXT)


def _htmldate(markup: str, _url: str, _language: str) -> date | None:
    from htmldate import find_date

    found = find_date(markup) if markup else None
    return date.fromisoformat(found) if found else None


def _trafilatura(markup: str, _url: str, _language: str) -> date | None:
    from trafilatura import extract_metadata

    found = extract_metadata(markup) if markup else None
    return date.fromisoformat(found.date) if found and found.date else None


def marsad(data: Path | None) -> dict[str, Score]:
    """Strings and pages read by Marsad."""
    found = {
        "strings": score_strings(_all_rows(data), read_string),
        "own pages": score_own_pages(lambda page: read_page_day(page.html, page.url, page.context)),
    }
    return found | ({"saved pages": score_saved_pages(data, read_saved)} if data else {})


def peers(data: Path | None, *, everything: bool) -> dict[str, dict[str, Score]]:
    """The same by the libraries' defaults; strings stand in a page for those that read pages."""
    rows = _all_rows(data)
    found = {"dateparser": {"strings": score_strings(rows, _dateparser)}}
    found["htmldate"] = _by_page(_htmldate, rows, data if everything else None)
    if everything:
        found["trafilatura"] = _by_page(_trafilatura, rows, data)
    return found


def _by_page(
    read: Callable[[str, str, str], date | None], rows: list[Row], data: Path | None
) -> dict[str, Score]:
    """A library that reads pages alone."""
    found = {
        "strings": score_strings(rows, lambda row: read(_markup(row), "", "")),
        "own pages": score_own_pages(lambda page: read(page.html, "", "")),
    }
    return found | ({"saved pages": score_saved_pages(data, read)} if data else {})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.dates")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument(
        "--peers",
        action="store_true",
        help="trafilatura, and saved pages by the libraries too: minutes",
    )
    options = parser.parse_args()
    data = SHARED if SHARED.is_dir() else None
    scores = marsad(data)
    found = _figures(scores, data)
    if options.json:
        print(json.dumps(found))
        return
    logging.disable(logging.CRITICAL)  # the libraries' own words on broken pages
    warnings.simplefilter("ignore")
    _print({"Marsad": scores, **peers(data, everything=options.peers)})
    for key, value in found.items():
        print(f"{key:24} {value}")


def _print(table: dict[str, dict[str, Score]]) -> None:
    head = f"{'':12} {'':12} {'n':>5} {'right':>6} {'off':>5} {'wrong':>6} {'none':>5} {'1 Jan':>6}"
    print(head)
    for reader, scores in table.items():
        for name, score in scores.items():
            print(
                f"{reader:12} {name:12} {score.total:5} {score.right:6} {score.off:5}"
                f" {score.wrong:6} {score.none:5} {score.january:6}"
            )


if __name__ == "__main__":
    main()
