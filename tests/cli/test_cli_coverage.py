"""`marsad coverage`, and what every other answer says of it: nobody reads "no coverage" there."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from asking import ask, said
from rich.cells import cell_len
from watched import Archive

from crawler.cli.coverage_view import MARKS, reasons
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.coverage_rows import COLUMNS
from storage.exporting.columns import NAMES, Kind, columns
from storage.models import Actor

KINDS: tuple[Kind, ...] = ("coverage", "gaps")
MA, IQ, BH = "ma_sahifa", "iq_rojname", "bh_marsa"
WEEK = ("--after", "2026-03-07", "--before", "2026-03-12")
BLIND_WEEK = (
    "Coverage 8–10 March 2026: unknown. 1 outlet asked, and at no time watched.\n"
    "  blind: 8–10 March: ma_sahifa\n"
    "  0 items seen, 0 stored\n"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A month: the power was cut for five days, one outlet came late, one has a formula's name."""
    root = tmp_path_factory.mktemp("coverage") / "w"
    place = create_workspace(root, WorkspaceSettings(contact="tests@marsad.test", shipped=False))
    archive = Archive(place.database, [MA, IQ, BH], shown_by={IQ: 60})
    archive.nights(date(2026, 3, 1), date(2026, 3, 7), left_out=[BH])
    archive.nights(date(2026, 3, 13), date(2026, 3, 16))
    run_id = archive.runs.open("crawl", actors=[Actor("ma_council", "cso", name="Council")])
    archive.runs.close(run_id, "done")
    with archive.db.write():
        archive.db.execute("UPDATE outlets SET name = '=1+1' WHERE id = ?", (BH,))
    archive.db.close()
    return place


# ---------------------------------------------------------------- the command itself


def test_a_person_sees_each_day_and_what_its_mark_means(place: Workspace) -> None:
    result = ask(place, "coverage")
    lines = result.stdout.splitlines()

    assert (result.exit_code, "\x1b" in result.stdout) == (0, False)
    assert lines[:4] == [
        "2026-03     1...5....10...15...20...25...30",
        "bh_marsa    ..........~#+#+~",
        "iq_rojname  ##+#+##+#+##+#+~",
        "ma_sahifa   ##+#+#~xxx~#+#+~",  # the last day was not over
    ]
    assert all(f"{sign}  {meaning}" in lines for sign, meaning in MARKS.items())
    figures = next(line.split() for line in lines if line.endswith("  Sahifa"))
    assert figures[:5] == ["ma_sahifa", "73%", "4", "days", "1"]
    assert (
        "ma_sahifa · feed https://sahifa.test/rss · 2026-03-07 02:00 to 2026-03-11" in result.stdout
    )
    assert "Pages that failed: gone " in result.stdout
    assert result.stderr.splitlines()[0] == (
        "Coverage 1–16 March 2026: partial. 3 outlets asked, 1 watched throughout; "
        "69% of the time seen."
    )
    assert "  16 March was not over: told up to 02:00 UTC" in result.stderr.splitlines()


def test_strips_fit_a_narrow_terminal(place: Workspace) -> None:
    strips = ask(place, "coverage").stdout.split("\n\n")[0]

    assert max(map(cell_len, strips.splitlines())) <= 60


def test_days_are_listed_with_minutes_and_reasons(place: Workspace) -> None:
    result = ask(place, "coverage", MA, *WEEK, "--days")
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith(f"{MA}  2026")]

    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("2026-03-07", "~", "partial"),
        ("2026-03-08", "x", "unknown"),
        ("2026-03-09", "x", "unknown"),
        ("2026-03-10", "x", "unknown"),
        ("2026-03-11", "~", "partial"),
    ]
    assert reasons({"gone": 1, "no_text": 2}) == "no text 2, gone 1"


def test_json_has_all_of_it(place: Workspace) -> None:
    data = json.loads(ask(place, "coverage", MA, *WEEK, "--json").stdout)

    assert set(data) == {"coverage", "days", "gaps"}
    assert set(data["days"][0]) == set(COLUMNS)
    assert [one["minutes_blind"] for one in data["days"]] == [1320, 1440, 1440, 1440, 180]
    (gap,) = data["gaps"]
    assert (gap["outlet_id"], gap["repaired_at"]) == (MA, None)
    (spell,) = data["coverage"]["spells"]
    assert (spell["sight"], spell["outlets"]) == ("blind", [MA])


