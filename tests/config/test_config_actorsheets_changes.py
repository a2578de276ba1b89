"""Actors in spreadsheets: what a sheet changes, what it leaves, and where that is written."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from config.actor_sheets import OASIS, PALM, export, sheet_of, take, written
from config.config_files import ACTOR, workspace

from crawler.actorfiles import FILE, NotOurs, plan, read_lists, save
from crawler.actorsheets import actors_in
from crawler.sheetfiles import read_sheet
from crawler.sheetwriting import csv_text
from crawler.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "study", shipped=True)


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "bare")


def test_a_changed_cell_of_a_shipped_actor_becomes_a_small_override(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    themes = rows[0].index("themes")
    line = next(row for row in rows if row[0] == "ma_amdh")
    line[themes] = "rights, prisoners"

    changed = take(place, written(tmp_path, rows, ".xlsx"))

    text = (place.watchlists_dir / f"{FILE}.toml").read_text(encoding="utf-8")
    assert changed == ["ma_amdh"]
    assert text.split("\n\n")[1] == (
        '[[actors]]\nid = "ma_amdh"\nthemes = ["rights", "prisoners"]\n'
    )
    assert export(place) == rows


def test_a_row_that_is_deleted_is_a_form_that_is_not_looked_for(
    place: Workspace, tmp_path: Path
) -> None:
    rows = [row for row in export(place) if row[0] == "ma_amdh" or row[0] == "id"]
    form = rows[0].index("form")
    kept = [row for row in rows if row[form] != "AMDH"]

    take(place, written(tmp_path, kept, ".csv"))

    amdh = read_lists(place).effective("ma_amdh")
    assert amdh is not None
    assert "AMDH" not in [one.text for one in amdh.forms]
    assert [row for row in export(place) if row[0] in ("id", "ma_amdh")] == kept


def test_a_form_that_is_suppressed_in_the_sheet_stays_in_the_sheet(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    form, suppress = rows[0].index("form"), rows[0].index("form_suppress")
    next(row for row in rows if row[form] == "AMDH")[suppress] = "yes"

    take(place, written(tmp_path, rows, ".csv"))

    assert export(place) == rows
    watched = {actor.id: actor for actor in plan(read_lists(place), [], None).actors}
    assert "AMDH" not in [one.text for one in watched["ma_amdh"].forms]


def test_a_new_form_between_others_is_exported_there_again(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    first = next(number for number, row in enumerate(rows) if row[0] == "ma_amdh")
    new = {"id": "ma_amdh", "form": "Association des droits de l'oasis", "form_language": "fr"}
    rows.insert(first + 2, [new.get(name, "") for name in rows[0]])

    take(place, written(tmp_path, rows, ".xlsx"))

    assert export(place) == rows


def test_a_suppressed_form_may_be_changed_as_well(place: Workspace, tmp_path: Path) -> None:
    rows = export(place)
    columns = [rows[0].index(name) for name in ("form", "form_suppress", "form_language")]
    line = next(row for row in rows if row[columns[0]] == "AMDH")
    line[columns[1]], line[columns[2]] = "yes", "fr"

    take(place, written(tmp_path, rows, ".csv"))

    assert export(place) == rows


def test_what_is_put_back_leaves_no_override(place: Workspace, tmp_path: Path) -> None:
    rows = export(place)
    before = csv_text(rows)
    name, language = rows[0].index("name_fr"), rows[0].index("form_language")
    lines = [row for row in rows if row[0] == "ma_amdh"]
    lines[0][name] = lines[0][language] = ""
    take(place, written(tmp_path, rows, ".csv"))
    changed = export(place)

    (tmp_path / "back.csv").write_text(before, encoding="utf-8", newline="")
    take(place, tmp_path / "back.csv")

    assert changed == rows
    assert csv_text(export(place)) == before
    assert "ma_amdh" not in (place.watchlists_dir / f"{FILE}.toml").read_text(encoding="utf-8")


def test_an_actor_that_is_not_in_the_sheet_stays_as_it_is(empty: Workspace, tmp_path: Path) -> None:
    take(empty, written(tmp_path, sheet_of(OASIS), ".csv"))

    take(empty, written(tmp_path, sheet_of(PALM), ".csv"))

    assert [actor.id for actor in read_lists(empty).actors()] == ["ma_waha", "ma_nakhla"]


def test_a_column_that_is_not_in_the_sheet_says_nothing(place: Workspace, tmp_path: Path) -> None:
    before = read_lists(place).effective("ma_amdh")
    rows = [["id", "themes"], ["ma_amdh", "press"]]

    take(place, written(tmp_path, rows, ".csv"))

    assert before is not None
    after = read_lists(place).effective("ma_amdh")
    assert after == before.model_copy(update={"themes": ("press",)})


def test_an_actor_below_the_last_row_is_exported_there_again(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    new = {"id": "bh_new", "kind": "cso", "name_en": "New One", "form": "=New One Society"}
    rows += [
        [new.get(name, "") for name in rows[0]],
        ["bh_new" if name == "id" else "NOS" if name == "form" else "" for name in rows[0]],
    ]

    take(place, written(tmp_path, rows, ".xlsx"))

    assert export(place) == rows


def test_the_file_is_private_and_the_same_for_the_same_sheet(
    empty: Workspace, tmp_path: Path
) -> None:
    take(empty, written(tmp_path, sheet_of(OASIS, PALM), ".csv"))
    path = empty.watchlists_dir / f"{FILE}.toml"
    first = path.read_bytes()
    path.unlink()

    take(empty, written(tmp_path, sheet_of(OASIS, PALM), ".xlsx"))

    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_made_by_hand_is_not_written(empty: Workspace, tmp_path: Path) -> None:
    (empty.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    sheet = written(tmp_path, sheet_of(PALM), ".csv")

    with pytest.raises(NotOurs, match="written by hand"):
        take(empty, sheet, into="own")

    assert (empty.watchlists_dir / "own.toml").read_text(encoding="utf-8") == ACTOR


def test_an_actor_of_a_file_made_by_hand_is_changed_in_ours(
    empty: Workspace, tmp_path: Path
) -> None:
    (empty.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    rows = export(empty)
    rows[1][rows[0].index("note")] = "moved"
    rows.append(["ma_waha", *[""] * 6, "أصدقاء الواحة الخضراء", *[""] * (len(rows[0]) - 8)])

    take(empty, written(tmp_path, rows, ".xlsx"))

    assert export(empty) == rows
    assert (empty.watchlists_dir / "own.toml").read_text(encoding="utf-8") == ACTOR
    (entry,) = tomllib.loads((empty.watchlists_dir / "actors.toml").read_text("utf-8"))["actors"]
    assert [form["text"] for form in entry["forms"]] == ["أصدقاء الواحة الخضراء"]


def test_a_form_taken_away_by_sheet_may_leave_its_file_too(
    empty: Workspace, tmp_path: Path
) -> None:
    by_hand = empty.watchlists_dir / "own.toml"
    more = ACTOR + '[[actors.forms]]\ntext = "واحة النخيل"\n'
    by_hand.write_text(more, encoding="utf-8")
    take(empty, written(tmp_path, export(empty)[:-1], ".csv"))
    taken = export(empty)
    by_hand.write_text(ACTOR, encoding="utf-8")

    assert export(empty) == taken
    assert len(taken) == 3


def test_a_file_that_changed_meanwhile_is_not_overwritten(empty: Workspace, tmp_path: Path) -> None:
    take(empty, written(tmp_path, sheet_of(OASIS), ".csv"))
    lists = read_lists(empty)
    sheet = read_sheet(written(tmp_path, sheet_of(PALM), ".csv"), "actors")
    made = plan(lists, actors_in(sheet, {}), sheet.name)
    made.path.write_text(made.path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(NotOurs, match="meanwhile"):
        save(made)


def test_a_full_disk_is_told_in_words(
    empty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.actorfiles.write_file", full)

    with pytest.raises(NotOurs, match=r"actors.toml cannot be written: No space left on device"):
        take(empty, written(tmp_path, sheet_of(OASIS), ".csv"))
