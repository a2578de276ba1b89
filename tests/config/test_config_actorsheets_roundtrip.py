"""Actors in spreadsheets: out and in again, and what is written for it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from config.actor_sheets import OASIS, PALM, export, sheet_of, take, written
from config.config_files import workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from crawler.actorcells import plain
from crawler.actorchanges import differences, whole
from crawler.actorfiles import Lists, read_lists
from crawler.actorrows import header, rows_of
from crawler.actorsheets import form_key
from crawler.actortoml import as_toml
from crawler.datafiles import DataFile, tree
from crawler.datafiles import rows_of as datafile_rows
from crawler.guide import COLUMNS
from crawler.sheetwriting import csv_text
from crawler.watchlistfiles import ActorTrees
from crawler.watchlists import Form, WatchedActor
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.text import fold

KINDS = ["person", "cso", "media", "network", "state_body"]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "study", shipped=True)


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "bare")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_is_exported_and_imported_changes_nothing(
    place: Workspace, tmp_path: Path, ending: str
) -> None:
    assert take(place, written(tmp_path, export(place), ending)) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_all_shipped_actors_come_back_the_same_in_a_workspace_without_them(
    place: Workspace, empty: Workspace, tmp_path: Path, ending: str
) -> None:
    rows = export(place)

    take(empty, written(tmp_path, rows, ending))

    assert export(empty) == rows
    assert read_lists(empty).actors() == read_lists(place).actors()


def test_a_csv_file_is_the_same_byte_for_byte_after_a_round(
    empty: Workspace, tmp_path: Path
) -> None:
    first = written(tmp_path, sheet_of(OASIS, PALM), ".csv")
    take(empty, first)
    exported = csv_text(export(empty))

    (tmp_path / "again.csv").write_text(exported, encoding="utf-8", newline="")
    assert take(empty, tmp_path / "again.csv") == []

    assert csv_text(export(empty)) == exported
    assert exported.startswith("\ufeff")


odd = st.sampled_from(["_x0041_", "'=1", "''", "a|b", "\\|", "TRUE", "1979", "20/02", "x_x000D_"])
nasty = odd | st.text(
    st.one_of(
        st.sampled_from("=+-@|\\'\",;%_x0041 \u200cةأنÉç"),
        st.characters(codec="utf-8", exclude_categories=["C", "Z"]),
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip() and text.strip("\u200c") != "")
names = st.dictionaries(st.sampled_from(["en", "ar", "fr", "ckb", "zgh"]), nasty, min_size=1)
forms = st.builds(
    Form,
    text=nasty.filter(lambda text: bool(fold(text))),
    language=st.sampled_from([None, "ar", "fr", "kmr", "zh-Hant"]),
    mode=st.sampled_from(["auto", "exact", "context"]),
    verified=st.booleans(),
    suppress=st.sampled_from([False, False, False, True]),
)
# A note of invisible marks alone is no note.
notes = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=9
).filter(lambda text: not text or bool(plain(text)))


@st.composite
def actors(draw: Callable[[Any], Any]) -> list[WatchedActor]:
    """A few actors that share no form, with a context word so that each can count."""
    some = draw(st.lists(forms, min_size=1, max_size=6, unique_by=lambda form: fold(form.text)))
    cut = draw(st.integers(1, len(some)))
    groups = [group for group in (some[:cut], some[cut:]) if group]
    return [
        WatchedActor(
            id=f"ma_x{number}",
            kind=draw(st.sampled_from(KINDS)),
            name=draw(names),
            forms=tuple(group),
            countries=tuple(draw(st.lists(st.sampled_from(["ma", "iq"]), unique=True))),
            themes=tuple(draw(st.lists(st.sampled_from(["rights", "press"]), unique=True))),
            context=(draw(nasty.filter(lambda text: bool(fold(text)))),),
            anti_aliases=tuple(draw(st.lists(nasty, max_size=3))),
            evidence=tuple(draw(st.lists(nasty, max_size=3))),
            note=draw(notes).strip(),
        )
        for number, group in enumerate(groups)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=actors(), ending=st.sampled_from([".csv", ".xlsx"]))
def test_any_actors_survive_the_round_cell_for_cell(
    tmp_path_factory: pytest.TempPathFactory, made: list[WatchedActor], ending: str
) -> None:
    folder = tmp_path_factory.mktemp("round")
    place = create_workspace(
        folder / "w", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )
    rows = rows_of(made)

    take(place, written(folder, rows, ending))

    assert export(place) == rows
    assert read_lists(place).actors() == made


def trees_of(entry: dict[str, Any]) -> ActorTrees:
    """The trees of a watchlist file that says this of one actor."""
    text = as_toml([entry])
    table = tree(DataFile(Path("a.toml"), text, tomllib.loads(text)))
    return ActorTrees({entry["id"]: datafile_rows(table, "actors")[0]})


wanted_forms = st.lists(forms, min_size=1, max_size=5, unique_by=lambda form: form_key(form.text))


@settings(max_examples=300, deadline=None)
@given(data=st.data(), names=st.tuples(names, names), wanted=wanted_forms)
def test_what_differs_laid_over_the_shipped_actor_is_the_actor_that_was_wanted(
    data: st.DataObject, names: tuple[dict[str, str], dict[str, str]], wanted: list[Form]
) -> None:
    kept = data.draw(st.lists(st.sampled_from(wanted), unique=True))
    wanted = [one if one in kept else one.model_copy(update={"suppress": False}) for one in wanted]
    texts = {form_key(form.text) for form in wanted}
    others = data.draw(
        wanted_forms.filter(lambda some: not texts & {form_key(f.text) for f in some})
    )
    changed = [form.model_copy(update={"language": "ckb", "verified": True}) for form in kept]
    base = WatchedActor(id="ma_x", kind="cso", name=names[0], forms=(*others, *changed), note="n")
    actor = WatchedActor(
        id="ma_x", kind="person", name=names[1], forms=tuple(wanted), context=("a",)
    )

    lists = Lists(trees_of(whole(base)), trees_of(differences(base, actor)), None)

    assert lists.effective("ma_x") == actor


# ---------------------------------------------------------------- what is written


def test_no_exported_cell_is_a_formula(empty: Workspace, tmp_path: Path) -> None:
    rows = sheet_of(OASIS | {"form": "=cmd|' /C calc'!A0", "note": "@SUM(1)"})
    path = written(tmp_path, rows, ".xlsx")

    cells = [cell for row in load_workbook(path)["actors"].iter_rows() for cell in row]

    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert '\r\n"ma_waha"' in csv_text(rows)
    assert "\"'=cmd|" in csv_text(rows)
    take(empty, path)
    assert read_lists(empty).actors()[0].forms[0].text == "=cmd|' /C calc'!A0"


def test_every_column_is_explained_in_the_guide() -> None:
    columns = {"name_…" if name.startswith("name_") else name for name in header([])}

    assert columns == set(COLUMNS)
    assert all(COLUMNS.values())


def test_the_excel_file_helps_to_fill_it_in(place: Workspace, tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path, export(place), ".xlsx"))

    sheet = book["actors"]
    assert book.sheetnames == ["actors", "guide"]
    assert not sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "B2"
    lists = {str(rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert '"yes,no"' in lists
    assert any(choices.startswith('"person,cso') for choices in lists)