def test_an_export_is_the_same_table_for_spreadsheets(place: Workspace, tmp_path: Path) -> None:
    file, book = tmp_path / "coverage.csv", tmp_path / "coverage.xlsx"

    written = ask(place, "export", "coverage", "-o", str(file))
    sheets = ask(place, "coverage", "-o", str(book))

    assert (written.exit_code, sheets.exit_code) == (0, 0)
    assert said(written) == f"48 rows written to {file}\n"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert {row["outlet"] for row in rows} == {"'=1+1", "Rojname", "Sahifa"}
    workbook = openpyxl.load_workbook(book)
    assert workbook.sheetnames == ["README", "days", "spells", "gaps"]
    days = list(workbook["days"].iter_rows(values_only=True))
    assert (days[0], len(days)) == (COLUMNS, 49)
    assert (days[1][1], type(days[1][7])) == ("'=1+1", int)
    assert str(workbook["README"]["A2"].value).startswith("Coverage 1–16 March 2026")
    gaps = list(workbook["gaps"].iter_rows(values_only=True))
    assert (gaps[0], len(gaps)) == (tuple(NAMES["gaps"]), 2)
    told = {row[0]: row[1] for row in workbook["README"].iter_rows(values_only=True)}
    assert {one.name: told[one.name] for kind in KINDS for one in columns(kind)} == {
        one.name: one.en for kind in KINDS for one in columns(kind)
    }


def test_wrong_use_is_told(place: Workspace, tmp_path: Path) -> None:
    empty = create_workspace(tmp_path / "e", WorkspaceSettings(contact="t@marsad.test"))
    wrong = [
        (place, ["nobody"], 'knows no outlet "nobody"'),
        (place, ["--after", "1995-01-01"], "at most 3660 days"),
        (place, ["--format", "xlsx"], "a workbook needs a file"),
        (empty, [], "nothing has been crawled"),
    ]

    for where, arguments, complaint in wrong:
        result = ask(where, "coverage", *arguments)
        assert (result.exit_code, complaint in result.stderr) == (2, True), arguments


# ---------------------------------------------------------------- what goes with every answer


def test_a_search_of_a_blind_week_is_no_finding(place: Workspace) -> None:
    blind = ("--outlet", MA, "--after", "2026-03-08", "--before", "2026-03-11")

    printed = ask(place, "search", "bridge", *blind)
    data = json.loads(ask(place, "search", "bridge", *blind, "--json").stdout)

    assert printed.stdout == ""
    assert printed.stderr.endswith(
        "nothing found; this is no evidence that nothing was published: nobody was looking\n"
        + BLIND_WEEK
    )
    assert (data["total"], data["coverage"]["completeness"]) == (0, "unknown")
    assert data["coverage"]["blind_days"] == 3


def test_every_answer_says_who_was_asked_and_when_nobody_looked(place: Workspace) -> None:
    commands = [
        ("search", "bridge"),
        ("stories",),
        ("export", "articles"),
        ("export", "mentions"),
        ("export", "attention"),
        ("export", "stories"),
        ("export", "edits"),
        ("actors", "concordance", "ma_council"),
    ]

    for command in commands:
        result = ask(place, *command)
        assert (result.exit_code, "Coverage" in result.stdout) == (0, False), command
        assert (
            "Coverage 1–15 March 2026: partial. 3 outlets asked, 1 watched throughout; "
            in result.stderr
        ), command
        assert "\n  blind: 7–11 March (4 days 1 h): ma_sahifa\n" in result.stderr, command
        assert "\n  not watched: 1–11 March (10 days 6 h): bh_marsa\n" in result.stderr, command
    assert "Coverage" not in ask(place, "export", "judgements").stderr


@pytest.mark.parametrize("command", [("stories",), ("actors", "concordance", "ma_council")])
def test_json_answers_carry_it_too(place: Workspace, command: tuple[str, ...]) -> None:
    data = json.loads(ask(place, *command, "--json").stdout)

    assert (data["coverage"]["first"], data["coverage"]["last"]) == ("2026-03-01", "2026-03-15")


def test_a_file_stays_a_clean_table_and_has_its_coverage_beside_it(
    place: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "articles.csv"

    ask(place, "export", "articles", "--outlet", MA, "-o", str(file))

    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    beside = json.loads((tmp_path / "articles.csv.about.json").read_text(encoding="utf-8"))
    assert {row["outlet_id"] for row in rows} == {MA}
    assert (beside["file"], beside["rows"]) == ("articles.csv", len(rows))
    assert beside["coverage"][1] == "  blind: 7–11 March (4 days 1 h): ma_sahifa"
    figures = beside["coverage_figures"]
    assert (figures["outlets"], figures["completeness"]) == ([MA], "partial")
    assert (tmp_path / "articles.csv.about.json").stat().st_mode & 0o077 == 0


def test_a_watched_week_is_a_finding(place: Workspace) -> None:
    result = ask(place, "search", "date:2026-03-02 volcano country:iq,ma")

    assert said(result).endswith("nothing found, and all that was asked was watched throughout\n")
    assert (
        "Coverage 2 March 2026: complete. 2 outlets asked, all watched throughout.\n"
        in result.stderr
    )


def test_a_period_that_ends_before_it_begins_is_refused(place: Workspace) -> None:
    result = ask(place, "coverage", "--after", "2026-03-05", "--before", "2026-03-05")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "--before is the day after the last one" in result.stderr
