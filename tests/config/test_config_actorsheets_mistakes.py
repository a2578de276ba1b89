"""Actors in spreadsheets: mistakes are told by cell, all at once, and nothing is saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from config.actor_sheets import OASIS, PALM, excel, sheet_of, take, written
from config.config_files import workspace

from crawler.actorfiles import FILE
from crawler.actorsheets import SheetMistakes
from crawler.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "study", shipped=True)


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "bare")


def mistakes(place: Workspace, path: Path) -> list[str]:
    with pytest.raises(SheetMistakes) as wrong:
        take(place, path)
    assert not (place.watchlists_dir / f"{FILE}.toml").exists()
    return [str(mistake) for mistake in wrong.value.mistakes]


def test_every_mistake_is_told_at_once_and_nothing_is_saved(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = sheet_of(
        OASIS | {"kind": "csos", "countries": "maa", "themme": "x"},
        PALM | {"form_mode": "acronyme", "form_verified": "perhaps", "form_language": "ku"},
        {"id": "ma_waha", "kind": "media", "form": "جمعية أصدقاء الواحة"},
        {"id": "Ma X", "kind": "cso", "name_en": "X", "form": "ـــ"},
        {"id": "ma_y", "name_en": "Y", "form_mode": "exact"},
    )
    columns = {name: "ABCDEFGHIJK"[number] for number, name in enumerate(rows[0])}

    said = mistakes(empty, written(tmp_path, rows, ".xlsx"))

    for column, row, words in (
        ("themme", 1, "is not a known column; did you mean themes?"),
        ("kind", 2, "must be one of person, cso, media, network, state_body"),
        ("countries", 2, "must be a country code of two small letters"),
        ("form_mode", 3, 'is the text "acronyme"; did you mean acronym?'),
        ("form_verified", 3, 'must be yes or no, but is "perhaps"'),
        ("form_language", 3, 'is "ku"; say which Kurdish'),
        ("kind", 4, f"is not what actors!{columns['kind']}2 says of the same actor"),
        ("form", 4, f"stands here twice (see actors!{columns['form']}2)"),
        ("id", 5, '"Ma X" must be made of a-z, 0-9 and single - or _'),
        ("form", 5, "has no letter"),
        ("kind", 6, "is missing"),
        ("form", 6, "is empty, and the row says how it counts"),
    ):
        wanted = f"actors!{columns[column]}{row}: {column}: "
        assert [line for line in said if line.startswith(wanted) and words in line], wanted
    assert said == sorted(
        said, key=lambda line: int("".join(filter(str.isdigit, line.split(":")[0])))
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('=HYPERLINK("http://one.test","x")', "holds a formula (=HYPERLINK"),
        (date(2026, 2, 20), "was made a date by the spreadsheet (2026-02-20"),
        ("#N/A", "holds the error #N/A"),
        (True, "was made TRUE by the spreadsheet"),
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_refused_by_cell(
    empty: Workspace, tmp_path: Path, cell: object, words: str
) -> None:
    rows = [["id", "kind", "name_en", "form"], ["ma_waha", "cso", "Oasis", cell]]

    (said,) = mistakes(empty, excel(tmp_path / "a.xlsx", rows))

    assert said.startswith("actors!D2: form: ")
    assert words in said


def test_a_formula_in_a_csv_file_is_refused(empty: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,kind,name_en,form\nma_x,cso,X,=1+1\n", encoding="utf-8")

    (said,) = mistakes(empty, tmp_path / "a.csv")

    assert said.startswith("a.csv!D2: form: holds a formula (=1+1)")


def test_a_form_of_another_actor_is_told_with_its_cell(place: Workspace, tmp_path: Path) -> None:
    rows = sheet_of(OASIS, {"id": "ma_waha", "form": "AMDH"})

    (said,) = mistakes(place, written(tmp_path, rows, ".csv"))

    assert said.startswith('sheet.csv!D3: form: "AMDH" is also a form of ma_amdh')


def test_a_form_that_a_later_actor_has_is_told_with_its_cell_too(
    place: Workspace, tmp_path: Path
) -> None:
    rows = sheet_of(OASIS | {"id": "aa_waha"}, {"id": "aa_waha", "form": "AMDH"})

    (said,) = mistakes(place, written(tmp_path, rows, ".csv"))

    assert said.startswith("crawler/data/watchlists/ma.toml:")
    assert '"AMDH" is also a form of aa_waha (sheet.csv!D3)' in said


def test_a_row_without_an_id_after_an_empty_row_belongs_to_nobody(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = [*sheet_of(OASIS), ["", "", "", ""], ["", "", "", "Oasis Friends"]]

    (said,) = mistakes(empty, written(tmp_path, rows, ".csv"))

    assert said == "sheet.csv!A4: id: is empty"


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "id,kind,form\n"])
def test_a_sheet_that_says_nothing_is_a_mistake(
    empty: Workspace, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")

    assert mistakes(empty, tmp_path / "a.csv")
