"""How lists and reports look on terminals of any width, and where they are piped."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from rich.cells import cell_len
from rich.console import Console

from crawler.cli.report import exit_code, show_report
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted
from storage.reported import LooksReport, OutletReport, RunReport

LONG = "The Seventh Palm Daily of the Upper and the Lower River"
MOMENT = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)


def printed(show: Callable[[Console], None], width: int, *, terminal: bool) -> list[str]:
    """The lines that something prints, without colours."""
    file = io.StringIO()
    show(Console(file=file, width=width, force_terminal=terminal, no_color=True, soft_wrap=True))
    plain = file.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
    return plain.splitlines()


def table(console: Console) -> None:
    rows = [("iq_seventh_palm", "12", LONG), ("ma_x", "3", "قصير")]
    print_rows(("id", "seen", "name"), rows, right=("seen",), console=console)


def test_only_the_last_column_gives_way_on_a_narrow_terminal() -> None:
    lines = printed(table, 50, terminal=True)

    assert lines[0] == "id               seen  name"
    assert lines[1].startswith("iq_seventh_palm    12  The Seventh")
    assert lines[1].endswith("…")
    assert max(map(cell_len, lines)) <= 50
    assert lines[2] == "ma_x                3  قصير"


def test_nothing_is_cut_where_it_is_piped() -> None:
    assert printed(table, 50, terminal=False)[1].endswith(LONG)


def test_a_paragraph_is_wrapped_between_words() -> None:
    def show(console: Console) -> None:
        print_paragraph("one two three four five", console, indent="  ")

    assert printed(show, 12, terminal=False) == ["  one two", "  three four", "  five"]


def report(*outlets: OutletReport, **more: object) -> RunReport:
    facts = {"ended_at": MOMENT, "status": "done", "actors": (), "balanced": True, **more}
    return RunReport(run_id=7, kind="crawl", started_at=MOMENT, outlets=outlets, **facts)  # type: ignore[arg-type]


def outlet(outlet_id: str, *problems: tuple[str, str], **more: object) -> OutletReport:
    return OutletReport(outlet_id=outlet_id, name=f"Name of {outlet_id}", problems=problems, **more)  # type: ignore[arg-type]


def test_what_to_do_is_said_once_for_all_outlets_that_have_the_same_trouble() -> None:
    advice = "Look at the feed."
    night = report(
        outlet("iq_a", ("1 visit empty", advice), visits=1),
        outlet("iq_b", ("1 visit empty", advice), visits=1),
        outlet("iq_c", ("2 visits empty", advice), visits=2),
    )

    lines = printed(lambda console: show_report(night, console), 80, terminal=False)

    after = lines[lines.index("What needs a look") :]
    assert after[1:5] == ["", advice, "  iq_a, iq_b · 1 visit empty", "  iq_c · 2 visits empty"]


def test_an_outlet_that_was_not_visited_has_no_line_of_dots() -> None:
    night = report(
        outlet("iq_a", visits=1), outlet("iq_b", ("nothing of it was visited", "Probe."))
    )

    lines = printed(lambda console: show_report(night, console), 80, terminal=False)

    assert [line for line in lines if line.startswith("iq_a ")]
    assert not [line for line in lines if line.startswith("iq_b ")]
    assert "  iq_b · nothing of it was visited" in lines


def test_books_that_do_not_balance_are_a_failure_in_capitals() -> None:
    night = report(outlet("iq_a", visits=1), balanced=False, imbalance="3 handed out, 2 booked")

    lines = printed(lambda console: show_report(night, console), 80, terminal=False)

    assert lines[-1] == "THE BOOKS DO NOT BALANCE: 3 handed out, 2 booked"
    assert exit_code(night) == 1


def test_a_run_whose_stories_could_not_be_worked_out_says_so_and_needs_a_person() -> None:
    night = report(outlet("iq_a", visits=1), stories_failure="OSError: the disk is full")

    lines = printed(lambda console: show_report(night, console), 80, terminal=False)

    assert [line for line in lines if "could not be worked out: OSError: the disk is full" in line]
    assert exit_code(night) == 3


@pytest.mark.parametrize(("well", "code"), [(0, 1), (2, 1), (3, 3)])
def test_sites_that_answered_no_look_are_outlets_that_were_not_read(well: int, code: int) -> None:
    down = outlet("iq_down", outcomes={"network_error": 2, "timeout": 1})
    others = [outlet(f"iq_{n}", outcomes={"unchanged": 2, "gone": 1}) for n in range(well)]

    assert exit_code(report(down, *others, looks=LooksReport())) == code
    assert exit_code(report(*others, looks=LooksReport())) == 0


def test_a_run_of_looks_to_which_nothing_was_due_says_how_to_look_anyway() -> None:
    nights = report(looks=LooksReport()), report(looks=LooksReport(left=3))
    shows = (partial(show_report, night) for night in nights)
    idle, bounded = (printed(show, 80, terminal=False) for show in shows)

    assert "No article was due; --anyway looks at those that are not." in idle
    assert "3 more are due and wait for the next run." in bounded


def test_a_run_that_visited_nothing_is_no_failure() -> None:
    assert exit_code(report()) == 0


def test_numbers_agree_with_their_nouns() -> None:
    said = [counted(n, noun) for n in (0, 1, 2) for noun in ("page", "copy", "address")]

    assert said == [
        *("0 pages", "0 copies", "0 addresses"),
        *("1 page", "1 copy", "1 address"),
        *("2 pages", "2 copies", "2 addresses"),
    ]
