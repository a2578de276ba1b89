"""How coverage looks to a person: a mark for each day, figures by outlet, gaps, reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.text import Text

from crawler.cli.common import out
from crawler.cli.tables import GAP, print_paragraph, print_rows
from crawler.phrases import counted
from storage.bidi import isolated
from storage.coverage_words import duration, percent

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.coverage_records import CoverageDay
    from storage.watch_rows import GapFound

MARKS = {
    "#": "complete",
    "+": "watched all day, but pages failed or wait",
    "~": "watched for a part of the day, or by some of its ways only",
    "x": "blind all day",
    ".": "not watched",
    "D": "declared blind",
}
"""One for each day; each means the same without colour."""
_STYLES = {"#": "green", "+": "green", "~": "yellow", "x": "bold red", ".": "dim", "D": "magenta"}
_RULER = "1...5....10...15...20...25...30."
GAPS_SHOWN = 10


def mark(day: "CoverageDay") -> str:
    """One character for a day; a space for one that has not begun."""
    if not day.minutes:
        return " "
    if day.over and day.watched == day.minutes:
        return "#" if day.completeness == "complete" else "+"
    if day.watched or day.partly:
        return "~"
    longest = max((day.blind, "x"), (day.declared, "D"), (day.unwatched, "."))
    return longest[1]


def strips(days: "Sequence[CoverageDay]") -> None:
    """A block for each month: a line for each outlet, a mark for each of its days."""
    months: defaultdict[tuple[int, int], defaultdict[str, list[CoverageDay]]]
    months = defaultdict(lambda: defaultdict(list))
    for one in days:
        if one.counts.day is not None:
            day = one.counts.day
            months[day.year, day.month][one.counts.outlet_id].append(one)
    width = max(len("2026-03"), *(len(one.counts.outlet_id) for one in days))
    for (year, month), outlets in sorted(months.items()):
        out.print(Text(f"{f'{year}-{month:02}':<{width}}{GAP}{_RULER[:31]}", style="bold"))
        for outlet_id, those in outlets.items():
            line = Text(f"{outlet_id:<{width}}{GAP}")
            out.print(line + _strip(those))
        out.print()
    for sign, meaning in MARKS.items():
        out.print(Text(f"{sign}  {meaning}"))


def _strip(days: "Sequence[CoverageDay]") -> Text:
    first = days[0].counts.day
    strip = Text(" " * (first.day - 1 if first else 0))
    for one in days:
        sign = mark(one)
        strip.append(sign, style=_STYLES.get(sign, ""))
    strip.rstrip()
    return strip


def show_outlets(days: "Sequence[CoverageDay]") -> None:
    """A line for each outlet: how much of the time was seen, and what became of the items."""
    by_outlet: defaultdict[str, list[CoverageDay]] = defaultdict(list)
    for one in days:
        by_outlet[one.counts.outlet_id].append(one)
    figures = (
        "time seen", "blind", "not watched", "seen", "stored", "failed", "waiting", "undated"
    )  # fmt: skip
    print_rows(
        ("outlet", *figures, "name"),
        [(outlet_id, *_figures(those)) for outlet_id, those in by_outlet.items()],
        right=figures,
    )


def _figures(days: "Sequence[CoverageDay]") -> list[str]:
    dated = [one for one in days if one.counts.day is not None]
    every = sum(one.minutes for one in dated)
    seen = sum(one.watched + one.partly for one in dated)
    blind, unwatched = (sum(getattr(one, name) for one in dated) for name in ("blind", "unwatched"))
    names = ("seen", "stored", "failed", "waiting")
    counts = [sum(getattr(one.counts, name) for one in dated) for name in names]
    undated = sum(one.counts.seen for one in days if one.counts.day is None)
    return [
        percent(seen / every if every else None),
        duration(blind) if blind else "·",
        duration(unwatched) if unwatched else "·",
        *(str(number or "·") for number in (*counts, undated)),
        isolated(days[0].outlet),
    ]


def show_days(days: "Sequence[CoverageDay]") -> None:
    """A line for each outlet and day."""
    figures = ("seen", "stored", "failed", "waiting")
    times = ("part", "blind", "not watched", "declared")
    out.print()
    print_rows(
        ("outlet", "day", "", "complete", *times, *figures, "failed by"),
        [_day_row(one) for one in days],
        right=(*times, *figures),
    )


def _day_row(one: "CoverageDay") -> list[str]:
    counts = one.counts
    times = (one.partly, one.blind, one.unwatched, one.declared)
    numbers = (counts.seen, counts.stored, counts.failed, counts.waiting)
    return [
        counts.outlet_id,
        counts.day.isoformat() if counts.day else "undated",
        mark(one),
        one.completeness if counts.day else "·",
        *(duration(minutes) if minutes else "·" for minutes in times),
        *(str(number or "·") for number in numbers),
        reasons(counts.failed_by) or "·",
    ]


def show_reasons(days: "Iterable[CoverageDay]") -> None:
    """Why pages failed, over all outlets and days."""
    total: Counter[str] = Counter()
    for one in days:
        total.update(one.counts.failed_by)
    if total:
        out.print()
        print_paragraph(f"Pages that failed: {reasons(total)}.")


def reasons(failed_by: dict[str, int]) -> str:
    """Outcomes and how often, the most frequent first.

    >>> reasons({"gone": 2, "no_text": 3})
    'no text 3, gone 2'
    """
    ordered = sorted(failed_by.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{outcome.replace('_', ' ')} {number:,}" for outcome, number in ordered)


def show_gaps(gaps: "Sequence[GapFound]", *, every: bool) -> None:
    """The spans that a way did not show, and what mended them."""
    if not gaps:
        return
    out.print("\n[bold]Gaps: a way had moved on between two visits[/bold]")
    shown = gaps if every else gaps[-GAPS_SHOWN:]
    if len(shown) < len(gaps):
        out.print(f"  the latest {len(shown)} of {counted(len(gaps), 'gap')}; --days shows all")
    for gap in shown:
        print_paragraph(_gap(gap), indent="  ")


def _gap(gap: "GapFound") -> str:
    where = f"{gap.outlet_id} · {gap.found_by} {gap.way}"
    span = f"{gap.from_at:%Y-%m-%d %H:%M} to {gap.to_at:%Y-%m-%d %H:%M} UTC"
    if gap.repaired_at is None:
        return f"{where} · {span}: not filled"
    by = f" from {gap.repaired_by}" if gap.repaired_by else ""
    return f"{where} · {span}: filled {_when(gap.repaired_at.date())}{by}"


def _when(day: date) -> str:
    return day.isoformat()
