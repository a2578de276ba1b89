"""How people are told since when counts of an actor compare."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console

from crawler.cli.comparable import gap_lines
from crawler.cli.report import show_report
from storage.actors import Gap
from storage.reported import RunReport

SINCE = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


def test_actors_with_one_gap_share_a_line() -> None:
    lines = gap_lines([Gap(f"ma_{number}", SINCE) for number in range(7)])

    assert lines == [
        "ma_0, ma_1, ma_2, ma_3, ma_4 and 2 more: comparable since 2026-11-22 21:00 UTC; "
        "`marsad actors rematch` makes earlier articles comparable"
    ]


def test_each_gap_says_what_helps() -> None:
    gaps = [
        Gap("ma_matched", SINCE),
        Gap("ma_texts", SINCE, texts_missing=True),
        Gap("ma_dropped", SINCE, dropped=True),
    ]

    told = {line.partition(":")[0]: line for line in gap_lines(gaps)}

    assert "`marsad actors rematch`" in told["ma_matched"]
    assert "`marsad reread`" in told["ma_texts"]
    assert "no watchlist" in told["ma_dropped"]
    assert gap_lines([]) == []


def test_a_runs_report_dates_the_actors_that_were_not_always_watched() -> None:
    actors = (("ma_old", "Old Society", 3, 2), ("ma_new", "New Society", 1, 1))
    report = RunReport(1, "crawl", SINCE, SINCE, "done", actors=actors)

    def shown(report: RunReport) -> list[list[str]]:
        screen = io.StringIO()
        show_report(report, Console(file=screen, width=100))
        return [line.split() for line in screen.getvalue().splitlines() if "Society" in line]

    since = (("ma_new", SINCE),)
    told = RunReport(1, "crawl", SINCE, SINCE, "done", actors=actors, comparable_since=since)

    assert shown(report) == [["3", "2", "Old", "Society"], ["1", "1", "New", "Society"]]
    assert shown(told) == [
        ["3", "2", "·", "Old", "Society"],
        ["1", "1", "2026-11-22", "New", "Society"],
    ]
