"""Actors in spreadsheets: what people and their programs make of a sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from config.actor_sheets import OASIS, excel, export, sheet_of, take, written
from config.config_files import ACTOR, workspace
from openpyxl import Workbook

from crawler.actorfiles import read_lists
from crawler.sheetfiles import SheetUnreadable
from crawler.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "study", shipped=True)


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "bare")


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_any_program_is_read(
    empty: Workspace, tmp_path: Path, code: str, separator: str, end: str
) -> None:
    note = f'"Two lines,{end}and a ; and a ""quote"""'
    lines = [
        ["id", "kind", "name_en", "form", "note"],
        ["ma_waha", "cso", "Oasis Friends", "جمعية أصدقاء الواحة", note],
    ]
    text = end.join(separator.join(line) for line in lines) + end
    (tmp_path / "a.csv").write_bytes(text.encode(code))

    take(empty, tmp_path / "a.csv")

    (actor,) = read_lists(empty).actors()
    assert actor.note == 'Two lines,\nand a ; and a "quote"'
    assert actor.forms[0].text == "جمعية أصدقاء الواحة"


def test_a_line_that_names_the_separator_is_no_row(empty: Workspace, tmp_path: Path) -> None:
    text = "sep=;\r\nid;kind;name_en;form\r\nma_waha;cso;Oasis, Friends;Oasis Friends\r\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")

    take(empty, tmp_path / "a.csv")

    assert read_lists(empty).actors()[0].name == {"en": "Oasis, Friends"}


@pytest.mark.parametrize("code", ["cp1256", "cp1252"])
def test_an_old_code_page_is_refused_with_the_way_out(
    empty: Workspace, tmp_path: Path, code: str
) -> None:
    form = "أصدقاء الواحة" if code == "cp1256" else "Association du café"
    (tmp_path / "a.csv").write_bytes(f"id,kind,name_en,form\nma_x,cso,X,{form}\n".encode(code))

    with pytest.raises(SheetUnreadable, match=r"is not UTF-8 text.*CSV UTF-8"):
        take(empty, tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("typed", "mode", "verified"),
    [(True, "auto", True), (1, "Acronym", True), ("VRAI", "", True), ("نعم", "", True),
     ("oui", "", True), (False, "", False), (0, "", False), ("FAUX", "", False), (None, "", False)],
)  # fmt: skip
def test_values_as_a_spreadsheet_types_them(
    empty: Workspace, tmp_path: Path, typed: object, mode: str, verified: bool
) -> None:
    rows = [
        ["ID ", "Kind", "name en", "form", "form_mode", "form_verified", "countries"],
        ["\u200fma_waha\u00a0\u202c", "CSO", " Oasis ", "OASIS FRIENDS ", mode, typed, "MA ; iq"],
        [],
        ["ma_waha", None, None, 1979, "context", None, None],
    ]

    take(empty, excel(tmp_path / "a.xlsx", rows))

    (actor,) = read_lists(empty).actors()
    assert actor.name == {"en": "Oasis"}
    assert actor.countries == ("ma", "iq")
    assert (actor.forms[0].verified, actor.forms[0].mode) == (verified, mode.lower() or "auto")
    assert actor.forms[1].text == "1979"


def test_hidden_merged_and_empty_rows_are_rows_like_others(
    empty: Workspace, tmp_path: Path
) -> None:
    book = Workbook()
    guide, sheet = book.worksheets[0], book.create_sheet("Actors")
    guide.title, sheet.sheet_state = "guide", "hidden"
    guide.append(["id", "what it is"])
    for row in (
        ["id", "kind", "name_en", "form"],
        ["ma_waha", "cso", "Oasis", "Oasis Friends"],
        [None, None, None, "Friends of the Oasis"],
        [],
        ["ma_nakhla", "cso", "Palm", "Palm Friends"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")

    take(empty, tmp_path / "a.xlsx")

    oasis, palm = read_lists(empty).actors()
    assert [form.text for form in oasis.forms] == ["Oasis Friends", "Friends of the Oasis"]
    assert palm.id == "ma_nakhla"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("mode", ["", "auto", "context"])
@pytest.mark.parametrize("switch", ["", "yes", "no"])
def test_a_usual_value_that_was_spelled_out_stays_so(
    empty: Workspace, tmp_path: Path, mode: str, switch: str, ending: str
) -> None:
    (empty.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    rows = export(empty)
    rows += [["iq_new", "cso", "New", *[""] * 4, "منظمة جديدة للتجربة", *[""] * 12]]
    for row in (rows[1], rows[3]):
        row[rows[0].index("form_mode")] = mode
        for column in ("form_verified", "form_variants", "form_suppress"):
            row[rows[0].index(column)] = switch
    rows[3][rows[0].index("form_suppress")] = ""
    rows[3][rows[0].index("context")] = "ماء"
    path = written(tmp_path, rows, ending)

    take(empty, path)

    assert export(empty) == rows
    assert take(empty, path) == []


def test_a_title_above_the_header_is_no_row(empty: Workspace, tmp_path: Path) -> None:
    title = [["Our actors, spring"], [], *sheet_of(OASIS)]

    assert take(empty, written(tmp_path, title, ".csv")) == ["ma_waha"]


def test_rows_may_be_sorted(place: Workspace, tmp_path: Path) -> None:
    first, *rest = export(place)

    assert take(place, written(tmp_path, [first, *sorted(rest, key=str)], ".csv")) == []
